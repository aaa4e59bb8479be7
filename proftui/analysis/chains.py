"""All callers and all callees of a function, however far away, and what passes through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from proftui.analysis.chain_estimate import Chain, callees_in_graph, callers_in_graph, focus_of
from proftui.analysis.condense import Condensed, condense
from proftui.analysis.contexts import Bounds
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.exact import ExactTree
from proftui.analysis.recorded import Recorded, Rows, stable_order
from proftui.analysis.scope import ESTIMATED, EXACT, SLACK, UNKNOWN, Figures
from proftui.analysis.treenode import marks
from proftui.model import Floats, Ids, grouped

Side = Literal["callers", "callees"]


@dataclass(frozen=True, eq=False)
class Chains:
    """The k functions and cycles that are callers or callees of one function, directly or not.

    function   k: id, of a cycle -1
    cycle      k: node of `condensed`, -1 of a function
    distance   k: the fewest calls that lie between it and the function in focus
    inclusive  of callers: what the function in focus costs below them; of callees: what they cost below the function;
               each sample once
    self_cost  the part of that which is self cost of the function in focus (callers) or of the callee
    """

    function: Ids
    cycle: Ids
    distance: Ids
    inclusive: Figures
    self_cost: Figures
    condensed: Condensed | None = None

    def __len__(self) -> int:
        return len(self.function)


def chains_of(tree: ExactTree | EstimatedTree, function: int, side: Side) -> Chains:
    """All callers or callees of a function; exact where the tree is, else bounded by one pass over its graph."""
    if isinstance(tree, ExactTree):
        return (
            callers_in_tree(tree.recorded, function) if side == "callers" else callees_in_tree(tree.recorded, function)
        )
    return chains_in_graph(tree, function, side)


def callers_in_tree(recorded: Recorded, function: int) -> Chains:
    """A sample counts for a caller once: below its outermost row, from the outermost row of the function there on."""
    own, size = recorded.of_function(function), len(recorded) + 1
    above = _open(recorded, own)
    count = _running(recorded, own, np.ones(len(own)))
    rows, begins, which = _by_function(recorded, np.flatnonzero(count[recorded.end] > count[1:]))
    outer = recorded.outermost(rows, which)
    tops, of = rows[outer], which[outer]
    self_cost = _running(recorded, own, recorded.self_cost[own])
    level: Rows = np.sort(above[own] * size + own)
    costs = np.concatenate([[0.0], np.cumsum(recorded.inclusive[level % size])])
    next_level = (above[tops] + 1) * size
    first = np.searchsorted(level, next_level + tops + 1)
    last = np.searchsorted(level, next_level + recorded.end[tops])
    return _exact(
        recorded.function[rows[begins]], _distances_up(recorded, own)[recorded.function[rows[begins]]],
        np.bincount(of, costs[last] - costs[first], len(begins)),
        np.bincount(of, self_cost[recorded.end[tops]] - self_cost[tops + 1], len(begins)),
    )  # fmt: skip


def callees_in_tree(recorded: Recorded, function: int) -> Chains:
    """A sample counts for a callee once: from its outermost row below the function on."""
    own, size = recorded.of_function(function), len(recorded) + 1
    above = _open(recorded, own)
    level = np.sort(above[own] * size + own)
    above[own] -= 1
    rows, begins, which = _by_function(recorded, np.flatnonzero(above))
    outer = recorded.outermost(rows, which)
    nearest = level[np.searchsorted(level, above[rows] * size + rows) - 1] % size
    distance = recorded.depth[rows] - recorded.depth[nearest]
    return _exact(
        recorded.function[rows[begins]], np.minimum.reduceat(distance, begins) if len(begins) else distance,
        np.bincount(which[outer], recorded.inclusive[rows[outer]], len(begins)),
        np.bincount(which, recorded.self_cost[rows], len(begins)),
    )  # fmt: skip


def _exact(function: Ids, distance: Rows, inclusive: npt.NDArray[np.number], own: npt.NDArray[np.number]) -> Chains:
    return Chains(
        function, np.full(len(function), -1, np.int32), distance.astype(np.int32),
        _exactly(inclusive.astype(np.float64, copy=False)), _exactly(own.astype(np.float64, copy=False)),
    )  # fmt: skip


def _exactly(value: Floats) -> Figures:
    return Figures(value, value, value, np.full(len(value), EXACT, np.uint8))


def _open(recorded: Recorded, own: Rows) -> Rows:
    """N: how many of the rows `own` are on the way to each row, itself among them."""
    change = np.zeros(len(recorded) + 1, np.int64)
    change[own] += 1
    np.subtract.at(change, recorded.end[own], 1)
    return np.cumsum(change)[:-1]


def _running(recorded: Recorded, own: Rows, values: Floats) -> Floats:
    """N + 1: the sum of the values of those rows of `own` that come before each row."""
    running = np.zeros(len(recorded) + 1)
    running[own + 1] = values
    return np.cumsum(running)


def _by_function(recorded: Recorded, rows: Rows) -> tuple[Rows, Rows, Rows]:
    """`rows` ordered by function; where each function's begin; for each row the number of its function among them."""
    function = recorded.function[rows]
    order = stable_order(function)
    begins = np.diff(function[order], prepend=-1) > 0
    return rows[order], np.flatnonzero(begins), np.cumsum(begins) - 1


def _distances_up(recorded: Recorded, own: Rows) -> Rows:
    """One for each function: the fewest calls from one of its rows to one of `own` below it; 0 where there is none."""
    distance = np.zeros(recorded.functions, np.int64)
    reached = np.zeros(len(recorded), np.bool_)
    rows, steps = recorded.parent[own], 1
    while len(rows := rows[rows >= 0]):
        rows = rows[~reached[rows]]
        reached[rows] = True
        functions = recorded.function[rows]
        distance[functions[distance[functions] == 0]] = steps
        rows, steps = recorded.parent[rows[grouped(rows)[0]]], steps + 1
    return distance


def chains_in_graph(tree: EstimatedTree, function: int, side: Side) -> Chains:
    """The callers or callees as the graph has them, its cycles as units whatever the tree does with them."""
    if tree.condensed.recurs.any():
        tree = EstimatedTree.over(condense(tree.condensed.graph), tree.measured, signed=tree.flow.signed)
    row = tree.condensed.graph.row_of(function)
    if row is None:
        none: Ids = np.zeros(0, np.int32)
        return _exact(none, none, np.zeros(0), np.zeros(0))
    focus = focus_of(tree, row)
    chain = (callers_in_graph if side == "callers" else callees_in_graph)(tree.condensed, tree.flow, focus)
    return _bounded(tree, chain)


def _bounded(tree: EstimatedTree, chain: Chain) -> Chains:
    """The sums over the parts, marked."""
    node, condensed = chain.node, tree.condensed
    cycle = condensed.size[node] > 1
    return Chains(
        np.where(cycle, -1, condensed.key[node]).astype(np.int32), np.where(cycle, node, -1).astype(np.int32),
        chain.distance, _known(tree, chain.inclusive, chain.ceiling),
        _known(tree, chain.own, chain.own_ceiling), condensed,
    )  # fmt: skip


def _known(tree: EstimatedTree, bounds: Bounds, ceiling: Floats) -> Figures:
    value, low, high = (column.sum(axis=0) for column in (bounds.cost, bounds.low, bounds.high))
    if tree.flow.signed:
        return Figures(value, low, high, np.where(np.isfinite(low), EXACT, ESTIMATED).astype(np.uint8))
    mark = marks(low, high, ceiling, float(ceiling.max(initial=0)))
    mark[low > tree.total * (1 + SLACK)] = UNKNOWN
    value, low, high = np.minimum([value, low, high], tree.total)
    return Figures(value, low, high, mark.astype(np.uint8))
