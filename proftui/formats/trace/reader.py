"""Reads trace events into a profile with a part for each thread."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.encoding import utf8_head
from proftui.formats.frame_ids import FrameIds
from proftui.formats.source import Source
from proftui.formats.trace.columns import END, Gathering
from proftui.formats.trace.document import PLACE, Beside, Document
from proftui.formats.trace.names import PYSPY, Call, Kind, Numbered, Sampler, call_of, sampler_of
from proftui.formats.trace.owners import label
from proftui.formats.trace.parts import MICROSECOND, Clock, Growing, Remains, in_order
from proftui.formats.trace.remarks import Remarks, remarks_of
from proftui.model import WALL_TIME, CallTree, Floats, Frames, Functions, Metric, Origin, Part, Profile
from proftui.units import TIME, counted, draw

OURS = re.compile(rb'\s*\{\s*"otherData"\s*:\s*\{\s*"tool"\s*:\s*"proftui"')

PYSPY_OWNER = re.compile(r"process .*|thread \((?:0x[0-9A-Fa-f]+|[0-9]+)\)(?:: (.*))?", re.DOTALL)
"""py-spy's names of what is no function, but whose stacks they are."""

_READING = 0.7
"""The share of the work that is done when all events are columns."""

_LEFT_OUT = {
    **dict.fromkeys("iIR", "instant"), **dict.fromkeys("benSTpF", "asynchronous"), **dict.fromkeys("stf", "flow"),
    **dict.fromkeys("OND", "object"), "P": "sample",
}  # fmt: skip
"""What events are that have no place in calls, by their phase."""


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file, with the lines of definitions, and a time line for each part. Raises Malformed."""
    del options
    source.share = _READING
    head = utf8_head(source.head)
    sampler = sampler_of(head)
    gathering = Gathering(sampler and sampler.telling, ours=OURS.match(head) is not None)
    document = Document(source)
    for batch in document.batches():
        gathering.add(batch)
    if gathering.timeless and not gathering.threads:
        raise Malformed("no event has a time", PLACE)
    return _Reading(source, document, gathering, sampler).profile()


@dataclass(eq=False)
class _Reading:
    source: Source
    document: Document
    gathering: Gathering
    sampler: Sampler | None

    def profile(self) -> Profile:
        """The profile of what was gathered. Raises Malformed."""
        remarks = remarks_of(self.document.beside.proftui)
        metric = WALL_TIME if remarks is None else remarks.metric.metric()
        growing, functions = self._growing(remarks, MICROSECOND if metric.unit is TIME else 1.0)
        trees = {number: (tree, times) for number, tree, times in growing.trees(self._report)}
        parts = self._parts(trees) if remarks is None else self._parts_written(trees, remarks, growing.frames)
        if not parts:
            nothing = _nothing(growing.frames)
            parts = [Part(self.source.name, nothing.to_graph(np.zeros(0)), tree=nothing)]
        profile = Profile(
            name=self.source.name,
            origin=self._origin(remarks),
            metrics=(metric,),
            functions=functions,
            parts=tuple(parts),
            series=self.gathering.counters.series(growing.clock.since),
        ).checked()
        said = [*(remarks.notes if remarks else ()), *self._notes(growing.remains, metric)]
        return replace(profile, notes=tuple(dict.fromkeys([*said, *profile.notes])))

    def _report(self, share: float) -> None:
        if self.source.progress:
            self.source.progress(_READING + (1 - _READING) * share)

    def _growing(self, remarks: Remarks | None, scale: float) -> tuple[Growing, Functions]:
        columns, kinds, threads = self.gathering.columns(), self.gathering.kinds, self.gathering.threads
        thread_of = np.zeros(len(kinds), np.int32)
        thread_of[columns.kind] = columns.owner
        ids = FrameIds()
        frame = np.full(len(kinds), -1, np.int32)
        for number in np.flatnonzero(np.bincount(columns.kind[columns.phase != END], minlength=len(kinds))).tolist():
            call = _call(kinds[number], remarks)
            if self.sampler is PYSPY and not call.file and (owner := PYSPY_OWNER.fullmatch(call.name)):
                self.gathering.names.thread_is(threads[thread_of[number]], owner[1] or "")
            else:
                frame[number] = ids.frame(ids.function(*call[:4]), call.line)
        unnamed = kinds.index("") if "" in kinds else -1
        since = min(float(columns.at.min(initial=math.inf)), self.gathering.counters.earliest())
        clock = Clock(since if math.isfinite(since) and remarks is None else 0.0, scale)
        details = self.gathering.arguments.texts()
        return Growing(columns, ids.frames(), frame, unnamed, clock, details), ids.functions()

    def _parts(self, trees: dict[int, tuple[CallTree, Floats]]) -> list[Part]:
        threads, names = self.gathering.threads, self.gathering.names
        alone = len({pid for pid, _ in threads}) == 1
        parts = []
        for number in in_order(threads, [_first(trees[number][0]) for number in range(len(threads))]):
            tree, times = trees[number]
            said, kind, pid, tid = label(threads[number], names.thread(threads[number], alone=alone))
            graph = tree.to_graph(None if self.sampler else times)
            parts.append(Part(said or self.source.name, graph, (0,), kind, pid, tid, tree))
        return parts

    def _parts_written(self, trees: dict[int, tuple[CallTree, Floats]], remarks: Remarks, frames: Frames) -> list[Part]:
        """The parts that proftui wrote, those without calls too."""
        numbers = {thread: number for number, thread in enumerate(self.gathering.threads)}
        parts = []
        for said in remarks.parts:
            tree, times = trees.get(numbers.get((said.process, said.thread), -1), (_nothing(frames), np.zeros(0)))
            if tree.timeline is not None:
                tree = replace(tree, timeline=replace(tree.timeline, gaps=said.gaps))
            graph = tree.to_graph(times if remarks.kind == "traced" else None)
            parts.append(Part(said.label, graph, (0,), said.kind, said.pid, said.tid, tree))
        return parts

    def _origin(self, remarks: Remarks | None) -> Origin:
        path = self.source.path
        if remarks is not None:
            return Origin(path, "trace", remarks.kind, remarks.creator, remarks.command)
        if self.sampler is not None:
            return Origin(path, "trace", "sampled", self.sampler.name)
        return Origin(path, "trace", "traced", _creator(self.document.beside))

    def _notes(self, remains: Remains, metric: Metric) -> Iterator[str]:
        """Sentences on what is not in the profile, or not as it is in the file."""
        gathered = self.gathering
        if self.document.unfinished:
            yield "the file ends before its events do: what came later is not there"
        said = self.document.beside.viztracer_metadata
        if isinstance(said, dict) and said.get("overflow") is True:
            yield "VizTracer had no room for all calls: the oldest ones are not there"
        if gathered.left_out:
            yield f"what is no call is left out: {_left_out(gathered.left_out)}"
        if gathered.timeless:
            yield f"{counted(gathered.timeless, 'event')} without a time left out"
        if remains.lost_ends:
            yield f"{counted(remains.lost_ends, 'end event')} left out: not of the call begun last"
        if remains.unended:
            yield f"{counted(remains.unended, 'call')} without an end: taken to go on until their thread's last time"
        if remains.timeless:
            yield f"{counted(remains.timeless, 'call')} without a duration, or with one below zero: taken as 0"
        if remains.overlaps:
            yield (
                f"{counted(remains.overlaps, 'call')} beyond the end of the call around: what is longer is shown "
                "beside that call, so that every call lasts as long as the file says"
            )
        if remains.lost:
            yield f"{draw(remains.lost, metric.unit)} of calls that overlap left out"
        if gathered.arguments.left_out:
            yield f"arguments of {counted(gathered.arguments.left_out, 'call')} left out: there are too many"
        if gathered.counters.left_out:
            yield f"{counted(gathered.counters.left_out, 'number')} of counters left out: there are too many"


def _first(tree: CallTree) -> float:
    """When the first call of a tree starts."""
    timeline = tree.timeline
    return float(timeline.start[0]) if timeline is not None and len(timeline) else math.inf


def _nothing(frames: Frames) -> CallTree:
    none = np.zeros(0, np.int32)
    return CallTree(frames, none, none, none, np.zeros((1, 0)))


def _call(kind: Kind, remarks: Remarks | None) -> Call:
    if isinstance(kind, Call):
        return kind
    if isinstance(kind, Numbered):
        return (remarks.call(kind.frame) if remarks else None) or call_of(kind.name)
    return call_of(kind)


def _creator(beside: Beside) -> str:
    said = beside.viztracer_metadata
    if not isinstance(said, dict):
        return ""
    version = said.get("version")
    return f"VizTracer {version}" if isinstance(version, str) else "VizTracer"


def _left_out(phases: Counter[str]) -> str:
    """How many events of which sort there are."""
    sorts: Counter[str] = Counter()
    for phase, times in phases.items():
        sorts[_LEFT_OUT.get(phase, "other")] += times
    return ", ".join(counted(times, f"{sort} event") for sort, times in sorted(sorts.items()))
