"""The costs of groups of functions: classes, files, modules, packages, directories, objects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proftui.analysis.groupbounds import group_bounds
from proftui.analysis.groupkeys import Grouping
from proftui.analysis.scope import ESTIMATED, EXACT, UNKNOWN, UPPER, Figures, Scope
from proftui.analysis.treenode import MEETING
from proftui.model import Bools, CallGraph, CallTree, Floats, Ids
from proftui.model.inclusive import sums


@dataclass(frozen=True, eq=False)
class GroupCosts:
    """The figures of the G groups that have functions in a scope, for the profile's M metrics.

    group       G: which of the grouping's groups
    members     G: how many functions
    own         M columns of G: self costs, the sums over the members
    inclusive   M columns of G
    calls       G: calls into the group from outside of it, or None where calls were not measured
    """

    grouping: Grouping
    group: Ids
    members: Ids
    own: tuple[Figures, ...]
    inclusive: tuple[Figures, ...]
    calls: Floats | None

    def __len__(self) -> int:
        return len(self.group)


def group_costs(scope: Scope, grouping: Grouping) -> GroupCosts:
    """Inclusive costs count each outermost activation of a group once, however often calls leave it and come back.

    Of recorded trees that is exact; of call graphs as far as `group_bounds` can tell.
    """
    graph = scope.graph
    members = np.bincount(grouping.of[graph.function], minlength=len(grouping))
    group = np.flatnonzero(members).astype(np.int32)
    place = np.full(len(grouping), -1, np.int32)
    place[group] = np.arange(len(group), dtype=np.int32)
    of_row = place[grouping.of[graph.function]]
    trees = _trees(scope)
    if trees is None:
        bounds = group_bounds(graph, of_row, len(group), [metric.signed for metric in scope.metrics])
        low, high, value, summed = bounds.low, bounds.high, bounds.value, bounds.exact
    else:
        summed = np.ones(len(group), np.bool_)
        low = high = value = _on_trees(trees, place[grouping.of], len(group), len(scope.metrics))
    inclusive = [
        _inclusive(scope, metric, Figures(value[metric], low[metric], high[metric], _NO_MARKS), summed)
        for metric in range(len(scope.metrics))
    ]
    return GroupCosts(
        grouping=grouping, group=group, members=members[group].astype(np.int32),
        own=tuple(_own(scope, metric, of_row, len(group)) for metric in range(len(scope.metrics))),
        inclusive=tuple(inclusive), calls=_calls(graph, of_row, len(group)),
    )  # fmt: skip


_NO_MARKS = np.zeros(0, np.uint8)


def _own(scope: Scope, metric: int, group: Ids, count: int) -> Figures:
    """Self costs: the sums of what is known of the members'."""
    graph = scope.graph
    if graph.bounds is None:
        known = sums(group, graph.self_cost[metric : metric + 1], count)[0]
        return Figures(known, known, known, np.zeros(count, np.uint8))
    ends = np.stack([graph.self_cost[metric], graph.bounds.self_low[metric], graph.bounds.self_high[metric]])
    value, low, high = sums(group, ends, count)
    total = scope.total(metric)
    return Figures.between(value, low, np.minimum(high, total), total)


def _inclusive(scope: Scope, metric: int, known: Figures, summed: Bools) -> Figures:
    """Inclusive costs as they are drawn, never above the total; those `summed` are estimates where not exact."""
    shown = scope.shown(known.value, metric)
    limit = np.inf if scope.metrics[metric].signed else scope.total(metric)
    low, high = np.minimum(known.low, limit), np.minimum(known.high, limit)
    exact = high - low <= MEETING * np.abs(high)
    mark = np.select([np.isnan(shown), exact, summed & (low > 0)], [UNKNOWN, EXACT, ESTIMATED], UPPER)
    return Figures(shown, low, high, mark.astype(np.uint8))


def _trees(scope: Scope) -> list[tuple[CallTree, tuple[int, ...]]] | None:
    """The trees of the chosen parts with the metrics that they measure; None where a part has none."""
    parts = scope.profile.parts if scope.parts is None else [scope.profile.parts[part] for part in scope.parts]
    trees = [(part.tree, part.metrics) for part in parts if part.tree is not None]
    return trees if len(trees) == len(parts) else None


def _on_trees(trees: list[tuple[CallTree, tuple[int, ...]]], group: Ids, count: int, metrics: int) -> Floats:
    """M x G: the costs of the rows that no row of the same group is above; `group` is that of each function."""
    total = np.full((metrics, count), np.nan)
    for tree, measured in trees:
        of_row = group[tree.function]
        outer = np.flatnonzero(tree.outermost_of(of_row))
        cost = sums(of_row[outer], tree.inclusive()[:, outer], count)
        for metric, row in zip(measured, cost, strict=True):
            total[metric] = np.where(np.isnan(total[metric]), 0, total[metric]) + row
    return total


def _calls(graph: CallGraph, group: Ids, count: int) -> Floats | None:
    """G: all calls of the members but those by members; the profile's beginning is outside as well."""
    if graph.calls is None or graph.arc_calls is None:
        return None
    inside = group[graph.caller] == group[graph.callee]
    within = np.bincount(group[graph.caller[inside]], graph.arc_calls[inside], count)
    calls: Floats = np.maximum(np.bincount(group, graph.calls, count) - within, 0)
    return calls
