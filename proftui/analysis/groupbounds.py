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
from functools import cached_property

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
    """M x G: inclusive costs, at least, at most, and as they are shown.

    `exact` G: no call out of the group leads back, so that its cost is as well known as what it is the sum of. What is
    shown is that sum; of the others it is the most.
    """

    low: Floats
    high: Floats
    value: Floats
    exact: Bools


@dataclass(frozen=True, eq=False)
class _Ends:
    """A graph's figures at one end of what is known of them: those measured, or the bounds of estimated ones."""

    own: Floats
    arc: Floats
    inclusive: Floats
    arc_self: Floats | None


def _ends(graph: CallGraph) -> tuple[_Ends, _Ends]:
    """The lower and the upper ends."""
    known = graph.bounds
    if known is None:
        low = _Ends(graph.self_cost, graph.arc_cost, graph.inclusive_least, graph.arc_self)
        return low, _Ends(graph.self_cost, graph.arc_cost, graph.inclusive, graph.arc_self)
    low = _Ends(known.self_low, known.arc_low, known.inclusive_low, known.arc_self_low)
    return low, _Ends(known.self_high, known.arc_high, known.inclusive_high, known.arc_self_high)


def group_bounds(graph: CallGraph, group: Ids, count: int, signed: Sequence[bool]) -> Bounds:
    """The bounds of `count` groups, of which `group` gives that of each row of `graph`; each has a row.

    Of metrics that may be below zero, `signed`, they are NaN where paths come back.
    """
    low, high = _ends(graph)
    below_zero = np.array(signed)[:, None]
    cut = _cut(graph, group, count)
    least = _sum(cut, low, below_zero)
    if graph.bounds is None:
        most, value = least.copy(), least.copy()
    else:
        most = _through(cut, high)
        value = _sum(cut, _Ends(graph.self_cost, graph.arc_cost, graph.inclusive, None), below_zero)
    if (returns := cut.returns).any():
        least[:, returns] = _least(graph, cut, low, high)[:, returns]
        most[:, returns] = value[:, returns] = _most(graph, cut, low, high)[:, returns]
    rows = np.flatnonzero((np.bincount(group, minlength=count) == 1)[group])
    alone = group[rows]
    least[:, alone], most[:, alone] = low.inclusive[:, rows], high.inclusive[:, rows]
    value[:, alone] = graph.inclusive[:, rows]
    exact = ~returns
    exact[alone] = True if graph.inclusive_low is None else (least == most)[:, alone].all(axis=0)
    vague = below_zero & ~exact
    least, most, value = (np.where(vague, np.nan, ends) for ends in (np.minimum(least, most), most, value))
    return Bounds(least, most, value, exact)


@dataclass(frozen=True, eq=False)
class _Cut:
    """The arcs between groups, and the circles of groups that call each other.

    group       n: of each row of the graph
    circle      G: the circle of each group, several of which `circling` G says
    arcs        those that cross from group to group; `tail` and `head` are their groups
    back        for each of them whether it may lead back to the group that it leaves
    """

    group: Ids
    circle: Ids
    circling: Bools
    arcs: Rows
    tail: Ids
    head: Ids
    back: Bools

    @property
    def count(self) -> int:
        """G."""
        return len(self.circle)

    @cached_property
    def returns(self) -> Bools:
        """G: whether a call out of the group may lead back."""
        returns = np.zeros(self.count, np.bool_)
        returns[self.tail[self.back]] = True
        return returns

    def entering(self, cost: Floats) -> Floats:
        """M x G: what the arcs into each group cost."""
        return sums(self.head, cost[:, self.arcs], self.count)

    def leaving(self, cost: Floats) -> Floats:
        """M x G: what the arcs out of each group cost."""
        return sums(self.tail, cost[:, self.arcs], self.count)

    def members(self, cost: Floats) -> Floats:
        """M x G: the sum over each group's functions."""
        return sums(self.group, cost, self.count)


def _cut(graph: CallGraph, group: Ids, count: int) -> _Cut:
    callers, callees = group[graph.caller], group[graph.callee]
    arcs = np.flatnonzero(callers != callees)
    tail, head = callers[arcs], callees[arcs]
    circle = components(count, *_distinct(tail, head, count))
    circling = np.bincount(circle, minlength=1)[circle] > 1
    around = np.flatnonzero((circle[callers] == circle[callees]) & circling[callers])
    back = np.zeros(graph.arcs, np.bool_)
    if len(around):
        asked = np.flatnonzero(circling)
        entering = np.bincount(head, np.nan_to_num(graph.arc_cost[0, arcs]), count)
        heaviest = asked[np.argsort(-entering[asked])]
        back[around] = comes_back(graph, group, heaviest, around)
    return _Cut(group, circle, circling, arcs, tail, head, back[arcs])


def _distinct(tail: Ids, head: Ids, count: int) -> tuple[Ids, Ids]:
    """The distinct pairs, in order."""
    if count * count <= LARGEST_TABLE:
        table = np.zeros((count, count), np.bool_)
        table[tail, head] = True
        tails, heads = np.nonzero(table)
        return tails.astype(np.int32), heads.astype(np.int32)
    first, _ = grouped(tail.astype(np.int64) * count + head)
    return tail[first], head[first]


def _sum(cut: _Cut, ends: _Ends, below_zero: Bools) -> Floats:
    """Self cost and what is called, or what calls enter where that is more: the profile may begin later."""
    made = cut.members(ends.own) + cut.leaving(ends.arc)
    return np.where(below_zero, made, np.maximum(cut.entering(ends.arc), made))


def _through(cut: _Cut, ends: _Ends) -> Floats:
    """Self cost and all that is called: no group costs more."""
    return cut.members(ends.own) + cut.leaving(ends.arc)


def _least(graph: CallGraph, cut: _Cut, low: _Ends, high: _Ends) -> Floats:
    arcs, back, tail, head = cut.arcs, cut.back, cut.tail, cut.head
    below = cut.members(low.own) + sums(tail[~back], low.arc[:, arcs[~back]], cut.count)
    if low.arc_self is not None:
        below += sums(tail[back], low.arc_self[:, arcs[back]], cut.count)
    called = sums(graph.callee, np.where(graph.caller == graph.callee, 0, high.arc), len(graph))
    roots = np.maximum(low.inclusive - called, 0)
    into = cut.circle[tail] != cut.circle[head]
    above = sums(head[into], low.arc[:, arcs[into]], cut.count) + cut.members(roots)
    members = np.full_like(below, -np.inf)
    for target, values in zip(members, low.inclusive, strict=True):
        np.maximum.at(target, cut.group, values)
    return np.maximum(np.maximum(below, above), members)


def _most(graph: CallGraph, cut: _Cut, low: _Ends, high: _Ends) -> Floats:
    outside = graph.component[graph.caller] != graph.component[graph.callee]
    called = sums(graph.callee[outside], low.arc[:, outside], len(graph))
    roots = np.maximum(high.inclusive - called, 0)
    if graph.bounds is not None:
        roots = np.minimum(roots, graph.bounds.outside_high)
    apart = cut.circle[cut.tail] != cut.circle[cut.head]
    circles = int(cut.circle.max()) + 1
    crossing = high.arc[:, cut.arcs[apart]]
    into = sums(cut.circle[cut.head[apart]], crossing, circles)
    out = sums(cut.circle[cut.tail[apart]], crossing, circles)
    together = np.maximum(into, sums(cut.circle, cut.members(high.own), circles) + out)[:, cut.circle]
    bounds = (
        _through(cut, high), cut.entering(high.arc) + cut.members(roots), cut.members(high.inclusive), together
    )  # fmt: skip
    most: Floats = np.minimum.reduce(bounds)
    return most
