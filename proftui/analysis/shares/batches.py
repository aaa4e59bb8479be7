"""Samples by batches of windows."""

from __future__ import annotations

import numpy as np

from proftui.analysis.shares.stacks import Counted
from proftui.model import Floats

MOST = 32
"""More batches are merged by twos: enough to tell their spread, and the longer they are the less are they related."""


class Batches:
    """Windows that follow each other, in at most MOST batches of as many windows each; the last may yet lack some."""

    def __init__(self) -> None:
        self.windows = 0
        self._size = 1
        self._samples = np.zeros((MOST, 2, 0))
        self._totals = np.zeros(MOST)

    def prepare(self, windows: int) -> None:
        """Make batches so large that this many windows fit."""
        while windows > MOST * self._size:
            self._samples[: MOST // 2] = self._samples[::2] + self._samples[1::2]
            self._totals[: MOST // 2] = self._totals[::2] + self._totals[1::2]
            self._samples[MOST // 2 :] = 0
            self._totals[MOST // 2 :] = 0
            self._size *= 2

    @property
    def room(self) -> int:
        """How many windows the current batch still takes."""
        return self._size - self.windows % self._size

    def add(self, counted: Counted, windows: int) -> None:
        """Add the samples of the next windows, of not more than there is room for."""
        self._samples = widened(self._samples, counted.samples.shape[1])
        batch = self.windows // self._size
        self._samples[batch, :, : counted.samples.shape[1]] += counted.samples
        self._totals[batch] += counted.total
        self.windows += windows

    @property
    def count(self) -> int:
        """How many batches there are."""
        return -(-self.windows // self._size)

    @property
    def totals(self) -> Floats:
        """k: the thread samples of each batch."""
        return self._totals[: self.count]

    def samples(self, functions: int) -> Floats:
        """k x 2 x F: the samples of each batch, self and inclusive, of each function."""
        self._samples = widened(self._samples, functions)
        return self._samples[: self.count, :, :functions]


def widened(samples: Floats, functions: int) -> Floats:
    """The array with room for so many functions on its last axis; the array itself where it has."""
    have = samples.shape[-1]
    if have >= functions:
        return samples
    wide = np.zeros((*samples.shape[:-1], max(functions, 2 * have)))
    wide[..., :have] = samples
    return wide
