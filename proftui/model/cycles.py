"""Strongly connected components of a call graph: its cycles."""

from __future__ import annotations

import numpy as np

from proftui.model.arrays import Bools, Ids, grouped

_PEELING_ROUNDS = 24
_WAVES = 200


def components(size: int, caller: Ids, callee: Ids) -> Ids:
    """The component of each of `size` nodes, numbered in topological order: callers before callees.

    A node outside all cycles is a component of its own; a call to itself makes no cycle of several members.
    Tarjan's algorithm, without recursion, on what is left when nodes without callers or callees are peeled off
    (most of a real graph, and numpy does that).
    """
    core = _core(size, caller, callee)
    members = np.flatnonzero(core)
    component = np.arange(size, dtype=np.int32)
    if len(members):
        position = np.full(size, -1, np.int32)
        position[members] = np.arange(len(members), dtype=np.int32)
        inside = core[caller] & core[callee] & (caller != callee)
        leader = _tarjan(len(members), position[caller[inside]], position[callee[inside]])
        component[members] = members[leader]
    return _in_topological_order(component, caller, callee)


def _core(size: int, caller: Ids, callee: Ids) -> Bools:
    """Nodes that may be in a cycle: those left after peeling off sources and sinks for some rounds."""
    alive = np.ones(size, np.bool_)
    kept = caller != callee
    tail, head = caller[kept], callee[kept]
    for _ in range(_PEELING_ROUNDS):
        called = np.zeros(size, np.bool_)
        calling = np.zeros(size, np.bool_)
        called[head] = True
        calling[tail] = True
        left = alive & called & calling
        if left.sum() == alive.sum():
            break
        alive = left
        kept = alive[tail] & alive[head]
        tail, head = tail[kept], head[kept]
    return alive


def _tarjan(size: int, caller: Ids, callee: Ids) -> Ids:
    """For each node the smallest-numbered member of its component."""
    order = np.argsort(caller, kind="stable")
    targets: list[int] = callee[order].tolist()
    starts: list[int] = np.searchsorted(caller[order], np.arange(size + 1)).tolist()
    index = [-1] * size
    low = [0] * size
    on_stack = [False] * size
    leader = list(range(size))
    stack: list[int] = []
    cursor = starts[:-1]
    counter = 0
    for root in range(size):
        if index[root] != -1:
            continue
        path = [root]
        while path:
            node = path[-1]
            if index[node] == -1:
                index[node] = low[node] = counter
                counter += 1
                stack.append(node)
                on_stack[node] = True
            descended = False
            for at in range(cursor[node], starts[node + 1]):
                target = targets[at]
                if index[target] == -1:
                    cursor[node] = at + 1
                    path.append(target)
                    descended = True
                    break
                if on_stack[target] and index[target] < low[node]:
                    low[node] = index[target]
            if descended:
                continue
            path.pop()
            if path and low[node] < low[path[-1]]:
                low[path[-1]] = low[node]
            if low[node] == index[node]:
                members = []
                while True:
                    member = stack.pop()
                    on_stack[member] = False
                    members.append(member)
                    if member == node:
                        break
                first = min(members)
                for member in members:
                    leader[member] = first
    return np.array(leader, np.int32)


def _in_topological_order(component: Ids, caller: Ids, callee: Ids) -> Ids:
    """Components renumbered 0..C-1 so that every arc between two of them goes from a lower to a higher number.

    Kahn's algorithm: in waves of components that wait for no other, and one by one where a graph is too deep for that.
    """
    leads = np.zeros(len(component), np.int64)
    leads[component] = 1
    count = int(leads.sum())
    dense = (np.cumsum(leads) - 1)[component]
    tail, head = dense[caller], dense[callee]
    crossing = tail != head
    order = np.argsort(tail[crossing], kind="stable")
    tail, head = tail[crossing][order], head[crossing][order]
    waiting = np.bincount(head, minlength=count)
    starts = np.searchsorted(tail, np.arange(count + 1))
    rank = np.empty(count, np.int32)
    ready = np.flatnonzero(waiting == 0)
    placed = waves = 0
    while len(ready) and waves < _WAVES:
        rank[ready] = np.arange(placed, placed + len(ready))
        placed, waves = placed + len(ready), waves + 1
        lengths = starts[ready + 1] - starts[ready]
        ends = np.cumsum(lengths)
        targets = head[np.arange(ends[-1]) + np.repeat(starts[ready] - ends + lengths, lengths)]
        np.subtract.at(waiting, targets, 1)
        targets = targets[waiting[targets] == 0]
        ready = targets[grouped(targets)[0]]
    if len(ready):
        last = _one_by_one(ready.tolist(), waiting.tolist(), starts.tolist(), head.tolist())
        rank[last] = np.arange(placed, count)
    return rank[dense]


def _one_by_one(order: list[int], waiting: list[int], starts: list[int], head: list[int]) -> list[int]:
    """`order`, the nodes that wait for no other, and behind them those that waited for these, and so on."""
    for node in order:  # grows while it is walked
        for target in head[starts[node] : starts[node + 1]]:
            waiting[target] -= 1
            if waiting[target] == 0:
                order.append(target)
    return order
