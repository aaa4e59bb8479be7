"""What Python's sampler measures: samples, and as time each the interval at which they were taken."""

from __future__ import annotations

import numpy as np

from proftui.model import WALL_TIME, Floats, Metric
from proftui.units import SAMPLES, TIME, draw

SAMPLE_COUNT = Metric("samples", SAMPLES)

_LONGEST = 1e12
"""Of an interval in nanoseconds; what is longer is none."""


class Interval:
    """The nanoseconds that a sample stands for, as measured or else as asked for; 0 where that is not known."""

    def __init__(self, asked_microseconds: float | None, measured_microseconds: float = 0.0) -> None:
        self._asked = _nanoseconds(asked_microseconds or 0.0)
        self._measured = _nanoseconds(measured_microseconds)
        self.nanoseconds = self._measured or self._asked

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Time and samples, or samples alone."""
        return (WALL_TIME, SAMPLE_COUNT) if self.nanoseconds else (SAMPLE_COUNT,)

    def costs(self, samples: Floats) -> Floats:
        """Numbers of samples in the metrics, a row for each."""
        return np.stack([np.rint(samples * self.nanoseconds), samples] if self.nanoseconds else [samples])

    def notes(self) -> list[str]:
        """How time came about."""
        asked = draw(self._asked, TIME)
        if self._measured:
            return [f"time is samples times their mean distance, {draw(self._measured, TIME)}; {asked} were asked for"]
        return [f"time is samples times the interval that was asked for, {asked}"] if self._asked else []


def _nanoseconds(microseconds: float) -> float:
    return microseconds * 1e3 if 0 < microseconds < _LONGEST / 1e3 else 0.0
