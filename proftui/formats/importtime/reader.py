"""Reads what `python -X importtime` says into a profile whose functions are modules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.importtime.lines import Imports, Run, imports_of
from proftui.formats.source import Source
from proftui.model import NO_LINE, WALL_TIME, Frames, Functions, Ids, Origin, Part, Profile
from proftui.model.forest import rooted
from proftui.units import TIME, counted, draw

MOST_RUNS = 10_000


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file, a part for each process. Self times are as printed, to the microsecond.

    Inclusive times are their sums: Python rounds its cumulative times apart, which differ by some microseconds.
    Raises Malformed.
    """
    del options
    imports = imports_of(source)
    runs = [run for run in imports.runs if len(run.own)]
    if not runs:
        raise Malformed("holds no imports that were timed")
    if len(runs) > MOST_RUNS:
        raise Malformed(f"holds more than {MOST_RUNS:,} runs")
    if sum(sum(run.own) for run in runs) * 1000 > 1 << 53:
        raise Malformed("the times add up to too much")
    names = [name.decode("utf-8", "backslashreplace") for name in imports.modules]
    parents = [parents_of(run.depth) for run in runs]
    return Profile(
        name=source.name,
        origin=Origin(source.path, "importtime", "traced", "python -X importtime"),
        metrics=(WALL_TIME,),
        functions=Functions.of([(name, "", NO_LINE, name) for name in names]),
        parts=tuple(
            _part(run, parent, f"run {number}" if len(runs) > 1 else source.name)
            for number, (run, parent) in enumerate(zip(runs, parents, strict=True), 1)
        ),
        notes=tuple(_notes(imports, runs, parents)),
    ).checked()


def parents_of(depth: Sequence[int]) -> Ids:
    """For each import the one that it was made by, which comes after all that it makes; -1 where none does."""
    parent = np.full(len(depth), -1, np.int32)
    waiting: list[int] = []
    for at, own in enumerate(depth):
        while waiting and depth[waiting[-1]] > own:
            parent[waiting.pop()] = at
        waiting.append(at)
    return parent


def _part(run: Run, parent: Ids, label: str) -> Part:
    order, above = callers_first(parent)
    module = np.array(run.module, np.int32)
    modules = np.unique(module)
    frames = Frames(modules, np.full(len(modules), NO_LINE, np.int32))
    frame = np.searchsorted(modules, module[order]).astype(np.int32)
    tree, row = rooted(frames, frame, above, np.array(run.own, np.float64)[order][None] * 1e3)
    calls = np.bincount(row, minlength=len(tree)).astype(np.float64)
    return Part(label, tree.to_graph(calls), (0,), "process", tree=tree)


def callers_first(parent: Ids) -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], Ids]:
    """An order of the imports with callers before callees, siblings as they were; and each one's caller in it."""
    size = len(parent)
    below: list[int] = [1] * size
    for at, above in enumerate(parent.tolist()):
        if above >= 0:
            below[above] += below[at]
    # what an import made ends just before it does: the import itself belongs in front of all of it
    first = np.arange(size) - np.array(below, np.intp) + 1
    order = np.lexsort((-np.arange(size), first))
    place = np.empty(size, np.intp)
    place[order] = np.arange(size)
    above = parent[order]
    return order, np.where(above < 0, -1, place[above]).astype(np.int32)


def _notes(imports: Imports, runs: Sequence[Run], parents: Sequence[Ids]) -> Iterator[str]:
    apart = max(_rounding(run, parent) for run, parent in zip(runs, parents, strict=True))
    if apart:
        yield (
            f"inclusive times are sums of self times, from which Python's cumulative ones, rounded apart,"
            f" differ by up to {draw(apart * 1e3, TIME)}"
        )
    cached = sum(run.cached for run in imports.runs)
    if cached:
        yield f"{counted(cached, 'import')} of modules that were loaded already left out: they were not timed"
    lost = sum(
        int(np.count_nonzero((parent < 0) & (np.array(run.depth) > 0)))
        for run, parent in zip(runs, parents, strict=True)
    )
    if lost:
        yield f"{counted(lost, 'import')} whose importer did not end, and so is not in the file"
    if imports.others:
        yield f"{counted(imports.others, 'line')} of something else left out"


def _rounding(run: Run, parent: Ids) -> int:
    """How far sums of self times are from the cumulative times, in microseconds."""
    total = list(run.own)
    for at, above in enumerate(parent.tolist()):
        if above >= 0:
            total[above] += total[at]
    return max(abs(sum_ - stated) for sum_, stated in zip(total, run.cumulative, strict=True))
