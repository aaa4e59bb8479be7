"""A recording's windows as columns on a line: how many share one, what stands between them, and the times below.

Columns are windows, not seconds: where a window is longer than others (old ones are merged), or time passed without
any, a column is more time. The times of the axis stand where they belong all the same.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from proftui.model.arrays import Floats
from proftui.model.recording import Moment, Span, Windows
from proftui.report.timeline import clock

Kind = Literal["column", "mark", "gap", "open", "close"]

STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
"""Seconds between two times of the axis."""

APART = 3
"""Blanks between two times of the axis, at least."""


class Cell(NamedTuple):
    """What one cell of the line is for.

    column       windows first to last (one past the end)
    mark, gap    a marked moment, or time without samples, before window `first`, or where there is none after all
    open, close  the bracket before window `first` or after window `last` - 1 of the chosen range
    """

    kind: Kind
    first: int
    last: int


def columns_of(windows: Windows, room: int, marks: Sequence[Moment] = ()) -> list[Cell]:
    """All windows in at most `room` cells, a column each where that fits, else as many to a column as are needed.

    No column goes across a marked moment or a gap. Of both, too many to be drawn, the newest and the longest are.
    """
    count, most = len(windows), max(room, 1)
    if not count:
        return []
    between = _between(windows, (most - 1) // 4, marks)
    bounds = sorted({0, *between, count})
    lengths = np.diff(bounds)
    left = most - len(between)
    shared = 1 + bisect_left(range(1, count), True, key=lambda each: bool((-(-lengths // each)).sum() <= left))
    cells: list[Cell] = []
    for begin, end in itertools.pairwise(bounds):
        if begin in between:
            cells.append(Cell(between[begin], begin, begin))
        cells += [Cell("column", first, min(first + shared, end)) for first in range(begin, end, shared)]
    if count in between:
        cells.append(Cell(between[count], count, count))
    return cells


def _between(windows: Windows, most: int, marks: Sequence[Moment]) -> dict[int, Kind]:
    """What stands before which window: at most so many marks, and at most so many gaps."""
    marked = np.searchsorted(windows.start, [mark.seconds - 1e-9 for mark in marks])
    gap = windows.start[1:] - windows.end[:-1]
    wide = np.flatnonzero(gap > windows.seconds[:-1])
    longest = wide[np.argsort(-gap[wide], kind="stable")[:most]] + 1
    gaps: dict[int, Kind] = dict.fromkeys(longest.tolist(), "gap")
    newest = np.unique(marked)[::-1][:most]
    return gaps | dict.fromkeys(newest.tolist(), "mark")


def bracketed(cells: Sequence[Cell], windows: Windows, span: Span | None) -> list[Cell]:
    """The cells with brackets around the columns that hold windows of the range; a range that ends now stays open."""
    if span is None:
        return list(cells)
    first, last = windows.within(span)
    held = [x for x, cell in enumerate(cells) if cell.kind == "column" and cell.first < last and cell.last > first]
    if not held:
        begin = next((x for x, cell in enumerate(cells) if cell.first >= first), len(cells))
        return [*cells[:begin], Cell("open", first, first), *cells[begin:]] if span[1] is None else list(cells)
    begin, end = held[0], held[-1] + 1
    closing = [] if span[1] is None else [Cell("close", last - 1, last)]
    return [*cells[:begin], Cell("open", first, first), *cells[begin:end], *closing, *cells[end:]]


def column_at(cells: Sequence[Cell], x: int) -> Cell | None:
    """The column that a cell belongs to: itself, or the one next to what stands there; None beyond the last."""
    if not 0 <= x < len(cells):
        return None
    columns = [cell for cell in cells if cell.kind == "column"]
    place = bisect_right([column.first for column in columns], cells[x].first) - 1
    return columns[max(place, 0)] if columns else None


# ---------------------------------------------------------------------- figures, one for each column


def rates(windows: Windows, columns: Sequence[Cell]) -> Floats:
    """Thread samples for each second in which samples were taken; NaN where none were."""
    return _ratio(windows.samples, windows.seconds, columns)


def processor(windows: Windows, columns: Sequence[Cell]) -> Floats:
    """Processor time of the process as a share of one processor's, NaN where unknown."""
    ends = windows.end
    # a window's processor time is that since the end of the one before
    lasted = np.diff(ends, prepend=windows.start[:1])
    known = ~np.isnan(windows.cpu)
    return _ratio(np.where(known, windows.cpu, 0.0), np.where(known, lasted, 0.0), columns)


def failed(windows: Windows, columns: Sequence[Cell]) -> Floats:
    """The share of samples that failed, NaN where none was tried."""
    return _ratio(windows.errors, windows.errors + windows.samples, columns)


def _ratio(part: Floats, whole: Floats, columns: Sequence[Cell]) -> Floats:
    if not columns:
        return np.zeros(0)
    firsts = [column.first for column in columns]
    parts, wholes = np.add.reduceat(part, firsts), np.add.reduceat(whole, firsts)
    ratio: Floats = np.divide(parts, wholes, out=np.full(len(firsts), np.nan), where=wholes > 0)
    return ratio


# ---------------------------------------------------------------------- the axis


def axis(windows: Windows, cells: Sequence[Cell], room: int) -> str:
    """Times since the start in `room` cells, each beginning below the column that it falls into."""
    places = [(x, cell.first) for x, cell in enumerate(cells) if cell.kind == "column"]
    if not places:
        return " " * room
    begins = windows.start[[first for _, first in places]]
    begin, end = float(begins[0]), float(windows.end[-1])
    step = _step((end - begin) / len(places) * (len(clock(end)) + APART))
    text, at = "", -(-begin // step) * step
    while at < end:
        x = places[max(int(np.searchsorted(begins, at, side="right")) - 1, 0)][0]
        label = clock(at)
        if x >= len(text) + (APART if text else 0) and x + len(label) <= room:
            text = text.ljust(x) + label
        at += step
    return text.ljust(room)


def _step(least: float) -> float:
    """The round number of seconds that is not shorter."""
    return next((float(step) for step in STEPS if step >= least), -(-least // STEPS[-1]) * STEPS[-1])
