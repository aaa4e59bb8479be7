"""The stacks of samples, each different one once, and the trees of them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace

import numpy as np

from proftui.errors import Malformed
from proftui.formats.pprof.drop import Kinds, shortened
from proftui.formats.pprof.locations import Locations
from proftui.formats.pprof.wire import Places
from proftui.model import CallTree, Floats, Functions, Ids, grouped
from proftui.model.forest import rooted
from proftui.model.inclusive import sums

MOST_DEPTH = 30_000
"""Frames that a stack may have."""

MOST_ROWS = 1 << 25
"""Calling contexts that a profile may have."""

MOST_FIGURES = 1 << 26
"""Calling contexts times sample types."""

_TOO_MUCH = f"holds more than {MOST_ROWS:,} calling contexts, or too much of each"

_SIZE = 4
"""Bytes of a location in a stack."""


class Stacks:
    """Grows by samples. A stack is the locations from root to leaf, below whose it is: a location behind all others."""

    def __init__(self, locations: Locations, metrics: int, kinds: Kinds | None = None) -> None:
        """`kinds` tells of each location what is dropped."""
        self._locations = locations
        self._kinds = kinds
        self._metrics = metrics
        self._known: defaultdict[bytes, int] = defaultdict(itertools.count().__next__)
        self._cost = np.zeros((metrics, 1 << 10))

    def add(self, owner: Places, location: Places, count: Places, values: Floats) -> None:
        """N samples: whose each is, how many of the locations (leaf first, sample by sample) it has, M x N values."""
        if len(count) and int(count.max()) >= MOST_DEPTH:
            raise Malformed(f"a stack has more than {MOST_DEPTH:,} frames")
        last = np.cumsum(count + 1) - 1
        whole = np.empty(len(location) + len(count), np.int32)
        whole[last - count] = len(self._locations) + owner
        from_leaf = np.arange(len(location)) - np.repeat(np.cumsum(count) - count, count)
        whole[np.repeat(last, count) - from_leaf] = location
        raw, bounds, known = whole.tobytes(), [0, *((last + 1) * whole.itemsize).tolist()], self._known
        found = (known[raw[begin:stop]] for begin, stop in itertools.pairwise(bounds))
        self._count(np.fromiter(found, np.int32, len(count)), values)

    def _count(self, which: Ids, values: Floats) -> None:
        """Add the values of samples to what their stacks cost."""
        if len(self._known) * self._metrics > MOST_FIGURES:
            raise Malformed(_TOO_MUCH)
        if len(self._known) > self._cost.shape[1]:
            grown = np.zeros((self._metrics, 2 * len(self._known)))
            grown[:, : self._cost.shape[1]] = self._cost
            self._cost = grown
        for cost, value in zip(self._cost, values, strict=True):
            np.add.at(cost, which, value)

    def trees(self, owners: int) -> tuple[Functions, list[CallTree]]:
        """The functions, and the tree of each owner; those beyond that many are the last one. Raises Malformed."""
        if not self._known:
            none, nothing = np.zeros(0, np.int32), np.zeros((self._metrics, 0))
            return self._locations.functions, [CallTree(self._locations.frames, none, none, none, nothing)]
        locations = self._locations.with_owners(owners)
        location, parent, cost = self._rows(locations, self._cost[:, : len(self._known)])
        count = locations.count[location]
        if int(count.sum()) > MOST_ROWS or int(count.sum()) * self._metrics > MOST_FIGURES:
            raise Malformed(_TOO_MUCH)
        last = np.cumsum(count) - 1
        from_leaf = np.repeat(last, count) - np.arange(int(count.sum()))
        frame = locations.frame[np.repeat(locations.start[location], count) + from_leaf]
        above = np.arange(-1, len(frame) - 1)
        above[last - count + 1] = np.where(parent < 0, -1, last[parent])
        own = np.zeros((self._metrics, len(frame)))
        own[:, last] = cost
        whole, place = rooted(locations.frames, frame, above.astype(np.int32), own)
        roots = place[last[parent < 0]]
        roots = roots[np.argsort(location[parent < 0])]
        functions, frames = self._locations.functions, self._locations.frames
        if whole.self_cost[:, roots].any():
            functions, frames = self._locations.with_no_stack()
        whole = replace(whole, frames=frames)
        return functions, [_below(whole, root, self._locations.no_stack) for root in roots.tolist()]

    def _rows(self, locations: Locations, cost: Floats) -> tuple[Places, Places, Floats]:
        """The location, the row above and the cost of each calling context, one depth after the other."""
        length = np.fromiter(map(len, self._known), np.int64, len(self._known)) // _SIZE
        flat = np.minimum(np.frombuffer(b"".join(self._known), np.int32), len(locations) - 1)
        self._known.clear()  # the stacks are in memory only once
        starts = np.cumsum(length) - length
        if len(flat) and int(np.add.reduceat(locations.count[flat], starts).max()) > MOST_DEPTH:
            raise Malformed(f"a stack has more than {MOST_DEPTH:,} frames, with those that are inlined")
        if self._kinds is not None and len(flat):
            length = shortened(self._kinds, flat.astype(np.int64), starts, length)
        by_length = np.argsort(length, kind="stable")
        shorter = np.cumsum(np.bincount(length, minlength=1)).tolist()
        row = np.full(len(length), -1, np.int64)
        location_of, parent_of, count = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
        for depth in range(len(shorter) - 1):
            deep = by_length[shorter[depth] :]
            location, above = flat[starts[deep] + depth], row[deep]
            one, which = grouped((above + 1) * len(locations) + location)
            location_of.append(location[one].astype(np.int64))
            parent_of.append(above[one])
            row[deep] = count + which
            count += len(one)
        return np.concatenate(location_of), np.concatenate(parent_of), sums(row, cost, count)


def _below(whole: CallTree, root: int, no_stack: int) -> CallTree:
    """What is below a root; what that costs itself has no stack."""
    cost = whole.self_cost[:, root : root + 1]
    rows = slice(root + 1, int(whole.end[root]))
    size = rows.stop - rows.start
    alone = np.full(int(cost.any()), no_stack, np.int32)
    return CallTree(
        whole.frames,
        np.concatenate([whole.frame[rows], alone]),
        np.concatenate([np.maximum(whole.parent[rows] - rows.start, -1), np.full(len(alone), -1)]).astype(np.int32),
        np.concatenate([whole.end[rows] - rows.start, np.full(len(alone), size + 1)]).astype(np.int32),
        np.concatenate([whole.self_cost[:, rows], cost[:, : len(alone)]], axis=1),
    )
