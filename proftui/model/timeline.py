"""What ran when, for formats that keep the order of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proftui.model.arrays import Floats, Ids

MOST_ACTIVATIONS = 20_000_000
"""More than that are not kept: samples of deep stacks, each unlike the one before, can make up any number of them."""

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Timeline:
    """A activations of a tree's rows: calls that were traced, or what consecutive samples have in common.

    row           A: the row of the tree; an activation lies within one of that row's parent
    start, end    A: in stored units of the tree's first metric, since the earliest start of the profile.
                  Starts ascend; of equal starts the outer one comes first
    details       what else is known of single activations, such as the arguments of a call
    detail        A: index into `details`, -1 for none
    gaps          whether time passes in which nothing ran; else starts are sums of what was sampled before
    """

    row: Ids
    start: Floats
    end: Floats
    details: tuple[str, ...] = ()
    detail: Ids | None = None
    gaps: bool = True

    def __len__(self) -> int:
        return len(self.row)

    def enclosing(self, parent: Ids) -> Places:
        """A: the activation that each lies in, -1 for none: the last one before it of the row above.

        `parent` is that of the tree's rows.
        """
        size = len(self)
        at = np.arange(size)
        keys = np.sort(self.row.astype(np.int64) * size + at)
        above = parent[self.row].astype(np.int64)
        found = keys[np.searchsorted(keys, above * size + at) - 1] if size else keys
        return np.where((above >= 0) & (found // max(size, 1) == above), found % max(size, 1), -1)

    def self_costs(self, parent: Ids) -> Floats:
        """What the rows of a tree spend themselves in these activations."""
        spent = self.end - self.start
        above = self.enclosing(parent)
        inside = np.bincount(above + 1, spent, len(self) + 1)[1:]
        return np.bincount(self.row, spent - inside, len(parent)).astype(np.float64, copy=False)

    @classmethod
    def of_samples(cls, leaf: Ids, weight: Floats, parent: Ids) -> Timeline | None:
        """From the leaves (-1 for no stack) and weights of N samples in order, one after the other.

        `parent` is that of the tree's rows, in preorder. Neighbouring samples are in one activation of each row that
        both are in. None where these are more than MOST_ACTIVATIONS.
        """
        crossed = _crossed(leaf, parent)
        if crossed is None:
            return None
        at = np.concatenate([[0.0], np.cumsum(weight)])
        size = len(at)
        opened, closed = (np.sort(keys) for keys in crossed)  # the activations of one row do not overlap
        begin = opened % size
        order = np.lexsort((opened, begin))
        row = (opened[order] // size).astype(np.int32)
        return cls(row, at[begin[order]], at[closed[order] % size], gaps=False)


@dataclass(frozen=True, eq=False)
class Samples:
    """N samples in order, one after the other: the row of each one's leaf, -1 for no stack, and what it weighs."""

    leaf: Ids
    weight: Floats


def _crossed(leaf: Ids, parent: Ids) -> tuple[Places, Places] | None:
    """What begins and what ends between two samples, as row * (N + 1) + how many samples are before.

    In preorder, of two rows that are not the same the later one is not above the other: going up from whichever is
    later, both meet at the innermost row that they have in common.
    """
    before = np.concatenate([[-1], leaf]).astype(np.int32)
    after = np.concatenate([leaf, [-1]]).astype(np.int32)
    size = len(before)
    at = np.flatnonzero(before != after)
    before, after = before[at], after[at]
    opened, closed, count = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    while len(at):
        begins, ends = after > before, before > after
        opened.append(after[begins].astype(np.int64) * size + at[begins])
        closed.append(before[ends].astype(np.int64) * size + at[ends])
        count += len(opened[-1])
        if count > MOST_ACTIVATIONS:
            return None
        after, before = np.where(begins, parent[after], after), np.where(ends, parent[before], before)
        apart = before != after
        at, before, after = at[apart], before[apart], after[apart]
    return np.concatenate(opened), np.concatenate(closed)
