"""Dumps of every Python that are at hand, with figures worked out by hand, and the oddities of other writers."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.errors import Malformed, UnknownFormat
from proftui.formats import load
from proftui.model import NO_LINE, Profile

DATA = Path(__file__).parents[2] / "data" / "pstats"
MS = 1e6

Dumped = Callable[[Any], Profile]
Read = Callable[[bytes], Profile]

LEAF, BRANCH, MAIN = ("ticks.py", 1, "leaf"), ("ticks.py", 3, "branch"), ("ticks.py", 7, "main")


def rows(profile: Profile) -> dict[tuple[str, int, str], tuple[float, ...]]:
    """{(file, line, name): (calls, primitive calls, self, inclusive)}; times in nanoseconds."""
    graph = profile.parts[0].graph
    assert graph.calls is not None
    assert graph.primitive_calls is not None
    columns = np.stack([graph.calls, graph.primitive_calls, graph.self_cost[0], graph.inclusive[0]])
    return {
        (file, line, name): tuple(column)
        for (name, file, line, _), column in zip(profile.functions.identities(), columns.T.tolist(), strict=True)
    }


def arcs(profile: Profile) -> dict[tuple[str, str], tuple[float, ...]]:
    """{(caller's name, callee's name): (calls, primitive calls, self, inclusive)}."""
    graph, names = profile.parts[0].graph, profile.functions.name
    assert graph.arc_calls is not None
    assert graph.arc_primitive_calls is not None
    assert graph.arc_self is not None
    columns = np.stack([graph.arc_calls, graph.arc_primitive_calls, graph.arc_self[0], graph.arc_cost[0]])
    pairs = zip(graph.caller.tolist(), graph.callee.tolist(), columns.T.tolist(), strict=True)
    return {(names[caller], names[callee]): tuple(column) for caller, callee, column in pairs}


@pytest.mark.parametrize("python", ["27", "36", "311", "313"])
def test_cprofile(python: str) -> None:
    # main runs from tick 1 to 18, branch(2) from 2 to 13 with three leaves of a tick each inside
    profile = load(DATA / f"ticks_py{python}.prof")
    figures = rows(profile)
    assert figures[LEAF] == pytest.approx((4, 4, 4 * MS, 4 * MS), abs=1)
    assert figures[BRANCH] == pytest.approx((3, 1, 8 * MS, 11 * MS), abs=1)
    assert figures[MAIN] == pytest.approx((1, 1, 4 * MS, 17 * MS), abs=1)
    built_in = "<len>" if python == "27" else "<built-in method builtins.len>"
    assert figures["~", NO_LINE, built_in] == pytest.approx((1, 1, MS, MS), abs=1)
    assert len(figures) == 5
    assert (profile.origin.format, profile.origin.kind) == ("pstats", "traced")
    assert profile.notes == ()


@pytest.mark.parametrize("python", ["27", "36", "311", "313"])
def test_cprofile_arcs(python: str) -> None:
    figures = arcs(load(DATA / f"ticks_py{python}.prof"))
    assert figures["main", "branch"] == pytest.approx((1, 1, 3 * MS, 11 * MS), abs=1)
    assert figures["branch", "branch"] == pytest.approx((2, 1, 5 * MS, 7 * MS), abs=1)
    assert figures["branch", "leaf"] == pytest.approx((3, 3, 3 * MS, 3 * MS), abs=1)
    assert figures["main", "leaf"] == pytest.approx((1, 1, MS, MS), abs=1)
    assert len(figures) == 5


@pytest.mark.parametrize("python", ["27", "37", "310", "313"])  # one for each layout that code objects have had
def test_profile_module(python: str) -> None:
    profile = load(DATA / f"pure_py{python}.prof")
    figures = rows(profile)
    assert figures[BRANCH] == pytest.approx((3, 1, 8 * MS, 11 * MS), abs=1)
    assert figures[LEAF] == pytest.approx((4, 4, 4 * MS, 4 * MS), abs=1)
    assert figures["profile", 0, "profiler"] == (0, 0, 0, 0)
    assert figures["profile", 0, '<code object <module>, file "ticks.py", line 1>'][0] == 1
    graph, names = profile.parts[0].graph, profile.functions.name
    assert graph.arc_calls is not None
    calls = dict(zip(zip(graph.caller.tolist(), graph.callee.tolist(), strict=True), graph.arc_calls, strict=True))
    assert calls[names.index("branch"), names.index("branch")] == 2
    assert calls[names.index("branch"), names.index("leaf")] == 3
    assert np.isnan(graph.arc_cost).all()
    assert graph.arc_self is None
    assert graph.arc_primitive_calls is None
    assert "costs by caller were not measured, only calls" in profile.notes


def test_samples(dumped: Dumped) -> None:
    # f was on top in 3 of 5 samples of 10 ms, and called g, which was on top in the other 2
    f, g = ("a.py", 1, "f"), ("a.py", 5, "g")
    profile = dumped({f: (3, 5, 0.03, 0.05, {}), g: (2, 2, 0.02, 0.02, {f: 2}), ("__sampled__",): True})
    graph = profile.parts[0].graph
    assert profile.origin.kind == "sampled"
    assert [metric.name for metric in profile.metrics] == ["time", "samples"]
    f_row, g_row = (profile.functions.name.index(name) for name in "fg")
    assert graph.self_cost[:, f_row].tolist() == [30 * MS, 3]
    assert graph.inclusive[:, f_row].tolist() == [50 * MS, 5]
    assert graph.self_cost[:, g_row].tolist() == [20 * MS, 2]
    assert graph.arc_cost[:, 0].tolist() == [20 * MS, 2]
    assert graph.calls is graph.primitive_calls is graph.arc_calls is None
    assert any("samples" in note for note in profile.notes)


def test_lines_of_a_sampled_function_are_rows(dumped: Dumped) -> None:
    f, again = ("a.py", 1, "f"), ("a.py", 2, "f")
    told = "functions are told apart by the line that ran, as Python's sampler does: one may have several rows"
    sampled = {("__sampled__",): True}
    assert told in dumped({f: (1, 1, 0.01, 0.01, {}), again: (1, 1, 0.01, 0.01, {}), **sampled}).notes
    assert told not in dumped({f: (1, 1, 0.01, 0.01, {}), **sampled}).notes


def test_samples_of_unequal_length_say_nothing_of_arcs(dumped: Dumped) -> None:
    f, g = ("a.py", 1, "f"), ("a.py", 5, "g")
    graph = dumped({f: (3, 5, 0.03, 0.05, {}), g: (2, 2, 0.07, 0.07, {f: 2}), ("__sampled__",): True}).parts[0].graph
    assert math.isnan(graph.arc_cost[0, 0])
    assert graph.arc_cost[1, 0] == 2


def test_calls_that_a_sampler_did_not_count(dumped: Dumped) -> None:
    f, g = ("a.py", 1, "f"), ("a.py", 5, "g")
    profile = dumped({f: (-1, -1, 1.0, 48.0, {}), g: (-1, -1, 2.0, 2.0, {f: (-1, -1, 2.0, 2.0)})})
    graph = profile.parts[0].graph
    assert graph.calls is graph.primitive_calls is graph.arc_calls is graph.arc_primitive_calls is None
    assert profile.origin.kind == "sampled"
    assert graph.inclusive[0].max() == 48e9  # kept as it is
    assert any("above the total" in note for note in profile.notes)


def test_primitive_calls_above_calls_stay_as_they_are(dumped: Dumped) -> None:
    profile = dumped({("a.py", 1, "f"): (9, 2, 1.0, 1.0, {})})
    assert rows(profile)["a.py", 1, "f"][:2] == (2, 9)
    assert any("primitive calls exceed calls" in note for note in profile.notes)


def test_a_caller_without_a_row_of_its_own(dumped: Dumped) -> None:
    f, g = ("a.py", 1, "f"), ("a.py", 5, "g")
    profile = dumped({g: (2, 2, 0.5, 0.5, {f: (2, 2, 0.5, 0.5)})})
    figures = rows(profile)
    assert figures[g] == (2, 2, 5e8, 5e8)
    assert all(math.isnan(value) for value in figures[f])
    assert arcs(profile)["f", "g"] == (2, 2, 5e8, 5e8)
    assert any("as callers only" in note for note in profile.notes)


@pytest.mark.parametrize("time", [math.nan, math.inf, -math.inf, 1e300, 1e10])
def test_impossible_times(dumped: Dumped, time: float) -> None:
    profile = dumped({("a.py", 1, "f"): (1, 1, time, 1.0, {}), ("a.py", 2, "g"): (1, 1, 1.0, 1.0, {})})
    assert math.isnan(rows(profile)["a.py", 1, "f"][2])
    assert profile.parts[0].graph.totals[0] == 1e9
    assert "impossible times of 1 function are taken as not measured" in profile.notes


@pytest.mark.parametrize("count", [-5, 2**70, 2**1000])
def test_impossible_counts(dumped: Dumped, count: int) -> None:
    profile = dumped({("a.py", 1, "f"): (count, count, 1.0, 1.0, {}), ("a.py", 2, "g"): (1, 1, 1.0, 1.0, {})})
    assert math.isnan(rows(profile)["a.py", 1, "f"][0])
    assert rows(profile)["a.py", 2, "g"][0] == 1
    assert "impossible numbers of calls of 1 function are taken as not measured" in profile.notes


def test_lines_of_built_in_functions_only_are_dropped(dumped: Dumped) -> None:
    profile = dumped({("~", 0, "<len>"): (1, 1, 1.0, 1.0, {}), ("", 0, "len"): (1, 1, 1.0, 1.0, {})})
    assert set(rows(profile)) == {("~", NO_LINE, "<len>"), ("", 0, "len")}


def test_a_profiler_that_saw_nothing(dumped: Dumped) -> None:
    profile = dumped({})
    assert len(profile.functions) == 0
    assert profile.origin.kind == "traced"
    assert profile.notes == ()


def test_bytes_after_the_table_are_noted(read: Read) -> None:
    data = (DATA / "ticks_py311.prof").read_bytes()
    assert rows(read(data + b"more")) == rows(read(data))
    assert "4 bytes after the table were not read" in read(data + b"more").notes


@pytest.mark.parametrize("missing", [1, 2, 30, 400])
def test_a_file_that_ends_early(read: Read, missing: int) -> None:
    with pytest.raises(Malformed, match=r"some\.prof: .*\(byte \d+\)"):
        read((DATA / "ticks_py311.prof").read_bytes()[:-missing])


@pytest.mark.parametrize("path", sorted(DATA.glob("kills_marshal_*.prof")), ids=lambda path: path.name)
def test_files_at_which_marshal_kills_the_interpreter(path: Path) -> None:
    with pytest.raises(Malformed):
        load(path)


@pytest.mark.parametrize(
    "table",
    [
        {("a.py", 1): (1, 1, 1.0, 1.0, {})},
        {("a.py", 1, "f", "g"): (1, 1, 1.0, 1.0, {})},
        {("a.py", "1", "f"): (1, 1, 1.0, 1.0, {})},
        {("a.py", True, "f"): (1, 1, 1.0, 1.0, {})},
        {("a.py", 2**31, "f"): (1, 1, 1.0, 1.0, {})},
        {(None, 1, "f"): (1, 1, 1.0, 1.0, {})},
        {("a.py", 1, 2): (1, 1, 1.0, 1.0, {})},
        {("a.py", 1, "f"): (1, 1, 1.0, {})},
        {("a.py", 1, "f"): (1, 1, 1.0, 1.0, ())},
        {("a.py", 1, "f"): (1, 1, "1.0", 1.0, {})},
        {("a.py", 1, "f"): (1, None, 1.0, 1.0, {})},
        {("a.py", 1, "f"): (1, 1, 1.0, 1.0, {("a.py", 2, "g"): (1, 1)})},
        {("a.py", 1, "f"): (1, 1, 1.0, 1.0, {("a.py", 2, "g"): "1"})},
        {("a.py", 1, "f"): (1, 1, 1.0, 1.0, {"g": 1})},
        {("a.py", 1, "f"): [1, 1, 1.0, 1.0, {}]},
        {("a.py", 1, "f"): None},
        {("a.py", 1, "f"): 1j},
        {("a.py", 1, "f"): (2**1100, 1, 1.0, 1.0, {})},
        {("__sampled__",): False},
    ],
    ids=repr,
)
def test_tables_of_another_shape(dumped: Dumped, table: object) -> None:
    with pytest.raises(Malformed, match=r"some\.prof: .*\(byte \d+\)"):
        dumped(table)


@pytest.mark.parametrize("value", [1, [], [{}], {"a": 1}, {1: 2}, None, "text", {frozenset(): 1}], ids=repr)
def test_other_marshalled_values_are_no_profile(dumped: Dumped, value: object) -> None:
    with pytest.raises(UnknownFormat):
        dumped(value)
