"""Functions taken out of a call graph, their cost handed to the callers that are left: hide, show and only my code.

What a caller that stays spends in a hidden function that never leads back to one that stays becomes its own, exactly.
Other hidden functions are carriers: they take cost from the callers that stay, their owners, to callees that stay. A
unit is one carrier, or those of one cycle together. Units are gone through from callers to callees; of each and every
owner it is known how much of the unit's cost the owner pays for (exactly, one hop away), and the self cost of the unit
and its arcs are split among owners in proportion, with the bounds that follow from what all others can at most take.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from proftui.analysis.filters.known import Arcs, Known, estimated
from proftui.analysis.filters.levels import Places, Slices, led_to, level_of, spread
from proftui.analysis.filters.owners import Pairs, Shares, Units, gathered, least_paying, shares
from proftui.analysis.filters.routes import Routes, joined, possible
from proftui.analysis.filters.spans import Span, beside, nothing, share, summed
from proftui.model import Bools, CallGraph, Floats, grouped
from proftui.model.inclusive import sums


def eliminated(known: Known, hidden: Bools) -> CallGraph:
    """The graph without the `hidden` rows.

    The inclusive cost of what stays does not change. What no caller that stays pays for is dropped.
    """
    graph, metrics, count = known.graph, len(known.own.guess), len(known.graph)
    awards = _Awards(known, hidden, _carriers(known, hidden))
    awards.run()
    routed = possible(joined(awards.routes, known), known, ~hidden, awards.slack)
    handed = _by_what_is_left(known, hidden, _with_awards(known, awards), routed, awards)
    rows = np.flatnonzero(~hidden)
    own, inclusive = nothing(metrics, count), nothing(metrics, count)
    own.put(rows, handed.at(rows))
    inclusive.put(rows, known.inclusive.at(rows))
    rootless = routed.owner >= count
    outside = np.where(hidden, 0, known.outside)
    outside += sums(routed.callee[rootless], routed.cost.high[:, rootless], count)
    arcs = _arcs(known, ~hidden, routed, awards.slack, own)
    return estimated(known, own, inclusive, arcs, outside, graph.calls, graph.primitive_calls)


def _with_awards(known: Known, awards: _Awards) -> Span:
    """Self costs with what owners were handed; what those have that are taken as one is divided by their slack."""
    count = len(known.graph)
    own = nothing(awards.metrics, count + 2)
    for at, span in ((np.arange(count), known.own), *awards.own):
        for column, more in zip(own, summed(at, span, count + 2), strict=True):
            column += more
    together = own.guess[:, awards.many].copy()
    own.guess[:, awards.many] = 0
    return Span(own.guess + together[:, None] * share(awards.slack, _total(awards.slack)), own.low, own.high)


def _total(columns: Floats) -> Floats:
    total: Floats = columns.sum(axis=1, keepdims=True)
    return total


def _carriers(known: Known, hidden: Bools) -> Bools:
    """The hidden rows from which a call chain of hidden ones leads to one that stays."""
    graph = known.graph
    through = hidden[graph.caller]
    return hidden & led_to(~hidden, graph.callee[through], graph.caller[through])


@dataclass(eq=False)
class _Awards:
    """What `hidden` functions of a graph hand to owners: `own` are pairs (owner, self cost)."""

    known: Known
    hidden: Bools
    carries: Bools
    own: list[tuple[Places, Span]] = field(default_factory=list)
    routes: list[Routes] = field(default_factory=list)

    def __post_init__(self) -> None:
        known, graph = self.known, self.known.graph
        self.metrics = len(known.own.guess)
        self.nobody, self.many = len(graph), len(graph) + 1
        self.slack = np.zeros((self.metrics, len(graph) + 2))
        self.rows = np.flatnonzero(self.carries)
        component, which, level = self._in_levels()
        self.units = len(component)
        self.unit = np.full(len(graph), -1, np.intp)
        self.unit[self.rows] = which
        self.starts = np.searchsorted(level, np.arange(int(level.max(initial=-1)) + 2))
        self.pending: list[list[Pairs]] = [[] for _ in self.starts[1:]]
        staying = np.bincount(known.component[~self.hidden], minlength=len(known.size))
        self.mixed = staying[component] > 0
        self.whole = np.where(self.mixed, np.inf, known.whole.high[:, component])
        self.spent = summed(which, known.own.at(self.rows), self.units)
        tail, head = self.unit[graph.caller], self.unit[graph.callee]
        self.leaving = np.flatnonzero((tail >= 0) & (tail != head))

    def _in_levels(self) -> tuple[Places, Places, Places]:
        """Units ordered by level: the component and the level of each; and for each of `rows` its unit (second)."""
        known, graph = self.known, self.known.graph
        first, which = grouped(known.component[self.rows])
        unit = np.full(len(graph), -1, np.intp)
        unit[self.rows] = which
        tail, head = unit[graph.caller], unit[graph.callee]
        between = (tail >= 0) & (head >= 0) & (tail != head)
        level = level_of(len(first), tail[between], head[between])
        order = np.argsort(level, kind="stable")
        rank = np.empty(len(order), np.intp)
        rank[order] = np.arange(len(order))
        return known.component[self.rows[first[order]]].astype(np.intp), rank[which], level[order]

    def run(self) -> None:
        """Hand all that is hidden to owners."""
        self._seed()
        tail = self.unit[self.known.graph.caller[self.leaving]]
        arcs = Slices.of(self._level(tail), len(self.pending))
        for level, waiting in enumerate(self.pending):
            if waiting:
                self._split(level, waiting, self.leaving[arcs[level]])

    def _level(self, unit: Places) -> Places:
        return np.searchsorted(self.starts, unit, side="right") - 1

    def _seed(self) -> None:
        """What callers that stay, or none at all, spend in hidden functions directly."""
        known, graph = self.known, self.known.graph
        arcs = np.flatnonzero(~self.hidden[graph.caller] & self.hidden[graph.callee])
        owner, callee = graph.caller[arcs].astype(np.intp), graph.callee[arcs].astype(np.intp)
        self._give(callee, owner, known.arc.at(arcs), self._arc_own(arcs))
        entering = known.entering
        several = known.size > 1
        component = known.component
        rows = np.flatnonzero(self.hidden & (np.nan_to_num(known.outside, nan=1) > 0).any(axis=0))
        high = np.minimum(known.outside[:, rows], entering.high[:, component[rows]])
        ways = np.maximum(sums(component, np.maximum(known.outside, 0), len(known.size)), 1e-300)
        guess = entering.guess[:, component[rows]] * np.clip(known.outside[:, rows] / ways[:, component[rows]], 0, 1)
        sole = ~several[component[rows]]
        guess = np.where(sole, entering.guess[:, component[rows]], guess)
        cost = Span(guess, np.zeros_like(high), high).settled()
        empty = nothing(self.metrics, len(rows))
        own = Span(empty.guess, empty.low, np.minimum(known.own.high[:, rows], high))
        self._give(rows, np.full(len(rows), self.nobody), cost, own)

    def _arc_own(self, arcs: Places) -> Span:
        own = self.known.arc_own
        return nothing(self.metrics, len(arcs)) if own is None else own.at(arcs)

    def _give(self, callee: Places, owner: Places, cost: Span, own: Span) -> None:
        """Owners pay `cost` for calls of rows: it is theirs, or a carrier's to pass on, or a callee's that stays."""
        stays, carrier = ~self.hidden[callee], self.carries[callee]
        if stays.any():
            at = np.flatnonzero(stays)
            self.routes.append(
                Routes(owner[at], callee[at], cost.at(at), None if self.known.arc_own is None else own.at(at))
            )
        ends = np.flatnonzero(~stays & ~carrier)
        if len(ends):
            self.own.append((owner[ends], cost.at(ends)))
        at = np.flatnonzero(carrier)
        units = self.unit[callee[at]]
        cost, own, owner = cost.at(at), own.at(at), owner[at]
        levels = Slices.of(self._level(units), len(self.pending))
        for level in np.flatnonzero(np.diff(levels.starts)).tolist():
            here = levels[level]
            self.pending[level].append(Pairs(units[here], owner[here], cost.at(here), own.at(here)))

    def _split(self, level: int, waiting: list[Pairs], arcs: Places) -> None:
        """Split the self costs of the units of a level, and the arcs that leave them, among their owners."""
        begin, end = int(self.starts[level]), int(self.starts[level + 1])
        units = Units(self.mixed[begin:end], self.whole[:, begin:end], self.spent.at(slice(begin, end)))
        pairs = gathered(waiting, self.nobody + 2)
        tail = self.unit[self.known.graph.caller[arcs]] - begin
        pairs = self._fewer(Pairs(pairs.unit - begin, pairs.owner, pairs.cost, pairs.own), tail)
        split = shares(units, pairs)
        self.own.append((pairs.owner, split.own))
        begins, ends = np.searchsorted(pairs.unit, tail), np.searchsorted(pairs.unit, tail, side="right")
        self._pass_on(units, pairs, split, spread(begins, ends), np.repeat(arcs, ends - begins))

    def _pass_on(self, units: Units, pairs: Pairs, split: Shares, at: Places, arc: Places) -> None:
        """Hand to the owner of each of the pairs `at` its share of each `arc` that leaves the pair's unit."""
        cost, own = self.known.arc.at(arc), self._arc_own(arc)
        part, below = split.part[:, at], split.below.high[:, at]
        # calls back into the cycle that the unit lies in may lie within each other
        back = units.mixed[pairs.unit[at]] & ~self.known.crossing[arc]
        low = np.where(back, 0, np.maximum(cost.low - split.others[:, at], 0))
        portion = Span(cost.guess * part, low, np.minimum(cost.high, below)).settled()
        left = np.where(back, own.high, np.maximum(cost.high - portion.low, 0))
        told = Span(own.guess * part, np.maximum(own.low - left, 0), np.minimum(own.high, portion.high)).settled()
        self._give(self.known.graph.callee[arc].astype(np.intp), pairs.owner[at], portion, told)

    def _fewer(self, pairs: Pairs, tail: Places) -> Pairs:
        """Take the owners of least cost as one where they are too many; what that may hide is their slack."""
        leaving = np.bincount(tail, minlength=int(pairs.unit.max(initial=-1)) + 1)[pairs.unit]
        folded = least_paying(pairs, leaving, self.nobody)
        if not folded.any():
            return pairs
        self.slack += sums(pairs.owner[folded], pairs.cost.high[:, folded], self.nobody + 2)
        owner = np.where(folded, self.many, pairs.owner)
        return gathered([Pairs(pairs.unit, owner, pairs.cost, pairs.own)], self.nobody + 2)


def _by_what_is_left(known: Known, hidden: Bools, own: Span, routed: Routes, awards: _Awards) -> Span:
    """Self costs, bounded as well by what is left of one's calls of hidden functions less what comes back from them.

    That is nearer where the hidden ones are many; it does not hold in cycles that hold hidden functions and others.
    """
    graph, count = known.graph, len(known.graph)
    arcs = np.flatnonzero(~hidden[graph.caller] & hidden[graph.callee])
    into = summed(graph.caller[arcs], known.arc.at(arcs), count + 2)
    back = summed(routed.owner, routed.cost, count + 2)
    apart = np.append(known.own.low, np.zeros((len(own.low), 2)), axis=1)
    top = np.append(known.own.high, np.zeros((len(own.low), 2)), axis=1)
    low = np.maximum(own.low, apart + np.maximum(into.low - back.high - awards.slack, 0))
    high = np.minimum(own.high + awards.slack, top + np.maximum(into.high - back.low, 0))
    some = np.bincount(known.component, hidden, len(known.size)) > 0
    fits = np.zeros(count + 2, np.bool_)
    fits[:count] = ~hidden & ~some[known.component]
    return Span(own.guess, np.where(fits, low, own.low), np.where(fits, high, own.high + awards.slack)).settled()


def _arcs(known: Known, kept: Bools, routed: Routes, slack: Floats, owned: Span) -> Arcs:
    """The arcs that stay, with what goes through hidden functions added; its number of calls is unknown."""
    graph, count = known.graph, len(known.graph)
    direct = np.flatnonzero(kept[graph.caller] & kept[graph.callee])
    real = np.flatnonzero(routed.owner < count)
    tail = np.concatenate([graph.caller[direct], routed.owner[real]])
    head = np.concatenate([graph.callee[direct], routed.callee[real]])
    first, which = grouped(tail.astype(np.int64) * count + head)
    caller, callee = tail[first].astype(np.int32), head[first].astype(np.int32)
    cost = summed(which, beside([known.arc.at(direct), routed.cost.at(real)]), len(first))
    own = None
    if known.arc_own is not None and routed.own is not None:
        own = summed(which, beside([known.arc_own.at(direct), routed.own.at(real)]), len(first))
    changed = np.zeros(len(first), np.bool_)
    changed[which[len(direct) :]] = True
    most = np.minimum(known.inclusive.high[:, caller], known.inclusive.high[:, callee])
    high = np.where(changed, np.minimum(cost.high + slack[:, caller], most), cost.high + slack[:, caller])
    if own is not None:
        own = _own_of_arcs(known, owned, head[first], own, Span(cost.guess, cost.low, high))

    def counted(calls: Floats | None) -> Floats | None:
        if calls is None:
            return None
        known_calls = np.full(len(first), np.nan)
        known_calls[which[: len(direct)]] = calls[direct]
        return np.where(changed, np.nan, known_calls)

    return Arcs(
        caller, callee, Span(cost.guess, cost.low, high), own, counted(graph.arc_calls),
        counted(graph.arc_primitive_calls),
    )  # fmt: skip


def _own_of_arcs(known: Known, owned: Span, callee: Places, own: Span, cost: Span) -> Span:
    """The self costs of arcs: `own`, and what their callees were handed, split in proportion to the costs."""
    count = len(known.graph)
    handed = owned.less(known.own)
    loops = known.graph.callee[known.graph.caller == known.graph.callee]
    alone = known.size[known.component] == 1
    alone[loops] = False
    elsewhere = np.maximum(known.inclusive.high[:, callee] - cost.low, 0)
    least = np.where(alone[callee], owned.low[:, callee] - elsewhere, 0)
    whole = summed(callee, cost, count).guess
    part = share(cost.guess, whole[:, callee])
    return Span(
        own.guess + handed.guess[:, callee] * part,
        np.maximum(own.low, least),
        np.minimum(own.high + handed.high[:, callee], cost.high),
    ).settled()
