"""Call trees, and the call graph that a tree comes down to, against counting one row at a time."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.model import NO_LINE, CallTree, Frames

Stacks = list[tuple[list[int], list[float]]]

FRAMES = Frames(np.array([0, 1, 2, 3, 3], np.int32), np.array([NO_LINE, 5, 9, 1, 2], np.int32))
"""Frames 3 and 4 are two lines of function 3."""

stacks = st.lists(
    st.tuples(
        st.lists(st.integers(0, 4), min_size=1, max_size=7),
        st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda costs: [float(cost) for cost in costs]),
    ),
    min_size=1,
    max_size=12,
)


def path(tree: CallTree, row: int) -> list[int]:
    frames: list[int] = []
    while row >= 0:
        frames.append(int(tree.frame[row]))
        row = int(tree.parent[row])
    return frames[::-1]


def test_a_tree_of_two_stacks() -> None:
    tree = CallTree.of_stacks([([0, 1], [2.0]), ([0, 2, 1], [3.0]), ([0, 1], [5.0]), ([0], [1.0])], FRAMES)
    assert tree.frame.tolist() == [0, 1, 2, 1]
    assert tree.parent.tolist() == [-1, 0, 0, 2]
    assert tree.end.tolist() == [4, 2, 4, 4]
    assert tree.self_cost.tolist() == [[1, 7, 0, 3]]
    assert tree.inclusive().tolist() == [[11, 7, 3, 3]]


def test_recursion_counts_the_outermost_activation() -> None:
    """0 calls 1, which calls itself and then 2, which calls 1 again."""
    tree = CallTree.of_stacks(
        [([0, 1], [1.0]), ([0, 1, 1], [2.0]), ([0, 1, 1, 2], [4.0]), ([0, 1, 1, 2, 1], [8.0])], FRAMES
    )
    assert tree.outermost().tolist() == [True, True, False, True, False]
    graph = tree.to_graph()
    assert graph.function.tolist() == [0, 1, 2]
    assert graph.self_cost.tolist() == [[0, 11, 4]]
    assert graph.inclusive.tolist() == [[15, 15, 12]]
    arcs = zip(graph.caller.tolist(), graph.callee.tolist(), graph.arc_cost[0].tolist(), strict=True)
    assert list(arcs) == [(0, 1, 15), (1, 1, 14), (1, 2, 12), (2, 1, 8)]
    assert graph.arc_self is not None
    assert graph.arc_self.tolist() == [[1, 2, 4, 8]]


@given(stacks)
def test_rows_are_the_stacks_in_preorder(recorded: Stacks) -> None:
    tree = CallTree.of_stacks(recorded, FRAMES)
    expected: Counter[tuple[int, ...]] = Counter()
    for stack, cost in recorded:
        for length in range(1, len(stack) + 1):
            expected[tuple(stack[:length])] += 0
        expected[tuple(stack)] += int(cost[0])
    rows = [tuple(path(tree, row)) for row in range(len(tree))]
    assert dict(zip(rows, tree.self_cost[0].tolist(), strict=True)) == expected
    for row, end in enumerate(tree.end.tolist()):
        below = [other for other in range(len(rows)) if rows[other][: len(rows[row])] == rows[row]]
        assert below == list(range(row, end))


@given(stacks)
def test_inclusive_is_the_cost_of_the_stacks_below(recorded: Stacks) -> None:
    tree = CallTree.of_stacks(recorded, FRAMES)
    for row, inclusive in enumerate(tree.inclusive().T.tolist()):
        prefix = path(tree, row)
        below = [cost for stack, cost in recorded if stack[: len(prefix)] == prefix]
        assert inclusive == [sum(column) for column in zip(*below, strict=True)]


@given(stacks)
def test_the_graph_counts_each_sample_once(recorded: Stacks) -> None:
    """A function's inclusive cost is that of the stacks with it, an arc's that of the stacks with the pair."""
    graph = CallTree.of_stacks(recorded, FRAMES).to_graph()
    having: Counter[int] = Counter()
    own: Counter[int] = Counter()
    pairs: Counter[tuple[int, int]] = Counter()
    own_of_pairs: Counter[tuple[int, int]] = Counter()
    for stack, (_, cost) in recorded:
        functions = [int(FRAMES.function[frame]) for frame in stack]
        calls = list(pairwise(functions))
        own[functions[-1]] += int(cost)
        having.update({function: int(cost) for function in set(functions)})
        pairs.update({call: int(cost) for call in set(calls)})
        own_of_pairs.update({call: int(cost) for call in calls[-1:]})
    assert graph.arc_self is not None
    function = graph.function.tolist()
    assert dict(zip(function, graph.inclusive[1].tolist(), strict=True)) == having
    assert {f: graph.self_cost[1, row] for row, f in enumerate(function)} == {f: own[f] for f in having}
    arcs = [(function[a], function[b]) for a, b in zip(graph.caller.tolist(), graph.callee.tolist(), strict=True)]
    assert arcs == sorted(pairs)
    assert graph.arc_cost[1].tolist() == [pairs[arc] for arc in arcs]
    assert graph.arc_self[1].tolist() == [own_of_pairs[arc] for arc in arcs]


@given(stacks)
def test_outermost_rows_have_no_ancestor_of_their_function(recorded: Stacks) -> None:
    tree = CallTree.of_stacks(recorded, FRAMES)
    function = tree.function.tolist()
    for row, outermost in enumerate(tree.outermost().tolist()):
        above = [FRAMES.function[frame] for frame in path(tree, row)[:-1]]
        assert outermost == (function[row] not in above)


@given(st.lists(st.integers(0, 1 << 16), min_size=1, max_size=40))
def test_rows_that_come_in_any_order_become_preorder(draws: list[int]) -> None:
    """Row i has its parent among the rows before it, or none; its frame and cost are i."""
    parent = [draw % (row + 1) - 1 for row, draw in enumerate(draws)]
    size = np.arange(len(parent), dtype=np.int32)
    tree = CallTree.of_rows(Frames(size, size), size, np.array(parent, np.int32), size[None].astype(np.float64))
    expected: list[int] = []
    pending = [row for row in reversed(range(len(parent))) if parent[row] == -1]
    while pending:
        expected.append(pending.pop())
        pending += [row for row in reversed(range(len(parent))) if parent[row] == expected[-1]]
    assert tree.frame.tolist() == expected
    assert tree.self_cost.tolist() == [expected]
    assert [-1 if row < 0 else expected[row] for row in tree.parent.tolist()] == [parent[row] for row in expected]
    for row, end in enumerate(tree.end.tolist()):
        inside = [other for other in range(len(parent)) if row in _with_ancestors(tree, other)]
        assert inside == list(range(row, end))


def _with_ancestors(tree: CallTree, row: int) -> list[int]:
    rows: list[int] = []
    while row >= 0:
        rows.append(row)
        row = int(tree.parent[row])
    return rows


def test_a_stack_without_frames_is_refused() -> None:
    with pytest.raises(ValueError, match="no frames"):
        CallTree.of_stacks([([0], [1.0]), ([], [2.0])], FRAMES)


def test_a_tree_without_stacks_is_empty() -> None:
    tree = CallTree.of_stacks([], FRAMES)
    assert len(tree) == 0
    assert len(tree.inclusive()) == 0
    assert len(tree.to_graph()) == 0
