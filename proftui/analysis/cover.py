"""What some functions cost together, each sample or call counted once however many of them are on its stack."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proftui.analysis.condense import Condensed, condense
from proftui.analysis.exact import ExactTree
from proftui.analysis.matches import mask_of
from proftui.analysis.scope import Scope
from proftui.analysis.treenode import MEETING, TreeSource
from proftui.model import Bools, Ids


@dataclass(frozen=True, slots=True)
class Cover:
    """Between which costs it lies, in stored units."""

    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether that is one number."""
        return self.high - self.low <= MEETING * self.high


def cover(source: TreeSource, scope: Scope, metric: int, functions: Ids) -> Cover:
    """What contexts with any of `functions` on their stack cost.

    Exact for recorded trees: the sum over the outermost of the functions' rows. Of a call graph, functions that none of
    the others calls, directly or not, share no stack, so that their inclusive costs add up; each of the others adds
    between nothing and its own.
    """
    if isinstance(source, ExactTree):
        recorded = source.recorded
        rows = np.flatnonzero(mask_of(functions, recorded.functions)[recorded.function])
        cost = float(recorded.inclusive[rows[recorded.outermost(rows)]].sum())
        return Cover(cost, cost)
    return _of_graph(scope, metric, functions)


def _of_graph(scope: Scope, metric: int, functions: Ids) -> Cover:
    graph, limits = scope.graph, scope.graph.limits
    rows = np.flatnonzero(np.isin(graph.function, functions))
    if not len(rows):
        return Cover(0.0, 0.0)
    total = float(np.nansum(limits.self_high[metric]))
    known = ~np.isnan(scope.inclusive(metric)[rows])
    high = np.where(known, np.fmin(limits.inclusive_high[metric, rows], total), total)
    low = np.where(known, np.fmin(limits.inclusive_low[metric, rows], high), 0.0)
    condensed = scope.condensed if scope.cycles else condense(graph)
    nodes, group = np.unique(condensed.node[rows], return_inverse=True)
    highest = np.minimum(np.bincount(group, high, len(nodes)), total)
    if graph.bounds is None:
        cycles = condensed.size[nodes] > 1
        highest[cycles] = np.minimum(highest, condensed.inclusive[metric, nodes])[cycles]
    lowest = np.zeros(len(nodes))
    np.maximum.at(lowest, group, low)
    apart = lowest[~_reached(condensed, nodes)[nodes]].sum()
    own = np.nansum(limits.self_low[metric, rows])
    return Cover(min(float(max(apart, lowest.max(), own)), total), min(float(highest.sum()), total))


def _reached(condensed: Condensed, nodes: Ids) -> Bools:
    """Which nodes are called by some of `nodes`, directly or not."""
    reached = np.zeros(len(condensed), np.bool_)
    new = np.unique(nodes)
    while len(new):
        first, last = condensed.outgoing[new], condensed.outgoing[new + 1]
        counts = last - first
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        callees = np.unique(condensed.callee[np.repeat(first, counts) + within])
        new = callees[~reached[callees]]
        reached[new] = True
    return reached
