"""The live table of functions as rows: shares, how far they are known, and where they go."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from proftui import units
from proftui.analysis.shares import INCLUSIVE, LEAST, SELF, Shares
from proftui.model import Ids
from proftui.report import columns as c
from proftui.report.functions import BOOKMARK
from proftui.report.identity import full_name, identity_record, number
from proftui.report.rows import Cell, Column
from proftui.report.sparkline import sparkline
from proftui.report.text import safe
from proftui.report.top_table import TopTable, haystack

SELF_SHARE = Column("self_share", "Self%", 12, sort="self")
INCLUSIVE_SHARE = Column("inclusive_share", "Incl%", 6, sort="inclusive")
INCLUSIVE_HALF = Column("inclusive_half", "±", 5, priority=2)
RECENT = Column("recent", "Self now", 8, sort="recent")
RECENT_INCLUSIVE = Column("recent_inclusive", "Incl now", 8, priority=4, sort="recent_inclusive")
TREND = Column("trend", "▲▼", 2, sort="trend")
MINUTE = Column("minute", "Last minute", 12, priority=3)
SAMPLES = Column("samples", "Samples", 9, priority=6, sort="samples")
CHANGE = Column("change", "Δ mark", 6, priority=1, sort="change")
LOCATION = Column("location", "File:line", 26, "left", priority=5, sort="location", cut="start")

RISE, FALL = "▲", "▼"

FAINT = 0.01
"""A share that fills the cells of the last minute at least, so that a few samples do not look like a mountain."""


@dataclass(frozen=True)
class TopRows:
    """Functions in one order; `marked` are the ids of functions with a bookmark."""

    shares: Shares
    sort: str = "self"
    descending: bool = True
    marked: frozenset[int] = frozenset()

    @cached_property
    def table(self) -> TopTable:
        """The functions in order."""
        return TopTable(self.shares, self.sort, self.descending)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns that have something to show."""
        bookmark = (c.BOOKMARK,) if self.marked else ()
        shares = (SELF_SHARE, INCLUSIVE_SHARE, INCLUSIVE_HALF, RECENT, RECENT_INCLUSIVE, TREND, MINUTE, SAMPLES)
        change = () if self.shares.change is None else (CHANGE,)
        return (*bookmark, *shares, *change, c.NAME, LOCATION, c.MODULE)

    @property
    def order(self) -> Ids:
        """The places in `shares` in the order in which they are shown."""
        return self.table.order

    @property
    def place(self) -> Ids:
        """Where each function is shown, by id; -1 where it is not."""
        return self.table.place

    def __len__(self) -> int:
        return len(self.shares)

    def cells(self, row: int) -> list[Cell]:
        """One cell for each column."""
        at = int(self.order[row])
        return [
            self._bookmark(row) if column is c.BOOKMARK else _DRAW[column.key](self.table, at)
            for column in self.columns
        ]

    def _bookmark(self, row: int) -> Cell:
        return Cell(BOOKMARK if self.function(row) in self.marked else "", "link")

    def key(self, row: int) -> int:
        """The function's id."""
        return self.function(row)

    def function(self, row: int) -> int:
        """The function's id."""
        return int(self.shares.function[self.order[row]])

    def row_of(self, function: int) -> int | None:
        """The row that shows a function id, or None."""
        row = int(self.place[function]) if 0 <= function < len(self.place) else -1
        return row if row >= 0 else None

    def depth(self, row: int) -> int:
        """0: a table has no depth."""
        return 0

    def detail(self, row: int) -> str:
        """The row in full: name and place, shares and how far they are known."""
        at = int(self.order[row])
        return top_detail(self.shares, at) + ("" if self.table.settled[at] else "; its place is not settled")

    def record(self, row: int) -> dict[str, Any]:
        """The row as shares from 0 to 1 and counts of samples; null = not known."""
        shares, at = self.shares, int(self.order[row])
        columns = {"share": shares.share, "half": shares.half, "recent": shares.recent, "step": shares.step}
        if shares.change is not None:
            columns |= {"change": shares.change.share, "change_half": shares.change.half}
        return {
            **identity_record(shares.functions, self.function(row)),
            "samples": {"self": number(shares.samples[SELF, at]), "inclusive": number(shares.samples[INCLUSIVE, at])},
            "total": number(shares.total),
            "windows": shares.windows,
            **{
                key: {"self": _share(values[SELF, at]), "inclusive": _share(values[INCLUSIVE, at])}
                for key, values in columns.items()
            },
        }

    def find(self, text: str) -> Ids:
        """The rows whose name or file contains `text`, from top to bottom."""
        found = self.place[haystack(self.shares.functions).find(text)]
        return np.sort(found[found >= 0])


def top_detail(shares: Shares, at: int) -> str:
    """A function in full: name and place, both shares with their intervals, of what, and the change since a mark."""
    own, inclusive = (_with_interval(shares, kind, at) for kind in (SELF, INCLUSIVE))
    windows = units.counted(shares.windows, "window")
    base = f"of {units.counted(shares.total, 'thread sample')} in {windows}"
    few = f" ({LEAST} tell an interval)" if shares.windows < LEAST else ""
    text = f"{full_name(shares.functions, int(shares.function[at]))}  self {own}, inclusive {inclusive} {base}{few}"
    if shares.change is None:
        return text
    change, label = shares.change, safe(shares.change.moment.label)
    half = float(change.half[SELF, at])
    unsure = "" if math.isnan(half) else f" ±{_points(half)}"
    mark = f"the mark {label}" if label else "the mark"
    return f"{text}; self {_signed(float(change.share[SELF, at]))}{unsure} points since {mark}"


def _with_interval(shares: Shares, kind: int, at: int) -> str:
    """A share and its interval, or what this is at least: samples that hang together tell less than others."""
    share, half = units.percent(float(shares.share[kind, at]), 1.0), float(shares.half[kind, at])
    if math.isnan(half):
        return f"{share} ± at least {_points(float(shares.least[kind, at]))}"
    return f"{share} ±{_points(half)}"


def _points(share: float) -> str:
    """A difference of shares in percentage points; nobody needs to know by how much more than 100."""
    return f"{100 * share:.1f}" if share < 0.9995 else "100"


def _signed(share: float) -> str:
    return "0.0" if abs(share) < 0.0005 else f"{100 * share:+.1f}"


def _share(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _shaded(table: TopTable, at: int, text: str, share: float) -> Cell:
    """A share; dim where more samples may well change its place."""
    return Cell(text, "normal" if table.settled[at] else "dim", share)


def _self_share(table: TopTable, at: int) -> Cell:
    """With room for the interval from the start, so that numbers stay where they are when it comes."""
    share, half = float(table.shares.share[SELF, at]), float(table.shares.half[SELF, at])
    unsure = "" if math.isnan(half) else f"±{_points(half)}"
    return _shaded(table, at, f"{units.percent(share, 1.0)} {unsure:<5}", share)


def _inclusive_share(table: TopTable, at: int) -> Cell:
    share = float(table.shares.share[INCLUSIVE, at])
    return _shaded(table, at, units.percent(share, 1.0), share)


def _inclusive_half(table: TopTable, at: int) -> Cell:
    half = float(table.shares.half[INCLUSIVE, at])
    return Cell("" if math.isnan(half) else f"±{_points(half)}", "dim")


def _recent(kind: int) -> Callable[[TopTable, int], Cell]:
    def draw(table: TopTable, at: int) -> Cell:
        share = float(table.shares.recent[kind, at])
        return Cell(units.percent(share, 1.0), "normal" if share else "dim")

    return draw


def _trend(table: TopTable, at: int) -> Cell:
    trend = table.shares.trend[table.by, at]
    return Cell(RISE if trend > 0 else FALL if trend < 0 else "", "mark")


def _minute(table: TopTable, at: int) -> Cell:
    values = table.shares.minute[:, table.by, at]
    return Cell(sparkline(values, MINUTE.width, max(FAINT, float(np.nanmax(values, initial=0.0)))))


def _samples(table: TopTable, at: int) -> Cell:
    return Cell(units.draw(float(table.shares.samples[SELF, at]), units.SAMPLES))


def _change(table: TopTable, at: int) -> Cell:
    """A change is marked where its interval is apart from none at all."""
    change = table.shares.change
    if change is None:
        return Cell("")
    share, half = float(change.share[table.by, at]), float(change.half[table.by, at])
    return Cell(_signed(share), "mark" if abs(share) > half else "dim")


def _name(table: TopTable, at: int) -> Cell:
    return Cell(safe(table.shares.functions.name[table.shares.function[at]]))


def _location(table: TopTable, at: int) -> Cell:
    return Cell(safe(table.shares.functions.location(int(table.shares.function[at]))), "dim")


def _module(table: TopTable, at: int) -> Cell:
    return Cell(safe(table.shares.functions.module_at(int(table.shares.function[at]))), "dim")


_DRAW: dict[str, Callable[[TopTable, int], Cell]] = {
    SELF_SHARE.key: _self_share,
    INCLUSIVE_SHARE.key: _inclusive_share,
    INCLUSIVE_HALF.key: _inclusive_half,
    RECENT.key: _recent(SELF),
    RECENT_INCLUSIVE.key: _recent(INCLUSIVE),
    TREND.key: _trend,
    MINUTE.key: _minute,
    SAMPLES.key: _samples,
    CHANGE.key: _change,
    c.NAME.key: _name,
    LOCATION.key: _location,
    c.MODULE.key: _module,
}
