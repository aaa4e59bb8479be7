"""How a function's cost spreads over the parts, and which part stands out.

Parts hold only the functions that they touch, and 10,000 parts of 20,000 functions are never laid out as a table: what
is there is ordered by function, and what is not counts as zeros.

A part's deviation is its distance from the median of all parts, in units of the spread that the middle half of them
has: 1.4826 times the median absolute deviation (MAD), which for normally distributed values is the standard deviation.
Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993; NIST/SEMATECH e-Handbook, 1.3.5.17) call this the
modified z-score, (x - median) * 0.6745 / MAD, and label what is above 3.5 as outliers; so do we. The MAD of functions
that few parts touch is zero, and that of equal workers nearly: the unit is at least FLOOR of what a typical part costs
in all, so that no difference stands out which does not matter in any part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from proftui.analysis.scope import SLACK, Scope
from proftui.model import Bools, Floats, Ids

Kind = Literal["self", "inclusive"]

Rows = npt.NDArray[np.intp]

OUTLYING = 3.5
"""Deviations from which a part stands out."""

FLOOR = 0.001
"""The least unit of a deviation, as a share of what a typical part costs in all."""

NORMAL = 1.4826
"""The standard deviation of normally distributed values whose MAD is 1."""

FEWEST = 3
"""Parts below which none can be told from the others: of two, neither is the odd one."""

AT_ONCE = 1 << 22
"""How many values are laid out beside each other at once."""


@dataclass(frozen=True, eq=False)
class Spread:
    """The n functions that any of the parts touches, over those chosen parts that measure the metric.

    parts       P, indices into the profile's parts
    typical     the median of what the parts cost in all; their mean where more than half cost nothing
    function    n: ids, ascending
    touched     n: how many parts have the function; in the others it costs 0
    least, median, most   n: over all P parts; NaN, as all else, where a part's cost is unknown
    vague       n: some part's cost is not known exactly: it is an upper bound, or behind filters an estimate
    part        n: the part that is farthest from the median in either direction, an index into the profile's parts
    cost        n: what it costs
    deviations  n: how far that is, below zero where it is less than the median; NaN of fewer than FEWEST parts
    """

    parts: Ids
    typical: float
    function: Ids
    touched: Ids
    least: Floats
    median: Floats
    most: Floats
    vague: Bools
    part: Ids
    cost: Floats
    deviations: Floats

    def __len__(self) -> int:
        return len(self.function)

    @cached_property
    def stands_out(self) -> Bools:
        """n: whether the part stands out."""
        out: Bools = np.abs(self.deviations) >= OUTLYING
        return out

    @cached_property
    def excess(self) -> Floats:
        """n: how much more (below zero: less) than the median the part costs; NaN where it does not stand out."""
        return np.where(self.stands_out, self.cost - self.median, np.nan)


@dataclass(frozen=True, eq=False)
class _Values:
    """The costs that there are, ordered by function: those of function i at starts[i]:starts[i + 1], N in all.

    `part` N counts the parts that measure the metric from 0; `function`, `vague` and `starts` are as in Spread.
    """

    function: Ids
    starts: Rows
    vague: Bools
    cost: Floats
    part: Ids


def spread(scope: Scope, metric: int, kind: Kind) -> Spread:
    """How one metric's self or inclusive costs spread over the chosen parts."""
    chosen = range(len(scope.profile.parts)) if scope.parts is None else scope.parts
    parts = np.array([part for part in chosen if metric in scope.profile.parts[part].metrics], np.int32)
    totals = np.array([graph.totals[row] for graph, row in scope.measured(metric)])
    typical = float(np.median(totals)) or float(totals.mean()) if len(totals) else 0.0
    values = _gathered(scope, metric, kind)
    touched = np.diff(values.starts)
    figures = np.full((6, len(touched)), np.nan)
    for rows in _batches(touched):
        figures[:, rows] = _figures(_Table.of(values, rows, len(parts)), FLOOR * abs(typical))
    least, median, most, part, cost, deviations = figures
    return Spread(
        parts, typical, values.function, touched.astype(np.int32), least, median, most, values.vague,
        parts[part.astype(np.int32)], cost, deviations,
    )  # fmt: skip


def _gathered(scope: Scope, metric: int, kind: Kind) -> _Values:
    functions, costs, vague = [], [], []
    for graph, row in scope.measured(metric):
        functions.append(graph.function)
        limits = graph.limits
        ends = (limits.self_low, limits.self_high) if kind == "self" else (limits.inclusive_low, limits.inclusive_high)
        if graph.bounds is not None or (kind == "inclusive" and graph.inclusive_low is not None):
            vague.append(graph.function[ends[0][row] < ends[1][row]])
        if kind == "self":
            costs.append(graph.self_cost[row])
            continue
        raw = graph.inclusive[row]
        total = np.inf if scope.metrics[metric].signed else float(graph.totals[row])
        costs.append(np.where(raw > total * (1 + SLACK), np.nan, np.minimum(raw, total)))
    if not functions:
        none = np.zeros(0, np.int32)
        return _Values(none, np.zeros(1, np.intp), np.zeros(0, np.bool_), np.zeros(0), none)
    function = np.concatenate(functions)
    order = np.argsort(function)
    counts = np.bincount(function, minlength=len(scope.functions))
    there = np.flatnonzero(counts).astype(np.int32)
    uncertain = np.zeros(len(counts), np.bool_)
    uncertain[np.concatenate([*vague, there[:0]])] = True
    part = np.repeat(np.arange(len(functions), dtype=np.int32), [len(column) for column in functions])
    return _Values(
        there, np.concatenate([[0], np.cumsum(counts[there])]), uncertain[there],
        np.concatenate(costs)[order], part[order],
    )  # fmt: skip


def _batches(counts: Rows) -> Iterator[Rows]:
    """The functions in turns, those together that so many parts touch that a table of them is at least half full."""
    size = np.ceil(np.log2(counts)).astype(np.intp)
    for power in np.flatnonzero(np.bincount(size)).tolist() if len(size) else []:
        rows = np.flatnonzero(size == power)
        yield from np.array_split(rows, min(len(rows), -(-(len(rows) << power) // AT_ONCE)))


@dataclass(frozen=True, eq=False)
class _Table:
    """k functions beside each other, w costs each, the unused ones infinite; in `missing` further parts it is 0."""

    cost: Floats
    part: Ids
    missing: Rows
    parts: int

    @classmethod
    def of(cls, values: _Values, rows: Rows, parts: int) -> _Table:
        """The costs of some of the functions."""
        counts = values.starts[rows + 1] - values.starts[rows]
        places = np.arange(counts.max())
        used = places < counts[:, None]
        at = np.where(used, values.starts[rows, None] + places, 0)
        return cls(
            np.where(used, values.cost[at], np.inf), np.where(used, values.part[at], parts), parts - counts, parts
        )

    def ranked(self, ordered: Floats, missing: Floats, rank: int) -> Floats:
        """k: what stands at `rank` among the ordered values and as many of `missing` as there are parts missing."""
        below = (ordered < missing[:, None]).sum(axis=1)
        last = ordered.shape[1] - 1
        at = np.where(rank < below, rank, np.clip(rank - self.missing, 0, last))
        value = ordered[np.arange(len(ordered)), np.minimum(at, last)]
        return np.where((rank >= below) & (rank < below + self.missing), missing, value)

    def median(self, ordered: Floats, missing: Floats) -> Floats:
        """k: the middle of all, or between the two middle ones."""
        lower, upper = (self.parts - 1) // 2, self.parts // 2
        return (self.ranked(ordered, missing, lower) + self.ranked(ordered, missing, upper)) / 2

    def untouching(self, rows: Rows) -> Rows:
        """The first part that does not touch each of these functions."""
        ordered = np.sort(self.part[rows], axis=1)
        ordered = np.hstack([ordered, np.full((len(rows), 1), self.parts)])
        first: Rows = (ordered != np.arange(ordered.shape[1])).argmax(axis=1)
        return first


def _figures(table: _Table, floor: float) -> Floats:
    """6 x k: least, median, most; the part farthest from the median, its cost and its deviations."""
    nothing = np.zeros(len(table.cost))
    ordered = np.sort(table.cost, axis=1)
    median = table.median(ordered, nothing)
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.abs(table.cost - median[:, None])
        mad = table.median(np.sort(distance, axis=1), np.abs(median))
        farthest = np.where(np.isinf(table.cost), -1, distance).argmax(axis=1)
        lines = np.arange(len(farthest))
        part, cost = table.part[lines, farthest].astype(np.float64), table.cost[lines, farthest]
        absent = np.flatnonzero((table.missing > 0) & (np.abs(median) > distance[lines, farthest]))
        part[absent], cost[absent] = table.untouching(absent), 0
        unit = np.maximum(NORMAL * mad, floor)
        deviations = np.where(cost == median, 0, (cost - median) / unit)
    if table.parts < FEWEST:
        deviations = np.full_like(median, np.nan)
    ends = [table.ranked(ordered, nothing, rank) for rank in (0, table.parts - 1)]
    figures = np.stack([ends[0], median, ends[1], part, cost, deviations])
    known = ~np.isnan(table.cost).any(axis=1)
    figures[:3] = np.where(known, figures[:3], np.nan)
    figures[4:] = np.where(known, figures[4:], np.nan)
    return figures
