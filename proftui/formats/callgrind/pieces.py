"""A dump as the pieces of its parts, in order, read on several threads."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from proftui.errors import Malformed
from proftui.formats.callgrind.blocks import blocks
from proftui.formats.callgrind.crew import Call, Crew
from proftui.formats.callgrind.digits import Block, Places
from proftui.formats.callgrind.header import STARTS_PART, Header, Said
from proftui.formats.callgrind.scan import Piece, scan
from proftui.formats.callgrind.tally import Tally
from proftui.formats.source import Source

_WORKERS = min(4, os.cpu_count() or 1)
_MOST_PARTS = 20_000


@dataclass
class RawPart:
    """A part as its lines say.

    header    what stood at its beginning
    stated    the lines `summary:` and `totals:`
    pieces    its lines; their texts have gone to
    texts     the different ones, numbered, and
    text      for each piece the numbers of its texts
    """

    header: Header
    stated: list[Said] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    texts: dict[bytes, int] = field(default_factory=dict)
    text: list[Places] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        """Add lines; many texts are the same, and one of each is kept."""
        numbers = [self.texts.setdefault(text, len(self.texts)) for text in piece.texts]
        self.text.append(np.array(numbers, np.int64))
        piece.texts.clear()
        self.pieces.append(piece)

    @property
    def empty(self) -> bool:
        """Whether no costs have been read yet."""
        return not any(piece.first_cost for piece in self.pieces)


class Dump:
    """A whole file: its parts, of which there is at least one, its comments, and what is odd about its lines."""

    def __init__(self, source: Source, *, by_line: bool) -> None:
        self._scan = partial(scan, by_line=by_line)
        self.parts = [RawPart(Header())]
        self.comments: list[bytes] = []
        self.tally = Tally()
        self.lines = 0
        self.cut_off = False
        for pieces in self._scanned(source):
            before = self.lines
            for piece in pieces:
                self._add(piece, before)
                self.lines += piece.lines

    @property
    def header(self) -> Header:
        """The header of the last part."""
        return self.parts[-1].header

    def _scanned(self, source: Source) -> Iterator[list[Piece]]:
        """The pieces of each block. The header that a block stands under is guessed to be that of blocks before."""
        waiting: deque[tuple[Block, Header, Call[list[Piece]]]] = deque()
        # to give memory back after each block and ask for it again would take a quarter of the time; glibc's malloc
        # keeps arrays as large as the largest (up to 32 MB) that it has seen go
        np.empty(31 << 20, np.uint8)
        with Crew(_WORKERS) as crew:
            for block in blocks(source):
                self.cut_off = not block.complete
                waiting.append((block, self.header, crew.begin(partial(self._scan, block, self.header))))
                while len(waiting) > (_WORKERS + 1 if self.header.events else 0):
                    yield self._finished(*waiting.popleft())
            while waiting:
                yield self._finished(*waiting.popleft())

    def _finished(self, block: Block, guessed: Header, scanning: Call[list[Piece]]) -> list[Piece]:
        pieces = scanning.result()
        return pieces if guessed.layout == self.header.layout else self._scan(block, self.header)

    def _add(self, piece: Piece, lines_before: int) -> None:
        """Put the piece of a block before which there are so many lines to its part."""
        begins = any(said.key in STARTS_PART for said in piece.said)
        if begins and not self.parts[-1].empty:
            if len(self.parts) == _MOST_PARTS:
                raise Malformed(f"the file has more than {_MOST_PARTS:,} parts")
            self.parts.append(RawPart(self.header.next_part()))
        part = self.parts[-1]
        for said in piece.said:
            part.header = part.header.having(said)
            if said.key in (b"summary", b"totals"):
                part.stated.append(said)
        if part.header.events is None and piece.first_cost is not None:
            raise Malformed("costs stand before any 'events:' line", f"line {lines_before + piece.first_cost}")
        part.add(piece)
        self.comments += piece.comments
        self.tally.absorb(piece.tally, lines_before)
