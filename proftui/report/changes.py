"""What changed in the functions of a profile since it was read before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from proftui.analysis.scope import EXACT, Figures, Scope
from proftui.model import Bools, Floats, Ids


@dataclass(frozen=True, eq=False)
class Before:
    """What is compared with: `scope` and `metric` of the profile as it was, the same parts through the same filters.

    `old_of` has the id there of each function of `now`, -1 where there was none.
    """

    now: Scope
    scope: Scope
    metric: int
    old_of: Ids

    @cached_property
    def _row(self) -> Ids:
        """n: the row before of each row now, -1 where the function was not there."""
        before = self.scope.graph.function
        row_of = np.full(len(self.scope.functions) + 1, -1, np.int32)  # the last one is for those without an id
        row_of[before] = np.arange(len(before), dtype=np.int32)
        return row_of[self.old_of[self.now.graph.function]]

    @cached_property
    def new(self) -> Bools:
        """n: the functions that were not there."""
        return self._row < 0

    @cached_property
    def self_cost(self) -> Floats:
        """n: what each function cost itself: nothing where it was not there."""
        return self._then(self.scope.graph.self_cost[self.metric])

    @cached_property
    def inclusive(self) -> Floats:
        """n: as it was shown; NaN where it was not known."""
        return self._then(self.scope.inclusive(self.metric))

    @cached_property
    def self_known(self) -> Bools:
        """n: where that is no estimate and no bound; of a function that was not there it is not."""
        return self._exactly(self.scope.self_figures(self.metric))

    @cached_property
    def inclusive_known(self) -> Bools:
        """n: as above, for the inclusive cost."""
        return self._exactly(self.scope.inclusive_figures(self.metric))

    def _exactly(self, figures: Figures) -> Bools:
        return np.append(figures.mark == EXACT, True)[self._row]

    @cached_property
    def gone(self) -> Ids:
        """The ids, there, of the functions that are here no more, the most self cost first."""
        left = np.ones(len(self.scope.graph), np.bool_)
        left[self._row[~self.new]] = False
        rows = np.flatnonzero(left)
        own = np.nan_to_num(self.scope.graph.self_cost[self.metric, rows])
        return self.scope.graph.function[rows[np.argsort(-own, kind="stable")]]

    def _then(self, costs: Floats) -> Floats:
        return np.append(costs, 0.0)[self._row]  # the last one is for those that were not there
