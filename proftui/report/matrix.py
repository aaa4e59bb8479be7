"""Functions by how their cost spreads over the parts, as rows: sorted, drawn, searched, recorded."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property
from typing import Any

import numpy as np

from proftui import units
from proftui.analysis.scope import ESTIMATED, MARKS, UPPER, Mark, Scope
from proftui.analysis.spread import FEWEST, Kind, Spread
from proftui.model import Floats, Ids
from proftui.report import columns as c
from proftui.report.identity import costs_record, full_name, identity_record, in_base, number
from proftui.report.rows import Cell, Column, Haystack
from proftui.report.text import safe

EXCESS = Column("excess", "Stands out", 11, sort="excess")
DEVIATIONS = Column("deviations", "Dev", 6, sort="deviations", priority=3)
MEDIAN = Column("median", "Median", 9, sort="median")
MOST = Column("most", "Most", 9, sort="most", priority=2)
LEAST = Column("least", "Least", 9, sort="least", priority=5)
TOUCHED = Column("touched", "In parts", 8, sort="touched", priority=4)
PART = Column("part", "Part", 16, "left", priority=1)

BY_SIZE = ("excess", "deviations")
"""The sort keys whose sign says the direction, not the size."""


class MatrixRows:
    """The functions that any part touches, in one order; what stands out most in cost comes first."""

    def __init__(
        self, scope: Scope, metric: int, kind: Kind, spread: Spread, sort: str = "excess", *, descending: bool = True
    ) -> None:
        self.scope = scope
        self.metric = metric
        self.kind = kind
        self.spread = spread
        self.sort = sort
        self.order = self._order(sort, descending=descending)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All of them."""
        return (EXCESS, DEVIATIONS, MEDIAN, MOST, LEAST, TOUCHED, c.NAME, PART, c.LOCATION)

    @cached_property
    def _mark(self) -> Mark:
        """What costs are that are not exact: estimates behind filters, else upper bounds."""
        return MARKS[UPPER if self.scope.graph.bounds is None else ESTIMATED]

    def _order(self, key: str, *, descending: bool) -> Ids:
        """Equal ones, and those that do not stand out, by what they cost most in any part; unknown ones last."""
        spread, functions = self.spread, self.scope.functions
        if key in (c.NAME.key, c.LOCATION.key):
            column = functions.name if key == c.NAME.key else functions.file
            texts = [column[function] for function in spread.function.tolist()]
            order = np.array(sorted(range(len(texts)), key=texts.__getitem__), np.int32)
            return order[::-1] if descending else order
        values: Floats = np.asarray(getattr(spread, key), np.float64)
        values = np.abs(values) if key in BY_SIZE else values
        keys = (-np.nan_to_num(spread.most), -values if descending else values, np.isnan(values))
        return np.lexsort(keys).astype(np.int32)

    def __len__(self) -> int:
        return len(self.order)

    def cells(self, row: int) -> list[Cell]:
        """One cell for each column."""
        at = int(self.order[row])
        return [self._cell(column.key, at) for column in self.columns]

    def _cell(self, key: str, at: int) -> Cell:
        spread, unit = self.spread, self.scope.metrics[self.metric].unit
        if key == EXCESS.key:
            excess = float(spread.excess[at])
            known = not np.isnan(excess) and spread.typical > 0
            return Cell(units.change(excess, unit), heat=min(1.0, abs(excess) / spread.typical) if known else None)
        if key == DEVIATIONS.key:
            return Cell(_deviations(float(spread.deviations[at])), "normal" if spread.stands_out[at] else "dim")
        if key in (MEDIAN.key, MOST.key, LEAST.key):
            value = float({"median": spread.median, "most": spread.most, "least": spread.least}[key][at])
            if np.isnan(value):
                return Cell("?", "mark")
            mark = self._mark if spread.vague[at] and value else ""
            return Cell(mark + units.draw(value, unit), "mark" if mark else "normal")
        if key == TOUCHED.key:
            return Cell(units.draw(float(spread.touched[at]), units.COUNT), "dim")
        if key == PART.key:
            return Cell(safe(self._label(at)) if spread.stands_out[at] else "", "link")
        function = int(spread.function[at])
        if key == c.NAME.key:
            return Cell(safe(self.scope.functions.name[function]))
        return Cell(safe(self.scope.functions.location(function)), "dim")

    def _label(self, at: int) -> str:
        return self.scope.profile.parts[int(self.spread.part[at])].label

    def part(self, row: int) -> int:
        """The part farthest from the median, an index into the profile's parts."""
        return int(self.spread.part[self.order[row]])

    def key(self, row: int) -> Hashable:
        """The function's id."""
        return self.function(row)

    def depth(self, row: int) -> int:
        """0: a table has no depth."""
        return 0

    def function(self, row: int) -> int:
        """The function's id."""
        return int(self.spread.function[self.order[row]])

    def row_of(self, function: Hashable) -> int | None:
        """The row that shows a function id, or None."""
        found = np.flatnonzero(self.spread.function[self.order] == function)
        return int(found[0]) if len(found) else None

    def detail(self, row: int) -> str:
        """The row in full: the function, and how the part differs that does most."""
        at, spread = int(self.order[row]), self.spread
        unit = self.scope.metrics[self.metric].unit
        name = full_name(self.scope.functions, int(spread.function[at]))
        where = f"in {units.draw(float(spread.touched[at]), units.COUNT)} of {len(spread.parts):,} parts"
        if np.isnan(spread.median[at]):
            return f"{where}, the {self.kind} cost of one is unknown  {name}"
        if len(spread.parts) < FEWEST:
            return f"of {units.counted(len(spread.parts), 'part')} none stands out; {where}  {name}"
        cost, median = (units.draw(float(value), unit) for value in (spread.cost[at], spread.median[at]))
        verb = "stands out" if spread.stands_out[at] else "is farthest off, but does not stand out"
        return f"{safe(self._label(at))} {verb}: {cost}, median {median}, {where}  {name}"

    def record(self, row: int) -> dict[str, Any]:
        """The row in base units under the names of the JSON schema; self and inclusive are the sums over the parts."""
        at, spread, graph = int(self.order[row]), self.spread, self.scope.graph
        function = int(spread.function[at])
        place = int(np.searchsorted(graph.function, function))
        unit = self.scope.metrics[self.metric].unit

        def base(column: Floats) -> float | int | None:
            return in_base(float(column[at]), unit)

        inclusive = np.array([self.scope.inclusive(metric)[place] for metric in range(len(self.scope.metrics))])
        return {
            **identity_record(self.scope.functions, function),
            "calls": None if graph.calls is None else number(float(graph.calls[place])),
            "primitive_calls": None if graph.primitive_calls is None else number(float(graph.primitive_calls[place])),
            "self": costs_record(self.scope.metrics, graph.self_cost[:, place]),
            "inclusive": costs_record(self.scope.metrics, inclusive),
            "mark": self._mark if spread.vague[at] else "",
            "of": self.kind,
            "parts": len(spread.parts),
            "touched": int(spread.touched[at]),
            "least": base(spread.least),
            "median": base(spread.median),
            "most": base(spread.most),
            "part": int(spread.part[at]) + 1,
            "label": self._label(at),
            "cost": base(spread.cost),
            "deviations": number(float(spread.deviations[at])),
            "stands_out": bool(spread.stands_out[at]),
        }

    @cached_property
    def _haystack(self) -> Haystack:
        functions = self.scope.functions
        texts = [
            f"{functions.name[function]}\t{functions.file[function]}\t{self._label(at) if out else ''}"
            for at, (function, out) in enumerate(
                zip(self.spread.function.tolist(), self.spread.stands_out.tolist(), strict=True)
            )
        ]
        return Haystack(texts)

    def find(self, text: str) -> Ids:
        """The rows whose function's name or file, or the part that stands out, contains `text`, from top to bottom."""
        place = np.empty(len(self.order), np.int32)
        place[self.order] = np.arange(len(self.order), dtype=np.int32)
        return np.sort(place[self._haystack.find(text)])


def _deviations(value: float) -> str:
    if np.isnan(value):
        return ""
    return "∞" if np.isinf(value) else f"{value:+,.0f}" if abs(value) >= 10 else f"{value:+.1f}"
