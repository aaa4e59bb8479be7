"""The last windows: the newest beside the one before it, and the last minute."""

from __future__ import annotations

import numpy as np

from proftui.analysis.shares.batches import widened
from proftui.analysis.shares.spread import LEAST
from proftui.analysis.shares.stacks import Counted
from proftui.model import Floats

MINUTE = 60.0
"""Seconds that are drawn."""

BINS = 12
"""In so many bins."""

REMEMBERED = 32
"""Steps from one window to the next that tell how far shares go up and down as a rule."""

NOISE = 3.0
"""Standard deviations that a step must have to count: of a screen of rows one in ten or so has it by chance."""

NOTHING = Counted(np.zeros((2, 0)), 0.0)


class Recent:
    """Takes windows one by one; for each function self (0) and inclusive (1)."""

    def __init__(self) -> None:
        self.last, self.before = NOTHING, NOTHING
        self._added = 0
        self._squares, self._known = np.zeros((REMEMBERED, 2, 0)), np.zeros(REMEMBERED, np.bool_)
        self._bins, self._totals = np.zeros((BINS, 2, 0)), np.zeros(BINS)
        self._newest = 0

    @staticmethod
    def first(start: Floats, last: int) -> int:
        """The first of the windows before `last` that a last minute is made of, by when windows start."""
        oldest = (start[last - 1] // (MINUTE / BINS) - BINS + 1) * MINUTE / BINS
        first = int(np.searchsorted(start[:last], oldest - 1e-9))
        return max(0, min(first, last - REMEMBERED - 1))

    def add(self, start: float, counted: Counted) -> None:
        """Add the next window, which began at `start`."""
        functions = counted.samples.shape[1]
        self._squares, self._bins = widened(self._squares, functions), widened(self._bins, functions)
        self._fill(int((start + 1e-9) // (MINUTE / BINS)), counted)
        self.before, self.last = self.last, counted
        place = self._added % REMEMBERED
        self._known[place] = self.before.total and self.last.total
        self._squares[place] = 0
        if self._known[place]:
            self._squares[place, :, :functions] = self.step(functions) ** 2
        self._added += 1

    def _fill(self, number: int, counted: Counted) -> None:
        for gone in range(max(self._newest + 1, number - BINS + 1), number + 1):
            self._bins[gone % BINS] = 0
            self._totals[gone % BINS] = 0
        self._newest = max(self._newest, number)
        self._bins[number % BINS, :, : counted.samples.shape[1]] += counted.samples
        self._totals[number % BINS] += counted.total

    def step(self, functions: int) -> Floats:
        """2 x F: how much larger shares are in the last window than in the one before; NaN where one has no samples."""
        step: Floats = self.last_shares(functions) - _shares(self.before, functions)
        return step

    def last_shares(self, functions: int) -> Floats:
        """2 x F: the shares in the last window; NaN where it has no samples."""
        return _shares(self.last, functions)

    def trend(self, functions: int) -> Floats:
        """2 x F: 1 and -1 where shares went up and down beyond noise, else 0.

        Noise is what shares do as a rule from window to window, and at least what chance does to as many samples.
        """
        known = int(self._known.sum()) - 1
        if known < LEAST - 1 or not (self.last.total and self.before.total):
            return np.zeros((2, functions))
        step = self.step(functions)
        squares = widened(self._squares, functions)[:, :, :functions]
        usual = (squares.sum(axis=0) - step * step) / known
        one, two = self.before.total, self.last.total
        pooled = (_wide(self.before.samples, functions) + _wide(self.last.samples, functions)) / (one + two)
        chance = pooled * (1 - pooled) * (1 / one + 1 / two)
        beyond = step * step > NOISE**2 * np.maximum(usual, chance)
        return np.where(beyond, np.sign(step), 0.0)

    def minute(self, functions: int) -> Floats:
        """BINS x 2 x F: shares over the last minute, oldest first; NaN for times without samples."""
        order = np.arange(self._newest + 1, self._newest + 1 + BINS) % BINS
        totals = self._totals[order, None, None]
        minute = np.full((BINS, 2, functions), np.nan)
        np.divide(widened(self._bins, functions)[order, :, :functions], totals, out=minute, where=totals > 0)
        return minute


def _wide(samples: Floats, functions: int) -> Floats:
    return widened(samples, functions)[:, :functions]


def _shares(counted: Counted, functions: int) -> Floats:
    if not counted.total:
        return np.full((2, functions), np.nan)
    shares: Floats = _wide(counted.samples, functions) / counted.total
    return shares
