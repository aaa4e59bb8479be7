"""Stacks out of call graphs: what they cost in all, and the tree that was, where the graph leaves no choice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.stacks import ALONE, CUT_OFF, ESTIMATED_STACKS, in_one_part, remarks, with_stacks
from proftui.errors import ProftuiError
from proftui.formats.folded.losses import losses
from proftui.model import NO_LINE, WALL_TIME, CallGraph, CallTree, Frames, Functions, Metric, Origin, Part, Profile
from proftui.units import SAMPLES

NAMES = "abcdefgh"
Recorded = list[tuple[list[int], float]]

FRAMES = Frames(np.arange(len(NAMES), dtype=np.int32), np.full(len(NAMES), NO_LINE, np.int32))

stacks = st.lists(
    st.tuples(st.lists(st.integers(0, 7), min_size=1, max_size=8), st.integers(0, 1000).map(float)),
    min_size=1,
    max_size=30,
)


def profile_of(parts: list[Recorded], *, trees: bool = False) -> Profile:
    """A profile of parts with these stacks, of which graphs alone are known unless `trees`."""
    made = [CallTree.of_stacks([(stack, [cost]) for stack, cost in part], FRAMES) for part in parts]
    return Profile(
        "made", Origin("made", "pstats"), (WALL_TIME,), Functions.of((name, "", NO_LINE, "") for name in NAMES),
        tuple(Part(f"part {n}", tree.to_graph(), tree=tree if trees else None) for n, tree in enumerate(made)),
    )  # fmt: skip


def written(profile: Profile, part: int = 0) -> Counter[str]:
    """What the stacks of a part cost, each as "a;b"."""
    tree = profile.parts[part].tree
    assert tree is not None
    paths: list[str] = []
    for function, parent in zip(tree.function.tolist(), tree.parent.tolist(), strict=True):
        name = profile.functions.name[function]
        paths.append(f"{paths[parent]};{name}" if parent >= 0 else name)
    return Counter({path: cost for path, cost in zip(paths, tree.self_cost[0].tolist(), strict=True) if cost})


def test_a_graph_with_one_tree_gives_its_stacks() -> None:
    recorded: Recorded = [([0], 1.0), ([0, 1], 20.0), ([0, 1, 2], 300.0), ([0, 3, 4], 4000.0)]
    made = with_stacks(profile_of([recorded]))
    assert written(made) == {"a": 1, "a;b": 20, "a;b;c": 300, "a;d;e": 4000}
    assert made.notes == (ESTIMATED_STACKS,)
    assert made.parts[0].graph.inclusive.tolist() == [[4321, 320, 300, 4000, 4000]]


def test_without_arcs_each_function_has_its_self_cost() -> None:
    """b lasted as long as all of them, and a for half of that: what they called is not known."""
    none = np.zeros(0, np.int32)
    own, inclusive = np.array([[5.0, 2.0, 3.0, 0.0]]), np.array([[5.0, 10.0, np.nan, 0.0]])
    graph = CallGraph(np.arange(4, dtype=np.int32), own, inclusive, none, none, np.zeros((1, 0)))
    functions = Functions.of((name, "", NO_LINE, "") for name in NAMES)
    made = with_stacks(Profile("made", Origin("made", "x"), (WALL_TIME,), functions, (Part("all", graph),)))
    assert written(made) == {"a": 5, "b": 2, "c": 3}
    assert made.notes == (ALONE,)
    assert remarks(made) == [ALONE]


def test_a_callee_is_shared_by_what_its_callers_cost_in_proportion() -> None:
    """d costs 30 when called by b, and 10 by c; its callee e is estimated in that proportion."""
    recorded: Recorded = [([0, 1, 3, 4], 20.0), ([0, 1, 3], 10.0), ([0, 2, 3, 5], 4.0), ([0, 2, 3], 6.0)]
    made = with_stacks(profile_of([recorded]))
    found = written(made)
    assert sum(found.values()) == 40
    assert found["a;b;d;e"] + found["a;c;d;e"] == 20
    assert found["a;b;d;f"] + found["a;c;d;f"] == 4
    assert sum(cost for path, cost in found.items() if path.startswith("a;b;d")) == 30


def test_what_is_cut_off_stays_with_the_caller() -> None:
    recorded: Recorded = [([0], 1.0), ([0, 1], 9.0), ([0, 2, 3], 90.0)]
    made = with_stacks(profile_of([recorded]), least=0.1)
    assert written(made) == {"a": 10, "a;c;d": 90}
    assert written(with_stacks(profile_of([recorded]), most=2)) == {"a": 10, "a;c": 90}


def test_roots_that_are_cut_off_are_one() -> None:
    made = with_stacks(profile_of([[([0], 5.0), ([1], 3.0), ([2], 2.0), ([2, 3], 990.0)]]), least=0.01)
    assert written(made) == {"c": 2, "c;d": 990, CUT_OFF[0]: 8}


def test_a_cycle_calls_its_members_and_what_they_call() -> None:
    """b and c call each other; c calls d."""
    recorded: Recorded = [([0, 1], 7.0), ([0, 1, 2], 5.0), ([0, 1, 2, 1], 3.0), ([0, 1, 2, 3], 11.0), ([0], 1.0)]
    made = with_stacks(profile_of([recorded]))
    assert written(made) == {"a": 1, "a;<cycle: b, c>;b": 10, "a;<cycle: b, c>;c": 5, "a;<cycle: b, c>;d": 11}


@given(
    st.lists(stacks, min_size=1, max_size=3), st.sampled_from([0.0, 0.001, 0.05, 0.5]), st.sampled_from([3, 40, 10_000])
)
def test_each_part_costs_what_it_did_in_whole_numbers(parts: list[Recorded], least: float, most: int) -> None:
    profile = profile_of(parts)
    made = with_stacks(profile, least, most)
    assert made.check() == []
    for before, after in zip(profile.parts, made.parts, strict=True):
        assert after.tree is not None
        assert after.graph.totals.tolist() == before.graph.totals.tolist()
        assert (after.tree.self_cost == np.round(after.tree.self_cost)).all()
        assert (after.tree.self_cost >= 0).all()
        assert len(after.tree) <= max(most // len(parts), 1) + len(NAMES) + 1


@given(stacks)
def test_fractions_are_not_rounded(recorded: Recorded) -> None:
    profile = profile_of([[(stack, cost / 7) for stack, cost in recorded] + [([0], 1 / 7)]])
    made = with_stacks(profile)
    assert made.parts[0].graph.totals == pytest.approx(profile.parts[0].graph.totals, rel=1e-12)


def test_recorded_trees_stay_as_they_are() -> None:
    profile = profile_of([[([0, 1], 1.0)]], trees=True)
    assert with_stacks(profile) is profile
    both = replace(profile, parts=(*profile.parts, replace(profile.parts[0], tree=None)))
    made = with_stacks(both)
    assert written(made, 0) == written(made, 1) == {"a;b": 1}


@given(st.lists(stacks, min_size=1, max_size=3))
def test_parts_in_one_are_their_stacks_added_up(parts: list[Recorded]) -> None:
    profile = profile_of(parts, trees=True)
    made = in_one_part(profile)
    assert len(made.parts) == 1
    expected: Counter[str] = Counter()
    for part in range(len(parts)):
        expected.update(written(profile, part))
    assert written(made) == expected


def test_differences_have_no_stacks() -> None:
    profile = replace(profile_of([[([0], 1.0)]]), metrics=(Metric("time", signed=True),))
    with pytest.raises(ProftuiError, match="below zero"):
        with_stacks(profile)


def test_what_there_is_to_say() -> None:
    profile = profile_of([[([0, 1], 1.0)]], trees=True)
    assert remarks(profile) == []
    graphs = replace(profile, parts=(replace(profile.parts[0], tree=None),), metrics=(Metric("samples", SAMPLES),))
    assert remarks(with_stacks(graphs)) == [ESTIMATED_STACKS]


def test_what_plain_counts_stand_for() -> None:
    profile = profile_of([[([0, 1], 1.0)]], trees=True)
    assert losses(profile) == ["the counts are nanoseconds of time"]
    assert losses(replace(profile, metrics=(Metric("samples", SAMPLES),))) == []
    assert losses(replace(profile, metrics=(Metric("Ir"),))) == ["the counts are Ir"]
