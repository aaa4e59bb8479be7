"""The arcs that are written, and what KCachegrind without cycle detection makes of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from proftui.formats.callgrind.shown import apportioned, shown
from proftui.model import CallGraph, CallTree, Frames

MAIN, EVEN, ODD = range(3)


def mutual() -> CallGraph:
    """is_even and is_odd call each other; the figures, in ns, are those of pstats for a run of such a program."""
    return CallGraph(
        function=np.arange(3, dtype=np.int32),
        self_cost=np.array([[4_909_912.0, 5_073_814, 5_910_860]]),
        inclusive=np.array([[15_894_586.0, 10_958_021, 10_959_582]]),
        calls=np.array([1.0, 11_629, 11_629]),
        primitive_calls=np.array([1.0, 115, 115]),
        caller=np.array([MAIN, MAIN, EVEN, ODD], np.int32),
        callee=np.array([EVEN, ODD, ODD, EVEN], np.int32),
        arc_cost=np.array([[5_797_336.0, 5_187_338, 10_911_766, 10_912_462]]),
        arc_calls=np.array([58.0, 58, 11_571, 11_571]),
    )


def graphs() -> st.SearchStrategy[CallGraph]:
    """Call graphs of random programs with recursion, measured exactly; costs are whole."""
    stack = st.tuples(st.lists(st.integers(0, 4), min_size=1, max_size=7).map(tuple), st.integers(0, 50))
    return st.lists(stack, min_size=1, max_size=20).map(
        lambda stacks: CallTree.of_stacks(
            [(frames, (float(cost),)) for frames, cost in stacks],
            Frames(np.arange(5, dtype=np.int32), np.full(5, -1, np.int32)),
        ).to_graph()
    )


def test_mutual_recursion_adds_up_to_the_measured_time() -> None:
    stated = shown(mutual())
    assert stated.inclusive().tolist() == [[15_894_586, 10_958_021, 10_959_582]]
    assert stated.arc_cost.tolist() == [[5_797_336, 5_187_338, 5_772_244, 5_160_685]]
    assert stated.called().tolist() == [0, 11_629, 11_629]


def test_calls_of_a_function_to_itself_cost_nothing_and_count() -> None:
    graph = CallGraph(
        function=np.arange(2, dtype=np.int32),
        self_cost=np.array([[10.0, 90]]),
        inclusive=np.array([[100.0, 90]]),
        caller=np.array([0, 1], np.int32),
        callee=np.array([1, 1], np.int32),
        arc_cost=np.array([[90.0, 80]]),
        arc_calls=np.array([1.0, 7]),
    )
    stated = shown(graph)
    assert stated.arc_cost.tolist() == [[90, 0]]
    assert stated.arc_calls.tolist() == [1, 7]
    assert stated.inclusive().tolist() == [[100, 90]]


def test_a_root_that_calls_itself_keeps_its_time() -> None:
    """KCachegrind gives a function whose only caller is itself no inclusive cost."""
    graph = CallGraph(
        function=np.zeros(1, np.int32),
        self_cost=np.array([[90.0]]),
        inclusive=np.array([[90.0]]),
        caller=np.zeros(1, np.int32),
        callee=np.zeros(1, np.int32),
        arc_cost=np.array([[80.0]]),
        arc_calls=np.array([7.0]),
    )
    assert shown(graph).inclusive().tolist() == [[90]]


def test_arcs_that_were_not_timed_share_by_calls() -> None:
    graph = CallGraph(
        function=np.arange(3, dtype=np.int32),
        self_cost=np.array([[10.0, 20, 70]]),
        inclusive=np.array([[45.0, 55, 70]]),
        caller=np.array([0, 1], np.int32),
        callee=np.array([2, 2], np.int32),
        arc_cost=np.full((1, 2), np.nan),
        arc_calls=np.array([3.0, 4]),
    )
    stated = shown(graph)
    assert stated.arc_cost.tolist() == [[30, 40]]
    assert stated.notes == ("costs of calls are in part estimates from the numbers of calls",)


def test_nothing_exceeds_the_total() -> None:
    """pyinstrument's cumulative time of a recursive function is a multiple of the total."""
    graph = mutual()
    inflated = replace(graph, inclusive=graph.inclusive * 48)
    assert shown(inflated).inclusive().max() == 15_894_586


def test_a_root_does_not_exceed_the_total_either() -> None:
    """CPython's own cumulative times add up to a little more than all self times."""
    graph = CallGraph(
        function=np.arange(3, dtype=np.int32),
        self_cost=np.array([[100.0, 400, 500]]),
        inclusive=np.array([[1003.0, 401, 502]]),
        caller=np.array([0, 0], np.int32),
        callee=np.array([1, 2], np.int32),
        arc_cost=np.array([[401.0, 502]]),
        arc_calls=np.array([1.0, 1]),
    )
    assert shown(graph).inclusive().tolist() == [[1000, 400, 500]]


@given(graphs())
def test_readers_see_what_was_measured(graph: CallGraph) -> None:
    stated = shown(graph)
    total = graph.self_cost.sum()
    other = graph.caller != graph.callee
    incoming = np.bincount(graph.callee[other], minlength=len(graph)) > 0
    alone = np.bincount(graph.component)[graph.component] == 1
    seen = stated.inclusive()[0]
    assert (seen <= total).all()
    # a function that is called from outside as well (the bottom of a stack) has no arc for those calls; in a cycle
    # its other arcs stand in for it
    from_others = np.bincount(graph.callee[other], graph.arc_cost[0, other], len(graph))
    outside = graph.inclusive[0] > from_others
    exact = incoming & ~(alone & outside)
    assert np.array_equal(seen[exact], graph.inclusive[0][exact])


@given(graphs())
def test_outside_recursion_arcs_are_as_measured(graph: CallGraph) -> None:
    crossing = graph.component[graph.caller] != graph.component[graph.callee]
    assert np.array_equal(shown(graph).arc_cost[:, crossing], graph.arc_cost[:, crossing])


@given(graphs())
def test_what_callgrind_derived_stays(graph: CallGraph) -> None:
    calls = np.ones(graph.arcs)
    derived = CallGraph.deriving_inclusive(
        graph.function, graph.self_cost, graph.caller, graph.callee, graph.arc_cost, arc_calls=calls
    )
    assert np.array_equal(shown(derived).arc_cost, graph.arc_cost)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**6)), min_size=1, max_size=20),
    st.lists(st.integers(0, 10**9), min_size=4, max_size=4),
)
def test_shares_are_whole_and_add_up(weights: list[tuple[int, int]], amounts: list[int]) -> None:
    group = np.array([which for which, _ in weights], np.int32)
    weight = np.array([float(value) for _, value in weights])
    shares = apportioned(np.array(amounts, np.float64), weight, group)
    assert np.array_equal(shares, np.round(shares))
    for which in set(group.tolist()):
        assert shares[group == which].sum() == amounts[which]
