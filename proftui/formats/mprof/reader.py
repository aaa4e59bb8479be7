"""Reads what `mprof run` wrote: memory over time as series, and calls of watched functions as a tree."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.mprof.calls import tree_of
from proftui.formats.mprof.lines import MIB, Measured, Recording, recording_of
from proftui.formats.source import Source
from proftui.model import CallGraph, Functions, Metric, Origin, Part, Profile, Series
from proftui.units import BYTES, TIME, counted

METRICS = (Metric("memory", BYTES, "memory increment", signed=True), Metric("time", TIME))


MOST_SECONDS = 2.0**53 / 1e9
"""That whole nanoseconds can be counted of."""


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file; one without functions where none was watched. Raises Malformed."""
    del options
    recording = recording_of(source)
    measured = [recording.memory, *recording.children.values()]
    times = [min(one.seconds) for one in measured if len(one.seconds)] + [call.begin for call in recording.calls]
    if not times:
        raise Malformed("holds no measurements of memory")
    lasts = [max(one.seconds) for one in measured if len(one.seconds)] + [call.end for call in recording.calls]
    if max(lasts) - min(times) > MOST_SECONDS:
        raise Malformed("lasts longer than can be")
    functions, part, overlapping = _part(recording, min(times), source.name)
    return Profile(
        name=source.name,
        origin=Origin(
            source.path, "mprof", "traced" if recording.calls else "sampled", "memory_profiler", recording.command
        ),
        metrics=METRICS if recording.calls else METRICS[:1],
        functions=functions,
        parts=(part,),
        notes=tuple(_notes(recording, overlapping)),
        series=tuple(_series(recording, min(times))),
    ).checked()


def _part(recording: Recording, since: float, name: str) -> tuple[Functions, Part, int]:
    if not recording.calls:
        return Functions.of([]), Part(name, CallGraph.empty(1), kind="process"), 0
    functions, tree, calls, overlapping = tree_of(recording.calls, since)
    return functions, Part(name, tree.to_graph(calls), (0, 1), "process", tree=tree), overlapping


def _series(recording: Recording, since: float) -> Iterator[Series]:
    """The process, then each child."""
    spans = tuple(
        (call.name, call.begin - since, call.end - since, call.before * MIB, call.after * MIB)
        for call in recording.calls
    )
    if len(recording.memory.seconds):
        yield _one("memory", recording.memory, since, spans)
    for pid, measured in recording.children.items():
        yield _one(f"memory of child {pid}", measured, since)


def _one(
    label: str, measured: Measured, since: float, spans: tuple[tuple[str, float, float, float, float], ...] = ()
) -> Series:
    seconds, memory = np.array(measured.seconds), np.array(measured.memory)
    order = np.argsort(seconds, kind="stable")
    return Series(label, BYTES, seconds[order] - since, np.rint(memory[order] * MIB), spans)


def _notes(recording: Recording, overlapping: int) -> Iterator[str]:
    yield "memory over time was sampled: what came and went between two measurements was not seen"
    if recording.calls:
        yield (
            "a function's memory is how much more the whole process held at the end of its calls than at their"
            " beginning; below zero it gave memory back"
        )
    if overlapping:
        yield f"{counted(overlapping, 'call')} overlapped others as those of threads do: what each took is not known"
    measured = [recording.memory, *recording.children.values()]
    if any((np.diff(np.array(one.seconds)) < 0).any() for one in measured):
        yield "measurements that were not in the order of time were put in order"
    if recording.unknown:
        yield f"{counted(recording.unknown, 'line')} that memory_profiler does not write left out"
    if recording.cut_off:
        yield "the file ends within a line"
