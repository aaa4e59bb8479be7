"""The flame graph in the order of time: where activations stand, what is said of them, and what is too thin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from proftui.analysis.flame import Box
from proftui.model import (
    NO_LINE,
    WALL_TIME,
    CallGraph,
    CallTree,
    Frames,
    Functions,
    Metric,
    Origin,
    Part,
    Profile,
    Timeline,
)
from proftui.tui.views.flame import FlameLine
from proftui.units import COUNT
from tests.tui.flames import cursor, detail, drawn, graph, made

if TYPE_CHECKING:
    from tests.tui.conftest import Open, Opened

NAMES = ("main", "load", "work", "tick")
MS = 1e6


@pytest.fixture
def traced() -> Profile:
    """80 ms, at 80 cells one each: main calls load, work, load again, and tick a hundred times in 10 ms."""
    calls: list[tuple[int, float, float]] = [(0, 0, 80), (1, 0, 20), (2, 20, 60), (1, 30, 40), (1, 60, 65)]
    calls += [(3, 70 + number / 10, 70 + number / 10 + 0.05) for number in range(100)]
    rows = {"main": 0, "load": 1, "work": 2, "work;load": 3, "tick": 4}
    row = [0, 1, 2, 3, 1, *[rows["tick"]] * 100]
    timeline = Timeline(
        np.array(row, np.int32),
        np.array([start * MS for _, start, _ in calls]),
        np.array([end * MS for _, _, end in calls]),
        ("load(path='\x1b[31mred')",),
        np.array([-1, 0, *[-1] * 103], np.int32),
    )
    parent = np.array([-1, 0, 0, 2, 0], np.int32)
    frames = Frames(np.arange(4, dtype=np.int32), np.full(4, NO_LINE, np.int32))
    tree = CallTree(
        frames, np.array([0, 1, 2, 1, 3], np.int32), parent, np.array([5, 2, 4, 4, 5], np.int32),
        timeline.self_costs(parent)[None], timeline,
    )  # fmt: skip
    functions = Functions.of((name, f"/srv/{name}.py", 1, "") for name in NAMES)
    part = Part("MainThread", tree.to_graph(), tree=tree)
    return Profile("run.json", Origin("run.json", "speedscope"), (WALL_TIME,), functions, (part,)).checked()


async def test_calls_stand_where_they_were_made(opened: Open, traced: Profile) -> None:
    async with opened(traced) as screen:
        await screen.press("6", "t")
        assert "in time order: 0 to 80.00 ms  MainThread" in screen.text
        main, calls, inner = drawn(screen)[:3]
        assert main.startswith("▏main  80.00 ms")
        assert calls.startswith("▏load  20.00 ms     ▏work  40.00 ms")
        assert [at for at, letter in enumerate(calls) if letter == "▏"][:5] == [0, 20, 60, 65, 70]
        assert calls[70:].startswith("▏…100")
        assert inner.index("▏") == 30


async def test_the_line_tells_start_length_and_arguments(opened: Open, traced: Profile) -> None:
    async with opened(traced, (120, 40)) as screen:
        await screen.press("6", "t", "g", "j", "h", "h")
        assert cursor(screen) == (0, 1)
        assert "at 0 for 20.00 ms, self 20.00 ms" in detail(screen)
        assert "load(path='␛[31mred')" in detail(screen)
        await screen.press("l")
        assert "at 20.00 ms for 40.00 ms, self 30.00 ms" in detail(screen)


async def test_thin_calls_are_opened_by_zooming(opened: Open, traced: Profile) -> None:
    async with opened(traced) as screen:
        await screen.press("6", "t", "g", "j", "l", "l", "l")
        assert "100 calls too thin to draw, together 5.000 ms" in detail(screen)
        await screen.press("enter")
        assert "zoom: … 100 more, 70.00 ms to 79.95 ms" in about(screen)
        assert [box.node.count for box in boxes(screen, 2)] == [5] * 20
        await screen.press("j", "enter")
        assert [(box.node.kind, box.node.count) for box in boxes(screen, 2)] == [("function", 1)] * 5
        await screen.press("j", "l")
        assert "tick" in detail(screen)
        assert "for 50.00 µs, self 50.00 µs" in detail(screen)
        await screen.press("escape")
        assert "0 to 80.00 ms" in about(screen)


def boxes(screen: Opened, row: int) -> list[Box]:
    flame = graph(screen).flame
    assert flame is not None
    return flame.row(row)


def about(screen: Opened) -> str:
    """The line above the graph."""
    return screen.viewer.query_one(FlameLine).plain()


async def test_without_time_it_is_said_why(opened: Open, traced: Profile) -> None:
    async with opened(made([([0], 1)])) as screen:
        await screen.press("6", "t")
        assert "the order of time was not kept" in detail(screen)
    part = traced.parts[0]
    assert part.tree is not None
    async with opened(replace(traced, parts=(part, replace(part, label="other")))) as screen:
        await screen.press("6", "t")
        assert "MainThread  one of 2 parts" in screen.text
        await screen.press("t")
        assert "in time order" not in screen.text
        assert drawn(screen)[1].startswith("▏work")


async def test_of_a_long_name_the_middle_goes_and_the_number_of_parts_stays(opened: Open, traced: Profile) -> None:
    part = replace(traced.parts[0], label="MainProcess of a pool of ten workers, its MainThread [222282]")
    async with opened(replace(traced, parts=(part, replace(part, label="other")))) as screen:
        await screen.press("6", "t")
        assert "in time order: 0 to 80.00 ms  MainPr…" in about(screen)
        assert "[222282]  one of 2 parts" in about(screen)


async def test_what_is_counted_in_order_is_named(opened: Open, traced: Profile) -> None:
    async with opened(replace(traced, metrics=(Metric("faults", COUNT, "page faults"),))) as screen:
        await screen.press("6", "t")
        assert "in time order: 0 to 80,000,000 page faults  MainThread" in about(screen)


async def test_of_nothing_there_is_no_order(opened: Open) -> None:
    profile = made([], ())
    empty = replace(profile.parts[0], graph=CallGraph.empty(2), tree=None)
    async with opened(replace(profile, parts=(empty,))) as screen:
        await screen.press("6", "t")
        assert "nothing was recorded" in detail(screen)
