"""The array types of the model."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
"""Costs and counts. Time is whole nanoseconds (exact to 104 days), counts are exact to 2^53; NaN = not measured."""

Ids: TypeAlias = npt.NDArray[np.int32]
"""Dense ids of functions, frames or rows; line numbers."""

Bools: TypeAlias = npt.NDArray[np.bool_]

NO_LINE = -1
"""The line number of what has none (built-in functions, binaries without debug information)."""


def grouped(values: npt.NDArray[np.integer]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """(where one of each distinct value is, in ascending order; for each value which of the distinct it is).

    What `numpy.unique` gives for an index and an inverse; its first call alone costs 10 ms, for importing numpy.ma.
    """
    order = np.argsort(values)
    ordered = values[order]
    begins = np.ones(len(values), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    which = np.empty(len(values), np.intp)
    which[order] = np.cumsum(begins) - 1
    return order[begins], which
