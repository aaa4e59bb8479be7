"""What a program prints: the newest of it is kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import overload

import numpy as np

MOST = 4 << 20
"""Bytes that are kept."""

_AT_ONCE = 1 << 16


class Printed(Sequence[str]):
    """Lines that were printed, as they are, without their ends; made into text when they are asked for.

    Before them `dropped` bytes, `first` whole lines, were printed that are not kept. Does not change.
    """

    def __init__(self, kept: bytes = b"", dropped: int = 0, first: int = 0) -> None:
        if dropped and (start := kept.find(b"\n") + 1):  # begin with a whole line where one begins
            kept, dropped, first = kept[start:], dropped + start, first + 1
        self.dropped, self.first = dropped, first
        self._kept = kept
        self._ends = np.flatnonzero(np.frombuffer(kept, np.uint8) == ord("\n"))
        self._open = bool(kept) and not kept.endswith(b"\n")

    def __len__(self) -> int:
        return len(self._ends) + self._open

    @overload
    def __getitem__(self, line: int) -> str: ...

    @overload
    def __getitem__(self, line: slice) -> list[str]: ...

    def __getitem__(self, line: int | slice) -> str | list[str]:
        """A line, or some."""
        if isinstance(line, slice):
            return [self[one] for one in range(*line.indices(len(self)))]
        line = line + len(self) if line < 0 else line
        if not 0 <= line < len(self):
            raise IndexError(line)
        start = int(self._ends[line - 1]) + 1 if line else 0
        end = int(self._ends[line]) if line < len(self._ends) else len(self._kept)
        text = self._kept[start:end].decode("utf-8", "replace")
        return text[:-1] if text.endswith("\r") else text


class Output:
    """Reads a descriptor, which it closes, in a thread of its own until its end; keeps the newest `most` bytes."""

    def __init__(self, descriptor: int, most: int = MOST) -> None:
        self._descriptor = descriptor
        self._most = most
        self._kept = bytearray()
        self._dropped = self._first = 0
        self._lock = threading.Lock()
        self._printed: Printed | None = Printed()
        self._thread = threading.Thread(target=self._read, name="output", daemon=True)
        self._thread.start()

    def printed(self) -> Printed:
        """What there is now; the same object as long as there is no more."""
        with self._lock:
            if self._printed is None:
                self._printed = Printed(bytes(self._kept), self._dropped, self._first)
            return self._printed

    def finish(self, seconds: float) -> None:
        """Wait for the end, `seconds` at most: who has the other end may outlive the program."""
        self._thread.join(seconds)

    def _read(self) -> None:
        while data := self._next():
            with self._lock:
                self._kept += data
                if (over := len(self._kept) - self._most) > 0:
                    self._first += self._kept.count(b"\n", 0, over)
                    del self._kept[:over]
                    self._dropped += over
                self._printed = None
        os.close(self._descriptor)

    def _next(self) -> bytes:
        try:
            return os.read(self._descriptor, _AT_ONCE)
        except OSError:  # so Linux says that nobody has the other end of a pseudo-terminal any more
            return b""
