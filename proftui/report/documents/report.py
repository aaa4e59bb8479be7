"""What a document reports: one view of a scope, and which of its rows are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from proftui import units
from proftui.analysis.grouping import Group
from proftui.analysis.scope import Scope
from proftui.model import Floats, Metric, Part
from proftui.report.rows import Rows
from proftui.report.text import middle, safe
from proftui.report.wanted import View

if TYPE_CHECKING:
    from proftui.report.summary import Summary

MOST_CAPTIONS, LONGEST_CAPTION = 4, 140
"""How many notes stand above a picture at most, and their letters at most."""


@dataclass(frozen=True, eq=False)
class Section:
    """A table of its own: the numbers of those `rows` that are shown, under a title where there are several."""

    rows: Rows
    shown: Sequence[int]
    title: str = ""


@dataclass(frozen=True, eq=False)
class Report:
    """What is to be printed. `shown` of `of` things are: functions, groups or parts of those that match, or tree rows.

    A call tree that is not shown to its end is not counted to its end: its `of` is None. The summary view has a
    `summary`; its section holds the functions.
    """

    scope: Scope
    view: View
    metric: int
    sort: str
    sections: tuple[Section, ...]
    shown: int
    of: int | None
    summary: Summary | None = None
    group: Group = "function"

    @property
    def measured(self) -> Metric:
        """The metric that shares and order are about."""
        return self.scope.metrics[self.metric]

    def total(self, metric: int) -> float | None:
        """The sum of a metric's self cost in stored units, None where nothing that is reported measures it."""
        return None if self.scope.profile.only_over_time else _sum(self.scope.graph.self_cost[metric])

    @property
    def amount(self) -> str:
        """How much was measured, in words."""
        total = units.draw(self.total(self.metric), self.measured.unit)
        return f"{total} in total" if total else "not measured"

    @property
    def calls(self) -> float | None:
        """The sum of all calls, None where not measured."""
        return _all(self.scope.graph.calls)

    @property
    def primitive_calls(self) -> float | None:
        """The sum of the calls that were not made by recursion, None where not measured."""
        return _all(self.scope.graph.primitive_calls)

    @property
    def captions(self) -> list[str]:
        """The first notes on the profile, safe and short enough to stand above a picture."""
        notes = self.scope.profile.notes
        left = len(notes) - MOST_CAPTIONS
        more = [units.counted(left, "more note")] if left > 0 else []
        return [middle(safe(note), LONGEST_CAPTION) for note in notes[:MOST_CAPTIONS]] + more

    @property
    def parts(self) -> list[Part]:
        """The parts that the figures are the sum of."""
        profile = self.scope.profile
        return list(profile.parts) if self.scope.parts is None else [profile.parts[index] for index in self.scope.parts]


def _all(calls: Floats | None) -> float | None:
    """The sum, None where some are not known, as after filters."""
    return None if calls is None or np.isnan(calls).any() else _sum(calls)


def _sum(column: Floats | None) -> float | None:
    return None if column is None or (len(column) and np.isnan(column).all()) else float(np.nansum(column))


@dataclass(frozen=True, slots=True)
class Style:
    """What the output is: `columns` of a terminal, or None for a file or a pipe; coloured or not."""

    columns: int | None = None
    colour: bool = False
