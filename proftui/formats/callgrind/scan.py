"""One block of a dump, read with numpy; independent of all blocks before but for the header it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from proftui.formats.callgrind.digits import Block, Places, between
from proftui.formats.callgrind.header import KEYS, STARTS_PART, Header, Said
from proftui.formats.callgrind.lines import Lines, UntidyError
from proftui.formats.callgrind.marks import Mark, Marked, Marks
from proftui.formats.callgrind.positions import positions_of
from proftui.formats.callgrind.sums import Sums, add_up
from proftui.formats.callgrind.table import CostTable
from proftui.formats.callgrind.tally import Oddity, Tally
from proftui.model import Floats

COMMENT = b"# proftui:"
_IGNORED = (b"#", b"==== NEW PROFILING FILE")

_LEADING_BLANKS = re.compile(rb"^[\x00-\x09\x0b-\x20]+", re.MULTILINE)
_COST_LINE = re.compile(rb"^[0-9+*-][^\n]*", re.MULTILINE)
_CONTROLS_TO_SPACES = bytes(32 if code < 32 and code != 10 else code for code in range(256))


@dataclass(frozen=True, eq=False)
class Piece:
    """Consecutive lines of a block under one header; lines are numbered from 1 in the block.

    said, comments   header lines, and in the first piece of a block its lines that begin with COMMENT
    first_cost       the first line of costs, or None
    mark, number, text_at, texts, calls   the lines with names and calls, as in `Marked`
    entered, named   for each call how many marks FUNCTION and CALLED_FUNCTION of the piece stand before
    lines            how many there are
    """

    said: list[Said]
    comments: list[bytes]
    first_cost: int | None
    mark: Marks
    number: Places
    text_at: Places
    texts: list[bytes]
    calls: Floats
    entered: Places
    named: Places
    sums: Sums
    tally: Tally
    lines: int


def scan(block: Block, header: Header, *, by_line: bool = False) -> list[Piece]:
    """The pieces of a block of whole lines, which stands under `header`; with costs `by_line` if asked for."""
    tokens = by_line or len(header.events or ()) > 1
    try:
        return list(_Scan(Lines(block, tokens=tokens), by_line=by_line).pieces(header))
    except UntidyError:
        tidied = Block(_tidied(block.raw))
        return list(_Scan(Lines(tidied, tokens=tokens), by_line=by_line).pieces(header))


def _tidied(raw: bytes) -> bytes:
    """`raw` with single spaces between the tokens of lines of costs, and nothing up to the space before any line."""
    return _COST_LINE.sub(
        lambda line: b" ".join(line[0].translate(_CONTROLS_TO_SPACES).split()), _LEADING_BLANKS.sub(b"", raw)
    )


class _Scan:
    def __init__(self, lines: Lines, *, by_line: bool) -> None:
        self.lines = lines
        self.by_line = by_line
        self.tally = Tally()
        self.said: list[Said] = []
        self.comments: list[bytes] = []
        self.marked = Marked(lines, self.tally)
        for line in np.sort(np.append(lines.other, self.marked.unknown)).tolist():
            self._other(line)

    def _other(self, line: int) -> None:
        text = self.lines.text(line)
        if text.startswith(COMMENT):
            self.comments.append(text)
            return
        key, colon, value = text.partition(b":")
        if colon and key in KEYS:
            self.said.append(Said(line + 1, key, value))
        elif text.strip() and not text.startswith(_IGNORED):
            self.tally.add(Oddity.UNKNOWN, 1, line + 1)

    def pieces(self, header: Header) -> Iterator[Piece]:
        """One piece up to each header line that begins a part after lines of a body, and one for the rest."""
        done = 0
        for first, stop in pairwise((0, *self._starts(), len(self.lines))):
            begun = done
            while done < len(self.said) and self.said[done].line <= stop:
                header = header.having(self.said[done])
                done += 1
            yield self._piece(header, self.said[begun:done], slice(first, stop))

    def _starts(self) -> Iterator[int]:
        begun = 0
        for said in self.said:
            if said.key in STARTS_PART:
                costs = int(self.lines.costs_before(np.array(said.line - 1)))
                if costs > begun:
                    begun = costs
                    yield said.line - 1

    def _piece(self, header: Header, said: list[Said], span: slice) -> Piece:
        lines, marked = self.lines, self.marked
        marks = between(marked.line, span)
        texts = between(marked.text_at, marks)
        tally = self.tally if span.start == 0 else Tally()
        at = header.line_position if self.by_line else None
        positions = None if at is None else positions_of(lines, span, at)
        table = CostTable(header.positions, len(header.events or ()), tally)
        mark = marked.mark[marks]
        calls = between(marked.calls_at, marks)
        calls_at = marked.calls_at[calls] - marks.start
        return Piece(
            said=said,
            comments=self.comments if span.start == 0 else [],
            first_cost=self._first_cost(span),
            mark=mark,
            number=marked.number[marks],
            text_at=marked.text_at[texts] - marks.start,
            texts=marked.texts[texts],
            calls=marked.calls[calls],
            entered=np.cumsum(mark == Mark.FUNCTION).take(calls_at),
            named=np.cumsum(mark == Mark.CALLED_FUNCTION).take(calls_at),
            sums=add_up(lines, marked, marks, span, table, positions),
            tally=tally,
            lines=span.stop - span.start,
        )

    def _first_cost(self, span: slice) -> int | None:
        rest = self.lines.rest[between(self.lines.rest, span)] - span.start
        line = span.start + int(np.argmin(np.append(rest, -1) == np.arange(len(rest) + 1)))
        return line + 1 if line < span.stop else None
