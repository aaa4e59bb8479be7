"""Activations out of samples in the order of time."""

from __future__ import annotations

import numpy as np

from proftui.model import CallTree, Frames, Timeline

FRAMES = Frames(np.arange(3, dtype=np.int32), np.full(3, -1, np.int32))


def test_neighbouring_samples_are_in_one_activation() -> None:
    stacks = [[0], [0, 1], [0, 1], [], [0, 1], [0, 1, 2], [0, 2]]
    tree = CallTree.of_stacks([(stack, [1.0]) for stack in stacks if stack], FRAMES)
    rows = {(0,): 0, (0, 1): 1, (0, 1, 2): 2, (0, 2): 3}
    leaf = np.array([rows.get(tuple(stack), -1) for stack in stacks], np.int32)
    timeline = Timeline.of_samples(leaf, np.array([1, 1, 2, 1, 1, 1, 1.0]), tree.parent)
    assert list(zip(timeline.row.tolist(), timeline.start.tolist(), timeline.end.tolist(), strict=True)) == [
        (0, 0, 4), (1, 1, 4), (0, 5, 8), (1, 5, 7), (2, 6, 7), (3, 7, 8),
    ]  # fmt: skip


def test_of_no_samples_there_are_no_activations() -> None:
    none = np.zeros(0, np.int32)
    assert len(Timeline.of_samples(none, np.zeros(0), none)) == 0


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
