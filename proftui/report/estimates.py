"""Figures that are estimates between bounds: how they are drawn, told and recorded."""

from __future__ import annotations

from typing import Any

from proftui import units
from proftui.analysis.scope import ESTIMATED, MARKS, UNKNOWN, UPPER, Figures
from proftui.report.identity import in_base
from proftui.report.rows import Cell
from proftui.units import Unit

WIDER = 2
"""How many cells a mark takes beside a number."""


def share_cell(figures: Figures, at: int, whole: float) -> Cell:
    """The share of `whole` with its mark."""
    mark, value = int(figures.mark[at]), float(figures.shown[at])
    if mark == UNKNOWN:
        return Cell("?", "mark")
    part = min(value, whole) if mark == UPPER else value
    share = units.percent(part, whole)
    heat = part / whole if share and whole else None
    return Cell(MARKS[mark] + share if share else "", "mark" if mark else "normal", heat)


def amount_cell(figures: Figures, at: int, unit: Unit, *, marked: bool = False) -> Cell:
    """The number with its unit; `marked`, where no share beside it has the mark."""
    mark = int(figures.mark[at])
    if mark == UNKNOWN:
        return Cell("?" if marked else "", "mark")
    drawn = units.draw(float(figures.shown[at]), unit)
    return Cell((MARKS[mark] if marked and drawn else "") + drawn, "mark" if mark else "normal")


def told(what: str, figures: Figures, at: int, unit: Unit) -> str:
    """What the detail line says of a number that is not exact, or nothing."""
    mark = int(figures.mark[at])
    value, low, high = (units.draw(float(column[at]), unit) for column in (figures.value, figures.low, figures.high))
    if mark == ESTIMATED:
        return f"{what} estimated {value}, between {low} and {high}" if low else f"{what} estimated {value}"
    if mark == UPPER:
        return f"{what} at most {high}, perhaps {value}"
    return f"{what} unknown" if mark == UNKNOWN else ""


def limits_record(figures: Figures, at: int, unit: Unit) -> dict[str, Any]:
    """`mark`, `low` and `high` of a number, in base units."""
    low, high = (float(column[at]) for column in (figures.low, figures.high))
    return {"mark": MARKS[int(figures.mark[at])], "low": in_base(low, unit), "high": in_base(high, unit)}
