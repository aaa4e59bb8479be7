"""The inverted call tree of a call graph: estimated, with bounds that hold for every tree which has this graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import ClassVar, cast

import numpy as np

from proftui.analysis.callers import Callers, above
from proftui.analysis.condense import Condensed
from proftui.analysis.contexts import Bounds
from proftui.analysis.estimate import EstimatedTree, Measured
from proftui.analysis.flow import Flow
from proftui.analysis.inside import Inside, callers_inside
from proftui.analysis.matches import Listed, Matches, Path, mask_of
from proftui.analysis.scope import ESTIMATED, EXACT, MARKS, SLACK, UNKNOWN, UPPER
from proftui.analysis.treenode import (
    INSIDE_KEY,
    NEAR,
    REST_KEY,
    ROWS,
    Figure,
    NodeKind,
    TreeNode,
    exactly,
    figures,
    marks,
)
from proftui.model import Bools, Floats, Ids


@dataclass(frozen=True, eq=False)
class _Place:
    """Where a node's numbers are: row `at` of callers; of a rest from there to before `stop`."""

    callers: Callers
    at: int
    stop: int = -1


@dataclass(frozen=True, eq=False)
class EstimatedBottomUp:
    """A `TreeSource` over a call graph's P parts and one metric, from functions to their callers.

    The roots are functions, those in cycles too; above them cycles are units.
    """

    upward: ClassVar[bool] = True

    condensed: Condensed
    measured: tuple[Measured, ...]
    flow: Flow

    @classmethod
    def inverting(cls, tree: EstimatedTree) -> EstimatedBottomUp:
        """The inversion of an estimated tree."""
        return cls(tree.condensed, tree.measured, tree.flow)

    @cached_property
    def total(self) -> float:
        """The sum of self cost, in stored units."""
        return float(sum(graph.totals[metric] for graph, metric in self.measured))

    @property
    def _most(self) -> float:
        """What a profiler may claim that something costs; beyond that its numbers are unknown."""
        return float("inf") if self.flow.signed else self.total * (1 + SLACK)

    @cached_property
    def _roots(self) -> Callers:
        """Every function of the graph."""
        graph = self.condensed.graph
        own, inclusive, calls = self._measured_columns()
        count = len(graph)
        none: Bools = np.zeros(count, np.bool_)
        return Callers(
            "function", graph.function, self.condensed.node, own, inclusive, none, none, calls,
            np.ones(calls.shape, np.bool_), np.ones(calls.shape, np.bool_),
        ).ordered()  # fmt: skip

    def _measured_columns(self) -> tuple[Bounds, Bounds, Floats]:
        """P x n: self and inclusive costs and calls of each function in each part.

        An inclusive cost that is unknown lies between the self cost and the total.
        """
        functions = self.condensed.graph.function
        columns = np.zeros((7, len(self.measured), len(functions)))
        for part, (graph, metric) in enumerate(self.measured):
            at, limits = np.searchsorted(functions, graph.function), graph.limits
            costs = (
                graph.self_cost, limits.self_low, limits.self_high,
                graph.inclusive, limits.inclusive_low, limits.inclusive_high,
            )  # fmt: skip
            columns[:6, part, at] = [np.nan_to_num(cost[metric]) for cost in costs]
            columns[6, part, at] = np.nan if graph.calls is None else graph.calls
            unknown = at[np.isnan(graph.inclusive[metric])]
            columns[3:5, part, unknown] = columns[:2, part, unknown]
            columns[5, part, unknown] = graph.totals[metric]
        return Bounds(*columns[:3]), Bounds(*columns[3:6]), columns[6]

    @cached_property
    def _unmeasured(self) -> Ids:
        """The functions whose inclusive cost a part that has them does not know."""
        unknown = [graph.function[np.isnan(graph.inclusive[metric])] for graph, metric in self.measured]
        return np.concatenate(unknown)

    def roots(self, limit: int = ROWS, at_least: float = 0.0) -> tuple[TreeNode, ...]:
        """Every function."""
        return self._listed(self._roots, None, 0, len(self._roots), limit, at_least)

    def children(self, node: TreeNode, limit: int = ROWS, at_least: float = 0.0) -> tuple[TreeNode, ...]:
        """What calls a context; of a cycle its members that do, first; or the next rows of a rest."""
        if isinstance(node.place, Inside):
            return self._members(node, node.place, limit) if node.kind == "inside" else ()
        place = cast(_Place, node.place)
        if node.kind == "rest":
            return self._listed(place.callers, node.parent, place.at, place.stop, limit, at_least)
        inside = (self._inside(node),) if _has_inside(node) else ()
        callers = self._above(place)
        return inside + self._listed(callers, node, 0, len(callers), limit, at_least)

    def _inside(self, cycle: TreeNode) -> TreeNode:
        """The row of a cycle's members that call the function directly."""
        function, node = cast(TreeNode, cycle.parent).function, cast(int, cycle.cycle)
        inside = callers_inside(self.condensed, self.measured, cast(int, function), node)
        return TreeNode(
            "inside", INSIDE_KEY, None, node, cycle, cycle.depth + 1, cycle.inclusive, cycle.self_cost, None, False,
            len(inside), len(inside) > 0, inside,
        )  # fmt: skip

    def _members(self, node: TreeNode, inside: Inside, limit: int = ROWS) -> tuple[TreeNode, ...]:
        """The members, those of least cost as one row where there are many."""
        own = self._known(inside.own, node.self_cost.high, node.self_cost.high)
        inclusive = self._known(inside.inclusive, node.inclusive.high, node.inclusive.high)
        columns = zip(inside.function.tolist(), inclusive, own, inside.calls.tolist(), strict=True)
        made = [
            TreeNode(
                "member", function, function, node.cycle, node, node.depth + 1, cost, self_cost,
                None if np.isnan(calls) else exactly(calls), False, 1, False, inside,
            )
            for function, cost, self_cost, calls in islice(columns, limit)
        ]  # fmt: skip
        if len(inside) > limit:
            left = Bounds(*(column[:, limit:].sum(axis=1, keepdims=True) for column in (
                inside.own.cost, inside.own.low, inside.own.high,
            )))  # fmt: skip
            made.append(TreeNode(
                "rest", REST_KEY, None, None, node, node.depth + 1, exactly(float("nan")),
                self._known(left, node.self_cost.high, node.self_cost.high)[0], None, False, len(inside) - limit,
                False, inside,
            ))  # fmt: skip
        return tuple(made)

    def at(self, path: Sequence[int]) -> TreeNode | None:
        """The node with a path of keys, or None."""
        node: TreeNode | None = None
        for key in path:
            if node is not None and (key == INSIDE_KEY or isinstance(node.place, Inside)):
                node = self._at_inside(node, key)
                if node is None:
                    return None
                continue
            callers = self._roots if node is None else self._above(cast(_Place, node.place))
            found = np.flatnonzero(self._keys(callers) == key)
            if not len(found):
                return None
            node = self._made(callers, node, slice(int(found[0]), int(found[0]) + 1))[0]
        return node

    def _at_inside(self, node: TreeNode, key: int) -> TreeNode | None:
        if isinstance(node.place, Inside):
            made = self._members(node, node.place, len(node.place)) if node.kind == "inside" else ()
            return next((member for member in made if member.key == key), None)
        return self._inside(node) if _has_inside(node) else None

    def around(self, rest: TreeNode, key: int) -> tuple[TreeNode, ...]:
        """What goes in a rest's place to have the row with that key among it, or nothing."""
        if isinstance(rest.place, Inside):
            return ()
        place = cast(_Place, rest.place)
        callers = place.callers
        found = np.flatnonzero(self._keys(callers)[place.at : place.stop] == key)
        if not len(found):
            return ()
        at = place.at + int(found[0])
        near = slice(max(place.at, at - NEAR), min(place.stop, at + NEAR + 1))
        return (
            *self._rest(callers, rest.parent, slice(place.at, near.start)),
            *self._made(callers, rest.parent, near),
            *self._rest(callers, rest.parent, slice(near.stop, place.stop)),
        )

    def path_to(self, function: int) -> Path | None:
        """Every function is a root."""
        return (function,) if self.condensed.graph.row_of(function) is not None else None

    def search(self, functions: Ids) -> Matches:
        """The functions at the roots, in the order in which they are drawn."""
        roots = self._roots.function
        wanted = mask_of(functions, int(roots.max()) + 1)[roots] if len(roots) else np.zeros(0, np.bool_)
        return Listed(tuple(roots[wanted].tolist()), self.path_to, 0, "functions")

    def _above(self, place: _Place) -> Callers:
        return above(self.condensed, self.flow, place.callers, place.at)

    def _keys(self, callers: Callers) -> Ids:
        return callers.function if callers.step == "function" else self.condensed.key[callers.node]

    def _listed(
        self, callers: Callers, parent: TreeNode | None, first: int, stop: int, limit: int, at_least: float
    ) -> tuple[TreeNode, ...]:
        cost = callers.own.cost[:, first : min(first + limit, stop)].sum(axis=0)
        last = first + int((cost >= at_least).sum())
        rest = self._rest(callers, parent, slice(last, stop))
        return (*self._made(callers, parent, slice(first, last)), *rest)

    def _rest(self, callers: Callers, parent: TreeNode | None, rows: slice) -> tuple[TreeNode, ...]:
        """The row that stands for some of the contexts, if it is for any; only their self costs add up."""
        if rows.start >= rows.stop:
            return ()
        apart = callers.own[rows]
        cost, low, high = (column.sum(axis=1, keepdims=True) for column in (apart.cost, apart.low, apart.high))
        ceiling = self.total if parent is None else parent.self_cost.high
        together = Bounds(np.minimum(cost, ceiling), np.minimum(low, ceiling), np.minimum(high, ceiling))
        muddled = np.array([callers.own_muddled[rows].any()])
        return (TreeNode(
            "rest", REST_KEY, None, None, parent, 0 if parent is None else parent.depth + 1,
            exactly(float("nan")), self._known(together, ceiling, ceiling, muddled)[0], None, False,
            rows.stop - rows.start, True, _Place(callers, rows.start, rows.stop),
        ),)  # fmt: skip

    def _made(self, callers: Callers, parent: TreeNode | None, rows: slice) -> list[TreeNode]:
        condensed, few = self.condensed, callers.of(rows)
        own, inclusive = self._figures(few, parent)
        calls = self._calls(few, parent)
        above = set() if parent is None or not condensed.recurs.any() else set(parent.path)
        depth = 0 if parent is None else parent.depth + 1
        functions = few.step == "function"
        called = condensed.incoming[few.node + 1] > condensed.incoming[few.node]
        columns = (
            few.node.tolist(), self._keys(few).tolist(), condensed.size[few.node].tolist(), called.tolist(),
            few.muddled.tolist(),
        )  # fmt: skip
        made = []
        for index, (node, key, size, expandable, odd) in enumerate(zip(*columns, strict=True)):
            cycle = size > 1 and not functions
            kind: NodeKind = "cycle" if cycle else "function"
            made.append(TreeNode(
                kind, key, None if cycle else key, node if cycle else None, parent, depth, inclusive[index],
                own[index], calls[index], key in above, size if cycle else 1,
                expandable or (size > 1 and depth < 2), _Place(callers, rows.start + index), odd,
            ))  # fmt: skip
        return made

    def _figures(self, callers: Callers, parent: TreeNode | None) -> tuple[list[Figure], list[Figure]]:
        """Self and inclusive costs."""
        if parent is None:
            return self._known(callers.own, self.total, self.total), self._inclusive_of_functions(callers)
        root = parent
        while root.parent is not None:
            root = root.parent
        own = self._known(callers.own, parent.self_cost.high, root.self_cost.value, callers.own_muddled)
        inclusive = self._known(callers.inclusive, parent.inclusive.high, root.inclusive.value, callers.muddled)
        return own, inclusive

    def _inclusive_of_functions(self, callers: Callers) -> list[Figure]:
        """As measured; of members of a cycle perhaps only an upper bound. Those of a filtered graph are estimates."""
        unknown = np.isin(callers.function, self._unmeasured)
        if any(graph.bounds is not None for graph, _ in self.measured):
            return self._known(callers.inclusive, self.total, self.total, unknown)
        cost, low, high = (
            column.sum(axis=0) for column in (callers.inclusive.cost, callers.inclusive.low, callers.inclusive.high)
        )
        mark = np.where((high > self._most) | unknown, UNKNOWN, np.where(low < high, UPPER, EXACT))
        return figures(self._capped(cost), self._capped(low), self._capped(high), mark)

    def _capped(self, column: Floats) -> Floats:
        return column if self.flow.signed else np.minimum(column, self.total)

    def _known(self, bounds: Bounds, ceiling: float, scale: float, muddled: Bools | None = None) -> list[Figure]:
        """The sums over the parts, one Figure a column; nothing costs more than the total."""
        cost, low, high = (column.sum(axis=0) for column in (bounds.cost, bounds.low, bounds.high))
        if self.flow.signed:
            mark = np.where(np.isfinite(low), EXACT, np.where(np.isfinite(cost), ESTIMATED, UNKNOWN))
            return figures(cost, low, high, mark)
        mark = marks(low, high, ceiling, scale, muddled)
        mark[low > self._most] = UNKNOWN
        return figures(self._capped(cost), self._capped(low), self._capped(high), mark)

    def _calls(self, callers: Callers, parent: TreeNode | None) -> list[Figure | None]:
        """How often the function at the root was called in each context; exact as long as there is one way."""
        count = callers.calls.sum(axis=0).tolist()
        whole = np.logical_and.reduce(callers.whole | ~callers.alive, axis=0).tolist()
        most = float("inf") if parent is None or parent.calls is None else parent.calls.high
        return [
            None if np.isnan(value) else exactly(value) if known
            else Figure(min(max(value, 0.0), most), 0.0, most, MARKS[ESTIMATED])
            for value, known in zip(count, whole, strict=True)
        ]  # fmt: skip


def _has_inside(node: TreeNode) -> bool:
    """Whether the row is a cycle whose members are known to call the function at the root: one call away."""
    return node.kind == "cycle" and node.depth == 1
