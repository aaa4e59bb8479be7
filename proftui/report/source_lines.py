"""The lines of a source file and their figures, and what a function calls in places that are not known."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from proftui import units
from proftui.analysis.line_figures import LineCall, LineFigures
from proftui.analysis.scope import ESTIMATED, EXACT, UNKNOWN, UPPER, Scope
from proftui.model import Ids
from proftui.report.neighbours import Base
from proftui.report.source import SourceText
from proftui.report.text import safe

NOTE_WIDTH = 72

MOST_SHOWN = 20
"""Callees in places that are not known, at most; the rest is one row."""


@dataclass(frozen=True)
class Row:
    """What a row shows: a `line` of the file, or else a `note`, or a `call` whose line is not known."""

    line: int = 0
    note: str = ""
    call: LineCall | None = None


@dataclass(frozen=True, eq=False)
class SourceLines:
    """A file's lines and the figures of `metric`, with a block below the function in focus for what has no line.

    The self cost of a `second` metric stands beside them, and where it is hits, the cost of each.

    Without a `source` there are those lines alone that have figures. `notes` are sentences above the lines; `window`
    are the first and last line that are shown, (0, 0) for all. `definitions` are (line, last line, function), outer
    ones first.
    """

    scope: Scope
    metric: int
    file: str
    figures: LineFigures
    source: SourceText | None = None
    notes: tuple[str, ...] = ()
    focus: int | None = None
    definitions: tuple[tuple[int, int, int], ...] = ()
    base: Base = "total"
    window: tuple[int, int] = (0, 0)
    second: int | None = None

    # ------------------------------------------------------------------ which rows there are

    @cached_property
    def lines(self) -> range | list[int]:
        """The numbers of the lines, ascending."""
        if self.source is not None:
            first, last = self.window if self.window != (0, 0) else (1, len(self.source.lines))
            return range(max(1, first), min(last, len(self.source.lines)) + 1)
        first, last = self.window if self.window != (0, 0) else (1, 2**31)
        return [line for line in sorted({*self.figures.line.tolist(), *self.figures.calls_on}) if first <= line <= last]

    @cached_property
    def _notes(self) -> list[Row]:
        """The notes, as many rows as they need."""
        return [Row(note=line) for note in self.notes for line in textwrap.wrap(note, NOTE_WIDTH)]

    @cached_property
    def _block(self) -> list[Row]:
        """What the function in focus calls in places that are not known."""
        if self.focus is None or not (calls := self.figures.unplaced(self.focus)):
            return []
        calls = tuple(sorted(calls, key=lambda call: -float(np.nan_to_num(call.cost[self.metric]))))
        name = safe(self.scope.functions.name[self.focus])
        named = units.counted(len(calls), "callee")
        rows = [Row(note=f"{name} also calls {named} on lines that are not known:")]
        rows += [Row(call=call) for call in calls[:MOST_SHOWN]]
        if len(calls) > MOST_SHOWN:
            rows.append(Row(note=f"and {len(calls) - MOST_SHOWN:,} more, each with less"))
        return rows

    @cached_property
    def _block_at(self) -> int:
        """The row before which the block stands: after the function's last line, at the end where that is unknown."""
        last = next((end for _, end, function in self.definitions if function == self.focus), None)
        if last is None or isinstance(self.lines, list):
            return len(self._notes) + len(self.lines)
        return len(self._notes) + max(0, min(last - self.lines.start + 1, len(self.lines)))

    def __len__(self) -> int:
        return len(self._notes) + len(self.lines) + len(self._block)

    def row(self, row: int) -> Row:
        """What a row shows."""
        if row < len(self._notes):
            return self._notes[row]
        if row >= self._block_at:
            if row < self._block_at + len(self._block):
                return self._block[row - self._block_at]
            row -= len(self._block)
        return Row(line=self.lines[row - len(self._notes)])

    def row_of_line(self, line: int) -> int:
        """The row of a line, or of the nearest one that is shown."""
        if not self.lines:
            return 0
        at = min(int(np.searchsorted(np.asarray(self.lines), line)), len(self.lines) - 1) + len(self._notes)
        return at + len(self._block) if at >= self._block_at else at

    def row_of(self, function: int) -> int:
        """The row on which a function begins, as far as that is known; else its costliest line."""
        begins = next((line for line, _, known in self.definitions if known == function), None)
        line = begins or int(self.scope.functions.line[function])
        if line <= 0:
            costs = np.nan_to_num(self.figures.self_cost[self.metric])
            line = int(self.figures.line[costs.argmax()]) if len(costs) else 1
        return self.row_of_line(line)

    def function(self, row: int) -> int | None:
        """The innermost function of the profile whose lines hold the row; of what has no line, the one in focus."""
        line = self.row(row).line
        if not line:
            return self.focus
        found = None
        for first, last, function in self.definitions:
            if first > line:
                break
            if line <= last:
                found = function
        return self.focus if found is None and not self.definitions else found

    # ------------------------------------------------------------------ figures of a row

    def calls(self, row: int) -> tuple[LineCall, ...]:
        """What is, or may be, called on a row, the costliest first."""
        shown = self.row(row)
        if shown.call is not None:
            return (shown.call,)
        return self.figures.calls_on.get(shown.line, ())

    def self_cost(self, row: int, metric: int | None = None) -> float:
        """The self cost of a row, of another metric where one is named; NaN where not known."""
        at, metric = self.figures.row(self.row(row).line), self.metric if metric is None else metric
        return float("nan") if at is None else float(self.figures.self_cost[metric, at])

    def of_function(self, row: int) -> float:
        """The share of a row's self cost in that of the function around it; NaN where not known."""
        function = self.function(row)
        at = None if function is None else self.scope.graph.row_of(function)
        if at is None:
            return float("nan")
        whole = float(self.scope.graph.self_cost[self.metric, at])
        share = self.self_cost(row) / whole if whole > 0 else float("nan")
        return min(share, 1.0) if share <= 1.01 else float("nan")

    def per_hit(self, row: int) -> float:
        """The self cost of a row for each time that it was hit; NaN where not known."""
        hits = float("nan") if self.second is None else self.self_cost(row, self.second)
        return self.self_cost(row) / hits if hits > 0 else float("nan")

    def further(self, row: int) -> float:
        """The inclusive cost where that was sampled, else the cost of the calls on a row; NaN where not known."""
        if (inclusive := self.figures.inclusive) is not None:
            at = self.figures.row(self.row(row).line)
            return float("nan") if at is None else float(inclusive[self.metric, at])
        costs = [float(call.cost[self.metric]) for call in self.calls(row)]
        costs = [cost for cost in costs if not np.isnan(cost)]
        return sum(costs) if costs else float("nan")

    def count(self, row: int) -> float:
        """How many calls are made on a row, NaN where not counted."""
        counts = [call.calls for call in self.calls(row) if not np.isnan(call.calls)]
        return sum(counts) if counts else float("nan")

    def mark(self, row: int) -> int:
        """How far the cost of calls is known: an upper bound where some of them may be made on other lines.

        Of estimates it is an estimate all the same.
        """
        if self.figures.inclusive is None and not self.scope.metrics[self.metric].signed:
            if self.further(row) > self.total * 1.01:
                return UNKNOWN
            if self.unsure(row) and not self.figures.estimated:
                return UPPER
        return ESTIMATED if self.figures.estimated else EXACT

    def unsure(self, row: int) -> bool:
        """Whether some of a line's calls may be made elsewhere."""
        return bool(self.row(row).line) and any(not call.certain for call in self.calls(row))

    @property
    def total(self) -> float:
        """What shares are taken of."""
        return self.scope.total(self.metric)

    @cached_property
    def hot(self) -> Ids:
        """The rows by what they cost, self and in calls, the costliest first; none below 0.1 % of the total."""
        begins = {line for line, _, _ in self.definitions} if self.figures.telling == "functions" else set()
        costs: list[tuple[float, int]] = []
        for line in sorted({*self.figures.line.tolist(), *self.figures.calls_on}):
            if self.source is not None and line not in self.lines:
                continue
            row = self.row_of_line(line)
            further = self._expected(row)
            own = 0.0 if line in begins else float(np.nan_to_num(self.self_cost(row)))
            cost = further if self.figures.inclusive is not None else own + further
            if cost >= 0.001 * self.total and cost > 0:
                costs.append((-cost, row))
        return np.array([row for _, row in sorted(costs)], np.int32)

    def _expected(self, row: int) -> float:
        """The cost of a line's calls for putting lines in order: what may be on several is shared out."""
        if self.figures.inclusive is not None:
            return float(np.nan_to_num(self.further(row)))
        costs = [np.nan_to_num(call.cost[self.metric]) / len(call.lines) for call in self.calls(row) if call.lines]
        return float(sum(costs))

    def hot_around(self, row: int) -> Ids:
        """Those of `hot` that lie in the function around a row; all of them where there is none."""
        line, function = self.row(row).line, self.function(row)
        spans = [
            (first, last) for first, last, known in self.definitions if known == function and first <= line <= last
        ]
        if not spans:
            return self.hot
        first, last = self.row_of_line(spans[0][0]), self.row_of_line(spans[0][1])
        inside: Ids = self.hot[(self.hot >= first) & (self.hot <= last)]
        return inside
