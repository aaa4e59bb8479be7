"""What Python's sampler measures: samples, and as time each the interval at which it was to take them."""

from __future__ import annotations

import numpy as np

from proftui.model import WALL_TIME, Floats, Metric
from proftui.units import SAMPLES, TIME, draw

SAMPLE_COUNT = Metric("samples", SAMPLES)

_LONGEST = 1e12
"""Of an interval in nanoseconds; what is longer is none."""


class Interval:
    """The nanoseconds that a sample stands for; 0 where that is not known."""

    def __init__(self, microseconds: float | None) -> None:
        nanoseconds = (microseconds or 0.0) * 1e3
        self.nanoseconds = nanoseconds if 0 < nanoseconds < _LONGEST else 0.0

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Time and samples, or samples alone."""
        return (WALL_TIME, SAMPLE_COUNT) if self.nanoseconds else (SAMPLE_COUNT,)

    def costs(self, samples: Floats) -> Floats:
        """Numbers of samples in the metrics, a row for each."""
        return np.stack([np.rint(samples * self.nanoseconds), samples] if self.nanoseconds else [samples])

    def notes(self) -> list[str]:
        """How time came about."""
        if not self.nanoseconds:
            return []
        return [f"time is samples times the interval that was asked for, {draw(self.nanoseconds, TIME)}"]
