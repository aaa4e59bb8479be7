"""What each package costs by itself, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proftui.analysis.filters import MyCode
from proftui.analysis.groupkeys import grouping
from proftui.analysis.scope import ESTIMATED, EXACT, MARKS, Mark, Scope
from proftui.analysis.treenode import MEETING
from proftui.analysis.whose import WHOSE, Whose, whose
from proftui.model import Bools

Numbers = npt.NDArray[np.int64]

BUILT_IN = "(built-in)"
"""The package of built-in functions that belong to no package with source in this profile."""


@dataclass(frozen=True, slots=True)
class PackageCost:
    """`cost` is the self cost of the package's functions, in stored units; `heaviest` the id of the first of them.

    group  its name among the functions grouped by package, None where it is not one of those groups
    mark   "~" where the cost is an estimate
    """

    name: str
    group: str | None
    whose: Whose
    cost: float
    mark: Mark
    functions: int
    heaviest: int


def package_costs(scope: Scope, metric: int, rules: MyCode) -> list[PackageCost]:
    """The packages of a scope by falling self cost, those without any left out. Together they cost the total.

    A package that holds your code and others' comes once for each of them.
    """
    graph, functions = scope.graph, scope.functions
    groups = grouping(functions, "package")
    kind = whose(functions, rules)[graph.function].astype(np.int64)
    group = groups.of[graph.function].astype(np.int64)
    adopted, alone = _without_source(group, kind, groups.unknown)
    kind = np.where(adopted >= 0, adopted, kind)
    key = np.where(alone, len(groups), group) * len(WHOSE) + kind
    own = np.nan_to_num(graph.self_cost[metric])
    limits = graph.limits
    unsure = np.bincount(key, np.nan_to_num(limits.self_high[metric] - limits.self_low[metric]))
    cost, count = np.bincount(key, own), np.bincount(key)
    order = np.argsort(own, kind="stable")
    heaviest = np.zeros(len(cost), np.int64)
    heaviest[key[order]] = graph.function[order]  # the last one assigned stays
    found = np.flatnonzero(cost)
    names: list[str | None] = [*groups.names, None]
    return [
        PackageCost(
            _short(names[at // len(WHOSE)]), names[at // len(WHOSE)], WHOSE[at % len(WHOSE)], float(cost[at]),
            MARKS[ESTIMATED] if unsure[at] > MEETING * cost[at] else MARKS[EXACT], int(count[at]), int(heaviest[at]),
        )
        for at in found[np.argsort(-cost[found], kind="stable")].tolist()
    ]  # fmt: skip


def _without_source(group: Numbers, kind: Numbers, unknown: int | None) -> tuple[Numbers, Bools]:
    """For each row the kind of the package that it is adopted by, or -1; and whether it is in no package of others.

    numpy's built-in functions are numpy's. Those of builtins, posix and the like stand together.
    """
    built_in = kind == WHOSE.index("built-in")
    sourced = ~built_in & (group != (-1 if unknown is None else unknown))
    of_group = np.full(int(group.max(initial=0)) + 1, -1)
    of_group[group[sourced]] = kind[sourced]
    adopted = np.where(built_in, of_group[group], -1)
    return adopted, built_in & (adopted < 0)


def _short(name: str | None) -> str:
    """Of a binary's path the file."""
    if name is None:
        return BUILT_IN
    return name.rpartition("/")[2] or name
