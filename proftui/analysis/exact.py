"""The call tree that was recorded as one: parts' trees laid over each other, by function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from proftui.analysis.matches import Drawn, Matches, Path, mask_of
from proftui.analysis.recorded import Rows, trees_of
from proftui.analysis.scope import Scope
from proftui.analysis.siblings import Siblings, SiblingTree
from proftui.analysis.treenode import TreeNode
from proftui.model import Ids, grouped

DEEP = 100
"""From this depth on it is cheaper to ask all rows once whether they are recursive than to look at each path."""


@dataclass(frozen=True, eq=False)
class ExactTree(SiblingTree):
    """A `TreeSource` over recorded trees and one metric; `trees` are pairs (tree, its row of costs)."""

    upward: ClassVar[bool] = False

    @classmethod
    def of(cls, scope: Scope, metric: int) -> ExactTree:
        """The trees of what a scope shows, of the parts that recorded one and measure the metric."""
        return cls(trees_of(scope, metric))

    def path_to(self, function: int) -> Path | None:
        """The heaviest context of a function that is not within its own recursion."""
        return self.recorded.heaviest(function)

    def search(self, functions: Ids) -> Matches:
        """All contexts of some functions, in the order in which they are drawn."""
        wanted = mask_of(functions, self.recorded.functions)
        return Drawn(self.recorded, wanted, lambda rows: self._roots if rows is None else self._below(rows))

    def _first(self) -> Siblings:
        return self._of(self.recorded.roots)

    def _next(self, siblings: Siblings, at: int) -> Siblings:
        return self._below(siblings.rows[siblings.first[at] : siblings.first[at + 1]])

    def _below(self, rows: Rows) -> Siblings:
        return self._of(self.recorded.below(rows))

    def _rest_inclusive(self, siblings: Siblings, rows: slice) -> float:
        return float(siblings.inclusive[rows].sum())

    def _recursive(self, siblings: Siblings, parent: TreeNode | None, rows: slice) -> list[bool]:
        if parent is None or parent.depth < DEEP:
            return super()._recursive(siblings, parent, rows)
        nested: list[bool] = self.recorded.nested[siblings.rows[siblings.first[:-1][rows]]].tolist()
        return nested

    def _of(self, rows: Rows) -> Siblings:
        """The contexts that rows below the same one make up."""
        recorded = self.recorded
        one, which = grouped(recorded.function[rows])
        count = len(one)
        inclusive = np.bincount(which, recorded.inclusive[rows], count).astype(np.float64, copy=False)
        order = np.argsort(-inclusive, kind="stable")
        rank = np.empty_like(order)
        rank[order] = np.arange(count)
        group = rank[which]
        own = np.bincount(group, recorded.self_cost[rows], count).astype(np.float64, copy=False)
        calling = np.bincount(group, recorded.calling(rows), count) > 0
        by_group = np.argsort(group, kind="stable")
        ordered = rows[by_group]
        first = np.searchsorted(group[by_group], np.arange(count + 1))
        return Siblings(
            function=recorded.function[rows[one]][order], inclusive=inclusive[order], self_cost=own,
            weight=inclusive[order], expandable=calling, rows=ordered, tops=ordered, first=first,
        )  # fmt: skip
