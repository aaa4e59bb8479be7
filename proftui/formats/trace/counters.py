"""Counters: quantities over time."""

from __future__ import annotations

import math
from array import array

import msgspec
import numpy as np

from proftui.formats.json_faults import ERRORS
from proftui.formats.trace.document import Event, Owner
from proftui.model import Series
from proftui.units import COUNT

MOST_SERIES = 50
MOST_VALUES = 5_000_000

_TO_SECONDS = 1e-6

Key = tuple[Owner, str, str]
"""A process, a counter of it, and which of its numbers."""


class Counters:
    """The numbers of all counters, each with its time in microseconds. `left_out` has how many there is no room for."""

    def __init__(self) -> None:
        self._series: dict[Key, tuple[array[float], array[float]]] = {}
        self._size = 0
        self.left_out = 0

    def take(self, event: Event) -> None:
        """Take up the numbers of a counter event."""
        try:
            said = msgspec.json.decode(event.args)
        except ERRORS:
            return
        if math.isnan(event.ts) or not isinstance(said, dict):
            return
        for name, value in said.items():
            if type(value) in (int, float) and abs(value) < 2.0**1000:
                self._add((event.pid, event.name or "", name), event.ts, float(value))

    def _add(self, key: Key, at: float, value: float) -> None:
        if self._size >= MOST_VALUES or (key not in self._series and len(self._series) >= MOST_SERIES):
            self.left_out += 1
            return
        self._size += 1
        times, values = self._series.setdefault(key, (array("d"), array("d")))
        times.append(at)
        values.append(value)

    def earliest(self) -> float:
        """The time of the first number, infinite for none."""
        return min((min(times) for times, _ in self._series.values()), default=math.inf)

    def series(self, since: float) -> tuple[Series, ...]:
        """The series, of times since a time in microseconds."""
        processes = {pid for pid, _, _ in self._series}
        found = []
        for (pid, counter, name), (times, values) in self._series.items():
            at = np.array(times)
            order = np.argsort(at, kind="stable")
            label = counter if name == counter else f"{counter}: {name}"
            whose = f" [{pid}]" if len(processes) > 1 else ""
            seconds = (at[order] - since) * _TO_SECONDS
            found.append(Series(label + whose, COUNT, seconds, np.array(values)[order]))
        return tuple(found)
