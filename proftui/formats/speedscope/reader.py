"""Reads speedscope's JSON into a profile with a part for each of the file's profiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.source import Source
from proftui.formats.speedscope.document import Document, Evented, Sampled, document_of
from proftui.formats.speedscope.events import events_of
from proftui.formats.speedscope.frames import FrameTable, frames_of
from proftui.formats.speedscope.measures import MEASURES
from proftui.formats.speedscope.parts import Recorded, as_named, as_written
from proftui.formats.speedscope.remarks import Remarks, remarks_of
from proftui.formats.speedscope.stacks import stacks_of
from proftui.model import Kind, Origin, Profile
from proftui.units import counted, draw

MOST_PARTS = 20_000

_READING = 0.3
"""The share of the work that is done when the bytes are in memory."""

_SAMPLERS = ("py-spy", "pyinstrument", "rbspy", "austin")
"""Exporters that sample, whatever form they write."""


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file; a frame's line is that of its tree's frame. Raises Malformed."""
    del options
    source.share = _READING
    document = document_of(source)
    if not document.profiles:
        raise Malformed("holds no profiles", "profiles")
    if len(document.profiles) > MOST_PARTS:
        raise Malformed(f"holds more than {MOST_PARTS:,} profiles", "profiles")
    remarks = remarks_of(document)
    report = _Report(source, document)
    table = frames_of(document, remarks, report)
    recorded = [
        _recorded(profile, f"profiles[{number}]", table, report) for number, profile in enumerate(document.profiles)
    ]
    metrics, shares = as_named(recorded, table, source.name) if remarks is None else as_written(recorded, remarks)
    functions, frames = table.functions([share.tree for share in shares])
    notes = [note for made in recorded for note in _notes(made)] if remarks is None else list(remarks.notes)
    origin = _origin(source, document, remarks)
    if origin.kind == "traced" and any(isinstance(profile, Sampled) for profile in document.profiles) and not remarks:
        notes.append("traced and sampled parts lie side by side and are not comparable")
    profile = Profile(
        name=source.name,
        origin=origin,
        metrics=tuple(metrics),
        functions=functions,
        parts=tuple(share.part(frames) for share in shares),
    ).checked()
    return replace(profile, notes=tuple(dict.fromkeys([*notes, *profile.notes])))


class _Report:
    """Tells how far the work is, by the bytes of arrays that were read."""

    def __init__(self, source: Source, document: Document) -> None:
        self._progress = source.progress
        self._done = 0
        self._whole = len(memoryview(document.shared.frames)) + 1
        for profile in document.profiles:
            for raw in (profile.samples, profile.weights) if isinstance(profile, Sampled) else (profile.events,):
                self._whole += len(memoryview(raw))

    def __call__(self, size: int) -> None:
        self._done += size
        if self._progress:
            self._progress(_READING + (1 - _READING) * min(1.0, self._done / self._whole))


def _recorded(profile: Sampled | Evented, place: str, table: FrameTable, report: _Report) -> Recorded:
    measure = MEASURES.get(profile.unit, MEASURES["none"])
    if isinstance(profile, Sampled):
        stacks = stacks_of(profile, place, measure, table.which, report)
        return Recorded(profile, stacks.tree(table.frames), measure, stacks.without_frames)
    events = events_of(profile, f"{place}.events", measure, table.which, report)
    tree, idle = events.tree(table.frames)
    return Recorded(profile, tree, measure, idle, events.left_out)


def _notes(made: Recorded) -> Iterator[str]:
    """Sentences on what is not in the tree of a profile."""
    name = made.profile.name
    if made.idle:
        yield f"{name!r}: {draw(made.idle, made.measure.unit)} without a stack left out of the total"
    if made.left_out:
        yield f"{name!r}: {counted(made.left_out, 'event')} of unknown types left out"
    if made.profile.unit not in MEASURES:
        yield f"{name!r}: the unit {made.profile.unit!r} is not known; shown as plain numbers"


def _origin(source: Source, document: Document, remarks: Remarks | None) -> Origin:
    """As proftui wrote it, or else sampled if nothing but samples are in the file or its exporter is a sampler."""
    if remarks is not None:
        return Origin(source.path, "speedscope", remarks.kind, remarks.creator, remarks.command)
    exporter = document.exporter or ""
    samples = all(isinstance(profile, Sampled) for profile in document.profiles)
    kind: Kind = "sampled" if samples or exporter.startswith(_SAMPLERS) else "traced"
    return Origin(source.path, "speedscope", kind, exporter)
