"""Condensed graphs, counted by hand and against random programs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.condense import condense, cycle_label
from proftui.model import CallGraph, CallTree, Frames, Functions

Stacks = list[tuple[list[int], list[float]]]
FRAMES = Frames(np.arange(6, dtype=np.int32), np.full(6, -1, np.int32))

stacks = st.lists(
    st.tuples(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.integers(0, 9).map(lambda cost: [float(cost)])),
    min_size=1,
    max_size=12,
)


def graph_of(recorded: Stacks) -> CallGraph:
    return CallTree.of_stacks(recorded, FRAMES).to_graph()


def two_cycles() -> CallGraph:
    """0 calls the cycle of 1 and 2, that calls the cycle of 3 and 4, that calls 5; 5 calls itself."""
    return graph_of([
        ([0, 1, 2, 1, 3, 4], [10.0]), ([0, 2], [20.0]), ([0, 2, 4, 3, 4, 5, 5], [5.0]), ([0], [1.0]), ([0, 5], [2.0]),
    ])  # fmt: skip


def test_a_cycle_becomes_one_node() -> None:
    condensed = condense(two_cycles())
    assert condensed.size.tolist() == [1, 2, 2, 1]
    assert condensed.cycles.tolist() == [1, 2]
    assert condensed.key.tolist() == [0, 1, 3, 5]
    assert condensed.self_cost.tolist() == [[1, 20, 10, 7]]
    assert condensed.inclusive.tolist() == [[38, 35, 15, 7]]
    arcs = zip(condensed.caller.tolist(), condensed.callee.tolist(), condensed.arc_cost[0].tolist(), strict=True)
    assert list(arcs) == [(0, 1, 35), (0, 3, 2), (1, 2, 15), (2, 3, 5)]
    assert condensed.outgoing.tolist() == [0, 2, 3, 4, 4]
    assert not condensed.recurs.any()


def test_members_come_with_the_most_self_cost_first() -> None:
    condensed = condense(two_cycles())
    functions = Functions.of((name, "", -1, "") for name in "abcdef")
    assert condensed.members(1).tolist() == [2, 1]
    assert condensed.is_cycle(1)
    assert condensed.label(1, functions) == "<cycle: c, b>"
    assert condensed.label(0, functions) == "a"


def test_without_cycles_functions_stay_and_are_marked_as_recurring() -> None:
    graph = two_cycles()
    condensed = condense(graph, cycles=False)
    assert condensed.recurs.tolist() == [False, True, True, True, True, True]
    assert condensed.arcs == graph.arcs
    assert condensed.inclusive.tolist() == graph.inclusive.tolist()
    assert condensed.arc_cost.tolist() == graph.arc_cost.tolist()


@given(stacks)
def test_a_cycle_costs_the_stacks_through_it(recorded: Stacks) -> None:
    graph = graph_of(recorded)
    condensed = condense(graph)
    node_of = dict(zip(graph.function.tolist(), condensed.node.tolist(), strict=True))
    through = np.zeros(len(condensed))
    for stack, (cost,) in recorded:
        through[list({node_of[function] for function in stack})] += cost
    assert condensed.inclusive[0].tolist() == through.tolist()
    assert condensed.self_cost.sum() == sum(cost for _, (cost,) in recorded)
    assert (condensed.caller < condensed.callee).all()


@pytest.mark.parametrize(
    ("names", "size", "label"),
    [
        (["<built-in method builtins.exec>", "_find_spec"], 471, "<cycle: exec, _find_spec, ... 471 functions>"),
        (["<method 'append' of 'list' objects>", "f"], 2, "<cycle: append, f>"),
        (["{built-in method exec}", "{method 'join'}"], 4886, "<cycle: exec, join, ... 4,886 functions>"),
        (["<module>", "<lambda>"], 2, "<cycle: <module>, <lambda>>"),
        (["operator<", "f(int)"], 3, "<cycle: operator<, f(int), ... 3 functions>"),
    ],
)  # fmt: skip
def test_a_label_names_the_heaviest(names: list[str], size: int, label: str) -> None:
    assert cycle_label(names, size) == label
