"""Reads a dump of pstats into a profile of one part."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.pstats.packed import packed_table
from proftui.formats.pstats.table import CALLS, INCLUSIVE, PRIMITIVE, SELF, Table, decoded_table
from proftui.formats.source import Progress, Source
from proftui.model import NO_FILE, NO_LINE, WALL_TIME, CallGraph, Floats, Functions, Ids, Metric, Origin, Part, Profile
from proftui.units import SAMPLES

SAMPLE_COUNT = Metric("samples", SAMPLES)

MOST_BYTES = 1 << 26
"""Of a dump: some 400,000 functions, which take up to 1 GB of memory to read."""

_MOST = 2.0**63
"""Counts, and times in nanoseconds (292 years), from here on are damage and taken as not measured."""

_READING = 0.1
"""The share of the work that is done when the bytes are in memory."""

_TUPLES = b"()\xa8\xa9"


def sniff(head: bytes, name: str) -> bool:
    """Whether the bytes begin as a marshalled dict whose first key is a tuple, or as an empty one."""
    del name
    return head[:1] in (b"{", b"\xfb") and (head[1:] == b"0" or (len(head) > 1 and head[1] in _TUPLES))


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a dump; pstats has no costs by line. Raises Malformed."""
    del options
    source.share = _READING
    data = source.read(MOST_BYTES)
    return profile_of(table_of(data, source.progress), source)


def table_of(data: bytes, progress: Progress | None = None) -> Table:
    """The table in a dump's bytes; raises Malformed."""

    def decoding(share: float) -> None:
        if progress:
            progress(_READING + (1 - _READING) * share)

    return packed_table(data) or decoded_table(data, decoding)


def profile_of(table: Table, source: Source) -> Profile:
    """A profile with the figures of `table`. Raises Malformed when a function or a caller is there twice.

    Inclusive costs are the profiler's own cumulative times. Where every count is below zero (pyinstrument's -1) or a
    number of samples (Python 3.15's sampler), calls were not measured, which only samplers do not: the profile is
    sampled. Numbers that cannot be (NaN, a negative count, 10^300 seconds) are not measured either. The functions'
    `object` is empty: pstats knows no modules.
    """
    if np.bincount(table.function, minlength=1).max() > 1:
        raise Malformed("a function is in the table twice")
    rows = np.full((4, len(table.name)), np.nan)
    rows[:, table.function] = _measured(table.numbers)
    order = _order_of_arcs(table)
    graph = (_of_samples if table.sampled else _of_calls)(
        rows, table.caller[order], table.callee[order], _measured(table.arc_numbers)[:, order]
    )
    return Profile(
        name=source.name,
        origin=Origin(
            path=source.path,
            format="pstats",
            kind="sampled" if graph.calls is None else "traced",
            creator="profiling.sampling" if table.sampled else "",
        ),
        metrics=(WALL_TIME, SAMPLE_COUNT) if table.sampled else (WALL_TIME,),
        functions=_functions(table),
        parts=(Part(source.name, graph, tuple(range(len(graph.self_cost)))),),
        notes=tuple(_notes(table, rows, graph)),
    ).checked()


def _of_calls(rows: Floats, caller: Ids, callee: Ids, arcs: Floats) -> CallGraph:
    """The graph of rows and arcs of `_measured` numbers."""
    arc_self = _if_any(arcs[SELF])
    return CallGraph(
        function=np.arange(rows.shape[1], dtype=np.int32),
        self_cost=rows[SELF, None],
        inclusive=rows[INCLUSIVE, None],
        caller=caller,
        callee=callee,
        arc_cost=arcs[INCLUSIVE, None],
        calls=_if_any(rows[CALLS]),
        primitive_calls=_if_any(rows[PRIMITIVE]),
        arc_self=None if arc_self is None else arc_self[None],
        arc_calls=_if_any(arcs[CALLS]),
        arc_primitive_calls=_if_any(arcs[PRIMITIVE]),
    )


def _of_samples(rows: Floats, caller: Ids, callee: Ids, arcs: Floats) -> CallGraph:
    """The graph of a sampler's rows: (samples of the function itself, samples with it on the stack, ...).

    An arc is the number of samples in which the caller stood above the callee, once for each time it did: more than
    there are samples where functions recur. All times are samples times one interval, which gives the arcs' times.
    """
    own = rows[PRIMITIVE]
    return CallGraph(
        function=np.arange(rows.shape[1], dtype=np.int32),
        self_cost=np.stack([rows[SELF], own]),
        inclusive=np.stack([rows[INCLUSIVE], rows[CALLS]]),
        caller=caller,
        callee=callee,
        arc_cost=np.stack([np.rint(arcs[CALLS] * _interval(own, rows[SELF])), arcs[CALLS]]),
    )


def _interval(samples: Floats, time: Floats) -> float:
    """The nanoseconds that each sample stands for, or NaN when that is not one number for all."""
    known = samples > 0
    if not known.any():
        return math.nan
    interval = float(np.median(time[known] / samples[known]))
    return interval if np.allclose(samples[known] * interval, time[known], rtol=1e-9, atol=1) else math.nan


def _functions(table: Table) -> Functions:
    line = table.line.copy()
    for function in np.flatnonzero(line == 0).tolist():
        if table.file[function] == NO_FILE:
            line[function] = NO_LINE
    return Functions(tuple(table.name), tuple(table.file), line, ("",) * len(table.name))


def _order_of_arcs(table: Table) -> npt.NDArray[np.intp]:
    """By (caller, callee)."""
    key = table.caller.astype(np.int64) * len(table.name) + table.callee
    order = np.argsort(key)
    ordered = key[order]
    if (ordered[1:] == ordered[:-1]).any():
        raise Malformed("a function has the same caller twice")
    return order


def _notes(table: Table, rows: Floats, graph: CallGraph) -> Iterator[str]:
    """What to tell the user about the file, apart from breached invariants."""
    if table.sampled:
        yield "sampled: the file's counts are numbers of samples; calls were not measured"
        if len(set(zip(table.file, table.name, strict=True))) < len(table.name):
            yield "functions are told apart by the line that ran, as Python's sampler does: one may have several rows"
    elif graph.calls is None:
        yield "calls were not measured, as by a sampler"
    elif odd := _odd(rows[:SELF, table.function]):
        yield f"impossible numbers of calls of {_functions_of(odd)} are taken as not measured"
    if odd := _odd(rows[SELF:, table.function]):
        yield f"impossible times of {_functions_of(odd)} are taken as not measured"
    if missing := len(table.name) - len(table.function):
        yield f"the costs of {_functions_of(missing)} are not in the file, which names them as callers only"
    if not table.sampled and _if_any(table.arc_numbers[INCLUSIVE]) is None:
        yield "costs by caller were not measured, only calls"
    if table.trailing:
        yield f"{table.trailing:,} bytes after the table were not read"


def _odd(numbers: Floats) -> int:
    return int(np.isnan(numbers).any(axis=0).sum())


def _functions_of(count: int) -> str:
    return f"{count:,} function{'s' if count > 1 else ''}"


def _measured(numbers: Floats) -> Floats:
    """A table's numbers with times in nanoseconds, and NaN for what cannot be."""
    measured: Floats = numbers.copy()
    with np.errstate(over="ignore"):
        measured[SELF:] = np.rint(measured[SELF:] * 1e9)
    measured[np.abs(measured) >= _MOST] = np.nan
    measured[:SELF][measured[:SELF] < 0] = np.nan
    return measured


def _if_any(values: Floats) -> Floats | None:
    """None when nothing of it was measured."""
    return None if len(values) and np.isnan(values).all() else values
