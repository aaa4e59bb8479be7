"""Profiles put side by side as parts of one, and parts added up."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from proftui.model.arrays import Floats, Ids, grouped
from proftui.model.functions import Functions
from proftui.model.graph import ARC_BOUNDS, ROW_BOUNDS, CallGraph, GraphBounds
from proftui.model.lines import LineCosts
from proftui.model.metric import Metric
from proftui.model.part import Part
from proftui.model.profile import Profile
from proftui.model.tree import CallTree, Frames

Number = TypeVar("Number", np.int32, np.intp)


def combine(profiles: Sequence[Profile], name: str) -> Profile:
    """One profile with the parts of all, over the union of their functions and metrics; nothing is added up."""
    first = profiles[0]
    if len(profiles) == 1:
        return replace(first, name=name)
    functions: defaultdict[tuple[str, str, int, str], int] = defaultdict(itertools.count().__next__)
    metrics: dict[tuple[str, str], tuple[int, Metric]] = {}
    parts: list[Part] = []
    for profile in profiles:
        ids = np.fromiter(map(functions.__getitem__, profile.functions.identities()), np.int32)
        places = [metrics.setdefault((m.name, m.unit.name), (len(metrics), m))[0] for m in profile.metrics]
        same = places == list(range(len(places))) and (ids == np.arange(len(ids))).all()
        parts += profile.parts if same else [_renumbered(part, ids, places) for part in profile.parts]
    notes = [f"{profile.name}: {note}" for profile in profiles for note in profile.notes]
    kinds = {profile.origin.kind for profile in profiles}
    if len(kinds) > 1:
        notes.append("traced and sampled parts lie side by side and are not comparable")
    commands = {profile.origin.command for profile in profiles}
    creators = {profile.origin.creator for profile in profiles}
    formats = {profile.origin.format for profile in profiles}
    origin = replace(
        first.origin,
        format=formats.pop() if len(formats) == 1 else "several",
        command=commands.pop() if len(commands) == 1 else "",
        creator=creators.pop() if len(creators) == 1 else "",
    )
    union = tuple(metric for _, metric in metrics.values())
    series = [
        replace(series, label=f"{profile.name}: {series.label}") for profile in profiles for series in profile.series
    ]
    return Profile(
        name, origin, union, Functions.of(functions), tuple(parts), tuple(dict.fromkeys(notes)), series=tuple(series)
    )


def merge(profile: Profile, selected: Sequence[int] | None = None) -> CallGraph:
    """The sum of the selected parts' graphs (all when None), with one row of cost for each of the profile's metrics.

    Parts do not nest in each other, so measured inclusive costs add up; derived ones are derived again from the
    summed arcs. A metric that no selected part measures is NaN throughout; so are the calls of parts without calls.
    """
    parts = profile.parts if selected is None else [profile.parts[index] for index in selected]
    width = len(profile.metrics)
    if len(parts) == 1 and parts[0].metrics == tuple(range(width)):
        return parts[0].graph
    if not parts:
        return CallGraph.empty(width)
    graphs = [part.graph for part in parts]
    function, rows = _union([graph.function for graph in graphs])
    size = len(function)
    keys, arcs = _union([row[graph.caller] * size + row[graph.callee] for row, graph in zip(rows, graphs, strict=True)])

    def costs(
        column: str, places: Sequence[npt.NDArray[np.int64]], count: int, of: Callable[[CallGraph], object] = _itself
    ) -> Floats:
        total = np.full((width, count), np.nan)
        for metric in range(width):
            having = [
                (place, getattr(of(part.graph), column)[part.metrics.index(metric)])
                for part, place in zip(parts, places, strict=True)
                if metric in part.metrics
            ]
            if having:
                total[metric] = _added(having, count)
        return total

    def counts(column: str, places: Sequence[npt.NDArray[np.int64]], count: int) -> Floats | None:
        if any(getattr(graph, column) is None for graph in graphs):
            return None
        return _added([(place, getattr(graph, column)) for graph, place in zip(graphs, places, strict=True)], count)

    merged = CallGraph(
        function=function,
        self_cost=costs("self_cost", rows, size),
        inclusive=costs("inclusive", rows, size),
        inclusive_low=None if all(g.inclusive_low is None for g in graphs) else costs("inclusive_least", rows, size),
        calls=counts("calls", rows, size),
        primitive_calls=counts("primitive_calls", rows, size),
        caller=(keys // max(size, 1)).astype(np.int32),
        callee=(keys % max(size, 1)).astype(np.int32),
        arc_cost=costs("arc_cost", arcs, len(keys)),
        arc_self=None if any(g.arc_self is None for g in graphs) else costs("arc_self", arcs, len(keys)),
        arc_calls=counts("arc_calls", arcs, len(keys)),
        arc_primitive_calls=counts("arc_primitive_calls", arcs, len(keys)),
    )
    if any(graph.bounds for graph in graphs):
        names = [name for name in ARC_BOUNDS if all(getattr(graph.limits, name) is not None for graph in graphs)]
        bounds = GraphBounds(
            **{name: costs(name, rows, size, _limits) for name in ROW_BOUNDS},
            **{name: costs(name, arcs, len(keys), _limits) for name in names},
        )
        return replace(merged, bounds=bounds, inclusive_low=None)
    if not all(graph.derived for graph in graphs):
        return merged
    return CallGraph.deriving_inclusive(
        function, merged.self_cost, merged.caller, merged.callee, merged.arc_cost,
        calls=merged.calls, arc_calls=merged.arc_calls,
    )  # fmt: skip


def _itself(graph: CallGraph) -> CallGraph:
    return graph


def _limits(graph: CallGraph) -> GraphBounds:
    return graph.limits


def flatten(profile: Profile) -> Profile:
    """`profile` with all its parts added up to one."""
    if len(profile.parts) == 1:
        return profile
    whole = Part(profile.name, merge(profile), tuple(range(len(profile.metrics))))
    return replace(profile, parts=(whole,))


def _union(columns: Sequence[npt.NDArray[Number]]) -> tuple[npt.NDArray[Number], list[npt.NDArray[np.intp]]]:
    """The distinct values of all columns in ascending order, and for each column which of them its values are."""
    values = np.concatenate(columns)
    first, which = grouped(values)
    return values[first], np.split(which, np.cumsum([len(column) for column in columns])[:-1])


def _added(columns: Sequence[tuple[npt.NDArray[np.int64], Floats]], count: int) -> Floats:
    """The sum of columns of values, each with the places where its values belong."""
    places = np.concatenate([place for place, _ in columns])
    values = np.concatenate([value for _, value in columns])
    total: Floats = np.bincount(places, values, count).astype(np.float64, copy=False)
    return total


def _renumbered(part: Part, ids: Ids, metrics: Sequence[int]) -> Part:
    """`part` with its function ids and metric indices replaced by ids[old] and metrics[old]."""
    graph = part.graph
    function = ids[graph.function]
    order = np.argsort(function)
    if (np.diff(function) > 0).all():
        graph = replace(graph, function=function)
    else:
        graph = reordered(replace(graph, function=function), order.astype(np.int32))
    return replace(
        part,
        graph=graph,
        metrics=tuple(metrics[m] for m in part.metrics),
        tree=part.tree and _tree_renumbered(part.tree, ids),
        lines=part.lines and _lines_renumbered(part.lines, ids),
    )


def reordered(graph: CallGraph, order: Ids) -> CallGraph:
    """`graph` with its rows in `order` and its arcs sorted again; only the caller may leave ids unsorted."""
    place = np.empty_like(order)
    place[order] = np.arange(len(order), dtype=np.int32)
    caller, callee = place[graph.caller], place[graph.callee]
    arcs = np.argsort(caller.astype(np.int64) * len(order) + callee)

    def pick(column: Floats | None, at: npt.NDArray[np.integer]) -> Floats | None:
        return None if column is None else column[..., at]

    return CallGraph(
        function=graph.function[order],
        self_cost=graph.self_cost[:, order],
        inclusive=graph.inclusive[:, order],
        inclusive_low=pick(graph.inclusive_low, order),
        calls=pick(graph.calls, order),
        primitive_calls=pick(graph.primitive_calls, order),
        caller=caller[arcs],
        callee=callee[arcs],
        arc_cost=graph.arc_cost[:, arcs],
        arc_self=pick(graph.arc_self, arcs),
        arc_calls=pick(graph.arc_calls, arcs),
        arc_primitive_calls=pick(graph.arc_primitive_calls, arcs),
        derived=graph.derived,
        bounds=graph.bounds and graph.bounds.at(order, arcs),
    )


def _tree_renumbered(tree: CallTree, ids: Ids) -> CallTree:
    return replace(tree, frames=Frames(ids[tree.frames.function], tree.frames.line))


def _lines_renumbered(lines: LineCosts, ids: Ids) -> LineCosts:
    return replace(
        lines,
        function=ids[lines.function],
        site_caller=ids[lines.site_caller],
        site_callee=ids[lines.site_callee],
    )
