"""Austin's frames: a file, a function that is called "scope" there, and the current line."""

from __future__ import annotations

import re
from bisect import bisect_right

from proftui.formats.folded.frames import Dialect
from proftui.formats.frame_ids import FrameIds
from proftui.model import NO_LINE

NO_STACK = "(no stack)"
"""What a sample without frames is the cost of."""

GC, INVALID = ":GC:", ":INVALID:"
"""What stands at the end of a stack while the garbage collector ran, or where the stack could not be read."""

KERNEL = "kernel"
"""What stands for the file of a function in the kernel."""

_DIALECT = Dialect(colons=True)
_MAP = re.compile(r"([0-9a-f]{1,16})-([0-9a-f]{1,16}) (.+)", re.DOTALL)
_NATIVE = re.compile(r"native@([0-9a-f]{1,16})")


class AustinFrames:
    """Ids for the frames of a file. `maps` tells which binary the addresses of native frames lie in."""

    def __init__(self) -> None:
        self.ids = FrameIds()
        self._of_text: dict[bytes, int] = {}
        self._maps: dict[int, tuple[int, str]] = {}
        self._starts: list[int] = []

    def named(self, name: str) -> int:
        """The frame of what is in no file."""
        return self.ids.frame(self.ids.function(name))

    def of_text(self, text: bytes) -> int:
        """The frame that a line of text has as FILE:FUNCTION:LINE, or by a name such as ":GC:"."""
        known = self._of_text.get(text)
        if known is None:
            (name, file, _, _), line = _DIALECT.parsed(text)
            known = self._of_text[text] = self.of(file, name, line) if file else self.named(name)
        return known

    def of(self, file: str, scope: str, line: int) -> int:
        """The frame of a function at a line, which is 0 where that is not known."""
        if file == KERNEL:
            return self.ids.frame(self.ids.function(scope, object="[kernel]"))
        if native := _NATIVE.fullmatch(file):
            return self.ids.frame(self.ids.function(scope, object=self._binary(int(native[1], 16))))
        return self.ids.frame(self.ids.function(scope, file), line if 0 < line < 1 << 31 else NO_LINE)

    def map(self, text: str) -> None:
        """Take up where a binary lies in memory, START-END PATH, as metadata tell."""
        if match := _MAP.fullmatch(text):
            self._maps[int(match[1], 16)] = (int(match[2], 16), match[3])
            self._starts = []

    def _binary(self, address: int) -> str:
        """The path of the binary that an address lies in, or ""."""
        if not self._starts:
            self._starts = sorted(self._maps)
        at = bisect_right(self._starts, address) - 1
        end, path = self._maps[self._starts[at]] if at >= 0 else (0, "")
        return path if address < end else ""


def text(raw: bytes) -> str:
    """A name as text; bytes that are no UTF-8 become lone surrogates."""
    return raw.decode("utf-8", "surrogateescape")
