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
