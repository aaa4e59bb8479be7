"""callgrind's recursion names: `f` is a function's outermost activation, `f'2` and on are the deeper ones."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from proftui.model import CallGraph, Floats, Functions, GraphBounds, Ids
from proftui.model.inclusive import sums

_Group = npt.NDArray[np.integer]

_DEEPER = re.compile(r"(.+)'([2-9]|[1-9]\d+)", re.DOTALL)


@lru_cache(maxsize=8)
def outermost(functions: Functions) -> Ids | None:
    """F: the id of the function that each id is a deeper activation of, or its own id; None where there is none."""
    if not any("'" in name for name in functions.name):
        return None
    identities = functions.identities()
    known = {identity: at for at, identity in enumerate(identities)}
    base = np.arange(len(functions), dtype=np.int32)
    found = False
    for at, (name, file, line, binary) in enumerate(identities):
        if "'" in name and (deeper := _DEEPER.fullmatch(name)):
            base[at] = known.setdefault((deeper[1], file, line, binary), at)
            found = True
    return base if found else None


def join_recursion(graph: CallGraph, base: Ids) -> CallGraph:
    """`graph` with each function's activations, outermost and deeper, as one row under the outermost's id.

    Self costs and calls add up; the calls of the outermost are the primitive ones, and its inclusive cost is the
    function's, exactly. Calls to itself cost what the outermost activation's do. Arcs from one function to another
    add up, to at most the inclusive cost of either: inside a cycle the deeper ones may lie within each other.
    """
    ids = base[graph.function]
    touched, row = np.unique(ids, return_inverse=True)
    row = row.astype(np.int32)
    count = len(touched)
    outer = ids == graph.function

    def of_outermost(column: Floats) -> Floats:
        """The outermost activation's value, or the largest where only deeper ones were recorded."""
        joined = np.full((*column.shape[:-1], count), -np.inf)
        for target, values in zip(np.atleast_2d(joined), np.atleast_2d(column), strict=True):
            np.maximum.at(target, row, values)
            target[row[outer]] = values[outer]
        return joined

    inclusive = of_outermost(graph.inclusive)
    caller, callee = row[graph.caller], row[graph.callee]
    keys, arc = np.unique(caller.astype(np.int64) * max(count, 1) + callee, return_inverse=True)
    tail, head = (keys // max(count, 1)).astype(np.int32), (keys % max(count, 1)).astype(np.int32)
    nested = (caller == callee) & ~outer[graph.caller]
    cost = sums(arc, np.where(nested, 0.0, graph.arc_cost), len(keys))
    joined = CallGraph(
        function=touched.astype(np.int32),
        self_cost=sums(row, graph.self_cost, count),
        inclusive=inclusive,
        inclusive_low=None if graph.inclusive_low is None else of_outermost(graph.inclusive_low),
        calls=None if graph.calls is None else sums(row, graph.calls[None], count)[0],
        primitive_calls=None if graph.calls is None else of_outermost(graph.calls),
        caller=tail,
        callee=head,
        arc_cost=np.minimum(cost, np.minimum(inclusive[:, tail], inclusive[:, head])),
        arc_calls=None if graph.arc_calls is None else sums(arc, graph.arc_calls[None], len(keys))[0],
        derived=graph.derived,
    )
    return joined if graph.bounds is None else _bounded(joined, graph.bounds, row, arc)


def _bounded(joined: CallGraph, bounds: GraphBounds, row: _Group, arc: _Group) -> CallGraph:
    """`joined` with bounds: what lies within each other costs at least the most and at most the sum of its members."""

    def largest(group: _Group, columns: Floats, count: int) -> Floats:
        most = np.zeros((len(columns), count))
        for target, values in zip(most, columns, strict=True):
            np.maximum.at(target, group, values)
        return most

    rows, arcs = len(joined), joined.arcs
    limits = GraphBounds(
        self_low=sums(row, bounds.self_low, rows),
        self_high=sums(row, bounds.self_high, rows),
        inclusive_low=largest(row, bounds.inclusive_low, rows),
        inclusive_high=sums(row, bounds.inclusive_high, rows),
        arc_low=largest(arc, bounds.arc_low, arcs),
        arc_high=sums(arc, bounds.arc_high, arcs),
        outside_high=sums(row, bounds.outside_high, rows),
    )
    return replace(
        joined,
        inclusive=np.clip(joined.inclusive, limits.inclusive_low, limits.inclusive_high),
        inclusive_low=None,
        arc_cost=np.clip(joined.arc_cost, limits.arc_low, limits.arc_high),
        bounds=limits,
    )
