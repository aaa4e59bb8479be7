"""What can be proven of some functions taken together: their cost, their calls, who calls them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from proftui.analysis.filters import MyCode
from proftui.analysis.scope import Scope
from proftui.analysis.whose import WHOSE, Whose, whose
from proftui.model import Bools, CallGraph, CallTree, Floats, Ids
from proftui.model.graph import GraphBounds

STEPS = 12
"""How many callers are looked at on the way to your own code."""


class Amount(NamedTuple):
    """A cost between two bounds that hold."""

    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether the bounds meet, within a thousandth."""
        return self.high - self.low <= 1e-3 * self.high


class Caller(NamedTuple):
    """A row from outside that calls some rows: how often (None where not counted), and what that cost."""

    row: int
    calls: float | None
    cost: float


@dataclass(frozen=True, eq=False)
class Evidence:
    """A scope's graph, and its trees where all chosen parts recorded one; rows are the graph's.

    `rules` say which functions are yours.
    """

    scope: Scope
    metric: int
    rules: MyCode

    @cached_property
    def graph(self) -> CallGraph:
        """The sum of the chosen parts."""
        return self.scope.graph

    @cached_property
    def total(self) -> float:
        """What shares are taken of."""
        return self.scope.total(self.metric)

    @cached_property
    def inclusive(self) -> Floats:
        """n, as shown: NaN where unknown."""
        return self.scope.inclusive(self.metric)

    @cached_property
    def trees(self) -> tuple[tuple[CallTree, int], ...]:
        """(tree, its row of costs) of each part, or nothing where not all parts have one."""
        profile = self.scope.profile
        chosen = profile.parts if self.scope.parts is None else [profile.parts[part] for part in self.scope.parts]
        parts = [part for part in chosen if self.metric in part.metrics]
        if any(part.tree is None for part in parts) or self.scope.joined:
            return ()
        return tuple((part.tree, part.metrics.index(self.metric)) for part in parts if part.tree is not None)

    def is_of(self, row: int, *kinds: Whose) -> bool:
        """Whether a row is the code of one of these."""
        of_all = whose(self.scope.functions, self.rules)
        return WHOSE[of_all[self.graph.function[row]]] in kinds

    @cached_property
    def limits(self) -> GraphBounds:
        """Between what the graph's figures lie; where they are as measured that is the figures themselves."""
        return self.graph.limits

    def own(self, rows: Ids) -> Amount:
        """The self cost of some rows."""
        limits = self.limits
        return Amount(
            float(np.nansum(limits.self_low[self.metric, rows])), float(np.nansum(limits.self_high[self.metric, rows]))
        )

    def calls(self, row: int) -> float | None:
        """How often a row was called, None where not counted."""
        return None if self.graph.calls is None else _known(float(self.graph.calls[row]))

    def all_calls(self, rows: Ids) -> float | None:
        """How often some rows were called, from wherever."""
        return None if self.graph.calls is None else _known(float(self.graph.calls[rows].sum()))

    def cost(self, rows: Ids) -> Amount:
        """What some rows and all below them cost, each activation below another one counted once.

        With trees that is exact. In a graph a single function's inclusive cost is measured. Of several, what calls
        from outside cost is an upper bound, as such a call may lie below another one; what is called by functions that
        none of the rows can reach, and the largest of the rows' own inclusive costs, are certain.
        """
        if self.trees:
            exact = sum(_outermost_cost(tree, metric, self.graph.function[rows]) for tree, metric in self.trees)
            return Amount(exact, exact)
        limits, metric = self.limits, self.metric
        known = np.where(np.isnan(self.inclusive[rows]), 0, np.nan_to_num(limits.inclusive_low[metric, rows]))
        most = np.where(np.isnan(self.inclusive[rows]), np.inf, limits.inclusive_high[metric, rows])
        certain = min(float(known.max(initial=0)), self.total)
        if len(rows) == 1:
            return Amount(certain, max(certain, min(float(most[0]), self.total)))
        entries, roots = self._entries(rows)
        high = float(np.nan_to_num(limits.arc_high[metric, entries]).sum() + most[roots].sum())
        if high > certain * 1.001:
            outside = ~self._reachable(rows)[self.graph.caller[entries]]
            certain = max(certain, float(np.nan_to_num(limits.arc_low[metric, entries[outside]]).sum()))
        certain = min(certain, self.total)
        return Amount(certain, max(certain, min(high, self.total)))

    def _entries(self, rows: Ids) -> tuple[Ids, Bools]:
        """The arcs that lead from other rows into `rows`, and which of `rows` nothing calls."""
        graph = self.graph
        inside = np.zeros(len(graph), np.bool_)
        inside[rows] = True
        arcs = np.concatenate([graph.callers_of(row) for row in rows.tolist()]) if len(rows) else rows
        roots = np.array([graph.incoming[row] == graph.incoming[row + 1] for row in rows.tolist()], np.bool_)
        return arcs[~inside[graph.caller[arcs]]].astype(np.int32), roots

    def _reachable(self, rows: Ids) -> Bools:
        """n: what some rows call, directly or not."""
        graph = self.graph
        seen = np.zeros(len(graph), np.bool_)
        seen[rows] = True
        front = rows
        while len(front):
            starts, ends = graph.outgoing[front], graph.outgoing[front + 1]
            counts = ends - starts
            arcs = np.arange(int(counts.sum())) + np.repeat(starts - np.cumsum(counts) + counts, counts)
            new = np.zeros(len(graph), np.bool_)
            new[graph.callee[arcs]] = True
            new &= ~seen
            seen |= new
            front = np.flatnonzero(new).astype(np.int32)
        return seen

    def callers(self, rows: Ids) -> list[Caller]:
        """Who calls some rows from outside, the heaviest first."""
        graph = self.graph
        arcs, _ = self._entries(rows)
        found: dict[int, Caller] = {}
        cost = np.nan_to_num(graph.arc_cost[self.metric, arcs]).tolist()
        calls = [None] * len(arcs) if graph.arc_calls is None else graph.arc_calls[arcs].tolist()
        for row, count, spent in zip(graph.caller[arcs].tolist(), calls, cost, strict=True):
            before = found.get(row, Caller(row, None if count is None else 0.0, 0.0))
            both = (
                None if count is None or before.calls is None else before.calls + max(float(np.nan_to_num(count)), 0.0)
            )
            found[row] = Caller(row, both, before.cost + spent)
        return sorted(found.values(), key=lambda caller: -caller.cost)

    def entering(self, rows: Ids) -> float | None:
        """How often some rows were called from other rows or from outside of the profile, None where not counted."""
        graph = self.graph
        if graph.calls is None or graph.arc_calls is None:
            return None
        arcs, roots = self._entries(rows)
        return _known(float(graph.arc_calls[arcs].sum() + graph.calls[rows][roots].sum()))

    def mostly_for(self, rows: Ids, *, climb: bool = True) -> Caller | None:
        """Who more than half of some rows' cost is for: with `climb` the nearest of your own code that this is true of,
        or who calls the rows, where that is not Python or its library.

        None where nobody has that much. Calls are those of the rows: unknown where somebody stands in between.
        """
        direct = here = self._half(rows)
        if direct is None or not climb:
            return direct
        for _ in range(STEPS):
            if here is None or self.is_of(here.row, "yours"):
                break
            here = self._half(np.array([here.row], np.int32))
        if here is not None and self.is_of(here.row, "yours"):
            return here if here.row == direct.row else here._replace(calls=None)
        return None if self.is_of(direct.row, "standard", "built-in") else direct

    def _half(self, rows: Ids) -> Caller | None:
        """The caller with more than half of what some rows cost their callers."""
        callers = self.callers(rows)
        whole = sum(caller.cost for caller in callers)
        return callers[0] if callers and callers[0].cost > 0.5 * whole else None


def _known(count: float) -> float | None:
    return count if np.isfinite(count) and count >= 0 else None


def outermost_rows(tree: CallTree, among: Bools) -> Ids:
    """The tree rows of `among` that have none of them above: in preorder an end beyond one's own row tells."""
    rows = np.flatnonzero(among).astype(np.int32)
    reach = np.maximum.accumulate(tree.end[rows]) if len(rows) else tree.end[rows]
    first = np.ones(len(rows), np.bool_)
    first[1:] = rows[1:] >= reach[:-1]
    return rows[first]


def rows_of(tree: CallTree, functions: Ids) -> Bools:
    """N: the tree rows of some functions (ids)."""
    wanted = np.zeros(int(tree.frames.function.max(initial=-1)) + 1, np.bool_)
    wanted[functions[functions < len(wanted)]] = True
    among: Bools = wanted[tree.function]
    return among


def _outermost_cost(tree: CallTree, metric: int, functions: Ids) -> float:
    rows = outermost_rows(tree, rows_of(tree, functions))
    running = np.concatenate([[0.0], np.cumsum(np.nan_to_num(tree.self_cost[metric]))])
    return float((running[tree.end[rows]] - running[rows]).sum())
