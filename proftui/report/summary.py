"""The summary of a profile: its figures, before anything is drawn. Each is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from proftui.analysis.calltree import TreeNode, TreeSource, call_tree
from proftui.analysis.filters import MyCode
from proftui.analysis.filters.my_code import AS_PATHS_TELL
from proftui.analysis.scope import ESTIMATED, EXACT, MARKS, Mark, Scope
from proftui.analysis.treenode import MEETING
from proftui.model import CallTree, Ids, Origin, Part

if TYPE_CHECKING:
    from proftui.analysis.findings import Finding
    from proftui.analysis.packages import PackageCost

MOST = 20
"""How many functions, packages and steps of the path are told of at most."""

WHOLE = 0.98
"""From this share on a function, or a step of the path, has all of what is above it."""

MAIN = 0.5
"""From this share on a function that passes its cost on to one callee is left out of the list by inclusive cost."""

OWN = 0.02
"""The share of self cost up to which such a function only passes on."""

SHORTEST_RUN = 3
"""How many steps that only pass on are drawn as one, at least."""

QUICK = 12_000
"""Functions and arcs up to which everything is made within 20 ms or so."""

LEAST_STEP = 0.01
"""The share of the total below which the heaviest path is not followed."""

DEEPEST = 500
"""How many steps the path is followed at most."""


class Top(NamedTuple):
    """A function (id) among the costliest: its cost in stored units, and how far that is known."""

    function: int
    cost: float
    mark: Mark = ""


class Step(NamedTuple):
    """A context on the heaviest path; with `skipped`, that many more below it that it stands for."""

    node: TreeNode
    skipped: int = 0


def written_at(origin: Origin) -> float | None:
    """When a profile's file was last written, in seconds since 1970; None where there is no such file."""
    with suppress(OSError, ValueError):
        return Path(origin.path).stat().st_mtime
    return None


@dataclass(frozen=True, eq=False)
class Summary:
    """What stands out in a scope, for one metric.

    rules    say which functions are yours
    written  when the profile's file was, in seconds since 1970, None where not known
    tree     gives the scope's call tree, which is made where this is None
    """

    scope: Scope
    metric: int
    rules: MyCode = AS_PATHS_TELL
    written: float | None = None
    tree: Callable[[], TreeSource] | None = None

    @cached_property
    def total(self) -> float:
        """What shares are taken of."""
        return self.scope.total(self.metric)

    @property
    def parts(self) -> list[Part]:
        """The parts that are added up."""
        profile, chosen = self.scope.profile, self.scope.parts
        return list(profile.parts) if chosen is None else [profile.parts[part] for part in chosen]

    @cached_property
    def calls(self) -> float | None:
        """The sum of all calls, None where they were not counted."""
        calls = self.scope.graph.calls
        return None if calls is None or not np.isfinite(calls).any() else float(np.nansum(calls))

    @cached_property
    def primitive_calls(self) -> float | None:
        """The sum of the calls that were not made by recursion, None where they were not counted."""
        calls = self.scope.graph.primitive_calls
        return None if calls is None or not np.isfinite(calls).any() else float(np.nansum(calls))

    @cached_property
    def depth(self) -> int | None:
        """How many frames the deepest recorded stack has; None where not every part recorded a tree."""
        trees = [part.tree for part in self.parts]
        return max((deepest(tree) for tree in trees if tree is not None), default=0) if all(trees) else None

    @cached_property
    def self_cost(self) -> tuple[Top, ...]:
        """The functions with the most self cost."""
        graph = self.scope.graph
        own = np.nan_to_num(graph.self_cost[self.metric])
        limits = graph.limits
        unsure = limits.self_high[self.metric] - limits.self_low[self.metric] > MEETING * own
        return tuple(
            Top(int(graph.function[row]), float(own[row]), MARKS[ESTIMATED if unsure[row] else EXACT])
            for row in _largest(own, MOST).tolist()
            if own[row] > 0
        )

    @cached_property
    def wrappers(self) -> Ids:
        """The functions (ids) with nothing new to tell at the top of a list by inclusive cost.

        They have nearly all cost below them and none of their own; or most of it, and pass that on to one callee.
        """
        return self.scope.graph.function[self._passing_on]

    @cached_property
    def _passing_on(self) -> Ids:
        """The rows of `wrappers`."""
        own = np.nan_to_num(self.scope.graph.self_cost[self.metric])
        inclusive = np.nan_to_num(self.scope.inclusive(self.metric))
        whole = (inclusive >= WHOLE * self.total) & (own <= OWN * self.total)
        most = np.flatnonzero((inclusive >= MAIN * self.total) & (own <= OWN * inclusive) & ~whole)
        heirs = {row: heir for row in most.tolist() if (heir := self._heir(row, float(inclusive[row]))) is not None}
        # in a circle each one passes on to the next: nobody would be left
        whole[[row for row in heirs if _ends(row, heirs)]] = True
        return np.flatnonzero(whole).astype(np.int32)

    def _heir(self, row: int, inclusive: float) -> int | None:
        """The callee that nearly all of a row's cost goes to."""
        graph = self.scope.graph
        arcs = graph.callees_of(row)
        arcs = arcs[graph.callee[arcs] != row]
        cost = np.nan_to_num(graph.arc_cost[self.metric, arcs])
        return int(graph.callee[arcs[np.argmax(cost)]]) if len(arcs) and cost.max() >= WHOLE * inclusive else None

    @cached_property
    def inclusive(self) -> tuple[Top, ...]:
        """The functions with the most inclusive cost, without `wrappers`."""
        graph, marks = self.scope.graph, self.scope.marks(self.metric)
        inclusive = np.nan_to_num(self.scope.inclusive(self.metric))
        inclusive[self._passing_on] = 0
        return tuple(
            Top(int(graph.function[row]), float(inclusive[row]), MARKS[marks[row]])
            for row in _largest(inclusive, MOST).tolist()
            if inclusive[row] > 0
        )

    @cached_property
    def packages(self) -> list[PackageCost]:
        """The packages by self cost."""
        # imported when asked for, as the findings are: the first drawing can do without
        from proftui.analysis.packages import package_costs

        return package_costs(self.scope, self.metric, self.rules)

    def begin(self) -> None:
        """Make what comes quickly whatever the size."""
        _ = self.self_cost, self.inclusive, self.wrappers, self.calls, self.primitive_calls, self.depth

    @property
    def small(self) -> bool:
        """Whether the rest comes quickly too."""
        return len(self.scope.graph) + self.scope.graph.arcs <= QUICK

    def finish(self) -> None:
        """Make the rest."""
        _ = self.packages, self.findings, self.path

    @property
    def finished(self) -> bool:
        """Whether what takes long was made already."""
        return all(name in self.__dict__ for name in ("packages", "findings", "path"))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules found."""
        from proftui.analysis.findings import find

        return find(self.scope, self.metric, self.rules)

    @cached_property
    def path(self) -> tuple[Step, ...]:
        """The heaviest root, its heaviest callee, and so on; runs that only pass on are one step."""
        source = call_tree(self.scope, self.metric) if self.tree is None else self.tree()
        nodes: list[TreeNode] = []
        below = source.roots(limit=2)
        while len(nodes) < DEEPEST:
            node = next((node for node in below if node.kind in ("function", "cycle")), None)
            if node is None or not node.inclusive.value >= LEAST_STEP * source.total > 0:
                break
            nodes.append(node)
            # with cycles switched off an estimated path turns in circles
            if not node.expandable or (node.recursive and not self.scope.cycles):
                break
            below = source.children(node, limit=2)
        return shortened(nodes)


def shortened(nodes: list[TreeNode]) -> tuple[Step, ...]:
    """The steps of a path; three and more in a row that pass nearly all on are one, where one more follows."""
    passes = [after.inclusive.value >= WHOLE * node.inclusive.value for node, after in pairwise(nodes)] + [False]
    steps: list[Step] = []
    at = 0
    while at < len(nodes):
        end = at
        while passes[end]:
            end += 1
        if end - at >= SHORTEST_RUN:
            steps.append(Step(nodes[at], end - at - 1))
            at = end
        else:
            steps.append(Step(nodes[at]))
            at += 1
    return tuple(steps)


def _ends(row: int, heirs: dict[int, int]) -> bool:
    """Whether going on from heir to heir comes to an end."""
    seen: set[int] = set()
    while row in heirs and row not in seen:
        seen.add(row)
        row = heirs[row]
    return row not in seen


def deepest(tree: CallTree) -> int:
    """How many rows the longest way from a root has: of the rows begun so far, those whose subtree goes on."""
    ended = np.cumsum(np.bincount(tree.end, minlength=len(tree) + 1))[: len(tree)]
    return int((np.arange(1, len(tree) + 1) - ended).max(initial=0))


def _largest(values: np.ndarray[tuple[int], np.dtype[np.float64]], most: int) -> Ids:
    """The indices of the largest values, the largest first, equal ones in their order."""
    if len(values) > 4 * most:
        limit = np.partition(values, len(values) - most)[len(values) - most]
        among = np.flatnonzero(values >= limit)
    else:
        among = np.arange(len(values))
    order: Ids = among[np.argsort(-values[among], kind="stable")][:most].astype(np.int32)
    return order
