"""The members of a cycle that call a function directly: what its arcs say of them, exact where those are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from proftui.analysis.condense import Condensed
from proftui.analysis.contexts import Bounds
from proftui.model import CallGraph, Floats, Ids


@dataclass(frozen=True, eq=False)
class Inside:
    """The k members of a cycle that call a function, by falling self cost of it; 1 x k of what it costs for each."""

    function: Ids
    own: Bounds
    inclusive: Bounds
    calls: Floats

    def __len__(self) -> int:
        return len(self.function)


def callers_inside(
    condensed: Condensed, measured: Sequence[tuple[CallGraph, int]], function: int, cycle: int
) -> Inside:
    """The members of node `cycle` that call `function`.

    Without self costs of arcs, the part of an arc's cost that is the function's own is only known to be at most that.
    An arc inside of a cycle whose cost was derived may count it several times; one without a cost may have all.
    """
    whole = condensed.graph
    row = whole.row_of(function)
    arcs = whole.callers_of(row) if row is not None else np.zeros(0, np.int32)
    arcs = arcs[condensed.node[whole.caller[arcs]] == cycle]
    members = whole.function[whole.caller[arcs]]
    columns = np.zeros((7, 1, len(members)))
    for graph, metric in measured:
        part_row = graph.row_of(function)
        if part_row is None:
            continue
        own = graph.callers_of(part_row)
        callers = graph.function[graph.caller[own]]
        at = np.minimum(np.searchsorted(members, callers), max(len(members) - 1, 0))
        there = members[at] == callers if len(members) else np.zeros(len(own), np.bool_)
        own, at = own[there], at[there]
        within = row is not None and condensed.node[row] == cycle
        for column, values in zip(columns, _of_arcs(graph, metric, part_row, own, within=within), strict=True):
            column[0, at] += values
    order = np.lexsort((-np.nan_to_num(columns[3, 0]), -np.nan_to_num(columns[0, 0])))
    columns = columns[:, :, order]
    return Inside(members[order], Bounds(*columns[:3]), Bounds(*columns[3:6]), columns[6, 0])


def _of_arcs(graph: CallGraph, metric: int, row: int, arcs: Ids, *, within: bool) -> list[Floats]:
    """Self and inclusive cost, each with its bounds, and calls."""
    limits = graph.limits
    cost, low, high = (column[metric, arcs] for column in (graph.arc_cost, limits.arc_low, limits.arc_high))
    if graph.derived and within:
        low = np.zeros_like(low)
    unknown = np.isnan(cost)
    most_of_all = limits.inclusive_high[metric, row]
    cost, high = (np.where(unknown, most_of_all, column) for column in (cost, high))
    low = np.where(unknown, 0, low)
    calls = np.full(len(arcs), np.nan) if graph.arc_calls is None else graph.arc_calls[arcs]
    if graph.arc_self is None or limits.arc_self_low is None or limits.arc_self_high is None:
        most = np.fmin(high, limits.self_high[metric, row])
        return [np.fmin(cost, graph.self_cost[metric, row]), np.zeros_like(most), most, cost, low, high, calls]
    own = [column[metric, arcs] for column in (graph.arc_self, limits.arc_self_low, limits.arc_self_high)]
    return [*own, cost, low, high, calls]
