"""The call tree of a call graph: estimated, with bounds that hold for every tree which has this graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, cast

import numpy as np

from proftui.analysis.condense import Condensed, condense
from proftui.analysis.contexts import Bounds, Contexts, below, rest_of, root_contexts, self_costs
from proftui.analysis.flow import Flow, flow_of, stacked
from proftui.analysis.heaviest import heaviest_path
from proftui.analysis.matches import Listed, Matches, mask_of
from proftui.analysis.scope import ESTIMATED, EXACT, MARKS, SLACK, UNKNOWN, UPPER, Scope
from proftui.analysis.treenode import (
    INSIDE_KEY,
    MEETING,
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
from proftui.model import Bools, CallGraph, Floats, Ids

PARTS_APART = 4_000_000
"""Parts times arcs; above that many numbers bounds are taken on the sum of the parts, which is sound but wider."""

Measured = tuple[CallGraph, int]
"""One part's graph, and the row of its tables that holds the metric."""

_NO_IDS: Ids = np.zeros(0, np.int32)
_NOTHING = CallGraph(_NO_IDS, np.zeros((1, 0)), np.zeros((1, 0)), _NO_IDS, _NO_IDS, np.zeros((1, 0)))
"""The graph of what measures nothing."""


@dataclass(frozen=True, eq=False)
class _Place:
    """Where a node's numbers are: row `at` of contexts; of a rest from there to before `stop`."""

    contexts: Contexts
    at: int
    stop: int = -1


@dataclass(frozen=True, eq=False)
class _Members:
    """The functions of a cycle in one context: ids by falling self cost on this path; of a rest `at` to `stop`."""

    function: Ids
    self_cost: Bounds
    at: int
    stop: int


@dataclass(frozen=True, eq=False)
class EstimatedTree:
    """A `TreeSource` over a call graph's P parts and one metric."""

    upward: ClassVar[bool] = False

    condensed: Condensed
    measured: tuple[Measured, ...]
    flow: Flow

    @classmethod
    def of(cls, scope: Scope, metric: int) -> EstimatedTree:
        """The tree of what a scope shows, its cycles as one node each where it shows them so.

        It has no rows where none of the parts measures the metric.
        """
        having = scope.measured(metric)
        if not having:
            return cls.over(condense(_NOTHING), [(_NOTHING, 0)])
        if len(having) > 1 and len(having) * scope.condensed.arcs > PARTS_APART:
            having = [(scope.graph, metric)]
        return cls.over(scope.condensed, having, signed=scope.metrics[metric].signed)

    @classmethod
    def over(cls, condensed: Condensed, measured: Sequence[Measured], *, signed: bool = False) -> EstimatedTree:
        """The tree of parts whose sum is the graph that was condensed."""
        flow = stacked([flow_of(condensed, graph, metric, signed=signed) for graph, metric in measured])
        return cls(condensed, tuple(measured), flow)

    @cached_property
    def total(self) -> float:
        """The sum of self cost, in stored units."""
        return float(sum(graph.totals[metric] for graph, metric in self.measured))

    @property
    def _most(self) -> float:
        """What a profiler may claim that something costs; beyond that its numbers are unknown."""
        return float("inf") if self.flow.signed else self._whole * (1 + SLACK)

    @cached_property
    def _whole(self) -> float:
        """At most what all costs together."""
        return float(sum(np.nansum(graph.limits.self_high[metric]) for graph, metric in self.measured))

    @cached_property
    def _roots(self) -> Contexts:
        return root_contexts(self.condensed, self.flow)

    def roots(self, limit: int = ROWS, at_least: float = 0.0) -> tuple[TreeNode, ...]:
        """What is called from outside of the profile."""
        return self._listed(self._roots, None, 0, len(self._roots), limit, at_least)

    def children(self, node: TreeNode, limit: int = ROWS, at_least: float = 0.0) -> tuple[TreeNode, ...]:
        """What a node calls; what a cycle holds, or the next rows of a rest."""
        if isinstance(node.place, _Members):
            return self._members_listed(node, node.place, limit, at_least) if node.kind != "member" else ()
        place = cast(_Place, node.place)
        if node.kind == "rest":
            return self._listed(place.contexts, node.parent, place.at, place.stop, limit, at_least)
        inside = (self._inside(node),) if node.kind == "cycle" else ()
        contexts = self._below(place)
        return inside + self._listed(contexts, node, 0, len(contexts), limit, at_least)

    def around(self, rest: TreeNode, key: int) -> tuple[TreeNode, ...]:
        """What goes in a rest's place to have the row with that key among it, or nothing."""
        place = cast("_Place | _Members", rest.place)
        keys = place.function if isinstance(place, _Members) else self.condensed.key[place.contexts.node]
        found = np.flatnonzero(keys[place.at : place.stop] == key)
        if not len(found):
            return ()
        at = place.at + int(found[0])
        near = slice(max(place.at, at - NEAR), min(place.stop, at + NEAR + 1))
        before, behind = slice(place.at, near.start), slice(near.stop, place.stop)
        if isinstance(place, _Members):
            inside = cast(TreeNode, rest.parent)
            made = self._members_made(inside, place, near)
            return (*self._members_rest(inside, place, before), *made, *self._members_rest(inside, place, behind))
        contexts = place.contexts
        made = self._made(contexts, rest.parent, near)
        return (*self._rest(contexts, rest.parent, before), *made, *self._rest(contexts, rest.parent, behind))

    def path_to(self, function: int) -> tuple[int, ...] | None:
        """The heaviest context of a function, or of its cycle."""
        row = self.condensed.graph.row_of(function)
        if row is None:
            return None
        path = heaviest_path(self.condensed, self.flow, int(self.condensed.node[row]))
        return tuple(self.condensed.key[path].tolist()) or None

    def search(self, functions: Ids) -> Matches:
        """Each function in its heaviest context, those that cost most first; of a cycle the row inside of it."""
        graph = self.condensed.graph
        rows = np.flatnonzero(mask_of(functions, int(graph.function[-1]) + 1)[graph.function] if len(graph) else [])
        cost = self.flow.inclusive.sum(axis=0)[self.condensed.node[rows]]
        order = np.argsort(-np.nan_to_num(cost), kind="stable")
        found = tuple(graph.function[rows[order]].tolist())
        return Listed(found, self._place_of, -1, "functions, each where it costs most")

    def _place_of(self, function: int) -> tuple[int, ...] | None:
        """The path of the function's own row: where it is in a cycle, that of a member."""
        path = self.path_to(function)
        row = self.condensed.graph.row_of(function)
        if path is None or row is None or not self.condensed.is_cycle(int(self.condensed.node[row])):
            return path
        return (*path, INSIDE_KEY, function)

    def at(self, path: Sequence[int]) -> TreeNode | None:
        """The node with a path of keys, or None."""
        node: TreeNode | None = None
        for key in path:
            below = self._child(node, key)
            if below is None:
                return None
            node = below
        return node

    def _below(self, place: _Place) -> Contexts:
        return below(self.condensed, self.flow, place.contexts, place.at)

    def _child(self, node: TreeNode | None, key: int) -> TreeNode | None:
        if node is not None and node.kind == "cycle" and key == INSIDE_KEY:
            return self._inside(node)
        if node is not None and isinstance(node.place, _Members):
            keys = node.place.function
        else:
            contexts = self._roots if node is None else self._below(cast(_Place, node.place))
            keys = self.condensed.key[contexts.node]
        found = np.flatnonzero(keys == key)
        if not len(found):
            return None
        rows = slice(int(found[0]), int(found[0]) + 1)
        if node is not None and isinstance(node.place, _Members):
            return self._members_made(node, node.place, rows)[0]
        return self._made(contexts, node, rows)[0]

    def _listed(
        self, contexts: Contexts, parent: TreeNode | None, first: int, stop: int, limit: int, at_least: float
    ) -> tuple[TreeNode, ...]:
        """The contexts from row `first` to before `stop`, those that are cut off as one row."""
        cost = np.nan_to_num(contexts.inclusive.cost[:, first : min(first + limit, stop)].sum(axis=0))
        last = first + int((cost >= at_least).sum())
        rest = self._rest(contexts, parent, slice(last, stop))
        return (*self._made(contexts, parent, slice(first, last)), *rest)

    def _made(self, contexts: Contexts, parent: TreeNode | None, rows: slice) -> list[TreeNode]:
        condensed = self.condensed
        nodes = contexts.node[rows]
        odd: Bools = contexts.muddled[rows] | (contexts.inclusive.low[:, rows].sum(axis=0) > self._most)
        inclusive = self._known(contexts.inclusive[rows], contexts.ceiling[rows], contexts.scale[rows], odd)
        if parent is None:
            inclusive = [self._bounded(*found) for found in zip(inclusive, self._spread[nodes].tolist(), strict=True)]
        own_costs = self._self_known(contexts, rows)
        calls = self._calls(contexts, rows)
        above = _functions_on(parent) if condensed.recurs.any() else set()
        depth = 0 if parent is None else parent.depth + 1
        columns = (
            nodes.tolist(), condensed.key[nodes].tolist(), condensed.size[nodes].tolist(),
            (condensed.outgoing[nodes + 1] > condensed.outgoing[nodes]).tolist(),
        )  # fmt: skip
        made = []
        for index, (node, key, size, calling) in enumerate(zip(*columns, strict=True)):
            kind: NodeKind = "cycle" if size > 1 else "function"
            made.append(TreeNode(
                kind, key, None if size > 1 else key, node if size > 1 else None, parent, depth,
                inclusive[index], own_costs[index], calls[index], key in above, size, calling or size > 1,
                _Place(contexts, rows.start + index), bool(odd[index]),
            ))  # fmt: skip
        return made

    def _bounded(self, figure: Figure, spread: float) -> Figure:
        """What calls from outside cost, by so much less perhaps."""
        if figure.mark or self.flow.signed or spread <= MEETING * self._whole:
            return figure
        return figure._replace(low=max(figure.low - spread, 0.0), mark=MARKS[UPPER])

    @cached_property
    def _spread(self) -> Floats:
        """N: by how much inclusive costs that are upper bounds in the profile may be too high; a cycle's, and those
        of functions in one, follow from their arcs instead.
        """
        condensed = self.condensed
        spread = np.zeros(len(condensed))
        for graph, metric in self.measured:
            if graph.bounds is None and graph.inclusive_low is not None:
                apart = graph.inclusive[metric] - graph.inclusive_low[metric]
                spread += np.bincount(self._nodes_of(graph), np.nan_to_num(apart), len(condensed))
        return np.where(condensed.recurs | (condensed.size > 1), 0, spread)

    def _self_known(self, contexts: Contexts, rows: slice) -> list[Figure]:
        """The self costs of some contexts. They are known without an inclusive cost where there is no other context."""
        own = self_costs(self.condensed, self.flow, contexts, rows)
        node, inclusive = contexts.node[rows], contexts.inclusive[rows]
        sole = np.isnan(inclusive.cost) & contexts.whole[:, rows] & (self.flow.ways[:, node] == 1)
        if sole.any() and all(graph.bounds is None for graph, _ in self.measured):
            measured = self._self_of_nodes[:, node]
            own = Bounds(*(np.where(sole, measured, column) for column in (own.cost, own.low, own.high)))
        ceiling = np.nan_to_num(inclusive.high.sum(axis=0), nan=self._whole)
        return self._known(own, ceiling, np.nan_to_num(contexts.scale[rows], nan=self._whole))

    @cached_property
    def _self_of_nodes(self) -> Floats:
        """P x N."""
        count = len(self.condensed)
        return np.array([np.bincount(self._nodes_of(graph), graph.self_cost[at], count) for graph, at in self.measured])

    def _nodes_of(self, graph: CallGraph) -> Ids:
        """The node of each row of a part's graph."""
        return self.condensed.node[np.searchsorted(self.condensed.graph.function, graph.function)]

    def _rest(self, contexts: Contexts, parent: TreeNode | None, rows: slice) -> tuple[TreeNode, ...]:
        """The row that stands for some of the contexts, if it is for any."""
        if rows.start >= rows.stop:
            return ()
        together = rest_of(contexts, self.flow, rows)
        own = self_costs(self.condensed, self.flow, contexts, rows)
        own = Bounds(*(column.sum(axis=1, keepdims=True) for column in (own.cost, own.low, own.high)))
        ceiling, scale = contexts.ceiling[rows].max(), contexts.scale[rows].max()
        muddled = np.array([contexts.muddled[rows].any()])
        inclusive = self._known(together, ceiling, scale, muddled)[0]
        if parent is None:
            inclusive = self._bounded(inclusive, float(self._spread[contexts.node[rows]].sum()))
        return (TreeNode(
            "rest", REST_KEY, None, None, parent, 0 if parent is None else parent.depth + 1,
            inclusive,
            self._known(own, together.high.sum(axis=0), scale)[0],
            None, False, rows.stop - rows.start, True, _Place(contexts, rows.start, rows.stop),
        ),)  # fmt: skip

    def _inside(self, cycle: TreeNode) -> TreeNode:
        """The row of a cycle's own cost."""
        place = cast(_Place, cycle.place)
        own = self_costs(self.condensed, self.flow, place.contexts, slice(place.at, place.at + 1))
        node = int(place.contexts.node[place.at])
        rows = self.condensed.members(node)
        of_member = self._self_of_rows(rows)
        whole = of_member.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            cost = np.nan_to_num(of_member * own.cost / whole)
        if self.flow.signed:
            low = high = np.where(np.isnan(own.low), np.nan, of_member)
        else:
            low, high = np.maximum(of_member - (whole - own.low), 0), np.minimum(of_member, own.high)
            cost = np.clip(cost, low, high)
        order = np.argsort(-cost.sum(axis=0), kind="stable")
        functions = self.condensed.graph.function[rows[order]]
        members = _Members(functions, Bounds(cost, low, high)[order], 0, len(functions))
        return TreeNode(
            "inside", INSIDE_KEY, None, node, cycle, cycle.depth + 1, cycle.self_cost, cycle.self_cost, None, False,
            len(rows), True, members,
        )  # fmt: skip

    def _self_of_rows(self, rows: Ids) -> Floats:
        """P x k: the self costs of rows of the whole graph in each part."""
        functions = self.condensed.graph.function[rows]
        costs = np.zeros((len(self.measured), len(rows)))
        for cost, (graph, metric) in zip(costs, self.measured, strict=True):
            at = np.minimum(np.searchsorted(graph.function, functions), len(graph) - 1)
            there = graph.function[at] == functions
            cost[there] = np.nan_to_num(graph.self_cost[metric, at[there]])
        return costs

    def _members_listed(self, node: TreeNode, members: _Members, limit: int, at_least: float) -> tuple[TreeNode, ...]:
        inside = cast(TreeNode, node.parent) if node.kind == "rest" else node
        cost = members.self_cost.cost[:, members.at : min(members.at + limit, members.stop)].sum(axis=0)
        last = members.at + int((cost >= at_least).sum())
        rest = self._members_rest(inside, members, slice(last, members.stop))
        return (*self._members_made(inside, members, slice(members.at, last)), *rest)

    def _members_rest(self, inside: TreeNode, members: _Members, rows: slice) -> tuple[TreeNode, ...]:
        """The row that stands for some of the members, if it is for any."""
        if rows.start >= rows.stop:
            return ()
        left = members.self_cost[rows]
        rest = Bounds(*(column.sum(axis=1, keepdims=True) for column in (left.cost, left.low, left.high)))
        figure = self._known(rest, rest.high.sum(axis=0), inside.self_cost.high)[0]
        return (TreeNode(
            "rest", REST_KEY, None, None, inside, inside.depth + 1, figure, figure, None, False,
            rows.stop - rows.start, True, replace(members, at=rows.start, stop=rows.stop),
        ),)  # fmt: skip

    def _members_made(self, inside: TreeNode, members: _Members, rows: slice) -> list[TreeNode]:
        bounds = members.self_cost[rows]
        scale = inside.self_cost.high
        costs = self._known(bounds, np.full(bounds.cost.shape[1], scale), scale)
        return [
            TreeNode(
                "member", function, function, inside.cycle, inside, inside.depth + 1, cost, cost, None, False, 1,
                False, members,
            )
            for function, cost in zip(members.function[rows].tolist(), costs, strict=True)
        ]  # fmt: skip

    def _calls(self, contexts: Contexts, rows: slice) -> list[Figure | None]:
        """How often each context was called: exactly where all calls by its entry are on this path."""
        entry, alive = contexts.entry[rows], contexts.alive[:, rows]
        calls = np.where(alive, self.flow.calls[:, entry], 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = contexts.inclusive.cost[:, rows] / self.flow.cost[:, entry]
        whole = np.logical_and.reduce(contexts.whole[:, rows] | ~alive, axis=0)
        guess = np.where(alive, calls * share, 0).sum(axis=0)
        exact = calls.sum(axis=0)
        return [
            None if np.isnan(most) or not (known or np.isfinite(value))
            else exactly(most) if known
            else Figure(min(max(value, 0.0), most), 0.0, most, MARKS[ESTIMATED])
            for value, most, known in zip(guess.tolist(), exact.tolist(), whole.tolist(), strict=True)
        ]  # fmt: skip

    def _known(
        self, bounds: Bounds, ceiling: Floats | float, scale: Floats | float, muddled: Bools | None = None
    ) -> list[Figure]:
        """The sums over the parts, one Figure a column; nothing costs more than the total."""
        cost, low, high = (column.sum(axis=0) for column in (bounds.cost, bounds.low, bounds.high))
        if self.flow.signed:
            mark = np.where(np.isfinite(low), EXACT, np.where(np.isfinite(cost), ESTIMATED, UNKNOWN))
            return figures(cost, low, high, mark)
        mark = marks(low, high, ceiling, scale, muddled)
        mark[low > self._most] = UNKNOWN
        cost, low, high = (np.minimum(column, self._whole) for column in (cost, low, high))
        return figures(cost, low, high, mark)


def _functions_on(node: TreeNode | None) -> set[int]:
    """The functions on the path to a node."""
    return set() if node is None else set(node.path)
