"""Stacks of filters on whole profiles: hand counts, what is dropped, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.filters import ONLY_MY_CODE, MyCode, filtered, named, parse
from proftui.analysis.filters.expressions import Word
from proftui.analysis.scope import MARKS, Scope
from proftui.model import CallGraph, Functions, LineCosts, Metric, Origin, Part, Profile
from proftui.units import SAMPLES
from tests.analysis.filters.runs import FUNCTIONS, Stacks, founds, stacks, stacks_in, tree_of, words

MAIN, LOAD, LOADS, SCAN, HOOK, BOOT = range(6)
NAMES = [
    ("main", "/app/main.py"), ("load", "/app/load.py"), ("loads", "/usr/lib/python3.11/json/__init__.py"),
    ("scan", "/usr/lib/python3.11/json/scanner.py"), ("hook", "/app/hook.py"), ("boot", "<frozen runpy>"),
]  # fmt: skip

RUN: Stacks = Stacks({
    (BOOT,): 1, (BOOT, MAIN): 2, (BOOT, MAIN, LOAD): 4, (BOOT, MAIN, LOAD, LOADS): 8, (BOOT, MAIN, LOADS): 16,
    (BOOT, MAIN, LOADS, SCAN): 32, (BOOT, MAIN, LOAD, LOADS, SCAN, HOOK): 64,
})  # fmt: skip


def profile_of(run: Stacks, *, recorded: bool, parts: int = 1) -> Profile:
    tree = tree_of(run)
    graph = tree.to_graph()
    part = Part("run", graph, tree=tree if recorded else None)
    functions = Functions.of((name, file, 1, "") for name, file in NAMES)
    return Profile("run", Origin("run", "test"), (Metric("samples", SAMPLES),), functions, (part,) * parts)


def self_costs(profile: Profile) -> dict[str, float]:
    graph = Scope(profile).graph
    names = [profile.functions.name[function] for function in graph.function.tolist()]
    return dict(zip(names, graph.self_cost[0].tolist(), strict=True))


def test_only_my_code_on_recorded_stacks() -> None:
    done = filtered(profile_of(RUN, recorded=True), [ONLY_MY_CODE])
    tree = done.profile.parts[0].tree
    assert tree is not None
    assert stacks_in(tree) == {(MAIN,): 2 + 16 + 32, (MAIN, LOAD): 4 + 8, (MAIN, LOAD, HOOK): 64}
    assert done.dropped == (1.0,)
    said = (
        "hides 3 of 6 functions and hands their cost to their callers; 1 of 127 has no caller of yours and is dropped"
    )
    assert done.notes == (f"my-code {said}",)


def test_only_my_code_on_a_graph() -> None:
    """main calls loads for 48, 16 of them its self cost, and load for 72, 8 of them: so 32 of scan's 96 are main's and
    64 load's. hook takes 64 of scan's: 0 to 32 of main's, and 32 to 64 of load's.
    """
    done = filtered(profile_of(RUN, recorded=False), [ONLY_MY_CODE])
    graph = done.profile.parts[0].graph
    assert [NAMES[function][0] for function in graph.function.tolist()] == ["main", "load", "hook"]
    assert graph.inclusive.tolist() == [[126.0, 76.0, 64.0]]
    bounds = graph.bounds
    assert bounds is not None
    assert bounds.self_low[0].tolist() == [2 + 48 - 32, 4 + 72 - 64, 64]
    assert bounds.self_high[0].tolist() == [2 + 48, 4 + 72 - 32, 64]
    assert done.dropped[0] == pytest.approx(1)
    assert sum(self_costs(done.profile).values()) == pytest.approx(126)
    assert done.notes[0].startswith("my-code hides 3 of 6 functions")
    assert "estimates" in done.notes[1]
    assert [MARKS[mark] for mark in Scope(done.profile).self_figures(0).mark] == ["~", "~", ""]
    assert [MARKS[mark] for mark in Scope(done.profile).marks(0)] == ["", "", ""]


@pytest.mark.parametrize("recorded", [True, False])
def test_notes(recorded: bool) -> None:
    profile = profile_of(RUN, recorded=recorded)
    done = filtered(profile, [parse("focus:main"), parse("ignore:hook"), parse("hide:nothing"), named("hide", "scan")])
    about = "" if recorded else "about "
    assert done.notes[0] == f"focus:main keeps {about}126 of 127"
    assert done.notes[1] == f"ignore:hook keeps {about}62 of 126"
    assert done.notes[2] == "hide:nothing matches no function"
    assert done.notes[3].startswith("hide:name=^scan$ hides 1 of 6 functions")
    assert done.dropped == (65.0,)
    assert filtered(profile, [parse("focus:nothing")]).notes[0] == "focus:nothing matches no function and drops all 127"
    assert filtered(profile, [parse("show:.")]).notes[0].endswith("nothing of 127 is dropped")


def test_parts_stay_in_order_and_lose_their_lines() -> None:
    none = np.zeros(0, np.int32)
    lines = LineCosts((), none, none, none, np.zeros((1, 0)), none, none, none, none, np.zeros(0), np.zeros((1, 0)))
    one = profile_of(RUN, recorded=True).parts[0]
    two = replace(profile_of(RUN, recorded=False).parts[0], label="other", lines=lines)
    profile = replace(profile_of(RUN, recorded=True), parts=(one, two))
    done = filtered(profile, [parse("hide:scan")])
    assert [part.label for part in done.profile.parts] == ["run", "other"]
    assert done.profile.parts[1].lines is None
    assert done.profile.parts[0].graph.bounds is None
    merged = Scope(done.profile).graph
    assert merged.bounds is not None
    assert merged.totals[0] == pytest.approx(254)
    assert (merged.bounds.self_low <= merged.self_cost).all()
    assert (merged.self_cost <= merged.bounds.self_high).all()
    assert done.profile.check() == []


def test_rules_are_part_of_the_question() -> None:
    profile = profile_of(RUN, recorded=True)
    done = filtered(profile, [ONLY_MY_CODE], MyCode(mine=("json",), not_mine=("load.py",)))
    assert set(self_costs(done.profile)) == {"main", "loads", "scan", "hook"}


def test_no_filters_change_nothing() -> None:
    profile = profile_of(RUN, recorded=True)
    assert filtered(profile, []).profile is profile


@given(stacks, st.lists(st.tuples(words, founds), min_size=1, max_size=3), st.booleans())
def test_what_is_not_dropped_is_there(run: Stacks, steps: list[tuple[Word, set[int]]], recorded: bool) -> None:
    tree = tree_of(run)
    functions = Functions.of((f"f{index}.", "f.py", index, "") for index in range(FUNCTIONS))
    part = Part("run", tree.to_graph(), tree=tree if recorded else None)
    profile = Profile("run", Origin("run", "test"), (Metric("samples", SAMPLES),), functions, (part,))
    patterns = [(word, "|".join(f"f{index}[.]" for index in sorted(found)) or "none") for word, found in steps]
    filters = [parse(f"{word}:name={pattern}") for word, pattern in patterns]
    done = filtered(profile, filters)
    left = float(done.profile.parts[0].graph.totals[0])
    assert left + done.dropped[0] == pytest.approx(sum(run.values()))
    assert done.dropped[0] >= -1e-6
    assert len(done.notes) >= len(filters)
    assert done.profile.check() == []


def without_callers(inclusive: list[float]) -> Profile:
    """Three functions that spend 1, 2 and 4 of 7 themselves, and no arcs."""
    none = np.zeros(0, np.int32)
    own, rows = np.array([[1.0, 2, 4]]), np.arange(3, dtype=np.int32)
    graph = CallGraph(rows, own, np.array([inclusive]), none, none, np.zeros((1, 0)))
    return replace(profile_of(RUN, recorded=False), parts=(Part("run", graph),))


def test_inclusive_costs_above_the_total_that_is_left_are_unknown() -> None:
    """load is known to cost 6, but what it calls is not; without arcs all that is left is the 2 of load itself."""
    scope = Scope(filtered(without_callers([7, 6, 4]), [named("focus", "load")]).profile)
    assert scope.total(0) == 2
    figures = scope.inclusive_figures(0)
    row = scope.graph.row_of(LOAD)
    assert row is not None
    assert MARKS[figures.mark[row]] == "?"
    assert np.isnan(figures.shown).all()
    assert (figures.value <= 2).all()


@pytest.mark.parametrize(
    ("step", "left"),
    [
        ("hide", {"main": 1, "loads": 4}), ("ignore", {"main": 1, "loads": 4}), ("focus", {"load": 2}),
        ("show", {"load": 2}), ("show-from", {"load": 2}),
    ],
)  # fmt: skip
def test_self_costs_alone_stay_or_go_by_function(step: Word, left: dict[str, float]) -> None:
    profile = without_callers([np.nan] * 3)
    done = filtered(profile, [named(step, "load")])
    assert self_costs(done.profile) == left
    assert done.dropped == (7.0 - sum(left.values()),)
    assert np.isnan(Scope(done.profile).inclusive(0)).all()
    assert done.profile.check() == []
