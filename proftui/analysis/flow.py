"""What is known of the ways by which one metric's cost comes to the nodes of a condensed graph and leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from proftui.analysis.condense import Condensed, condense
from proftui.analysis.treenode import MEETING
from proftui.model import Bools, CallGraph, Floats, Ids

NOISE = 0.01
"""Relative: profilers' own arithmetic leaves a function's arcs and its inclusive cost this far apart."""


@dataclass(frozen=True, eq=False)
class Flow:
    """Of P parts apart: columns over E entries (the A arcs, then for each of N nodes what calls it from outside of
    the profile) and over the N nodes that they enter.

    present        P x E: the part has such calls
    cost           P x E: inclusive cost of the node when entered this way; low, high: bounds, equal where measured
    below          P x E: at most so much of `high` is spent in the node's callees; below_cost: the best guess
    own            P x E: at most so much of it is the node's self cost
    calls          P x E, NaN where not measured
    below_total, below_cost_total   P x N: the sums over all ways to enter a node
    slack          P x N: by how much a node's callees cost more than what enters it has for them; not above NOISE
    inclusive      P x N
    ways           P x N: how many entries are present
    signed         costs may be below zero, so that nothing bounds them
    """

    present: Bools
    cost: Floats
    low: Floats
    high: Floats
    below: Floats
    below_cost: Floats
    own: Floats
    calls: Floats
    below_total: Floats
    below_cost_total: Floats
    slack: Floats
    inclusive: Floats
    ways: Ids
    signed: bool = False


def stacked(flows: Sequence[Flow]) -> Flow:
    """The flows of several parts as one."""
    if len(flows) == 1:
        return flows[0]
    columns = [field.name for field in fields(Flow) if field.name != "signed"]
    return Flow(
        **{name: np.vstack([getattr(flow, name) for flow in flows]) for name in columns}, signed=flows[0].signed
    )


@dataclass(frozen=True, eq=False)
class _Tables:
    """One part's costs on the nodes and arcs of the whole's condensed graph, whose tables it shares.

    self_cost, inclusive, incoming, outgoing  N; incoming counts what is known, outgoing is NaN where any is not
    touched, certain   N: the part has it; its inclusive cost is known
    cost, calls        A; NaN where not measured
    own                A: self cost of the callee through the arc, or None; inner: N, that of calls inside of nodes
    outside            N: whether it is called from outside of the profile; outside_calls: how often, or NaN
    """

    shape: Condensed
    self_cost: Floats
    inclusive: Floats
    incoming: Floats
    outgoing: Floats
    touched: Bools
    certain: Bools
    present: Bools
    cost: Floats
    calls: Floats
    own: Floats | None
    inner: Floats
    outside: Bools
    outside_calls: Floats
    signed: bool


def flow_of(shape: Condensed, graph: CallGraph, metric: int, *, signed: bool = False) -> Flow:
    """The flow of a part's metric, a row of the part's own tables, over the condensed graph of all parts."""
    part = _tables(shape, graph, metric, signed)
    arcs, roots = _arc_costs(part), _root_costs(part)
    if shape.recurs.any():
        condensed = _tables(condense(shape.graph), graph, metric, signed)
        part = replace(part, outside=_recurring_outside(part, condensed))
        arcs, roots = _arc_costs(part), _root_costs(part)
        roots = _recurring_roots(part, roots, condensed, most=arcs[2])
    columns = [np.concatenate(pair) for pair in zip(arcs, roots, strict=True)]
    return _flow(part, *columns)


def _tables(shape: Condensed, graph: CallGraph, metric: int, signed: bool) -> _Tables:
    count, arcs = len(shape), shape.arcs
    node, arc = _places(shape, graph)
    into = node[graph.callee]
    crossing = arc >= 0

    def on_nodes(group: Ids, values: Floats) -> Floats:
        return np.bincount(group, values, count).astype(np.float64, copy=False)

    def on_arcs(values: Floats | None) -> Floats:
        if values is None:
            return np.full(arcs, np.nan)
        return np.bincount(arc[crossing], values[crossing], arcs).astype(np.float64, copy=False)

    self_cost = on_nodes(node, np.nan_to_num(graph.self_cost[metric]))
    cost = on_arcs(graph.arc_cost[metric])
    present = np.zeros(arcs, np.bool_)
    present[arc[crossing]] = True
    incoming = on_nodes(shape.callee, np.nan_to_num(cost))
    outgoing = on_nodes(shape.caller, cost)
    measured = on_nodes(node, graph.inclusive[metric])
    several = shape.size > 1
    whole = self_cost + outgoing if signed else np.fmax(incoming, self_cost + outgoing)
    certain = ~several | ~np.isnan(outgoing)
    whole = np.where(certain, whole, np.fmin(measured, graph.totals[metric]))
    own = None if graph.arc_self is None else graph.arc_self[metric]
    if own is not None and (signed or np.isnan(own).any()):
        own = None
    touched = np.zeros(count, np.bool_)
    touched[node] = True
    inclusive = np.where(several, whole, measured)
    calls = _outside_calls(graph, node, into, count)
    return _Tables(
        shape=shape, self_cost=self_cost, inclusive=inclusive, incoming=incoming, outgoing=outgoing,
        touched=touched, certain=certain, present=present, cost=cost, calls=on_arcs(graph.arc_calls),
        own=None if own is None else on_arcs(own),
        inner=self_cost if own is None else on_nodes(into[~crossing], own[~crossing]),
        outside=_outside(shape, inclusive, incoming, cost, present, touched, calls), outside_calls=calls,
        signed=signed,
    )  # fmt: skip


def _places(shape: Condensed, graph: CallGraph) -> tuple[Ids, Ids]:
    """The node of each row, and the arc of each arc, of a part's graph."""
    whole = shape.graph
    if graph is whole:
        return shape.node, shape.arc
    rows = np.searchsorted(whole.function, graph.function)
    keys = whole.caller.astype(np.int64) * len(whole) + whole.callee
    arcs = np.searchsorted(keys, rows[graph.caller].astype(np.int64) * len(whole) + rows[graph.callee])
    return shape.node[rows], shape.arc[arcs]


def _outside_calls(graph: CallGraph, node: Ids, into: Ids, count: int) -> Floats:
    """N: the calls that no arc accounts for; NaN where calls were not measured.

    What a derived graph holds as calls are the arcs' own, which proves nothing.
    """
    if graph.calls is None or graph.arc_calls is None or graph.derived:
        return np.full(count, np.nan)
    calls, accounted = np.bincount(node, graph.calls, count), np.bincount(into, graph.arc_calls, count)
    return (calls - accounted).astype(np.float64, copy=False)


def _outside(
    shape: Condensed,
    inclusive: Floats,
    incoming: Floats,
    cost: Floats,
    present: Bools,
    touched: Bools,
    calls: Floats,
) -> Bools:
    """N: the nodes that are called from outside of the profile, its roots.

    These have no caller, or more calls than arcs account for, or cost that no arc brings in: any at all where
    calls are not known, else more than NOISE, as then it is the profiler's own arithmetic.
    """
    count = len(shape)
    called = np.bincount(shape.callee[present], minlength=count) > 0
    unknown = np.bincount(shape.callee[present], np.isnan(cost[present]), count) > 0
    noise = np.where(np.isnan(calls), MEETING, NOISE) * inclusive
    unaccounted = np.where(unknown, np.isnan(calls), np.abs(inclusive - incoming) > np.abs(noise))
    outside: Bools = touched & (~called | (calls > 0) | unaccounted)
    return outside


def _flow(part: _Tables, cost: Floats, low: Floats, high: Floats) -> Flow:
    shape, count = part.shape, len(part.shape)
    into = np.concatenate([shape.callee, np.arange(count, dtype=np.int32)])
    present = np.concatenate([part.present, part.outside])
    below, below_cost, own = _split(part, into, cost, high, present)

    def total(values: Floats) -> Floats:
        return np.bincount(into[present], values[present], count).astype(np.float64, copy=False)

    slack = np.clip(np.nan_to_num(part.outgoing - total(below)), 0, NOISE * np.abs(total(high)))
    return Flow(
        present=present[None], cost=cost[None], low=low[None], high=high[None],
        below=below[None], below_cost=below_cost[None], own=own[None],
        calls=np.concatenate([part.calls, part.outside_calls])[None],
        below_total=total(below)[None], below_cost_total=total(below_cost)[None],
        slack=slack[None], inclusive=part.inclusive[None],
        ways=np.bincount(into[present], minlength=count).astype(np.int32)[None],
        signed=part.signed,
    )  # fmt: skip


Bounded = tuple[Floats, Floats, Floats]
"""(best guess, low, high)"""


def _unknown_ways(part: _Tables) -> tuple[Bools, Floats, Floats]:
    """A: the arcs that carry no cost; N: what is left of a node's inclusive cost for these and for calls from
    outside, and how many of both there are.
    """
    unknown = part.present & np.isnan(part.cost)
    left = part.inclusive - np.where(part.shape.recurs, 0, part.incoming)
    if not part.signed:
        left = np.maximum(left, 0)
    ways = np.bincount(part.shape.callee[unknown], minlength=len(part.shape)) + part.outside
    return unknown, left, ways.astype(np.float64)


def _arc_costs(part: _Tables) -> Bounded:
    """Each arc's cost: as measured, and where it carries none an equal share of what is left of its callee's."""
    unknown, left, ways = _unknown_ways(part)
    if not unknown.any():
        return part.cost, part.cost, part.cost
    callee = part.shape.callee[unknown]
    guess, low, high = part.cost.copy(), part.cost.copy(), part.cost.copy()
    guess[unknown] = (left / np.maximum(ways, 1))[callee]
    low[unknown] = np.where((ways == 1) & part.certain, left, 0)[callee]
    high[unknown] = left[callee]
    return guess, low, high


def _root_costs(part: _Tables) -> Bounded:
    """N: what calls from outside of the profile cost, zero where there are none."""
    _, left, ways = _unknown_ways(part)
    high = np.where(part.outside, left, 0)
    return high / np.maximum(ways, 1), np.where((ways == 1) & part.certain, high, 0), high


def _recurring_outside(part: _Tables, condensed: _Tables) -> Bools:
    """N: the nodes called from outside; for functions in cycles that are, those with calls that no arc accounts for,
    and where there is no such evidence any of the cycle's.
    """
    node = condensed.shape.node
    called = part.touched & part.shape.recurs & (part.outside_calls > 0)
    evident = np.bincount(node, called, len(condensed.shape))[node] > 0
    entered = part.touched & condensed.outside[node]
    return np.where(part.shape.recurs, entered & (called | ~evident), part.outside)


def _recurring_roots(part: _Tables, roots: Bounded, condensed: _Tables, *, most: Floats) -> Bounded:
    """`roots` with those of functions in cycles taken from what enters their cycle from outside.

    A function's calls from outside are outermost ones: they cost at most its inclusive cost and the cycle's share,
    and at least what no arc into the function brings in (each costs at `most` so much); where only one function can
    be the way in, the whole.
    """
    shape = part.shape
    node = condensed.shape.node
    _, entering, into_cycle = (column[node] for column in _root_costs(condensed))
    recurs = shape.recurs & part.outside
    high = np.where(recurs, np.minimum(part.inclusive, into_cycle), 0)
    candidates = np.bincount(node[recurs], minlength=len(condensed.shape))[node]
    elsewhere = shape.caller != shape.callee
    brought = np.bincount(shape.callee[elsewhere], np.where(part.present, most, 0)[elsewhere], len(shape))
    low = np.where(recurs, np.minimum(np.maximum(part.inclusive - brought, 0), high), 0)
    sole = recurs & (candidates == 1)
    low[sole], high[sole] = entering[sole], into_cycle[sole]
    weight = np.where(low > 0, low, 0)
    spread = np.bincount(node, weight, len(condensed.shape))[node]
    even = np.bincount(node, high, len(condensed.shape))[node]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(spread > 0, weight / spread, high / even)
    guess = np.clip(np.nan_to_num(share * into_cycle), low, high)
    return (
        np.where(shape.recurs, guess, roots[0]),
        np.where(shape.recurs, low, roots[1]),
        np.where(shape.recurs, high, roots[2]),
    )


def _split(part: _Tables, into: Ids, cost: Floats, high: Floats, present: Bools) -> tuple[Floats, Floats, Floats]:
    """E: how much of an entry's cost the node's callees may take, the best guess of that, and what its self cost
    may take.

    A cycle entered through an arc runs its callee's own code, and any of what its members call each other for.
    """
    self_cost = part.self_cost[into]
    share = _ratio(cost, part.inclusive[into])
    if part.own is None:
        callees = np.fmax(part.outgoing, part.inclusive - part.self_cost)[into]
        least, guess = np.maximum(high - callees, 0), self_cost * share
        most = np.minimum(high, self_cost)
    else:
        arcs = np.bincount(part.shape.callee, part.own, len(part.shape))
        from_outside = np.where(part.outside, np.maximum(part.self_cost - part.inner - arcs, 0), 0)
        least = np.minimum(np.concatenate([part.own, from_outside]), high)
        inner = part.inner[into]
        guess = least + inner * share
        most = np.minimum(high, least + inner)
    by_all = np.bincount(into, np.where(present, most, 0), len(part.shape))[into]
    least = np.maximum(least, np.minimum(self_cost - (by_all - most), most))
    return high - least, cost - np.minimum(np.maximum(guess, least), cost), most


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Their quotient, and zero of nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole == 0, 0, part / whole)
