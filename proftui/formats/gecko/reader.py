"""Reads the Firefox Profiler's JSON into a profile with a part for each thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.frame_ids import FrameIds
from proftui.formats.gecko.document import Document, Meta, Tables, Thread, document_of
from proftui.formats.gecko.functions import FrameNames
from proftui.formats.gecko.parts import Recorded, parts_of
from proftui.formats.gecko.samples import BYTES, KINDS, SAMPLES, TRACED, samples_of
from proftui.formats.gecko.stacks import StackTable
from proftui.formats.source import Source
from proftui.model import CallGraph, Kind, Origin, Part, Profile
from proftui.units import BYTES as BYTE_UNIT
from proftui.units import TIME, counted, draw

MOST_PARTS = 20_000

MOST_NAMES = 20_000_000
"""Frames and functions of threads that have tables of their own, but for what they share."""

MOST_NESTED = 100
"""Processes within each other; Firefox's are all within the first one."""

_READING = 0.3
"""The share of the work that is done when the bytes are in memory."""

_TACHYON = "Tachyon"
"""How Python 3.15's sampler begins its name."""


@dataclass(frozen=True)
class _Process:
    """A document in a file, which may hold several; `shift` nanoseconds after the first one."""

    document: Document
    place: str
    shift: float


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file; a frame's line is that of its tree's frame. Raises Malformed."""
    del options
    source.share = _READING
    document = document_of(source)
    ids = FrameIds()
    processes = list(_processes(document, "", document.meta))
    count = sum(len(process.document.threads) for process in processes)
    if not count:
        raise Malformed("holds no threads", "threads")
    if count > MOST_PARTS:
        raise Malformed(f"holds more than {MOST_PARTS:,} threads", "threads")
    recorded = []
    for made in _recorded(processes, ids):
        recorded.append(made)
        if source.progress:
            source.progress(_READING + (1 - _READING) * len(recorded) / count)
    metrics, parts = parts_of(recorded, ids, source.name)
    profile = Profile(
        name=source.name,
        origin=Origin(source.path, "gecko", _kind(recorded), document.meta.importedFrom or document.meta.product or ""),
        metrics=metrics,
        functions=ids.functions(),
        parts=parts or (Part(source.name, CallGraph.empty(len(metrics)), tuple(range(len(metrics)))),),
        notes=tuple(_notes(recorded, processes)),
    ).checked()
    return replace(profile, notes=tuple(dict.fromkeys(profile.notes)))


def _processes(document: Document, place: str, first: Meta) -> Iterator[_Process]:
    """The document, and those within it. Raises Malformed."""
    if place.count(".") > MOST_NESTED:
        raise Malformed(f"more than {MOST_NESTED} processes are within each other", "processes")
    shift = (document.meta.startTime or 0.0) - (first.startTime or 0.0)
    yield _Process(document, place, round(shift * 1e6) if abs(shift) < 1e9 else 0.0)
    for number, inner in enumerate(document.processes or []):
        yield from _processes(inner, f"{place}processes[{number}].", first)


def _recorded(processes: Sequence[_Process], ids: FrameIds) -> Iterator[Recorded]:
    names = 0
    for process in processes:
        document = process.document
        shared: StackTable | None = None
        for number, thread in enumerate(document.threads):
            place = f"{process.place}threads[{number}]"
            if thread.stackTable is not None:
                stacks = _stack_table(thread, document, place)
                names += stacks.names.size
                if names > MOST_NAMES:
                    raise Malformed(f"threads have more than {MOST_NAMES:,} frames and functions", place)
            else:
                stacks = shared = shared or _stack_table(document.shared, document, f"{process.place}shared")
            samples = samples_of(thread, len(stacks), place)
            own = not _is_tachyon(document.meta)  # which writes its own number there
            yield Recorded.of(thread, samples, stacks, ids, document.meta.interval, process.shift, own_pid=own)


def _stack_table(tables: Tables, document: Document, place: str) -> StackTable:
    """The stacks of these tables; what they lack, all threads share."""
    shared = document.shared
    whole = Tables(
        stackTable=tables.stackTable,
        frameTable=tables.frameTable or shared.frameTable,
        funcTable=tables.funcTable or shared.funcTable,
        resourceTable=tables.resourceTable or shared.resourceTable,
        sources=tables.sources or shared.sources,
        stringArray=tables.stringArray if tables.stringArray is not None else shared.stringArray,
        stringTable=tables.stringTable,
        libs=tables.libs if tables.libs is not None else document.libs,
    )
    names = FrameNames(whole, place, definitions=not _is_tachyon(document.meta))
    return StackTable(whole, names, place)


def _is_tachyon(meta: Meta) -> bool:
    return (meta.importedFrom or "").startswith(_TACHYON)


def _kind(recorded: Sequence[Recorded]) -> Kind:
    return "traced" if all(made.samples.kind == TRACED for made in recorded) else "sampled"


def _notes(recorded: Sequence[Recorded], processes: Sequence[_Process]) -> Iterator[str]:
    """What to tell the user about the file, apart from breached invariants."""
    meta = processes[0].document.meta
    if any(made.interval for made in recorded):
        yield f"time is samples times the file's interval, {draw((meta.interval or 0.0) * 1e6, TIME)}"
    kinds = {made.samples.kind == TRACED for made in recorded}
    if len(kinds) > 1:
        yield "traced and sampled parts lie side by side and are not comparable"
    missing = {kind: sum(made.samples.missing for made in recorded if made.samples.kind == kind) for kind in KINDS}
    if samples := missing[SAMPLES]:
        yield f"{counted(samples, 'sample')} without a stack left out of the total"
    if traced := missing[TRACED]:
        yield f"{draw(traced * 1e6, TIME)} without a stack left out of the total"
    if size := missing[BYTES]:
        yield f"{draw(size, BYTE_UNIT)} without a stack left out of the total"
    if _is_tachyon(meta):
        yield "Python's sampler writes but the base names of files: equal ones are taken for one file"
    threads: list[Thread] = [thread for process in processes for thread in process.document.threads]
    if any(thread.jsAllocations or thread.nativeAllocations for thread in threads):
        yield "allocations that the file holds as well are not shown"
    if any(len(memoryview(thread.markers.get("data", b""))) > len(b"[]") for thread in threads):
        yield "markers that the file holds as well are not shown"
