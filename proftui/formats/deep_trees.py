"""Call trees that may be small or deep, out of rows in caller-before-callee order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from proftui.model import CallTree, Floats, Frames, Ids
from proftui.model.forest import Rows, depths, rooted
from proftui.model.inclusive import sums

_WIDE = 200
"""Rows a depth from which on a pass for each depth is the faster way."""


def deeply_rooted(frames: Frames, frame: Ids, parent: Ids, self_cost: Floats) -> tuple[CallTree, Rows]:
    """As `rooted`, but in time that does not grow with the depth of the tree."""
    if not len(parent) or len(parent) > _WIDE * (depths(parent).max() + 1):
        return rooted(frames, frame, parent, self_cost)
    known: dict[tuple[int, int], int] = {}
    which: list[int] = []
    for own, above in zip(frame.tolist(), parent.tolist(), strict=True):
        which.append(known.setdefault((which[above] if above >= 0 else -1, own), len(known)))
    columns: npt.NDArray[np.int32] = np.array(list(known), np.int32).reshape(-1, 2)
    row = np.array(which, np.intp)
    cost = np.concatenate([sums(row, self_cost, len(known)), np.arange(len(known), dtype=np.float64)[None]])
    tree = CallTree.of_rows(frames, columns[:, 1], columns[:, 0], cost)
    order = tree.self_cost[-1].astype(np.intp)
    place = np.empty(len(order), np.intp)
    place[order] = np.arange(len(order))
    return CallTree(frames, tree.frame, tree.parent, tree.end, tree.self_cost[:-1]), place[row]
