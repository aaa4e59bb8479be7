"""The inclusive costs of groups of functions in a call graph: exact where no path leaves a group and comes back to it.

Let g be a group, and its inclusive cost what its outermost activations cost, those with no other of g above them.
All of it is self cost of g, or lies below a call from g to another function; and each outermost activation is called
by another function, or by nothing. So it is at most

- self cost of g plus the cost of the arcs that leave g,
- the cost of the arcs that enter g plus the members' cost as roots,
- the sum of the members' inclusive costs,
- the inclusive cost of all groups together that call each other in a circle with g.

Where no call out of g leads back, what lies below such calls is not g's and does not overlap: the first of these is
exact. Otherwise g has at least the largest of its members' inclusive costs; its self cost, the cost of those leaving
arcs that do not lead back, and the self cost of functions where g called them directly; and the cost of the arcs that
enter it from where g cannot lead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proftui.analysis.returns import comes_back
from proftui.model import Bools, CallGraph, Floats, Ids, grouped
from proftui.model.cycles import components
from proftui.model.inclusive import sums

LARGEST_TABLE = 1 << 24
"""Pairs of groups up to this number are told apart in a table of bytes, which is faster than sorting."""


Rows = npt.NDArray[np.integer]
"""Indices of arcs."""


@dataclass(frozen=True, eq=False)
class Bounds:
    """M x G: inclusive costs, at least and at most; `exact` G says where they are the same but for rounding."""

    low: Floats
    high: Floats
    exact: Bools


def group_bounds(graph: CallGraph, group: Ids, count: int, signed: Sequence[bool]) -> Bounds:
    """The bounds of `count` groups, of which `group` gives that of each row of `graph`; each has a row.

    Of metrics that may be below zero, `signed`, they are NaN where paths come back.
    """
    tail, head = group[graph.caller], group[graph.callee]
    crossing = np.flatnonzero(tail != head)
    tail, head = tail[crossing], head[crossing]
    circle = components(count, *_distinct(tail, head, count))
    circling = np.bincount(circle, minlength=1)[circle] > 1
    own = sums(group, graph.self_cost, count)
    cost = graph.arc_cost[:, crossing]
    entering, leaving = sums(head, cost, count), sums(tail, cost, count)
    back = _back(graph, group, circle, circling, crossing, entering)
    returns = np.zeros(count, np.bool_)
    returns[tail[back]] = True
    exactly = np.where(np.array(signed)[:, None], own + leaving, np.maximum(entering, own + leaving))
    low, high = exactly.copy(), exactly
    if returns.any():
        low[:, returns] = _least(graph, group, crossing, back, circle, own)[:, returns]
        high[:, returns] = _most(graph, group, crossing, circle, own)[:, returns]
    alone = np.bincount(group, minlength=count) == 1
    rows = np.flatnonzero(alone[group])
    low[:, group[rows]], high[:, group[rows]] = graph.inclusive_least[:, rows], graph.inclusive[:, rows]
    exact = ~returns
    exact[group[rows]] = (low == high)[:, group[rows]].all(axis=0)
    low = np.minimum(low, high)
    vague = np.array(signed)[:, None] & ~exact
    return Bounds(np.where(vague, np.nan, low), np.where(vague, np.nan, high), exact)


def _distinct(tail: Ids, head: Ids, count: int) -> tuple[Ids, Ids]:
    """The distinct pairs, in order."""
    if count * count <= LARGEST_TABLE:
        table = np.zeros((count, count), np.bool_)
        table[tail, head] = True
        tails, heads = np.nonzero(table)
        return tails.astype(np.int32), heads.astype(np.int32)
    first, _ = grouped(tail.astype(np.int64) * count + head)
    return tail[first], head[first]


def _back(graph: CallGraph, group: Ids, circle: Ids, circling: Bools, crossing: Rows, entering: Floats) -> Bools:
    """For each crossing arc whether it may lead back to its caller's group."""
    inside = circle[group]
    around = np.flatnonzero((inside[graph.caller] == inside[graph.callee]) & circling[group[graph.caller]])
    back = np.zeros(graph.arcs, np.bool_)
    if len(around):
        asked = np.flatnonzero(circling)
        heaviest = np.argsort(-np.nan_to_num(entering[0, asked])) if len(entering) else np.arange(len(asked))
        back[around] = comes_back(graph, group, asked[heaviest].astype(np.int32), around.astype(np.int32))
    return back[crossing]


def _least(graph: CallGraph, group: Ids, crossing: Rows, back: Bools, circle: Ids, own: Floats) -> Floats:
    count = own.shape[1]
    tail, head = group[graph.caller[crossing]], group[graph.callee[crossing]]
    cost = graph.arc_cost[:, crossing]
    below = own + sums(tail[~back], cost[:, ~back], count)
    if graph.arc_self is not None:
        below += sums(tail[back], graph.arc_self[:, crossing[back]], count)
    into = circle[tail] != circle[head]
    roots = graph.inclusive_least - sums(
        graph.callee, np.where(graph.caller == graph.callee, 0, graph.arc_cost), len(graph)
    )
    above = sums(head[into], cost[:, into], count) + sums(group, np.maximum(roots, 0), count)
    members = np.full_like(own, -np.inf)
    for target, values in zip(members, graph.inclusive_least, strict=True):
        np.maximum.at(target, group, values)
    return np.maximum(np.maximum(below, above), members)


def _most(graph: CallGraph, group: Ids, crossing: Rows, circle: Ids, own: Floats) -> Floats:
    count = own.shape[1]
    tail, head = group[graph.caller[crossing]], group[graph.callee[crossing]]
    cost = graph.arc_cost[:, crossing]
    component = graph.component
    outside = component[graph.caller] != component[graph.callee]
    roots = graph.inclusive - sums(graph.callee[outside], graph.arc_cost[:, outside], len(graph))
    entered = sums(head, cost, count) + sums(group, np.maximum(roots, 0), count)
    apart = circle[tail] != circle[head]
    circles = int(circle.max()) + 1
    into = sums(circle[head[apart]], cost[:, apart], circles)
    out = sums(circle[tail[apart]], cost[:, apart], circles)
    together = np.maximum(into, sums(circle, own, circles) + out)[:, circle]
    bounds = (own + sums(tail, cost, count), entered, sums(group, graph.inclusive, count), together)
    most: Floats = np.minimum.reduce(bounds)
    return most
