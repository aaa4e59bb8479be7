"""Keys of the user's own: names, clashes, and what a key then does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from proftui.model import Profile
from proftui.tui.keymap import fitting_keymap, known_bindings
from proftui.tui.opening import Opening
from proftui.tui.settings import Settings

if TYPE_CHECKING:
    from tests.tui.conftest import Open


def test_what_is_known_are_the_programs_own_names() -> None:
    known = known_bindings()
    assert known["viewer.search"].keys == ("slash",)
    assert known["choose.mark"].apart
    assert not known["tree.heaviest"].apart
    assert not known["app.quit"].apart


@pytest.mark.parametrize(
    ("asked", "keys"),
    [("/", "slash"), ("ctrl+f", "ctrl+f"), ("ctrl+/", "ctrl+slash"), ("§", "section_sign"), ("f5", "f5"), ("Ä", "Ä"),
     ("shift+up", "shift+up"), ("number_sign", "number_sign"), (" Z , ! ", "Z,exclamation_mark")],
)  # fmt: skip
def test_names_of_keys(asked: str, keys: str) -> None:
    assert fitting_keymap({"viewer.search": asked}) == ({"viewer.search": keys}, ())


@pytest.mark.parametrize("asked", ["esc", "", "control+f", "ctrl+", "nokey", "f99", "+x"])
def test_keys_that_no_terminal_sends(asked: str) -> None:
    keymap, remarks = fitting_keymap({"viewer.search": asked})
    assert keymap == {}
    assert remarks == (("viewer.search", f"viewer.search: there is no key {asked!r}"),)


def test_two_actions_may_change_places() -> None:
    swapped = {"viewer.sort": "r", "viewer.reverse": "s"}
    assert fitting_keymap(swapped) == (swapped, ())


def test_of_two_wishes_for_a_key_the_first_has_it() -> None:
    keymap, remarks = fitting_keymap({"viewer.sort": "f7", "viewer.reverse": "f7,ctrl+z"})
    assert keymap == {"viewer.sort": "f7", "viewer.reverse": "ctrl+z"}
    assert remarks == (("viewer.reverse", "viewer.reverse: f7 is the key of viewer.sort already"),)


def test_a_wish_that_falls_gives_its_own_key_back() -> None:
    """`r` would be free if reverse had `m`; as that is the metric's, reverse keeps `r`, and sort keeps `s`."""
    keymap, remarks = fitting_keymap({"viewer.reverse": "m", "viewer.sort": "r"})
    assert keymap == {}
    assert [name for name, _ in remarks] == ["viewer.reverse", "viewer.sort"]


def test_keys_of_other_places_are_free() -> None:
    for asked in ({"viewer.sort": "ctrl+f"}, {"choose.mark": "s"}, {"tree.heaviest": "tab"}):
        assert fitting_keymap(asked) == (asked, ())


def test_keys_that_work_everywhere_are_not() -> None:
    assert fitting_keymap({"choose.mark": "q"})[0] == {}
    assert fitting_keymap({"tree.heaviest": "m"})[0] == {}


OWN = Settings(theme="dark", keymap={"viewer.sort": "f7", "viewer.parts-chosen": "ctrl+o"})


async def test_own_keys_do_it_and_are_told(opened: Open, read: Callable[..., Opening], profile: Profile) -> None:
    async with opened(read(profile), (120, 150), settings=OWN) as screen:
        await screen.press("2")
        assert "F7 Sort" in screen.lines[-1]
        assert "Ctrl+O Parts" in screen.lines[-1]
        before = screen.viewer.state.sort()
        await screen.press("s")
        assert screen.viewer.state.sort() == before
        await screen.press("f7")
        assert screen.viewer.state.sort() != before
        await screen.press("question_mark")
        line = next(line for line in screen.lines if "Sort by the next column" in line)
        assert line.split()[:1] == ["F7"]


async def test_a_click_means_the_own_key_too(opened: Open, read: Callable[..., Opening], profile: Profile) -> None:
    async with opened(read(profile), (120, 24), settings=OWN) as screen:
        await screen.press("2")
        await screen.click("TitleLine", screen.lines[0].index("2 parts"), 0)
        assert len(screen.app.screen_stack) == 3
        assert "worker" in screen.text
        await screen.press("escape")
        before = screen.viewer.state.sort()
        await screen.click("FooterLine", screen.lines[-1].index("F7 Sort"), 0)
        assert screen.viewer.state.sort() != before


async def test_hints_beside_what_a_key_changes_tell_the_own_key(
    opened: Open, read: Callable[..., Opening], profile: Profile
) -> None:
    own = Settings(theme="dark", keymap={"viewer.undo": "ctrl+z", "flame.colours": "f8"})
    async with opened(read(profile), (120, 24), settings=own) as screen:
        await screen.press("2", "c")
        assert screen.lines[2].endswith("Ctrl+Z undo")
        await screen.press("ctrl+z", "6")
        assert "F8 by module" in screen.lines[2]
        await screen.press("f8")
        assert "F8 by self cost" in screen.lines[2]
