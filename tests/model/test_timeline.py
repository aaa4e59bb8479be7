"""Activations out of samples in the order of time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.model import CallTree, Frames, Samples, Timeline, timeline

FRAMES = Frames(np.arange(3, dtype=np.int32), np.full(3, -1, np.int32))


def test_neighbouring_samples_are_in_one_activation() -> None:
    stacks = [[0], [0, 1], [0, 1], [], [0, 1], [0, 1, 2], [0, 2]]
    tree = CallTree.of_stacks([(stack, [1.0]) for stack in stacks if stack], FRAMES)
    rows = {(0,): 0, (0, 1): 1, (0, 1, 2): 2, (0, 2): 3}
    leaf = np.array([rows.get(tuple(stack), -1) for stack in stacks], np.int32)
    made = Timeline.of_samples(leaf, np.array([1, 1, 2, 1, 1, 1, 1.0]), tree.parent)
    assert told(made) == [(0, 0, 4), (1, 1, 4), (0, 5, 8), (1, 5, 7), (2, 6, 7), (3, 7, 8)]
    assert made is not None
    assert made.enclosing(tree.parent).tolist() == [-1, 0, -1, 2, 3, 2]


def test_of_no_samples_there_are_no_activations() -> None:
    none = np.zeros(0, np.int32)
    assert told(Timeline.of_samples(none, np.zeros(0), none)) == []


stacks = st.lists(st.lists(st.integers(0, 2), max_size=6), max_size=20)


@given(stacks)
def test_activations_are_found_sample_by_sample(stacks: list[list[int]]) -> None:
    tree, leaf = sampled(stacks)
    weight = np.arange(1.0, len(stacks) + 1)
    at = np.concatenate([[0.0], np.cumsum(weight)])
    expected = []
    for row in range(len(tree)):
        inside = [row in above(tree, int(sample)) for sample in leaf]
        for first in range(len(inside)):
            if inside[first] and not (first and inside[first - 1]):
                end = next((number for number in range(first, len(inside)) if not inside[number]), len(inside))
                expected.append((first, row, at[first], at[end]))
    made = Timeline.of_samples(leaf, weight, tree.parent)
    assert told(made) == [(row, start, end) for _, row, start, end in sorted(expected)]
    assert made is not None
    spent = [sum(weight[number] for number in range(len(leaf)) if leaf[number] == row) for row in range(len(tree))]
    assert made.self_costs(tree.parent).tolist() == spent


def test_many_samples_of_many_rows() -> None:
    """More than 2^31 pairs of a row and a sample."""
    rows = np.arange(50_000, dtype=np.int32)
    parent = np.full(len(rows), -1, np.int32)
    made = Timeline.of_samples(rows, np.ones(len(rows)), parent)
    assert told(made) == [(row, row, row + 1) for row in rows.tolist()]
    assert made is not None
    assert made.self_costs(parent).tolist() == [1] * len(rows)


def test_too_many_activations_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MOST_ACTIVATIONS", 5)
    tree, leaf = sampled([[0, 1], [1, 2], [0, 1]])
    tree = CallTree(
        tree.frames, tree.frame, tree.parent, tree.end, tree.self_cost, samples=Samples(leaf, np.ones(len(leaf)))
    )
    assert tree.in_time() is None
    monkeypatch.setattr(timeline, "MOST_ACTIVATIONS", 6)
    assert told(tree.in_time()) == [(0, 0, 1), (1, 0, 1), (2, 1, 2), (3, 1, 2), (0, 2, 3), (1, 2, 3)]


def told(made: Timeline | None) -> list[tuple[int, float, float]]:
    assert made is not None
    return list(zip(made.row.tolist(), made.start.tolist(), made.end.tolist(), strict=True))


def sampled(stacks: list[list[int]]) -> tuple[CallTree, np.ndarray[tuple[int], np.dtype[np.int32]]]:
    """The tree of stacks, and the row of each one's leaf."""
    tree = CallTree.of_stacks([(stack, [1.0]) for stack in stacks if stack], FRAMES)
    rows = {tuple(int(tree.frame[row]) for row in above(tree, leaf)): leaf for leaf in range(len(tree))}
    return tree, np.array([rows.get(tuple(stack), -1) for stack in stacks], np.int32)


def above(tree: CallTree, row: int) -> list[int]:
    """The rows from the root to this one."""
    path: list[int] = []
    while row >= 0:
        path.append(row)
        row = int(tree.parent[row])
    return path[::-1]


def test_a_graph_has_the_calls_of_its_tree() -> None:
    # 0 calls itself twice and 1 three times from within
    tree = CallTree.of_stacks([([0], [1.0]), ([0, 0], [1.0]), ([0, 0, 1], [1.0])], FRAMES)
    graph = tree.to_graph(np.array([1.0, 2.0, 3.0]))
    assert graph.calls is not None
    assert graph.calls.tolist() == [3, 3]
    assert graph.primitive_calls is not None
    assert graph.primitive_calls.tolist() == [1, 3]
    assert graph.arc_calls is not None
    assert graph.arc_calls.tolist() == [2, 3]
