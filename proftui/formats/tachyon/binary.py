"""Reads the binary files of Python 3.15's sampler, without its own module."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.folded.owners import Owner
from proftui.formats.folded.parts import NO_STACK
from proftui.formats.frame_ids import FrameIds
from proftui.formats.source import Source
from proftui.formats.tachyon.header import HEADER, Frame, Header, frames_of, header_of
from proftui.formats.tachyon.measures import Interval
from proftui.formats.tachyon.records import NOT_SHOWN, Records
from proftui.model import CallGraph, CallTree, Frames, Origin, Part, Profile

MOST_BYTES = 1 << 29
"""Of a file, and of its samples when they are decompressed."""

_INTERNAL = "_sync_coordinator.py"
"""The file of the frames by which the sampler starts a program; Python hides them, too."""


def read_binary(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file; a frame's line is that of its tree's frame. Raises Malformed."""
    del options
    data = source.read(MOST_BYTES)
    header = header_of(data)
    ids = FrameIds()
    numbers = [_number(ids, frame) for frame in frames_of(data, header)]
    records = Records(header, numbers, lambda: ids.frame(ids.function(NO_STACK.decode())))
    count = records.read(_samples(data, header))
    if count != header.samples:
        raise Malformed(f"has {count:,} samples and says {header.samples:,}")
    interval = Interval(header.interval, _distance(records))
    parts = tuple(_parts(records, ids.frames(), interval))
    none = Part(source.name, CallGraph.empty(len(interval.metrics)), tuple(range(len(interval.metrics))))
    return Profile(
        name=source.name,
        origin=Origin(source.path, "tachyon", "sampled", f"profiling.sampling of Python {header.python}"),
        metrics=interval.metrics,
        functions=ids.functions(),
        parts=parts or (none,),
        notes=tuple(interval.notes()),
    ).checked()


def _number(ids: FrameIds, frame: Frame) -> int:
    name, file, line = frame
    return NOT_SHOWN if file.endswith(_INTERNAL) else ids.frame(ids.function(name, file), line)


def _samples(data: bytes, header: Header) -> bytes:
    """The bytes of the records. Raises Malformed."""
    stored = data[HEADER : header.strings_at]
    if not header.compressed:
        return stored
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    decompressor = zstd.ZstdDecompressor()
    try:
        samples: bytes = decompressor.decompress(stored, MOST_BYTES)
    except zstd.ZstdError:
        raise Malformed("its compressed samples are damaged") from None
    if not decompressor.eof:
        raise Malformed("its compressed samples end too early, or are too many")
    return samples


def _distance(records: Records) -> float:
    """The mean microseconds from one sample of a thread to the next; 0 where none has two."""
    times = [thread.samples.values()[0] for thread in records.threads.values()]
    distances = sum(len(time) - 1 for time in times)
    return sum(float(time[-1] - time[0]) for time in times) / distances if distances else 0.0


def _parts(records: Records, frames: Frames, interval: Interval) -> Iterator[Part]:
    """One for each thread."""
    measured = tuple(range(len(interval.metrics)))
    first = min((float(thread.samples.values()[0, 0]) for thread in records.threads.values()), default=0.0)
    for (tid, interpreter), thread in records.threads.items():
        time = thread.samples.values()[0] * 1e3
        last = interval.nanoseconds or 1.0
        spans = np.diff(time, append=time[-1] + last) if interval.nanoseconds else np.ones(len(time))
        tree = thread.samples.tree(frames, interval.costs(np.ones(len(time))), spans)
        late = time[0] - first * 1e3 if interval.nanoseconds else 0.0
        name = "main thread" if thread.main else ""
        owner = Owner(tid=tid, name=f"{name or 'thread'} of interpreter {interpreter}" if interpreter else name)
        yield Part(owner.label, tree.to_graph(), measured, owner.kind, None, tid, _shifted(tree, late))


def _shifted(tree: CallTree, late: float) -> CallTree:
    """A tree whose time line begins so many nanoseconds after the profile's."""
    timeline = tree.timeline
    if timeline is None or not late:
        return tree
    moved = replace(timeline, start=timeline.start + late, end=timeline.end + late, gaps=True)
    return replace(tree, timeline=moved)
