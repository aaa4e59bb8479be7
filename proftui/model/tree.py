"""The call tree: calling contexts from root to leaf, what samplers and tracers record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from proftui.model.arrays import Bools, Floats, Ids, grouped
from proftui.model.graph import CallGraph
from proftui.model.inclusive import sums
from proftui.model.timeline import Samples, Timeline


@dataclass(frozen=True, eq=False)
class Frames:
    """The frames that tree rows are made of: a function and its current line (NO_LINE where unknown)."""

    function: Ids
    line: Ids


@dataclass(frozen=True, eq=False)
class CallTree:
    """N rows in preorder. `parent` is -1 for a root; `end` is one past the last row of the subtree.

    frame N (ids into `frames`), self_cost M x N. At most one child per (parent, frame).
    `timeline` is of these rows, or else `samples`, of which one is made when it is asked for, as it can be a hundred
    times as large: what makes other rows leaves them out.
    """

    frames: Frames
    frame: Ids
    parent: Ids
    end: Ids
    self_cost: Floats
    timeline: Timeline | None = None
    samples: Samples | None = None

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def function(self) -> Ids:
        """N: the function of each row."""
        return self.frames.function[self.frame]

    def inclusive(self) -> Floats:
        """M x N: the cost of each subtree, by one prefix sum."""
        running = np.concatenate([np.zeros((len(self.self_cost), 1)), np.cumsum(self.self_cost, axis=1)], axis=1)
        inclusive: Floats = running[:, self.end] - running[:, :-1]
        return inclusive

    def in_time(self) -> Timeline | None:
        """The time line; None where the order of time was not kept, or is made up of too many activations."""
        if self.timeline is None and self.samples is not None:
            return Timeline.of_samples(self.samples.leaf, self.samples.weight, self.parent)
        return self.timeline

    def outermost(self) -> Bools:
        """N: whether no ancestor of the row is the same function."""
        return self.outermost_of(self.function)

    def outermost_of(self, group: Ids) -> Bools:
        """N: whether no ancestor of the row has the row's `group`, a number of at least -1."""
        return outermost(group, self.end)

    @classmethod
    def of_stacks(cls, stacks: Iterable[tuple[Sequence[int], Sequence[float]]], frames: Frames) -> CallTree:
        """From (frame ids from root to leaf, one cost per metric) pairs, equal stacks added up.

        Raises ValueError for a stack without frames: its cost would belong to no row.
        """
        rows: dict[tuple[int, int], int] = {}
        parent: list[int] = []
        frame_of: list[int] = []
        leaves: list[int] = []
        costs: list[Sequence[float]] = []
        for stack, cost in stacks:
            if not len(stack):
                raise ValueError("a stack has no frames")
            row = -1
            for frame in stack:
                below = rows.get((row, frame))
                if below is None:
                    below = rows[row, frame] = len(parent)
                    parent.append(row)
                    frame_of.append(frame)
                row = below
            leaves.append(row)
            costs.append(cost)
        columns = np.array(costs, np.float64).T.reshape(-1, len(leaves)) if leaves else np.zeros((0, 0))
        self_cost = sums(np.array(leaves, np.int32), columns, len(parent))
        return cls.of_rows(frames, np.array(frame_of, np.int32), np.array(parent, np.int32), self_cost)

    @classmethod
    def of_rows(cls, frames: Frames, frame: Ids, parent: Ids, self_cost: Floats) -> CallTree:
        """From rows that come in any order in which parents are before their children, and no two are the same.

        Siblings keep their order.
        """
        size = len(frame)
        above: list[int] = parent.tolist()
        rows = [1] * (size + 1)  # of each subtree; the last element, which is what index -1 means, has all roots
        for row in range(size - 1, -1, -1):
            rows[above[row]] += rows[row]
        vacant = [0] * (size + 1)  # the place of the next child of each row
        place = [0] * size
        for row, parent_row in enumerate(above):
            at = place[row] = vacant[parent_row]
            vacant[parent_row] = at + rows[row]
            vacant[row] = at + 1
        places = np.array(place, np.int32)
        order = np.empty(size, np.intp)
        order[places] = np.arange(size)
        ordered_parent = parent[order]
        return cls(
            frames=frames,
            frame=frame[order],
            parent=np.where(ordered_parent < 0, -1, places[ordered_parent]).astype(np.int32),
            end=(places + np.array(rows[:size], np.int32))[order],
            self_cost=self_cost[:, order],
        )

    def to_graph(self, calls: Floats | None = None) -> CallGraph:
        """The call graph of this tree, exactly: inclusive costs count each function's outermost rows once.

        `calls`, N, is how often each row was called; where given, the graph has calls, of which those of rows
        without the same function above them are the primitive ones.

        An arc's cost counts the rows of (caller, callee) that have no equal pair above them: once per
        outermost activation of the arc, as a function's inclusive cost does.
        """
        inclusive = self.inclusive()
        sample, row_of = grouped(self.function)
        count = len(sample)
        called = np.flatnonzero(self.parent >= 0)
        pair = row_of[self.parent[called]] * count + row_of[called]
        sample_of_arc, arc_of = grouped(pair)
        arcs = pair[sample_of_arc]
        arc = np.full(len(self), -1, np.int32)
        arc[called] = arc_of
        outer = np.flatnonzero(self.outermost())
        first = np.flatnonzero(self.outermost_of(arc) & (arc >= 0))
        return CallGraph(
            function=self.function[sample],
            self_cost=sums(row_of, self.self_cost, count),
            inclusive=sums(row_of[outer], inclusive[:, outer], count),
            caller=(arcs // max(count, 1)).astype(np.int32),
            callee=(arcs % max(count, 1)).astype(np.int32),
            arc_cost=sums(arc[first], inclusive[:, first], len(arcs)),
            arc_self=sums(arc_of, self.self_cost[:, called], len(arcs)),
            calls=None if calls is None else sums(row_of, calls[None], count)[0],
            primitive_calls=None if calls is None else sums(row_of[outer], calls[None, outer], count)[0],
            arc_calls=None if calls is None else sums(arc_of, calls[None, called], len(arcs))[0],
        )


def outermost(group: Ids, end: Ids) -> Bools:
    """N: whether no ancestor of a row has the row's `group`, a number of at least -1; for rows in preorder.

    Ordered by (group, row), a row lies inside an earlier one of its group where that one's `end` is above it:
    subtrees nest, so the largest end so far tells. Adding group * N keeps the groups apart.
    """
    size = len(end)
    ordered = np.sort(group.astype(np.int64) * size + np.arange(size))
    row = ordered % size
    reach = np.maximum.accumulate(ordered - row + end[row])
    first = np.ones(size, np.bool_)
    first[row[1:]] = ordered[1:] >= reach[:-1]
    return first
