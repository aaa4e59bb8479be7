"""The samples in a binary file.

Each record is the number of a thread (8 bytes), of an interpreter (4), and how the stack is told (1); then for

    0    how many samples have the thread's last stack; for each the time since its last one, and a byte of status
    1-3  such a time and status, and a new stack: the whole of it; or how many of the last one's outermost frames it
         keeps; or how many of its innermost it loses; and what is new

Times are in microseconds, frames numbers of the table, the innermost first.
https://github.com/python/cpython/blob/main/Modules/_remote_debugging/binary_io_reader.c
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from proftui.formats.folded.parts import MOST_PARTS
from proftui.formats.samples import ROOT, Samples
from proftui.formats.tachyon.header import Header
from proftui.formats.tachyon.varints import Cursor

NOT_SHOWN = -1
"""Instead of the number of a frame that is passed over."""

MOST_DEPTH = 256
"""Frames that Python's own reader takes of a stack."""

_REPEATED, _WHOLE, _KEEPING, _LOSING = range(4)
_MAIN_THREAD = 32
_MOST_TIME = 1 << 43
"""Microseconds in which nanoseconds are exact: a hundred days."""


@dataclass
class Thread:
    """A thread's samples, each with its time in microseconds, and the rows of its last stack, from root to leaf."""

    now: int
    samples: Samples = field(default_factory=lambda: Samples(1))
    rows: list[int] = field(default_factory=list)
    main: bool = False


class Records:
    """Reads records of a file into `threads`, by number and interpreter.

    `numbers` are those of the table's frames, or NOT_SHOWN; `no_stack` gives the frame of what has none.
    """

    def __init__(self, header: Header, numbers: Sequence[int], no_stack: Callable[[], int]) -> None:
        self._threads: dict[tuple[int, int], Thread] = {}
        self._header = header
        self._owner = struct.Struct(f"{header.order}QI")
        self._numbers = numbers
        self._no_stack = no_stack

    @property
    def threads(self) -> dict[tuple[int, int], Thread]:
        """Those with samples: a record may hold none."""
        return {owner: thread for owner, thread in self._threads.items() if len(thread.samples)}

    def read(self, samples: bytes) -> int:
        """How many samples there are in these bytes. Raises Malformed."""
        cursor = Cursor(samples, 0, "samples")
        count = 0
        while cursor.more:
            thread = self._thread(cursor)
            how = cursor.byte()
            if how == _REPEATED:
                times = cursor.unsigned()
                for _ in range(times):
                    self._add(thread, cursor.unsigned(), cursor.byte(), cursor)
                count += times
                continue
            since, status = cursor.unsigned(), cursor.byte()
            self._change(thread, how, cursor)
            self._add(thread, since, status, cursor)
            count += 1
        return count

    def _thread(self, cursor: Cursor) -> Thread:
        owner = self._owner.unpack(cursor.take(self._owner.size))
        thread = self._threads.get(owner)
        if thread is None:
            if len(self._threads) == MOST_PARTS:
                raise cursor.fault(f"has more than {MOST_PARTS:,} threads")
            thread = self._threads[owner] = Thread(self._header.start)
        return thread

    def _change(self, thread: Thread, how: int, cursor: Cursor) -> None:
        if how > _LOSING:
            raise cursor.fault("the kind of a record is not known")
        kept = 0 if how == _WHOLE else cursor.unsigned()
        if how == _LOSING:
            kept = max(len(thread.rows) - kept, 0)
        count = cursor.unsigned()
        if kept > len(thread.rows) or kept + count > MOST_DEPTH:
            raise cursor.fault("a stack cannot be so deep")
        del thread.rows[kept:]
        frames = [cursor.unsigned() for _ in range(count)]
        row = thread.rows[-1] if thread.rows else ROOT
        for frame in reversed(frames):
            if frame >= len(self._numbers):
                raise cursor.fault("a frame is not in the table")
            number = self._numbers[frame]
            row = row if number == NOT_SHOWN else thread.samples.row((number,), row)
            thread.rows.append(row)

    def _add(self, thread: Thread, since: int, status: int, cursor: Cursor) -> None:
        thread.now += since
        if thread.now - self._header.start > _MOST_TIME:
            raise cursor.fault("a time is too large")
        thread.main = thread.main or bool(status & _MAIN_THREAD)
        leaf = thread.rows[-1] if thread.rows else ROOT
        if leaf == ROOT:
            leaf = thread.samples.row((self._no_stack(),))
        thread.samples.add(leaf, (thread.now - self._header.start,))
