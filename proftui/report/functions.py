"""The table of functions as rows: sorted, drawn, searched, recorded."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from proftui import units
from proftui.analysis.scope import MARKS, UNKNOWN
from proftui.model import Ids
from proftui.report import columns as c
from proftui.report.estimates import WIDER, amount_cell, limits_record, share_cell, told
from proftui.report.function_table import FunctionTable
from proftui.report.identity import costs_record, full_name, identity_record, in_base, number
from proftui.report.rows import Cell, Column
from proftui.report.text import safe

BOOKMARK = "★"
"""What stands beside a function with a bookmark."""


@dataclass(frozen=True)
class FunctionRows:
    """The functions in one order, all of them or those in `kept`; `absolute` shows costs in place of shares.

    `wanted` are keys of the columns to show, in order, () for all; `marked` the ids of functions with a bookmark.
    """

    table: FunctionTable
    sort: str = "self"
    descending: bool = True
    kept: Ids | None = None
    absolute: bool = False
    wanted: tuple[str, ...] = ()
    marked: frozenset[int] = frozenset()

    @cached_property
    def order(self) -> Ids:
        """The table's rows in the order in which they are shown."""
        order = self.table.order(self.sort, descending=self.descending)
        if self.kept is None:
            return order
        mask = np.zeros(self.table.size, np.bool_)
        mask[self.kept] = True
        return order[mask[order]]

    @cached_property
    def place(self) -> Ids:
        """Where each of the table's rows is shown; -1 where it is not."""
        place = np.full(self.table.size, -1, np.int32)
        place[self.order] = np.arange(len(self.order), dtype=np.int32)
        return place

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Those columns that are wanted and have something to show."""
        there = self._columns()
        if self.wanted:
            by_key = {column.key: column for column in there}
            # what nobody can have meant to miss: the names, and what was asked for later than the wish
            names = [] if c.NAME.key in self.wanted else [c.NAME.key]
            asked = [column.key for column in there if column.key in ASKED and column.key not in self.wanted]
            there = tuple(by_key[key] for key in (*asked, *self.wanted, *names) if key in by_key)
        return (c.BOOKMARK, *there) if self.marked else there

    def _columns(self) -> tuple[Column, ...]:
        """All columns that have something to show; the second metric's carry its name."""
        table = self.table
        shown = [] if self.absolute else [c.SELF_SHARE, c.INCLUSIVE_SHARE]
        costs, wider = [c.SELF, c.INCLUSIVE], WIDER if table.estimated else 0
        shown += [replace(cost, priority=0, width=cost.width + wider) for cost in costs] if self.absolute else costs
        if table.second is not None:
            label = safe(table.scope.metrics[table.second].name)
            shown += [replace(c.SECOND_SELF, title=label), replace(c.SECOND_INCLUSIVE, title=f"Σ {label}")]
        if table.before is not None:
            # where there is little room the costs that shares stand for give way to changes, sorted by or not
            shown = shown if self.absolute else [replace(cost, sort="") if cost.priority else cost for cost in shown]
            shown += [c.SELF_CHANGE, c.INCLUSIVE_CHANGE]
        if table.scope.graph.calls is not None:
            shown += [c.CALLS, c.SELF_PER_CALL, c.INCLUSIVE_PER_CALL]
        if table.flat:
            shown = [column for column in shown if "inclusive" not in column.key]
        functions = table.scope.functions
        modules = any(functions.module_at(function) for function in range(len(functions)))
        return (*shown, c.NAME, c.LOCATION, *([c.MODULE] if modules else []))

    def __len__(self) -> int:
        return len(self.order)

    def cells(self, row: int) -> list[Cell]:
        """One cell for each column."""
        at = int(self.order[row])
        cells = [self._cell(column.key, at) for column in self.columns if column is not c.BOOKMARK]
        return [self._mark(at), *cells] if self.marked else cells

    def _cell(self, key: str, at: int) -> Cell:
        """Where no share has the mark of an estimate, the number has it."""
        table = self.table
        if self.absolute and table.estimated and key in (c.SELF.key, c.INCLUSIVE.key):
            figures = table.self_figures if key == c.SELF.key else table.inclusive_figures
            return amount_cell(figures(table.metric), at, table.scope.metrics[table.metric].unit, marked=True)
        return _DRAW[key](table, at)

    def _mark(self, at: int) -> Cell:
        marked = not self.table.is_cycle(at) and self.table.function(at) in self.marked
        return Cell(BOOKMARK if marked else "", "link")

    def key(self, row: int) -> Hashable:
        """The function's id; for a cycle the set of its members' ids."""
        return self.table.key(int(self.order[row]))

    def row_of(self, function: int) -> int | None:
        """The row that shows a function id, or None."""
        at = self.table.scope.graph.row_of(function)
        return int(self.place[at]) if at is not None and self.place[at] >= 0 else None

    def depth(self, row: int) -> int:
        """0: a table has no depth."""
        return 0

    def function(self, row: int) -> int | None:
        """The function's id; for a cycle its heaviest member's."""
        return self.table.function(int(self.order[row]))

    def detail(self, row: int) -> str:
        """The row in full: name and place, and how far its inclusive cost is known."""
        table, at = self.table, int(self.order[row])
        metric = table.scope.metrics[table.metric]
        name = safe(table.names[at]) if table.is_cycle(at) else full_name(table.scope.functions, table.function(at))
        return f"{name}  {_known(table, at, metric.unit)}".rstrip()

    def record(self, row: int) -> dict[str, Any]:
        """The row in base units under the names of the JSON schema; null = not measured."""
        table, at = self.table, int(self.order[row])
        identity = identity_record(table.scope.functions, table.function(at))
        if table.is_cycle(at):
            identity |= {"id": None, "name": table.names[at], "file": None, "line": None, "module": None}
        changes = {} if table.before is None else _changes_record(table, at)
        return {
            **identity,
            "calls": number(table.values["calls"][at]),
            "primitive_calls": number(table.values["primitive_calls"][at]),
            "self": costs_record(table.scope.metrics, table.self_cost[:, at]),
            "inclusive": costs_record(table.scope.metrics, table.inclusive[:, at]),
            "mark": MARKS[table.marks[at]],
            "cycle": table.is_cycle(at),
            **(_limits_record(table, at) if table.estimated else {}),
            **changes,
        }

    def find(self, text: str) -> Ids:
        """The shown rows whose name or file contains `text`, from top to bottom."""
        found = self.place[self.table.haystack.find(text)]
        return np.sort(found[found >= 0])


def _changes_record(table: FunctionTable, at: int) -> dict[str, Any]:
    """What changed since before, in base units of the table's metric; null where it is not known."""
    unit = table.scope.metrics[table.metric].unit
    keys = ("self_change", "inclusive_change")
    changes = {key: in_base(float(table.values[key][at]), unit) for key in keys}
    return {**changes, **{f"{key}_mark": table.change_mark(key, at) for key in keys}, "new": table.is_new(at)}


def _limits_record(table: FunctionTable, at: int) -> dict[str, Any]:
    """The figures as they are drawn, and between what those of the table's metric lie."""
    metrics, every = table.scope.metrics, range(len(table.scope.metrics))
    own, inclusive = table.self_figures(table.metric), table.inclusive_figures(table.metric)
    unit = metrics[table.metric].unit
    return {
        "self": costs_record(metrics, np.array([table.self_figures(metric).shown[at] for metric in every])),
        "inclusive": costs_record(metrics, np.array([table.inclusive_figures(metric).shown[at] for metric in every])),
        **limits_record(inclusive, at, unit),
        **{f"self_{key}": value for key, value in limits_record(own, at, unit).items()},
    }


def _known(table: FunctionTable, at: int, unit: units.Unit) -> str:
    """What the detail line says of costs that are not exact."""
    graph = table.scope.graph
    if table.estimated:
        own, inclusive = table.self_figures(table.metric), table.inclusive_figures(table.metric)
        return "; ".join(filter(None, [told("inclusive", inclusive, at, unit), told("self", own, at, unit)]))
    if table.cycles is not None and table.is_cycle(at):
        own = table.cycles.self_cost[table.metric, table.cycles.cycles[at - len(graph)]]
        count = len(table.members(at))
        return f"{count:,} functions that call each other, taken as one; self {units.draw(float(own), unit)}"
    raw = units.draw(float(graph.inclusive[table.metric, at]), unit)
    if table.marks[at] == UNKNOWN:
        return f"inclusive unknown: the file says {raw}, above the total"
    if table.marks[at] and graph.inclusive_low is not None:
        why = "in a cycle: " if graph.derived else ""
        return f"{why}inclusive {units.draw(float(graph.inclusive_low[table.metric, at]), unit)} to {raw}"
    return ""


def _amount(key: str) -> Callable[[FunctionTable, int], Cell]:
    def draw(table: FunctionTable, at: int) -> Cell:
        metric = table.second if key.startswith("second") and table.second is not None else table.metric
        if table.estimated and key.endswith(("self", "inclusive")):
            figures = table.self_figures(metric) if key.endswith("self") else table.inclusive_figures(metric)
            return amount_cell(figures, at, table.scope.metrics[metric].unit)
        return Cell(units.draw(float(table.values[key][at]), table.scope.metrics[metric].unit))

    return draw


def _change(key: str) -> Callable[[FunctionTable, int], Cell]:
    def draw(table: FunctionTable, at: int) -> Cell:
        if table.is_new(at):
            return Cell("new", "mark")
        value = float(table.values[key][at])
        text, mark = units.change(value, table.scope.metrics[table.metric].unit), table.change_mark(key, at)
        if mark and text:
            return Cell(mark + text, "mark")
        return Cell(text, "normal" if value else "dim")

    return draw


def _self_share(table: FunctionTable, at: int) -> Cell:
    value, total = float(table.values["self"][at]), table.scope.total(table.metric)
    if table.estimated:
        return share_cell(table.self_figures(table.metric), at, total)
    return Cell(units.percent(value, total), heat=value / total if total and not np.isnan(value) else None)


def _inclusive_share(table: FunctionTable, at: int) -> Cell:
    if table.estimated:
        return share_cell(table.inclusive_figures(table.metric), at, table.scope.total(table.metric))
    if table.marks[at] == UNKNOWN:
        return Cell("?", "mark")
    value, total = float(table.values["inclusive"][at]), table.scope.total(table.metric)
    mark = MARKS[table.marks[at]]
    return Cell(mark + units.percent(value, total), "mark" if mark else "normal", value / total if total else None)


def _calls(table: FunctionTable, at: int) -> Cell:
    calls, primitive = float(table.values["calls"][at]), float(table.values["primitive_calls"][at])
    text = units.draw(calls, units.COUNT)
    return Cell(text if primitive == calls or np.isnan(primitive) else f"{text}/{units.draw(primitive, units.COUNT)}")


def _name(table: FunctionTable, at: int) -> Cell:
    return Cell(safe(table.names[at]), "cycle" if table.is_cycle(at) else "normal")


def _location(table: FunctionTable, at: int) -> Cell:
    return Cell("" if table.is_cycle(at) else safe(table.scope.functions.location(table.function(at))), "dim")


def _module(table: FunctionTable, at: int) -> Cell:
    return Cell("" if table.is_cycle(at) else safe(table.scope.functions.module_at(table.function(at))), "dim")


_DRAW: dict[str, Callable[[FunctionTable, int], Cell]] = {
    c.SELF.key: _amount("self"),
    c.SELF_SHARE.key: _self_share,
    c.INCLUSIVE.key: _amount("inclusive"),
    c.INCLUSIVE_SHARE.key: _inclusive_share,
    c.SECOND_SELF.key: _amount("second_self"),
    c.SECOND_INCLUSIVE.key: _amount("second_inclusive"),
    c.SELF_CHANGE.key: _change("self_change"),
    c.INCLUSIVE_CHANGE.key: _change("inclusive_change"),
    c.CALLS.key: _calls,
    c.SELF_PER_CALL.key: _amount("self_per_call"),
    c.INCLUSIVE_PER_CALL.key: _amount("inclusive_per_call"),
    c.NAME.key: _name,
    c.LOCATION.key: _location,
    c.MODULE.key: _module,
}

ASKED = {c.SECOND_SELF.key, c.SECOND_INCLUSIVE.key, c.SELF_CHANGE.key, c.INCLUSIVE_CHANGE.key}
"""The keys of columns that are there only when they were asked for."""

COLUMN_KEYS = tuple(_DRAW)
"""The keys of all columns there can be."""
