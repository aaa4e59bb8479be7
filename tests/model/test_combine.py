"""Profiles side by side, and parts added up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.model import (
    WALL_TIME,
    CallGraph,
    CallTree,
    Frames,
    Functions,
    Kind,
    LineCosts,
    Metric,
    Origin,
    Part,
    Profile,
    combine,
    flatten,
    merge,
)
from proftui.units import BYTES

Stacks = list[tuple[list[int], list[float]]]
FRAMES = Frames(np.arange(5, dtype=np.int32), np.full(5, -1, np.int32))
HEAP = Metric("heap", BYTES)

stacks = st.lists(
    st.tuples(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.integers(0, 9).map(lambda cost: [float(cost)])),
    min_size=1,
    max_size=8,
)


def graph(recorded: Stacks) -> CallGraph:
    return CallTree.of_stacks(recorded, FRAMES).to_graph()


def profile(
    names: str,
    *parts: Part,
    metrics: tuple[Metric, ...] = (WALL_TIME,),
    kind: Kind = "traced",
    notes: tuple[str, ...] = (),
) -> Profile:
    """A profile whose functions have the letters of `names` as their names."""
    functions = Functions.of((name, "f.py", ord(name), "") for name in names)
    return Profile(f"of {names}", Origin("", "test", kind), metrics, functions, parts, notes)


def by_name(profile: Profile, part: int = 0) -> dict[str, tuple[float, float]]:
    """(self, inclusive) of each function that a part touches, by name."""
    of = profile.parts[part].graph
    names = [profile.functions.name[function] for function in of.function]
    return dict(zip(names, zip(of.self_cost[0].tolist(), of.inclusive[0].tolist(), strict=True), strict=True))


def arcs_by_name(profile: Profile, part: int = 0) -> dict[str, float]:
    of = profile.parts[part].graph
    names = [profile.functions.name[function] for function in of.function]
    pairs = [names[a] + names[b] for a, b in zip(of.caller.tolist(), of.callee.tolist(), strict=True)]
    return dict(zip(pairs, of.arc_cost[0].tolist(), strict=True))


def test_functions_of_several_profiles_are_joined_by_identity() -> None:
    """0 calls 1 which calls 2: a b c in one file, c a b in the other."""
    chain: Stacks = [([0, 1, 2], [4.0]), ([0, 1], [2.0]), ([0], [1.0])]
    both = combine([profile("abc", Part("one", graph(chain))), profile("dac", Part("two", graph(chain)))], "both")
    assert both.functions.name == ("a", "b", "c", "d")
    assert both.check() == []
    assert by_name(both, 0) == {"a": (1, 7), "b": (2, 6), "c": (4, 4)}
    assert arcs_by_name(both, 0) == {"ab": 6, "bc": 4}
    assert by_name(both, 1) == {"d": (1, 7), "a": (2, 6), "c": (4, 4)}
    assert arcs_by_name(both, 1) == {"da": 6, "ac": 4}


def test_lines_and_trees_are_renumbered_along() -> None:
    tree = CallTree.of_stacks([([0, 1], [3.0])], Frames(np.array([0, 1], np.int32), np.array([7, 8], np.int32)))
    ids = np.array([0, 1], np.int32)
    lines = LineCosts(
        ("f.py",),
        ids,
        ids,
        ids,
        np.array([[1.0, 2.0]]),
        ids[:1],
        ids[1:],
        ids[:1],
        ids[:1],
        np.ones(1),
        np.ones((1, 1)),
    )
    second = profile("ba", Part("two", tree.to_graph(), tree=tree, lines=lines))
    part = combine([profile("ab", Part("one", graph([([0], [1.0])]))), second], "both").parts[1]
    assert part.tree is not None
    assert part.tree.function.tolist() == [1, 0]
    assert part.tree.frames.line.tolist() == [7, 8]
    assert part.lines is not None
    assert part.lines.function.tolist() == [1, 0]
    assert (part.lines.site_caller.tolist(), part.lines.site_callee.tolist()) == ([1], [0])


def test_what_profiles_say_of_themselves_is_kept_where_they_agree() -> None:
    one = profile("a", Part("one", graph([([0], [1.0])])), notes=("odd",))
    two = replace(profile("a", Part("two", graph([([0], [1.0])])), kind="sampled"), name="second")
    both = combine([one, two], "both")
    assert both.origin.format == "test"
    assert both.notes == ("of a: odd", "traced and sampled parts lie side by side and are not comparable")
    assert combine([one, replace(two, origin=Origin("", "other"))], "both").origin.format == "several"
    assert combine([one], "alone").name == "alone"


def test_a_metric_that_a_part_does_not_measure_is_not_counted_for_it() -> None:
    time = profile("ab", Part("one", graph([([0, 1], [3.0])])))
    heap = profile("ab", Part("two", graph([([0], [5.0])])), metrics=(HEAP,))
    both = combine([time, heap], "both")
    assert [metric.name for metric in both.metrics] == ["time", "heap"]
    assert both.parts[1].metrics == (1,)
    assert merge(both).self_cost.tolist() == [[0, 3], [5, 0]]
    np.testing.assert_array_equal(merge(both, [0]).self_cost, [[0, 3], [np.nan, np.nan]])
    np.testing.assert_array_equal(merge(both, [1]).arc_cost, np.zeros((2, 0)))


@given(st.lists(stacks, min_size=1, max_size=4))
def test_the_sum_of_parts_is_the_graph_of_all_stacks(recorded: list[Stacks]) -> None:
    parts = [Part(str(index), graph(some)) for index, some in enumerate(recorded)]
    merged, expected = merge(profile("abcde", *parts)), graph([stack for some in recorded for stack in some])
    for column in ("function", "self_cost", "inclusive", "caller", "callee", "arc_cost", "arc_self"):
        assert getattr(merged, column).tolist() == getattr(expected, column).tolist()


def test_only_the_selected_parts_are_added() -> None:
    parts = [Part(str(cost), graph([([0], [cost])])) for cost in (1.0, 10.0, 100.0)]
    whole = profile("a", *parts)
    assert merge(whole, [0, 2]).self_cost.tolist() == [[101]]
    assert merge(whole, [1]) is parts[1].graph
    assert flatten(whole).parts[0].graph.self_cost.tolist() == [[111]]
    assert flatten(flatten(whole)) is not whole


def test_calls_are_unknown_where_one_part_does_not_count_them() -> None:
    counted = replace(graph([([0, 1], [1.0])]), calls=np.array([1.0, 2.0]), arc_calls=np.array([2.0]))
    assert merge(profile("ab", Part("one", counted), Part("two", graph([([0, 1], [1.0])])))).calls is None
    twice = merge(profile("ab", Part("one", counted), Part("two", counted)))
    assert twice.calls is not None
    assert twice.arc_calls is not None
    assert (twice.calls.tolist(), twice.arc_calls.tolist()) == ([2, 4], [4])


def derived(self_cost: list[float], arcs: dict[tuple[int, int], float]) -> CallGraph:
    ends = np.array(sorted(arcs), np.int32).reshape(-1, 2)
    costs = np.array([[arcs[arc] for arc in sorted(arcs)]])
    ids = np.arange(len(self_cost), dtype=np.int32)
    return CallGraph.deriving_inclusive(ids, np.array([self_cost]), ends[:, 0], ends[:, 1], costs)


def test_derived_inclusive_costs_are_derived_again() -> None:
    """1 and 2 call each other only when both parts are seen together."""
    one, two = derived([1, 1, 1], {(0, 1): 2, (1, 2): 1}), derived([1, 1, 1], {(0, 2): 2, (2, 1): 1})
    merged = merge(profile("abc", Part("one", one), Part("two", two)))
    assert merged.derived
    assert merged.inclusive.tolist() == [[6, 4, 4]]
    assert merged.inclusive_low is not None
    assert merged.inclusive_low.tolist() == [[6, 2, 2]]


def test_upper_bounds_stay_bounds_among_measured_costs() -> None:
    """A cycle whose members' inclusive costs were derived, and a part that measured theirs."""
    bounded = derived([1, 2, 3], {(0, 1): 5, (1, 2): 4, (2, 1): 3})
    measured = graph([([0, 1, 2], [10.0])])
    merged = merge(profile("abc", Part("one", bounded), Part("two", measured)))
    assert merged.inclusive.tolist() == [[16, 15, 15]]
    assert merged.inclusive_low is not None
    assert merged.inclusive_low.tolist() == [[16, 12, 13]]


@pytest.mark.parametrize("order", ["abc", "cab", "bca"])
def test_the_order_of_functions_changes_no_figure(order: str) -> None:
    recorded: Stacks = [([0, 1, 2], [4.0]), ([0, 2, 1], [2.0])]
    other = profile(order, Part("other", graph([([0], [0.0])])))
    same = combine([other, profile("abc", Part("one", graph(recorded)))], "both")
    assert by_name(same, 1) == {"a": (0, 6), "b": (2, 6), "c": (4, 6)}
    assert arcs_by_name(same, 1) == {"ab": 4, "bc": 4, "ac": 2, "cb": 2}
