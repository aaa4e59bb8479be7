"""Student's t distribution, as far as 95 % intervals need it."""

from __future__ import annotations

import numpy as np

from proftui.model import Floats

_FREEDOM = (*range(1, 31), 40, 60, 120, 1e9)
_QUANTILES = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    2.021, 2.000, 1.980, 1.960,
)  # fmt: skip
"""Of 0.975: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, with the normal distribution's at the end."""


def quantile(freedom: Floats | float) -> Floats:
    """How many standard errors a 95 % interval reaches to either side; `freedom` are degrees of at least 1.

    Between the table's entries it is interpolated over 1 / freedom, along which it is almost straight.
    """
    inverse = -1.0 / np.asarray(freedom, np.float64)
    reach: Floats = np.interp(inverse, [-1.0 / degrees for degrees in _FREEDOM], _QUANTILES)
    return reach
