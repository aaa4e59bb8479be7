"""The stacks of a file, one after the other, and the parts of the threads that they are of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed
from proftui.formats.deep_trees import deeply_rooted
from proftui.formats.folded.owners import Owner
from proftui.formats.folded.parts import MOST_PARTS, NO_STACK
from proftui.formats.in_time import samples_at
from proftui.formats.pyinstrument.frames import FrameTable, Identity
from proftui.model import Floats, Frames, Functions, Part

MOST_ROWS = 5_000_000
"""Calling contexts that a file may have."""

MOST_SECONDS = 2.0**53 / 1e9


class Stacks:
    """Grows frame by frame and time by time.

    A row is a calling context. What is above the outermost ones is the number of an owner, below zero.
    """

    def __init__(self, table: FrameTable) -> None:
        self._table = table
        self._rows: dict[int, int] = {}  # by what is above, shifted, and the frame
        self._owners: dict[Owner, int] = {}
        self._owner: list[int] = []
        self._leaf: list[int] = []
        self._seconds: list[float] = []

    @cached_property
    def _no_stack(self) -> int:
        """The frame of what has none."""
        return self._table.of(Identity(NO_STACK.decode()), [])

    def of(self, owner: Owner) -> int:
        """What is above the outermost rows of an owner. Raises Malformed for too many of them."""
        if len(self._owners) == MOST_PARTS and owner not in self._owners:
            raise Malformed(f"names more than {MOST_PARTS:,} threads")
        return ~self._owners.setdefault(owner, len(self._owners))

    def row(self, above: int, frame: int) -> int:
        """The row of a frame of the table below what is above it. Raises Malformed for too many of them."""
        row = self._rows.setdefault(above << 32 | frame, len(self._rows))
        if row == len(self._owner):
            if row == MOST_ROWS:
                raise Malformed(f"has more than {MOST_ROWS:,} different calling contexts")
            self._owner.append(~above if above < 0 else self._owner[above])
        return row

    def spend(self, row: int, seconds: float) -> None:
        """Let time pass in a row, after all that passed before. Raises Malformed for a time that cannot be."""
        if not 0 <= seconds <= MOST_SECONDS:
            raise Malformed("a time is below zero or too large")
        if row < 0:
            row = self.row(row, self._no_stack)
        self._leaf.append(row)
        self._seconds.append(seconds)

    def parts(self, name: str, *, ordered: bool) -> tuple[Functions, tuple[Part, ...]]:
        """A part for each owner, what is nobody's by the `name` of the file; with time lines if time is `ordered`."""
        ids, which = self._table.frames()
        frames = ids.frames()
        at = np.rint(np.cumsum([0.0, *self._seconds]) * 1e9)
        if at[-1] > 2.0**53:
            raise Malformed("the times add up to too much")
        return ids.functions(), tuple(self._parts(name, frames, which, at, ordered=ordered))

    def _parts(
        self, name: str, frames: Frames, which: npt.NDArray[np.int32], at: Floats, *, ordered: bool
    ) -> Iterator[Part]:
        keys = np.array(list(self._rows), np.int64)
        above, frame, owner = keys >> 32, which[keys & 0xFFFFFFFF], np.array(self._owner, np.int64)
        leaf = np.array(self._leaf, np.int64)
        place = np.empty(len(above), np.int64)
        samples = _by_owner(owner[leaf], len(self._owners))
        for whose, rows, times in zip(self._owners, _by_owner(owner, len(self._owners)), samples, strict=True):
            if not len(rows):
                continue
            place[rows] = np.arange(len(rows))
            parent = np.where(above[rows] < 0, -1, place[np.maximum(above[rows], 0)]).astype(np.int32)
            cost: Floats = np.bincount(place[leaf[times]], at[times + 1] - at[times], len(rows)).astype(np.float64)[
                None
            ]
            tree, row = deeply_rooted(frames, frame[rows], parent, cost)
            if ordered:
                leaves = row[place[leaf[times]]].astype(np.int32)
                tree = replace(tree, samples=samples_at(leaves, at[times], at[times + 1]))
            yield Part(whose.label or name, tree.to_graph(), (0,), whose.kind, whose.pid, whose.tid, tree)


def _by_owner(owner: npt.NDArray[np.int64], owners: int) -> list[npt.NDArray[np.intp]]:
    """For each owner the indices of what is its, in order."""
    order = np.argsort(owner, kind="stable")
    return np.split(order, np.cumsum(np.bincount(owner, minlength=owners))[:-1]) if owners else []
