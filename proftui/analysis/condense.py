"""A call graph with each of its cycles taken as one node, which makes it acyclic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from proftui.model import Bools, CallGraph, Floats, Functions, Ids, grouped
from proftui.model.inclusive import sums

_BUILT_IN = re.compile(r"<(?:built-in |)(?:method|function) '?([\w.]+)'?.*>|\{(?:built-in |)method '?([\w.]+)'?.*\}")


@dataclass(frozen=True, eq=False)
class Condensed:
    """N nodes and A arcs between them over the n functions and a arcs of `graph`, for its M metrics.

    node            n: the node of each row of `graph`; callers come before callees unless nodes recur
    size            N: how many functions a node holds; a cycle is a node of several
    recurs          N: whether an activation of the node may lie below another one, as the node's own;
                    only where cycles are left as they are
    caller, callee  A: nodes; arcs are unique and sorted by (caller, callee)
    arc             a: the arc that each arc of `graph` is part of, or -1 inside a node
    """

    graph: CallGraph
    node: Ids
    size: Ids
    recurs: Bools
    caller: Ids
    callee: Ids
    arc: Ids

    def __len__(self) -> int:
        return len(self.size)

    @property
    def arcs(self) -> int:
        """A, how many arcs there are."""
        return len(self.caller)

    @cached_property
    def self_cost(self) -> Floats:
        """M x N: the sum over each node's functions, exact."""
        return sums(self.node, self.graph.self_cost, len(self))

    @cached_property
    def arc_cost(self) -> Floats:
        """M x A: what crosses from node to node. No such call can lie below another one, so this is exact."""
        crossing = self.arc >= 0
        return sums(self.arc[crossing], self.graph.arc_cost[:, crossing], self.arcs)

    @cached_property
    def inclusive(self) -> Floats:
        """M x N: the function's own, or for a cycle what crosses into it; that is at least what its members
        and all that leaves it cost, which is more where the profile begins inside of the cycle.
        """
        inclusive = np.empty((len(self.graph.self_cost), len(self)))
        inclusive[:, self.node] = self.graph.inclusive
        several = self.size > 1
        if several.any():
            incoming = sums(self.callee, self.arc_cost, len(self))
            outgoing = sums(self.caller, self.arc_cost, len(self))
            inclusive[:, several] = np.maximum(incoming, self.self_cost + outgoing)[:, several]
        return inclusive

    @cached_property
    def outgoing(self) -> Ids:
        """N + 1: the arcs of a node as caller are outgoing[node]:outgoing[node + 1]."""
        return np.searchsorted(self.caller, np.arange(len(self) + 1)).astype(np.int32)

    @cached_property
    def by_callee(self) -> Ids:
        """A: the arcs ordered by (callee, caller)."""
        return np.argsort(self.callee, kind="stable").astype(np.int32)

    @cached_property
    def incoming(self) -> Ids:
        """N + 1: the arcs of a node as callee are by_callee[incoming[node]:incoming[node + 1]]."""
        return np.searchsorted(self.callee[self.by_callee], np.arange(len(self) + 1)).astype(np.int32)

    @cached_property
    def _first_row(self) -> Ids:
        """N: the first row of `graph` in each node."""
        first = np.zeros(len(self), np.int32)
        first[self.node[::-1]] = np.arange(len(self.node), dtype=np.int32)[::-1]  # the last one assigned stays
        return first

    @cached_property
    def key(self) -> Ids:
        """N: the smallest id of a function in each node, which names the node as long as ids do not change."""
        return self.graph.function[self._first_row]

    @cached_property
    def cycles(self) -> Ids:
        """The nodes that hold several functions."""
        return np.flatnonzero(self.size > 1).astype(np.int32)

    @cached_property
    def _in_cycles(self) -> Ids:
        """The rows of `graph` that are in cycles, by node, and the most self cost of the first metric first in each."""
        rows = np.flatnonzero(self.size[self.node] > 1)
        own = np.nan_to_num(self.graph.self_cost[0, rows])
        return rows[np.lexsort((-own, self.node[rows]))].astype(np.int32)

    def members(self, node: int) -> Ids:
        """The rows of `graph` in a node, the most self cost first."""
        if not self.is_cycle(node):
            return self._first_row[node : node + 1]
        first, last = np.searchsorted(self.node[self._in_cycles], [node, node + 1])
        return self._in_cycles[first:last]

    def is_cycle(self, node: int) -> bool:
        """Whether the node holds several functions."""
        return bool(self.size[node] > 1)

    def label(self, node: int, functions: Functions) -> str:
        """The function's name, or `<cycle: exec, _find_and_load, ... 471 functions>`."""
        rows = self.members(node)
        names = [functions.name[function] for function in self.graph.function[rows[:2]]]
        return names[0] if len(rows) == 1 else cycle_label(names, len(rows))


def condense(graph: CallGraph, *, cycles: bool = True) -> Condensed:
    """`graph` with its strongly connected components as nodes; calls inside of a node are left out.

    Without `cycles` each function is a node and each arc stays, and nodes that call themselves, directly or not,
    are marked as recurring.
    """
    recurring = _recurring(graph)
    if not cycles:
        count = len(graph)
        return Condensed(
            graph, np.arange(count, dtype=np.int32), np.ones(count, np.int32), recurring,
            graph.caller, graph.callee, np.arange(graph.arcs, dtype=np.int32),
        )  # fmt: skip
    node = graph.component
    size = np.bincount(node).astype(np.int32)
    count = len(size)
    tail, head = node[graph.caller], node[graph.callee]
    crossing = tail != head
    keys = tail[crossing].astype(np.int64) * count + head[crossing]
    distinct, place = grouped(keys)
    keys = keys[distinct]
    arc = np.full(graph.arcs, -1, np.int32)
    arc[crossing] = place
    return Condensed(
        graph, node, size, np.zeros(count, np.bool_),
        (keys // max(count, 1)).astype(np.int32), (keys % max(count, 1)).astype(np.int32), arc,
    )  # fmt: skip


def _recurring(graph: CallGraph) -> Bools:
    """n: the functions in cycles, and those that call themselves."""
    component = graph.component
    recurring: Bools = (np.bincount(component) > 1)[component]
    recurring[graph.caller[graph.caller == graph.callee]] = True
    return recurring


def cycle_label(heaviest: Sequence[str], size: int) -> str:
    """`<cycle: exec, _find_and_load, ... 471 functions>` from the names of its heaviest members."""
    names = ", ".join(_short(name) for name in heaviest)
    return f"<cycle: {names}, ... {size:,} functions>" if size > len(heaviest) else f"<cycle: {names}>"


def _short(name: str) -> str:
    """The last word of a built-in's name: exec of `<built-in method builtins.exec>`."""
    built_in = _BUILT_IN.fullmatch(name)
    return (built_in[1] or built_in[2]).rpartition(".")[2] if built_in else name
