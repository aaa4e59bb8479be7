"""What is known of a call graph, measured or estimated, as filters on graphs take and give it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from proftui.analysis.filters.spans import Span, exactly, share, summed
from proftui.analysis.scope import SLACK
from proftui.model import Bools, CallGraph, Floats, GraphBounds, Ids
from proftui.model.cycles import components
from proftui.model.inclusive import sums


@dataclass(frozen=True, eq=False)
class Known:
    """The figures of `graph`: own, inclusive M x n; arc, arc_own M x a (None: not recorded).

    `outside` M x n is at most what comes from no caller.
    """

    graph: CallGraph
    own: Span
    inclusive: Span
    arc: Span
    arc_own: Span | None
    outside: Floats

    @classmethod
    def of(cls, graph: CallGraph, signed: Bools) -> Known:
        """What a graph says; the `signed` of its M metrics have no bounds."""
        bounds = graph.bounds
        if bounds is not None:
            arc_own = (
                None
                if graph.arc_self is None or bounds.arc_self_low is None or bounds.arc_self_high is None
                else Span(graph.arc_self, bounds.arc_self_low, bounds.arc_self_high)
            )
            return cls(
                graph,
                Span(graph.self_cost, bounds.self_low, bounds.self_high),
                Span(graph.inclusive, bounds.inclusive_low, bounds.inclusive_high),
                Span(graph.arc_cost, bounds.arc_low, bounds.arc_high),
                arc_own,
                bounds.outside_high,
            )
        ceiling = np.where(signed, np.inf, graph.totals)[:, None]
        inclusive, arc = _inclusive(graph, ceiling), _arcs(graph, ceiling)
        own = exactly(graph.self_cost)
        usable = graph.arc_self is not None and not np.isnan(graph.arc_self).any()
        arc_own = exactly(graph.arc_self) if usable and graph.arc_self is not None else None
        spans = [_unbounded(span, signed) for span in (own, inclusive, arc)]
        return cls(
            graph, spans[0], spans[1], spans[2], None if arc_own is None else _unbounded(arc_own, signed),
            np.where(signed[:, None], np.nan, _outside(graph, arc)),
        )  # fmt: skip

    @cached_property
    def component(self) -> Ids:
        """n: the component of each row; callers come before callees."""
        return self.graph.component

    @cached_property
    def size(self) -> Ids:
        """How many rows each component has."""
        return np.bincount(self.component).astype(np.int32)

    @cached_property
    def crossing(self) -> Bools:
        """a: the arcs between components; no such call can lie below another one, so their costs add up."""
        graph = self.graph
        crossing: Bools = self.component[graph.caller] != self.component[graph.callee]
        return crossing

    @cached_property
    def entering(self) -> Span:
        """What comes from no caller into each component: M x components."""
        graph, component, count = self.graph, self.component, len(self.size)
        heads, arcs = component[graph.callee[self.crossing]], self.arc.at(self.crossing)
        whole = self.whole
        most = np.minimum(
            sums(component, self.outside, count), np.maximum(whole.high - sums(heads, arcs.low, count), 0)
        )
        guess = np.maximum(whole.guess - sums(heads, arcs.guess, count), 0)
        return Span(np.where(np.isnan(most), guess, np.minimum(guess, most)), np.zeros_like(most), most)

    @cached_property
    def whole(self) -> Span:
        """The inclusive cost of each component, M x components: measured, or of a cycle what crosses into it or is
        spent in it and leaves it.
        """
        graph, component, count = self.graph, self.component, len(self.size)
        tails, arcs = component[graph.caller[self.crossing]], self.arc.at(self.crossing)
        heads = component[graph.callee[self.crossing]]
        brought, taken = summed(heads, arcs, count), summed(tails, arcs, count)
        own, inclusive = summed(component, self.own, count), summed(component, self.inclusive, count)
        return Span(
            *(
                np.where(self.size > 1, np.maximum(into, spent + out), measured)
                for into, spent, out, measured in zip(brought, own, taken, inclusive, strict=True)
            )
        )


def _unbounded(span: Span, signed: Bools) -> Span:
    if not signed.any():
        return span
    rows = signed[:, None]
    return Span(span.guess, np.where(rows, np.nan, span.low), np.where(rows, np.nan, span.high))


def _inclusive(graph: CallGraph, total: Floats) -> Span:
    """Inclusive costs. One above the total, but for the profiler's own arithmetic, is unknown."""
    raw = graph.inclusive
    most = np.minimum(raw, total)
    least = np.minimum(graph.inclusive_least, total)
    if graph.inclusive_low is None and not (raw > total * (1 + SLACK)).any():
        return exactly(most)
    return Span(most, np.where(raw > total * (1 + SLACK), np.minimum(graph.self_cost, most), least), most)


def _arcs(graph: CallGraph, total: Floats) -> Span:
    """The arcs' costs. One that carries none has an equal share of what is left of its callee's, and at most all that
    its ends cost; inside of cycles, formats that derive inclusive costs count some calls more than once.
    """
    cost = np.minimum(graph.arc_cost, total)
    low = np.where(graph.arc_cost > total * (1 + SLACK), 0, cost)
    if np.isnan(cost).any():
        ways = np.stack([np.bincount(graph.callee, gone, len(graph)) for gone in np.isnan(cost)])
        left = np.maximum(graph.inclusive - sums(graph.callee, np.nan_to_num(cost), len(graph)), 0)
        most = np.minimum(graph.inclusive[:, graph.caller], graph.inclusive[:, graph.callee])
        guess = np.minimum((left / np.maximum(ways, 1))[:, graph.callee], most)
        unknown = np.isnan(cost)
        return Span(np.where(unknown, guess, cost), np.where(unknown, 0, cost), np.where(unknown, most, cost))
    if graph.derived:
        same = graph.component[graph.caller] == graph.component[graph.callee]
        return Span(cost, np.where(same, 0, low), cost)
    return exactly(cost) if (low == cost).all() else Span(cost, low, cost)


def _outside(graph: CallGraph, arc: Span) -> Floats:
    """M x n: at most what comes from no caller; nothing where the arcs account for all calls."""
    component = graph.component
    crossing = component[graph.caller] != component[graph.callee]
    brought = sums(graph.callee[crossing], arc.low[:, crossing], len(graph))
    most = np.maximum(graph.inclusive - np.where(np.bincount(component)[component] > 1, 0, brought), 0)
    if graph.calls is None or graph.arc_calls is None or graph.derived:
        return most
    accounted = np.bincount(graph.callee, graph.arc_calls, len(graph)) == graph.calls
    return np.where(accounted, 0, most)


def estimated(
    known: Known,
    own: Span,
    inclusive: Span,
    arcs: Arcs,
    outside: Floats,
    calls: Floats | None,
    primitive: Floats | None,
) -> CallGraph:
    """The graph of estimates over the rows and arcs that may have any cost."""
    having = _any(own) | _any(inclusive)
    alive = having[arcs.caller] & having[arcs.callee] & _any(arcs.cost)
    rows = np.flatnonzero(having)
    place = np.full(len(having), -1, np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    own, inclusive = _consistent(own.at(rows), inclusive.at(rows))
    tail, head = place[arcs.caller[alive]], place[arcs.callee[alive]]
    own = _reaching(own, np.hstack([inclusive.low, _spent(own.low, arcs.cost.low[:, alive], tail, head)]))
    inclusive = _within(inclusive, own)
    cost = _at_most(arcs.cost.at(alive), np.minimum(inclusive.high[:, tail], inclusive.high[:, head]))
    arc_own = None if arcs.own is None else _at_most(arcs.own.at(alive), np.minimum(cost.high, own.high[:, head]))
    bounds = GraphBounds(
        own.low, own.high, inclusive.low, inclusive.high, cost.low, cost.high, outside[:, rows],
        None if arc_own is None else arc_own.low, None if arc_own is None else arc_own.high,
    )  # fmt: skip
    return CallGraph(
        function=known.graph.function[rows],
        self_cost=own.guess,
        inclusive=inclusive.guess,
        calls=_countable(calls, arcs, alive, rows),
        primitive_calls=_countable(primitive, arcs, alive, rows),
        caller=tail,
        callee=head,
        arc_cost=cost.guess,
        arc_self=None if arc_own is None else arc_own.guess,
        arc_calls=None if arcs.calls is None else arcs.calls[alive],
        arc_primitive_calls=None if arcs.primitive is None else arcs.primitive[alive],
        bounds=bounds,
    )


def _consistent(own: Span, inclusive: Span) -> tuple[Span, Span]:
    """Self and inclusive costs, the first at most the second."""
    own = _at_most(own, inclusive.high)
    raised = Span(np.maximum(inclusive.guess, own.guess), np.maximum(inclusive.low, own.low), inclusive.high)
    return own, raised.settled()


def _spent(own: Floats, arc: Floats, caller: Ids, callee: Ids) -> Floats:
    """M x components: what functions and cycles spend themselves and what leaves them."""
    component = components(own.shape[1], caller, callee)
    count, tail = int(component.max(initial=-1)) + 1, component[caller]
    leaving = tail != component[callee]
    spent: Floats = sums(component, own, count) + sums(tail[leaving], arc[:, leaving], count)
    return spent


def _reaching(own: Span, least: Floats) -> Span:
    """Self costs whose guesses add up to no less than any function or cycle is known to cost: what is missing is added
    where the bounds leave most room. Nothing where there are no bounds.
    """
    if not own.guess.size:
        return own
    missing = np.nan_to_num(np.maximum(least.max(axis=1) - own.guess.sum(axis=1), 0))[:, None]
    room = own.high - own.guess
    return Span(own.guess + missing * share(room, room.sum(axis=1, keepdims=True)), own.low, own.high).settled()


def _countable(calls: Floats | None, arcs: Arcs, alive: Bools, rows: npt.NDArray[np.integer]) -> Floats | None:
    """The calls of rows; not known where some came by an arc that is left out as it cost nothing.

    A later filter would not know that they are to go.
    """
    if calls is None or arcs.calls is None:
        return None if calls is None else calls[rows]
    lost = np.bincount(arcs.callee[~alive & (arcs.calls > 0)], minlength=len(calls)) > 0
    known: Floats = np.where(lost, np.nan, calls)[rows]
    return known


def _within(inclusive: Span, own: Span) -> Span:
    """Inclusive costs whose guesses are no more than those of all self costs together, which shares are taken of."""
    total = own.guess.sum(axis=1, keepdims=True)
    limited = np.maximum(np.minimum(inclusive.guess, total), inclusive.low)
    return Span(np.where(np.isnan(inclusive.low), inclusive.guess, limited), inclusive.low, inclusive.high)


def _at_most(span: Span, limit: Floats) -> Span:
    return Span(span.guess, span.low, np.minimum(span.high, limit)).settled()


@dataclass(frozen=True, eq=False)
class Arcs:
    """Arcs between rows of a graph, sorted by (caller, callee), with what is known of them."""

    caller: Ids
    callee: Ids
    cost: Span
    own: Span | None
    calls: Floats | None
    primitive: Floats | None


def _any(span: Span) -> npt.NDArray[np.bool_]:
    some: npt.NDArray[np.bool_] = (np.nan_to_num(span.high, nan=1.0) > 0).any(axis=0) | (span.guess != 0).any(axis=0)
    return some
