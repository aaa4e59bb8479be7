"""The calling contexts in a file's lines, each once: what lines have in common at their beginning is read once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from proftui.errors import Malformed
from proftui.formats.folded.counts import COUNT, SEPARATOR, counted, is_remark
from proftui.model import CallTree, Floats, Frames
from proftui.model.inclusive import sums

MOST_ROWS = 10_000_000
"""Contexts that a file may have; each takes some 200 bytes while it is read."""

NOWHERE = -1
"""The context of a count that stands alone, and what the first frame of a stack lies below."""

_SEGMENT = 128


class Contexts:
    """Grows line by line; `columns` is how many counts end a line, 1 or 2.

    frames    the distinct texts of frames, numbered in order
    lines     how many lines there were
    skipped   how many of them end in no count, though they are no remarks; `first_skipped` is the number of one
    remarks   how many different stacks look like remarks
    uneven    a line ends in fewer counts than `columns`

    A context is known by the bytes of the line up to the end of its frame, so that a line costs one look-up and one
    more for each context that is new. Long lines would have too many such bytes. There a context is known by
    the one before the last ";" of the first _SEGMENT bytes, and by the bytes from there on; and so on.
    """

    def __init__(self, columns: int = 1) -> None:
        self.columns = columns
        self.frames: dict[bytes, int] = {}
        self.lines = self.skipped = self.first_skipped = self.remarks = 0
        self.uneven = False
        self._known: dict[int, dict[bytes, int]] = {NOWHERE: {}}
        self._parent = array("i")
        self._frame = array("i")
        self._leaves = array("i")
        self._counts = array("d")
        self._values: dict[bytes, float] = {}

    def add(self, lines: Iterable[bytes]) -> None:
        """Take up lines, which have no line ends. Raises Malformed for more contexts than MOST_ROWS."""
        values, known, leaves, counts = self._values, self._known[NOWHERE], self._leaves, self._counts
        for line in lines:
            self.lines += 1
            stack, _, text = line.rpartition(b" ")
            value = values.get(text)
            if value is None:
                self._add_unlike(line, text)
                continue
            leaf = known.get(stack)
            leaves.append(self._leaf(stack) if leaf is None else leaf)
            counts.append(value)

    def _add_unlike(self, line: bytes, text: bytes) -> None:
        """Take up a line whose last word, `text`, was not the count of an earlier one."""
        last = counted(line)
        if last is None:
            if not is_remark(line):
                self.skipped += 1
                self.first_skipped = self.first_skipped or self.lines
            return
        stack, count = last
        found = [count]
        if self.columns > 1:
            before = counted(stack)
            if before is None:
                self.uneven = True
                return
            stack = before.stack
            found.append(before.amount)
        elif COUNT.fullmatch(text):
            self._values[text] = count
        self._leaves.append(self._leaf(stack))
        self._counts.extend(found)

    def _leaf(self, stack: bytes) -> int:
        """The context of a whole stack, made where it is new."""
        if not stack or stack.isspace():
            return NOWHERE
        row, at = NOWHERE, 0
        while len(stack) - at > _SEGMENT:
            cut = stack.rfind(SEPARATOR, at, at + _SEGMENT + 1)
            if cut < 0:
                cut = stack.find(SEPARATOR, at)
            if cut < 0:
                break
            row, at = self._below(row, stack[at:cut]), cut + 1
        before = len(self._parent)
        leaf = self._below(row, stack[at:])
        if leaf >= before:
            self.remarks += stack.startswith(b"#")
            if leaf >= MOST_ROWS:
                raise Malformed(f"has more than {MOST_ROWS:,} different calling contexts", f"line {self.lines}")
        return leaf

    def _below(self, row: int, frames: bytes) -> int:
        """The context that ends in the last of some frames below a context that begins a segment."""
        known = self._known.get(row)
        if known is None:
            known = self._known[row] = {}
        found = known.get(frames)
        if found is not None:
            return found
        unknown = [frames]
        at = frames.rfind(SEPARATOR)
        while at >= 0:
            beginning = frames[:at]
            found = known.get(beginning)
            if found is not None:
                row = found
                break
            unknown.append(beginning)
            at = frames.rfind(SEPARATOR, 0, at)
        texts, add_parent, add_frame, size = self.frames, self._parent.append, self._frame.append, len(self._parent)
        for beginning in reversed(unknown):
            add_parent(row)
            add_frame(texts.setdefault(beginning[at + 1 :], len(texts)))
            known[beginning] = row = size
            size, at = size + 1, len(beginning)
        return row

    def finished(self) -> tuple[CallTree, Floats]:
        """The tree, whose frames have the texts' numbers for functions; and what was counted without a stack.

        One row of cost for each column, the last column first. No line can be added behind that.
        """
        self._known = {}
        leaves = np.frombuffer(self._leaves, np.int32) if self._leaves else np.zeros(0, np.int32)
        counts = np.array(self._counts).reshape(-1, self.columns).T
        costs = sums(leaves - NOWHERE, counts, len(self._parent) + 1)
        texts = np.arange(len(self.frames), dtype=np.int32)
        frame, parent = np.array(self._frame, np.int32), np.array(self._parent, np.int32)
        tree = CallTree.of_rows(Frames(texts, np.full_like(texts, -1)), frame, parent, costs[:, 1:])
        return tree, costs[:, 0]
