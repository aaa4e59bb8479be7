"""The chains of callers above one function of a call graph, as columns of numbers.

Of a function, x is known: what it costs in all, or when called through a chain whose last caller is B. B came to be
called in several ways, and each of them accounts for a part of x. Through the way e it is at most x, and at most what
B spends in its callees when called so; and at least x less what the other ways can account for. The best guess is
x times e's share of what B spends in its callees. Activations of a B that recurs contain each other, so that nothing
bounds a way's part from below but zero. The first step is known better: an arc has a cost of its own, and often a
self cost. Parts are independent of each other: their bounds are taken apart and added.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from proftui.analysis.condense import Condensed
from proftui.analysis.contexts import Bounds
from proftui.analysis.flow import Flow
from proftui.analysis.partcosts import ratio
from proftui.analysis.treenode import MEETING
from proftui.model import Bools, Floats, Ids

Step = Literal["function", "cycle", "chain"]


@dataclass(frozen=True, eq=False)
class Callers:
    """The k contexts next to one context, or the functions themselves; by falling self cost.

    step       "function": the functions themselves; "cycle": the one that holds the function; "chain": callers
    function   k: its id at the first step, else -1
    node       k: of the condensed graph
    own, inclusive     what the function at the root costs in this context
    own_muddled, muddled   k: the profiler's numbers contradict each other here
    calls      P x k, how often the function was called; NaN where not measured
    whole      P x k: no other context has the same first caller
    alive      P x k: the context may exist in the part
    """

    step: Step
    function: Ids
    node: Ids
    own: Bounds
    inclusive: Bounds
    own_muddled: Bools
    muddled: Bools
    calls: Floats
    whole: Bools
    alive: Bools

    def __len__(self) -> int:
        return len(self.node)

    def of(self, rows: slice | Ids) -> Callers:
        """Some of the contexts."""
        return Callers(
            self.step, self.function[rows], self.node[rows], self.own[rows], self.inclusive[rows],
            self.own_muddled[rows], self.muddled[rows], self.calls[:, rows], self.whole[:, rows], self.alive[:, rows],
        )  # fmt: skip

    def ordered(self) -> Callers:
        """The contexts by falling self cost, equal ones by inclusive cost."""
        own, inclusive = (np.nan_to_num(bounds.cost.sum(axis=0)) for bounds in (self.own, self.inclusive))
        return self.of(np.lexsort((-inclusive, -own)).astype(np.int32))


def above(condensed: Condensed, flow: Flow, callers: Callers, at: int) -> Callers:
    """The contexts next to row `at` of `callers`: what calls its node, first of all the cycle that it is in."""
    node, here = int(callers.node[at]), callers.of(slice(at, at + 1))
    if callers.step == "function" and condensed.is_cycle(node):
        return replace(here, step="cycle", function=np.full(1, -1, np.int32))
    arcs = condensed.by_callee[condensed.incoming[node] : condensed.incoming[node + 1]]
    alive = here.alive & flow.present[:, arcs]
    possible: Bools = np.logical_or.reduce(alive, axis=0)
    arcs, alive = arcs[possible], alive[:, possible]
    none: Bools = np.zeros(len(arcs), np.bool_)
    if callers.step == "function":
        own, own_muddled = _self_of_arcs(flow, arcs), none
        inclusive, muddled = Bounds(flow.cost[:, arcs], flow.low[:, arcs], flow.high[:, arcs]), none
        calls, whole = flow.calls[:, arcs], np.ones_like(alive)
    else:
        own, own_muddled = _shared(condensed, flow, here, arcs, own=True)
        inclusive, muddled = _shared(condensed, flow, here, arcs, own=False)
        whole = np.broadcast_to(here.whole & (flow.ways[:, node, None] == 1), alive.shape)
        calls = np.where(whole, here.calls, here.calls * ratio(inclusive.cost, here.inclusive.cost))
    return Callers(
        "chain", np.full(len(arcs), -1, np.int32), condensed.caller[arcs], _where(alive, own),
        _where(alive, inclusive), own_muddled, muddled, np.where(alive, calls, 0), whole, alive,
    ).ordered()  # fmt: skip


def _self_of_arcs(flow: Flow, arcs: Ids) -> Bounds:
    """P x k: the callee's self cost when called through each of the arcs."""
    cost, low, high = flow.cost[:, arcs], flow.low[:, arcs], flow.high[:, arcs]
    guess = cost - flow.below_cost[:, arcs]
    if flow.signed:
        unknown = np.full_like(cost, np.nan)
        return Bounds(guess, unknown, unknown)
    most = np.minimum(flow.own[:, arcs], high)
    least = np.minimum(np.maximum(low - flow.below[:, arcs], 0), most)
    return Bounds(np.clip(guess, least, most), least, most)


def _shared(condensed: Condensed, flow: Flow, here: Callers, arcs: Ids, *, own: bool) -> tuple[Bounds, Bools]:
    """P x k: how much of a context's cost each of the arcs into its node accounts for; and where bounds cross."""
    node = int(here.node[0])
    amount = here.own if own else here.inclusive
    entries = np.append(arcs, condensed.arcs + node)
    present = flow.present[:, entries]
    most, weight = _capacity(condensed, flow, here, entries, own=own)
    most, weight = np.where(present, most, 0), np.where(present, weight, 0)
    others = flow.ways[:, node, None] - present.sum(axis=1, keepdims=True)
    share = ratio(weight, weight.sum(axis=1, keepdims=True))[:, :-1]
    cost = amount.cost * share
    sole = (flow.ways[:, node, None] == 1) & present[:, :-1]
    if flow.signed:
        known = np.where(sole, amount.low, np.nan)
        return Bounds(np.where(sole, amount.cost, cost), known, known), np.zeros(len(arcs), np.bool_)
    taken = np.minimum(most, amount.high)
    elsewhere = taken.sum(axis=1, keepdims=True) - taken
    low = np.maximum(amount.low - elsewhere, 0)[:, :-1]
    high = np.minimum(amount.high, most + flow.slack[:, node, None])[:, :-1]
    if condensed.recurs[node] or others.any():
        low = np.zeros_like(high)
    low, high = np.where(sole, amount.low, low), np.where(sole, amount.high, high)
    crossed = low > high
    apart = crossed & (low - high > MEETING * flow.inclusive[:, node, None])
    muddled: Bools = np.logical_or.reduce(apart, axis=0)
    low = np.where(crossed, np.where(muddled, 0, high), low)
    return Bounds(np.clip(cost, low, high), low, high), muddled


def _capacity(
    condensed: Condensed, flow: Flow, here: Callers, entries: npt.NDArray[np.integer], *, own: bool
) -> tuple[Floats, Floats]:
    """P x k: how much of the cost of what is called could, and how much probably does, come through each entry.

    What lies within the entered cycle is no callee of it: of its self cost an entry may have so much, and of a
    member's inclusive cost all that it enters with.
    """
    cost, high = flow.cost[:, entries], flow.high[:, entries]
    below, below_cost = flow.below[:, entries], flow.below_cost[:, entries]
    if here.step == "cycle":
        return (np.minimum(flow.own[:, entries], high), cost - below_cost) if own else (high, cost)
    if condensed.recurs[here.node[0]]:
        return high, cost
    return below, below_cost


def _where(alive: Bools, bounds: Bounds) -> Bounds:
    """Nothing is spent in a part that does not have the context."""
    if alive.all():
        return bounds
    return Bounds(*(np.where(alive, column, 0) for column in (bounds.cost, bounds.low, bounds.high)))
