"""Reads Scalene's JSON into a profile with costs by line."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.frame_ids import FrameIds
from proftui.formats.scalene.blocks import functions_of
from proftui.formats.scalene.document import Document, Line, document_of
from proftui.formats.source import Source
from proftui.model import NO_LINE, WALL_TIME, CallGraph, Floats, LineCosts, Metric, Origin, Part, Profile, Series
from proftui.model.inclusive import sums
from proftui.units import BYTES, TIME

TIMES = (WALL_TIME, Metric("python", TIME, "Python time"), Metric("native", TIME, "native time"),
         Metric("system", TIME, "system time"))  # fmt: skip
MEMORY = (Metric("allocated", BYTES), Metric("copied", BYTES))

MODULE = "<module>"

_MEGABYTE = 1 << 20
_MOST_LINES = 10_000_000


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file, always with its costs by line, of which functions have the sums.

    Scalene gives shares of the run, and to the line of the program that calls it what a library costs; what a line of
    the program calls in it is on lines of its own. So these are self costs, and inclusive ones are not known.
    Raises Malformed.
    """
    del options
    document = document_of(source)
    lines = _Lines(document)
    used = np.flatnonzero(lines.costs.any(axis=1))
    metrics = tuple(metric for at, metric in enumerate((*TIMES, *MEMORY)) if at in used or metric is WALL_TIME)
    costs = lines.costs[[at for at, metric in enumerate((*TIMES, *MEMORY)) if metric in metrics]]
    part = Part(source.name, _graph(lines, costs), tuple(range(len(metrics))), lines=_line_costs(lines, costs))
    return Profile(
        name=source.name,
        origin=Origin(source.path, "scalene", "sampled", "Scalene", " ".join(document.args or [])),
        metrics=metrics,
        functions=lines.ids.functions(),
        parts=(part,),
        notes=tuple(_notes(document)),
        series=tuple(_series(document)),
    ).checked()


class _Lines:
    """The lines that cost something.

    function, file, line   k: its function, which file it is in, its number
    costs                  6 x k: what it costs in TIMES and MEMORY
    """

    def __init__(self, document: Document) -> None:
        self.ids = FrameIds()
        self.files = tuple(document.files)
        function, file, number, costs = [], [], [], []
        if sum(len(each.lines) for each in document.files.values()) > _MOST_LINES:
            raise Malformed(f"has more than {_MOST_LINES:,} lines of source", "files")
        for at, (path, content) in enumerate(document.files.items()):
            names = {each.number: each.text for each in content.functions}
            for line, defined in zip(content.lines, functions_of(content.lines, names), strict=True):
                cost = _costs(line, document.seconds)
                if any(cost):
                    name = names.get(defined, MODULE)
                    function.append(self.ids.function(name, path, defined or NO_LINE))
                    file.append(at)
                    number.append(line.number)
                    costs.append(cost)
        self.function = np.array(function, np.int32)
        self.file = np.array(file, np.int32)
        self.line = np.array(number, np.int32)
        self.costs: Floats = np.array(costs).reshape(-1, len(TIMES) + len(MEMORY)).T


def _costs(line: Line, seconds: float) -> tuple[float, ...]:
    """What a line costs, of a run of so many seconds: nanoseconds and bytes, whole ones."""
    times = [round(share / 100 * seconds * 1e9) for share in (line.python, line.native, line.system)]
    return (sum(times), *times, round(line.allocated * _MEGABYTE), round(line.copied * seconds * _MEGABYTE))


def _graph(lines: _Lines, costs: Floats) -> CallGraph:
    count = len(lines.ids.functions())
    own = sums(lines.function, costs, count)
    none = np.zeros(0, np.int32)
    unknown = np.full_like(own, np.nan)
    return CallGraph(np.arange(count, dtype=np.int32), own, unknown, none, none, np.zeros((len(costs), 0)))


def _line_costs(lines: _Lines, costs: Floats) -> LineCosts:
    none, nothing = np.zeros(0, np.int32), np.zeros(0)
    return LineCosts(
        files=lines.files, function=lines.function, file=lines.file, line=lines.line, cost=costs,
        site_caller=none, site_callee=none, site_file=none, site_line=none,
        site_calls=nothing, site_cost=np.zeros((len(costs), 0)),
    )  # fmt: skip


def _series(document: Document) -> Iterator[Series]:
    """The memory in use over time, where it was measured."""
    if any(amount for _, amount in document.samples):
        columns = np.array(document.samples, np.float64)
        order = np.argsort(columns[:, 0], kind="stable")
        yield Series("memory", BYTES, columns[order, 0] / 1e9, columns[order, 1] * _MEGABYTE)


def _notes(document: Document) -> Iterator[str]:
    yield (
        f"Scalene gives shares of {document.seconds:.4g} s; times are these shares of it, and what libraries cost is on"
        " the line that calls them"
    )
    yield "inclusive costs are not known: Scalene's lines have no callers"
    if bytes(document.stacks).strip() not in (b"[]", b"{}", b"null"):
        yield "Scalene's stacks, which hold other samples than the lines, are not shown"
