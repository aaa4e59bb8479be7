"""Recorded call trees, one behind the other: the rows that exact trees, inverted or not, are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from proftui.analysis.scope import Scope
from proftui.model import Bools, CallTree, Floats, Ids, grouped

Rows = npt.NDArray[np.integer]
"""Numbers of rows."""

Trees = Sequence[tuple[CallTree, int]]
"""Call trees, each with the row of its costs that holds the metric."""


def trees_of(scope: Scope, metric: int) -> Trees:
    """The trees of the chosen parts that recorded one and measure the metric."""
    parts = scope.profile.parts if scope.parts is None else [scope.profile.parts[part] for part in scope.parts]
    return tuple((part.tree, part.metrics.index(metric)) for part in parts if part.tree and metric in part.metrics)


@dataclass(frozen=True, eq=False)
class Recorded:
    """N rows in preorder: `function`, `parent` (-1 at a root), `end` (one past the subtree), one metric's self cost.

    Several rows may be one calling context: those of different trees, or of different lines of a caller.
    `merged` says that no two are.
    """

    function: Ids
    parent: Ids
    end: Ids
    self_cost: Floats
    merged: bool

    @classmethod
    def of(cls, trees: Trees) -> Recorded:
        """The rows of trees; what was not measured costs nothing."""
        if len(trees) == 1:
            tree, metric = trees[0]
            frames = tree.frames.function
            merged = len(grouped(frames)[0]) == len(frames)
            return cls(tree.function, tree.parent, tree.end, np.nan_to_num(tree.self_cost[metric]), merged)
        starts = np.cumsum([0] + [len(tree) for tree, _ in trees]).tolist()
        parents = [np.where(t.parent < 0, -1, t.parent + at) for (t, _), at in zip(trees, starts, strict=False)]
        ends = [tree.end + at for (tree, _), at in zip(trees, starts, strict=False)]
        none: list[npt.NDArray[np.integer]] = [np.zeros(0, np.int32)]
        return cls(
            np.concatenate([tree.function for tree, _ in trees] or none).astype(np.int32, copy=False),
            np.concatenate(parents or none).astype(np.int32, copy=False),
            np.concatenate(ends or none).astype(np.int32, copy=False),
            np.nan_to_num(np.concatenate([tree.self_cost[metric] for tree, metric in trees] or [np.zeros(0)])),
            merged=False,
        )

    def __len__(self) -> int:
        return len(self.function)

    @cached_property
    def functions(self) -> int:
        """One more than the largest id of a function."""
        return int(self.function.max()) + 1 if len(self) else 0

    @cached_property
    def inclusive(self) -> Floats:
        """N: the cost of each subtree."""
        running = np.concatenate([[0.0], np.cumsum(self.self_cost)])
        inclusive: Floats = running[self.end] - running[:-1]
        return inclusive

    @cached_property
    def depth(self) -> Ids:
        """N: 0 at a root. In preorder, a row's ancestors are the rows before it that have not ended."""
        ended = np.cumsum(np.bincount(self.end, minlength=len(self) + 1))[:-1]
        return (np.arange(len(self)) - ended).astype(np.int32)

    @cached_property
    def by_depth(self) -> Rows:
        """N: the rows ordered by depth. A row's children stand together there, in the order of their parents."""
        return stable_order(self.depth)

    @cached_property
    def _children(self) -> tuple[Rows, Rows]:
        """N: where in `by_depth` the children of each row begin, and how many they are."""
        count = np.bincount(self.parent + 1, minlength=len(self) + 1)
        roots, count = int(count[0]), count[1:]
        ordered = count[self.by_depth]
        start = np.empty(len(self), np.int64)
        start[self.by_depth] = roots + np.cumsum(ordered) - ordered
        return start, count

    @cached_property
    def roots(self) -> Rows:
        """The rows that have no parent."""
        return np.flatnonzero(self.parent < 0)

    def below(self, rows: Rows) -> Rows:
        """The children of some rows, in the rows' order."""
        start, count = self._children
        starts, counts = start[rows], count[rows]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        children: Rows = self.by_depth[np.repeat(starts, counts) + within]
        return children

    def calling(self, rows: Rows) -> Bools:
        """Whether the rows have children."""
        calling: Bools = self.end[rows] > rows + 1
        return calling

    def of_function(self, function: int) -> Rows:
        """The rows of a function, ascending."""
        return np.flatnonzero(self.function == function)

    def outermost(self, rows: Rows, group: npt.NDArray[np.integer] | int = 0) -> Bools:
        """Whether each of some rows lies inside of no other of its group; they come by group, ascending in each.

        Subtrees nest, so the largest end so far tells; adding group * (N + 1) keeps groups apart.
        """
        first = np.ones(len(rows), np.bool_)
        shift = np.asarray(group, np.int64) * (len(self) + 1)
        reach = np.maximum.accumulate(self.end[rows] + shift)
        first[1:] = (rows + shift)[1:] >= reach[:-1]
        return first

    @cached_property
    def nested(self) -> Bools:
        """N: whether a row lies inside of another one of its function."""
        rows = stable_order(self.function)
        nested = np.empty(len(self), np.bool_)
        nested[rows] = ~self.outermost(rows, self.function[rows])
        return nested

    @cached_property
    def context(self) -> Rows:
        """N: one row of those with the same path of functions; of all of them the same."""
        own = np.arange(len(self))
        if self.merged:
            return own
        levels = np.cumsum(np.bincount(self.depth)).tolist() if len(self) else []
        for first, last in zip([0, *levels], levels, strict=False):
            rows = self.by_depth[first:last]
            above = self.parent[rows]
            path = np.where(above < 0, 0, own[above] + 1) * self.functions + self.function[rows]
            one, which = grouped(path)
            own[rows] = rows[one[which]]
        return own

    def path(self, row: int) -> tuple[int, ...]:
        """The functions from a root to a row."""
        functions: list[int] = []
        while row >= 0:
            functions.append(int(self.function[row]))
            row = int(self.parent[row])
        return tuple(reversed(functions))

    def heaviest(self, function: int) -> tuple[int, ...] | None:
        """The path of the context of a function that costs most, of those outside of its own recursion."""
        rows = self.of_function(function)
        if not len(rows):
            return None
        rows = rows[self.outermost(rows)]
        one, which = grouped(self.context[rows])
        return self.path(int(rows[one[np.argmax(np.bincount(which, self.inclusive[rows]))]]))


def stable_order(group: npt.NDArray[np.integer]) -> Rows:
    """The places of `group`'s values (none below 0) in ascending order, equal ones in order of place.

    numpy sorts 16-bit integers by radix, ten times as fast as others.
    """
    small = len(group) > 0 and int(group.max()) < 1 << 16
    return np.argsort(group.astype(np.uint16) if small else group, kind="stable")
