"""What is being looked at: the chosen parts of a profile as one graph, and one metric of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from proftui.analysis.condense import Condensed, condense
from proftui.analysis.recursion import join_recursion, outermost
from proftui.model import CallGraph, Floats, Functions, Ids, Metric, Profile, merge
from proftui.model.inclusive import sums

Mark = Literal["", "~", "<=", "?"]
"""How far a number is known: exactly, estimated, only an upper bound, not at all."""

MARKS: tuple[Mark, ...] = ("", "~", "<=", "?")
EXACT, ESTIMATED, UPPER, UNKNOWN = range(4)

SLACK = 0.01
"""An inclusive cost above the total by less than this is the profiler's own arithmetic and shows as 100 %."""

SAME = 1e-9
"""Bounds that are nearer than this share of the total meet: the number is exact."""


class Figures(NamedTuple):
    """A column of numbers: best guesses, bounds that hold (NaN = none), and how far each is known, in MARKS."""

    value: Floats
    low: Floats
    high: Floats
    mark: npt.NDArray[np.uint8]

    @property
    def shown(self) -> Floats:
        """What goes with the marks: the upper bound behind "<=", NaN behind "?", else the guess."""
        known: Floats = np.where(self.mark == UPPER, self.high, self.value)
        return np.where(self.mark == UNKNOWN, np.nan, known)

    def at(self, rows: Ids) -> Figures:
        """The numbers at `rows`."""
        return Figures(self.value[rows], self.low[rows], self.high[rows], self.mark[rows])

    def followed_by(self, more: Figures) -> Figures:
        """These numbers, and `more` behind them."""
        value, low, high = (np.concatenate(pair) for pair in zip(self[:3], more[:3], strict=True))
        return Figures(value, low, high, np.concatenate([self.mark, more.mark]))

    @classmethod
    def between(cls, value: Floats, low: Floats, high: Floats, total: float) -> Figures:
        """Numbers from 0 to `total` that lie between bounds; signed ones have none and are estimates.

        Of those that are known to be above the total, which is an estimate as well, no share can be told.
        """
        slack = SAME * total
        mark = np.full(len(value), ESTIMATED, np.uint8)
        mark[low <= slack] = UPPER
        mark[(low <= slack) & (high >= total - slack)] = UNKNOWN
        mark[high - low <= slack] = EXACT
        mark[low > total * (1 + SLACK)] = UNKNOWN
        return cls(np.where(np.isnan(low), value, np.minimum(value, total)), low, high, mark)


@dataclass(frozen=True, eq=False)
class Scope:
    """`parts` are indices into the profile's parts, None for all; with `cycles`, cycles are units of their own.

    With `joined`, callgrind's names of deeper activations (`f'2`) are one with the function's (`f`).
    """

    profile: Profile
    parts: tuple[int, ...] | None = None
    cycles: bool = True
    joined: bool = False

    @property
    def functions(self) -> Functions:
        """The profile's functions; the rows of `graph` name them by id."""
        return self.profile.functions

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The profile's metrics, in the order of the graph's rows of cost."""
        return self.profile.metrics

    @cached_property
    def graph(self) -> CallGraph:
        """The sum of the chosen parts, with a row of cost for each metric of the profile."""
        return self._joined(merge(self.profile, self.parts))

    def measured(self, metric: int) -> list[tuple[CallGraph, int]]:
        """The graphs of those chosen parts that measure a metric, each with its row in the part's tables of cost."""
        parts = self.profile.parts if self.parts is None else [self.profile.parts[part] for part in self.parts]
        return [(self._joined(part.graph), part.metrics.index(metric)) for part in parts if metric in part.metrics]

    def _joined(self, graph: CallGraph) -> CallGraph:
        base = outermost(self.functions) if self.joined else None
        return graph if base is None else join_recursion(graph, base)

    @cached_property
    def condensed(self) -> Condensed:
        """The graph with its cycles as one node each where they are shown as units, else as they are."""
        return condense(self.graph, cycles=self.cycles)

    def total(self, metric: int) -> float:
        """The sum of self cost, which percentages refer to."""
        return float(self.graph.totals[metric])

    def inclusive(self, metric: int) -> Floats:
        """Inclusive costs as shown, for each row: NaN where unknown, never above the total."""
        return self.shown(self.graph.inclusive[metric], metric)

    def shown(self, raw: Floats, metric: int) -> Floats:
        """Inclusive costs as they are drawn: NaN where above the total, but for the profiler's own arithmetic."""
        if self.metrics[metric].signed:
            return raw
        total = self.total(metric)
        if self.graph.bounds is not None:
            return np.minimum(raw, total)
        shown: Floats = np.where(raw > total * (1 + SLACK), np.nan, np.minimum(raw, total))
        return shown

    def marks(self, metric: int) -> npt.NDArray[np.uint8]:
        """How far each row's inclusive cost is known, as an index into MARKS; ESTIMATED only after filters."""
        if self.graph.bounds is not None:
            return self.inclusive_figures(metric).mark
        raw, low = self.graph.inclusive[metric], self.graph.inclusive_low
        marks = np.zeros(len(raw), np.uint8)
        if low is not None:
            marks[low[metric] < raw] = UPPER
        if not self.metrics[metric].signed:
            marks[raw > self.total(metric) * (1 + SLACK)] = UNKNOWN
        return marks

    def self_figures(self, metric: int) -> Figures:
        """The self costs of all rows."""
        graph, bounds = self.graph, self.graph.limits
        return self._figures(metric, graph.self_cost, bounds.self_low, bounds.self_high)

    def inclusive_figures(self, metric: int) -> Figures:
        """The inclusive costs of all rows, as they are drawn."""
        graph, bounds = self.graph, self.graph.limits
        if graph.bounds is not None:
            return self._figures(metric, graph.inclusive, bounds.inclusive_low, bounds.inclusive_high)
        shown = self.inclusive(metric)
        return Figures(shown, np.minimum(graph.inclusive_least[metric], shown), shown, self.marks(metric))

    def arc_figures(self, metric: int, arcs: Ids | None = None) -> Figures:
        """The costs of all arcs or of some, as they are drawn.

        An arc inside a cycle of a format that derives inclusive costs is only an upper bound: the format adds an
        activation to it each time the cycle comes round.
        """
        graph, at = self.graph, np.arange(self.graph.arcs) if arcs is None else arcs
        cost = graph.arc_cost[metric, at]
        if graph.bounds is not None:
            low, high = graph.bounds.arc_low[metric, at], graph.bounds.arc_high[metric, at]
            return Figures.between(cost, low, high, self.total(metric))
        shown = self.shown(cost, metric)
        mark = np.where(np.isnan(shown) & ~np.isnan(cost), UNKNOWN, EXACT).astype(np.uint8)
        if graph.derived:
            same_cycle = graph.component[graph.caller[at]] == graph.component[graph.callee[at]]
            mark[same_cycle & ~np.isnan(shown)] = UPPER
        return Figures(shown, np.where(mark == UPPER, 0.0, shown), shown, mark)

    def arc_self_figures(self, metric: int) -> Figures | None:
        """The self costs of callees along all arcs, or None where not measured."""
        graph, bounds = self.graph, self.graph.limits
        if graph.arc_self is None or bounds.arc_self_low is None or bounds.arc_self_high is None:
            return None
        return self._figures(metric, graph.arc_self, bounds.arc_self_low, bounds.arc_self_high)

    def cycle_figures(self, metric: int) -> Figures:
        """The inclusive costs of the cycles of `condensed`, as they are drawn: at least what any member or all of
        them and what leaves them cost, and at most the latter.
        """
        condensed, limits, total = self.condensed, self.graph.limits, self.total(metric)
        value = np.minimum(condensed.inclusive[metric, condensed.cycles], total)
        if self.graph.bounds is None:
            return Figures(value, value, value, np.zeros(len(value), np.uint8))
        node, count, leaving = condensed.node, len(condensed), condensed.arc >= 0
        tail = node[self.graph.caller[leaving]]

        def spent(own: Floats, arc: Floats) -> Floats:
            costs = sums(node, own[metric, None], count) + sums(tail, arc[metric, None][:, leaving], count)
            together: Floats = costs[0, condensed.cycles]
            return together

        low, high = spent(limits.self_low, limits.arc_low), spent(limits.self_high, limits.arc_high)
        return Figures.between(np.clip(value, low, high), low, high, total)

    def _figures(self, metric: int, value: Floats, low: Floats, high: Floats) -> Figures:
        """A metric's row of estimates."""
        if self.graph.bounds is None:
            return Figures(value[metric], low[metric], high[metric], np.zeros(value.shape[1], np.uint8))
        return Figures.between(value[metric], low[metric], high[metric], self.total(metric))
