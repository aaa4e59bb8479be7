"""The call tree that was recorded as one: parts' trees laid over each other, by function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np
import numpy.typing as npt

from proftui.analysis.scope import Scope
from proftui.analysis.treenode import REST_KEY, ROWS, TreeNode, exactly
from proftui.model import CallTree, Floats, Ids

Rows = npt.NDArray[np.int64]
"""Rows of the forest of all trees."""


@dataclass(frozen=True, eq=False)
class _Siblings:
    """k contexts with one function each, by falling inclusive cost; from `at` on where they are a rest's.

    rows[first[i]:first[i + 1]] are the rows of the forest that context i is made of.
    """

    function: Ids
    inclusive: Floats
    self_cost: Floats
    rows: Rows
    first: Rows
    at: int = 0


@dataclass(frozen=True, eq=False)
class ExactTree:
    """A `TreeSource` over recorded trees and one metric; `trees` are one or more pairs (tree, its row of costs)."""

    trees: tuple[tuple[CallTree, int], ...]

    @classmethod
    def of(cls, scope: Scope, metric: int) -> ExactTree:
        """The trees of what a scope shows, of the parts that recorded one and measure the metric."""
        parts = scope.profile.parts if scope.parts is None else [scope.profile.parts[part] for part in scope.parts]
        return cls(
            tuple((part.tree, part.metrics.index(metric)) for part in parts if part.tree and metric in part.metrics)
        )

    @cached_property
    def total(self) -> float:
        """The sum of self cost, in stored units."""
        return float(self._self_cost.sum())

    @cached_property
    def _function(self) -> Ids:
        return np.concatenate([tree.function for tree, _ in self.trees])

    @cached_property
    def _self_cost(self) -> Floats:
        return np.concatenate([np.nan_to_num(tree.self_cost[metric]) for tree, metric in self.trees])

    @cached_property
    def _inclusive(self) -> Floats:
        return np.concatenate([tree.inclusive()[metric] for tree, metric in self.trees])

    @cached_property
    def _parent(self) -> Rows:
        """The row above each row of the forest, or -1."""
        start = np.cumsum([0] + [len(tree) for tree, _ in self.trees])
        shifted = [
            np.where(tree.parent < 0, -1, tree.parent + first)
            for (tree, _), first in zip(self.trees, start.tolist(), strict=False)
        ]
        return np.concatenate(shifted)

    @cached_property
    def _by_parent(self) -> Rows:
        """Rows ordered by the row above; the roots come first."""
        return np.argsort(self._parent, kind="stable")

    @cached_property
    def _first_child(self) -> Rows:
        """N + 2: the children of row r are _by_parent[_first_child[r + 1]:_first_child[r + 2]]; -1 has the roots."""
        return np.searchsorted(self._parent[self._by_parent], np.arange(-1, len(self._parent) + 1))

    def roots(self, limit: int = ROWS, at_least: float = 0.0) -> tuple[TreeNode, ...]:
        """The outermost functions."""
        return self._listed(self._below(np.array([-1])), None, limit, at_least)

    def children(self, node: TreeNode, limit: int = ROWS, at_least: float = 0.0) -> tuple[TreeNode, ...]:
        """What was called in a context, or the next rows of a rest."""
        if isinstance(node.place, _Siblings):
            return self._listed(node.place, node.parent, limit, at_least)
        return self._listed(self._below(cast(Rows, node.place)), node, limit, at_least)

    def at(self, path: Sequence[int]) -> TreeNode | None:
        """The node with a path of functions, or None."""
        node: TreeNode | None = None
        for key in path:
            siblings = self._below(np.array([-1]) if node is None else cast(Rows, node.place))
            found = np.flatnonzero(siblings.function == key)
            if not len(found):
                return None
            node = self._made(siblings, node, range(int(found[0]), int(found[0]) + 1))[0]
        return node

    def _below(self, rows: Rows) -> _Siblings:
        """What lies below rows, one context a function."""
        starts, ends = self._first_child[rows + 1], self._first_child[rows + 2]
        counts = ends - starts
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        children = self._by_parent[np.repeat(starts, counts) + within]
        function, group = np.unique(self._function[children], return_inverse=True)
        inclusive = np.bincount(group, self._inclusive[children], len(function)).astype(np.float64, copy=False)
        order = np.argsort(-inclusive, kind="stable")
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        group = rank[group]
        return _Siblings(
            function=function[order], inclusive=inclusive[order],
            self_cost=np.bincount(group, self._self_cost[children], len(function)).astype(np.float64, copy=False),
            rows=children[np.argsort(group, kind="stable")],
            first=np.searchsorted(np.sort(group), np.arange(len(function) + 1)),
        )  # fmt: skip

    def _listed(
        self, siblings: _Siblings, parent: TreeNode | None, limit: int, at_least: float
    ) -> tuple[TreeNode, ...]:
        first, count = siblings.at, len(siblings.function)
        last = first + int((siblings.inclusive[first : first + limit] >= at_least).sum())
        nodes = self._made(siblings, parent, range(first, last))
        if last < count:
            nodes.append(TreeNode(
                "rest", REST_KEY, None, None, parent, 0 if parent is None else parent.depth + 1,
                exactly(float(siblings.inclusive[last:].sum())), exactly(float(siblings.self_cost[last:].sum())),
                None, False, count - last, True, replace(siblings, at=last),
            ))  # fmt: skip
        return tuple(nodes)

    def _made(self, siblings: _Siblings, parent: TreeNode | None, which: range) -> list[TreeNode]:
        above = set() if parent is None else set(parent.path)
        depth = 0 if parent is None else parent.depth + 1
        nodes = []
        for at in which:
            rows = siblings.rows[siblings.first[at] : siblings.first[at + 1]]
            function = int(siblings.function[at])
            calling = bool((self._first_child[rows + 2] > self._first_child[rows + 1]).any())
            nodes.append(TreeNode(
                "function", function, function, None, parent, depth, exactly(float(siblings.inclusive[at])),
                exactly(float(siblings.self_cost[at])), None, function in above, 1, calling, rows,
            ))  # fmt: skip
        return nodes
