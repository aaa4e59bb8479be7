"""A quantity over time as lines of text: columns of blocks over an axis."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from proftui import units
from proftui.model import Floats, Series
from proftui.report.sparkline import EIGHTHS
from proftui.report.text import fit, safe, width
from proftui.units import TIME

LOWEST = 10
"""The cells of columns without which nothing is drawn."""


def plot(series: Series, cells: int, height: int, seconds: float) -> list[str]:
    """`height` lines of columns from 0 to `seconds`, and an axis below them; [] without room, or of nothing but 0.

    The heights are named at the left: the highest value that is known at the top, 0 or the lowest one below. A column
    is as high as the highest value in its stretch of time, so that peaks are kept; one without a measurement as high
    as the last before it.
    """
    known = series.value[_known(series)]
    if not len(known) or height < 1:
        return []
    top, floor = max(float(known.max()), 0.0), min(float(known.min()), 0.0)
    if top == floor:
        return []
    names = units.draw(top, series.unit), units.draw(floor, series.unit)
    margin = max(map(width, names)) + 1
    columns = highest(series, cells - margin - 1, seconds)
    if len(columns) < LOWEST:
        return []
    eighths = _eighths(columns, floor, top, height * len(EIGHTHS))
    lines = []
    for line in range(height):
        below = (height - 1 - line) * len(EIGHTHS)
        name = names[0] if line == 0 else ""
        drawn = "".join(_block(eighth - below) for eighth in eighths)
        lines.append(f"{fit(name, margin - 1, right=True)} │{drawn}".rstrip())
    axis = f" {units.draw(seconds * 1e9, TIME)}"
    lines.append(f"{fit(names[1], margin - 1, right=True)} └{'─' * (len(columns) - width(axis))}{axis}")
    return lines


def highest(series: Series, columns: int, seconds: float) -> Floats:
    """The highest value in each of so many equal stretches of 0 to `seconds`; NaN before the first measurement."""
    found = np.full(max(columns, 0), np.nan)
    known = _known(series)
    if not len(found) or not len(known):
        return found
    share = series.seconds[known] / seconds if seconds > 0 else np.zeros(len(known))
    at = np.clip((share * len(found)).astype(np.intp), 0, len(found) - 1)
    np.fmax.at(found, at, series.value[known])
    # the last measurement before a stretch without one: not the highest of its own stretch
    newest = np.full(len(found), -1, np.intp)
    np.maximum.at(newest, at, np.arange(len(at)))
    before = np.maximum.accumulate(newest)
    ended = np.arange(len(found)) > at.max()
    held = np.isnan(found) & (before >= 0) & ~ended
    found[held] = series.value[known][before[held]]
    return found


def peak(series: Series) -> tuple[float, float] | None:
    """When the highest value was measured first, in seconds, and that value; None where nothing was measured."""
    known = _known(series)
    if not len(known):
        return None
    at = known[np.argmax(series.value[known])]
    return float(series.seconds[at]), float(series.value[at])


def last(series: Series) -> float | None:
    """The value that was measured last."""
    known = _known(series)
    return float(series.value[known[-1]]) if len(known) else None


def _known(series: Series) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.isfinite(series.value) & np.isfinite(series.seconds))


def caption(series: Series) -> str:
    """What a series is of, its peak and when that was, and what was measured last; safe to draw."""
    highest_one = peak(series)
    if highest_one is None:
        return safe(f"{series.label}: not measured")
    second, value = highest_one
    during = running(series, second)
    return safe(
        f"{series.label}: peak {units.draw(value, series.unit)} at {units.draw(second * 1e9, TIME)}"
        + (f" in {during}" if during else "")
        + f", last {units.draw(last(series), series.unit)}, {units.counted(len(_known(series)), 'measurement')}"
    )


def running(series: Series, second: float) -> str:
    """The name of the shortest span that a time lies in, "" for none."""
    spans = [(end - begin, name) for name, begin, end, _, _ in series.spans if begin <= second <= end]
    return min(spans)[1] if spans else ""


def lasting(series: tuple[Series, ...]) -> float:
    """The last time of all, in seconds; 0 where there is none."""
    ends = [float(one.seconds.max()) for one in series if len(one.seconds)]
    return max(ends, default=0.0)


def _eighths(columns: Floats, floor: float, top: float, full: int) -> list[int]:
    """How high each column is; one that is above the floor at all is to be seen, -1 is not known."""
    extent = top - floor or 1.0
    return [
        -1 if np.isnan(value) else max(round((value - floor) / extent * full), int(value > floor))
        for value in columns.tolist()
    ]


def _block(eighths: int) -> str:
    return " " if eighths <= 0 else EIGHTHS[min(eighths, len(EIGHTHS)) - 1]
