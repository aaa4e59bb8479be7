"""What is known of the ways by which one metric's cost comes to the nodes of a condensed graph and leaves them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from proftui.analysis.condense import Condensed, condense
from proftui.analysis.partcosts import NOISE, PartCosts, added, ratio
from proftui.model import Bools, CallGraph, Floats, Ids


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


Bounded = tuple[Floats, Floats, Floats]
"""(best guess, low, high)"""


def flow_of(shape: Condensed, graph: CallGraph, metric: int, *, signed: bool = False) -> Flow:
    """The flow of a part's metric, a row of the part's own tables, over the condensed graph of all parts."""
    part = PartCosts(shape, graph, metric, signed)
    if graph.bounds is not None:
        # imported here as it makes a Flow itself
        from proftui.analysis.estimated_flow import estimated_flow

        return estimated_flow(part, graph.bounds)
    outside = part.outside
    arcs = _arc_costs(part, outside)
    roots = _root_costs(part, least=arcs[1])
    if shape.recurs.any():
        condensed = PartCosts(condense(shape.graph), graph, metric, signed)
        outside = _recurring_outside(part, condensed)
        arcs = _arc_costs(part, outside)
        entering = _root_costs(condensed, least=_arc_costs(condensed, condensed.outside)[1])
        recurring = _recurring_roots(part, outside, condensed.shape.node, entering, most=arcs[2])
        roots = _each(lambda one, other: np.where(shape.recurs, one, other), recurring, roots)
    return _flow(part, outside, _each(lambda one, other: np.concatenate([one, other]), arcs, roots))


def _each(join: Callable[[Floats, Floats], Floats], one: Bounded, other: Bounded) -> Bounded:
    return join(one[0], other[0]), join(one[1], other[1]), join(one[2], other[2])


def _flow(part: PartCosts, outside: Bools, costs: Bounded) -> Flow:
    shape, count = part.shape, len(part.shape)
    cost, low, high = costs
    into = np.concatenate([shape.callee, np.arange(count)])
    present = np.concatenate([part.present, outside])

    def total(values: Floats) -> Floats:
        return added(into, np.where(present, values, 0), count)  # choosing the present ones takes four times as long

    inclusive = part.inclusive
    if not part.signed:
        inclusive = np.where(shape.recurs, inclusive, np.fmax(inclusive, total(low)))
    below, below_cost, own = _split(part, into, costs, inclusive, present)
    slack = np.clip(np.nan_to_num(part.outgoing - total(below)), 0, NOISE * np.abs(total(high)))
    return Flow(
        present=present[None], cost=cost[None], low=low[None], high=high[None],
        below=below[None], below_cost=below_cost[None], own=own[None],
        calls=np.concatenate([part.arc_calls, part.outside_calls])[None],
        below_total=total(below)[None], below_cost_total=total(below_cost)[None],
        slack=slack[None], inclusive=inclusive[None],
        ways=added(into, present, count).astype(np.int32)[None],
        signed=part.signed,
    )  # fmt: skip


def _unknown_ways(part: PartCosts, outside: Bools) -> Floats:
    """N: how many ways into a node carry no cost of their own, calls from outside among them."""
    return added(part.shape.callee, part.unknown, len(part.shape)) + outside


def _arc_costs(part: PartCosts, outside: Bools) -> Bounded:
    """Each arc's cost: as measured, and where it carries none an equal share of what is left of its callee's."""
    unknown = part.unknown
    if not unknown.any():
        return part.arc_cost, part.arc_cost, part.arc_cost
    callee = part.shape.callee[unknown]
    ways = _unknown_ways(part, outside)
    guess, low, high = part.arc_cost.copy(), part.arc_cost.copy(), part.arc_cost.copy()
    guess[unknown] = (part.left / np.maximum(ways, 1))[callee]
    low[unknown] = np.where((ways == 1) & part.certain, part.left, 0)[callee]
    high[unknown] = part.left[callee]
    return guess, low, high


def _root_costs(part: PartCosts, *, least: Floats) -> Bounded:
    """N: what calls from outside of the profile cost. A node that nothing else calls costs at least its self cost
    and its arcs, which cost at `least` so much.
    """
    ways = _unknown_ways(part, part.outside)
    left = part.left
    if not part.signed:
        callees = added(part.shape.caller, np.nan_to_num(least), len(part.shape))
        left = np.where(part.called, left, np.maximum(left, part.self_cost + callees))
    high = np.where(part.outside, left, 0)
    return high / np.maximum(ways, 1), np.where((ways == 1) & part.certain, high, 0), high


def _recurring_outside(part: PartCosts, condensed: PartCosts) -> Bools:
    """N: the nodes called from outside; of functions in cycles that are, those with calls that no arc accounts for,
    and where there is no such evidence any of the cycle's.
    """
    node = condensed.shape.node
    called = part.touched & part.shape.recurs & (part.outside_calls > 0)
    evident = added(node, called, len(condensed.shape))[node] > 0
    entered = part.touched & condensed.outside[node]
    return np.where(part.shape.recurs, entered & (called | ~evident), part.outside)


def _recurring_roots(part: PartCosts, outside: Bools, cycle: Ids, entering: Bounded, *, most: Floats) -> Bounded:
    """N: what calls from outside cost of functions in cycles, of what calls from outside of the `cycle`s cost.

    Such calls are outermost ones: they cost at most the function's inclusive cost and all that enters the cycle, and
    at least what no arc into the function brings in (each costs at `most` so much); where only one function can be
    the way in, they are all that enters.
    """
    shape = part.shape
    _, least_in, most_in = (column[cycle] for column in entering)
    recurs = shape.recurs & outside
    high = np.where(recurs, np.minimum(part.inclusive, most_in), 0)
    candidates = np.bincount(cycle[recurs], minlength=len(entering[0]))[cycle]
    elsewhere = part.present & (shape.caller != shape.callee)
    brought = added(shape.callee[elsewhere], most[elsewhere], len(shape))
    low = np.where(recurs, np.minimum(np.maximum(part.inclusive - brought, 0), high), 0)
    sole = recurs & (candidates == 1)
    low[sole], high[sole] = least_in[sole], most_in[sole]
    evident = added(cycle, low, len(entering[0]))[cycle]
    possible = added(cycle, high, len(entering[0]))[cycle]
    share = np.where(evident > 0, ratio(low, evident), ratio(high, possible))
    return np.clip(share * most_in, low, high), low, high


def _split(
    part: PartCosts, into: Ids, costs: Bounded, inclusive: Floats, present: Bools
) -> tuple[Floats, Floats, Floats]:
    """E: how much of an entry's cost the node's callees may take, the best guess of that, and what its self cost
    may take.

    A cycle entered through an arc runs its callee's own code, and any of what its members call each other for.
    """
    cost, _, high = costs
    count = len(part.shape)
    self_cost = part.self_cost[into]
    share = ratio(cost, inclusive[into])
    if part.signed:
        return cost, cost - self_cost * share, cost
    if part.arc_self is None:
        callees = np.maximum(np.fmax(part.outgoing, inclusive - part.self_cost), 0)[into]
        least, guess = np.maximum(high - callees, 0), self_cost * share
        most = np.minimum(high, self_cost)
    else:
        by_arcs = added(part.shape.callee, part.arc_self, count)
        from_outside = np.where(present[-count:], np.maximum(part.self_cost - part.inner_self - by_arcs, 0), 0)
        least = np.minimum(np.concatenate([part.arc_self, from_outside]), high)
        inner = part.inner_self[into]
        guess = least + inner * share
        most = np.minimum(high, least + inner)
    by_all = added(into, np.where(present, most, 0), count)[into]
    least = np.maximum(least, np.minimum(self_cost - (by_all - most), most))
    return high - least, cost - np.minimum(np.maximum(guess, least), cost), most
