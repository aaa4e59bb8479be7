"""Trees planted from rows: preorder, equal siblings merged."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from proftui.model import Frames
from proftui.model.forest import depths, planted

rows = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 3), st.integers(0, 9)), max_size=60)


@given(rows)
def test_planted_as_dictionaries_have_it(rows: list[tuple[int, int, int]]) -> None:
    """Each row's parent is -1 or one before it; the stacks and their costs are those of a walk with dictionaries."""
    parent = [where % (row + 1) - 1 for row, (where, _, _) in enumerate(rows)]
    paths: list[tuple[int, ...]] = []
    costs: Counter[tuple[int, ...]] = Counter()
    for above, (_, frame, cost) in zip(parent, rows, strict=True):
        paths.append(((*paths[above], frame)) if above >= 0 else (frame,))
        costs[paths[-1]] += cost
    frames = Frames(np.arange(4, dtype=np.int32), np.full(4, -1, np.int32))
    tree = planted(
        frames, np.array([frame for _, frame, _ in rows], np.int32), np.array(parent, np.int32),
        np.array([[float(cost) for _, _, cost in rows]]),
    )  # fmt: skip
    seen: list[tuple[int, ...]] = []
    for frame, above in zip(tree.frame.tolist(), tree.parent.tolist(), strict=True):
        seen.append(((*seen[above], frame)) if above >= 0 else (frame,))
    assert len(seen) == len(set(seen)) == len(set(paths))
    assert dict(zip(seen, tree.self_cost[0].tolist(), strict=True)) == {path: costs[path] for path in set(paths)}
    assert seen == list(dict.fromkeys(seen))
    for row, end in enumerate(tree.end.tolist()):
        inside = {at for at, path in enumerate(seen) if path[: len(seen[row])] == seen[row]}
        assert inside == set(range(row, end))
    assert depths(np.array(parent, np.int32)).tolist() == [len(path) - 1 for path in paths]


def test_siblings_keep_the_order_of_their_first_rows() -> None:
    frames = Frames(np.arange(3, dtype=np.int32), np.full(3, -1, np.int32))
    tree = planted(
        frames, np.array([2, 1, 2, 0, 1], np.int32), np.array([-1, -1, -1, 2, 0], np.int32),
        np.array([[1.0, 2.0, 4.0, 8.0, 16.0]]),
    )  # fmt: skip
    assert tree.frame.tolist() == [2, 0, 1, 1]
    assert tree.parent.tolist() == [-1, 0, 0, -1]
    assert tree.end.tolist() == [3, 2, 3, 4]
    assert tree.self_cost.tolist() == [[5.0, 8.0, 16.0, 2.0]]
