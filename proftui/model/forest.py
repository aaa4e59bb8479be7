"""Call trees out of rows in any order that has callers before callees."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from proftui.model.arrays import Floats, Ids, grouped
from proftui.model.inclusive import sums
from proftui.model.tree import CallTree, Frames

Rows = npt.NDArray[np.intp]


def planted(frames: Frames, frame: Ids, parent: Ids, self_cost: Floats) -> CallTree:
    """The tree of rows whose `parent` (-1 for a root) comes before them; siblings of one frame become one row.

    Siblings keep the order of their first rows. One pass for each depth.
    """
    return rooted(frames, frame, parent, self_cost)[0]


def rooted(frames: Frames, frame: Ids, parent: Ids, self_cost: Floats) -> tuple[CallTree, Rows]:
    """As `planted`, and for each row that was given the row of the tree that it is in."""
    levels = _levels(parent)
    row = np.empty(len(frame), np.intp)
    merged_frame, merged_parent, count = [], [], 0
    for level in levels:
        above = parent[level]
        over = np.where(above < 0, -1, row[above])
        key = (over + 1) * (len(frames.function) + 1) + frame[level]
        first, which = _by_first(key, over)
        row[level] = count + which
        merged_frame.append(frame[level[first]])
        merged_parent.append(over[first])
        count += len(first)
    depths = np.cumsum([0] + [len(column) for column in merged_frame])
    tree, place = _in_preorder(
        frames, _joined(merged_frame), _joined(merged_parent), sums(row, self_cost, count), depths.tolist()
    )
    return tree, place[row]


def _joined(columns: Sequence[npt.NDArray[np.integer]]) -> Rows:
    return np.concatenate(columns).astype(np.intp) if columns else np.zeros(0, np.intp)


def _levels(parent: Ids) -> list[Rows]:
    """The rows of each depth, in ascending order."""
    depth = depths(parent)
    if not len(depth):
        return []
    narrow = depth.astype(np.uint16) if depth.max() < 1 << 16 else depth  # 16 bits are sorted by radix
    order = np.argsort(narrow, kind="stable")
    return np.split(order, np.cumsum(np.bincount(depth))[:-1])


def depths(parent: Ids) -> Rows:
    """How many rows lie above each row, by doubling the length of jumps towards the root."""
    depth = (parent >= 0).astype(np.intp)
    jump = np.append(parent, -1).astype(np.intp)  # -1 jumps to itself
    while True:
        further = np.append(depth, 0)[jump[:-1]]
        if not further.any():
            return depth
        depth = depth + further
        jump = jump[jump]


def _by_first(keys: npt.NDArray[np.integer], above: Rows) -> tuple[Rows, Rows]:
    """(where each distinct key is first, ordered by the row above and then by place; for each key which it is)."""
    first, which = grouped(keys)
    earliest = np.full(len(first), len(keys), np.intp)
    np.minimum.at(earliest, which, np.arange(len(keys)))
    order = np.lexsort((earliest, above[earliest]))
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order))
    return earliest[order], rank[which]


def _in_preorder(
    frames: Frames, frame: Rows, parent: Rows, self_cost: Floats, starts: list[int]
) -> tuple[CallTree, Rows]:
    """Rows that are ordered by depth, and by parent within, as a tree in preorder; and where each is in it."""
    count = len(frame)
    size = np.ones(count, np.intp)
    spans = [slice(begin, end) for begin, end in itertools.pairwise(starts)]
    for span in reversed(spans[1:]):
        np.add.at(size, parent[span], size[span])
    place = np.zeros(count, np.intp)
    for span in spans:
        before = np.cumsum(size[span]) - size[span]
        above = parent[span]
        if span.start == 0:
            place[span] = before
            continue
        begins = np.flatnonzero(np.diff(above, prepend=-1))
        lengths = np.diff(begins, append=len(above))
        place[span] = place[above] + 1 + before - np.repeat(before[begins], lengths)
    order = np.empty(count, np.intp)
    order[place] = np.arange(count)
    above = parent[order]
    tree = CallTree(
        frames=frames,
        frame=frame[order].astype(np.int32),
        parent=np.where(above < 0, -1, place[above]).astype(np.int32),
        end=(place + size)[order].astype(np.int32),
        self_cost=np.ascontiguousarray(self_cost[:, order]),
    )
    return tree, place
