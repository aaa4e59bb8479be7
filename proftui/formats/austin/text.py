"""Austin's text: a line for each sample, between lines of metadata that begin with "#".

    # mode: wall
    P42;T0:43;/srv/app.py:<module>:3;/srv/app.py:main:12 1047

The process, the interpreter (from Austin 3.6 on) and the thread, frames from the outermost one to the innermost,
and what the mode measures: microseconds, bytes, or all that is known as TIME,IDLE,MEMORY in the full mode.
https://github.com/P403n1x87/austin#the-format
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from proftui.formats.austin.frames import NO_STACK, text
from proftui.formats.austin.modes import mode_of
from proftui.formats.austin.recorded import Owner, Recorded
from proftui.formats.encoding import utf8_lines
from proftui.formats.samples import Samples
from proftui.formats.source import Source

_OWNER = rb"P(?P<pid>[0-9]{1,10});T(?:(?P<interpreter>[0-9]{1,19}):)?(?P<thread>[^;\s][^;]{0,255}?)"
_NUMBERS = rb"-?[0-9]{1,18}(?:,-?[0-9]{1,18},-?[0-9]{1,18})?"
_STACK = re.compile(rb"%b(?:;(?P<frames>.*))?" % _OWNER, re.DOTALL)
_METADATA = re.compile(rb"# ([^:]{1,100}): (.*)", re.DOTALL)
_VALUES = re.compile(_NUMBERS)

SAMPLE = re.compile(rb"%b(?:;.*)? %b\s*" % (_OWNER, _NUMBERS), re.DOTALL)
"""A whole line."""

_MOST_KNOWN = 20_000
"""Different stacks that are remembered as they stand in the lines; each may be kilobytes long."""


def recorded_in(source: Source) -> Recorded:
    """What a text file holds. Raises Malformed."""
    reader = _Reader()
    for lines in utf8_lines(source):
        reader.add(lines)
    return reader.recorded


class _Reader:
    """Grows line by line."""

    def __init__(self) -> None:
        self.recorded = Recorded()
        self._lines = 0
        self._columns = 0
        self._known: dict[bytes, tuple[Samples, int]] = {}

    def add(self, lines: Iterable[bytes]) -> None:
        known = self._known
        for line in lines:
            self._lines += 1
            stack, _, numbers = line.rstrip(b"\r ").rpartition(b" ")
            found = known.get(stack)
            if found is None:
                if line.startswith(b"#") or not line.strip():
                    self._tell(line)
                    continue
                found = self._read(stack)
            values = self._values(numbers) if found else None
            if found is None or values is None:
                self._leave_out()
                continue
            samples, row = found
            samples.add(row, values)

    def _read(self, stack: bytes) -> tuple[Samples, int] | None:
        """Whose stack it is and its context; None of what is no stack."""
        match = _STACK.fullmatch(stack)
        if match is None:
            return None
        recorded = self.recorded
        owner = Owner.of(int(match["pid"]), int(match["interpreter"] or 0), text(match["thread"]), base=10)
        samples, frames = recorded.of(owner), match["frames"]
        ids = map(recorded.frames.of_text, frames.split(b";")) if frames else (recorded.frames.named(NO_STACK),)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        found = self._known[stack] = samples, samples.row(ids)
        return found

    def _values(self, numbers: bytes) -> tuple[float, ...] | None:
        """Three numbers; None where there are not as many as in the first line, or they cannot be."""
        if not _VALUES.fullmatch(numbers):
            return None
        values = tuple(map(float, numbers.split(b",")))
        if not self._columns:
            self._columns = self.recorded.columns = len(values)
            self._mode = mode_of(self.recorded.metadata, len(values))
        if not self._mode.possible(values):
            return None
        return values if len(values) > 1 else (*values, 0.0, 0.0)

    def _tell(self, line: bytes) -> None:
        if match := _METADATA.fullmatch(line.strip()):
            self.recorded.tell(text(match[1]), text(match[2]))

    def _leave_out(self) -> None:
        self.recorded.left_out += 1
        self.recorded.first_left_out = self.recorded.first_left_out or self._lines
