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

ESTIMATED = "figures marked ~, <= or ? are estimates, as no stacks were recorded; a sampled run records them"


@dataclass(frozen=True, eq=False)
class Filtered:
    """What a stack of filters leaves of a profile.

    profile   has the same functions, metrics and parts in the same order; line costs are gone, as the costs that
              were handed on have no line; what it was like over time is gone, as filters do not apply to it
    dropped   for each metric how much of the total is gone, in stored units
    notes     one sentence for each filter, and one where figures are estimates
    """

    profile: Profile
    dropped: tuple[float, ...]
    notes: tuple[str, ...]

    @property
    def noted(self) -> Profile:
        """The profile with the notes on it, for those who do not see the filters beside it."""
        return replace(self.profile, notes=self.notes + self.profile.notes)


def filtered(profile: Profile, filters: Sequence[Filter], my_code: MyCode = AS_PATHS_TELL) -> Filtered:
    """`profile` through `filters`, one after the other.

    Recorded trees are filtered exactly, and their graphs made anew from them. Graphs without a tree are estimated.
    """
    if not filters:
        return Filtered(profile, (0.0,) * len(profile.metrics), ())
    steps = [(step, _matching(profile, step, my_code)) for step in filters]
    left = np.zeros((len(filters) + 1, len(profile.metrics)))
    parts = tuple(_part_filtered(profile, part, steps, left) for part in profile.parts)
    there = np.zeros(len(profile.functions), np.bool_)
    for part in profile.parts:
        there[part.graph.function] = True
    estimated = any(part.graph.bounds is not None for part in parts)
    notes = [
        _note(profile, step, found & there, there, before, after, estimated=estimated)
        for (step, found), (before, after) in zip(steps, itertools.pairwise(left), strict=True)
    ]
    if estimated:
        notes.append(ESTIMATED)
    left_over = replace(profile, parts=parts, recording=None)
    return Filtered(left_over, tuple((left[0] - left[-1]).tolist()), tuple(notes))


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


def _note(
    profile: Profile, step: Filter, found: Bools, there: Bools, before: Floats, after: Floats, *, estimated: bool
) -> str:
    """What a filter did: to which functions, of those that are `there`, and to the first metric that is measured."""
    metric = int(np.argmax(before != 0))
    unit = profile.metrics[metric].unit
    of = units.draw(before[metric], unit)
    gone = max(before[metric] - after[metric], 0.0)
    dropped, kept = units.draw(gone, unit), units.draw(after[metric], unit)
    about = "about " if estimated and gone > 0 else ""
    nothing = gone <= ALL * abs(before[metric])
    if not found.any() and step.word != "my-code":
        return f"{step} matches no function" + ("" if nothing else f" and drops all {of}")
    if step.word in ("focus", "ignore", "show-from"):
        return f"{step} keeps all {of}" if nothing else f"{step} keeps {about}{kept} of {of}"
    taken = ~found & there if step.word == "show" else found
    out = f"{int(taken.sum()):,} of {units.counted(int(there.sum()), 'function')}"
    what = "caller of yours" if step.word == "my-code" else "caller left"
    rest = f"nothing of {of} is dropped" if nothing else f"{about}{dropped} of {of} has no {what} and is dropped"
    return f"{step} hides {out} and hands their cost to their callers; {rest}"
