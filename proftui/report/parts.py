"""The parts of a profile as rows: sorted, drawn, searched, recorded."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from proftui import units
from proftui.model import Ids
from proftui.report.identity import costs_record, identity_record, in_base, number
from proftui.report.part_table import PartTable
from proftui.report.rows import Cell, Column
from proftui.report.text import safe, width

CHOICE = Column("choice", "", 2, "left")
SHARE = Column("share", "Share", 6, sort="total")
TOTAL = Column("total", "Total", 9, sort="total", priority=1)
FUNCTIONS = Column("functions", "Functions", 9, sort="functions", priority=4)
CALLS = Column("calls", "Calls", 9, sort="calls", priority=5)
PART = Column("name", "Part", 16, "left", flexible=True, sort="name")
KIND = Column("kind", "Kind", 7, "left", sort="kind", priority=6)
PROCESS = Column("pid", "Process", 8, sort="pid", priority=3)
THREAD = Column("tid", "Thread", 8, sort="tid", priority=3)
LARGEST = Column("largest", "Most self cost in", 20, "left", sort="largest", priority=2)

LONGEST = 30
"""The cells of names before which other columns give way."""

CHOSEN, MARKED = "✓", "•"


class PartRows:
    """Parts in one order, those of one process below it. `chosen` parts are shown elsewhere, None for all.

    `marked` holds parts; it changes in place. With `choosing` there is a column for both.
    """

    def __init__(
        self,
        table: PartTable,
        sort: str = "total",
        *,
        descending: bool = True,
        absolute: bool = False,
        chosen: tuple[int, ...] | None = None,
        choosing: bool = False,
    ) -> None:
        self.table = table
        self.sort = sort
        self.chosen = None if chosen is None else frozenset(chosen)
        self.marked: set[int] = set()
        self.order = table.order(sort, descending=descending)
        self._absolute = absolute
        self._choosing = choosing

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Those that have something to show; further metrics carry their name."""
        parts, metrics = self.table.parts, self.table.profile.metrics
        shown = [CHOICE] if self._choosing else []
        shown += [] if self._absolute else [SHARE]
        shown.append(replace(TOTAL, priority=0) if self._absolute else TOTAL)
        for other, metric in enumerate(metrics):
            if other != self.table.metric:
                key = f"total_{other}"
                shown.append(Column(key, safe(metric.label), 9, sort=key, priority=7 + other))
        shown.append(FUNCTIONS)
        shown += [CALLS] if any(part.graph.calls is not None for part in parts) else []
        names = max((width(safe(name)) for name in self.table.names), default=0)
        shown += [replace(PART, width=min(max(names, PART.width), LONGEST)), LARGEST, KIND]
        shown += [PROCESS] if any(part.pid is not None for part in parts) else []
        return (*shown, *([THREAD] if any(part.tid is not None for part in parts) else []))

    def __len__(self) -> int:
        return len(self.order)

    def parts(self, row: int) -> list[int]:
        """The parts that a row stands for: one, or those of a process."""
        return self.table.members[self.order[row]]

    def cells(self, row: int) -> list[Cell]:
        """One cell for each column."""
        return [self._cell(column.key, self.order[row]) for column in self.columns]

    def _cell(self, key: str, at: int) -> Cell:
        table = self.table
        part = None if table.is_process(at) else table.parts[at]
        if key == CHOICE.key:
            return self._choice(at)
        if key == SHARE.key:
            total = float(table.totals[table.metric, at])
            share = units.percent(total, table.whole)
            return Cell(share, heat=total / table.whole if share and table.whole > 0 else None)
        if key.startswith(TOTAL.key):
            metric = table.metric if key == TOTAL.key else int(key.removeprefix("total_"))
            return Cell(units.draw(float(table.totals[metric, at]), table.profile.metrics[metric].unit))
        if key == FUNCTIONS.key:
            return Cell(units.draw(float(table.functions[at]), units.COUNT))
        if key == CALLS.key:
            return Cell(units.draw(float(table.calls[at]), units.COUNT))
        if key == PART.key:
            return Cell(safe(table.names[at]), "normal" if self._shown(at) else "dim")
        if key == LARGEST.key:
            return self._largest(at)
        if key == KIND.key:
            return Cell("process" if part is None else part.kind, "dim")
        number_of = table.pids[at] if key == PROCESS.key else part and part.tid
        return Cell("" if number_of is None else str(number_of), "dim")

    def _shown(self, at: int) -> bool:
        return self.chosen is None or any(part in self.chosen for part in self.table.members[at])

    def _choice(self, at: int) -> Cell:
        members = self.table.members[at]
        chosen = self.chosen is not None and all(part in self.chosen for part in members)
        marked = all(part in self.marked for part in members)
        return Cell((CHOSEN if chosen else " ") + (MARKED if marked else ""), "link")

    def _largest(self, at: int) -> Cell:
        found = self.table.largest[at]
        if found is None:
            return Cell("")
        function, cost = found
        share = units.percent(cost, float(self.table.totals[self.table.metric, at]))
        return Cell(f"{share:>6} {safe(self.table.profile.functions.name[function])}", "dim")

    def key(self, row: int) -> Hashable:
        """("part", its index) or ("process", its id)."""
        at = self.order[row]
        return ("process", self.table.pids[at]) if self.table.is_process(at) else ("part", at)

    def row_of(self, key: Hashable) -> int | None:
        """The row with that key, or None."""
        return next((row for row in range(len(self)) if self.key(row) == key), None)

    def depth(self, row: int) -> int:
        """1 for a part below its process."""
        at = self.order[row]
        return 0 if self.table.is_process(at) or self.table.parts[at].pid not in self.table.processes else 1

    def function(self, row: int) -> int | None:
        """The function with the most self cost."""
        found = self.table.largest[self.order[row]]
        return None if found is None else found[0]

    def detail(self, row: int) -> str:
        """The row in full: name, kind, process and thread, and what costs most in it."""
        table, at = self.table, self.order[row]
        metric = table.profile.metrics[table.metric]
        if table.is_process(at):
            return f"{table.names[at]}  {len(table.members[at]):,} parts together"
        part = table.parts[at]
        label = safe(part.label)
        told = label.split() + re.findall(r"\d+", label)
        words = [label, *[part.kind] * (part.kind not in told)]
        words += [
            f"{what} {value}"
            for what, value in (("process", part.pid), ("thread", part.tid))
            if value is not None and str(value) not in told
        ]
        if (found := table.largest[at]) is not None:
            functions, (function, cost) = table.profile.functions, found
            place = re.split(r"[/\\]", functions.location(function))[-1]
            words.append(f"most self cost, {units.draw(cost, metric.unit)}: {safe(functions.name[function])}")
            words += [safe(place)] * bool(place)
        elif table.metric not in part.metrics:
            words.append(f"does not measure {safe(metric.label)}")
        return "  ".join(words)

    def record(self, row: int) -> dict[str, Any]:
        """The row in base units under the names of the JSON schema; self and inclusive cost are the total."""
        table, at = self.table, self.order[row]
        part = None if table.is_process(at) else table.parts[at]
        totals = costs_record(table.profile.metrics, table.totals[:, at])
        found = table.largest[at]
        unit = table.profile.metrics[table.metric].unit
        return {
            "id": None,
            "name": table.names[at],
            "file": None,
            "line": None,
            "module": None,
            "calls": number(float(table.calls[at])),
            "primitive_calls": None,
            "self": totals,
            "inclusive": totals,
            "mark": "",
            "part": None if part is None else at + 1,
            "kind": "process" if part is None else part.kind,
            "pid": table.pids[at],
            "tid": None if part is None else part.tid,
            "functions": number(float(table.functions[at])),
            "largest": None if found is None else identity_record(table.profile.functions, found[0]),
            "largest_self": None if found is None else in_base(found[1], unit),
        }

    def find(self, text: str) -> Ids:
        """The rows whose name, kind, process or thread contains `text`, from top to bottom."""
        place = np.empty(len(self.order), np.int32)
        place[self.order] = np.arange(len(self.order), dtype=np.int32)
        return np.sort(place[self.table.haystack.find(text)])
