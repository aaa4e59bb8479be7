"""Reads snapshots of tracemalloc into a profile with a call tree for each domain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.source import Source
from proftui.formats.tracemalloc.traces import Traces, traces_of
from proftui.model import NO_LINE, CallGraph, CallTree, Floats, Frames, Functions, Ids, Metric, Origin, Part, Profile
from proftui.model.forest import planted
from proftui.model.inclusive import sums
from proftui.units import BYTES, COUNT, counted

METRICS = (Metric("bytes", BYTES, "memory in use"), Metric("blocks", COUNT, "blocks in use"))

MOST_BYTES = 1 << 29
"""Of a file: some ten million traces."""

MOST_PARTS = 20_000

_READING = 0.7
"""The share of the work that is done when the pickle is taken apart."""

PYTHON_OBJECTS = 0
"""The domain of what Python itself allocates."""


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a snapshot, with one part for each domain.

    A frame of tracemalloc is a file and a line without a function: a function here is one line of a file, named so,
    and that line is the frame's as well. Raises Malformed.
    """
    del options
    source.share = 0.1
    data = source.read(MOST_BYTES)

    def report(share: float) -> None:
        if source.progress:
            source.progress(0.1 + (_READING - 0.1) * share)

    traces = traces_of(data, report)
    functions, frames = _frames(traces.places)
    return Profile(
        name=source.name,
        origin=Origin(source.path, "tracemalloc", "traced", "tracemalloc"),
        metrics=METRICS,
        functions=functions,
        parts=tuple(_parts(traces, frames, source.name)),
        notes=tuple(_notes(traces)),
    ).checked()


def _frames(places: Sequence[tuple[str, int]]) -> tuple[Functions, Frames]:
    functions = Functions.of([(_name(file, line), file, NO_LINE, "") for file, line in places])
    return functions, Frames(np.arange(len(places), dtype=np.int32), np.array([line for _, line in places], np.int32))


def _name(file: str, line: int) -> str:
    """What stands for a function's name: a line of a file, of which the path is told elsewhere."""
    name = re.split(r"[/\\]", file)[-1]
    return name if line == NO_LINE else f"{name}:{line}"


def _parts(traces: Traces, frames: Frames, name: str) -> Iterator[Part]:
    domains = np.unique(traces.domain).tolist()
    if len(domains) > MOST_PARTS:
        raise Malformed(f"holds more than {MOST_PARTS:,} domains")
    if not domains:
        yield Part(name, CallGraph.empty(len(METRICS)), tuple(range(len(METRICS))))
    for domain in domains:
        here = traces.domain == domain
        tree = _tree(traces.stacks, traces.traceback[here], traces.size[here], frames)
        label = name if domains == [PYTHON_OBJECTS] else _label(domain)
        yield Part(label, tree.to_graph(), tuple(range(len(METRICS))), tree=tree)


def _label(domain: int) -> str:
    return "domain 0 (Python)" if domain == PYTHON_OBJECTS else f"domain {domain}"


def _tree(stacks: Sequence[Ids], traceback: Ids, size: Floats, frames: Frames) -> CallTree:
    """The tree of blocks with these tracebacks and sizes."""
    used, which = np.unique(traceback, return_inverse=True)
    costs = sums(which, np.stack([size, np.ones(len(size))]), len(used))
    chosen = [stacks[number][::-1] for number in used.tolist()]
    ends = np.cumsum([len(stack) for stack in chosen])
    parent = np.arange(-1, int(ends[-1]) - 1, dtype=np.int32)
    parent[ends[:-1]] = -1
    cost = np.zeros((len(METRICS), int(ends[-1])))
    cost[:, ends - 1] = costs
    return planted(frames, np.concatenate(chosen), parent, cost)


def _notes(traces: Traces) -> Iterator[str]:
    yield "tracemalloc knows files and lines but no functions: what is listed are lines"
    lengths = np.array([len(stack) for stack in traces.stacks], np.int64)
    kept, count = lengths[traces.traceback], len(traces.size)
    limit = "the limit" if traces.limit is None else f"the limit of {counted(traces.limit, 'frame')}"
    blocks = counted(count, "block")
    if cut := int((traces.frames > kept).sum()):
        yield f"the tracebacks of {cut:,} of {blocks} are cut off at {limit}: callers farther out are missing"
    if full := int(((traces.frames < 0) & (kept >= (traces.limit or np.inf))).sum()):
        yield f"the tracebacks of {full:,} of {blocks} are as long as {limit}: callers farther out may be missing"
