"""Figures by line: dumps against what callgrind_annotate says of them, stacks by hand counts."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from proftui.analysis.call_lines import Placement
from proftui.analysis.line_figures import LineCall, LineFigures, elsewhere, figures_of, telling_of
from proftui.analysis.scope import Scope
from proftui.formats import ReadOptions, Source
from proftui.formats.callgrind import CALLGRIND
from proftui.model import WALL_TIME, CallGraph, CallTree, Frames, Functions, Metric, Origin, Part, Profile
from proftui.units import SAMPLES

DATA = Path(__file__).parents[1] / "data" / "callgrind"
ANNOTATED: dict[str, dict[str, int]] = json.loads((DATA / "annotated_lines.json").read_text())


def nowhere(caller: int, callees: object) -> list[Placement]:
    raise AssertionError("nothing is to be placed")


def dump(name: str) -> Scope:
    return Scope(CALLGRIND.read(Source(str(DATA / name)), ReadOptions(lines=True)))


@pytest.mark.parametrize("name", ANNOTATED)
def test_lines_of_a_dump_cost_what_callgrind_annotate_says(name: str) -> None:
    scope = dump(name)
    assert telling_of(scope, 0) == "lines"
    found: dict[str, float] = {}
    for file in ("/tmp/tiny/tiny.c", "/tmp/tiny/tiny.h"):  # noqa: S108  # as the dumps name them
        figures = figures_of(scope, 0, file, nowhere)
        found |= {f"{file}:{line}": cost for line, cost in zip(figures.line, figures.self_cost[0], strict=True) if cost}
    assert found == ANNOTATED[name]


def test_calls_of_a_dump_stand_on_their_lines() -> None:
    """By hand from callgrind_annotate's lines `=> ...`."""
    scope = dump("tiny.plain")
    figures = figures_of(scope, 0, "/tmp/tiny/tiny.c", nowhere)  # noqa: S108
    name = scope.functions.name
    of_job = {(name[call.callee], call.calls, float(call.cost[0])) for call in figures.calls_on[14]}
    assert of_job == {("fib", 5, 1360), ("even", 5, 378)}
    assert [(name[call.callee], call.calls, call.cost[0]) for call in figures.calls_on[19]] == [("fib", 1, 127)]
    assert all(call.certain for call in figures.calls)
    assert figures.inclusive is None


def test_inlined_lines_are_found_elsewhere() -> None:
    """work() of tiny.h is inlined: of even, odd and job together callgrind_annotate counts 308 there."""
    scope = dump("tiny.plain")
    ids = [scope.functions.name.index(name) for name in ("even", "job")]
    header = "/tmp/tiny/tiny.h"  # noqa: S108
    every = [name for name in scope.functions.name if name.split("'")[0] in ("even", "odd", "job")]
    total = sum(
        cost for name in every for file, cost in elsewhere(scope, 0, scope.functions.name.index(name)) if file == header
    )
    assert total == 30 + 248 + 30
    assert all(file == header for function in ids for file, _ in elsewhere(scope, 0, function))


A, B, C = range(3)
FILE = "/srv/app.py"


def sampled(*stacks: tuple[tuple[int, ...], float], lines: bool = True) -> Scope:
    """Functions a and b of one file, c of another; frames are a:2, a:3, b:6, b:7, c:1, and a:2 again as frame 0."""
    frames = Frames(np.array([A, A, B, B, C], np.int32), np.array([2, 3, 6, 7, 1] if lines else [-1] * 5, np.int32))
    functions = Functions.of([("a", FILE, -1, ""), ("b", FILE, -1, ""), ("c", "/srv/other.py", -1, "")])
    tree = CallTree.of_stacks([(stack, (cost,)) for stack, cost in stacks], frames)
    part = Part("run", tree.to_graph(), tree=tree)
    metric = Metric("samples", SAMPLES)
    return Scope(Profile("run", Origin("", "folded", "sampled"), (metric,), functions, (part,)))


def by_line(figures: LineFigures) -> dict[int, tuple[float, float]]:
    assert figures.inclusive is not None
    rows = zip(figures.line.tolist(), figures.self_cost[0].tolist(), figures.inclusive[0].tolist(), strict=True)
    return {line: (own, inclusive) for line, own, inclusive in rows}


def test_each_sample_counts_once_on_a_line_however_often_it_recurs() -> None:
    scope = sampled(((0,), 1), ((0, 2), 2), ((0, 2, 0), 4), ((0, 2, 0, 2), 8), ((1, 3, 4), 16), ((4,), 32))
    assert telling_of(scope, 0) == "samples"
    figures = figures_of(scope, 0, FILE, nowhere)
    # line 2: self of a:2 as leaf 1 + 4; in 1 + 2 + 4 + 8 samples. line 6: leaf 2 + 8, in 2 + 4 + 8
    assert by_line(figures) == {2: (5, 15), 3: (0, 16), 6: (10, 14), 7: (0, 16)}
    calls = {(call.lines, call.caller, call.callee): call.cost[0] for call in figures.calls}
    assert calls == {((2,), A, B): 14, ((6,), B, A): 12, ((3,), A, B): 16, ((7,), B, C): 16}
    assert figures.extent == {A: (2, 3), B: (6, 7)}


def test_stacks_without_lines_tell_functions_alone() -> None:
    assert telling_of(sampled(((0, 2), 2), lines=False), 0) == "functions"


def test_parts_add_up_and_only_chosen_ones_count() -> None:
    one = sampled(((0, 2), 2), ((1,), 1)).profile
    other = sampled(((0,), 5)).profile
    both = Profile("both", one.origin, one.metrics, one.functions, (*one.parts, *other.parts))
    assert by_line(figures_of(Scope(both), 0, FILE, nowhere)) == {2: (5, 7), 3: (1, 1), 6: (2, 2)}
    assert by_line(figures_of(Scope(both, (1,)), 0, FILE, nowhere)) == {2: (5, 5)}


def traced() -> Scope:
    """f of lines 10 on calls g (in a place), h (one of two) and k (nowhere known)."""
    functions = Functions.of([(name, FILE, 10 * (at + 1), "") for at, name in enumerate("fghk")])
    graph = CallGraph(
        function=np.arange(4, dtype=np.int32),
        self_cost=np.array([[1, 2, 4, 8.0]]),
        inclusive=np.array([[15, 2, 4, 8.0]]),
        caller=np.array([0, 0, 0], np.int32),
        callee=np.array([1, 2, 3], np.int32),
        arc_cost=np.array([[2, 4, 8.0]]),
        arc_calls=np.array([1, 3, 5.0]),
    )
    return Scope(Profile("run", Origin("", "pstats"), (WALL_TIME,), functions, (Part("run", graph),)))


def test_callees_stand_where_they_are_placed_and_count_once() -> None:
    def place(caller: int, callees: object) -> list[Placement]:
        assert (caller, callees) == (0, [1, 2, 3])
        return [Placement((12,)), Placement((13, 14)), Placement()]

    figures = figures_of(traced(), 0, FILE, place)
    assert dict(zip(figures.line.tolist(), figures.self_cost[0].tolist(), strict=True)) == {10: 1, 20: 2, 30: 4, 40: 8}
    assert [call.callee for call in figures.calls_on[13]] == [2]
    assert figures.calls_on[13] == figures.calls_on[14]
    assert [call.callee for call in figures.unplaced(0)] == [3]
    assert sum(float(call.cost[0]) for call in figures.calls) == 14
    assert [call.certain for call in figures.calls] == [True, False, False]
    assert (figures.estimated, math.isnan(figures.calls[0].calls)) == (False, False)


def test_a_place_that_may_be_another_is_not_certain() -> None:
    assert LineCall(0, 1, (5,), np.zeros(1), 1.0).certain
    assert not LineCall(0, 1, (5,), np.zeros(1), 1.0, (7,)).certain
