"""The arcs as a callgrind file states them, so that its readers show what the profiler measured.

KCachegrind without cycle detection and callgrind_annotate --inclusive both take the sum of a function's incoming
arcs for its inclusive cost, or self plus outgoing where nothing calls it; KCachegrind leaves calls to itself out,
callgrind_annotate does not. In recursion the arcs add up to several times the truth, so they are fitted:

- outside recursion arcs are as measured;
- a function's calls to itself keep their number and get cost 0;
- arcs into a cycle from outside are as measured: they are outermost, and their callers stay right;
- arcs inside a cycle share what these leave of the member's cumulative time, in proportion to their measured cost;
- nothing exceeds the total: CPython's own cumulative times do, by up to 0.4 %, and pyinstrument's 48 times.

So a member of a cycle that is also called from outside the profile (`builtins.exec`, at the root of most dumps of
pstats) has all of its time in its calls from the cycle, as these are the only ones: KCachegrind knows no other way.

Costs of arcs that the profiler did not measure (the `profile` module records none) are estimates in proportion to
calls, as gprof's are; own costs that it did not measure, and costs below zero, which callgrind cannot hold, are 0.
Calls that were not counted, or that valgrind counts 0 as they began in another part, are 1 for each arc:
callgrind_annotate takes the cost after `calls=0` for self cost.
Every number that was changed comes back from comments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proftui.model import Bools, CallGraph, Floats, Ids
from proftui.model.inclusive import sums


@dataclass(frozen=True, eq=False)
class Shown:
    """What the lines of a file state: `function` n and self_cost M x n; per arc the rows, calls, and cost M x a.

    Every number is whole, known and not negative. `notes` say what else they are than measured.
    """

    self_cost: Floats
    caller: Ids
    callee: Ids
    arc_cost: Floats
    arc_calls: Floats
    notes: tuple[str, ...] = ()

    def called(self) -> Floats:
        """n: the sum of incoming calls."""
        return np.bincount(self.callee, self.arc_calls, self.self_cost.shape[1]).astype(np.float64)

    def inclusive(self) -> Floats:
        """M x n: what KCachegrind shows without cycle detection (TracePartFunction::update in tracedata.cpp)."""
        size = self.self_cost.shape[1]
        other = self.caller != self.callee
        cost = self.arc_cost[:, other]
        incoming = sums(self.callee[other], cost, size)
        outgoing = sums(self.caller[other], cost, size)
        return np.where(self.called() > 0, incoming, self.self_cost + outgoing)


def shown(graph: CallGraph) -> Shown:
    """The numbers that the lines state for `graph`."""
    to_itself = graph.caller == graph.callee
    self_cost = np.round(_known(graph.self_cost))
    calls = np.ones(graph.arcs) if graph.arc_calls is None else np.maximum(np.round(_known(graph.arc_calls)), 1.0)
    if graph.derived:
        cost = np.round(_known(graph.arc_cost))
        return Shown(self_cost, graph.caller, graph.callee, cost, calls, _notes(graph))
    called_by_others = np.bincount(graph.callee[~to_itself], minlength=len(graph)) > 0
    # KCachegrind gives a function that only itself calls an inclusive cost of 0, unless those calls are none
    calls[to_itself & ~called_by_others[graph.callee]] = 0.0
    cost = np.stack([_fitted(graph, metric, own, calls) for metric, own in enumerate(self_cost)])
    return Shown(self_cost, graph.caller, graph.callee, cost, calls, _notes(graph))


def _notes(graph: CallGraph) -> tuple[str, ...]:
    notes = []
    if np.isnan(graph.self_cost).any():
        notes.append("self costs of 0 may not have been measured")
    if (graph.self_cost < 0).any() or (graph.arc_cost < 0).any():
        notes.append("costs below zero are written as 0")
    if np.isnan(graph.arc_cost).any() and not graph.derived:
        notes.append("costs of calls are in part estimates from the numbers of calls")
    if graph.arcs and graph.arc_calls is None:
        notes.append("calls were not counted: each count of 1 is at least 1")
    elif graph.arc_calls is not None and not (graph.arc_calls >= 1).all():
        notes.append("calls that were not counted, or began in another part, are written as 1")
    return tuple(notes)


def _fitted(graph: CallGraph, metric: int, self_cost: Floats, calls: Floats) -> Floats:
    """a: the arcs' costs of one metric, such that readers show `graph.inclusive` and nothing above the total."""
    size = len(graph)
    caller, callee = graph.caller, graph.callee
    within = graph.component[caller] == graph.component[callee]
    to_itself = caller == callee
    total = self_cost.sum()
    unknown = ~np.isfinite(graph.arc_cost[metric])
    cost = np.where(unknown | to_itself, 0.0, np.round(_known(graph.arc_cost[metric])))
    inclusive = np.round(graph.inclusive[metric])
    target = np.minimum(np.where(np.isfinite(inclusive), inclusive, np.bincount(callee, cost, size)), total)

    def share(which: Bools, amount: Floats, weight: Floats) -> None:
        """Give the arcs `which` into each function together `amount` of it."""
        cost[which] = apportioned(amount, weight[which], callee[which])

    def left(which: Bools) -> Floats:
        """What is left of the functions' cost beside the arcs `which`."""
        rest: Floats = np.maximum(target - np.bincount(callee[which], cost[which], size), 0.0)
        return rest

    entering = ~within
    if unknown.any():
        share(unknown & ~to_itself, left(~unknown & ~within), calls)
    recursive = np.bincount(callee[within], minlength=size) > 0
    too_much = np.bincount(callee[entering], cost[entering], size) > np.where(recursive, target, total)
    share(entering & too_much[callee], target, cost)
    inner = within & ~to_itself
    share(inner, left(entering), cost)
    return _within_total(cost, graph, self_cost, total)


def _within_total(cost: Floats, graph: CallGraph, self_cost: Floats, total: float) -> Floats:
    """`cost` where functions that nothing calls, which readers show as self plus outgoing, stay within the total."""
    size = len(graph)
    other = graph.caller != graph.callee
    root = np.bincount(graph.callee[other], minlength=size) == 0
    outgoing = np.bincount(graph.caller[other], cost[other], size)
    beyond = root & (self_cost + outgoing > total)
    arcs = other & beyond[graph.caller]
    cost[arcs] = apportioned(total - self_cost, cost[arcs], graph.caller[arcs])
    return cost


def apportioned(amount: Floats, weight: Floats, group: Ids) -> Floats:
    """Whole numbers in proportion to `weight` that add up to amount[g] over the members of each `group` g.

    By largest remainders; where all weights of a group are 0 its members get equal shares.
    """
    size = len(amount)
    weighed = np.bincount(group, weight, size)[group]
    weight = np.where(weighed > 0, weight, 1.0)
    exact = weight * (amount / np.maximum(np.bincount(group, weight, size), 1.0))[group]
    whole = np.floor(exact)
    short = np.round(amount - np.bincount(group, whole, size))
    order = np.lexsort((whole - exact, group))
    first = np.searchsorted(group[order], group[order])
    place = np.empty(len(group))
    place[order] = np.arange(len(group)) - first
    given: Floats = whole + np.where(place < np.abs(short)[group], np.sign(short)[group], 0.0)
    return np.maximum(given, 0.0)


def _known(values: Floats) -> Floats:
    """`values` with 0 where they are not measured or negative."""
    known: Floats = np.maximum(np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0), 0.0)
    return known
