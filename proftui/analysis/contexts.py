"""The contexts below one context of a call graph, as columns of numbers.

On a path ... -> B -> C let x be the inclusive cost of B on this path and t overall, and T the cost of the arc B -> C
overall. C on this path is estimated as T x / t. It costs at most min(x, T), and at least T less what the activations
of B elsewhere can spend: T - (t - x). B's self cost is no part of what goes to C; where arcs carry self costs, x and t
are both taken without it, which narrows the bounds. The lower bound uses x's lower end, the upper bound its upper end.
Activations of a B that recurs contain each other, so that its part of the arc has no lower bound but zero.
Parts are independent of each other: their bounds are taken apart and added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proftui.analysis.condense import Condensed
from proftui.analysis.flow import Flow
from proftui.analysis.partcosts import ratio
from proftui.analysis.treenode import MEETING
from proftui.model import Bools, Floats, Ids


@dataclass(frozen=True, eq=False)
class Bounds:
    """P x k numbers: best guesses, and bounds that hold (NaN for signed metrics)."""

    cost: Floats
    low: Floats
    high: Floats

    def __getitem__(self, rows: slice | npt.NDArray[np.integer]) -> Bounds:
        return Bounds(self.cost[:, rows], self.low[:, rows], self.high[:, rows])


@dataclass(frozen=True, eq=False)
class Contexts:
    """The k contexts below one context, or the roots; ordered by falling guess of their inclusive cost.

    node, entry     k: of the condensed graph, and the entry of its flow by which the node is reached
    inclusive       on this path
    alive           P x k: the path exists in the part
    whole           P x k: all calls by the entry are on this path
    muddled         k: the profiler's numbers contradict each other here
    scale, ceiling  k: inclusive cost of the caller overall, and at most on this path
    elsewhere       P: at most what other contexts of the caller can take from its arcs
    reach           P: at most what all k contexts together can cost
    """

    node: Ids
    entry: Ids
    inclusive: Bounds
    alive: Bools
    whole: Bools
    muddled: Bools
    scale: Floats
    ceiling: Floats
    elsewhere: Floats
    reach: Floats

    def __len__(self) -> int:
        return len(self.node)


def root_contexts(condensed: Condensed, flow: Flow) -> Contexts:
    """What is called from outside of the profile."""
    first = condensed.arcs
    alive = flow.present[:, first:]
    node = np.flatnonzero(np.logical_or.reduce(alive, axis=0)).astype(np.int32)
    alive = alive[:, node]
    entry = first + node
    parts = len(alive)
    overall = flow.inclusive[:, node].sum(axis=0)
    return _ordered(Contexts(
        node=node, entry=entry,
        inclusive=_where(alive, Bounds(flow.cost[:, entry], flow.low[:, entry], flow.high[:, entry])),
        alive=alive, whole=np.ones_like(alive), muddled=np.zeros(len(node), np.bool_), scale=overall, ceiling=overall,
        elsewhere=np.full(parts, np.inf), reach=np.full(parts, np.inf),
    ))  # fmt: skip


def below(condensed: Condensed, flow: Flow, contexts: Contexts, at: int) -> Contexts:
    """The contexts below row `at` of `contexts`: what its node calls on this path, except inside of a cycle."""
    node = int(contexts.node[at])
    arcs = np.arange(condensed.outgoing[node], condensed.outgoing[node + 1], dtype=np.int32)
    alive = contexts.alive[:, at, None] & flow.present[:, arcs]
    possible: Bools = np.logical_or.reduce(alive, axis=0)
    if not possible.all():
        arcs, alive = arcs[possible], alive[:, possible]
    above = contexts.inclusive[at : at + 1]
    scale = float(flow.inclusive[:, node].sum())
    elsewhere, reach = _room(condensed, flow, contexts, at)
    whole = contexts.whole[:, at, None] & (flow.ways[:, node, None] == 1)
    whole = np.broadcast_to(whole, alive.shape)
    cost = flow.cost[:, arcs] * _share_of_arcs(condensed, flow, contexts, at)[:, None]
    if flow.signed:
        known = np.where(whole, flow.cost[:, arcs], np.nan)
        cost, low, high = np.where(whole, known, cost), known, known
        muddled: Bools = np.zeros(len(arcs), np.bool_)
    else:
        low = np.maximum(flow.low[:, arcs] - elsewhere[:, None], 0)
        high = np.minimum(flow.high[:, arcs], reach[:, None])
        crossed = low > high
        muddled = np.logical_or.reduce(crossed & (low - high > MEETING * flow.inclusive[:, node, None]), axis=0)
        low = np.where(crossed, np.where(muddled, 0, high), low)
        cost = np.clip(cost, low, high)
    count = len(arcs)
    return _ordered(Contexts(
        node=condensed.callee[arcs], entry=arcs, inclusive=_where(alive, Bounds(cost, low, high)), alive=alive,
        whole=whole, muddled=muddled, scale=np.full(count, scale), ceiling=np.full(count, above.high.sum()),
        elsewhere=elsewhere, reach=reach,
    ))  # fmt: skip


def _room(condensed: Condensed, flow: Flow, contexts: Contexts, at: int) -> tuple[Floats, Floats]:
    """P: at most what the node's other contexts, and what this one, can spend in its callees."""
    node, entry = int(contexts.node[at]), int(contexts.entry[at])
    low, high = contexts.inclusive.low[:, at], contexts.inclusive.high[:, at]
    if condensed.recurs[node]:
        return np.full(len(low), np.inf), high
    through = flow.below[:, entry]
    by_others = flow.below_total[:, node] - through
    same_way = np.minimum(through, flow.high[:, entry] - low)
    return np.maximum(by_others, 0) + np.maximum(same_way, 0), np.minimum(high, through) + flow.slack[:, node]


def _share_of_arcs(condensed: Condensed, flow: Flow, contexts: Contexts, at: int) -> Floats:
    """P: which share of the node's arcs this context probably takes."""
    node, entry = int(contexts.node[at]), int(contexts.entry[at])
    cost = contexts.inclusive.cost[:, at]
    if condensed.recurs[node]:
        return ratio(cost, flow.inclusive[:, node])
    return ratio(cost * ratio(flow.below_cost[:, entry], flow.cost[:, entry]), flow.below_cost_total[:, node])


def self_costs(condensed: Condensed, flow: Flow, contexts: Contexts, rows: slice) -> Bounds:
    """The self costs of some of the contexts."""
    entry = contexts.entry[rows]
    inclusive = contexts.inclusive[rows]
    entering = flow.high[:, entry]
    cost = inclusive.cost * (1 - ratio(flow.below_cost[:, entry], flow.cost[:, entry]))
    if flow.signed:
        known = contexts.whole[:, rows] & (flow.ways[:, contexts.node[rows]] == 1)
        low = np.where(known, cost, np.nan)
        return Bounds(cost, low, low)
    least = np.where(condensed.recurs[contexts.node[rows]], 0, entering - flow.below[:, entry])
    low = np.maximum(least - (entering - inclusive.low), 0)
    high = np.minimum(flow.own[:, entry], inclusive.high)
    low = np.minimum(low, high)
    return Bounds(np.clip(cost, low, high), low, high)


def rest_of(contexts: Contexts, flow: Flow, rows: slice) -> Bounds:
    """P x 1: the inclusive cost of some of the contexts together, which is known better than their sum."""
    apart = contexts.inclusive[rows]
    cost, low, high = (column.sum(axis=1) for column in (apart.cost, apart.low, apart.high))
    if not flow.signed:
        arcs = np.where(contexts.alive[:, rows], flow.low[:, contexts.entry[rows]], 0).sum(axis=1)
        low = np.maximum(low, arcs - contexts.elsewhere)
        high = np.maximum(np.minimum(high, contexts.reach), low)
        cost = np.clip(cost, low, high)
    return Bounds(cost[:, None], low[:, None], high[:, None])


def _where(alive: Bools, bounds: Bounds) -> Bounds:
    """Nothing is spent in a part that does not have the path."""
    if alive.all():
        return bounds
    return Bounds(*(np.where(alive, column, 0) for column in (bounds.cost, bounds.low, bounds.high)))


def _ordered(contexts: Contexts) -> Contexts:
    cost = contexts.inclusive.cost.sum(axis=0)
    order = np.argsort(-cost, kind="stable").astype(np.int32)
    return Contexts(
        node=contexts.node[order], entry=contexts.entry[order], inclusive=contexts.inclusive[order],
        alive=contexts.alive[:, order], whole=contexts.whole[:, order], muddled=contexts.muddled[order],
        scale=contexts.scale[order], ceiling=contexts.ceiling[order],
        elsewhere=contexts.elsewhere, reach=contexts.reach,
    )  # fmt: skip
