"""What passes through all callers or callees of a function of a call graph: one pass in topological order, O(arcs).

The arcs of one function, or of all that was reached from it so far, account for a part of what their other end costs.
How much of that part goes on through each of the next arcs is bounded as along one chain (`callers`, `contexts`);
what comes together at a node adds up, as calls of it by different callers do not contain each other once cycles are
condensed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proftui.analysis.condense import Condensed
from proftui.analysis.contexts import Bounds
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.flow import Flow
from proftui.analysis.partcosts import ratio
from proftui.model import Bools, Floats, Ids

Places = npt.NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Focus:
    """The function that it is about, in P parts: its node, and its own costs (P x 1), a member of a cycle or not."""

    node: int
    member: bool
    inclusive: Bounds
    own: Bounds


@dataclass(frozen=True, eq=False)
class Chain:
    """The k nodes reached: distance in calls, P x k costs, and k: what they are at most where nothing is known."""

    node: Ids
    distance: Ids
    inclusive: Bounds
    own: Bounds
    ceiling: Floats
    own_ceiling: Floats


def focus_of(tree: EstimatedTree, row: int) -> Focus:
    """A row of the graph as what it is about."""
    function, node = tree.condensed.graph.function[row], int(tree.condensed.node[row])
    columns = np.zeros((6, len(tree.measured), 1))
    for part, (graph, metric) in enumerate(tree.measured):
        at, limits = graph.row_of(int(function)), graph.limits
        if at is not None:
            costs = (
                graph.self_cost, limits.self_low, limits.self_high,
                graph.inclusive, limits.inclusive_low, limits.inclusive_high,
            )  # fmt: skip
            columns[:, part, 0] = np.nan_to_num([cost[metric, at] for cost in costs])
    return Focus(node, tree.condensed.is_cycle(node), inclusive=Bounds(*columns[3:]), own=Bounds(*columns[:3]))


def callees_in_graph(condensed: Condensed, flow: Flow, focus: Focus) -> Chain:
    """What each node below the focus costs on its behalf."""
    parts, count = len(flow.cost), len(condensed)
    cost, low, high, own_cost, own_low, own_high = (np.zeros((parts, count)) for _ in range(6))
    guess, reach, known = (np.zeros((parts, count)) for _ in range(3))
    here = slice(focus.node, focus.node + 1)
    if focus.member:
        whole = flow.inclusive[:, here]
        guess[:, here] = flow.below_cost_total[:, here] * ratio(focus.inclusive.cost, whole)
        reach[:, here] = focus.inclusive.high
        known[:, here] = np.maximum(flow.below_total[:, here] - np.maximum(whole - focus.inclusive.low, 0), 0)
    else:
        guess[:, here], reach[:, here] = flow.below_cost_total[:, here], np.inf
        known[:, here] = flow.below_total[:, here]
    for _, arcs in _waves(condensed, focus.node, up=False):
        caller, callee = condensed.caller[arcs], condensed.callee[arcs]
        present = flow.present[:, arcs]
        elsewhere = np.maximum(flow.below_total - known, 0)[:, caller]
        most = np.where(present, np.minimum(flow.high[:, arcs], reach[:, caller] + flow.slack[:, caller]), 0)
        least = np.where(present, np.minimum(np.maximum(flow.low[:, arcs] - elsewhere, 0), most), 0)
        share = ratio(guess[:, caller], flow.below_cost_total[:, caller])
        value = np.where(present, np.clip(flow.cost[:, arcs] * share, least, most), 0)
        through, entering = flow.below[:, arcs], flow.high[:, arcs]
        self_most = np.minimum(flow.own[:, arcs], most)
        self_least = np.minimum(np.maximum(least - through, 0), self_most)
        below_share = ratio(flow.below_cost[:, arcs], flow.cost[:, arcs])
        self_value = np.clip(value * (1 - below_share), self_least, self_most)
        gathered = (
            (cost, value), (low, least), (high, most), (own_cost, self_value), (own_low, self_least),
            (own_high, self_most), (guess, value * below_share), (reach, np.minimum(most, through)),
            (known, through - np.minimum(through, np.maximum(entering - least, 0))),
        )  # fmt: skip
        for total, part in gathered:
            _add(total, callee, part)
    found, distance = _reached(condensed, focus.node, up=False)
    limit = np.minimum(flow.inclusive, focus.inclusive.high)
    own_limit = np.minimum(_own_of(condensed, flow), limit)
    inclusive = _bounds(flow, cost, low, np.minimum(high, limit), found)
    own = _bounds(flow, own_cost, own_low, np.minimum(own_high, own_limit), found)
    chain = Chain(
        found, distance, inclusive, own, limit[:, found].sum(axis=0), own_limit[:, found].sum(axis=0),
    )  # fmt: skip
    return _with_cycle(chain, focus, inside=False) if focus.member else chain


def callers_in_graph(condensed: Condensed, flow: Flow, focus: Focus) -> Chain:
    """What the focus costs below each node above it."""
    parts, count = len(flow.cost), len(condensed)
    inclusive, own = (Bounds(*(np.zeros((parts, count)) for _ in range(3))) for _ in range(2))
    here = slice(focus.node, focus.node + 1)
    for target, amount in ((inclusive, focus.inclusive), (own, focus.own)):
        for column, value in ((target.cost, amount.cost), (target.low, amount.low), (target.high, amount.high)):
            column[:, here] = value
    for nodes, arcs in _waves(condensed, focus.node, up=True):
        first = len(nodes) == 1 and nodes[0] == focus.node
        for amount, is_own in ((inclusive, False), (own, True)):
            value, least, most = _portions(condensed, flow, amount, nodes, arcs, focus if first else None, is_own)
            for total, part in ((amount.cost, value), (amount.low, least), (amount.high, most)):
                _add(total, condensed.caller[arcs], part)
    found, distance = _reached(condensed, focus.node, up=True)
    limit = np.minimum(flow.inclusive, focus.inclusive.high)
    own_limit = np.minimum(limit, focus.own.high)
    chain = Chain(
        found, distance, _bounds(flow, inclusive.cost, inclusive.low, np.minimum(inclusive.high, limit), found),
        _bounds(flow, own.cost, own.low, np.minimum(own.high, own_limit), found),
        limit[:, found].sum(axis=0), own_limit[:, found].sum(axis=0),
    )  # fmt: skip
    return _with_cycle(chain, focus, inside=True) if focus.member else chain


def _portions(
    condensed: Condensed, flow: Flow, amount: Bounds, nodes: Places, arcs: Places, focus: Focus | None, own: bool
) -> tuple[Floats, Floats, Floats]:
    """P x k: which part of what `nodes` account for each of the arcs into them accounts for."""
    into = condensed.callee[arcs]
    present = flow.present[:, arcs]
    cost, low, high = flow.cost[:, arcs], flow.low[:, arcs], flow.high[:, arcs]
    if focus is not None and not focus.member:
        if own:
            most = np.minimum(flow.own[:, arcs], high)
            least = np.minimum(np.maximum(low - flow.below[:, arcs], 0), most)
            return np.clip(cost - flow.below_cost[:, arcs], least, most), least, most
        return cost, low, high

    def entry_columns(entries: Places) -> tuple[Floats, Floats]:
        """At most, and probably, so much comes through each entry."""
        there = flow.present[:, entries]
        if focus is None:
            most, weight = flow.below[:, entries], flow.below_cost[:, entries]
        elif own:
            most = np.minimum(flow.own[:, entries], flow.high[:, entries])
            weight = flow.cost[:, entries] - flow.below_cost[:, entries]
        else:
            most, weight = flow.high[:, entries], flow.cost[:, entries]
        return np.where(there, most, 0), np.where(there, weight, 0)

    most, weight = entry_columns(arcs)
    outside_most, outside_weight = entry_columns(condensed.arcs + nodes)
    taken = np.minimum(most, amount.high[:, into])
    all_taken, all_weight = np.zeros_like(amount.cost), np.zeros_like(amount.cost)
    all_taken[:, nodes] = np.minimum(outside_most, amount.high[:, nodes])
    all_weight[:, nodes] = outside_weight
    _add(all_taken, into, taken)
    _add(all_weight, into, weight)
    sole = (flow.ways[:, into] == 1) & present
    least = np.maximum(amount.low[:, into] - (all_taken[:, into] - taken), 0)
    most = np.minimum(amount.high[:, into], most + flow.slack[:, into])
    least, most = np.where(sole, amount.low[:, into], least), np.where(sole, amount.high[:, into], most)
    least = np.where(present, np.minimum(least, most), 0)
    most = np.where(present, most, 0)
    value = amount.cost[:, into] * ratio(weight, all_weight[:, into])
    return np.clip(value, least, most), least, most


def _bounds(flow: Flow, cost: Floats, low: Floats, high: Floats, found: Ids) -> Bounds:
    """The reached nodes' columns; of signed metrics nothing is bounded."""
    cost, low, high = cost[:, found], low[:, found], high[:, found]
    if flow.signed:
        unknown = np.full_like(cost, np.nan)
        return Bounds(cost, unknown, unknown)
    low = np.minimum(low, high)
    return Bounds(np.clip(cost, low, high), low, high)


def _own_of(condensed: Condensed, flow: Flow) -> Floats:
    """P x N: at most so much of each node is self cost."""
    into = np.concatenate([condensed.callee, np.arange(len(condensed), dtype=np.int32)])
    total = np.zeros(flow.inclusive.shape)
    _add(total, into, np.where(flow.present, flow.own, 0))
    return np.minimum(total, flow.inclusive)


def _with_cycle(chain: Chain, focus: Focus, *, inside: bool) -> Chain:
    """The chain with the cycle that holds the focus as its first node: all the focus costs is spent inside of it; of
    what it spends on behalf of the focus nothing is known.
    """
    spent = focus.inclusive if inside else Bounds(focus.inclusive.cost, 0 * focus.inclusive.low, focus.inclusive.high)
    own = focus.own if inside else spent
    first: Ids = np.array([focus.node, 1], np.int32)
    return Chain(
        np.append(first[:1], chain.node), np.append(first[1:], chain.distance),
        _joined(spent, chain.inclusive), _joined(own, chain.own),
        np.append(spent.high.sum(), chain.ceiling), np.append(own.high.sum(), chain.own_ceiling),
    )  # fmt: skip


def _joined(one: Bounds, other: Bounds) -> Bounds:
    return Bounds(*(np.hstack(pair) for pair in ((one.cost, other.cost), (one.low, other.low), (one.high, other.high))))


def _add(total: Floats, places: Places, values: Floats) -> None:
    """Add the columns of `values` to those of `total` at `places`."""
    for row, part in zip(total, values, strict=True):
        np.add.at(row, places, part)


def _next_arcs(condensed: Condensed, nodes: Places, *, up: bool) -> Places:
    """The arcs into (up) or out of some nodes."""
    starts = condensed.incoming if up else condensed.outgoing
    counts = starts[nodes + 1] - starts[nodes]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    places: Places = np.repeat(starts[nodes], counts) + within
    return condensed.by_callee[places] if up else places


def _reached(condensed: Condensed, start: int, *, up: bool) -> tuple[Ids, Ids]:
    """The nodes above or below one, and the fewest arcs to each."""
    distance = np.full(len(condensed), -1, np.int32)
    distance[start] = 0
    nodes, steps = np.array([start]), 0
    while len(nodes):
        steps += 1
        arcs = _next_arcs(condensed, nodes, up=up)
        ends = condensed.caller[arcs] if up else condensed.callee[arcs]
        ends = ends[distance[ends] < 0]
        distance[ends] = steps
        nodes = np.flatnonzero(np.bincount(ends)) if len(ends) else ends
    found = np.flatnonzero(distance > 0).astype(np.int32)
    return found, distance[found]


def _waves(condensed: Condensed, start: int, *, up: bool) -> Iterator[tuple[Places, Places]]:
    """(nodes, their arcs into (up) or out of them), each node once all that leads to it from `start` was given."""
    found, _ = _reached(condensed, start, up=up)
    among: Bools = np.zeros(len(condensed), np.bool_)
    among[found] = among[start] = True
    tails, heads = (condensed.callee, condensed.caller) if up else (condensed.caller, condensed.callee)
    waiting = np.bincount(heads[among[tails]], minlength=len(condensed))
    nodes = np.array([start])
    while len(nodes):
        arcs = _next_arcs(condensed, nodes, up=up)
        yield nodes, arcs
        ends = heads[arcs]
        np.subtract.at(waiting, ends, 1)
        ends = ends[waiting[ends] == 0]
        nodes = np.flatnonzero(np.bincount(ends)) if len(ends) else ends
