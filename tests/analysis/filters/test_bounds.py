"""Filters on call graphs: what they say of each figure is true of every tree with that graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proftui.analysis.condense import condense
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.filters import owners
from proftui.analysis.filters.expressions import Word
from proftui.analysis.filters.on_graphs import graph_filtered
from proftui.analysis.treenode import TreeNode
from proftui.model import CallGraph, Floats, GraphBounds
from tests.analysis.filters.runs import (
    Stack,
    Stacks,
    calls,
    filtered_stack,
    filtered_stacks,
    founds,
    mask,
    stacks,
    stacks_of,
    traced,
    tree_of,
    words,
)  # fmt: skip

UNSIGNED = np.zeros(1, np.bool_)
ROUNDING = 1e-6
"""Costs are whole numbers up to 4,000, but shares of them are not."""

Key = Any
"""A function, or a caller and a callee."""

Column = tuple[str, Callable[[CallGraph, Floats], dict[Key, float]], Floats, Floats, Floats, Floats]

steps = st.lists(st.tuples(words, founds), min_size=1, max_size=3)


def by_function(graph: CallGraph, column: Floats) -> dict[Key, float]:
    return dict(zip(graph.function.tolist(), column[0].tolist(), strict=True))


def by_arc(graph: CallGraph, column: Floats) -> dict[Key, float]:
    ends = zip(graph.function[graph.caller].tolist(), graph.function[graph.callee].tolist(), strict=True)
    return dict(zip(ends, column[0].tolist(), strict=True))


def some(costs: dict[Key, float]) -> dict[Key, float]:
    """Those that are not 0."""
    return {key: cost for key, cost in costs.items() if cost}


def columns_of(graph: CallGraph, truth: CallGraph) -> Iterator[Column]:
    """(name, by what it is told, guess, low, high, truth) of each kind of figure."""
    bounds = graph.bounds
    assert bounds is not None
    yield "self", by_function, graph.self_cost, bounds.self_low, bounds.self_high, truth.self_cost
    yield "inclusive", by_function, graph.inclusive, bounds.inclusive_low, bounds.inclusive_high, truth.inclusive
    yield "arc", by_arc, graph.arc_cost, bounds.arc_low, bounds.arc_high, truth.arc_cost
    if graph.arc_self is not None:
        assert bounds.arc_self_low is not None
        assert bounds.arc_self_high is not None
        assert truth.arc_self is not None
        yield "arc self", by_arc, graph.arc_self, bounds.arc_self_low, bounds.arc_self_high, truth.arc_self


def check(graph: CallGraph, truth: CallGraph, *, listed: bool = True) -> None:
    """The figures of `truth` lie between the bounds of `graph`, and its estimates as well.

    What the graph does not list must be nothing; without `listed` that is not asked of its arcs.
    """
    if graph.bounds is None:
        assert some(by_function(graph, graph.inclusive)) == by_function(truth, truth.inclusive)
        assert some(by_arc(graph, graph.arc_cost)) == by_arc(truth, truth.arc_cost)
        return
    for name, told_by, guess, low, high, true in columns_of(graph, truth):
        assert ((low <= guess) & (guess <= high)).all(), name
        least, most, real = told_by(graph, low), told_by(graph, high), told_by(truth, true)
        for key in least.keys() | (real.keys() if listed or told_by is by_function else set()):
            value = real.get(key, 0.0)
            assert least.get(key, 0.0) - ROUNDING <= value <= most.get(key, 0.0) + ROUNDING, (name, key)
    most_of_all = graph.self_cost.sum(axis=1, keepdims=True)
    assert (graph.inclusive <= most_of_all * (1 + 1e-9) + ROUNDING).all(), "shares of the total stay below 100 %"


def graph_of(run: Stacks, *, arc_self: bool) -> CallGraph:
    graph = tree_of(run).to_graph()
    return graph if arc_self else replace(graph, arc_self=None)


@given(stacks, steps, st.booleans())
def test_truth_lies_within_the_bounds(run: Stacks, steps: list[tuple[Word, set[int]]], arc_self: bool) -> None:
    graph = graph_of(run, arc_self=arc_self)
    for word, found in steps:
        graph = graph_filtered(graph, word, mask(found), UNSIGNED)
        run = filtered_stacks(run, word, found)
        check(graph, tree_of(run).to_graph())


@given(calls, steps, st.booleans())
@example([((1,), 1), ((1, 0), 0), ((1, 0, 1), 0)], [("focus", {0, 1}), ("ignore", {0})], False)
def test_truth_lies_within_the_bounds_where_calls_are_counted(
    made: list[tuple[Stack, int]], steps: list[tuple[Word, set[int]]], arc_self: bool
) -> None:
    graph, run = traced(made), stacks_of(made)
    if not arc_self:
        graph = replace(graph, arc_self=None)
    for word, found in steps:
        graph = graph_filtered(graph, word, mask(found), UNSIGNED)
        run = filtered_stacks(run, word, found)
        made = [(left, cost) for stack, cost in made if (left := filtered_stack(stack, word, found))[-1:] == stack[-1:]]
        check(graph, tree_of(run).to_graph())
        check_calls(graph, made)


def check_calls(graph: CallGraph, made: list[tuple[Stack, int]]) -> None:
    """Where the graph counts calls, so many are left."""
    if graph.calls is not None:
        left = Counter(stack[-1] for stack, _ in made)
        for function, count in zip(graph.function.tolist(), graph.calls.tolist(), strict=True):
            assert np.isnan(count) or count == left[function]
    if graph.arc_calls is not None:
        along = Counter(stack[-2:] for stack, _ in made)
        for (caller, callee), count in by_arc(graph, graph.arc_calls[None]).items():
            assert np.isnan(count) or count == along[caller, callee]


@given(run=stacks, found=founds, arc_self=st.booleans())
def test_owners_taken_as_one_leave_the_bounds_sound(run: Stacks, found: set[int], arc_self: bool) -> None:
    """However few owners of a hidden function are told apart."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owners, "MOST_SHARES", 0)
        patched.setattr(owners, "FEWEST", 1)
        graph = graph_filtered(graph_of(run, arc_self=arc_self), "hide", mask(found), UNSIGNED)
    check(graph, tree_of(filtered_stacks(run, "hide", found)).to_graph(), listed=False)


def contexts(
    run: Stacks, graph: CallGraph, *, cycles: bool
) -> tuple[Counter[tuple[int, ...]], Counter[tuple[int, ...]]]:
    """The inclusive and the self cost of each context, cycles taken as one."""
    shape = condense(graph, cycles=cycles)
    inclusive: Counter[tuple[int, ...]] = Counter()
    own: Counter[tuple[int, ...]] = Counter()
    for stack, cost in run.items():
        path: list[int] = []
        before = -1
        for function in stack:
            row = graph.row_of(function)
            assert row is not None
            node = int(shape.node[row])
            if node != before or not cycles:
                path.append(int(shape.key[node]))
            before = node
        own[tuple(path)] += cost
        for depth in range(1, len(path) + 1):
            inclusive[tuple(path[:depth])] += cost
    return inclusive, own


def walk(tree: EstimatedTree, nodes: tuple[TreeNode, ...], depth: int) -> Iterator[TreeNode]:
    for node in nodes:
        yield node
        if depth and node.kind in ("function", "cycle"):
            yield from walk(tree, tree.children(node), depth - 1)


@given(run=stacks, word=words, found=founds, arc_self=st.booleans(), cycles=st.booleans())
def test_trees_of_filtered_graphs_claim_nothing_that_is_not_so(
    run: Stacks, word: Word, found: set[int], arc_self: bool, cycles: bool
) -> None:
    graph = graph_filtered(graph_of(run, arc_self=arc_self), word, mask(found), UNSIGNED)
    run = filtered_stacks(run, word, found)
    inclusive, own = contexts(run, graph, cycles=cycles)
    tree = EstimatedTree.over(condense(graph, cycles=cycles), [(graph, 0)])
    for node in walk(tree, tree.roots(), 4):
        if node.kind in ("function", "cycle"):
            for figure, truth in ((node.inclusive, inclusive[node.path]), (node.self_cost, own[node.path])):
                assert figure.low - ROUNDING <= truth <= figure.high + ROUNDING, node
                assert figure.mark != "" or figure.value == pytest.approx(truth, abs=ROUNDING)


def test_all_together_cost_no_less_than_a_cycle_does() -> None:
    """0 and 1 call each other; what 0 spends in 2 and 1 in 3 is at least 3 each, so there are 6 or more in total."""
    caller, callee = np.array([[0, 0, 1, 1], [1, 2, 0, 3]], np.int32)
    own, arc = np.array([[0.0, 0, 1, 1]]), np.array([[4.0, 3, 4, 3]])
    inclusive = np.array([[6.0, 6, 3, 3]])
    bounds = GraphBounds(
        np.zeros((1, 4)), np.array([[0.0, 0, 4, 4]]), np.array([[3.0, 3, 3, 3]]), np.array([[8.0, 8, 4, 4]]),
        np.array([[0.0, 3, 0, 3]]), np.array([[8.0, 4, 8, 4]]), np.zeros((1, 4)),
    )  # fmt: skip
    graph = CallGraph(np.arange(4, dtype=np.int32), own, inclusive, caller, callee, arc, bounds=bounds)
    filtered = graph_filtered(graph, "focus", mask({0, 1, 2, 3}), UNSIGNED)
    assert filtered.totals[0] == pytest.approx(6)


def test_signed_costs_are_guessed_without_bounds() -> None:
    """0 calls 1 and 2 and spends 1 itself; hidden, 1 hands its 2 to 0."""
    graph = graph_of(Counter({(0,): 1, (0, 1): 2, (0, 2): 4}), arc_self=False)
    filtered = graph_filtered(graph, "hide", mask({1}), np.ones(1, np.bool_))
    assert filtered.self_cost.tolist() == [[3.0, 4.0]]
    assert filtered.bounds is not None
    assert np.isnan(filtered.bounds.self_low).all()
