"""The invariants of a part's tables, each breach as one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from proftui.model.arrays import Floats, Ids
from proftui.model.graph import ARC_BOUNDS, ROW_BOUNDS, CallGraph, GraphBounds
from proftui.model.metric import Metric
from proftui.model.part import Part
from proftui.model.tree import CallTree

TOLERANCE = 0.01
"""Relative: profilers' own arithmetic breaks self <= inclusive <= total by fractions of a percent."""

LARGEST = 1e300
"""Costs that can be added up, and be taken in percent, without going beyond what a float holds."""

COLUMNS = "the columns of a table are equally long"
IDS = "function ids are in range and ascending"
ARCS = "arcs join functions that exist, and are sorted and unique"
SELF = "self cost is not below zero"
INCLUSIVE = "inclusive cost is at least self cost (within 1 %)"
TOTAL = "inclusive cost is at most the total (within 1 %)"
CALLS = "primitive calls are at most all calls"
ESTIMATES = "estimates lie within their bounds"
EXACTNESS = "numbers are at most 2^53, and so exact"
PREORDER = "trees are in preorder, each subtree within its parent's"

INVARIANTS = (COLUMNS, IDS, ARCS, SELF, INCLUSIVE, TOTAL, CALLS, ESTIMATES, EXACTNESS, PREORDER)


class Breach(NamedTuple):
    """One of the INVARIANTS that does not hold, and how it does not, as a sentence."""

    invariant: str
    sentence: str


def breaches(part: Part, functions: int, metrics: Sequence[Metric]) -> Iterator[Breach]:
    """What does not hold in `part`, for a profile of so many functions."""
    for invariant, sentence in _breaches(part, functions, metrics):
        yield Breach(invariant, f"part {part.label!r}: {sentence}")


def countable(part: Part) -> bool:
    """Whether all costs are at most LARGEST."""
    costs = (part.graph.self_cost, part.graph.inclusive, part.graph.arc_cost)
    return all(np.nanmax(each, initial=0) <= LARGEST and np.nanmin(each, initial=0) >= -LARGEST for each in costs)


def _breaches(part: Part, functions: int, metrics: Sequence[Metric]) -> Iterator[tuple[str, str]]:
    if len(part.metrics) != len(part.graph.self_cost):
        yield COLUMNS, f"{len(part.graph.self_cost)} rows of cost for {len(part.metrics)} metrics"
        return
    structural = list(_structure(part.graph, functions))
    if structural:
        yield from structural
        return
    signed = [metrics[m].signed for m in part.metrics]
    yield from _costs(part.graph, [metrics[m].label for m in part.metrics], signed)
    if part.graph.bounds is not None:
        yield from _estimates(part.graph, part.graph.bounds)
    if part.tree is not None:
        yield from _tree(part.tree)


def _structure(graph: CallGraph, functions: int) -> Iterator[tuple[str, str]]:
    rows, arcs = len(graph.function), len(graph.caller)
    for name in ("self_cost", "inclusive", "inclusive_low", "calls", "primitive_calls"):
        column = getattr(graph, name)
        if column is not None and column.shape[-1] != rows:
            yield COLUMNS, f"column {name} has {column.shape[-1]} rows for {rows} functions"
    for name in ("callee", "arc_cost", "arc_self", "arc_calls", "arc_primitive_calls"):
        column = getattr(graph, name)
        if column is not None and column.shape[-1] != arcs:
            yield COLUMNS, f"column {name} has {column.shape[-1]} rows for {arcs} arcs"
    if graph.bounds is not None:
        yield from _lengths(graph.bounds, rows, arcs)
    if not _within(graph.function, functions):
        yield IDS, "a function id is out of range"
    elif (np.diff(graph.function) <= 0).any():
        yield IDS, "function ids are not ascending"
    if not (_within(graph.caller, rows) and _within(graph.callee, rows)):
        yield ARCS, "an arc names a function that does not exist"
    elif (np.diff(graph.caller.astype(np.int64) * rows + graph.callee) <= 0).any():
        yield ARCS, "arcs are not sorted and unique"


def _lengths(bounds: GraphBounds, rows: int, arcs: int) -> Iterator[tuple[str, str]]:
    for names, length, what in ((ROW_BOUNDS, rows, "functions"), (ARC_BOUNDS, arcs, "arcs")):
        for name in names:
            column = getattr(bounds, name)
            if column is not None and column.shape[-1] != length:
                yield COLUMNS, f"bounds {name} have {column.shape[-1]} rows for {length} {what}"


def _estimates(graph: CallGraph, bounds: GraphBounds) -> Iterator[tuple[str, str]]:
    figures = (
        ("self cost", graph.self_cost, bounds.self_low, bounds.self_high),
        ("inclusive cost", graph.inclusive, bounds.inclusive_low, bounds.inclusive_high),
        ("cost of arcs", graph.arc_cost, bounds.arc_low, bounds.arc_high),
    )
    for what, figure, low, high in figures:
        if (wrong := int(((figure < low) | (figure > high)).sum())) > 0:
            yield ESTIMATES, f"{what} lies outside of its bounds {wrong:,} times"


def _within(ids: Ids, size: int) -> bool:
    return not len(ids) or bool(ids.min() >= 0 and ids.max() < size)


def _costs(graph: CallGraph, labels: Sequence[str], signed: Sequence[bool]) -> Iterator[tuple[str, str]]:
    for label, below_zero, own, inclusive, total in zip(
        labels, signed, graph.self_cost, graph.inclusive, graph.totals, strict=True
    ):
        if below_zero:
            continue
        slack = TOLERANCE * total
        if negative := int((own < 0).sum()):
            yield SELF, f"{label}: self cost is below zero for {_functions(negative)}"
        if short := int((inclusive < own - TOLERANCE * np.abs(own)).sum()):
            yield INCLUSIVE, f"{label}: inclusive cost is below self cost for {_functions(short)}"
        if graph.bounds is None and (over := int((inclusive > total + slack).sum())):
            yield TOTAL, f"{label}: inclusive cost is above the total for {_functions(over)}; shown as unknown"
        if _largest(own) > 2.0**53:
            yield EXACTNESS, f"{label}: numbers above 2^53 are rounded"
    if graph.calls is not None and graph.primitive_calls is not None:
        swapped = int((graph.primitive_calls > graph.calls).sum())
        if swapped:
            yield CALLS, f"primitive calls exceed calls for {_functions(swapped)}"


def _largest(values: Floats) -> float:
    return float(np.nanmax(values)) if len(values) and not np.isnan(values).all() else 0.0


def _functions(count: int) -> str:
    return f"{count:,} function" + ("s" if count > 1 else "")


def _tree(tree: CallTree) -> Iterator[tuple[str, str]]:
    rows = np.arange(len(tree))
    if ((tree.parent >= rows) | (tree.parent < -1)).any():
        yield PREORDER, "the tree is not in preorder"
    elif ((tree.end <= rows) | (tree.end > len(tree))).any():
        yield PREORDER, "a subtree ends before it begins"
    elif (inner := tree.parent >= 0).any() and (tree.end[inner] > tree.end[tree.parent[inner]]).any():
        yield PREORDER, "a subtree reaches beyond its parent's"
