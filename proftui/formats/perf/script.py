"""What `perf script` printed: samples one after the other, each a header, frames, and a blank line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from proftui.errors import Malformed
from proftui.formats.perf.frames import PerfFrames, text
from proftui.formats.perf.headers import NO_EVENT, RECORD, Header, header_of
from proftui.formats.samples import Samples

EVENT, PERIOD, TIME = range(3)
"""The numbers of a sample; the period and the time are NaN where they are not told."""

MOST_PARTS = 20_000
MOST_EVENTS = 1000
_MOST_KNOWN = 20_000
"""Different stacks that are remembered for a thread."""

_REMARK = re.compile(rb"# ?([a-z ]{1,40}?)[ \t]*:[ \t]*(.*)", re.DOTALL)
_INLINE_FRAME = re.compile(rb"[0-9a-f]{4,16} +\S.*", re.DOTALL)


@dataclass(frozen=True)
class Owner:
    """A thread by the name that it had; `pid` and `tid` are None where they are not told."""

    comm: str
    pid: int | None = None
    tid: int | None = None

    @property
    def label(self) -> str:
        """The name with what tells it from others of that name."""
        name = self.comm or "thread"
        if self.pid is None:
            return name if self.tid is None else f"{name} {self.tid}"
        return f"{name} [{self.pid}]" if self.pid == self.tid else f"{name} {self.tid} [{self.pid}]"


class Thread:
    """The samples of a thread, and the contexts of the stacks that it had."""

    def __init__(self) -> None:
        self.samples = Samples(3)
        self.rows: dict[tuple[int, ...], int] = {}


class Script:
    """Grows line by line.

    events      names of events in the order in which they turned up
    remarks     what the lines before the samples say
    left_out    how many lines are nothing of perf's; `first_left_out` is the number of one
    stackless   how many samples have no frames
    callerless  how many samples have one frame in their own line, as those recorded without callers do
    merged      whether there are so many threads that further ones are kept by their names alone
    """

    def __init__(self) -> None:
        self.frames = PerfFrames()
        self.threads: dict[Owner, Thread] = {}
        self.events: dict[str, int] = {}
        self.remarks: dict[str, str] = {}
        self.left_out = self.first_left_out = self.stackless = self.callerless = 0
        self.merged = False
        self._owners: dict[tuple[bytes, bytes | None, bytes | None], Thread] = {}
        self._header: Header | None = None
        self._stack: list[int] = []
        self._lines = 0

    def add(self, lines: Iterable[bytes]) -> None:
        """Take up lines, which have no line ends. Raises Malformed for too many events."""
        known, stack = self.frames.lines, self._stack
        for line in lines:
            self._lines += 1
            frame = known.get(line)
            if frame is not None and self._header is not None:
                stack.append(frame)
            else:
                self._take(line)

    def finish(self) -> None:
        """Take up the sample that the last lines are of."""
        header, self._header = self._header, None
        if header is None:
            return
        thread = self._thread(header.owner)
        numbers = tuple(self._stack)
        self._stack.clear()
        row = thread.rows.get(numbers)
        if row is None:
            if len(thread.rows) >= _MOST_KNOWN:
                thread.rows.clear()
            frames = self.frames.stack(numbers) if numbers else (self.frames.none(),)
            row = thread.rows[numbers] = thread.samples.row(frames)
        self.stackless += not numbers
        period = math.nan if header.period is None else header.period
        time = math.nan if header.time is None else header.time
        thread.samples.add(row, (self._event(header.event), period, time))

    def _take(self, line: bytes) -> None:
        """Take up a line that is not a frame as an earlier line was."""
        if not line.strip():
            self.finish()
        elif line.startswith(b"#"):
            self._remark(line)
        elif self._header is None:
            self._begin(line)
        elif (frame := self.frames.of_line(line)) is not None:
            self._stack.append(frame)
        elif self._stack and (frame := self.frames.located(self._stack[-1], line)) is not None:
            self._stack[-1] = frame
        else:
            self._begin(line)

    def _begin(self, line: bytes) -> None:
        """Take up a line that should begin a sample."""
        line = line.rstrip()
        header = header_of(line)
        if header is None or (RECORD in line and not header.event):
            if RECORD not in line:
                self.left_out += 1
                self.first_left_out = self.first_left_out or self._lines
            return
        self.finish()
        if header.event.startswith(RECORD):
            return
        self._header = header
        if _INLINE_FRAME.fullmatch(header.rest) and (frame := self.frames.of_line(header.rest)) is not None:
            self._stack.append(frame)
            self.callerless += 1
            self.finish()

    def _thread(self, named: tuple[bytes, bytes | None, bytes | None]) -> Thread:
        known = self._owners.get(named)
        if known is None:
            comm, pid, tid = named
            owner = Owner(text(comm), _id(pid), _id(tid))
            if len(self.threads) >= MOST_PARTS and owner not in self.threads:
                owner, self.merged = Owner(owner.comm), True
                if len(self.threads) >= 2 * MOST_PARTS and owner not in self.threads:
                    raise Malformed(f"names more than {len(self.threads):,} threads")
            known = self._owners[named] = self.threads.setdefault(owner, Thread())
        return known

    def _event(self, raw: bytes) -> int:
        event = text(raw) if raw else NO_EVENT
        if len(self.events) >= MOST_EVENTS and event not in self.events:
            raise Malformed(f"names more than {MOST_EVENTS:,} events")
        return self.events.setdefault(event, len(self.events))

    def _remark(self, line: bytes) -> None:
        if match := _REMARK.fullmatch(line.strip()):
            self.remarks.setdefault(text(match[1]), text(match[2]))


def _id(raw: bytes | None) -> int | None:
    """The number of a process or a thread; perf has -1 where it knows none."""
    return None if raw is None or raw.startswith(b"-") else int(raw)
