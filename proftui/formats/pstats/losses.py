"""What pstats has no words for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proftui.units import TIME, counted

if TYPE_CHECKING:
    from proftui.model import Profile


def held(profile: Profile) -> int:
    """The one metric that a dump holds: of those that are measured the first that is a time, or else the first."""
    measured = sorted({metric for part in profile.parts for metric in part.metrics})
    return next((metric for metric in measured if profile.metrics[metric].unit is TIME), measured[0])


def losses(profile: Profile) -> list[str]:
    """What a dump does not tell: other units than seconds, further metrics, calls that were not counted."""
    metric, said = profile.metrics[held(profile)], []
    if metric.unit is not TIME:
        unit = "" if metric.unit.name == metric.label else f" in {metric.unit.name}"
        said.append(f"pstats knows seconds alone: those in the file are {metric.label}{unit}")
    if others := len(profile.metrics) - 1:
        said.append(f"pstats holds one metric, {metric.label}: {counted(others, 'other')} left out")
    if any(part.graph.calls is None for part in profile.parts):
        said.append("calls were not counted: pstats has no word for it, and the file says -1")
    return said
