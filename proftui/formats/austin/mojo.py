"""MOJO, Austin's binary format: a stream of events, each a byte that names it and its data.

A number has 6 bits in its first byte, of which a further one is the sign, and 7 in each further byte; the highest bit
tells that the number goes on. Texts end with a zero. Texts and frames are defined once and referred to by numbers,
which stand for the same in one process.

    1 metadata     key, value                        8 idle
    2 stack        pid, interpreter (3), thread      9 time in microseconds
    3 frame        number, file, function, line,    10 memory in bytes
                   last line and columns (2)        11 text, number first
    4 invalid frame                                 12 reference to a text
    5 reference to a frame                          13 the frames of the thread's sample before (4)
    6 kernel frame, a text
    7 garbage collection                            in brackets: from which version on

https://p403n1x87.github.io/austin/4.1/formats/mojo/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from re import Match

from proftui.errors import Malformed
from proftui.formats.austin.frames import GC, INVALID, KERNEL, NO_STACK, text
from proftui.formats.austin.modes import IDLE, MEMORY, VALUE
from proftui.formats.austin.recorded import Owner, Recorded
from proftui.formats.samples import ROOT, Samples
from proftui.formats.source import Source

MAGIC = b"MOJ"

_LATEST = 4
_HEADER = 4
_LAST_EVENT = 13

_NUMBER = rb"[\x80-\xff]{0,9}[\x00-\x7f]"
_TEXT = rb"[^\0]*\0"
_REFERENCE = re.compile(rb"\x05(%b)" % _NUMBER)
_MOST_KNOWN = 20_000
"""Different runs of references that are remembered for a thread."""

_LONGEST = 1 << 24
_MOST_PID = 1 << 32

_SHORT = 2
"""The bytes of numbers that are remembered."""

_UNKNOWN_TEXT = {b"\x01": "<unknown>"}
"""The one text that is not defined in a file."""


def _events(version: int) -> re.Pattern[bytes]:
    """What an event looks like; the group that matches last is called as its method in _Stream.

    A stack is matched with all that follows it in most samples: references and what they measure.
    """
    interpreter = rb"(%b)" % _NUMBER if version >= 3 else rb"()"
    position = _NUMBER * 3 if version >= 2 else b""
    return re.compile(
        rb"(?P<stack>\x02((%(number)b)%(interpreter)b(%(text)b))"
        rb"((?:\x05%(number)b)*)(?:\x09(%(number)b))?(\x08)?(?:\x0a(%(number)b))?)"
        rb"|(?P<references>(?:\x05%(number)b)+)"
        rb"|(?P<time>\x09(%(number)b))|(?P<memory>\x0a(%(number)b))|(?P<idle>\x08)"
        rb"|(?P<frame>\x03(%(number)b)(%(number)b)(%(number)b)(%(number)b)%(position)b)"
        rb"|(?P<string>\x0b(%(number)b)(%(text)b))|(?P<string_reference>\x0c%(number)b)"
        rb"|(?P<invalid>\x04)|(?P<gc>\x07)|(?P<kernel>\x06(%(text)b))"
        rb"|(?P<metadata>\x01(%(text)b)(%(text)b))|(?P<repeat>\x0d)"
        % {b"number": _NUMBER, b"text": _TEXT, b"interpreter": interpreter, b"position": position}
    )


def number_of(raw: bytes) -> int:
    """The number that bytes encode."""
    value, shift = raw[0] & 0x3F, 6
    for byte in raw[1:]:
        value |= (byte & 0x7F) << shift
        shift += 7
    return -value if raw[0] & 0x40 else value


@dataclass
class _Process:
    """What numbers stand for: texts and frames."""

    texts: dict[bytes, str] = field(default_factory=_UNKNOWN_TEXT.copy)
    frames: dict[bytes, int] = field(default_factory=dict)


@dataclass
class _Thread:
    """Its samples, the contexts of runs that begin a stack, and the context of the last sample."""

    samples: Samples
    process: _Process
    rows: dict[bytes, int] = field(default_factory=dict)
    last: int = ROOT


def recorded_in(source: Source) -> Recorded:
    """What a MOJO file holds; of one that ends too early, what is whole. Raises Malformed."""
    version = source.head[_HEADER - 1] if len(source.head) >= _HEADER else 0
    if not 1 <= version <= _LATEST:
        raise Malformed(f"MOJO's version {version} is not known; proftui reads 1 to {_LATEST}", "byte 3")
    stream = _Stream(_events(version))
    for chunk in source.chunks():
        stream.add(chunk)
    stream.end()
    return stream.recorded


class _Stream:
    """Events are taken up one by one; a sample is whole when what follows it begins."""

    def __init__(self, events: re.Pattern[bytes]) -> None:
        self.recorded = Recorded()
        self._match = events.match
        self._process = _Process()
        self._processes: dict[bytes, _Process] = {}
        self._threads: dict[bytes, _Thread] = {}
        self._numbers: dict[bytes, int] = {}
        self._thread: _Thread | None = None
        self._row = ROOT
        self._values: list[float] = [0.0, 0.0, 0.0]
        self._measured = False
        self._rest = b""
        self._taken = 0
        self._kinds: dict[str | None, Callable[[Match[bytes], int], None]] = {
            name: getattr(self, f"_{name}") for name in _KINDS
        }

    def add(self, chunk: bytes) -> None:
        """Take up the events that are whole. Raises Malformed for what is no event."""
        data = self._rest + chunk
        at, size, match, kinds = 0 if self._taken else _HEADER, len(data), self._match, self._kinds
        while at < size and (event := match(data, at)) is not None:
            try:
                kinds[event.lastgroup](event, (event.lastindex or 0) + 1)
            except KeyError:
                raise Malformed(
                    "refers to a text or a frame that was not defined", f"byte {self._taken + at}"
                ) from None
            at = event.end()
        self._taken += at
        self._rest = data[at:]
        if self._rest and not 0 < self._rest[0] <= _LAST_EVENT:
            raise Malformed(f"no event of MOJO begins with {self._rest[0]:#04x}", f"byte {self._taken}")
        if len(self._rest) > _LONGEST:
            raise Malformed(f"an event is longer than {_LONGEST >> 20} MiB", f"byte {self._taken}")

    def end(self) -> None:
        """Take up the last sample, and that what is left is not whole."""
        if self._rest:
            self.recorded.broken_off = self._taken
        self._finish()

    def _finish(self) -> None:
        """Take up the sample that has been read, if it measured anything."""
        thread = self._thread
        if thread is not None and self._measured:
            thread.last = self._row
            row = self._row if self._row != ROOT else thread.samples.row((self.recorded.frames.named(NO_STACK),))
            thread.samples.add(row, self._values)
        self._row, self._values, self._measured = ROOT, [0.0, 0.0, 0.0], False

    def _metadata(self, event: Match[bytes], first: int) -> None:
        self._finish()
        self._thread = None
        self.recorded.tell(_text(event[first]), _text(event[first + 1]))

    def _stack(self, event: Match[bytes], first: int) -> None:
        if self._measured:
            self._finish()
        else:
            self._row = ROOT
        key, pid, interpreter, name, run, time, idle, memory = event.group(*range(first, first + 8))
        thread = self._threads.get(key)
        if thread is None:
            thread = self._threads[key] = self._thread_of(pid, interpreter, name)
        self._thread, self._process = thread, thread.process
        if run:
            row = thread.rows.get(run)
            self._row = self._row_of(thread, run) if row is None else row
        if time:
            self._measure_time(time)
        if idle:
            self._values[IDLE] = 1.0
        if memory:
            self._measure_memory(memory)

    def _thread_of(self, pid: bytes, interpreter: bytes, name: bytes) -> _Thread:
        if pid not in self._processes:
            # what was defined before any process was named is that of the first one
            self._processes[pid] = _Process() if self._processes else self._process
        process, within = number_of(pid), number_of(interpreter) if interpreter else 0
        if not 0 <= process < _MOST_PID:
            raise Malformed(f"no process has the number {process}")
        owner = Owner.of(process, within, _text(name), base=16)
        return _Thread(self.recorded.of(owner), self._processes[pid])

    def _row_of(self, thread: _Thread, run: bytes) -> int:
        """The context of a run of references below the frames before it."""
        frames = map(thread.process.frames.__getitem__, _REFERENCE.findall(run))
        row = thread.samples.row(frames, self._row)
        if self._row == ROOT:
            if len(thread.rows) >= _MOST_KNOWN:
                thread.rows.clear()
            thread.rows[run] = row
        return row

    def _references(self, event: Match[bytes], first: int) -> None:
        thread, run = self._thread, event[0]
        if thread is not None:
            known = thread.rows.get(run) if self._row == ROOT else None
            self._row = self._row_of(thread, run) if known is None else known

    def _repeat(self, event: Match[bytes], first: int) -> None:
        if self._thread is not None:
            self._row = self._thread.last

    def _below(self, frame: int) -> None:
        if self._thread is not None:
            self._row = self._thread.samples.row((frame,), self._row)

    def _invalid(self, event: Match[bytes], first: int) -> None:
        self._below(self.recorded.frames.named(INVALID))

    def _gc(self, event: Match[bytes], first: int) -> None:
        self._below(self.recorded.frames.named(GC))

    def _kernel(self, event: Match[bytes], first: int) -> None:
        self._below(self.recorded.frames.of(KERNEL, _text(event[first]), 0))

    def _string(self, event: Match[bytes], first: int) -> None:
        self._process.texts[event[first]] = _text(event[first + 1])

    def _string_reference(self, event: Match[bytes], first: int) -> None:
        """Nothing refers to a text in this way but the data of frames."""

    def _frame(self, event: Match[bytes], first: int) -> None:
        texts, frames = self._process.texts, self.recorded.frames
        file, scope, line = texts[event[first + 1]], texts[event[first + 2]], number_of(event[first + 3])
        self._process.frames[event[first]] = frames.of(file, scope, line)

    def _time(self, event: Match[bytes], first: int) -> None:
        self._measure_time(event[first])

    def _memory(self, event: Match[bytes], first: int) -> None:
        self._measure_memory(event[first])

    def _measure_time(self, raw: bytes) -> None:
        number = self._numbers.get(raw)
        if number is None:
            number = number_of(raw)
            if len(raw) <= _SHORT:
                self._numbers[raw] = number
        self._values[VALUE] = number
        self._measured = True

    def _measure_memory(self, raw: bytes) -> None:
        # in the mode that measures nothing else it is the first number
        self._values[MEMORY if self._measured else VALUE] = number_of(raw)
        self._measured = True

    def _idle(self, event: Match[bytes], first: int) -> None:
        self._values[IDLE] = 1.0


_KINDS = tuple(_events(_LATEST).groupindex)


def _text(raw: bytes) -> str:
    """A text without the zero behind it."""
    return text(raw.rstrip(b"\0"))
