"""What the flame graph draws, at two sizes, in every theme and without colours or Unicode."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from proftui.model import Profile
from proftui.tui.settings import Settings
from proftui.tui.themes import THEMES
from tests.tui.flames import (
    STACKS,
    cursor,
    detail,
    drawn,
    estimated,
    graph,
    made,
    resize,
)

if TYPE_CHECKING:
    from textual.theme import Theme

    from tests.tui.conftest import Open


@pytest.fixture
def recorded() -> Profile:
    return made(STACKS)


async def test_boxes_at_80_cells(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6")
        assert drawn(screen)[:4] == [
            "▏main  93.8%".ljust(75) + "▏oth…",
            "▏walk  56.2%".ljust(45) + "▏load  25.0%".ljust(20) + "▏",
            "▏step  37.5%".ljust(30) + "▏leaf ▏lo…▏",
            "",
        ]
        assert len(drawn(screen)) == 24 - 5
        assert screen.lines[2].split("  ")[0] == " recorded: all widths are exact"


async def test_boxes_at_120_cells(opened: Open, recorded: Profile) -> None:
    async with opened(recorded, size=(120, 40)) as screen:
        await screen.press("6")
        assert drawn(screen)[:3] == [
            "▏main  93.8%".ljust(113) + "▏other",
            "▏walk  56.2%".ljust(68) + "▏load  25.0%".ljust(30) + "▏",
            "▏step  37.5%".ljust(45) + "▏leaf    ▏load ▏",
        ]


async def test_figures_follow_the_base(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6", "percent_sign")
        assert drawn(screen)[1].startswith("▏walk  60.0%")
        await screen.press("percent_sign")
        assert drawn(screen)[1].startswith("▏walk  45.00 ms")


async def test_what_is_too_thin_is_one_box(opened: Open) -> None:
    names = ("main", *(f"thin_{at}" for at in range(400)), "wide")
    stacks = [([0, at], 1) for at in range(1, 401)] + [([0, 401], 400)]
    async with opened(made(stacks, names)) as screen:
        await screen.press("6", "g", "j")
        assert drawn(screen)[1] == "▏wide  50.0%".ljust(40) + "▏… 400 more  50.0%"
        await screen.press("l")
        assert detail(screen).startswith(" 400 frames too thin to draw, together 400.0 ms 50.0%; Enter opens them")
        await screen.press("enter")
        assert drawn(screen)[:2] == ["▏main  100.0%", "▏… 400 more  50.0%"]
        await screen.press("enter")
        assert "even so its frames are too thin to draw" in detail(screen)
        await screen.press("backspace", "h")
        assert cursor(screen) == (0, 401)


async def test_a_rest_opens_where_its_frames_are_wide_enough_then(opened: Open) -> None:
    names = ("main", *(f"thin_{at}" for at in range(10)), "wide")
    stacks = [([0, at], 1) for at in range(1, 11)] + [([0, 11], 990)]
    async with opened(made(stacks, names)) as screen:
        await screen.press("6", "g", "j", "l", "enter")
        assert drawn(screen)[2] == "".join(f"▏thin_{at} " for at in range(10)).rstrip()
        await screen.press("j", "l")
        assert cursor(screen) == (0, 2)
        await screen.press("escape")
        assert cursor(screen)[0] == 0
        assert drawn(screen)[1].startswith("▏wide")


async def test_estimates_look_estimated(opened: Open) -> None:
    """b and c, both called by a, call d: 8 of its 10 ms for b, whose share could be anything from nothing on."""
    names = ("a", "b", "c", "shared", "deep_one", "deep_two")
    stacks = [([0, 1, 3, 4], 25), ([0, 1, 3, 5], 15), ([0, 2, 3, 4], 30), ([0, 2, 3, 5], 10)]
    async with opened(estimated(made(stacks, names))) as screen:
        await screen.press("6")
        assert drawn(screen)[2] == "▏shared  50.0%".ljust(40) + "▏shared  50.0%"
        assert drawn(screen)[3].startswith("▏~deep_one  34.4%".ljust(28) + "▏<=deep_tw…"[:4])
        assert screen.lines[2].startswith(" estimated from a call graph: 75.0% of what is drawn is exact")
        await screen.press("g", "G")
        assert "estimated, 15.00 ms to 40.00 ms" in detail(screen)
        style = {text: style for text, style, _ in graph(screen).line(3, 80)}
        assert any(text.startswith("~deep_one") or (style and style.italic) for text, style in style.items())


async def test_functions_without_arcs_are_not_said_to_be_an_exact_graph(opened: Open) -> None:
    async with opened(estimated(made([([0], 30), ([1], 50)]))) as screen:
        await screen.press("6")
        assert "who called whom is not known: functions stand side by side" in screen.lines[2]
        assert "exact" not in screen.lines[2]


async def test_unknown_frames_are_hatched(opened: Open) -> None:
    """Without self costs of arcs: c, below a for 15 ms of its 60, calls d for 20 ms, below a between none and 15."""
    names = ("main", "a", "b", "c", "deep", "e")
    stacks = [([0], 1), ([0, 1], 2), ([0, 2], 3), ([0, 1, 3], 10), ([0, 1, 3, 4], 5), ([0, 2, 3], 20),
              ([0, 2, 3, 4], 15), ([0, 2, 3, 5], 10)]  # fmt: skip
    profile = estimated(made(stacks, names))
    part = profile.parts[0]
    profile = replace(profile, parts=(replace(part, graph=replace(part.graph, arc_self=None)),))
    async with opened(profile, size=(120, 40)) as screen:
        await screen.press("6")
        assert drawn(screen)[3].endswith("▏?deep ░░▏<=e ▏")
        await screen.press("slash", *"deep", "enter", "n")
        assert "cost here unknown: its width says nothing" in detail(screen)


async def test_names_that_are_none_for_a_terminal(opened: Open) -> None:
    names = ("\x1b[31mred", "漢字の関数名", "\u202etxet")
    async with opened(made([([0, 1], 40), ([0, 2], 40)], names)) as screen:
        await screen.press("6")
        for width in range(80, 20, -7):
            await resize(screen, width, 24)
            strips = [graph(screen).render_line(y) for y in range(3)]
            assert {strip.cell_length for strip in strips} == {width}
        assert "\x1b" not in screen.text


async def test_nothing_measured(opened: Open) -> None:
    async with opened(made([([0], 0)])) as screen:
        await screen.press("6")
        assert detail(screen) == " nothing is drawn: there are no costs"
        await screen.press("j", "enter", "G", "w", "v")
        assert set(drawn(screen)) == {""}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_every_theme_tells_boxes_cursor_and_matches_apart(opened: Open, recorded: Profile, theme: Theme) -> None:
    async with opened(recorded, settings=Settings(theme=theme.name)) as screen:
        await screen.press("6", "g", "j", "slash", *"leaf", "enter", "g", "j")
        walk = [(text, style) for text, style, _ in graph(screen).line(1, 80)]
        leaf = [(text, style) for text, style, _ in graph(screen).line(2, 80)]
        styles = {str(walk[1][1]), str(walk[3][1]), str(leaf[3][1]), str(walk[-1][1])}
        assert [walk[1][0][:4], walk[3][0][:4], leaf[3][0]] == ["walk", "load", "leaf "]
        assert len(styles) == 4


async def test_without_colours_boxes_are_told_apart(
    opened: Open, recorded: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(recorded) as screen:
        await screen.press("6", "g", "j")
        assert drawn(screen)[1].startswith("▌walk")
        line = graph(screen).line(1, 80)
        reversed_ = [text.strip() for text, style, _ in line if style and style.reverse and text.strip(" ▏")]
        assert reversed_ == ["load  25.0%"]


async def test_without_utf8_edges_are_lines(opened: Open, recorded: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proftui.tui.app.only_ascii", lambda: True)
    async with opened(recorded) as screen:
        await screen.press("6", "g")
        assert screen.lines[5] == "|step  37.5%".ljust(30) + "|leaf |lo.|"
