"""The preorder of rows that come in order of appearance."""

from __future__ import annotations

import itertools

import numpy as np

from proftui.model.arrays import Ids
from proftui.model.forest import depths


def preorder(parent: Ids, owner: Ids) -> tuple[Ids, Ids]:
    """N each: the rows in preorder, and the size of each of these rows' subtrees, in that order.

    Each row's `parent` (-1 for a root) comes before it. Roots are ordered by their `owner`, siblings as they come.
    """
    size = len(parent)
    if not size:
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    depth = depths(parent)
    by_depth = np.argsort(depth, kind="stable")
    starts = np.cumsum(np.bincount(depth))
    levels = [by_depth[begin:end] for begin, end in itertools.pairwise([0, *starts.tolist()])]
    rows = np.ones(size, np.int64)
    for level in reversed(levels[1:]):
        np.add.at(rows, parent[level], rows[level])
    # siblings stand together in this order: a row's place among them is what those before it take
    family = np.where(parent < 0, owner.astype(np.int64), parent + int(owner.max()) + 1)
    siblings = np.argsort(family, kind="stable")
    taken = np.cumsum(rows[siblings]) - rows[siblings]
    eldest = np.concatenate([[True], np.diff(family[siblings]) > 0]) & (parent[siblings] >= 0)
    eldest[0] = True
    lengths = np.diff(np.flatnonzero(np.append(eldest, True)))
    before = np.empty(size, np.int64)
    before[siblings] = taken - np.repeat(taken[eldest], lengths)
    place = before
    for level in levels[1:]:
        place[level] += place[parent[level]] + 1
    order = np.empty(size, np.int32)
    order[place] = np.arange(size, dtype=np.int32)
    return order, rows[order].astype(np.int32)
