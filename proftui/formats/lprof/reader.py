"""Reads line_profiler's statistics into a profile with costs by line."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from proftui.formats.base import ReadOptions
from proftui.formats.lprof.timings import Timings, timings_of
from proftui.formats.source import Source
from proftui.model import HITS, CallGraph, Functions, LineCosts, Metric, Origin, Part, Profile
from proftui.model.inclusive import sums
from proftui.units import TIME, counted

METRICS = (Metric("time", TIME, "time with calls"), HITS)

MOST_BYTES = 1 << 28
"""Of a file: some ten million lines."""


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file, always with its costs by line, of which there are few and nothing else.

    line_profiler takes the time from one line to the next, so that of a line holds what it calls, and how much of it
    is a function's own is not known. Costs are therefore those of lines: a function's self and inclusive cost are both
    the sum of its lines, which is what line_profiler calls its total time. Raises Malformed.
    """
    del options
    timings = timings_of(source.read(MOST_BYTES))
    names = [(name, file, line, "") for file, line, name in timings.functions]
    return Profile(
        name=source.name,
        origin=Origin(source.path, "lprof", "traced", "line_profiler"),
        metrics=METRICS,
        functions=Functions.of(names),
        parts=(Part(source.name, _graph(timings), tuple(range(len(METRICS))), lines=_lines(timings)),),
        notes=tuple(_notes(timings)),
    ).checked()


def _graph(timings: Timings) -> CallGraph:
    count = len(timings.functions)
    none = np.zeros(0, np.int32)
    costs = sums(timings.function, np.stack([timings.time, timings.hits]), count)
    return CallGraph(
        function=np.arange(count, dtype=np.int32), self_cost=costs, inclusive=costs,
        caller=none, callee=none, arc_cost=np.zeros((len(METRICS), 0)),
    )  # fmt: skip


def _lines(timings: Timings) -> LineCosts:
    files = tuple(dict.fromkeys(file for file, _, _ in timings.functions))
    number = {file: at for at, file in enumerate(files)}
    file_of = np.array([number[file] for file, _, _ in timings.functions], np.int32)
    none, nothing = np.zeros(0, np.int32), np.zeros(0)
    return LineCosts(
        files=files,
        function=timings.function,
        file=file_of[timings.function],
        line=timings.line,
        cost=np.stack([timings.time, timings.hits]),
        site_caller=none, site_callee=none, site_file=none, site_line=none,
        site_calls=nothing, site_cost=np.zeros((len(METRICS), 0)),
    )  # fmt: skip


def _notes(timings: Timings) -> Iterator[str]:
    yield (
        "the time of a line includes what it calls: where watched functions call each other or themselves it counts in"
        " each of them, and the total is more than the time that passed"
    )
    idle = len(timings.functions) - len(np.unique(timings.function))
    if idle:
        yield f"{counted(idle, 'function')} watched that never ran"
