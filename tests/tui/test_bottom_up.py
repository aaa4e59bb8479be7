"""Who pays for a function, in the viewer; and searches through trees that are not open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from proftui.model import WALL_TIME, CallTree, Frames, Functions, Origin, Part, Profile
from proftui.tui.widgets.bars import DetailLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Open, Opened

SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def recorded() -> Profile:
    """main calls load and save, which both call walk; walk calls itself. 12 ms."""
    stacks = [
        ((0, 1, 3), (4e6,)), ((0, 1, 3, 3), (1e6,)), ((0, 2, 3), (2e6,)), ((0, 2), (3e6,)), ((0, 1), (2e6,)),
    ]  # fmt: skip
    tree = CallTree.of_stacks(stacks, Frames(np.arange(4, dtype=np.int32), np.full(4, -1, np.int32)))
    functions = Functions.of((name, f"/srv/{name}.py", 1, "") for name in ("main", "load", "save", "walk"))
    part = Part("run", tree.to_graph(), tree=tree)
    return Profile("run.folded", Origin("run.folded", "folded", "sampled"), (WALL_TIME,), functions, (part,))


def told(screen: Opened) -> str:
    return screen.viewer.query_one(DetailLine).plain().strip()


def table(screen: Opened) -> list[tuple[str, ...]]:
    """Shares and names, without bars and times."""
    rows = [line.replace("▌", " ").split() for line in screen.rows if line.strip()]
    shares = [tuple(word for word in row if "%" in word) for row in rows]
    names = [next(word for word in row if word in ("main", "load", "save", "walk")) for row in rows]
    return [(*share, name) for share, name in zip(shares, names, strict=True)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_function_in_focus_stands_open_over_its_callers(
    opened: Open, recorded: Profile, size: tuple[int, int]
) -> None:
    async with opened(recorded, size=size) as screen:
        await screen.press("2", "g", "5")
        assert table(screen) == [
            ("58.3%", "58.3%", "walk"), ("33.3%", "41.7%", "load"), ("16.7%", "16.7%", "save"),
            ("8.3%", "8.3%", "walk"), ("25.0%", "41.7%", "save"), ("16.7%", "58.3%", "load"),
            ("0.0%", "100.0%", "main"),
        ]  # fmt: skip
        assert told(screen).startswith("walk  /srv/walk.py:1")
        assert "[5 Bottom-up]" in screen.text
        assert screen.lines[2].split()[:2] == ["Self%", "Incl%"]


@pytest.mark.parametrize("size", SIZES)
async def test_the_hot_path_goes_up_to_the_root(opened: Open, recorded: Profile, size: tuple[int, int]) -> None:
    async with opened(recorded, size=size) as screen:
        await screen.press("2", "g", "5", "H")
        assert told(screen).startswith("main"), "walk, called by load, called by main"
        assert screen.viewer.view is not None
        assert screen.viewer.view.row() == (3, 1, 0)


async def test_the_hot_path_of_a_recursive_tree_ends_at_its_leaf(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("4", "g", "H")
        assert screen.viewer.view is not None
        assert screen.viewer.view.row() == (0, 1, 3, 3)


async def test_shares_of_the_callee(opened: Open, recorded: Profile) -> None:
    async with opened(recorded, size=(120, 40)) as screen:
        await screen.press("2", "g", "5", "percent_sign")
        assert "% of callee" in screen.text
        assert table(screen)[1] == ("57.1%", "71.4%", "load")


async def test_a_function_far_down_is_shown_with_its_neighbours(opened: Open, many: Callable[[int], Profile]) -> None:
    async with opened(many(1000)) as screen:
        await screen.press("2", "G", "5")
        assert told(screen).startswith("function_0 ")
        assert len(screen.viewer.view.grid.rows) < 220  # type: ignore[union-attr]
        assert "… 794 more" in screen.text


async def test_a_search_goes_through_contexts_that_are_not_open(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("2", "g", "4", "g", "minus", "slash", *"walk", "enter")
        paths = []
        for _ in range(4):
            assert screen.viewer.view is not None
            paths.append((screen.viewer.view.row(), told(screen).split("  ")[-1].strip()))
            await screen.press("n")
        assert paths == [
            ((0, 1, 3), "1 of 3 contexts"), ((0, 1, 3, 3), "2 of 3 contexts"), ((0, 2, 3), "3 of 3 contexts"),
            ((0, 1, 3), "1 of 3 contexts"),
        ]  # fmt: skip
        await screen.press("N", "N")
        assert screen.viewer.view.row() == (0, 2, 3) if screen.viewer.view else False
        await screen.press("escape")
        assert [name for *_, name in table(screen)] == ["main"], "what the search opened is closed again"


async def test_a_search_among_estimates_goes_where_each_function_costs_most(opened: Open, single: Profile) -> None:
    async with opened(single, size=(120, 40)) as screen:
        await screen.press("4", "g", "minus", "slash", *"le", "enter")
        assert told(screen).startswith("leaf")
        assert "1 of 1 functions, each where it costs most" in told(screen)


async def test_a_search_bottom_up_goes_from_function_to_function(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("2", "g", "5", "slash", *"a", "enter", "n")
        assert told(screen).split("  ")[-1].strip() == "2 of 4 functions"
        assert told(screen).startswith("save")


async def test_nothing_found_leaves_the_cursor(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("4", "slash", *"zzz", "enter")
        assert "no match" in told(screen)
        assert told(screen).startswith("walk")


@pytest.mark.parametrize("size", SIZES)
async def test_all_callers_and_callees_with_their_distance(
    opened: Open, recorded: Profile, size: tuple[int, int]
) -> None:
    async with opened(recorded, size=size) as screen:
        await screen.press("2", "g", "3", "a")
        assert screen.viewer.state.reach == "all"
        callers = screen.text.split("All callers")[1].split("All callees")[0]
        rows = [line.replace("▌", " ").split() for line in callers.splitlines() if "%" in line]
        assert [(row[0], row[-1] if size[0] < 100 else row[-2]) for row in rows] == [
            ("58.3%", "main"), ("41.7%", "load"), ("16.7%", "save"), ("8.3%", "walk"),
        ]  # fmt: skip
        await screen.press("a")
        assert "All callers" not in screen.text


async def test_all_callers_can_be_sorted_by_distance(opened: Open, recorded: Profile) -> None:
    async with opened(recorded, size=(120, 40)) as screen:
        await screen.press("2", "g", "3", "a", "h", "s", "s", "r")
        callers = screen.text.split("All callers")[1].split("All callees")[0]
        assert "Away▲" in screen.text
        assert [line.split()[-2] for line in callers.splitlines() if "%" in line] == ["load", "save", "walk", "main"]
