"""A line of text that draws how a number went over time."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from proftui.model.arrays import Floats

EIGHTHS = "▁▂▃▄▅▆▇█"
"""From nothing to all, in steps of an eighth."""


def sparkline(values: Sequence[float] | Floats, width: int, top: float | None = None) -> str:
    """`values` in `width` cells, the newest on the right; blank is what is not known (NaN) or was not yet.

    A full cell is `top`, or the largest value that is drawn. Where there are more values than cells, a cell is the mean
    of those known that share it.
    """
    cells = means(np.asarray(values, np.float64), max(width, 0))
    known = cells[~np.isnan(cells)]
    full = top if top is not None else float(known.max(initial=0.0))
    return "".join(glyph(value, full) for value in cells.tolist()).rjust(max(width, 0))


def glyph(value: float, full: float) -> str:
    """One cell as high as `value` is of `full`; the lowest for 0, a blank for NaN."""
    if math.isnan(value):
        return " "
    share = min(max(value / full, 0.0), 1.0) if full > 0 else 0.0
    return EIGHTHS[min(int(share * len(EIGHTHS)), len(EIGHTHS) - 1)]


def means(values: Floats, most: int) -> Floats:
    """At most so many means of neighbours that are known, in stretches as equal as can be; NaN where none is known."""
    if len(values) <= most or not most:
        return values[:most]
    edges = np.arange(most) * len(values) // most
    known = ~np.isnan(values)
    count = np.add.reduceat(known, edges, dtype=np.float64)
    sums = np.add.reduceat(np.where(known, values, 0.0), edges)
    shares: Floats = np.divide(sums, count, out=np.full(most, np.nan), where=count > 0)
    return shares
