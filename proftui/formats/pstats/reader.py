"""Reads a dump of pstats into a profile of one part."""

from __future__ import annotations

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.pstats.table import CALLS, INCLUSIVE, PRIMITIVE, SELF, Table, decoded_table
from proftui.formats.source import Source
from proftui.model import NO_FILE, NO_LINE, WALL_TIME, CallGraph, Floats, Functions, Ids, Metric, Origin, Part, Profile

MOST_BYTES = 1 << 29
"""A dump of a million functions has 150 MB."""

MOST = 2.0**63
"""Times in nanoseconds (292 years) and counts from here on are damage, or a joke, and not measured."""

_TUPLE = b"()\xa8\xa9"


def sniff(head: bytes, name: str) -> bool:
    """Whether the bytes begin as a marshalled dict with a tuple for its first key, or as an empty one."""
    del name
    return head[:1] in (b"{", b"\xfb") and (head[1:] == b"0" or (len(head) > 1 and head[1] in _TUPLE))


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a dump; pstats has no costs by line. Raises Malformed."""
    del options
    data = source.read(MOST_BYTES)
    return profile_of(table_of(data), source)


def table_of(data: bytes) -> Table:
    return decoded_table(data)


def profile_of(table: Table, source: Source) -> Profile:
    """A profile with the figures of `table`.

    Inclusive costs are the profiler's own cumulative times. Where all counts are below zero (pyinstrument's -1) or
    are samples, calls were not measured, which only samplers do not: the profile is sampled.
    """
    size = len(table.keys)
    numbers = np.full((4, size), np.nan)
    numbers[:, table.function] = table.numbers
    if len(table.function) != len(np.unique(table.function)):
        raise Malformed("a function is in the table twice")
    order, caller, callee = _sorted_arcs(table, size)
    arc_numbers = table.arc_numbers[:, order]
    notes: list[str] = []
    metrics: tuple[Metric, ...] = (WALL_TIME,)
    graph = CallGraph(
        function=np.arange(size, dtype=np.int32),
        self_cost=_nanoseconds(numbers[SELF])[None],
        inclusive=_nanoseconds(numbers[INCLUSIVE])[None],
        caller=caller,
        callee=callee,
        arc_cost=_nanoseconds(arc_numbers[INCLUSIVE])[None],
        calls=_counts(numbers[CALLS]),
        primitive_calls=_counts(numbers[PRIMITIVE]),
        arc_self=_nanoseconds(arc_numbers[SELF])[None],
        arc_calls=_counts(arc_numbers[CALLS]),
        arc_primitive_calls=_counts(arc_numbers[PRIMITIVE]),
    )
    return Profile(
        name=source.name,
        origin=Origin(source.path, "pstats", "sampled" if graph.calls is None and size else "traced"),
        metrics=metrics,
        functions=_functions(table),
        parts=(Part(source.name, graph),),
        notes=tuple(notes),
    ).checked()


def _functions(table: Table) -> Functions:
    files, lines, names = zip(*table.keys, strict=True) if table.keys else ((), (), ())
    line = np.array(lines, np.int32)
    line[[not number and file == NO_FILE for file, number, _ in table.keys]] = NO_LINE
    return Functions(names, files, line, ("",) * len(files))


def _sorted_arcs(table: Table, size: int) -> tuple[Ids, Ids, Ids]:
    """The order of arcs by (caller, callee), and both columns in it."""
    key = table.caller.astype(np.int64) * size + table.callee
    order = np.argsort(key).astype(np.int32)
    if (np.diff(key[order]) == 0).any():
        raise Malformed("a function has the same caller twice")
    return order, table.caller[order], table.callee[order]


def _nanoseconds(seconds: Floats) -> Floats:
    with np.errstate(over="ignore", invalid="ignore"):
        time: Floats = np.rint(seconds * 1e9)
        time[~(np.abs(time) < MOST)] = np.nan
    return time


def _counts(values: Floats) -> Floats | None:
    """`values` with NaN for what is no count; None when nothing was counted."""
    with np.errstate(invalid="ignore"):
        known = (values >= 0) & (values < MOST)
    return np.where(known, values, np.nan) if known.any() else None
