"""The lines of a block: where they are, and which of them hold costs."""

from __future__ import annotations

import numpy as np

from proftui.formats.callgrind.digits import PAD, Block, Places

_COST, _NAME, _OTHER, _BLANK = range(4)
_KIND = np.full(256, _OTHER, np.uint8)
_KIND[list(b"0123456789+-*")] = _COST
_KIND[list(b"fcojr")] = _NAME
_KIND[ord("\n")] = _BLANK


class Lines:
    """The n lines of a block. Every byte up to the space ends a token: lines of costs hold no other controls.

    start, end   n: offsets of the first byte and of the newline
    separator    the offsets of all bytes that end a token
    last         n: the places in `separator` of the newlines
    before       n: the places of the newlines before each line: line i has those after before[i] up to last[i]
    rest         the lines that do not begin as a line of costs does
    named        places in `rest` of those that begin as names, calls and jumps do
    other        lines that begin as nothing known; empty ones are neither
    """

    def __init__(self, raw: bytes) -> None:
        self.block = Block(raw)
        byte = self.block.byte
        inner = byte[PAD:-PAD]
        self.separator = np.flatnonzero(inner <= 32)
        self.last = np.flatnonzero(byte.take(self.separator + PAD) == 10)
        self.before = np.empty_like(self.last)
        self.before[:1] = -1
        self.before[1:] = self.last[:-1]
        self.end = self.separator.take(self.last)
        self.start = np.zeros_like(self.end)
        np.add(self.end[:-1], 1, out=self.start[1:])
        kind = _KIND.take(byte.take(self.start + PAD))
        self.rest = np.flatnonzero(kind)
        kind = kind.take(self.rest)
        self.named = np.flatnonzero(kind == _NAME)
        self.other = self.rest[kind == _OTHER]

    def __len__(self) -> int:
        return len(self.last)

    def costs_before(self, line: int) -> Places:
        """How many lines of costs stand before a line."""
        before: Places = line - np.searchsorted(self.rest, [line])
        return before

    def untidy(self) -> bool:
        """Whether a line begins with a blank, or one of costs has several in a row or a control character."""
        byte = self.block.byte[PAD:-PAD]
        if (byte.take(self.start.take(self.other)) <= 32).any():
            return True
        blank = byte == 32
        wrong = blank[1:] & blank[:-1]
        if np.count_nonzero(byte < 32) > len(self):
            wrong |= (byte[1:] < 32) & (byte[1:] != 10)
        if not wrong.any():
            return False
        line = np.searchsorted(self.end, np.flatnonzero(wrong) + 1)
        at = np.searchsorted(self.rest, line)
        return bool((np.append(self.rest, -1).take(at) != line).any())

    def text(self, line: int) -> bytes:
        """One line without its newline."""
        return self.block.raw[self.start[line] : self.end[line]]
