"""What a profile measures."""

from __future__ import annotations

from dataclasses import dataclass

from proftui.units import COUNT, TIME, Unit


@dataclass(frozen=True, slots=True)
class Metric:
    """One measured quantity.

    `formula` is the expression over other metrics' names that a derived metric was computed from, or None;
    a `signed` metric (a difference) may be below zero and takes no bounds.
    """

    name: str
    unit: Unit = COUNT
    title: str = ""
    formula: str | None = None
    signed: bool = False

    @property
    def label(self) -> str:
        """What the screen calls it: the title where the file gives one, else the name."""
        return self.title or self.name


WALL_TIME = Metric("time", TIME)

HITS = Metric("hits", COUNT)
"""How often a line ran, which is read beside what it cost."""
