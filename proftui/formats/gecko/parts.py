"""The parts of a profile, out of the threads of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from proftui.formats.deep_trees import deeply_rooted
from proftui.formats.folded.owners import Owner
from proftui.formats.frame_ids import FrameIds
from proftui.formats.gecko.columns import Indices
from proftui.formats.gecko.document import Thread
from proftui.formats.gecko.samples import BYTES, SAMPLES, TRACED, Samples
from proftui.formats.gecko.stacks import StackTable
from proftui.formats.in_time import samples_at
from proftui.model import WALL_TIME, Floats, Frames, Metric, Part
from proftui.model.timeline import Samples as InTime
from proftui.units import BYTES as BYTE_UNIT
from proftui.units import SAMPLES as SAMPLE_UNIT

_NUMBER = re.compile(r"([0-9]{1,18})(?:\.[0-9]+)?")
"""A process's number; of processes that had it one after the other the file tells them apart by a fraction."""


@dataclass(frozen=True, eq=False)
class Recorded:
    """A thread: its rows in caller-before-callee order, and its samples, whose stacks are such rows.

    frame      numbers of frames
    interval   nanoseconds that a sample stands for; None where samples are no times, or that is not known
    """

    owner: Owner
    frame: Indices
    parent: Indices
    samples: Samples
    interval: float | None

    @classmethod
    def of(
        cls, thread: Thread, samples: Samples, stacks: StackTable, ids: FrameIds, interval: float | None, shift: float,
        *, own_pid: bool,
    ) -> Recorded:  # fmt: skip
        """That of a file's thread, which began `shift` nanoseconds late. Raises Malformed."""
        rows, frame, parent = stacks.used(samples.stack)
        leaf = np.where(samples.stack < 0, -1, np.searchsorted(rows, samples.stack))
        time = None if samples.time is None else samples.time + shift
        each = interval * 1e6 if samples.kind == SAMPLES and interval and 0 < interval < 1e6 else None
        name = thread.name or thread.processName or ""
        owner = Owner(_number(thread.pid) if own_pid else None, _number(thread.tid), name)
        return cls(
            owner, stacks.names.into(ids, frame), parent, replace(samples, stack=leaf, time=time), each
        )  # fmt: skip

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What its samples measure."""
        signed = bool((self.samples.weight < 0).any())
        if self.samples.kind == BYTES:
            return (Metric("bytes", BYTE_UNIT, signed=signed),)
        time, samples = replace(WALL_TIME, signed=signed), Metric("samples", SAMPLE_UNIT, signed=signed)
        if self.samples.kind == TRACED:
            return (time,)
        return (samples,) if self.interval is None else (time, samples)

    def costs(self) -> Floats:
        """Self costs, a row for each metric."""
        kept = self.samples.stack >= 0
        weight = self.samples.weight[kept]
        own = np.bincount(self.samples.stack[kept], weight, len(self.frame)).astype(np.float64)
        if self.samples.kind == TRACED:
            return np.rint(own * 1e6)[None]
        return own[None] if self.interval is None else np.stack([np.rint(own * self.interval), own])

    def in_time(self, place: Indices, began: float) -> InTime | None:
        """What ran when, as the Firefox Profiler has it: from each sample to the next one.

        `place` is where each row is in the tree.
        """
        time, stack, weight = self.samples.time, self.samples.stack, self.samples.weight
        leaf = np.where(stack < 0, -1, place[np.maximum(stack, 0)]).astype(np.int32)
        if (weight < 0).any():
            return None
        if time is None or self.metrics[0].unit is not WALL_TIME.unit:
            return InTime(leaf, weight)
        end = np.append(time[1:], time[-1] + (self.interval or weight[-1] * 1e6))
        if self.samples.kind == TRACED:
            end = np.minimum(end, time + np.rint(weight * 1e6))
        return samples_at(leaf, time - began, end - began)


def parts_of(recorded: Sequence[Recorded], ids: FrameIds, name: str) -> tuple[tuple[Metric, ...], tuple[Part, ...]]:
    """The metrics, and a part for each thread of which anything was sampled."""
    metrics: dict[Metric, int] = {}
    for made in recorded:
        for metric in made.metrics:
            metrics.setdefault(metric, len(metrics))
    times = [float(made.samples.time[0]) for made in recorded if made.samples.time is not None and len(made.frame)]
    began = min(times, default=0.0)
    return tuple(metrics), tuple(_parts(recorded, metrics, ids.frames(), began, name))


def _parts(
    recorded: Sequence[Recorded], metrics: dict[Metric, int], frames: Frames, began: float, name: str
) -> Iterator[Part]:
    for made in recorded:
        if not len(made.frame):
            continue
        tree, place = deeply_rooted(frames, made.frame.astype(np.int32), made.parent.astype(np.int32), made.costs())
        tree = replace(tree, samples=made.in_time(place.astype(np.int64), began))
        owner, measured = made.owner, tuple(metrics[metric] for metric in made.metrics)
        yield Part(owner.label or name, tree.to_graph(), measured, owner.kind, owner.pid, owner.tid, tree)


def _number(number: int | str | None) -> int | None:
    if isinstance(number, str):
        match = _NUMBER.fullmatch(number)
        return int(match[1]) if match else None
    return number if number is not None and 0 <= number < 1 << 63 else None
