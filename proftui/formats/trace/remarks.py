"""What proftui's writer says of a profile for which trace events have no place, in a member of its own.

    {"version": 1, "kind": "traced", "creator": "", "command": "python app.py", "notes": [],
     "metric": {"name": "time", "unit": "seconds", "title": "", "formula": null, "signed": false},
     "parts": [{"process": 1, "thread": 2, "label": "...", "kind": "thread", "pid": 1, "tid": 2, "gaps": true}],
     "frames": [["f", "/srv/a.py", null, "a", 12]]}

process, thread  what the events of a part have as `pid` and `tid`
frames           by the `frame` of events whose names do not tell all: function as Functions has it, and current line
"""

from __future__ import annotations

from typing import Literal

import msgspec

from proftui.formats.json_faults import ERRORS
from proftui.formats.speedscope.remarks import MetricRemark
from proftui.formats.trace.names import Call
from proftui.model import NO_LINE, Kind, PartKind

FrameRemark = tuple[str, str, int | None, str, int | None]


class PartRemark(msgspec.Struct):
    """A part, and what it is in the file."""

    process: int
    thread: int
    label: str
    kind: PartKind
    pid: int | None
    tid: int | None
    gaps: bool


class Remarks(msgspec.Struct):
    """All of it."""

    version: Literal[1]
    kind: Kind
    creator: str
    command: str
    notes: tuple[str, ...]
    metric: MetricRemark
    parts: list[PartRemark]
    frames: list[FrameRemark]

    def call(self, frame: int) -> Call | None:
        """The frame of such a number."""
        if not 0 <= frame < len(self.frames):
            return None
        name, file, defined, binary, line = self.frames[frame]
        return Call(name, file, _line(defined), binary, _line(line))


def _line(line: int | None) -> int:
    return line if line is not None and 0 <= line < 1 << 31 else NO_LINE


def remarks_of(raw: msgspec.Raw) -> Remarks | None:
    """What proftui said of the file when it wrote it; None where nothing does."""
    try:
        return msgspec.json.decode(raw, type=Remarks)
    except ERRORS:
        return None
