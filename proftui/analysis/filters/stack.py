"""A stack of filters applied to a profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from proftui import units
from proftui.analysis.filters.expressions import ONLY_MY_CODE, Filter, FilterError
from proftui.analysis.filters.matching import matching
from proftui.analysis.filters.my_code import AS_PATHS_TELL, MyCode
from proftui.analysis.filters.on_trees import tree_filtered
from proftui.model import Bools, Floats, Part, Profile


@dataclass(frozen=True, eq=False)
class Filtered:
    """What a stack of filters leaves of a profile.

    profile   has the same functions, metrics and parts in the same order; line costs are gone, as the costs that
              were handed on have no line
    dropped   for each metric how much of the total is gone, in stored units
    notes     one sentence for each filter, and one where figures are estimates
    """

    profile: Profile
    dropped: tuple[float, ...]
    notes: tuple[str, ...]


def filtered(profile: Profile, filters: Sequence[Filter], my_code: MyCode = AS_PATHS_TELL) -> Filtered:
    """`profile` through `filters`, one after the other.

    Recorded trees are filtered exactly, and their graphs made anew from them. Graphs without a tree are estimated.
    """
    if not filters:
        return Filtered(profile, (0.0,) * len(profile.metrics), ())
    matches = [_matching(profile, step, my_code) for step in filters]
    left = np.zeros((len(filters) + 1, len(profile.metrics)))
    parts = tuple(_part_filtered(part, filters, matches, left) for part in profile.parts)
    notes = [_note(profile, *row) for row in zip(filters, matches, left[:-1], left[1:], strict=True)]
    return Filtered(replace(profile, parts=parts), tuple((left[0] - left[-1]).tolist()), tuple(notes))


def _matching(profile: Profile, step: Filter, my_code: MyCode) -> Bools:
    if step.condition is None:
        return ~my_code.among(profile.functions)
    return matching(profile, step.condition)


def _part_filtered(part: Part, filters: Sequence[Filter], matches: Sequence[Bools], left: Floats) -> Part:
    """The part through all filters; what it has left before the first and after each is added to `left`."""
    metrics = list(part.metrics)
    if part.tree is None:
        raise FilterError(f"part {part.label!r} records no call tree")
    tree = part.tree
    left[0, metrics] += np.nansum(tree.self_cost, axis=1)
    for row, (step, found) in enumerate(zip(filters, matches, strict=True), 1):
        tree = tree_filtered(tree, step.word, found)
        left[row, metrics] += np.nansum(tree.self_cost, axis=1)
    return replace(part, tree=tree, graph=tree.to_graph(), lines=None)


def _note(profile: Profile, step: Filter, found: Bools, before: Floats, after: Floats) -> str:
    """What a filter did, for the first metric."""
    unit = profile.metrics[0].unit
    if step != ONLY_MY_CODE and not found.any():
        return f"{step} matches no function"
    return f"{step} keeps {units.draw(after[0], unit)} of {units.draw(before[0], unit)}"
