"""Functions grouped in the viewer, key by key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from proftui.model import Functions, Profile
from tests.tui.conftest import LEAF, LOAD, MAIN, NAMES, STEP, WALK

if TYPE_CHECKING:
    from tests.tui.conftest import Open


@pytest.fixture
def shop(single: Profile) -> Profile:
    """main and load in /srv/a.py, walk, step and leaf in /srv/lib/b.py, the others built in."""
    files = ["/srv/a.py"] * 2 + ["/srv/lib/b.py"] * 3 + ["~"] * 2
    functions = Functions.of(zip(NAMES, files, range(7), [""] * 7, strict=True))
    return replace(single, functions=functions)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_groups_with_their_figures(opened: Open, shop: Profile, size: tuple[int, int]) -> None:
    async with opened(shop, size=size) as screen:
        await screen.press("2", "b")
        assert "[by file]" in screen.text
        assert [line.split()[-1] for line in screen.rows if line.strip()] == ["/srv/lib/b.py", "/srv/a.py", "file)"]
        await screen.press("enter")
        rows = [line.rstrip("▁▂▃▄▅▆▇█ ") for line in screen.rows if line.strip()]
        # b.py: 3 + 5 + 4 of 16 ms, all of it below main; called by main once, where walk called itself once more
        assert "75.0%" in rows[0]
        assert "▾ /srv/lib/b.py" in rows[0]
        assert [row.split()[-1] for row in rows[1:4]] == ["step", "leaf", "walk"]
        assert "│   step" in rows[1]
        assert "▸ /srv/a.py" in rows[4]
        assert "▸ (no file)" in rows[5]
        if size[0] == 120:
            assert "12.00 ms" in rows[0]
            assert "100.0%" in rows[4]


async def test_b_goes_round_and_leaves_out_what_the_profile_does_not_tell(opened: Open, shop: Profile) -> None:
    async with opened(shop) as screen:
        await screen.press("2")
        seen = []
        for _ in range(5):
            await screen.press("b")
            seen.append(screen.viewer.state.group)
        assert seen == ["file", "module", "package", "directory", "function"]
        assert "[by" not in screen.text


async def test_classes_are_groups_where_names_tell_any(opened: Open, shop: Profile) -> None:
    functions = replace(shop.functions, name=("Shop.main", *shop.functions.name[1:]))
    async with opened(replace(shop, functions=functions)) as screen:
        await screen.press("2", "b")
        assert screen.viewer.state.group == "class"
        assert any(line.endswith("Shop") for line in screen.rows)


async def test_objects_are_groups_where_there_are_any(opened: Open, shop: Profile) -> None:
    functions = replace(shop.functions, object=("/bin/tool",) * 7)
    async with opened(replace(shop, functions=functions)) as screen:
        await screen.press("2", *"bbbbb")
        assert screen.viewer.state.group == "object"
        assert "/bin/tool" in screen.rows[0]


async def test_the_function_in_focus_keeps_the_cursor_and_its_group_opens(opened: Open, shop: Profile) -> None:
    async with opened(shop) as screen:
        await screen.press("2", "j")
        focus = screen.viewer.state.place.focus
        assert focus == LEAF
        await screen.press("b")
        assert "leaf" in screen.rows[screen.grid.cursor]
        await screen.press("b", "s")
        assert "leaf" in screen.rows[screen.grid.cursor]
        assert screen.viewer.state.place.focus == LEAF


async def test_enter_opens_a_group_and_dives_into_a_function(opened: Open, shop: Profile) -> None:
    async with opened(shop) as screen:
        await screen.press("2", "b", "enter", "enter")
        assert len([line for line in screen.rows if line.strip()]) == 3
        await screen.press("enter", "j", "enter")
        assert (screen.viewer.state.place.view, screen.viewer.state.place.focus) == ("neighbours", STEP)
        await screen.press("backspace")
        assert "[by file]" in screen.text
        assert "step" in screen.rows[screen.grid.cursor]


async def test_left_and_right_open_and_close(opened: Open, shop: Profile) -> None:
    async with opened(shop) as screen:
        await screen.press("2", "b", "right", "right", "left", "left")
        assert "▸ /srv/lib/b.py" in screen.rows[0]
        await screen.press("j", "right", "right")
        assert "main" in screen.rows[screen.grid.cursor] or "load" in screen.rows[screen.grid.cursor]
        assert screen.viewer.state.place.focus in (MAIN, LOAD)


async def test_the_cursor_stays_on_a_group(opened: Open, shop: Profile) -> None:
    async with opened(shop) as screen:
        await screen.press("2", "b", "j", "j", "r")
        assert "(no file)" in screen.rows[screen.grid.cursor]
        await screen.press("4", "backspace")
        assert "(no file)" in screen.rows[screen.grid.cursor]


async def test_a_search_finds_groups_and_opens_them_to_their_functions(opened: Open, shop: Profile) -> None:
    async with opened(shop) as screen:
        await screen.press("2", "b", "slash", *"walk")
        assert "/srv/lib/b.py" in screen.rows[screen.grid.cursor]
        await screen.press("enter")
        assert "walk" in screen.rows[screen.grid.cursor]
        assert screen.viewer.state.place.focus == WALK
        await screen.press("slash", *"no file", "enter")
        assert "▸ (no file)" in screen.rows[screen.grid.cursor]


async def test_sorting_goes_on_within_groups(opened: Open, shop: Profile) -> None:
    async with opened(shop) as screen:
        await screen.press("2", "b", "right", "s")
        rows = [line.rstrip("▁▂▃▄▅▆▇█ ").split()[-1] for line in screen.rows if line.strip()]
        assert rows[:2] == ["/srv/a.py", "/srv/lib/b.py"]
        assert rows[2:5] == ["walk", "step", "leaf"]
