"""The lines of a source file as rows: drawn, searched, recorded."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from proftui import units
from proftui.analysis.line_figures import LineCall
from proftui.analysis.scope import ESTIMATED, MARKS, UPPER
from proftui.model import Functions, Ids
from proftui.report import source_columns as c
from proftui.report.identity import costs_record, full_name, identity_record, number
from proftui.report.rows import Cell, Column, Haystack
from proftui.report.source_lines import Row, SourceLines
from proftui.report.text import safe

WHOLE = "Σ"
"""Before the self cost of a whole function, which stands where the function begins."""


@dataclass(frozen=True, eq=False)
class SourceRows(SourceLines):
    """A file's lines as rows of text with their figures."""

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
            return Cell(MARKS[UPPER] + count if count and self.unsure(row) else count, "dim")
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
        share = units.percent(value, self.total)
        heat = min(1.0, max(0.0, value / self.total)) if self.total else None
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

    def detail(self, row: int) -> str:
        """What is called on the line and what that costs, or what its self cost is; of no lines whose they are not."""
        shown = self.row(row)
        if shown.note:
            return shown.note if self.focus is None or self.lines else full_name(self.scope.functions, self.focus)
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
