"""The lines of an mprof file.

    CMDLINE command
    MEM MiB time                                 of the process
    CHLD pid MiB time                            of a child (`mprof run -M`); 0 MiB when it had ended
    FUNC name MiB time MiB time [stack level]    of a call of a watched function: at its beginning and at its end

Times are in seconds since 1970. Calls stand grouped by function, and before or after all else
(https://github.com/pythonprofilers/memory_profiler, mprof.py: read_mprofile_file).
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from proftui.errors import Malformed
from proftui.formats.encoding import utf8_lines
from proftui.formats.source import Source

MIB = 1 << 20

MOST_CHILDREN = 10_000

MOST_MEASURED = 20_000_000
"""Measurements and calls in a file: with one every tenth of a second, three weeks of them."""

_MOST_SECONDS = 1e11
"""As a time since 1970."""

_MOST_MIB = 2.0**53 / MIB


class Call(NamedTuple):
    """A call of a function: the time and the memory (MiB) at its beginning and at its end; `level` -1 if not told."""

    name: str
    begin: float
    end: float
    before: float
    after: float
    level: int


class Measured(NamedTuple):
    """The memory of a process in MiB, and when it was that."""

    seconds: array[float]
    memory: array[float]


def _nothing() -> Measured:
    return Measured(array("d"), array("d"))


@dataclass
class Recording:
    """What an mprof file holds; grows line by line.

    unknown    how many lines were none of mprof's
    cut_off    whether the last line is not whole
    """

    command: str = ""
    memory: Measured = field(default_factory=_nothing)
    children: dict[int, Measured] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    unknown: int = 0
    cut_off: bool = False

    def add(self, line: bytes) -> None:
        """Take one line. Raises ValueError for one that is of mprof's kinds and cannot be."""
        word, _, rest = line.decode("utf-8", "backslashreplace").strip().partition(" ")
        take = _KINDS.get(word)
        if take is not None:
            take(self, rest)
        elif word:
            self.unknown += 1

    def _told(self, text: str) -> None:
        self.command = self.command or text.strip()

    def _measured(self, text: str) -> None:
        memory, seconds = text.split()
        _append(self.memory, memory, seconds)

    def _of_child(self, text: str) -> None:
        pid, memory, seconds = text.split()
        if len(self.children) == MOST_CHILDREN and int(pid) not in self.children:
            raise ValueError(pid)
        if not 0 <= int(pid) < 1 << 31:
            raise ValueError(pid)
        _append(self.children.setdefault(int(pid), _nothing()), memory, seconds)

    def _called(self, text: str) -> None:
        name, before, begin, after, end, *level = text.split(" ")
        depth = int(level[0]) if level else -1
        call = Call(name, _second(begin), _second(end), _mib(before), _mib(after), depth)
        if call.end < call.begin or len(level) > 1 or depth >= 1 << 31:
            raise ValueError(name)
        self.calls.append(call)


_KINDS: dict[str, Callable[[Recording, str], None]] = {
    "CMDLINE": Recording._told,
    "MEM": Recording._measured,
    "CHLD": Recording._of_child,
    "FUNC": Recording._called,
}


def recording_of(source: Source) -> Recording:
    """What a source holds. Raises Malformed for a line that cannot be, unless it is the last and not whole."""
    recording = Recording()
    number = 0
    last: list[bytes] = []
    for piece in utf8_lines(source):
        # the last line of a piece may be the last of all, which is known when the next piece comes
        for line in [*last, *piece[:-1]]:
            number += 1
            _take(recording, line, number)
        last = piece[-1:]
    try:
        for line in last:
            recording.add(line)
    except ValueError:
        recording.cut_off = True
    return recording


def _take(recording: Recording, line: bytes, number: int) -> None:
    try:
        recording.add(line)
    except ValueError:
        raise Malformed("not a measurement of memory_profiler", f"line {number}") from None
    if number > MOST_MEASURED:
        raise Malformed(f"holds more than {MOST_MEASURED:,} lines")


def _append(measured: Measured, memory: str, seconds: str) -> None:
    values = _mib(memory), _second(seconds)
    measured.memory.append(values[0])
    measured.seconds.append(values[1])


def _second(text: str) -> float:
    return _within(text, _MOST_SECONDS)


def _mib(text: str) -> float:
    return _within(text, _MOST_MIB)


def _within(text: str, most: float) -> float:
    number = float(text)
    if not (math.isfinite(number) and 0 <= number <= most):
        raise ValueError(text)
    return number
