"""The frames of perf script, the innermost first, each a line of address, symbol and binary.

7fd88c5f0084 main+0x4 (/usr/bin/app)              with -F +srcline the next line is "  app.c:12"
7fd88c5f0084 helper+0x2 (inlined)                 the compiler put it into the frame of the next line
7fd88c5f0084 py::work:/srv/app.py (/tmp/perf-7.map)   Python 3.12 and later with -X perf
7fd88c5f0084 [unknown] ([unknown])                no symbol, no binary
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from proftui.formats.frame_ids import FrameIds
from proftui.model import NO_LINE

NO_STACK = "(no stack)"
UNKNOWN = "[unknown]"

_INLINED = "inlined"
_DELETED = " (deleted)"
_PYTHON = "py::"

_FRAME = re.compile(rb"[0-9a-f]{1,16}(?:\s+(.*))?", re.DOTALL)
_OFFSET = re.compile(r"\+0x[0-9a-f]{1,16}\Z")
_SOURCE = re.compile(rb"[ \t]{1,4}(\S.*):([0-9]{1,9})(?: \([a-z0-9 ]{1,40}\))?", re.DOTALL)

_MOST_KNOWN = 300_000
"""Different lines that are remembered."""


def text(raw: bytes) -> str:
    """A name as text; bytes that are no UTF-8 become lone surrogates."""
    return raw.decode("utf-8", "surrogateescape")


class PerfFrames:
    """Ids for the frames of a file. What is inlined has a number below zero until it is known what it lies in."""

    def __init__(self) -> None:
        self.ids = FrameIds()
        self.collapsed = False
        self._lines: dict[bytes, int] = {}
        self._native: dict[int, tuple[str, str]] = {}
        self._inlined: dict[tuple[str, str, int], int] = {}
        self._of_inlined: list[tuple[str, str, int]] = []
        self._files: dict[tuple[str, str], str] = {}
        self._unknown: set[int] = set()

    def none(self) -> int:
        """The frame that a sample without frames is the cost of."""
        return self.ids.frame(self.ids.function(NO_STACK))

    @property
    def lines(self) -> dict[bytes, int]:
        """The lines that were frames, for a quick look."""
        return self._lines

    def of_line(self, line: bytes) -> int | None:
        """The number of the frame in a line, or None."""
        match = _FRAME.fullmatch(line.strip())
        if match is None:
            return None
        if len(self._lines) >= _MOST_KNOWN:
            self._lines.clear()
        found = self._lines[line] = self._of_symbol(text(match[1] or b""))
        return found

    def located(self, frame: int, line: bytes) -> int | None:
        """The number of a frame at the file and line that a line tells, or None where it tells none."""
        match = _SOURCE.fullmatch(line.rstrip())
        if match is None:
            return None
        file, number = text(match[1]), int(match[2])
        if file == "??" or not number:
            return frame
        if frame < 0:
            return self._inline(self._of_inlined[~frame][0], file, number)
        return self._frame(*self._native[frame], file, number) if frame in self._native else frame

    def stack(self, numbers: Sequence[int]) -> Iterator[int]:
        """The ids of frames from the outermost one, of numbers from the innermost one.

        What is inlined lies in the binary of what it is inlined into, and a run of frames without names is one.
        """
        binary, before = "", -1
        for number in reversed(numbers):
            if number < 0:
                name, file, line = self._of_inlined[~number]
                frame = self._frame(name, binary, file, line)
            else:
                frame, binary = number, self._native[number][1] if number in self._native else ""
            if frame == before and frame in self._unknown:
                self.collapsed = True
                continue
            yield frame
            before = frame

    def _of_symbol(self, symbol: str) -> int:
        """The number of a frame by what stands behind its address."""
        name, binary = _taken_apart(symbol)
        if binary == _INLINED:
            return self._inline(name, "", NO_LINE)
        if name.startswith(_PYTHON):
            function, _, file = name.removeprefix(_PYTHON).partition(":")
            return self.ids.frame(self.ids.function(function, file))
        if name not in ("", UNKNOWN):
            return self._frame(name, "" if binary == UNKNOWN else binary)
        frame = self._nameless("" if binary == UNKNOWN else binary)
        self._unknown.add(frame)
        return frame

    def _nameless(self, binary: str) -> int:
        """The frame of what has no symbol, which is told by its binary."""
        return self._frame(f"{UNKNOWN} in {binary.rpartition('/')[2]}" if binary else UNKNOWN, binary)

    def _inline(self, name: str, file: str, line: int) -> int:
        key = (name, file, line)
        known = self._inlined.get(key)
        if known is None:
            self._of_inlined.append(key)
            known = self._inlined[key] = ~(len(self._of_inlined) - 1)
        return known

    def _frame(self, name: str, binary: str, file: str = "", line: int = NO_LINE) -> int:
        """A frame of a function, whose file is the first that is told for it: what is inlined has others."""
        first = self._files.setdefault((name, binary), file) if file else self._files.get((name, binary), "")
        frame = self.ids.frame(self.ids.function(name, first, object=binary), line if file == first else NO_LINE)
        self._native[frame] = (name, binary)
        return frame


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
