"""The lines of a source file as rows, with what they cost, and what a function calls in places that are not known."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from proftui import units
from proftui.analysis.line_figures import LineCall, LineFigures
from proftui.analysis.scope import ESTIMATED, EXACT, MARKS, UNKNOWN, UPPER, Scope
from proftui.model import Functions, Ids
from proftui.report import source_columns as c
from proftui.report.identity import costs_record, full_name, identity_record, number
from proftui.report.neighbours import Base
from proftui.report.rows import Cell, Column, Haystack
from proftui.report.source import SourceText
from proftui.report.text import safe

WHOLE = "Σ"
"""Before the self cost of a whole function, which stands where the function begins."""

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
class SourceRows:
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
    def _lines(self) -> range | list[int]:
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
        if last is None or isinstance(self._lines, list):
            return len(self._notes) + len(self._lines)
        return len(self._notes) + max(0, min(last - self._lines.start + 1, len(self._lines)))

    def __len__(self) -> int:
        return len(self._notes) + len(self._lines) + len(self._block)

    def row(self, row: int) -> Row:
        """What a row shows."""
        if row < len(self._notes):
            return self._notes[row]
        if row >= self._block_at:
            if row < self._block_at + len(self._block):
                return self._block[row - self._block_at]
            row -= len(self._block)
        return Row(line=self._lines[row - len(self._notes)])

    def row_of_line(self, line: int) -> int:
        """The row of a line, or of the nearest one that is shown."""
        if not self._lines:
            return 0
        at = min(int(np.searchsorted(np.asarray(self._lines), line)), len(self._lines) - 1) + len(self._notes)
        return at + len(self._block) if at >= self._block_at else at

    def row_of(self, function: int) -> int:
        """The row on which a function begins, as far as that is known; else its costliest line."""
        begins = next((line for line, _, known in self.definitions if known == function), None)
        line = begins or int(self.scope.functions.line[function])
        if line <= 0:
            costs = np.nan_to_num(self.figures.self_cost[self.metric])
            line = int(self.figures.line[costs.argmax()]) if len(costs) else 1
        return self.row_of_line(line)

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
            if self.further(row) > self._total * 1.01:
                return UNKNOWN
            if self._unsure(row, self.row(row)) and not self.figures.estimated:
                return UPPER
        return ESTIMATED if self.figures.estimated else EXACT

    def _unsure(self, row: int, shown: Row) -> bool:
        """Whether some of a line's calls may be made elsewhere."""
        return bool(shown.line) and any(not call.certain for call in self.calls(row))

    @property
    def _total(self) -> float:
        return self.scope.total(self.metric)

    @cached_property
    def hot(self) -> Ids:
        """The rows by what they cost, self and in calls, the costliest first; none below 0.1 % of the total."""
        begins = {line for line, _, _ in self.definitions} if self.figures.telling == "functions" else set()
        costs: list[tuple[float, int]] = []
        for line in sorted({*self.figures.line.tolist(), *self.figures.calls_on}):
            if self.source is not None and line not in self._lines:
                continue
            row = self.row_of_line(line)
            further = self._expected(row)
            own = 0.0 if line in begins else float(np.nan_to_num(self.self_cost(row)))
            cost = further if self.figures.inclusive is not None else own + further
            if cost >= 0.001 * self._total and cost > 0:
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

    # ------------------------------------------------------------------ as rows

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Costs beside shares where there is room, or costs alone; counts; line and text."""
        calls = self.figures.calls
        return c.columns_of(
            self.scope.metrics,
            self.second,
            sampled=self.figures.inclusive is not None,
            absolute=self.base == "absolute",
            alone=self.figures.telling == "lines" and not len(self.scope.graph.callee),
            called=bool(calls),
            counted=any(not np.isnan(call.calls) for call in calls),
        )

    def cells(self, row: int) -> list[Cell]:
        """One cell for each column."""
        shown = self.row(row)
        if shown.note:
            return [Cell(shown.note, "mark") if column.key == c.TEXT.key else Cell("") for column in self.columns]
        return [self._cell(column.key, row, shown) for column in self.columns]

    def _cell(self, key: str, row: int, shown: Row) -> Cell:
        if key == c.LINE.key:
            return Cell(str(shown.line) if shown.line else "", "dim")
        if key == c.TEXT.key:
            return Cell(self.text(row), "mark" if shown.call is not None else "normal")
        if key == c.CALLS.key:
            count = units.draw(self.count(row), units.COUNT)
            return Cell(MARKS[UPPER] + count if count and self._unsure(row, shown) else count, "dim")
        if key in (c.OF_FUNCTION.key, c.SECOND.key, c.PER_HIT.key):
            return self._beside(key, row)
        own = key in (c.SELF.key, c.SELF_SHARE.key)
        value = self.self_cost(row) if own else self.further(row)
        if np.isnan(value) or (own and not shown.line):
            return Cell("")
        before = self._before_own() if own else MARKS[self.mark(row)]
        if key in (c.SELF.key, c.CALLEES.key, c.INCLUSIVE.key):
            return Cell("?" if before == "?" else before + units.draw(value, self.scope.metrics[self.metric].unit))
        if before == "?":
            return Cell("?", "mark")
        share = units.percent(value, self._total)
        heat = min(1.0, max(0.0, value / self._total)) if self._total else None
        if before == MARKS[UPPER] and share.startswith("<"):
            share = share[1:]  # "<=<0.1%" would be no clearer
        return Cell(before + share if share else "", "mark" if before.startswith(MARKS[1:]) else "normal", heat)

    def _beside(self, key: str, row: int) -> Cell:
        """What stands beside a row's cost: its share of the function, the second metric, the cost of a hit."""
        metrics = self.scope.metrics
        if key == c.OF_FUNCTION.key:
            share = self.of_function(row)
            return Cell("" if np.isnan(share) else units.percent(share, 1.0), heat=None if np.isnan(share) else share)
        if key == c.PER_HIT.key or self.second is None:
            return Cell(units.draw(self.per_hit(row), metrics[self.metric].unit))
        drawn = units.draw(self.self_cost(row, self.second), metrics[self.second].unit)
        return Cell(self._before_own() + drawn if drawn else "")

    def _before_own(self) -> str:
        """What stands before self costs: whether they are estimates, and whether they are a whole function's."""
        estimated = MARKS[ESTIMATED] if self.figures.estimated else ""
        return estimated + (WHOLE if self.figures.telling == "functions" else "")

    def text(self, row: int) -> str:
        """The text of a line, or the callee whose line is not known, safe to draw."""
        shown = self.row(row)
        if shown.note:
            return shown.note
        if shown.call is not None:
            return f"  {full_name(self.scope.functions, shown.call.callee)}"
        return safe(self.source.lines[shown.line - 1]) if self.source is not None else ""

    def key(self, row: int) -> Hashable:
        """(file, line); of other rows what they say."""
        shown = self.row(row)
        if shown.line:
            return self.file, shown.line
        return (self.file, 0, shown.note if shown.call is None else shown.call.callee)

    def row_at(self, key: Hashable) -> int | None:
        """The row of a line's key, None for anything else."""
        if isinstance(key, tuple) and len(key) == 2 and key[0] == self.file and isinstance(key[1], int):
            return self.row_of_line(key[1])
        return None

    def depth(self, row: int) -> int:
        """0: lines have no depth."""
        return 0

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

    def detail(self, row: int) -> str:
        """What is called on the line and what that costs, or what its self cost is; of no lines whose they are not."""
        shown = self.row(row)
        if shown.note:
            return shown.note if self.focus is None or self._lines else full_name(self.scope.functions, self.focus)
        calls = self.calls(row)
        if shown.call is not None:
            return f"not known where: {self._call_text(shown.call)}"
        parts = []
        own = self.self_cost(row)
        if not np.isnan(own) and self.figures.telling == "functions":
            parts.append(f"self {self._drawn(own)} is all of the function's: its lines were not measured")
        parts += [self._call_text(call) for call in calls]
        if others := self.figures.perhaps_on.get(shown.line, ()):
            named = safe(self.scope.functions.name[others[0].callee])
            more = f" or {units.counted(len(others) - 1, 'other callee')}" if len(others) > 1 else ""
            parts.append(f"perhaps calls {named}{more}")
        place = f"{safe(self.file)}:{shown.line}"
        return f"line {shown.line}: " + "; ".join(parts) if parts else place

    def _call_text(self, call: LineCall) -> str:
        name = safe(self.scope.functions.name[call.callee])
        cost = self._drawn(float(call.cost[self.metric]))
        count = "" if np.isnan(call.calls) else f" in {units.counted(call.calls, 'call')}"
        if call.certain or not (lines := sorted({*call.lines, *call.perhaps})):
            return f"{name} {cost}{count}"
        if not call.lines:
            return f"{name} {cost}{count}, perhaps on line{'s' * (len(lines) > 1)} {_listed(lines)}"
        return f"{name} {cost}{count}, on one of lines {_listed(lines)}"

    def _drawn(self, cost: float) -> str:
        return units.draw(cost, self.scope.metrics[self.metric].unit)

    def record(self, row: int) -> dict[str, Any]:
        """The row under the names of the JSON schema: the function around it, the line, its figures and calls."""
        shown, functions, metrics = self.row(row), self.scope.functions, self.scope.metrics
        at = self.figures.row(shown.line)
        unknown = np.full(len(metrics), np.nan)
        own = unknown if at is None else self.figures.self_cost[:, at]
        inclusive = self.figures.inclusive
        calls = self.calls(row)
        return {
            **_identity(functions, self.function(row)),
            "source_file": self.file,
            "source_line": shown.line or None,
            "text": self._recorded_text(shown),
            "self": costs_record(metrics, own),
            "self_of": "function" if self.figures.telling == "functions" else "line",
            "inclusive": costs_record(metrics, unknown if inclusive is None or at is None else inclusive[:, at]),
            "calls": number(self.count(row)),
            "primitive_calls": None,
            "mark": MARKS[self.mark(row)],
            "callees": [
                {
                    "callee": identity_record(functions, call.callee),
                    "calls": number(call.calls),
                    "inclusive": costs_record(metrics, call.cost),
                    "lines": list(call.lines),
                    "perhaps": list(call.perhaps),
                    "certain": call.certain,
                }
                for call in calls
            ],
        }

    def _recorded_text(self, shown: Row) -> str | None:
        """A line as it is in the file, but for tabs; a note; None where the text is not at hand."""
        if not shown.line:
            return shown.note or None
        return self.source.lines[shown.line - 1] if self.source is not None else None

    @cached_property
    def _haystack(self) -> Haystack:
        return Haystack([self.text(row) for row in range(len(self))])

    def find(self, text: str) -> Ids:
        """The rows whose text contains `text`, from top to bottom."""
        return self._haystack.find(text)


def _listed(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:6]))
    return f"{shown} and {len(lines) - 6} more" if len(lines) > 6 else shown


def _identity(functions: Functions, function: int | None) -> dict[str, Any]:
    if function is None:
        return {"id": None, "name": "", "file": None, "line": None, "module": None}
    return identity_record(functions, function)
