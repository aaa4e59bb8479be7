"""The call tree: calling contexts from root to leaf, what samplers and tracers record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from proftui.model.arrays import Bools, Floats, Ids
from proftui.model.graph import CallGraph
from proftui.model.inclusive import sums


@dataclass(frozen=True, eq=False)
class Frames:
    """The frames that tree rows are made of: a function and its current line (NO_LINE where unknown)."""

    function: Ids
    line: Ids


@dataclass(frozen=True, eq=False)
class CallTree:
    """N rows in preorder. `parent` is -1 for a root; `end` is one past the last row of the subtree.

    frame N (ids into `frames`), self_cost M x N. At most one child per (parent, frame).
    """

    frames: Frames
    frame: Ids
    parent: Ids
    end: Ids
    self_cost: Floats

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

    def outermost(self) -> Bools:
        """N: whether no ancestor of the row is the same function."""
        return self._outermost_of(self.function)

    def _outermost_of(self, group: Ids) -> Bools:
        """N: whether no ancestor of the row has the row's `group`; in preorder that takes one scan."""
        first = np.ones(len(self), np.bool_)
        ends: list[int] = self.end.tolist()
        open_until: dict[int, int] = {}
        for row, key in enumerate(group.tolist()):
            if row < open_until.get(key, 0):
                first[row] = False
            else:
                open_until[key] = ends[row]
        return first

    @classmethod
    def of_stacks(cls, stacks: Iterable[tuple[Sequence[int], Sequence[float]]], frames: Frames) -> CallTree:
        """From (frame ids from root to leaf, one cost per metric) pairs, equal stacks added up."""
        children: list[dict[int, int]] = [{}]
        costs: list[list[float]] = [[]]
        frame_of: list[int] = [-1]
        width = 0
        for stack, cost in stacks:
            node = 0
            for frame in stack:
                below = children[node].get(frame)
                if below is None:
                    below = children[node][frame] = len(children)
                    children.append({})
                    costs.append([])
                    frame_of.append(frame)
                node = below
            costs[node] = [a + b for a, b in zip(costs[node], cost, strict=True)] if costs[node] else list(cost)
            width = len(cost)
        return _preorder(children, costs, frame_of, width, frames)

    def to_graph(self) -> CallGraph:
        """The call graph of this tree, exactly: inclusive costs count each function's outermost rows once.

        An arc's cost counts the rows of (caller, callee) that have no equal pair above them: once per
        outermost activation of the arc, as a function's inclusive cost does.
        """
        function = self.function
        inclusive = self.inclusive()
        touched, row_of = np.unique(function, return_inverse=True)
        count = len(touched)
        has_parent = self.parent >= 0
        caller = row_of[self.parent[has_parent]]
        callee = row_of[has_parent.nonzero()[0]]
        pair = np.full(len(self), -1, np.int64)
        pair[has_parent] = caller.astype(np.int64) * count + callee
        keys, arc_of = np.unique(pair[has_parent], return_inverse=True)
        arc = np.full(len(self), -1, np.int32)
        arc[has_parent] = arc_of
        outer = np.flatnonzero(self.outermost())
        first = np.flatnonzero(self._outermost_of(arc) & has_parent)
        return CallGraph(
            function=touched.astype(np.int32),
            self_cost=sums(row_of, self.self_cost, count),
            inclusive=sums(row_of[outer], inclusive[:, outer], count),
            caller=(keys // max(count, 1)).astype(np.int32),
            callee=(keys % max(count, 1)).astype(np.int32),
            arc_cost=sums(arc[first], inclusive[:, first], len(keys)),
            arc_self=sums(arc_of, self.self_cost[:, has_parent], len(keys)),
        )


def _preorder(
    children: list[dict[int, int]], costs: list[list[float]], frame_of: list[int], width: int, frames: Frames
) -> CallTree:
    """The rows below node 0, numbered in preorder."""
    frame: list[int] = []
    parent: list[int] = []
    end: list[int] = []
    cost: list[list[float]] = []
    pending = [(node, -1) for node in reversed(children[0].values())]
    open_rows: list[int] = []
    while pending:
        node, above = pending.pop()
        row = len(frame)
        while open_rows and open_rows[-1] != above:
            end[open_rows.pop()] = row
        frame.append(frame_of[node])
        parent.append(above)
        end.append(-1)
        cost.append(costs[node] or [0.0] * width)
        open_rows.append(row)
        pending.extend((below, row) for below in reversed(children[node].values()))
    for row in open_rows:
        end[row] = len(frame)
    self_cost = np.array(cost, np.float64).reshape(len(frame), width).T
    return CallTree(
        frames, np.array(frame, np.int32), np.array(parent, np.int32), np.array(end, np.int32),
        np.ascontiguousarray(self_cost),
    )  # fmt: skip
