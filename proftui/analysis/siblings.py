"""Lazy trees over recorded rows: contexts side by side, cut off where asked, by falling cost."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np

from proftui.analysis.matches import Path
from proftui.analysis.recorded import Recorded, Rows, Trees
from proftui.analysis.treenode import NEAR, REST_KEY, ROWS, TreeNode, exactly
from proftui.model import Bools, Floats, Ids


@dataclass(frozen=True, eq=False)
class Siblings:
    """k contexts with one function each, in the order in which they are drawn: by falling `weight`.

    rows[first[i]:first[i + 1]] are the rows that context i is made of, and `tops` the rows that its children are
    next to: in an inverted tree its callers, else the same. Of a rest only `at` to `stop` are meant.
    """

    function: Ids
    inclusive: Floats
    self_cost: Floats
    weight: Floats
    expandable: Bools
    rows: Rows
    tops: Rows
    first: Rows
    at: int = 0
    stop: int = -1

    def __len__(self) -> int:
        return len(self.function)


@dataclass(frozen=True, eq=False)
class SiblingTree(ABC):
    """What the call tree and its inversion have in common."""

    trees: Trees

    @cached_property
    def recorded(self) -> Recorded:
        """The rows of all trees."""
        return Recorded.of(self.trees)

    @cached_property
    def total(self) -> float:
        """The sum of self cost, in stored units."""
        return float(self.recorded.self_cost.sum())

    @cached_property
    def _roots(self) -> Siblings:
        return self._first()

    @abstractmethod
    def _first(self) -> Siblings:
        """The roots."""

    @abstractmethod
    def _next(self, siblings: Siblings, at: int) -> Siblings:
        """The children of one of the siblings."""

    @abstractmethod
    def _rest_inclusive(self, siblings: Siblings, rows: slice) -> float:
        """The inclusive cost of some of the siblings together."""

    def roots(self, limit: int = ROWS, at_least: float = 0.0) -> tuple[TreeNode, ...]:
        """The outermost rows."""
        return self._listed(self._roots, None, 0, len(self._roots), limit, at_least)

    def children(self, node: TreeNode, limit: int = ROWS, at_least: float = 0.0) -> tuple[TreeNode, ...]:
        """The contexts next to one, or the next rows of a rest."""
        siblings, at = cast("tuple[Siblings, int]", node.place)
        if node.kind == "rest":
            return self._listed(siblings, node.parent, siblings.at, siblings.stop, limit, at_least)
        below = self._next(siblings, at)
        return self._listed(below, node, 0, len(below), limit, at_least)

    def around(self, rest: TreeNode, key: int) -> tuple[TreeNode, ...]:
        """What a rest stands for, the row with that key and those near it made; empty where it is not among them."""
        siblings, _ = cast("tuple[Siblings, int]", rest.place)
        found = np.flatnonzero(siblings.function[siblings.at : siblings.stop] == key)
        if not len(found):
            return ()
        at = siblings.at + int(found[0])
        first, last = max(siblings.at, at - NEAR), min(siblings.stop, at + NEAR + 1)
        return (
            *self._rests(siblings, rest.parent, siblings.at, first),
            *self._made(siblings, rest.parent, range(first, last)),
            *self._rests(siblings, rest.parent, last, siblings.stop),
        )

    def at(self, path: Path) -> TreeNode | None:
        """The node with a path of functions, or None."""
        node: TreeNode | None = None
        for key in path:
            siblings = self._roots if node is None else self._next(*cast("tuple[Siblings, int]", node.place))
            found = np.flatnonzero(siblings.function == key)
            if not len(found):
                return None
            node = self._made(siblings, node, range(int(found[0]), int(found[0]) + 1))[0]
        return node

    def _listed(
        self, siblings: Siblings, parent: TreeNode | None, first: int, stop: int, limit: int, at_least: float
    ) -> tuple[TreeNode, ...]:
        last = first + int((siblings.weight[first : min(first + limit, stop)] >= at_least).sum())
        return (*self._made(siblings, parent, range(first, last)), *self._rests(siblings, parent, last, stop))

    def _rests(self, siblings: Siblings, parent: TreeNode | None, first: int, last: int) -> tuple[TreeNode, ...]:
        """The row that stands for those from `first` to `last`, if there are any."""
        if first >= last:
            return ()
        inclusive = self._rest_inclusive(siblings, slice(first, last))
        return (TreeNode(
            "rest", REST_KEY, None, None, parent, 0 if parent is None else parent.depth + 1,
            exactly(inclusive), exactly(float(siblings.self_cost[first:last].sum())),
            None, False, last - first, True, (replace(siblings, at=first, stop=last), first),
        ),)  # fmt: skip

    def _made(self, siblings: Siblings, parent: TreeNode | None, which: range) -> list[TreeNode]:
        depth = 0 if parent is None else parent.depth + 1
        rows = slice(which.start, which.stop)
        columns = zip(
            which, siblings.function[rows].tolist(), siblings.inclusive[rows].tolist(),
            siblings.self_cost[rows].tolist(), siblings.expandable[rows].tolist(),
            self._recursive(siblings, parent, rows), strict=True,
        )  # fmt: skip
        return [
            TreeNode(
                "function", function, function, None, parent, depth, exactly(inclusive), exactly(own), None,
                recursive, 1, expandable, (siblings, at),
            )
            for at, function, inclusive, own, expandable, recursive in columns
        ]  # fmt: skip

    def _recursive(self, siblings: Siblings, parent: TreeNode | None, rows: slice) -> list[bool]:
        """Whether the functions of some siblings are on the path to them already."""
        above = set() if parent is None else set(parent.path)
        return [function in above for function in siblings.function[rows].tolist()]
