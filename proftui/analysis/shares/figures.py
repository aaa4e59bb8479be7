"""What a live table of functions shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from proftui.model import Floats, Functions, Ids, Moment

SELF, INCLUSIVE = 0, 1
"""The rows of the arrays below."""


@dataclass(frozen=True, eq=False)
class Change:
    """What changed at a moment: 2 x n shares after less before, and half the width of the 95 % interval, NaN = none."""

    moment: Moment
    share: Floats
    half: Floats


@dataclass(frozen=True, eq=False)
class Shares:
    """The n functions that were seen, by id, in the parts and through the filters that were asked for.

    One sample counts a function once however deep the recursion. Shares are from 0 to 1, of the thread samples.

    samples     2 x n, of `total` thread samples in `windows` windows
    half        2 x n: half the width of the 95 % interval of each share; NaN where there is none yet
    least       2 x n: what it is at least
    recent      2 x n: shares in the last window, which has `recent_total` thread samples; NaN where it has none
    step        2 x n: how much more that is than in the window before; NaN where there is none
    trend       2 x n: 1 and -1 where a step is beyond noise, else 0
    minute      bins x 2 x n: shares over the last minute, oldest first; NaN for times without samples
    change      since a marked moment, None where none splits the time
    """

    functions: Functions
    function: Ids
    samples: Floats
    total: float
    windows: int
    half: Floats
    least: Floats
    recent: Floats
    recent_total: float
    step: Floats
    trend: Floats
    minute: Floats
    change: Change | None = None

    def __len__(self) -> int:
        return len(self.function)

    @cached_property
    def share(self) -> Floats:
        """2 x n."""
        share: Floats = self.samples / (self.total or 1.0)
        return share
