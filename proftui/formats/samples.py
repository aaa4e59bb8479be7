"""Stacks that were sampled one after the other, for formats that list every sample."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from proftui.errors import Malformed
from proftui.model import CallTree, Floats, Frames, Timeline

MOST_ROWS = 10_000_000
"""Calling contexts that one thread may have."""

ROOT = -1
"""What lies above the outermost frame of a stack."""


class Samples:
    """Grows sample by sample: those of one thread or process, in the order in which they were taken.

    A sample is a leaf, the row of a calling context, and `width` numbers, whatever the format gives for it.
    """

    __slots__ = ("_frame", "_leaves", "_parent", "_rows", "_values", "_width")

    def __init__(self, width: int) -> None:
        self._width = width
        self._rows: dict[int, int] = {}
        self._parent, self._frame, self._leaves = array("i"), array("i"), array("i")
        self._values = array("d")

    def __len__(self) -> int:
        """How many samples there are."""
        return len(self._leaves)

    @property
    def contexts(self) -> int:
        """How many calling contexts there are."""
        return len(self._parent)

    def row(self, stack: Iterable[int], above: int = ROOT) -> int:
        """The context that frames, the outermost first, make below the context `above`; made where it is new."""
        rows = self._rows
        for frame in stack:
            key = above << 32 | frame
            below = rows.get(key)
            if below is None:
                below = rows[key] = len(self._parent)
                self._parent.append(above)
                self._frame.append(frame)
            above = below
        if len(self._parent) > MOST_ROWS:
            raise Malformed(f"has more than {MOST_ROWS:,} different calling contexts")
        return above

    def add(self, leaf: int, values: Iterable[float]) -> None:
        """Take up a sample of a row, which is not ROOT."""
        self._leaves.append(leaf)
        self._values.extend(values)

    def values(self) -> Floats:
        """width x k: the numbers of the k samples."""
        values: Floats = np.array(self._values).reshape(-1, self._width).T
        return values

    def tree(self, frames: Frames, costs: Iterable[Floats], weight: Floats | None = None) -> CallTree:
        """The tree, with what each of the k samples costs in each metric.

        With `weight`, k, in units of the first cost, it has a timeline, of the samples that weigh anything.
        """
        frame, parent = np.array(self._frame, np.int32), np.array(self._parent, np.int32)
        leaves = np.array(self._leaves, np.int32)
        rows = np.arange(len(frame), dtype=np.float64)
        tree = CallTree.of_rows(frames, frame, parent, rows[None])
        order = tree.self_cost[0].astype(np.intp)
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        timeline = None
        if weight is not None:
            weighs = weight > 0
            timeline = Timeline.of_samples(place[leaves[weighs]], weight[weighs], tree.parent)
        self_cost: Floats = np.stack([np.bincount(leaves, cost, len(frame)).astype(np.float64) for cost in costs])
        return replace(tree, self_cost=self_cost[:, order], timeline=timeline)
