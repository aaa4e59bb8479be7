"""Estimated columns of numbers with the bounds that they lie between."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from proftui.model import Floats
from proftui.model.inclusive import sums

Index = slice | npt.NDArray[np.integer] | npt.NDArray[np.bool_]


class Span(NamedTuple):
    """Best guesses, and at least and at most what the true numbers are: M x k each; bounds of NaN are none."""

    guess: Floats
    low: Floats
    high: Floats

    def at(self, where: Index) -> Span:
        """The columns at `where`."""
        return self.each(lambda column: column[:, where])

    def each(self, change: Callable[[Floats], Floats]) -> Span:
        """The columns changed alike; where they are the same array, as those of exact numbers are, once for all."""
        guess = change(self.guess)
        low = guess if self.low is self.guess else change(self.low)
        if self.high is self.guess or self.high is self.low:
            return Span(guess, low, guess if self.high is self.guess else low)
        return Span(guess, low, change(self.high))

    def less(self, other: Span) -> Span:
        """What is left of these numbers without `other`, which are parts of them."""
        return Span(
            np.maximum(self.guess - other.guess, 0),
            np.maximum(self.low - other.high, 0),
            np.maximum(self.high - other.low, 0),
        )

    def where(self, chosen: npt.NDArray[np.bool_], other: Span) -> Span:
        """These columns where `chosen`, else the other's."""
        return Span(*(np.where(chosen, one, two) for one, two in zip(self, other, strict=True)))

    def put(self, where: Index, other: Span) -> None:
        """Set the columns at `where`."""
        for column, values in zip(self, other, strict=True):
            column[:, where] = values

    def settled(self) -> Span:
        """With guesses inside of the bounds. Bounds that cross, by the profiler's own arithmetic, meet at the lower."""
        if self.low is self.guess and self.high is self.guess:
            return self
        high = np.maximum(self.low, self.high)
        clipped = np.minimum(np.maximum(self.guess, self.low), high)
        return Span(np.where(np.isnan(clipped), self.guess, clipped), self.low, high)


def exactly(values: Floats) -> Span:
    """Numbers that are known."""
    return Span(values, values, values)


def nothing(metrics: int, count: int) -> Span:
    """So many zeros, to be written to."""
    return Span(*(np.zeros((metrics, count)) for _ in range(3)))


def summed(group: npt.NDArray[np.integer], span: Span, count: int) -> Span:
    """The columns added up by `group` (ids below `count`)."""
    if not len(group):
        return nothing(len(span.guess), count)
    return span.each(lambda column: sums(group, column, count))


def beside(spans: list[Span]) -> Span:
    """The columns of several, side by side."""
    return Span(*(np.concatenate(columns, axis=1) for columns in zip(*spans, strict=True)))


def share(part: Floats, whole: Floats) -> Floats:
    """part / whole within 0 and 1; 0 of nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.clip(np.where(whole > 0, part / whole, 0.0), 0.0, 1.0)
