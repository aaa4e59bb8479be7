"""Reads profile.proto into a profile with a tree for each thread and process that the samples' labels name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.pprof.document import About, opened
from proftui.formats.pprof.drop import Dropped, dropped
from proftui.formats.pprof.legacy_cpu import is_binary, read_binary
from proftui.formats.pprof.legacy_text import is_text, read_text
from proftui.formats.pprof.locations import Locations, Table, locations_of
from proftui.formats.pprof.measures import metrics_of, shown_first, unit_of
from proftui.formats.pprof.owners import MOST_PARTS, Owner, Owners
from proftui.formats.pprof.remarks import understood
from proftui.formats.pprof.stacks import Stacks
from proftui.formats.pprof.wire import Bytes, Fields, Places, fields
from proftui.formats.source import Source
from proftui.model import CallTree, Floats, Metric, Part, Profile
from proftui.units import counted

MOST_BYTES, MOST_OLD_BYTES = 1 << 30, 1 << 28
"""Unpacked, of profile.proto and of the older forms."""

_ALWAYS, _PACKED = 1 << 26, 200
"""Bytes that any file may hold, and how many times its size."""

_BATCH = 1 << 22
"""Bytes of samples that are taken up at a time."""

_HEAD = 1 << 12

_READING = 0.2
"""The share of the work that is done when the bytes are in memory."""


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file; a frame's line is that of its tree's frame. Raises Malformed."""
    del options
    data = _bytes(source)
    raw = bytes(data.data[:_HEAD])
    if is_text(raw) or is_binary(raw):
        if len(data) > MOST_OLD_BYTES:
            raise Malformed(f"holds more than {MOST_OLD_BYTES >> 20} MiB, too much for this form of a profile")
        recorded = read_text(bytes(data.data)) if is_text(raw) else read_binary(bytes(data.data))
        stacks, locations = recorded.stacks()
        return assembled(source, recorded.about, stacks, recorded.owners or [Owner()], locations)
    top, strings, about = opened(data)
    table, locations = locations_of(top, strings)
    owners = Owners(strings)
    said = []
    kinds = None
    if about.drop:
        without = dropped(locations, about.drop, about.keep)
        said.append(_of_dropped(about.drop, without))
        if without is not None:
            locations, kinds = without.locations, without.kinds
    stacks = Stacks(locations, len(about.types), kinds)
    for samples in _batches(top, source):
        stacks.add(*_taken_up(samples, owners, table, len(about.types)))
    return assembled(source, about, stacks, owners.found(), locations, [*said, *_said(owners)])


def _bytes(source: Source) -> Bytes:
    source.share = _READING
    data, most = bytearray(), _most(source)
    for chunk in source.chunks():
        data += chunk
        if len(data) > most:
            raise Malformed(f"holds more than {most >> 20} MiB when unpacked, too much for its size")
    return np.frombuffer(data, np.uint8)


def _most(source: Source) -> int:
    """Bytes that a file may hold: packed ones a multiple of their size, which no profile comes near to."""
    try:
        size = Path(source.path).stat().st_size
    except OSError:  # standard input
        return MOST_BYTES
    return min(MOST_BYTES, max(_ALWAYS, size * _PACKED))


def _batches(top: Fields, source: Source) -> Iterator[Fields]:
    """The samples of a file, many at a time."""
    _, begin, stop = top.delimited(2)
    done = 0
    while done < len(begin):
        upto = max(int(np.searchsorted(stop, begin[done] + _BATCH)), done + 1)
        yield fields(top.data, begin[done:upto], stop[done:upto])
        done = upto
        if source.progress:
            source.progress(_READING + (1 - _READING) * done / len(begin))


def _taken_up(samples: Fields, owners: Owners, table: Table, types: int) -> tuple[Places, Places, Places, Floats]:
    """Of each sample its owner, its locations and how many these are, and its values. Raises Malformed."""
    values, sizes = samples.repeated(2)
    if (sizes != types).any():
        wrong = int(sizes[np.argmax(sizes != types)])
        raise Malformed(f"a sample has {counted(wrong, 'value')}, of {counted(types, 'sample type')}")
    ids, count = samples.repeated(1)
    location = table.find(ids)
    if (location < 0).any():
        raise Malformed(f"a sample names the location {int(ids[np.argmax(location < 0)]):,}, which is not there")
    return owners.of_samples(samples), location, count, values.view(np.int64).reshape(-1, types).T.astype(np.float64)


def assembled(
    source: Source,
    about: About,
    stacks: Stacks,
    owners: Sequence[Owner],
    locations: Locations,
    said: Sequence[str] = (),
) -> Profile:
    """The profile of all that was read, with the metric first that its file shows first. Raises Malformed."""
    functions, trees = stacks.trees(len(owners))
    order = shown_first(about.types, about.default)
    scale = np.array([[unit_of(about.types[index])[1]] for index in order])
    trees = [replace(tree, self_cost=tree.self_cost[order] * scale) for tree in trees]
    signed = [any((tree.self_cost[row] < 0).any() for tree in trees) for row in range(len(order))]
    metrics = metrics_of([about.types[index] for index in order], signed)
    origin, comments = understood(about.comments, source.path)
    notes = [*comments, *about.notes(), *said]
    if not any(len(tree) for tree in trees):
        notes.append("holds no samples")
    if locations.addresses:
        notes.append(f"{counted(locations.addresses, 'function')} without a name shown by address")
    profile = Profile(
        name=source.name,
        origin=origin,
        metrics=tuple(metrics),
        functions=functions,
        parts=tuple(_parts(source, owners, trees, metrics)),
    ).checked()
    return replace(profile, notes=tuple(dict.fromkeys(filter(None, [*notes, *profile.notes]))))


def _parts(
    source: Source, owners: Sequence[Owner], trees: Sequence[CallTree], metrics: Sequence[Metric]
) -> Iterator[Part]:
    measured = tuple(range(len(metrics)))
    for owner, tree in zip(owners, trees, strict=True):
        yield Part(owner.label or source.name, tree.to_graph(), measured, owner.kind, owner.pid, owner.tid, tree)


def _of_dropped(pattern: str, without: Dropped | None) -> str:
    """A sentence on the frames that the file asks to drop; "" where there are none."""
    if without is None:
        return f"frames that the file asks to leave out are shown: {pattern!r} is not simple enough to follow"
    if not without.names:
        return ""
    more = ", ..." if len(without.names) > 5 else ""
    return f"left out below the program's functions, as the file asks: {', '.join(without.names[:5])}{more}"


def _said(owners: Owners) -> Iterator[str]:
    """Sentences on the labels of samples."""
    if owners.too_many:
        yield f"labels name more than {MOST_PARTS:,} threads and processes; they are added up"
    if owners.others:
        keys = ", ".join(repr(key) for key in list(owners.others)[:5])
        more = ", ..." if len(owners.others) > 5 else ""
        yield f"labels that name no thread or process are not told apart: {keys}{more}"
