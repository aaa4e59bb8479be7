"""The flow of a graph whose figures are estimates already: bounds follow from their bounds."""

from __future__ import annotations

import numpy as np

from proftui.analysis.flow import Flow
from proftui.analysis.partcosts import PartCosts, added, ratio
from proftui.analysis.treenode import MEETING
from proftui.model import Bools, Floats, GraphBounds, Ids

Ends = tuple[Floats, Floats]
"""(at least, at most)"""


def estimated_flow(part: PartCosts, bounds: GraphBounds) -> Flow:
    """The flow of one metric. Wherever calls from outside of the profile may be, there is a way in."""
    shape, metric, count = part.shape, part.metric, len(part.shape)
    entering = part.on_nodes(bounds.outside_high[metric])
    arcs = part.on_arcs(bounds.arc_low[metric]), part.on_arcs(bounds.arc_high[metric])
    own = part.on_nodes(bounds.self_low[metric]), part.on_nodes(bounds.self_high[metric])
    inclusive = _inclusive(part, bounds, own, arcs)
    outside: Bools = part.touched & (~part.called | ~(entering <= MEETING * inclusive[1]))
    roots = _roots(part, arcs, inclusive, entering, outside)
    into = np.concatenate([shape.callee, np.arange(count, dtype=np.int32)])
    present = np.concatenate([part.present, outside])
    cost = np.concatenate([np.nan_to_num(part.arc_cost), roots[0]])
    low, high = np.concatenate([arcs[0], roots[1]]), np.concatenate([arcs[1], roots[2]])
    leaving = added(shape.caller, arcs[1], count)
    mine = _own(part, bounds, into, low, inclusive, own)
    most = np.minimum(high, own[1][into])
    spent = np.where(shape.recurs[into], high, np.minimum(np.maximum(high - mine, 0), leaving[into]))
    cost_of_own = np.minimum(part.self_cost[into] * ratio(cost, part.inclusive[into]), cost)

    def total(values: Floats) -> Floats:
        return added(into[present], values[present], count)

    return Flow(
        present=present[None], cost=cost[None], low=low[None], high=high[None],
        below=spent[None], below_cost=(cost - cost_of_own)[None], own=most[None],
        calls=np.concatenate([part.arc_calls, np.full(count, np.nan)])[None],
        below_total=total(spent)[None], below_cost_total=total(cost - cost_of_own)[None],
        slack=np.zeros((1, count)), inclusive=np.fmax(part.inclusive, total(low))[None],
        ways=np.bincount(into[present], minlength=count).astype(np.int32)[None],
        signed=part.signed,
    )  # fmt: skip


def _inclusive(part: PartCosts, bounds: GraphBounds, own: Ends, arcs: Ends) -> Ends:
    """N: a function's own bounds; of a cycle, those of what its members and all that leaves it cost."""
    shape, metric = part.shape, part.metric
    several = shape.size > 1

    def end(measured: Floats, spent: Floats, crossing: Floats) -> Floats:
        leaving = added(shape.caller, crossing, len(shape))
        whole: Floats = np.where(several, spent + leaving, part.on_nodes(measured))
        return whole

    return (
        end(bounds.inclusive_low[metric], own[0], arcs[0]),
        end(bounds.inclusive_high[metric], own[1], arcs[1]),
    )


def _roots(
    part: PartCosts, arcs: Ends, inclusive: Ends, entering: Floats, outside: Bools
) -> tuple[Floats, Floats, Floats]:
    """N: what calls from outside of the profile cost: best guess, at least, at most."""
    shape, count = part.shape, len(part.shape)
    brought = added(shape.callee, arcs[1], count)
    high = np.where(part.called, np.minimum(entering, inclusive[1]), inclusive[1])
    low = np.where(shape.recurs, 0, np.minimum(np.maximum(inclusive[0] - brought, 0), high))
    left = np.maximum(part.inclusive - part.incoming, 0)
    guess = np.clip(np.where(part.called, left, part.inclusive), low, high)
    if part.signed:
        return np.where(outside, np.where(part.called, left, part.inclusive), 0), low, high
    return np.where(outside, guess, 0), np.where(outside, low, 0), np.where(outside, high, 0)


def _own(part: PartCosts, bounds: GraphBounds, into: Ids, low: Floats, inclusive: Ends, own: Ends) -> Floats:
    """E: at least so much of an entry's cost is the node's self cost."""
    elsewhere = np.maximum(inclusive[1][into] - low, 0)
    least: Floats = np.maximum(own[0][into] - elsewhere, 0)
    if bounds.arc_self_low is None:
        return least
    by_arc = part.on_arcs(bounds.arc_self_low[part.metric])
    known: Floats = np.maximum(least, np.concatenate([by_arc, np.zeros(len(part.shape))]))
    return known
