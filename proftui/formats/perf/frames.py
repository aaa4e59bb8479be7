"""The frames of perf script, the innermost first, each a line of address, symbol and binary.

7fd88c5f0084 main+0x4 (/usr/bin/app)              with -F +srcline "  app.c:12" or "  app[84]" is the next line
7fd88c5f0084 helper+0x2 (inlined)                 the compiler put it into the frame of the next line
7fd88c5f0084 py::work:/srv/app.py (/tmp/perf-7.map)   Python 3.12 and later with -X perf
7fd88c5f0084 [unknown] ([unknown])                no symbol, no binary
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from proftui.formats.frame_ids import FrameIds
from proftui.model import NO_LINE

NO_STACK = "(no stack)"
UNKNOWN = "[unknown]"
INLINED = "inlined"
"""What stands in place of a binary where the compiler put a function into another."""

_DELETED = " (deleted)"
_PYTHON = "py::"

_FRAME = re.compile(rb"[0-9a-f]{1,16}(?:\s+(.*))?", re.DOTALL)
_OFFSET = re.compile(r"\+0x[0-9a-f]{1,16}\Z")
_SOURCE = re.compile(rb"[ \t]{1,4}(?!\?\?:)(\S.*):([0-9]{1,9})(?: \([a-z0-9 ]{1,40}\))?", re.DOTALL)

_NO_SOURCE = re.compile(rb"[ \t]{1,4}(?:(?:\?\?)?:\S*|\S.*(?:\[[0-9a-f]{1,16}\]|\+(?:0x)?[0-9a-f]{1,16}))", re.DOTALL)

_MOST_KNOWN = 300_000
"""Different lines that are remembered."""


def text(raw: bytes) -> str:
    """A name as text; bytes that are no UTF-8 become lone surrogates."""
    return raw.decode("utf-8", "surrogateescape")


class Symbol(NamedTuple):
    """What the lines of a frame tell: `name` is "" where perf knows none, `binary` may be INLINED."""

    name: str
    binary: str
    file: str = ""
    line: int = NO_LINE


class PerfFrames:
    """Numbers for the frames as they stand in lines, and ids for those of stacks.

    lines       the numbers of lines that were frames, for a quick look
    collapsed   whether a run of frames without names has become one
    """

    def __init__(self) -> None:
        self.ids = FrameIds()
        self.lines: dict[bytes, int] = {}
        self.collapsed = False
        self._numbers: dict[Symbol, int] = {}
        self._symbols: list[Symbol] = []
        self._files: dict[tuple[str, str], str] = {}

    def none(self) -> int:
        """The id of what a sample without frames is the cost of."""
        return self.ids.frame(self.ids.function(NO_STACK))

    def of_line(self, line: bytes) -> int | None:
        """The number of the frame in a line, or None."""
        match = _FRAME.fullmatch(line.strip())
        if match is None:
            return None
        if len(self.lines) >= _MOST_KNOWN:
            self.lines.clear()
        found = self.lines[line] = self._number(_symbol_of(text(match[1] or b"")))
        return found

    def located(self, number: int, line: bytes) -> int | None:
        """The number of a frame at the file and line that a line tells, or None where it tells none."""
        line = line.rstrip()
        match = _SOURCE.fullmatch(line)
        if match is None:
            return number if _NO_SOURCE.fullmatch(line) else None
        return self._number(self._symbols[number]._replace(file=text(match[1]), line=int(match[2]) or NO_LINE))

    def stack(self, numbers: Sequence[int]) -> Iterator[int]:
        """The ids of frames from the outermost one, of numbers from the innermost one.

        What is inlined lies in the binary of what it is inlined into, and a run of frames without names is one.
        """
        binary, before = "", -1
        for number in reversed(numbers):
            symbol = self._symbols[number]
            binary = binary if symbol.binary == INLINED else symbol.binary
            frame = self._id(symbol._replace(binary=binary))
            if frame == before and not symbol.name:
                self.collapsed = True
                continue
            yield frame
            before = frame

    def _number(self, symbol: Symbol) -> int:
        known = self._numbers.setdefault(symbol, len(self._symbols))
        if known == len(self._symbols):
            self._symbols.append(symbol)
        return known

    def _id(self, symbol: Symbol) -> int:
        """The id of a frame. The file of a function is the first that is told for it: what is inlined has others."""
        name, binary, file, line = symbol
        if name.startswith(_PYTHON):
            name, _, file = name.removeprefix(_PYTHON).partition(":")
            return self.ids.frame(self.ids.function(name, file))
        name = name or (f"{UNKNOWN} in {binary.rpartition('/')[2]}" if binary else UNKNOWN)
        first = self._files.setdefault((name, binary), file) if file else self._files.get((name, binary), "")
        return self.ids.frame(self.ids.function(name, first, object=binary), line if file == first else NO_LINE)


def _symbol_of(text: str) -> Symbol:
    """What stands behind an address."""
    name, binary = _taken_apart(text)
    return Symbol("" if name == UNKNOWN else name, "" if binary == UNKNOWN else binary)


def _taken_apart(symbol: str) -> tuple[str, str]:
    """The name without its offset, and the binary that stands in brackets behind it, or ""."""
    if not symbol.endswith(")"):
        return _OFFSET.sub("", symbol), ""
    whole = symbol.removesuffix(_DELETED + ")") + ")" if symbol.endswith(_DELETED + ")") else symbol
    name, bracket, binary = whole.rpartition(" (")
    if not bracket:
        if not whole.startswith("("):
            return _OFFSET.sub("", symbol), ""
        name, binary = "", whole[1:]
    return _OFFSET.sub("", name.rstrip()), _OFFSET.sub("", binary[:-1])
