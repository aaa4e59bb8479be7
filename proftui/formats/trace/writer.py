"""Writes what ran when as trace events, which ui.perfetto.dev, chrome://tracing and VizTracer's vizviewer open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from proftui import __version__
from proftui.errors import Unwritable
from proftui.formats.encoding import utf8_text
from proftui.formats.speedscope.remarks import MetricRemark
from proftui.formats.trace.names import Call, call_of
from proftui.formats.trace.parts import MICROSECOND
from proftui.formats.trace.remarks import FrameRemark, PartRemark, Remarks
from proftui.model import NO_FILE, NO_LINE, CallTree, Frames, Part, Profile, Timeline
from proftui.units import TIME

_ENCODER = msgspec.json.Encoder()


def write(profile: Profile) -> list[bytes]:
    """One file, with an event for each activation in the time lines, in the order of time.

    Only the first metric is written, and of parts that do not measure it their names alone. Raises Unwritable for
    parts that do not know what ran when.
    """
    timelines = [_in_time(part) for part in profile.parts]
    remarks = _parts(profile, timelines)
    names = _Names(profile)
    scale = MICROSECOND if profile.metrics[0].unit is TIME else 1.0
    lines = [_ENCODER.encode(event) for event in _metadata(profile, remarks)]
    for part, remark, timeline in zip(profile.parts, remarks, timelines, strict=True):
        lines += [_ENCODER.encode(event) for event in _events(part, remark, timeline, names, scale)]
    head = {"tool": "proftui", "version": __version__}
    return [
        b'{"otherData":%b,"displayTimeUnit":"ns","traceEvents":[\n%b\n],"proftui":%b}\n'
        % (_ENCODER.encode(head), b",\n".join(lines), _ENCODER.encode(_remarks(profile, remarks, names)))
    ]


def _in_time(part: Part) -> Timeline:
    # a time line is in units of its part's first metric, and what is not the profile's would pass for time
    if 0 not in part.metrics[:1] or (part.tree is not None and not len(part.tree)):
        return Timeline(np.zeros(0, np.int32), np.zeros(0), np.zeros(0))
    timeline = None if part.tree is None else part.tree.in_time()
    if timeline is None:
        raise Unwritable(f"part {part.label!r}: trace events are written from what ran when, which is not known of it")
    return timeline


def _parts(profile: Profile, timelines: Sequence[Timeline]) -> list[PartRemark]:
    """What the parts are in the file: no two of them are the same thread, though they may be in the profile."""
    taken: set[tuple[int, int]] = set()
    remarks = []
    for number, (part, timeline) in enumerate(zip(profile.parts, timelines, strict=True)):
        process, thread = part.pid or 0, part.tid if part.tid is not None else part.pid or number + 1
        while (process, thread) in taken:
            thread += 1
        taken.add((process, thread))
        remarks.append(PartRemark(process, thread, utf8_text(part.label), part.kind, part.pid, part.tid, timeline.gaps))
    return remarks


def _metadata(profile: Profile, remarks: list[PartRemark]) -> Iterator[dict[str, Any]]:
    """The names of processes and threads."""
    for process in dict.fromkeys(remark.process for remark in remarks):
        yield {"ph": "M", "pid": process, "name": "process_name", "args": {"name": utf8_text(profile.name)}}
    for remark in remarks:
        name = {"name": remark.label}
        yield {"ph": "M", "pid": remark.process, "tid": remark.thread, "name": "thread_name", "args": name}


def _events(
    part: Part, remark: PartRemark, timeline: Timeline, names: _Names, scale: float
) -> Iterator[dict[str, Any]]:
    if part.tree is None:
        return
    said = names.of(part.tree.frames, part.tree)
    rows = zip(
        timeline.row.tolist(),
        (timeline.start / scale).tolist(),
        ((timeline.end - timeline.start) / scale).tolist(),
        _details(timeline),
        strict=True,
    )
    for row, start, lasts, detail in rows:
        name, frame = said[row]
        event = {"ph": "X", "pid": remark.process, "tid": remark.thread, "ts": start, "dur": lasts, "name": name}
        if frame is not None:
            event["frame"] = frame
        if detail is not None:
            event["args"] = {"detail": detail}
        yield event


def _details(timeline: Timeline) -> list[str | None]:
    if timeline.detail is None:
        return [None] * len(timeline)
    texts = [*map(utf8_text, timeline.details), None]  # the last one is what -1 means
    return [texts[number] for number in timeline.detail.tolist()]


@dataclass(eq=False)
class _Names:
    """The names of frames as VizTracer has them, with a number in `frames` where they do not tell all."""

    profile: Profile
    frames: list[FrameRemark] = field(default_factory=list)
    _known: dict[tuple[int, int], tuple[str, int | None]] = field(default_factory=dict)

    def of(self, frames: Frames, tree: CallTree) -> list[tuple[str, int | None]]:
        """The name of each row's frame, and its number or None."""
        pairs = zip(frames.function[tree.frame].tolist(), frames.line[tree.frame].tolist(), strict=True)
        return [self._known.get(pair) or self._new(pair) for pair in pairs]

    def _new(self, pair: tuple[int, int]) -> tuple[str, int | None]:
        function, line = pair
        name, file, defined, binary = self.profile.functions.identity(function)
        shown = defined if defined != NO_LINE else line
        located = file not in ("", NO_FILE) and shown != NO_LINE
        text = utf8_text(f"{name} ({file}:{shown})" if located else name)
        number = None
        if call_of(text) != Call(name, file, defined, binary, line):
            number = len(self.frames)
            self.frames.append((utf8_text(name), utf8_text(file), _known(defined), utf8_text(binary), _known(line)))
        return self._known.setdefault(pair, (text, number))


def _known(line: int) -> int | None:
    return None if line == NO_LINE else line


def _remarks(profile: Profile, parts: list[PartRemark], names: _Names) -> Remarks:
    origin = profile.origin
    return Remarks(
        1, origin.kind, utf8_text(origin.creator), utf8_text(origin.command), tuple(map(utf8_text, profile.notes)),
        MetricRemark.of(profile.metrics[0]), parts, names.frames,
    )  # fmt: skip
