"""The parts of a profile, out of the profiles in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from proftui.formats.speedscope.document import Evented, Sampled
from proftui.formats.speedscope.frames import FrameTable
from proftui.formats.speedscope.measures import Measure, metric_of
from proftui.formats.speedscope.owners import owner_of, without_owners
from proftui.formats.speedscope.remarks import ProfileRemark, Remarks
from proftui.model import CallTree, Frames, Metric, Part, PartKind
from proftui.model.forest import rooted


@dataclass(frozen=True, eq=False)
class Recorded:
    """What one profile of a file holds: `idle` passed without a stack, and so many events were left out."""

    profile: Sampled | Evented
    tree: CallTree
    measure: Measure
    idle: float = 0.0
    left_out: int = 0


@dataclass(frozen=True, eq=False)
class Share:
    """A part before its functions are known; as `Part` has it."""

    label: str
    kind: PartKind
    pid: int | None
    tid: int | None
    metrics: tuple[int, ...]
    tree: CallTree

    def part(self, frames: Frames) -> Part:
        """The part, whose tree's frames are these."""
        tree = replace(self.tree, frames=frames)
        return Part(self.label, tree.to_graph(), self.metrics, self.kind, self.pid, self.tid, tree)


def as_named(recorded: Sequence[Recorded], table: FrameTable, name: str) -> tuple[list[Metric], list[Share]]:
    """The metrics, and one part for each profile; those without a name have that of the file."""
    metrics: dict[Metric, int] = {}
    shares = []
    for made in recorded:
        metric = metric_of(made.measure, sampled=isinstance(made.profile, Sampled))
        owner = owner_of(made.profile.name or "")
        label = owner.label or made.profile.name or name
        measured = (metrics.setdefault(metric, len(metrics)),)
        shares.append(Share(label, owner.kind, owner.pid, owner.tid, measured, without_owners(made.tree, table)))
    return list(metrics), shares


def as_written(recorded: Sequence[Recorded], remarks: Remarks) -> tuple[list[Metric], list[Share]]:
    """The metrics, and the parts that proftui wrote: each has a profile for every metric that it measures."""
    parts: dict[int, list[tuple[ProfileRemark, CallTree]]] = {}
    for remark, made in zip(remarks.profiles, recorded, strict=True):
        parts.setdefault(remark.part, []).append((remark, made.tree))
    shares = []
    for profiles in parts.values():
        first = profiles[0][0]
        measured = tuple(remark.metric for remark, _ in profiles)
        tree = _together([tree for _, tree in profiles])
        shares.append(Share(first.label, first.kind, first.pid, first.tid, measured, tree))
    return [metric.metric() for metric in remarks.metrics], shares


def _together(trees: Sequence[CallTree]) -> CallTree:
    """One tree, with a row of costs for each of these, which have the same frames; the time line is the first one's."""
    if len(trees) == 1:
        return trees[0]
    rows = np.cumsum([0] + [len(tree) for tree in trees]).tolist()
    cost = np.zeros((len(trees), rows[-1]))
    for number, tree in enumerate(trees):
        cost[number, rows[number] : rows[number + 1]] = tree.self_cost[0]
    parent = [np.where(tree.parent < 0, -1, tree.parent + row) for tree, row in zip(trees, rows, strict=False)]
    frame = np.concatenate([tree.frame for tree in trees])
    tree, row = rooted(trees[0].frames, frame, np.concatenate(parent).astype(np.int32), cost)
    timeline, samples = trees[0].timeline, trees[0].samples
    place = np.append(row[: len(trees[0])], -1).astype(np.int32)  # the last one is what -1 means
    return replace(
        tree,
        timeline=timeline and replace(timeline, row=place[timeline.row]),
        samples=samples and replace(samples, leaf=place[samples.leaf]),
    )
