"""Whose stacks they are: the frames at the root that name a thread or a process.

    thread (TID): NAME, process PID:"COMMAND"   py-spy; the processes above are there too
    tid:TID                                     Python 3.15's sampler
    NAME-PID/TID                                stackcollapse-perf.pl --tid, where all lines begin so

py-spy writes names as they are. One that holds a ";" looks like several frames, and all stacks of that thread go on
with the same ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from proftui.formats.folded.frames import raw_of, text_of
from proftui.model import Part, PartKind

_ID = rb"(0x[0-9A-Fa-f]{1,16}|[0-9]{1,19})"
_THREAD = re.compile(rb"thread \(%b\)(?:: (.*))?" % _ID, re.DOTALL)
_PROCESS = re.compile(rb'process %b:"(.*?)("?)' % _ID, re.DOTALL)
_TID = re.compile(rb"tid:%b" % _ID)
PERF = re.compile(rb"(.+)-([0-9]{1,19}|\?)/([0-9]{1,19})", re.DOTALL)
_LONGEST_NAME = 1 << 12
"""Letters up to which a name goes on in further frames: each beginning of it is one that might have been whole."""

_BEGINS_FRAME = (b"<", b"{", b"(", b"[", b"0x")


@dataclass(frozen=True)
class Owner:
    """A thread, a process, or neither. `open`: the name may go on in the next frame."""

    pid: int | None = None
    tid: int | None = None
    name: str = ""
    open: bool = False

    @property
    def kind(self) -> PartKind:
        """What a part with its stacks is."""
        return "thread" if self.tid is not None else "process" if self.pid is not None else "file"

    @property
    def label(self) -> str:
        """Its name, and the process where there may be several of that name; "" of neither."""
        if self.tid is None and self.pid is None:
            return ""
        name = self.name or ("process" if self.tid is None else f"thread {self.tid}")
        return name if self.pid is None else f"{name} [{self.pid}]"

    @classmethod
    def of(cls, part: Part) -> Owner:
        """That of a part, as its label and its numbers say."""
        if part.tid is None and part.pid is None:
            return NOBODY
        name = part.label if part.pid is None else part.label.removesuffix(f" [{part.pid}]")
        unnamed = name == ("process" if part.tid is None else f"thread {part.tid}")
        return cls(part.pid, part.tid, "" if unnamed else name)

    def written(self) -> list[bytes]:
        """The frames that name it, as py-spy has them."""
        frames = []
        if self.pid is not None:
            frames.append(b'process %d:"%b"' % (self.pid, raw_of(self.name) if self.tid is None else b""))
        if self.tid is not None:
            frames.append(b"thread (%d)%b" % (self.tid, b": " + raw_of(self.name) if self.name else b""))
        return frames


NOBODY = Owner()


@dataclass(frozen=True)
class Owners:
    """How the lines of a file name them: as `perf` does, or else in one of the other ways.

    With `located`, frames have files, and names can be told from them.
    """

    perf: bool = False
    located: bool = False

    def entered(self, owner: Owner, frame: bytes, *, alone: bool) -> Owner | None:
        """Who a frame below the name of `owner` names; None where that is a frame like any other.

        `alone`: all stacks of the owner go on with this frame.
        """
        if owner.open and alone and (further := self._going_on(owner, frame)):
            return further
        if owner.tid is not None:
            return None
        if self.perf:
            match = PERF.fullmatch(frame)
            return match and Owner(None if match[2] == b"?" else int(match[2]), int(match[3]), text_of(match[1]))
        if match := _THREAD.fullmatch(frame):
            return replace(owner, tid=_number(match[1]), name=text_of(match[2] or b""), open=match[2] is not None)
        if match := _PROCESS.fullmatch(frame):
            return Owner(_number(match[1]), None, text_of(match[2]), open=not match[3])
        if match := _TID.fullmatch(frame):
            return replace(owner, tid=_number(match[1]), name="", open=False)
        return None

    def _going_on(self, owner: Owner, frame: bytes) -> Owner | None:
        """The owner with a name that goes on with `frame`, None where it does not."""
        if len(owner.name) + len(frame) > _LONGEST_NAME:
            return None
        name = f"{owner.name};{text_of(frame)}"
        if owner.tid is None:
            closed = name.endswith('"')
            return replace(owner, name=name[:-1] if closed else name, open=not closed)
        is_frame = frame.startswith(_BEGINS_FRAME) or (frame.endswith(b")") and b" (" in frame)
        if not self.located or is_frame:
            return None
        return replace(owner, name=name)


def _number(raw: bytes) -> int:
    return int(raw, 16) if raw.startswith(b"0x") else int(raw)
