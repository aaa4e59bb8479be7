"""Reads Austin's samples into a profile with a part for each thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from proftui.errors import Malformed
from proftui.formats.austin import mojo, text
from proftui.formats.austin.frames import GC, INVALID
from proftui.formats.austin.modes import Mode, mode_of
from proftui.formats.austin.recorded import Owner, Recorded
from proftui.formats.base import ReadOptions
from proftui.formats.samples import Samples
from proftui.formats.source import Source
from proftui.model import Frames, Functions, Metric, Origin, Part, Profile
from proftui.units import counted, draw

_READING = 0.8
"""The share of the work that is done when the samples are taken up."""


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file, text or MOJO; a frame's line is that of its tree's frame. Raises Malformed."""
    del options
    source.share = _READING
    recorded = mojo.recorded_in(source) if source.head.startswith(mojo.MAGIC) else text.recorded_in(source)
    sampled = {owner: samples for owner, samples in recorded.samples.items() if len(samples)}
    if not sampled:
        raise Malformed("holds no samples")
    mode = mode_of(recorded.metadata, recorded.columns)
    functions, frames = recorded.frames.ids.functions(), recorded.frames.ids.frames()
    parts = tuple(_part(owner, samples, mode, frames) for owner, samples in sampled.items())
    version = recorded.metadata.get("austin", "")
    return Profile(
        name=source.name,
        origin=Origin(source.path, "austin", "sampled", f"Austin {version}" if version else "Austin"),
        metrics=_metrics(mode, parts),
        functions=functions,
        parts=parts,
        notes=tuple(_notes(recorded, mode, functions, parts)),
    ).checked()


def _part(owner: Owner, samples: Samples, mode: Mode, frames: Frames) -> Part:
    costs = mode.costs(samples.values())
    tree = samples.tree(frames, costs, costs[0] if mode.timed else None)
    return Part(owner.label, tree.to_graph(), tuple(range(len(mode.metrics))), "thread", owner.pid, owner.tid, tree)


def _metrics(mode: Mode, parts: tuple[Part, ...]) -> tuple[Metric, ...]:
    """Those of the mode; what it does not name is a difference where it is below zero anywhere."""
    below_zero = any((part.graph.self_cost < 0).any() for part in parts)
    return tuple(replace(metric, signed=True) for metric in mode.metrics) if below_zero else mode.metrics


def _notes(recorded: Recorded, mode: Mode, functions: Functions, parts: tuple[Part, ...]) -> Iterator[str]:
    if recorded.left_out:
        yield (
            f"{counted(recorded.left_out, 'line')} left out that Austin does not write;"
            f" the first is line {recorded.first_left_out:,}"
        )
    if recorded.broken_off is not None:
        yield f"breaks off at byte {recorded.broken_off:,}; what is whole before that is shown"
    if not mode.timed and len(mode.metrics) == 1:
        yield "no line '# mode: ...' tells what the numbers are"
    if len(mode.metrics) > 1:
        yield "memory is by how much the process grew or shrank since the sample before, wherever the sample found it"
    for name, meaning in ((GC, "the garbage collector ran"), (INVALID, "Austin could not read the whole stack")):
        cost = _own_cost(name, functions, parts)
        if cost and mode.timed:
            yield f"{name} is where {meaning}: {draw(cost, mode.metrics[0].unit)}"
    yield from _quality(recorded)


def _own_cost(name: str, functions: Functions, parts: tuple[Part, ...]) -> float:
    """What a function costs itself in the first metric, in all parts."""
    named = [at for at, known in enumerate(functions.name) if known == name]
    return float(sum(part.graph.self_cost[0, np.isin(part.graph.function, named)].sum() for part in parts))


def _quality(recorded: Recorded) -> Iterator[str]:
    """What Austin says of its own work at the end of a file."""
    for key, what in (("errors", "could not be taken"), ("saturation", "took longer than the interval")):
        part, _, whole = recorded.metadata.get(key, "").partition("/")
        if part.isdecimal() and whole.isdecimal() and int(part):
            yield f"{int(part):,} of {int(whole):,} samples {what}, says Austin"
