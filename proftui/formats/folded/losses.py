"""What folded stacks have no words for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proftui.units import SAMPLES, TIME

if TYPE_CHECKING:
    from proftui.model import Profile


def losses(profile: Profile) -> list[str]:
    """What the plain counts of a file stand for, where they are no samples."""
    metric = profile.metrics[0]
    if metric.unit is TIME:
        return [f"the counts are nanoseconds of {metric.label}"]
    return [] if metric.unit is SAMPLES else [f"the counts are {metric.label}"]
