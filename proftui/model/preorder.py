"""The preorder of rows that come in order of appearance."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from proftui.model.arrays import Ids
from proftui.model.forest import depths

Places = npt.NDArray[np.int64]

BROAD = 16
"""Trees with at least so many rows at a depth, on average, are worked on depth by depth, and others row by row."""


def preorder(parent: Ids, owner: npt.NDArray[np.integer]) -> tuple[Ids, Ids]:
    """N each: the rows in preorder; how many rows the subtree of each row has, by row.

    Each row's `parent` (-1 for a root) comes before it. Roots are ordered by their `owner`, siblings as they come.
    """
    count = len(parent)
    if not count:
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    depth = depths(parent)
    if (int(depth.max()) + 1) * BROAD <= count:
        by_depth = np.argsort(depth.astype(np.uint16) if depth.max() < 1 << 16 else depth, kind="stable")
        ends = np.cumsum(np.bincount(depth)).tolist()
        levels = [by_depth[begin:end] for begin, end in itertools.pairwise(ends)]
        size = np.ones(count, np.int64)
        for level in reversed(levels):
            np.add.at(size, parent[level], size[level])
        place = _behind_siblings(parent, owner, size)
        for level in levels:
            place[level] += place[parent[level]] + 1
    else:
        size = _sizes(parent.tolist())
        place = _places(parent.tolist(), _behind_siblings(parent, owner, size).tolist())
    order = np.empty(count, np.int32)
    order[place] = np.arange(count, dtype=np.int32)
    return order, size.astype(np.int32)


def _sizes(parent: list[int]) -> Places:
    size = [1] * (len(parent) + 1)  # the last one is what -1 means
    for row in range(len(parent) - 1, -1, -1):
        size[parent[row]] += size[row]
    return np.array(size[:-1], np.int64)


def _places(parent: list[int], place: list[int]) -> Places:
    for row, above in enumerate(parent):
        if above >= 0:
            place[row] += place[above] + 1
    return np.array(place, np.int64)


def _behind_siblings(parent: Ids, owner: npt.NDArray[np.integer], size: Places) -> Places:
    """N: how many rows the siblings before each row have below and with them; for roots, the roots before."""
    family = np.where(parent < 0, owner.astype(np.int64), parent + int(owner.max()) + 1)
    siblings = np.argsort(family, kind="stable")
    taken = np.cumsum(size[siblings]) - size[siblings]
    eldest = np.concatenate([[True], np.diff(family[siblings]) > 0]) & (parent[siblings] >= 0)
    eldest[0] = True
    lengths = np.diff(np.flatnonzero(np.append(eldest, True)))
    before = np.empty(len(parent), np.int64)
    before[siblings] = taken - np.repeat(taken[eldest], lengths)
    return before
