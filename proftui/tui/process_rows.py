"""Processes as rows: a tree, sorted among those that the same process started, and cut to what matches a filter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from proftui import units
from proftui.live.processes import Process
from proftui.model import Ids
from proftui.report.rows import Cell, Column
from proftui.report.text import safe
from proftui.tui.state import Sort

PID = Column("pid", "PID", 7, sort="pid")
USER = Column("user", "User", 8, "left", priority=2, sort="user", cut="end")
CPU = Column("cpu", "CPU", 6, sort="cpu")
MEMORY = Column("memory", "Memory", 9, sort="memory")
AGE = Column("age", "Age", 6, sort="age")
PYTHON = Column("python", "Python", 7, sort="python")
ENVIRONMENT = Column("environment", "Environment", 20, "left", priority=3, sort="environment", cut="start")
WHAT = Column("what", "What it runs", 30, "left", flexible=True, sort="what", cut="end")

UNKNOWN = -1.0
"""What is not known stands below all that is."""

_KEYS: dict[str, Callable[[Process], Any]] = {
    "pid": lambda process: process.pid,
    "user": lambda process: process.user or "",
    # in whole percents: those that idle do not change places all the time
    "cpu": lambda process: UNKNOWN if process.cpu is None else round(process.cpu, 2),
    "memory": lambda process: UNKNOWN if process.memory is None else process.memory,
    "age": lambda process: -process.created,
    "python": lambda process: tuple(map(int, (process.version or "").split("."))) if process.version else (),
    "environment": lambda process: process.environment or "",
    "what": lambda process: process.what.casefold(),
}
SORTS = tuple(_KEYS)
"""The sort keys in the order of the columns."""

_BY_TEXT = ("user", "environment", "what", "pid")
"""What begins with the smallest."""


def sorted_by(key: str) -> Sort:
    """The order in which people want to see a column at first."""
    return Sort(key, key not in _BY_TEXT)


class ProcessRows:
    """Processes that have `needle` somewhere, each below the one that started it where that has it too."""

    columns = (PID, USER, CPU, MEMORY, AGE, PYTHON, ENVIRONMENT, WHAT)

    def __init__(self, processes: Sequence[Process], sort: Sort, needle: str = "") -> None:
        wanted = needle.casefold()
        kept = [process for process in processes if wanted in _text(process)]
        self.sort, self.needle = sort, needle
        self._rows = list(_tree(kept, sort))

    def __len__(self) -> int:
        return len(self._rows)

    def process(self, row: int) -> Process:
        """What stands there."""
        return self._rows[row][1]

    def depth(self, row: int) -> int:
        """How many of those above it, up to the first, started each other."""
        return self._rows[row][0]

    def row_of(self, pid: int) -> int | None:
        """Where a process stands, None where it does not."""
        return next((row for row, (_, process) in enumerate(self._rows) if process.pid == pid), None)

    def cells(self, row: int) -> list[Cell]:
        """What is known of it."""
        process = self.process(row)
        share = process.cpu
        return [
            Cell(str(process.pid), "link"),
            Cell(safe(process.user or ""), "dim"),
            Cell(units.percent(share, 1.0), heat=None if share is None else min(share, 1.0)),
            Cell(units.draw(process.memory, units.BYTES)),
            Cell(age(process.age), "dim"),
            Cell(process.version or ""),
            Cell(safe(process.environment or ""), "dim"),
            Cell(safe(process.what)),
        ]

    def detail(self, row: int) -> str:
        """The whole command line."""
        return safe(self.process(row).command)

    def find(self, text: str) -> Ids:
        """The rows that hold a text, regardless of case; none for ""."""
        wanted = text.casefold()
        found = (row for row in range(len(self)) if wanted in _text(self.process(row))) if wanted else ()
        return np.fromiter(found, np.int32)


def age(seconds: float) -> str:
    """A time in its largest unit: "12 s", "3 min", "5 h", "2 d"."""
    for size, symbol in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size:.0f} {symbol}"
    return f"{seconds:.0f} s"


def _text(process: Process) -> str:
    """What a filter is looked for in."""
    words = (str(process.pid), process.user, process.environment, process.what, process.command)
    return "\n".join(filter(None, words)).casefold()


def _tree(processes: Sequence[Process], sort: Sort) -> Iterator[tuple[int, Process]]:
    """Each process with its depth, the ones that it started right after it.

    A process stands where the first of its family would stand: the one that is busy may be far down.
    """
    there = {process.pid for process in processes}
    below: dict[int | None, list[Process]] = {}
    for process in sorted(processes, key=lambda one: one.pid):
        below.setdefault(process.parent if process.parent in there else None, []).append(process)
    best = {process.pid: _KEYS[sort.key](process) for process in processes}
    family = [(0, process) for process in below.get(None, ())]
    for depth, process in family:  # it grows: parents come before their children
        family += [(depth + 1, child) for child in below.get(process.pid, ())]
    first: Callable[..., Any] = max if sort.descending else min
    for depth, process in reversed(family):
        if depth and process.parent is not None:
            best[process.parent] = first(best[process.parent], best[process.pid])
    for children in below.values():
        children.sort(key=lambda process: best[process.pid], reverse=sort.descending)
    waiting = [(0, process) for process in reversed(below.get(None, ()))]
    while waiting:
        depth, process = waiting.pop()
        yield depth, process
        waiting += [(depth + 1, child) for child in reversed(below.get(process.pid, ()))]
