"""The parts view and its matrix, key by key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from proftui.model import CallGraph, Functions, Ids, Part, Profile
from proftui.model.combine import reordered
from proftui.tui.opening import Opening
from proftui.tui.state import Sort
from tests.tui.conftest import LOAD, graph_of_run, graph_of_thread

if TYPE_CHECKING:
    from tests.tui.conftest import Open, Opened


@pytest.fixture
def pool(profile: Profile) -> Profile:
    """run (16 ms); two threads of process 7 (4 ms of load each), and one of process 8, in which load takes 32 ms."""
    thread = graph_of_thread()
    slow = replace(thread, self_cost=thread.self_cost * 8, inclusive=thread.inclusive * 8)
    threads = (
        Part("first", thread, (0, 1), kind="thread", pid=7, tid=70),
        Part("second", thread, (0, 1), kind="thread", pid=7, tid=71),
        Part("slow", slow, (0, 1), kind="thread", pid=8, tid=80),
    )
    return replace(profile, parts=(Part("run", graph_of_run(), (0, 1)), *threads))


def cells(screen: Opened, row: int) -> list[str]:
    return screen.rows[row].split()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_parts_with_their_totals(opened: Open, pool: Profile, size: tuple[int, int]) -> None:
    async with opened(pool, size=size) as screen:
        await screen.press("8")
        assert "[8 Parts]" in screen.lines[1]
        assert "all 4 parts are shown" in screen.text
        names = [line for line in screen.rows if line.strip()]
        assert len(names) == 5
        wanted = [("57.1%", "slow"), ("28.6%", "run"), ("14.3%", "▾ process 7"), ("7.1%", "│   first")]
        for line, (share, name) in zip(names, wanted, strict=False):
            assert share in line
            assert name in line
        assert "100.0% load" in names[4]
        if size[0] == 120:
            assert "32.00 ms" in names[0]
            assert names[3].split()[-2:] == ["7", "70"]


async def test_other_columns_give_way_to_names(opened: Open, pool: Profile) -> None:
    """A name of 30 cells is not cut, nor is one behind the marks of its process."""
    run, first, *others = pool.parts
    parts = (
        replace(run, label="worker_of_requests_03.exa.prof"),
        replace(first, label="thread 22225 [22223]"),
        *others,
    )
    async with opened(replace(pool, parts=parts)) as screen:
        await screen.press("8")
        assert "  worker_of_requests_03.exa.prof  " in screen.text
        assert "│   thread 22225 [22223]  " in screen.text
        assert "100.0% load" in screen.text
    short = tuple(replace(part, label=f"t{at}") for at, part in enumerate(pool.parts))
    async with opened(replace(pool, parts=short)) as screen:
        await screen.press("8")
        assert "Process" in screen.text


async def test_enter_shows_one_part_everywhere_and_again_all(opened: Open, pool: Profile) -> None:
    async with opened(pool) as screen:
        await screen.press("8", "enter")
        assert screen.viewer.state.parts == (3,)
        assert "1 of 4 parts shown:" in screen.text
        assert "✓" in screen.rows[0]
        assert "32.00 ms" in screen.lines[0]
        await screen.press("2")
        assert [line.split()[-1] for line in screen.rows if line.strip()] == ["load"]
        await screen.press("8", "enter")
        assert screen.viewer.state.parts is None
        assert "all 4 parts are shown" in screen.text


async def test_space_marks_and_enter_shows_the_marked_ones(opened: Open, pool: Profile) -> None:
    async with opened(pool) as screen:
        await screen.press("8", "space", "j", "space")
        assert screen.viewer.state.parts is None
        assert "3 marked" in screen.text
        assert [line[:4].strip("▌ ") for line in screen.rows[:5]] == ["•", "", "•", "•", "•"]
        await screen.press("space", "enter")
        assert screen.viewer.state.parts == (2, 3)
        assert "2 of 4 parts shown:  second, slow" in screen.text
        await screen.press("a")
        assert screen.viewer.state.parts is None


async def test_a_process_stands_for_its_threads(opened: Open, pool: Profile) -> None:
    async with opened(pool) as screen:
        await screen.press("8", "j", "j", "enter")
        assert screen.viewer.state.parts == (1, 2)
        assert "8.000 ms" in screen.lines[0]


async def test_marks_survive_sorting(opened: Open, pool: Profile) -> None:
    async with opened(pool) as screen:
        await screen.press("8", "space", "r")
        marked = [line for line in screen.rows if "•" in line]
        assert len(marked) == 1
        assert "slow" in marked[0]
        assert "slow" in screen.rows[4]
        await screen.press("m", "j", "enter")
        assert "Total" in screen.text
        assert [line for line in screen.rows if "•" in line]


async def test_the_matrix_of_self_and_inclusive_costs_and_back(opened: Open, pool: Profile) -> None:
    async with opened(pool, size=(120, 40)) as screen:
        await screen.press("8", "t")
        assert "self time over 4 parts" in screen.text
        # load costs 2, 4, 4 and 32 ms: the median is 4, the MAD 1
        assert cells(screen, 0)[:2] == ["▌", "+28.00"]
        assert "slow" in screen.rows[0]
        assert "slow stands out: 32.00 ms, median 4.000 ms, in 4 of 4 parts  load" in screen.text
        await screen.press("t")
        assert "inclusive time over 4 parts" in screen.text
        await screen.press("t")
        assert "all 4 parts are shown" in screen.text


async def test_from_the_matrix_to_a_function_and_to_its_part(opened: Open, pool: Profile) -> None:
    async with opened(pool) as screen:
        await screen.press("8", "t", "enter")
        assert (screen.viewer.state.place.view, screen.viewer.state.place.focus) == ("neighbours", LOAD)
        await screen.press("backspace", "z")
        assert screen.viewer.state.parts == (3,)
        assert "all are compared, one is shown elsewhere" in screen.text
        assert "over 4 parts" in screen.text
        await screen.press("a")
        assert screen.viewer.state.parts is None


async def test_the_matrix_compares_the_chosen_parts(opened: Open, pool: Profile) -> None:
    async with opened(pool) as screen:
        await screen.press("8", "j", "j", "enter", "t")
        assert "over 2 parts" in screen.text
        assert "of fewer than 3 none stands out" in screen.text


async def test_sorting_and_searching_the_matrix(opened: Open, pool: Profile) -> None:
    async with opened(pool, size=(120, 40)) as screen:
        await screen.press("8", "t", "s")
        assert screen.viewer.state.sort() == Sort("deviations")
        await screen.press("slash", *"leaf", "enter")
        assert "leaf" in screen.rows[screen.grid.cursor]
        await screen.press("t", "t")
        assert screen.grid.sort == Sort("total")


async def test_one_part_is_said_plainly_with_its_figures(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("8")
        assert "one part: all figures are of it; open several files" in screen.text
        assert "100.0%" in screen.rows[0]
        assert "run" in screen.rows[0]
        await screen.press("t")
        assert "there is nothing to compare" in screen.text
        await screen.press("enter", "space")
        assert screen.viewer.state.parts is None


async def test_filters_change_the_figures_of_every_part(opened: Open, pool: Profile) -> None:
    async with opened(pool) as screen:
        await screen.press("8", "f", *"ignore load", "enter")
        assert "slow" in screen.text
        assert "57.1%" not in screen.text


async def test_the_cursor_stays_on_its_part(opened: Open, pool: Profile) -> None:
    async with opened(pool) as screen:
        await screen.press("8", "G", "2", "8", "r")
        assert "second" in screen.rows[screen.grid.cursor]
        await screen.press("2", "backspace")
        assert "second" in screen.rows[screen.grid.cursor]


async def test_read_again_the_cursor_stays_on_its_function_in_the_matrix(opened: Open, pool: Profile) -> None:
    order = np.array([6, 5, 4, 3, 2, 1, 0], np.int32)
    old = pool.functions
    turned = Functions.of([old.identity(int(at)) for at in order])
    parts = [replace(part, graph=_turned(part.graph, order)) for part in pool.parts]
    runs = [pool, replace(pool, functions=turned, parts=tuple(parts))]
    opening = Opening(("run.prof",), lambda _: runs.pop(0) if len(runs) > 1 else runs[0])
    opening.reading.result(10)
    async with opened(opening, size=(120, 40)) as screen:
        await screen.press("8", "t", "j")
        name = screen.rows[screen.grid.cursor].split()[-1]
        assert "leaf" not in screen.rows[0]
        await screen.press("R")
        assert "over 4 parts" in screen.text
        assert screen.rows[screen.grid.cursor].split()[-1] == name
        await screen.press("2", "R", "8")
        assert "over 4 parts" in screen.text


def _turned(graph: CallGraph, order: Ids) -> CallGraph:
    """The graph with its functions' ids replaced by order[id], and one cost changed."""
    ids = order[graph.function]
    rows = np.argsort(ids).astype(np.int32)
    made = reordered(replace(graph, function=ids), rows)
    return replace(made, self_cost=made.self_cost * 1.5, inclusive=made.inclusive * 1.5, arc_cost=made.arc_cost * 1.5)
