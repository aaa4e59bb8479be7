"""Which frame called which, by how their boxes lie above each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from proftui.errors import Malformed
from proftui.formats.svg.boxes import Box

MOST_ROWS = 10_000

_SLACK = 0.0002
"""Share of the width by which boxes may lie beside what they lie on: 0.2 of 1,180 pixels, as widths are rounded."""

_GAP = 0.7
"""Units of the picture by which proftui draws boxes narrower than they are, but for the thinnest."""


class Nested:
    """Boxes with callers before callees; `parent` is -1 for a root. Raises Malformed for boxes that lie on none.

    left     of each box, what its callees do not have: its own
    without  what was counted without a frame: the own of the box of everything, which is left out
    unsound  boxes whose callees have more than themselves
    """

    def __init__(self, boxes: Sequence[Box]) -> None:
        self.boxes: list[Box] = []
        self.parent: list[int] = []
        self.left: list[float] = []
        self.without = 0.0
        rows = _rows(boxes)
        if len(rows) > MOST_ROWS:
            raise Malformed(f"has more than {MOST_ROWS:,} rows of frames")
        bottom = rows.pop(0) if len(boxes) > 1 and _is_everything(rows[0]) else []
        start, end = min(box.x for box in boxes), max(box.end for box in boxes)
        self._slack = _SLACK * (end - start) if boxes[0].frame.counted else _GAP
        below = range(0)
        for row in rows:
            below = self._placed(row, below)
        if bottom:
            self.without = bottom[0].frame.amount - sum(box.frame.amount for box in rows[0])
        self.unsound = sum(left < 0 for left in self.left)
        self.left = [max(left, 0.0) for left in self.left]

    def _placed(self, row: Sequence[Box], below: range) -> range:
        """Put a row on the boxes at `below`, both from left to right; the numbers of its boxes. Raises Malformed."""
        first, at = len(self.boxes), below.start
        for box in row:
            parent = -1
            if first:
                at = self._under(box, at, below.stop)
                parent = at
                self.left[parent] -= box.frame.amount
            self.boxes.append(box)
            self.parent.append(parent)
            self.left.append(box.frame.amount)
        return range(first, len(self.boxes))

    def _under(self, box: Box, at: int, stop: int) -> int:
        """The number of the box that a box lies on, from `at` on; where edges are rounded, one with enough left."""
        middle = (box.x + box.end) / 2
        while at + 1 < stop and self.boxes[at].end < middle and self.boxes[at + 1].x <= middle:
            at += 1
        below = self.boxes[at]
        if not below.x - self._slack <= middle <= below.end + self._slack:
            raise Malformed("a frame lies on no other")
        further = at + 1 < stop and self.boxes[at + 1].x <= box.x + self._slack
        return at + 1 if further and self.left[at] < box.frame.amount <= self.left[at + 1] else at


def _rows(boxes: Sequence[Box]) -> list[list[Box]]:
    """The boxes by rows, those without a caller first, and in a row from left to right."""
    ordered = sorted(boxes, key=lambda box: (box.y, box.x, box.end))
    rows = [list(row) for _, row in groupby(ordered, key=lambda box: box.y)]
    if rows[0][0].frame.counted and _upright(rows[0], rows[-1]):  # proftui's flames grow downwards
        rows.reverse()
    return rows


def _upright(top: Sequence[Box], bottom: Sequence[Box]) -> bool:
    """Whether flames grow upwards: all else lies on what is at the bottom, or that is wider."""
    if _is_everything(top) != _is_everything(bottom):
        return _is_everything(bottom)
    above, below = (sum(box.frame.amount for box in row) for row in (top, bottom))
    return above < below


def _is_everything(row: Sequence[Box]) -> bool:
    return len(row) == 1 and row[0].frame.everything
