"""Filters on call graphs without a recorded tree: estimates with bounds that hold for every tree with that graph."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from proftui.analysis.filters.coverage import Coverage, Levels, coverage
from proftui.analysis.filters.elimination import eliminated
from proftui.analysis.filters.expressions import Word
from proftui.analysis.filters.known import Arcs, Known, estimated
from proftui.analysis.filters.levels import led_to
from proftui.analysis.filters.spans import Span, nothing, share, summed
from proftui.model import Bools, CallGraph, Floats
from proftui.model.inclusive import sums


def graph_filtered(graph: CallGraph, word: Word, matches: Bools, signed: Bools) -> CallGraph:
    """`graph` as a filter leaves it; `matches` says of each function of the profile whether the condition is true,
    `signed` which of the graph's metrics may be below zero. Functions and arcs that have no cost left are gone.

    The graph comes with bounds, unless the filter is about none or all of its functions.
    """
    found = matches[graph.function]
    if word == "show":
        word, found = "hide", ~found
    if not found.any() and word in ("ignore", "hide", "my-code"):
        return graph
    if graph.bounds is None and not graph.arcs and np.isnan(graph.inclusive).all():
        return _rows(graph, found if word in ("focus", "show-from") else ~found)
    known = Known.of(graph, signed)
    if word in ("hide", "my-code"):
        return eliminated(known, found)
    levels = Levels(known)
    covered = coverage(known, found, levels)
    if word == "show-from":
        return _shown_from(covered)
    kept = _kept(covered, levels)
    return _focused(covered, kept) if word == "focus" else _ignoring(covered, kept)


def _rows(graph: CallGraph, kept: Bools) -> CallGraph:
    """The rows that are kept of a graph of self costs alone, which knows neither callers nor inclusive costs."""

    def calls(column: Floats | None) -> Floats | None:
        return None if column is None else column[kept]

    return replace(
        graph, function=graph.function[kept], self_cost=graph.self_cost[:, kept], inclusive=graph.inclusive[:, kept],
        inclusive_low=None, calls=calls(graph.calls), primitive_calls=calls(graph.primitive_calls),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Kept:
    """What focus keeps: inclusive M x n and arcs M x a."""

    inclusive: Span
    arc: Span
    arc_own: Span | None


def _kept(covered: Coverage, levels: Levels) -> _Kept:
    """What lies below and above the functions that were found, level by level from the leaves."""
    known, found = covered.known, covered.found
    graph, metrics, count = known.graph, len(known.own.guess), len(known.size)
    arc = nothing(metrics, graph.arcs)
    gone = np.zeros((metrics, graph.arcs))  # at most so much of an arc goes
    whole = nothing(metrics, count)
    lost = np.zeros((metrics, count))  # at most so much of a component goes
    for level in reversed(range(levels.count)):
        ids, rows, into, leaving = (
            levels.components[level], levels.rows[level], levels.into(level), levels.leaving(level),
        )  # fmt: skip
        place, tails = levels.place[known.component[rows]], levels.place[levels.tail[leaving]]
        own = known.own.at(rows)
        left = own.high - covered.own.low[:, rows]
        whole.put(ids, _added(summed(place, covered.own.at(rows), len(ids)), summed(tails, arc.at(leaving), len(ids))))
        lost[:, ids] = sums(place, left, len(ids)) + sums(tails, gone[:, leaving], len(ids))
        heads = levels.head[into]
        cost = known.arc.at(into)
        bound = Span(
            _entering_guess(covered, whole, into, heads),
            np.maximum(covered.entered.low[:, into], cost.low - lost[:, heads]),
            np.minimum(cost.high, whole.high[:, heads]),
        ).settled()
        arc.put(into, cost.where(found[graph.callee[into]], bound))
        gone[:, into] = np.where(found[graph.callee[into]], 0, np.minimum(cost.high - arc.low[:, into], lost[:, heads]))
    _keep_inner(covered, arc, whole, lost)
    return _Kept(_inclusive(covered, levels, arc, whole, lost), arc, _arc_own(covered))


def _added(one: Span, other: Span) -> Span:
    return Span(one.guess + other.guess, one.low + other.low, one.high + other.high)


def _entering_guess(covered: Coverage, whole: Span, into: np.ndarray, heads: np.ndarray) -> Floats:
    """What is covered of arcs, and of the rest the share that its callee keeps of what is not covered."""
    under, total = covered.below.guess[:, heads], covered.known.whole.guess[:, heads]
    entered = covered.entered.guess[:, into]
    bare = np.maximum(covered.known.arc.guess[:, into] - entered, 0)
    return entered + bare * share(whole.guess[:, heads] - under, total - under)


def _inner(known: Known) -> np.ndarray:
    return np.flatnonzero(~known.crossing)


def _keep_inner(covered: Coverage, arc: Span, whole: Span, lost: Floats) -> None:
    """Set the arcs inside of components: kept but for at most what their component loses."""
    known, graph = covered.known, covered.known.graph
    inner = _inner(known)
    at = known.component[graph.caller[inner]]
    cost = known.arc.at(inner)
    bound = Span(
        cost.guess * _kept_share(known, whole)[:, at],
        np.maximum(cost.low - lost[:, at], 0),
        np.minimum(cost.high, whole.high[:, at]),
    ).settled()
    safe = covered.found[graph.caller[inner]] | covered.found[graph.callee[inner]]
    arc.put(inner, cost.where(safe, bound))


def _kept_share(known: Known, whole: Span) -> Floats:
    return share(whole.guess, known.whole.guess)


def _inclusive(covered: Coverage, levels: Levels, arc: Span, whole: Span, lost: Floats) -> Span:
    """What is kept of inclusive costs: of a cycle's member at least what it spends and what leaves the cycle there."""
    known, graph = covered.known, covered.known.graph
    measured, at = known.inclusive, known.component
    spent = covered.own.low + sums(graph.caller[levels.arcs], arc.low[:, levels.arcs], len(graph))
    bound = Span(
        np.where(known.size[at] > 1, measured.guess * _kept_share(known, whole)[:, at], whole.guess[:, at]),
        np.maximum(spent, measured.low - lost[:, at]),
        np.minimum(measured.high, whole.high[:, at]),
    ).settled()
    return measured.where(covered.found, bound)


def _arc_own(covered: Coverage) -> Span | None:
    """How much of the self costs of arcs is covered: all of it where one end was found."""
    known, graph, found = covered.known, covered.known.graph, covered.found
    if known.arc_own is None:
        return None
    inner = _inner(known)
    portion = Span(*(column.copy() for column in covered.own_arc))
    own, callee = known.arc_own.at(inner), graph.callee[inner]
    covered_own, whole = covered.own.at(callee), known.own.at(callee)
    part = share(covered_own.guess, whole.guess)
    left = np.maximum(whole.high - covered_own.low, 0)
    portion.put(
        inner,
        Span(own.guess * part, np.maximum(own.low - left, 0), np.minimum(own.high, covered_own.high)).settled(),
    )
    return known.arc_own.where(found[graph.caller] | found[graph.callee], portion)


def _focused(covered: Coverage, kept: _Kept) -> CallGraph:
    known, graph, found = covered.known, covered.known.graph, covered.found
    arcs = _arcs(covered, kept.arc, kept.arc_own, found[graph.caller] | found[graph.callee])
    return estimated(
        known, covered.own, kept.inclusive, arcs, known.outside,
        _calls(graph.calls, found), _calls(graph.primitive_calls, found),
    )  # fmt: skip


def _ignoring(covered: Coverage, kept: _Kept) -> CallGraph:
    """All but what lies below the functions that were found: what focus would drop."""
    known, graph, found = covered.known, covered.known.graph, covered.found
    arc_own = None if known.arc_own is None or kept.arc_own is None else known.arc_own.less(kept.arc_own)
    spared = ~led_to(found, graph.caller, graph.callee)
    arcs = _arcs(covered, known.arc.less(kept.arc), arc_own, spared[graph.caller] & ~found[graph.callee])
    return estimated(
        known, known.own.less(covered.own), known.inclusive.less(kept.inclusive), arcs, known.outside,
        _calls(graph.calls, spared), _calls(graph.primitive_calls, spared),
    )  # fmt: skip


def _shown_from(covered: Coverage) -> CallGraph:
    """What is covered; functions that were found may now be called from nowhere."""
    known, graph, found = covered.known, covered.known.graph, covered.found
    at, several = known.component, known.size[known.component] > 1
    measured, below = known.inclusive, covered.below.at(known.component)
    leaving = np.flatnonzero(known.crossing)
    spent = covered.own.low + sums(graph.caller[leaving], covered.arc.low[:, leaving], len(graph))
    uniform = np.maximum(measured.low - covered.bare_below[:, at], 0)
    part = share(covered.below.guess, known.whole.guess)[:, at]
    in_cycle = Span(
        measured.guess * part,
        np.maximum(spent, np.where(covered.mixed[at], 0, uniform)),
        np.minimum(measured.high, below.high),
    ).settled()
    inclusive = measured.where(found, in_cycle.where(several, below.settled()))
    arc = Span(*(column.copy() for column in covered.arc))
    inner = _inner(known)
    inside = at[graph.caller[inner]]
    cost = known.arc.at(inner)
    uniform = np.maximum(cost.low - covered.bare_below[:, inside], 0)
    bound = Span(
        cost.guess * part[:, graph.caller[inner]],
        np.where(covered.mixed[inside], 0, uniform),
        np.minimum(cost.high, covered.below.high[:, inside]),
    ).settled()
    arc.put(inner, cost.where(found[graph.caller[inner]], bound))
    return estimated(
        known, covered.own, inclusive, _arcs(covered, arc, _shown_own(covered), found[graph.caller]),
        np.where(found, inclusive.high, 0), _calls(graph.calls, found), _calls(graph.primitive_calls, found),
    )  # fmt: skip


def _shown_own(covered: Coverage) -> Span | None:
    """The self costs of arcs whose caller is covered."""
    known, graph = covered.known, covered.known.graph
    portion = _arc_own(covered)
    if known.arc_own is None or portion is None:
        return None
    own, arc, whole = known.arc_own, covered.arc, known.arc
    part = share(arc.guess, whole.guess)
    uncovered = np.maximum(whole.high - arc.low, 0)
    by_caller = Span(own.guess * part, np.maximum(own.low - uncovered, 0), np.minimum(own.high, arc.high)).settled()
    only_callee = covered.found[graph.callee] & ~covered.found[graph.caller]
    inner = ~known.crossing
    loose = Span(own.guess * 0.5, np.zeros_like(own.low), own.high)
    by_caller = loose.where(inner, by_caller)
    return by_caller.where(only_callee, portion)


def _arcs(covered: Coverage, cost: Span, own: Span | None, whole: Bools) -> Arcs:
    """The arcs of the graph with other costs; where `whole`, all of their calls are still there."""
    graph = covered.known.graph
    calls, primitive = _calls(graph.arc_calls, whole), _calls(graph.arc_primitive_calls, whole)
    return Arcs(graph.caller, graph.callee, cost, own, calls, primitive)


def _calls(calls: Floats | None, known: Bools) -> Floats | None:
    return None if calls is None else np.where(known, calls, np.nan)
