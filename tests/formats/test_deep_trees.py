"""The tree of deep rows is that of `rooted`, row for row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proftui.formats import deep_trees
from proftui.formats.deep_trees import deeply_rooted
from proftui.model import Frames
from proftui.model.forest import rooted

ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 10**6), st.integers(0, 9)), min_size=1, max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_deep_trees_are_those_of_rows(monkeypatch: pytest.MonkeyPatch, rows: list[tuple[int, int, int]]) -> None:
    monkeypatch.setattr(deep_trees, "_WIDE", 1_000)
    frames = Frames(np.arange(3, dtype=np.int32), np.full(3, -1, np.int32))
    frame = np.array([frame for frame, _, _ in rows], np.int32)
    parent = np.array([above % (row + 1) - 1 for row, (_, above, _) in enumerate(rows)], np.int32)
    cost = np.array([[cost for _, _, cost in rows], [1] * len(rows)], np.float64)
    deep, deep_place = deeply_rooted(frames, frame, parent, cost)
    wide, wide_place = rooted(frames, frame, parent, cost)
    paths = [stacks_of(tree.parent.tolist(), tree.frame.tolist()) for tree in (deep, wide)]
    assert sorted(paths[0]) == sorted(paths[1])
    assert [paths[0][row] for row in deep_place] == [paths[1][row] for row in wide_place]
    made = list(zip(paths, (deep, wide), strict=True))
    costs = [dict(zip(path, tree.self_cost.T.tolist(), strict=True)) for path, tree in made]
    assert costs[0] == costs[1]
    inclusive = [dict(zip(path, tree.inclusive()[0].tolist(), strict=True)) for path, tree in made]
    assert inclusive[0] == inclusive[1]


def stacks_of(parent: list[int], frame: list[int]) -> list[tuple[int, ...]]:
    """The frames of each row from root to leaf."""
    found: list[tuple[int, ...]] = []
    for above, own in zip(parent, frame, strict=True):
        found.append((*(found[above] if above >= 0 else ()), own))
    return found
