"""Colours that can be read, and screens without colours or without Unicode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from proftui.model import Profile
from proftui.tui.glyphs import ASCII, in_ascii, only_ascii
from proftui.tui.settings import Settings
from proftui.tui.themes import DARK, HIGH_CONTRAST, LIGHT, TERMINAL, THEMES, fitting_theme

if TYPE_CHECKING:
    from textual.theme import Theme

    from tests.tui.conftest import Open

TEXTS = ("dim", "mark", "cycle", "heat-0", "heat-1", "heat-2", "heat-3", "heat-4")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.1, 1 to 21: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio."""

    def luminance(colour: str) -> float:
        channels = [part / 255 for part in Color.parse(colour).rgb]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("text", [*TEXTS, "foreground", "accent"])
@pytest.mark.parametrize("theme", [DARK, LIGHT, HIGH_CONTRAST], ids=lambda theme: theme.name)
def test_texts_can_be_read_on_the_background_and_under_the_cursor(theme: Theme, text: str) -> None:
    colour = str(getattr(theme, text, None) or theme.variables[text])
    least = 7.0 if theme is HIGH_CONTRAST else 4.5
    assert contrast(colour, str(theme.background)) >= least
    assert contrast(colour, theme.variables["cursor"]) >= (4.5 if theme is HIGH_CONTRAST else 3.0)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_every_theme_draws_every_screen(opened: Open, profile: Profile, theme: Theme) -> None:
    async with opened(profile, settings=Settings(theme=theme.name)) as screen:
        await screen.press("3", "4", "slash", "a", "enter", "p", "escape", "e", "escape", "question_mark", "escape")
        assert screen.app.theme == theme.name
        assert "[4 Tree]" in screen.text


@pytest.mark.parametrize(
    ("theme", "edged"), [("dark", False), ("light", False), ("high-contrast", True), ("terminal", True)]
)
async def test_dialogs_stand_apart_by_an_edge_where_no_colour_does(
    opened: Open, profile: Profile, theme: str, edged: bool
) -> None:
    async with opened(profile, settings=Settings(theme=theme)) as screen:
        await screen.press("e")
        assert ("╭" in screen.text and "╯" in screen.text) == edged


async def test_no_color_leaves_no_colour(opened: Open, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(profile, settings=Settings(theme="dark")) as screen:
        await screen.press("j", "slash", "a", "enter")
        strips = screen.app.screen._compositor.render_strips()
        colours = {
            colour.name
            for strip in strips
            for _, style, _ in strip
            if style
            for colour in (style.color, style.bgcolor)
            if colour is not None
        }
        assert colours <= {"default"}
        assert any(style and style.reverse for strip in strips for _, style, _ in strip), "the cursor is still seen"


async def test_without_utf8_everything_is_ascii(
    opened: Open, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proftui.tui.app.only_ascii", lambda: True)
    async with opened(profile, size=(120, 30)) as screen:
        for keys in ("j",), ("3",), ("4",), ("p",), ("escape", "e"), ("escape", "question_mark"):
            await screen.press(*keys)
            assert screen.text.isascii()
            assert {len(strip.text) for strip in screen.app.screen._compositor.render_strips()} == {120}


def test_ascii_takes_as_many_cells() -> None:
    assert in_ascii("▌漢字…é x") == ">????.? x"
    assert all(chr(glyph).isascii() for glyph in ASCII.values())


@pytest.mark.parametrize(("codeset", "expected"), [("UTF-8", False), ("utf8", False), ("ANSI_X3.4-1968", True)])
def test_the_locale_decides(monkeypatch: pytest.MonkeyPatch, codeset: str, expected: bool) -> None:
    monkeypatch.setattr("locale.nl_langinfo", lambda _: codeset, raising=False)
    assert only_ascii() is expected


@pytest.mark.parametrize(
    ("asked", "colours", "no_color", "background", "expected"),
    [
        (None, "truecolor", False, "", DARK),
        (None, "truecolor", False, "0;15", LIGHT),
        (None, "256", False, "15;0", DARK),
        ("light", "truecolor", False, "15;0", LIGHT),
        ("no such theme", "truecolor", False, "", DARK),
        (None, "standard", False, "", TERMINAL),
        ("high-contrast", "standard", False, "", HIGH_CONTRAST),
        ("light", "truecolor", True, "", TERMINAL),
    ],
)
def test_the_theme_fits_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
    asked: str | None,
    colours: str,
    no_color: bool,
    background: str,
    expected: Theme,
) -> None:
    monkeypatch.setenv("COLORFGBG", background)
    assert fitting_theme(asked, colours, no_color=no_color) == expected.name
