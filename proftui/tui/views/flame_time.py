"""What the flame graph view draws in the order of time."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from proftui.analysis.flame import Box
from proftui.analysis.scope import Scope
from proftui.analysis.time_flame import Activations, TimeFlame
from proftui.model import Part
from proftui.report.text import safe
from proftui.tui.state import ViewState


def part_in_time(scope: Scope) -> Part | None:
    """The part whose order of time is drawn: of those that are looked at and kept it, the one that costs most."""
    profile = scope.profile
    parts = profile.parts if scope.parts is None else [profile.parts[part] for part in scope.parts]
    kept = [part for part in parts if part.tree is not None and (part.tree.timeline or part.tree.samples) is not None]
    return max(kept, key=lambda part: float(np.nan_to_num(part.graph.totals[0])), default=None)


def activations_of(part: Part) -> Activations | None:
    """What ran when in a part that kept the order of time; None where that is too much."""
    timeline = None if part.tree is None else part.tree.in_time()
    return None if part.tree is None or timeline is None else Activations(part.tree, timeline).made()


def first_cursor(flame: TimeFlame, path: Hashable, focus: int | None) -> Box | None:
    """The box on a path, or else that of the longest call of the function in focus."""
    wanted = path if isinstance(path, tuple) else ()
    if not flame.activations.whole(wanted) and focus is not None:
        wanted = flame.activations.path_to(focus)
    return flame.find(wanted) or flame.zoomed or flame.heaviest(None)


def said_of(scope: Scope, part: Part) -> tuple[str, str]:
    """Whose time it is, and of how many parts that is one; "" where there are no others."""
    kept = scope.profile.parts if scope.parts is None else scope.parts
    return safe(part.label), f"one of {len(kept):,} parts" if len(kept) > 1 else ""


def untimed(scope: Scope, state: ViewState) -> str:
    """Why it is not drawn in the order of time."""
    if not len(scope.graph.function):
        return "nothing was recorded"
    if part_in_time(scope) is not None:
        return "the order of time is that of too many calls to draw"
    if state.filters:
        return "filters make other stacks, of which the order of time is not known"
    return "the order of time was not kept; traces and sampled stacks in order keep it"
