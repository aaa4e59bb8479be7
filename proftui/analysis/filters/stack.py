"""A stack of filters applied to a profile."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from proftui import units
from proftui.analysis.filters.expressions import Filter
from proftui.analysis.filters.matching import matching
from proftui.analysis.filters.my_code import AS_PATHS_TELL, MyCode
from proftui.analysis.filters.on_graphs import graph_filtered
from proftui.analysis.filters.on_trees import tree_filtered
from proftui.model import Bools, Floats, Part, Profile

ALL = 1e-9
"""What is missing by less than this share of the total is rounding."""


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
    steps = [(step, _matching(profile, step, my_code)) for step in filters]
    left = np.zeros((len(filters) + 1, len(profile.metrics)))
    parts = tuple(_part_filtered(profile, part, steps, left) for part in profile.parts)
    notes = [
        _note(profile, step, found, before, after)
        for (step, found), (before, after) in zip(steps, itertools.pairwise(left), strict=True)
    ]
    if any(part.graph.bounds is not None for part in parts):
        notes.append("figures marked ~, <= and ? are estimates: the profile records no stacks; a sampled run has them")
    return Filtered(replace(profile, parts=parts), tuple((left[0] - left[-1]).tolist()), tuple(notes))


def _matching(profile: Profile, step: Filter, my_code: MyCode) -> Bools:
    """F: the functions that a filter finds."""
    if step.condition is None:
        return ~my_code.among(profile.functions)
    return matching(profile, step.condition)


def _part_filtered(profile: Profile, part: Part, steps: Sequence[tuple[Filter, Bools]], left: Floats) -> Part:
    """The part through all filters; what it has left before the first and after each is added to `left`."""
    metrics = list(part.metrics)
    tree, graph = part.tree, part.graph
    left[0, metrics] += graph.totals
    if tree is None:
        signed = np.array([profile.metrics[metric].signed for metric in metrics], np.bool_)
        for after, (step, found) in zip(left[1:], steps, strict=True):
            graph = graph_filtered(graph, step.word, found, signed)
            after[metrics] += graph.totals
        return replace(part, graph=graph, lines=None)
    for after, (step, found) in zip(left[1:], steps, strict=True):
        tree = tree_filtered(tree, step.word, found)
        after[metrics] += np.nansum(tree.self_cost, axis=1)
    return replace(part, tree=tree, graph=tree.to_graph(), lines=None)


def _note(profile: Profile, step: Filter, found: Bools, before: Floats, after: Floats) -> str:
    """What a filter did to the first metric that is measured."""
    if not found.any():
        return f"{step} matches no function" + (
            "" if step.word in ("focus", "show", "show-from") else ", and drops none"
        )
    metric = int(np.argmax(before != 0))
    unit = profile.metrics[metric].unit
    if after[metric] >= before[metric] * (1 - ALL):
        return f"{step} keeps all {units.draw(before[metric], unit)}"
    return f"{step} keeps {units.draw(after[metric], unit)} of {units.draw(before[metric], unit)}"
