"""A quantity over time, as a plot shows it."""

from __future__ import annotations

from dataclasses import dataclass

from proftui.model.arrays import Floats
from proftui.units import Unit


@dataclass(frozen=True, eq=False)
class Series:
    """N measurements of a process: `seconds` since the first one of the profile, ascending, and the `value` at each.

    label    what was measured, of whom: "memory", "memory of child 3"
    spans    (name, from, to, value at its beginning, value at its end) of what is known to have run meanwhile
    """

    label: str
    unit: Unit
    seconds: Floats
    value: Floats
    spans: tuple[tuple[str, float, float, float, float], ...] = ()
