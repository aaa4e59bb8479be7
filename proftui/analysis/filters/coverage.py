"""What lies below functions that were found, in a call graph: focus, ignore and show-from.

A row of the call tree is covered when it or one above it is of a function that was found. Cost that enters a function
is followed from callers to callees apart for what is covered and what is not. Of what a caller spends in its callees
let c at most be covered and u at most not. Then of an arc that costs T at least T - u and at most min(T, c) is covered;
the guess is in proportion. A component (a function, or a cycle of several) is entered and left as a whole; in one that
holds found and other functions, nothing bounds how much of the others lies below the found ones.
What focus keeps is what is covered and what lies above it: so it goes from callees back to callers, by the same rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from proftui.analysis.filters.known import Known
from proftui.analysis.filters.levels import Places, Slices, level_of
from proftui.analysis.filters.spans import Span, nothing, share, summed
from proftui.model import Bools, Floats
from proftui.model.inclusive import sums


@dataclass(frozen=True, eq=False)
class Coverage:
    """How much of `known` is covered by the rows that were `found`.

    own        M x n: of self cost
    arc        M x a: of arcs whose caller is covered; between components only
    entered    M x a: of arcs whose callee is covered
    bare       M x a: at most so much of an arc is not covered
    below      M x components: of what enters a component; bare_below: at most so much of it is not
    """

    known: Known
    found: Bools
    own: Span
    own_arc: Span
    arc: Span
    entered: Span
    bare: Floats
    below: Span
    bare_below: Floats

    @cached_property
    def mixed(self) -> Bools:
        """The components that hold functions that were found, and others."""
        return _mixed(self.known, self.found)


def _reaching(known: Known, found: Bools, mixed: Bools) -> Floats:
    """M x components: which share of a mixed component's cost is below its found functions; a guess."""
    most = np.zeros_like(known.whole.guess)
    rows = np.flatnonzero(found & mixed[known.component])
    for column, inclusive in zip(most, known.inclusive.guess[:, rows], strict=True):
        np.maximum.at(column, known.component[rows], inclusive)
    return share(most, known.whole.guess)


def _mixed(known: Known, found: Bools) -> Bools:
    count = np.bincount(known.component, found, len(known.size))
    mixed: Bools = (count > 0) & (count < known.size)
    return mixed


class Levels:
    """Components, rows and arcs between components of a graph, by level."""

    def __init__(self, known: Known) -> None:
        graph, component = known.graph, known.component
        self.arcs = np.flatnonzero(known.crossing)
        self.tail, self.head = component[graph.caller], component[graph.callee]
        level = level_of(len(known.size), self.tail[self.arcs], self.head[self.arcs])
        self.count = int(level.max()) + 1 if len(level) else 0
        self.components = Slices.of(level, self.count)
        self.rows = Slices.of(level[component], self.count)
        self._by_tail = Slices.of(level[self.tail[self.arcs]], self.count)
        self._by_head = Slices.of(level[self.head[self.arcs]], self.count)
        self.place = np.empty(len(level), np.intp)  # of a component within its level
        self.place[self.components.order] = np.arange(len(level)) - self.components.starts[level[self.components.order]]

    def leaving(self, level: int) -> Places:
        """The arcs that leave the components of a level."""
        return self.arcs[self._by_tail[level]]

    def into(self, level: int) -> Places:
        """The arcs that enter the components of a level."""
        return self.arcs[self._by_head[level]]


def coverage(known: Known, found: Bools, levels: Levels) -> Coverage:
    """What lies below the rows that were `found`, level by level from the roots."""
    graph, metrics = known.graph, len(known.own.guess)
    mixed, component = _mixed(known, found), known.component
    arc, entered, own_arc = (nothing(metrics, graph.arcs) for _ in range(3))
    bare = np.zeros((metrics, graph.arcs))
    own, below = nothing(metrics, len(graph)), nothing(metrics, len(known.size))
    bare_below = np.zeros((metrics, len(known.size)))
    hit, target = found[graph.caller], found[graph.callee]
    reaching = _reaching(known, found, mixed)
    for level in range(levels.count):
        into, rows, ids = levels.into(level), levels.rows[level], levels.components[level]
        inflow = _inflow(known, levels, level, entered, bare, reaching)
        inflow.covered.high[:, mixed[ids]] = np.inf
        below.put(ids, inflow.covered)
        bare_below[:, ids] = inflow.bare
        part, parts = _own_costs(known, into, rows, levels.place[component[rows]], inflow, entered, bare)
        own.put(rows, part.where(~found[rows], known.own.at(rows)))
        own_arc.put(into, parts)
        leaving = levels.leaving(level)
        outflow = _outflow(known, levels, rows, own, inflow, leaving, mixed[ids])
        covered, uncovered = outflow
        whole = known.arc.at(leaving)
        arc.put(leaving, covered.where(~hit[leaving], whole))
        entered.put(leaving, covered.where(~(hit | target)[leaving], whole))
        bare[:, leaving] = np.where((hit | target)[leaving], 0, uncovered)
    return Coverage(known, found, own, own_arc, arc, entered, bare, below, bare_below)


@dataclass(frozen=True, eq=False)
class _Inflow:
    """What enters the components of a level: covered, at most so much that is not, and the guess of that."""

    covered: Span
    bare: Floats
    bare_guess: Floats


def _inflow(known: Known, levels: Levels, level: int, entered: Span, bare: Floats, reaching: Floats) -> _Inflow:
    into, ids = levels.into(level), levels.components[level]
    place = levels.place[levels.head[into]]
    outside = known.entering.at(ids)
    guess = known.arc.guess[:, into] - entered.guess[:, into]
    covered = summed(place, entered.at(into), len(ids))
    uncovered = np.maximum(sums(place, guess, len(ids)), 0) + outside.guess
    caught = uncovered * reaching[:, ids]
    return _Inflow(
        Span(covered.guess + caught, covered.low, covered.high),
        sums(place, bare[:, into], len(ids)) + outside.high,
        uncovered - caught,
    )


def _own_costs(
    known: Known, into: Places, rows: Places, place: Places, inflow: _Inflow, entered: Span, bare: Floats
) -> tuple[Span, Span]:
    """How much of the self costs of a level's rows is covered, and how much of that came by each of the arcs into them.

    Where arcs carry self costs, those of an arc that is covered as a whole are known.
    """
    own = known.own.at(rows)
    part = share(inflow.covered.guess, inflow.covered.guess + inflow.bare_guess)[:, place]
    top = np.minimum(inflow.covered.high[:, place], own.high)
    least = np.maximum(own.low - inflow.bare[:, place], 0)
    if known.arc_own is None:
        return Span(own.guess * part, least, top).settled(), nothing(len(part), len(into))
    position = np.empty(len(known.graph), np.intp)
    position[rows] = np.arange(len(rows))
    to = position[known.graph.callee[into]]
    by_arc = known.arc_own.at(into)
    portion = _portion(known, by_arc, into, entered, bare)
    came = summed(to, by_arc, len(rows))
    told = summed(to, portion, len(rows))
    inner = Span(*(np.maximum(one - two, 0) for one, two in zip(own, (came.guess, came.high, came.low), strict=True)))
    spent = Span(
        told.guess + inner.guess * part,
        np.maximum(told.low, least),
        np.minimum(told.high + np.minimum(inner.high, inflow.covered.high[:, place]), top),
    )
    return spent.settled(), portion


def _portion(known: Known, own: Span, arcs: Places, entered: Span, bare: Floats) -> Span:
    """How much of the arcs' self costs belongs to what is covered of the arcs."""
    covered = entered.at(arcs)
    return Span(
        own.guess * share(covered.guess, known.arc.guess[:, arcs]),
        np.maximum(own.low - bare[:, arcs], 0),
        np.minimum(own.high, covered.high),
    ).settled()


def _outflow(
    known: Known, levels: Levels, rows: Places, own: Span, inflow: _Inflow, leaving: Places, mixed: Bools
) -> tuple[Span, Floats]:
    """What is covered of the arcs that leave a level, as if no function in it were found, and at most what is not."""
    count = inflow.bare.shape[1]
    place = levels.place[known.component[rows]]
    covered_own = summed(place, own.at(rows), count)
    whole_own = summed(place, known.own.at(rows), count)
    bare_own = np.maximum(whole_own.low - covered_own.high, 0)
    covered = np.maximum(inflow.covered.high - covered_own.low, 0)
    bare = np.maximum(inflow.bare - np.where(mixed, 0, bare_own), 0)
    covered_guess = np.maximum(inflow.covered.guess - covered_own.guess, 0)
    bare_guess = np.maximum(inflow.bare_guess - (whole_own.guess - covered_own.guess), 0)
    at = levels.place[levels.tail[leaving]]
    cost = known.arc.at(leaving)
    uncovered = np.minimum(cost.high, bare[:, at])
    flow = Span(
        cost.guess * share(covered_guess, covered_guess + bare_guess)[:, at],
        np.maximum(cost.low - uncovered, 0),
        np.minimum(cost.high, covered[:, at]),
    ).settled()
    return flow, uncovered
