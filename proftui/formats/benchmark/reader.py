"""Reads pytest-benchmark's JSON: a part for each benchmark that cProfile saw, or else a function for each benchmark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.benchmark.document import Benchmark, document_of
from proftui.formats.benchmark.rows import graph_of, nanoseconds
from proftui.formats.frame_ids import FrameIds
from proftui.formats.source import Source
from proftui.model import WALL_TIME, CallGraph, Functions, Metric, Origin, Part, Profile
from proftui.units import TIME, counted, draw

ROUNDS = (Metric("mean", TIME), Metric("median", TIME), Metric("min", TIME), Metric("max", TIME))
"""Of one call of what a benchmark measures, over its rounds."""

MOST_BENCHMARKS = 20_000

_MOST_TOLD = 12
"""Benchmarks of which the notes tell the times."""


def read(source: Source, options: ReadOptions) -> Profile:
    """The benchmarks in a file. Raises Malformed."""
    del options
    document = document_of(source)
    places = {f"benchmarks[{number}]": benchmark for number, benchmark in enumerate(document.benchmarks)}
    if not places:
        raise Malformed("holds no benchmarks", "benchmarks")
    if len(places) > MOST_BENCHMARKS:
        raise Malformed(f"holds more than {MOST_BENCHMARKS:,} benchmarks", "benchmarks")
    profiled = {place: benchmark for place, benchmark in places.items() if benchmark.cprofile}
    if profiled:
        metrics: tuple[Metric, ...] = (WALL_TIME,)
        functions, parts = _profiled(profiled)
        notes = _notes_on_profiled(list(profiled.values()), len(places))
    else:
        metrics = ROUNDS
        functions, parts = _measured(places, source.name)
        notes = _notes_on_measured()
    creator = f"pytest-benchmark {document.version}".rstrip()
    origin = Origin(source.path, "pytest-benchmark", "traced", creator)
    return Profile(source.name, origin, metrics, functions, parts, tuple(notes)).checked()


def _profiled(benchmarks: dict[str, Benchmark]) -> tuple[Functions, tuple[Part, ...]]:
    """The functions that cProfile saw, and a part for each benchmark."""
    ids = FrameIds()
    parts = tuple(
        Part(benchmark.fullname, graph_of(benchmark.cprofile, ids, place)) for place, benchmark in benchmarks.items()
    )
    return ids.functions(), parts


def _measured(benchmarks: dict[str, Benchmark], label: str) -> tuple[Functions, tuple[Part, ...]]:
    """The benchmarks as functions, named with their classes, in one part, whose costs are those of ROUNDS."""
    ids = FrameIds()
    costs: list[list[float]] = []
    for place, benchmark in benchmarks.items():
        file, separator, name = benchmark.fullname.partition("::")
        identity = (name, file) if separator else (benchmark.name, "")
        if ids.function(*identity) != len(costs):
            raise Malformed("a benchmark is there twice", place)
        stats = benchmark.stats
        figures = stats.mean, stats.median, stats.min, stats.max
        costs.append([nanoseconds(figure, f"{place}.stats") for figure in figures])
    cost, none = np.array(costs).T, np.zeros(0, np.int32)
    graph = CallGraph(np.arange(len(costs), dtype=np.int32), cost, cost, none, none, np.zeros((len(ROUNDS), 0)))
    return ids.functions(), (Part(label, graph, tuple(range(len(ROUNDS)))),)


def _notes_on_profiled(benchmarks: Sequence[Benchmark], of: int) -> Iterator[str]:
    yield (
        "pytest-benchmark records no callers, and of each benchmark only the foremost functions"
        " (--benchmark-cprofile-top); their times are those under cProfile, which slows calls down"
    )
    if of > len(benchmarks):
        yield f"{counted(of - len(benchmarks), 'benchmark')} without cProfile's figures left out"
    for benchmark in benchmarks[:_MOST_TOLD]:
        yield f"{benchmark.name} without cProfile: {_times(benchmark)}"
    if len(benchmarks) > _MOST_TOLD:
        yield f"{counted(len(benchmarks) - _MOST_TOLD, 'more benchmark')} whose times without cProfile are not told"


def _times(benchmark: Benchmark) -> str:
    stats = benchmark.stats
    mean, least, most = (draw(nanoseconds(time, ""), TIME) for time in (stats.mean, stats.min, stats.max))
    rounds = f"{counted(stats.rounds, 'round')} of {counted(stats.iterations, 'call')}"
    return f"mean {mean}, min {least}, max {most}, {rounds}"


def _notes_on_measured() -> Iterator[str]:
    yield (
        "each row is a benchmark with the time of one call, and totals are sums of these; which functions took it is"
        " not in the file: pytest --benchmark-cprofile=tottime --benchmark-json=FILE records that"
    )
