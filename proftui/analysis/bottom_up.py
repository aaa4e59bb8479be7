"""Who pays for a function: the call tree turned over, exact where one was recorded, else estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from proftui.analysis.bottom_up_estimate import EstimatedBottomUp
from proftui.analysis.calltree import call_tree
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.exact import ExactTree
from proftui.analysis.matches import Listed, Matches, Path, mask_of
from proftui.analysis.recorded import Rows, stable_order
from proftui.analysis.scope import Scope
from proftui.analysis.siblings import Siblings, SiblingTree
from proftui.analysis.treenode import TreeSource
from proftui.model import Ids


def bottom_up(scope: Scope, metric: int) -> TreeSource:
    """The lazy inversion of one metric's call tree."""
    return inverted(call_tree(scope, metric))


def inverted(tree: ExactTree | EstimatedTree) -> TreeSource:
    """A call tree turned over."""
    return ExactBottomUp(tree.trees) if isinstance(tree, ExactTree) else EstimatedBottomUp.inverting(tree)


@dataclass(frozen=True, eq=False)
class ExactBottomUp(SiblingTree):
    """A `TreeSource` over recorded trees turned over.

    The context (f, g, h) stands for f called by g called by h. Its self cost is that of f there; its inclusive cost
    is that of all samples whose stack has h, g and f in a row, each counted once.
    """

    upward: ClassVar[bool] = True

    def path_to(self, function: int) -> Path | None:
        """Every function is a root."""
        return (function,) if (self._roots.function == function).any() else None

    def search(self, functions: Ids) -> Matches:
        """The functions at the roots, in the order in which they are drawn."""
        roots = self._roots.function
        found = roots[mask_of(functions, self.recorded.functions)[roots]]
        return Listed(tuple(found.tolist()), self.path_to, 0, "functions")

    def _first(self) -> Siblings:
        rows = np.arange(len(self.recorded))
        return self._of(rows, rows)

    def _next(self, siblings: Siblings, at: int) -> Siblings:
        of = slice(siblings.first[at], siblings.first[at + 1])
        rows, above = siblings.rows[of], self.recorded.parent[siblings.tops[of]]
        called = above >= 0
        return self._of(rows[called], above[called])

    def _rest_inclusive(self, siblings: Siblings, rows: slice) -> float:
        """Functions contain each other: their inclusive costs do not add up."""
        return float("nan")

    def _of(self, rows: Rows, tops: Rows) -> Siblings:
        """The contexts of rows (ascending) by the function of each one's top."""
        recorded = self.recorded
        function = recorded.function[tops]
        order = stable_order(function)
        rows, tops, function = rows[order], tops[order], function[order]
        begins = np.flatnonzero(np.diff(function, prepend=-1))
        which = np.cumsum(np.diff(function, prepend=-1) > 0) - 1
        outer = recorded.outermost(rows, which)
        count = len(begins)
        inclusive = np.bincount(which[outer], recorded.inclusive[rows[outer]], count).astype(np.float64, copy=False)
        own = np.bincount(which, recorded.self_cost[rows], count).astype(np.float64, copy=False)
        called = np.bincount(which, recorded.parent[tops] >= 0, count) > 0
        return _drawn(Siblings(function[begins], inclusive, own, own, called, rows, tops, np.append(begins, len(rows))))


def _drawn(siblings: Siblings) -> Siblings:
    """The siblings by falling self cost, equal ones by inclusive cost."""
    order = np.lexsort((-siblings.inclusive, -siblings.self_cost))
    lengths = np.diff(siblings.first)[order]
    first = np.concatenate([[0], np.cumsum(lengths)])
    within = np.arange(len(siblings.rows)) - np.repeat(first[:-1], lengths)
    place = np.repeat(siblings.first[:-1][order], lengths) + within
    return Siblings(
        siblings.function[order], siblings.inclusive[order], siblings.self_cost[order], siblings.weight[order],
        siblings.expandable[order], siblings.rows[place], siblings.tops[place], first,
    )  # fmt: skip
