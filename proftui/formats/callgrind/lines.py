"""The lines of a block: where they are, and which of them hold costs."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from proftui.formats.callgrind.digits import Block, Places

_NAME, _OTHER, _BLANK = range(3)
_KIND = np.full(256, _OTHER, np.uint8)
_KIND[list(b"fcojr")] = _NAME
_KIND[ord("\n")] = _BLANK


class UntidyError(Exception):
    """Lines of costs have several blanks in a row, or a line begins with one."""


class Lines:
    """The n lines of a block.

    start, end   n: offsets of the first byte and of the newline
    costly       n: whether a line begins as one of costs does
    rest         the lines that do not
    named        places in `rest` of those that begin as names, calls and jumps do
    other        lines that begin as nothing known; empty ones are neither
    """

    def __init__(self, block: Block, *, tokens: bool) -> None:
        """With `tokens`, `separator` and `last` are going to be asked for. Raises UntidyError for a leading blank."""
        self.block = block
        byte = block.byte
        self.end = self.separator.take(self.last) if tokens else np.flatnonzero(byte == 10)
        self.start = np.empty_like(self.end)
        self.start[:1] = 0
        np.add(self.end[:-1], 1, out=self.start[1:])
        first = byte.take(self.start)
        self.costly = first - np.uint8(ord("0")) < 10
        for sign in b"+-*":
            self.costly |= first == sign
        self.rest = np.flatnonzero(~self.costly)
        kind = _KIND.take(first.take(self.rest))
        self.named = np.flatnonzero(kind == _NAME)
        self.other = self.rest[kind == _OTHER]
        if (byte.take(self.start.take(self.other)) <= 32).any():
            raise UntidyError

    def __len__(self) -> int:
        return len(self.end)

    @cached_property
    def separator(self) -> Places:
        """The offsets of all blanks (bytes up to the space), each of which ends a token in lines of costs."""
        return np.flatnonzero(self.block.byte <= 32)

    @cached_property
    def last(self) -> Places:
        """The places of the newlines in `separator`."""
        return np.flatnonzero(self.block.byte.take(self.separator) == 10)

    def require_single_blanks(self) -> None:
        """Raise UntidyError if a line of costs has several blanks in a row."""
        byte = self.block.byte
        inner = (byte <= 32) & (byte != 10)
        doubled = inner[1:] & inner[:-1]
        if doubled.any() and self.costly[np.searchsorted(self.end, np.flatnonzero(doubled))].any():
            raise UntidyError

    def costs_before(self, line: Places) -> Places:
        """How many lines of costs stand before each line."""
        before: Places = line - np.searchsorted(self.rest, line)
        return before

    def text(self, line: int) -> bytes:
        """One line without its newline."""
        return self.block.text(int(self.start[line]), int(self.end[line]))
