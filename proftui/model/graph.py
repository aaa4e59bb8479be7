"""The call graph: functions and the arcs between them, what pstats and callgrind record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from proftui.model.arrays import Floats, Ids
from proftui.model.cycles import components
from proftui.model.inclusive import derive_inclusive


@dataclass(frozen=True, eq=False)
class GraphBounds:
    """Between what the figures of an estimated graph lie; NaN where nothing bounds them (signed metrics).

    self_low, self_high, inclusive_low, inclusive_high   M x n
    arc_low, arc_high                                    M x a
    arc_self_low, arc_self_high                          M x a, or None where the graph has no arc_self
    outside_high                                         M x n, at most so much of a function's inclusive cost comes
                                                         from no caller in the graph
    """

    self_low: Floats
    self_high: Floats
    inclusive_low: Floats
    inclusive_high: Floats
    arc_low: Floats
    arc_high: Floats
    outside_high: Floats
    arc_self_low: Floats | None = None
    arc_self_high: Floats | None = None

    def at(self, rows: Ids, arcs: npt.NDArray[np.integer]) -> GraphBounds:
        """The bounds of the functions at `rows` and of the arcs at `arcs`."""

        def pick(column: Floats | None) -> Floats | None:
            return None if column is None else column[:, arcs]

        return GraphBounds(
            self.self_low[:, rows], self.self_high[:, rows], self.inclusive_low[:, rows], self.inclusive_high[:, rows],
            self.arc_low[:, arcs], self.arc_high[:, arcs], self.outside_high[:, rows],
            pick(self.arc_self_low), pick(self.arc_self_high),
        )  # fmt: skip


ROW_BOUNDS = ("self_low", "self_high", "inclusive_low", "inclusive_high", "outside_high")
ARC_BOUNDS = ("arc_low", "arc_high", "arc_self_low", "arc_self_high")
"""The names of the bounds of functions and of arcs."""


@dataclass(frozen=True, eq=False)
class CallGraph:
    """Tables over the n functions that were touched and the a arcs between them, for M metrics.

    function             n, ids into the profile's Functions, ascending
    self_cost, inclusive M x n
    inclusive_low        M x n: the lower end where `inclusive` is an upper bound (members of cycles); None = exact
    calls, primitive_calls   n, or None where not measured
    caller, callee       a, *rows* of this graph's function tables; arcs are unique and sorted by (caller, callee)
    arc_cost             M x a, inclusive cost of the callee when called by the caller
    arc_self             M x a, self cost of the callee when called by the caller, or None
    arc_calls, arc_primitive_calls   a, or None
    derived              inclusive was computed from the arcs; otherwise the profiler measured it
    bounds               None = the figures are as measured; else they are estimates, which lie between these
    """

    function: Ids
    self_cost: Floats
    inclusive: Floats
    caller: Ids
    callee: Ids
    arc_cost: Floats
    inclusive_low: Floats | None = None
    calls: Floats | None = None
    primitive_calls: Floats | None = None
    arc_self: Floats | None = None
    arc_calls: Floats | None = None
    arc_primitive_calls: Floats | None = None
    derived: bool = False
    bounds: GraphBounds | None = None

    @classmethod
    def empty(cls, metrics: int) -> CallGraph:
        """The graph of nothing, with so many rows of cost."""
        none, nothing = np.zeros(0, np.int32), np.zeros((metrics, 0))
        return cls(none, nothing, nothing, none, none, nothing)

    @classmethod
    def deriving_inclusive(
        cls,
        function: Ids,
        self_cost: Floats,
        caller: Ids,
        callee: Ids,
        arc_cost: Floats,
        *,
        calls: Floats | None = None,
        arc_calls: Floats | None = None,
    ) -> CallGraph:
        """A graph whose inclusive costs follow from its arcs (`derive_inclusive`), as callgrind's do."""
        inclusive = derive_inclusive(self_cost, caller, callee, arc_cost)
        return cls(
            function=function, self_cost=self_cost, inclusive=inclusive.high, inclusive_low=inclusive.low,
            caller=caller, callee=callee, arc_cost=arc_cost, calls=calls, arc_calls=arc_calls, derived=True,
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.function)

    @property
    def arcs(self) -> int:
        """How many arcs there are."""
        return len(self.caller)

    @property
    def inclusive_least(self) -> Floats:
        """M x n: the lower end of `inclusive`, which is the same where that is exact."""
        if self.bounds is not None:
            return self.bounds.inclusive_low
        return self.inclusive if self.inclusive_low is None else self.inclusive_low

    @property
    def limits(self) -> GraphBounds:
        """The bounds of the estimates; of a measured graph its figures themselves, which may come from outside."""
        return self.bounds or GraphBounds(
            self.self_cost, self.self_cost, self.inclusive_least, self.inclusive, self.arc_cost, self.arc_cost,
            self.inclusive, self.arc_self, self.arc_self,
        )  # fmt: skip

    @cached_property
    def totals(self) -> Floats:
        """M: the sum of self cost, which is what every percentage refers to; what was not measured counts nothing."""
        total: Floats = np.nansum(self.self_cost, axis=1)
        return total

    @cached_property
    def component(self) -> Ids:
        """n: the strongly connected component of each function, numbered so that callers come before callees."""
        return components(len(self), self.caller, self.callee)

    @cached_property
    def outgoing(self) -> Ids:
        """n + 1: the arcs of row r as caller are outgoing[r]:outgoing[r + 1], as arcs are sorted by caller."""
        return np.searchsorted(self.caller, np.arange(len(self) + 1)).astype(np.int32)

    @cached_property
    def by_callee(self) -> Ids:
        """a: the arcs ordered by (callee, caller)."""
        return np.argsort(self.callee, kind="stable").astype(np.int32)

    @cached_property
    def incoming(self) -> Ids:
        """n + 1: the arcs of row r as callee are by_callee[incoming[r]:incoming[r + 1]]."""
        return np.searchsorted(self.callee[self.by_callee], np.arange(len(self) + 1)).astype(np.int32)

    def row_of(self, function: int) -> int | None:
        """The row of a function id, or None when this graph does not touch it."""
        at = int(np.searchsorted(self.function, function))
        return at if at < len(self.function) and self.function[at] == function else None

    def callees_of(self, row: int) -> Ids:
        """The arcs that leave a row."""
        return np.arange(self.outgoing[row], self.outgoing[row + 1], dtype=np.int32)

    def callers_of(self, row: int) -> Ids:
        """The arcs that enter a row."""
        return self.by_callee[self.incoming[row] : self.incoming[row + 1]]
