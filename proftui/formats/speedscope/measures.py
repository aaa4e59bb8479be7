"""The units of speedscope's profiles, and how their numbers are stored here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proftui.model import WALL_TIME, Floats, Metric
from proftui.units import BYTES, COUNT, SAMPLES, TIME, Unit


@dataclass(frozen=True, slots=True)
class Measure:
    """What the numbers of a unit measure, and what one of them is in stored units."""

    unit: Unit
    scale: float = 1.0

    def stored(self, values: Floats) -> Floats:
        """Numbers in stored units: where they are almost whole nanoseconds wholly so, to be added up without a loss."""
        if self.unit is not TIME:
            return values
        with np.errstate(over="ignore"):
            scaled: Floats = values * self.scale
        whole = np.rint(scaled)
        return whole if np.allclose(scaled, whole, rtol=0, atol=1e-3) else scaled

    def rounded(self, values: Floats) -> Floats:
        """Numbers in stored units, time as whole nanoseconds."""
        return np.rint(values) if self.unit is TIME else values


MEASURES = {
    "none": Measure(COUNT),
    "seconds": Measure(TIME, 1e9),
    "milliseconds": Measure(TIME, 1e6),
    "microseconds": Measure(TIME, 1e3),
    "nanoseconds": Measure(TIME),
    "bytes": Measure(BYTES),
}

SAMPLE_COUNT = Metric("samples", SAMPLES)


def metric_of(measure: Measure, *, sampled: bool) -> Metric:
    """What a profile in such a unit measures; events in no unit have weights, as speedscope calls it."""
    if measure.unit is TIME:
        return WALL_TIME
    if measure.unit is BYTES:
        return Metric("bytes", BYTES)
    return SAMPLE_COUNT if sampled else Metric("weight")


def unit_of(metric: Metric) -> str:
    """The unit to write a metric's stored numbers in."""
    return "nanoseconds" if metric.unit is TIME else "bytes" if metric.unit is BYTES else "none"
