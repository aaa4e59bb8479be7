"""What is being looked at: the chosen parts of a profile as one graph, and one metric of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from proftui.analysis.condense import Condensed, condense
from proftui.analysis.recursion import join_recursion, outermost
from proftui.model import CallGraph, Floats, Functions, Metric, Profile, merge

Mark = Literal["", "~", "<=", "?"]
"""How far a number is known: exactly, estimated, only an upper bound, not at all."""

MARKS: tuple[Mark, ...] = ("", "~", "<=", "?")
EXACT, ESTIMATED, UPPER, UNKNOWN = range(4)

SLACK = 0.01
"""An inclusive cost above the total by less than this is the profiler's own arithmetic and shows as 100 %."""


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
        shown: Floats = np.where(raw > total * (1 + SLACK), np.nan, np.minimum(raw, total))
        return shown

    def marks(self, metric: int) -> npt.NDArray[np.uint8]:
        """How far each row's inclusive cost is known, as an index into MARKS: EXACT, UPPER or UNKNOWN."""
        raw, low = self.graph.inclusive[metric], self.graph.inclusive_low
        marks = np.zeros(len(raw), np.uint8)
        if low is not None:
            marks[low[metric] < raw] = UPPER
        if not self.metrics[metric].signed:
            marks[raw > self.total(metric) * (1 + SLACK)] = UNKNOWN
        return marks
