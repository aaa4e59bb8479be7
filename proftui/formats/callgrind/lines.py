"""The lines of a block: where they are, and which of them hold costs."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from proftui.formats.callgrind.digits import PAD, Block, Places

_COST, _NAME, _OTHER, _BLANK = range(4)
_KIND = np.full(256, _OTHER, np.uint8)
_KIND[list(b"0123456789+-*")] = _COST
_KIND[list(b"fcojr")] = _NAME
_KIND[ord("\n")] = _BLANK


class Lines:
    """The n lines of a block.

    start, end   n: offsets of the first byte and of the newline
    costly       n: whether a line begins as one of costs does
    rest         the lines that do not
    named        places in `rest` of those that begin as names, calls and jumps do
    other        lines that begin as nothing known; empty ones are neither
    """

    def __init__(self, raw: bytes) -> None:
        self.block = Block(raw)
        byte = self.block.byte
        self.end = np.flatnonzero(byte[PAD:-PAD] == 10)
        self.start = np.zeros_like(self.end)
        np.add(self.end[:-1], 1, out=self.start[1:])
        kind = _KIND.take(byte[PAD:].take(self.start))
        self.costly = kind == _COST
        self.rest = np.flatnonzero(kind)
        kind = kind.take(self.rest)
        self.named = np.flatnonzero(kind == _NAME)
        self.other = self.rest[kind == _OTHER]

    def __len__(self) -> int:
        return len(self.end)

    @cached_property
    def separator(self) -> Places:
        """The offsets of all bytes up to the space, each of which ends a token in lines of costs."""
        return np.flatnonzero(self.block.byte[PAD:-PAD] <= 32)

    @cached_property
    def last(self) -> Places:
        """The places of the newlines in `separator`."""
        return np.flatnonzero(self.block.byte[PAD:].take(self.separator) == 10)

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
        return bool(self.costly[np.searchsorted(self.end, np.flatnonzero(wrong) + 1)].any())

    def text(self, line: int) -> bytes:
        """One line without its newline."""
        return self.block.raw[self.start[line] : self.end[line]]
