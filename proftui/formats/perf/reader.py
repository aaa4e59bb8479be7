"""Reads what `perf script` printed into a profile with a part for each thread and a metric for each event."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.encoding import utf8_lines
from proftui.formats.perf.script import EVENT, MOST_PARTS, PERIOD, TIME, Owner, Script, Thread
from proftui.formats.source import Source
from proftui.model import Floats, Frames, Metric, Origin, Part, Profile
from proftui.units import COUNT, SAMPLES, counted
from proftui.units import TIME as NANOSECONDS

_READING = 0.8
"""The share of the work that is done when the samples are taken up."""

MOST_MEASURED, MOST_FIGURES = 1 << 20, 1 << 24
"""Events times threads, and times calling contexts."""

_CLOCKS = ("cpu-clock", "task-clock")
"""Events whose periods are nanoseconds."""


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a file; frames have lines where the fields include srcline. Raises Malformed."""
    del options
    source.share = _READING
    script = Script()
    for lines in utf8_lines(source):
        script.add(lines)
    script.finish()
    if not script.threads:
        raise Malformed("holds no samples")
    _demand_few(script)
    values = [thread.samples.values() for thread in script.threads.values()]
    events = _by_samples(list(script.events), values)
    periodic = _periodic(values, len(events))
    functions, frames = script.frames.ids.functions(), script.frames.ids.frames()
    version = script.remarks.get("perf version", "")
    return Profile(
        name=source.name,
        origin=Origin(
            source.path, "perf", "sampled", f"perf {version}".rstrip(), script.remarks.get("cmdline", "").strip()
        ),
        metrics=tuple(_metric(event, has) for event, has in zip(events, periodic, strict=True)),
        functions=functions,
        parts=tuple(
            _part(owner, thread, numbers, periodic, frames)
            for (owner, thread), numbers in zip(script.threads.items(), values, strict=True)
        ),
        notes=tuple(_notes(script, sum(numbers.shape[1] for numbers in values))),
    ).checked()


def _demand_few(script: Script) -> None:
    """Raises Malformed for so many threads or calling contexts that a figure for each event would be too much."""
    contexts = sum(thread.samples.contexts for thread in script.threads.values())
    for count, most, what in ((len(script.threads), MOST_MEASURED, "threads"), (contexts, MOST_FIGURES, "contexts")):
        if count * len(script.events) > most:
            raise Malformed(f"has {counted(len(script.events), 'event')} in {count:,} {what}, which is too much")


def _by_samples(events: list[str], values: list[Floats]) -> list[str]:
    """The events ordered by how many samples they have, and so are the numbers of events in `values`."""
    counts = sum(np.bincount(numbers[EVENT].astype(np.intp), minlength=len(events)) for numbers in values)
    order = np.argsort(-np.asarray(counts), kind="stable")
    rank = np.argsort(order)
    for numbers in values:
        numbers[EVENT] = rank[numbers[EVENT].astype(np.intp)]
    return [events[event] for event in order.tolist()]


def _periodic(values: list[Floats], events: int) -> list[bool]:
    """Of each event, whether all of its samples have periods."""
    without = {int(event) for numbers in values for event in set(numbers[EVENT][np.isnan(numbers[PERIOD])].tolist())}
    return [event not in without for event in range(events)]


def _metric(event: str, periodic: bool) -> Metric:
    """Periods of clocks are times, others count the event; without them it is samples that are counted."""
    if not periodic:
        return Metric(event, SAMPLES, f"{event} samples")
    return Metric(event, NANOSECONDS if event.split(":")[0].split("/")[0] in _CLOCKS else COUNT)


def _part(owner: Owner, thread: Thread, numbers: Floats, periodic: list[bool], frames: Frames) -> Part:
    def cost(event: int) -> Floats:
        own = numbers[PERIOD] if periodic[event] else 1.0
        only: Floats = np.where(numbers[EVENT] == event, own, 0.0)
        return only

    in_order = not np.isnan(numbers[TIME]).any() and (np.diff(numbers[TIME]) >= 0).all()
    tree = thread.samples.tree(frames, map(cost, range(len(periodic))), cost(0) if in_order else None)
    metrics = tuple(range(len(periodic)))
    return Part(owner.label, tree.to_graph(), metrics, "thread", owner.pid, owner.tid, tree)


def _notes(script: Script, samples: int) -> Iterator[str]:
    if script.left_out:
        yield (
            f"{counted(script.left_out, 'line')} left out that perf script does not write;"
            f" the first is line {script.first_left_out:,}"
        )
    if script.stackless:
        yield f"{script.stackless:,} of {counted(samples, 'sample')} without a stack"
    if script.callerless:
        some = "" if script.callerless == samples else f"{script.callerless:,} of {counted(samples, 'sample')} "
        yield f"{some}recorded without callers, which `perf record -g` keeps: their inclusive cost is self cost"
    if script.frames.collapsed:
        yield "[unknown] is what perf has no names for; a run of such frames is shown as one"
    if script.merged:
        yield f"more than {MOST_PARTS:,} threads; further ones are shown by their names alone"
