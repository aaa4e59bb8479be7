"""Groups of functions as rows that open to their members: sorted, drawn, searched, recorded."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from proftui import units
from proftui.analysis.scope import ESTIMATED, UPPER
from proftui.model import Ids
from proftui.report import columns as c
from proftui.report.estimates import amount_cell, limits_record, share_cell, told
from proftui.report.functions import FunctionRows
from proftui.report.group_table import GroupTable
from proftui.report.identity import costs_record, number
from proftui.report.rows import Cell, Column
from proftui.report.text import safe

Key = tuple[str, str]
"""A group's name and place, which stay the same when figures, filters and parts change."""

TITLES = {
    "class": "Class", "file": "File", "module": "Module", "package": "Package", "directory": "Directory",
    "object": "Object",
}  # fmt: skip

_UNGROUPED = {
    "class": "functions outside of classes, and those whose names do not tell, as in cProfile",
    "file": "functions without a file: built-in ones, and those without debug information",
    "module": "functions whose module neither file nor name tells",
    "package": "functions whose package neither file nor name tells",
    "directory": "functions without a directory: built-in ones, and files named without one",
    "object": "functions for which the profile names no binary or module",
}


class GroupRows:
    """The groups in one order, and below each that is open its functions in the same order.

    Opening and closing change the rows in place; `members` gives the functions' order and cells, `expansion` are the
    groups that are open at first.
    """

    def __init__(self, table: GroupTable, members: FunctionRows, expansion: Iterable[Key] = ()) -> None:
        self.table = table
        self.members = members
        self.sort = members.sort
        self.order = table.order(members.sort, descending=members.descending)
        wanted = set(expansion)
        self._open = np.array([self._key(group) in wanted for group in range(len(table))], np.bool_)
        self._lay()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Those of the functions, with how many there are."""
        title = TITLES[self.table.costs.grouping.by]
        shown: list[Column] = []
        for column in self.members.columns:
            if column.key == c.NAME.key:
                shown += [c.MEMBERS, replace(column, title=title)]
            elif column.key != c.MODULE.key:
                shown.append(column)
        return tuple(shown)

    @cached_property
    def _within(self) -> tuple[Ids, Ids]:
        """The functions by group, in order in each; and where each group's begin."""
        group = self.table.of_function[self.members.order]
        by_group = np.argsort(group, kind="stable")
        starts = np.searchsorted(group[by_group], np.arange(len(self.table) + 1)).astype(np.int32)
        return self.members.order[by_group], starts

    def _lay(self) -> None:
        """Where each group's row is, in order, and one past the last row."""
        starts = self._within[1]
        sizes = np.where(self._open, np.diff(starts), 0)[self.order] + 1
        self._first: npt.NDArray[np.intp] = np.concatenate([[0], np.cumsum(sizes)])
        self._place = np.empty(len(self.order), np.intp)
        self._place[self.order] = self._first[:-1]

    def _at(self, row: int) -> tuple[int, int]:
        """The group of a row, and the member among the group's from 0 on, -1 for the group itself."""
        place = int(np.searchsorted(self._first, row, side="right")) - 1
        return int(self.order[place]), row - int(self._first[place]) - 1

    def _member(self, group: int, member: int) -> int:
        """The row among all functions."""
        functions, starts = self._within
        return int(self.members.place[functions[starts[group] + member]])

    def _key(self, group: int) -> Key:
        return self.table.names[group], self.table.places[group]

    def __len__(self) -> int:
        return int(self._first[-1])

    @property
    def expansion(self) -> frozenset[Key]:
        """The groups that are open."""
        return frozenset(self._key(group) for group in np.flatnonzero(self._open).tolist())

    def key(self, row: int) -> Hashable:
        """A group's name and place, or the function's id."""
        group, member = self._at(row)
        return self._key(group) if member < 0 else self.members.key(self._member(group, member))

    def depth(self, row: int) -> int:
        """0 for a group, 1 for a function."""
        return 0 if self._at(row)[1] < 0 else 1

    def function(self, row: int) -> int | None:
        """The function's id; a group is none."""
        group, member = self._at(row)
        return None if member < 0 else self.members.function(self._member(group, member))

    def row_of(self, function: int) -> int | None:
        """The row of a function, its group opened; None where it is not shown."""
        at = self.members.row_of(function)
        if at is None:
            return None
        function_row = int(self.members.order[at])
        group = int(self.table.of_function[function_row])
        functions, starts = self._within
        self._set(group, opened=True)
        within = np.flatnonzero(functions[starts[group] : starts[group + 1]] == function_row)
        return int(self._place[group] + 1 + within[0])

    def group_of(self, function: int) -> int | None:
        """The row of a function's group, opened or not; None where it is in none."""
        at = self.members.row_of(function)
        return None if at is None else int(self._place[self.table.of_function[self.members.order[at]]])

    def row_of_key(self, key: Hashable) -> int | None:
        """The row of a group by its key, or None."""
        found = [group for group in range(len(self.table)) if self._key(group) == key]
        return int(self._place[found[0]]) if found else None

    # ------------------------------------------------------------------ opening

    def parent(self, row: int) -> int | None:
        """The group's row; a group has none."""
        group, member = self._at(row)
        return None if member < 0 else int(self._place[group])

    def expandable(self, row: int) -> bool:
        """Whether it is a group."""
        return self._at(row)[1] < 0

    def expanded(self, row: int) -> bool:
        """Whether it is a group that is open."""
        group, member = self._at(row)
        return member < 0 and bool(self._open[group])

    def _set(self, group: int, *, opened: bool) -> int:
        """Open or close; how many rows more there are."""
        before = len(self)
        self._open[group] = opened
        self._lay()
        return len(self) - before

    def expand(self, row: int) -> int:
        """Open a group. The number of rows that this adds."""
        group, member = self._at(row)
        return self._set(group, opened=True) if member < 0 else 0

    def collapse(self, row: int) -> None:
        """Close a group."""
        group, member = self._at(row)
        if member < 0:
            self._set(group, opened=False)

    def expand_all(self, row: int) -> int:
        """Open a group; there is nothing deeper."""
        return self.expand(row)

    def expand_heaviest(self, row: int) -> int:
        """Open a group. The row of its first function in order."""
        group, member = self._at(row)
        self._set(group, opened=True)
        return int(self._place[group]) + 1 + max(member, 0)

    # ------------------------------------------------------------------ drawing

    def cells(self, row: int) -> list[Cell]:
        """One cell for each column."""
        group, member = self._at(row)
        if member < 0:
            return [self._cell(column.key, group) for column in self.columns]
        drawn = self.members.cells(self._member(group, member))
        by_key = {column.key: cell for column, cell in zip(self.members.columns, drawn, strict=True)}
        return [by_key.get(column.key, Cell("")) for column in self.columns]

    def _cell(self, key: str, group: int) -> Cell:
        functions, metrics = self.table.functions, self.table.functions.scope.metrics
        if key == c.NAME.key:
            known = self.table.costs.group[group] != self.table.costs.grouping.unknown
            return Cell(safe(self.table.names[group]), "normal" if known else "dim")
        if key == c.LOCATION.key:
            return Cell(safe(self.table.places[group]), "dim")
        if key == c.MEMBERS.key:
            return Cell(units.draw(float(self.table.costs.members[group]), units.COUNT), "dim")
        figures = self.table.figures(key)
        if figures is not None and key in (c.SELF_SHARE.key, c.INCLUSIVE_SHARE.key):
            return share_cell(figures, group, functions.scope.total(functions.metric))
        if figures is not None:
            return amount_cell(figures, group, metrics[functions.metric].unit, marked=self.members.absolute)
        values = self.table.values.get(key)
        return Cell("") if values is None else Cell(self._amount(key, float(values[group])))

    def _amount(self, key: str, value: float) -> str:
        functions = self.table.functions
        metrics = functions.scope.metrics
        if key == c.CALLS.key:
            return units.draw(value, units.COUNT)
        if key.endswith("_change"):
            return units.change(value, metrics[functions.metric].unit)
        second = key.startswith("second") and functions.second is not None
        return units.draw(value, metrics[functions.second or 0 if second else functions.metric].unit)

    def detail(self, row: int) -> str:
        """The group in full: where it is, how many functions it has, between which bounds its cost lies."""
        group, member = self._at(row)
        if member >= 0:
            return self.members.detail(self._member(group, member))
        costs = self.table.costs
        count = units.counted(int(costs.members[group]), "function")
        words = [self.table.names[group], self.table.places[group], count, self._known(group)]
        if costs.group[group] == costs.grouping.unknown:
            words.insert(1, _UNGROUPED[costs.grouping.by])
        return "  ".join(safe(word) for word in words if word)

    def _known(self, group: int) -> str:
        functions, costs = self.table.functions, self.table.costs
        unit = functions.scope.metrics[functions.metric].unit
        figures = costs.inclusive[functions.metric]
        if figures.mark[group] == UPPER:
            low, high = (units.draw(float(ends[group]), unit) for ends in (figures.low, figures.high))
            known = f"calls leave it and come back: inclusive {low} to {high}"
        else:
            known = told("inclusive", figures, group, unit) if figures.mark[group] == ESTIMATED else ""
        return "  ".join(word for word in (told("self", costs.own[functions.metric], group, unit), known) if word)

    def record(self, row: int) -> dict[str, Any]:
        """The row in base units under the names of the JSON schema; `calls` of a group come from outside of it."""
        group, member = self._at(row)
        if member >= 0:
            return self.members.record(self._member(group, member))
        functions, costs = self.table.functions, self.table.costs
        metrics = functions.scope.metrics
        own, inclusive = (np.array([one.shown[group] for one in every]) for every in (costs.own, costs.inclusive))
        return {
            "id": None,
            "name": self.table.names[group],
            "file": self.table.places[group] or None,
            "line": None,
            "module": None,
            "calls": number(float(self.table.values["calls"][group])),
            "primitive_calls": None,
            "self": costs_record(metrics, own),
            "inclusive": costs_record(metrics, inclusive),
            "cycle": False,
            **limits_record(costs.inclusive[functions.metric], group, metrics[functions.metric].unit),
            "members": int(costs.members[group]),
        }

    def find(self, text: str, *, names: bool = False) -> Ids:
        """The rows that `text` is found in, from top to bottom; with `names` the groups' own only.

        Else a closed group stands for its functions.
        """
        rows = [self._place[self.table.haystack.find(text)]]
        if names:
            return np.sort(rows[0]).astype(np.int32)
        found = self.members.table.haystack.find(text)
        found = found[(self.table.of_function[found] >= 0) & (self.members.place[found] >= 0)]
        group = self.table.of_function[found]
        closed = ~self._open[group]
        rows.append(self._place[group[closed]])
        functions, starts = self._within
        place = np.empty(self.members.table.size, np.intp)
        place[functions] = np.arange(len(functions))
        rows.append(self._place[group[~closed]] + 1 + place[found[~closed]] - starts[group[~closed]])
        return np.unique(np.concatenate(rows)).astype(np.int32)
