"""The callers or the callees of one function, exact one hop away."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from proftui import units
from proftui.analysis.scope import MARKS, UNKNOWN, UPPER, Figures, Scope
from proftui.model import Floats, Ids
from proftui.report import columns as c
from proftui.report.estimates import amount_cell, limits_record, told
from proftui.report.identity import costs_record, full_name, identity_record, number
from proftui.report.rows import Cell, Column, Haystack
from proftui.report.text import safe

Side = Literal["callers", "callees"]
Base = Literal["total", "parent", "absolute"]

SHARE = replace(c.INCLUSIVE_SHARE, key="share", title="Share")
COST = replace(c.INCLUSIVE, key="cost", title="Incl", priority=1)
OWN = replace(c.SELF, key="own", title="Self", priority=2)


@dataclass(frozen=True)
class NeighbourRows:
    """One row for each arc that enters ("callers") or leaves ("callees") a function.

    Costs are those of the arc: what the callee cost when this caller called it. `base` "parent" takes shares of the
    inclusive cost of the function in focus, "total" of the whole profile.
    """

    scope: Scope
    metric: int
    focus: int
    side: Side
    sort: str = "inclusive"
    descending: bool = True
    base: Base = "parent"

    @cached_property
    def arcs(self) -> Ids:
        """The arcs in the order in which they are shown."""
        graph = self.scope.graph
        row = graph.row_of(self.focus)
        if row is None:
            return np.zeros(0, np.int32)
        arcs = graph.callers_of(row) if self.side == "callers" else graph.callees_of(row)
        return arcs[self._order(arcs)]

    def _order(self, arcs: Ids) -> Ids:
        graph = self.scope.graph
        if self.sort in ("name", "location", "module"):
            functions = self.scope.functions
            texts: list[tuple[str, int]] = []
            for function in graph.function[self._others(arcs)].tolist():
                if self.sort == "location":
                    texts.append((functions.file[function], int(functions.line[function])))
                else:
                    texts.append(((functions.name if self.sort == "name" else functions.module)[function], 0))
            order = np.array(sorted(range(len(arcs)), key=texts.__getitem__), np.int32)
            return order[::-1] if self.descending else order
        own, calls = graph.arc_self, graph.arc_calls
        by_key: dict[str, Floats | None] = {
            "self": None if own is None else own[self.metric],
            "calls": calls,
        }
        values = by_key.get(self.sort)
        values = (graph.arc_cost[self.metric] if values is None else values)[arcs]
        return np.argsort(-values if self.descending else values, kind="stable").astype(np.int32)

    def _others(self, arcs: Ids) -> Ids:
        """The graph's rows at the other ends of arcs."""
        graph = self.scope.graph
        return (graph.caller if self.side == "callers" else graph.callee)[arcs]

    @cached_property
    def costs(self) -> Floats:
        """The arcs' costs as shown: NaN where unknown, never above the total."""
        return self.figures.shown

    @cached_property
    def figures(self) -> Figures:
        """How far the arcs' costs are known."""
        return self.scope.arc_figures(self.metric, self.arcs)

    @property
    def estimated(self) -> bool:
        """Whether a filter made the figures estimates."""
        return self.scope.graph.bounds is not None

    @cached_property
    def _own_figures(self) -> Figures | None:
        figures = self.scope.arc_self_figures(self.metric)
        return None if figures is None else figures.at(self.arcs)

    @cached_property
    def whole(self) -> float:
        """What shares are taken of, in stored units; NaN where it is unknown."""
        row = self.scope.graph.row_of(self.focus)
        if self.base == "total" or row is None:
            return self.scope.total(self.metric)
        return float(self.scope.inclusive(self.metric)[row])

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns that have something to show."""
        graph = self.scope.graph
        shown = [COST] if self.base == "absolute" else [SHARE, COST]
        if graph.arc_self is not None:
            shown.append(OWN)
        if graph.arc_calls is not None:
            shown.append(replace(c.CALLS, priority=0))
        name = replace(c.NAME, title="Caller" if self.side == "callers" else "Callee")
        return (*shown, name, c.LOCATION)

    def __len__(self) -> int:
        return len(self.arcs)

    def mark(self, row: int) -> int:
        """How far the row's cost is known, an index into MARKS."""
        return int(self.figures.mark[row])

    def cells(self, row: int) -> list[Cell]:
        """One cell for each column."""
        return [self._cell(column.key, row) for column in self.columns]

    def _cell(self, key: str, row: int) -> Cell:
        graph, arc = self.scope.graph, int(self.arcs[row])
        unit = self.scope.metrics[self.metric].unit
        mark = self.mark(row)
        cost = float(self.costs[row])
        if key == SHARE.key:
            if mark == UNKNOWN:
                return Cell("?", "mark")
            part = min(cost, self.whole) if mark == UPPER else cost
            heat = min(1.0, part / self.whole) if self.whole and not np.isnan(part / self.whole) else None
            share = units.percent(part, self.whole)
            return Cell(MARKS[mark] + share if share else "", "mark" if mark else "normal", heat)
        if key == COST.key:
            return Cell(units.draw(cost, unit), "mark" if mark and self.estimated else "normal")
        if key == OWN.key and graph.arc_self is not None:
            if self.estimated and self._own_figures is not None:
                return amount_cell(self._own_figures, row, unit, marked=True)
            return Cell(units.draw(float(graph.arc_self[self.metric, arc]), unit))
        if key == c.CALLS.key:
            return Cell(self._calls(arc))
        function = self.function(row)
        if key == c.NAME.key:
            return Cell(safe(self.scope.functions.name[function]))
        return Cell(safe(self.scope.functions.location(function)), "dim")

    def _calls(self, arc: int) -> str:
        graph = self.scope.graph
        if graph.arc_calls is None:
            return units.BLANK
        text = units.draw(float(graph.arc_calls[arc]), units.COUNT)
        primitive = graph.arc_primitive_calls
        if not text or primitive is None or primitive[arc] == graph.arc_calls[arc]:
            return text
        return f"{text}/{units.draw(float(primitive[arc]), units.COUNT)}"

    def key(self, row: int) -> Hashable:
        """The id of the function at the other end."""
        return self.function(row)

    def depth(self, row: int) -> int:
        """0: a table has no depth."""
        return 0

    def function(self, row: int) -> int:
        """The id of the function at the other end."""
        graph = self.scope.graph
        return int(graph.function[self._others(self.arcs[row : row + 1])[0]])

    def detail(self, row: int) -> str:
        """The function at the other end in full, and why the arc's cost is not exact."""
        name = full_name(self.scope.functions, self.function(row))
        mark = self.mark(row)
        if self.estimated:
            return f"{name}  {told('cost', self.figures, row, self.scope.metrics[self.metric].unit)}".rstrip()
        raw = self.scope.graph.arc_cost[self.metric, self.arcs[row]]
        drawn = units.draw(float(raw), self.scope.metrics[self.metric].unit)
        if mark == UNKNOWN:
            return f"{name}  cost unknown: the file says {drawn}, above the total"
        return f"{name}  within a cycle: at most {drawn}" if mark == UPPER else name

    def record(self, row: int) -> dict[str, Any]:
        """The arc in base units under the names of the JSON schema, with both its ends."""
        graph, arc = self.scope.graph, int(self.arcs[row])
        functions, metrics = self.scope.functions, self.scope.metrics
        own = np.full(len(metrics), np.nan) if graph.arc_self is None else graph.arc_self[:, arc]
        cost = graph.arc_cost[:, arc].copy()
        cost[self.metric] = self.costs[row]
        calls, primitive = graph.arc_calls, graph.arc_primitive_calls
        return {
            **identity_record(functions, self.function(row)),
            "calls": None if calls is None else number(calls[arc]),
            "primitive_calls": None if primitive is None else number(primitive[arc]),
            "self": costs_record(metrics, own),
            "inclusive": costs_record(metrics, cost),
            "caller": identity_record(functions, int(graph.function[graph.caller[arc]])),
            "callee": identity_record(functions, int(graph.function[graph.callee[arc]])),
            "mark": MARKS[self.mark(row)],
            **(limits_record(self.figures, row, metrics[self.metric].unit) if self.estimated else {}),
        }

    @cached_property
    def _haystack(self) -> Haystack:
        functions = self.scope.functions
        ids = [self.function(row) for row in range(len(self))]
        return Haystack([f"{functions.name[function]}\t{functions.file[function]}" for function in ids])

    def find(self, text: str) -> Ids:
        """The rows whose name or file contains `text`, from top to bottom."""
        return self._haystack.find(text)
