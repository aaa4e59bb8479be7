"""What a program has printed, line by line, as text that is safe to draw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from proftui.model import Ids
from proftui.report.rows import Cell, Column
from proftui.report.text import safe

TAB = 8
"""Cells between two tab stops."""

DRAWN = 1000
"""Characters of a line that are drawn at most."""

LINE = Column("line", "Printed", 1 << 16, "left", flexible=True, cut="end")
"""Its least width is more than any screen has: it gets all that there is."""

_SEQUENCE = re.compile(
    r"""\x1b(?:
        \[ [0-?]* [ -/]* [@-~]                          # control sequences: colours, movements (ECMA-48, 5.4)
      | [\]PX^_] [^\x07\x1b]* (?: \x07 | \x1b\\ | $ )   # strings for the terminal: titles, links
      | [ -/]* [0-~]                                    # all others
    )""",
    re.VERBOSE,
)


def plain(line: str) -> str:
    """A line as a terminal would leave it, in one colour: what was printed over is gone, and tabs are blanks."""
    if line.isprintable():
        return line
    line = _SEQUENCE.sub("", line)
    if "\r" in line:
        line = next((part for part in reversed(line.split("\r")) if part), "")
    if "\b" in line:
        line = _with_steps_back(line)
    return safe(line.expandtabs(TAB))


def _with_steps_back(line: str) -> str:
    kept: list[str] = []
    for character in line:
        if character != "\b":
            kept.append(character)
        elif kept:
            kept.pop()
    return "".join(kept)


class OutputRows:
    """Printed lines as rows; `offset` is the first character that is drawn of each."""

    columns = (LINE,)

    def __init__(self, lines: Sequence[str], offset: int = 0) -> None:
        self.offset = offset
        self._lines = lines
        self._plain = lru_cache(256)(lambda row: plain(lines[row]))

    def __len__(self) -> int:
        return len(self._lines)

    def text(self, row: int) -> str:
        """A line in full."""
        return self._plain(row)

    def cells(self, row: int) -> list[Cell]:
        """A line from the offset on."""
        return [Cell(self.text(row)[self.offset : self.offset + DRAWN])]

    def all(self) -> list[str]:
        """All lines in full."""
        return [plain(line) for line in self._lines]

    def find(self, text: str) -> Ids:
        """The rows that hold a text, regardless of case; none for ""."""
        needle = text.casefold()
        found = (row for row, line in enumerate(self._lines) if needle in plain(line).casefold()) if needle else ()
        return np.fromiter(found, np.int32)
