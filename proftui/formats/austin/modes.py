"""What Austin measures in its modes, as its metadata name them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from proftui.model import Floats, Metric
from proftui.units import BYTES, COUNT, TIME

VALUE, IDLE, MEMORY = range(3)
"""The numbers of a sample: the first, which is the only one but in the full mode; whether the thread waited; bytes."""

_MICROSECOND = 1e3
"""In nanoseconds."""


def _plain(values: Floats) -> Floats:
    return values[:1]


def _time(values: Floats) -> Floats:
    return values[:1] * _MICROSECOND


def _memory(values: Floats) -> Floats:
    """By how much the memory of the process grew and shrank, both above zero."""
    return np.stack([np.maximum(values[VALUE], 0), np.maximum(-values[VALUE], 0)])


def _everything(values: Floats) -> Floats:
    wall = _time(values)
    return np.vstack([wall, np.where(values[IDLE] > 0, 0, wall), _memory(values[MEMORY:])])


@dataclass(frozen=True)
class Mode:
    """`costs` makes M x k costs in stored units of the 3 x k numbers of samples.

    `columns` is how many numbers a sample has in text, and `timed` whether the first one is a time.
    """

    metrics: tuple[Metric, ...]
    costs: Callable[[Floats], Floats]
    columns: int = 1
    timed: bool = True

    def possible(self, values: tuple[float, ...]) -> bool:
        """Whether a sample can have such numbers: time does not run backwards."""
        return len(values) == self.columns and (not self.timed or values[VALUE] >= 0)


_WALL, _CPU = Metric("wall", TIME, "wall time"), Metric("cpu", TIME, "CPU time")
_CHANGES = Metric("allocated", BYTES, "memory allocated"), Metric("released", BYTES, "memory released")

FULL = Mode((_WALL, _CPU, *_CHANGES), _everything, columns=3)
PLAIN = Mode((Metric("cost", COUNT),), _plain, timed=False)
"""Of files that do not say what their numbers are."""

_MODES = {
    "wall": Mode((_WALL,), _time),
    "cpu": Mode((_CPU,), _time),
    "memory": Mode(_CHANGES, _memory, timed=False),
    "full": FULL,
}


def mode_of(metadata: Mapping[str, str], columns: int) -> Mode:
    """The mode of a file with such metadata and so many numbers in its samples."""
    return FULL if columns == FULL.columns else _MODES.get(metadata.get("mode", ""), PLAIN)
