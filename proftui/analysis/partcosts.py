"""One part's costs, laid on the condensed graph that it shares with the other parts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from proftui.analysis.condense import Condensed
from proftui.analysis.treenode import MEETING
from proftui.model import Bools, CallGraph, Floats, Ids

NOISE = 0.01
"""Relative: profilers' own arithmetic leaves a function's arcs and its inclusive cost this far apart."""


def added(group: Ids, values: npt.NDArray[np.generic], count: int) -> Floats:
    """`values` added up by `group`, ids below `count`."""
    return np.bincount(group, values, count).astype(np.float64, copy=False)


def ratio(part: Floats, whole: Floats) -> Floats:
    """Their quotient, and zero of nothing."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return np.where(whole == 0, 0, part / whole)


@dataclass(frozen=True, eq=False)
class PartCosts:
    """A metric of a part's graph, a row of its tables, over the N nodes and A arcs of `shape`."""

    shape: Condensed
    graph: CallGraph
    metric: int
    signed: bool = False

    @cached_property
    def _places(self) -> tuple[Ids, Ids]:
        """The node of each row, and the arc (-1 inside of a node) of each arc, of the part's graph."""
        whole, part = self.shape.graph, self.graph
        if part is whole:
            return self.shape.node, self.shape.arc
        rows = np.searchsorted(whole.function, part.function)
        keys = whole.caller.astype(np.int64) * len(whole) + whole.callee
        arcs = np.searchsorted(keys, rows[part.caller].astype(np.int64) * len(whole) + rows[part.callee])
        return self.shape.node[rows], self.shape.arc[arcs]

    @cached_property
    def _crossing(self) -> Bools:
        crossing: Bools = self._places[1] >= 0
        return crossing

    def on_nodes(self, of_rows: Floats) -> Floats:
        """N: values of the part's rows, added up."""
        return self._on_nodes(self._places[0], of_rows)

    def on_arcs(self, of_arcs: Floats) -> Floats:
        """A: values of the part's arcs, added up; those inside of nodes left out."""
        return self._on_arcs(of_arcs)

    @property
    def _into(self) -> Ids:
        return self._places[0][self.graph.callee]

    def _on_nodes(self, group: Ids, values: npt.NDArray[np.generic]) -> Floats:
        return added(group, values, len(self.shape))

    def _on_arcs(self, values: Floats | None) -> Floats:
        if values is None:
            return np.full(self.shape.arcs, np.nan)
        places = self._places[1][self._crossing]
        return added(places, values[self._crossing], self.shape.arcs)

    @cached_property
    def touched(self) -> Bools:
        """N: the part has some of the node's functions."""
        touched = np.zeros(len(self.shape), np.bool_)
        touched[self._places[0]] = True
        return touched

    @cached_property
    def present(self) -> Bools:
        """A: the part has the arc."""
        present = np.zeros(self.shape.arcs, np.bool_)
        present[self._places[1][self._crossing]] = True
        return present

    @cached_property
    def self_cost(self) -> Floats:
        """N."""
        return self._on_nodes(self._places[0], np.nan_to_num(self.graph.self_cost[self.metric]))

    @cached_property
    def arc_cost(self) -> Floats:
        """A; NaN where the profiler records calls alone."""
        return self._on_arcs(self.graph.arc_cost[self.metric])

    @cached_property
    def arc_calls(self) -> Floats:
        """A; NaN where not measured."""
        return self._on_arcs(self.graph.arc_calls)

    @cached_property
    def arc_self(self) -> Floats | None:
        """A: self cost of the callee when called through the arc, where all arcs carry it."""
        own = self.graph.arc_self
        return (
            None if self.signed or own is None or np.isnan(own[self.metric]).any() else self._on_arcs(own[self.metric])
        )

    @cached_property
    def inner_self(self) -> Floats:
        """N: the self cost that calls inside of the node account for; all of it where arcs carry none."""
        if self.arc_self is None or self.graph.arc_self is None:
            return self.self_cost
        inside = ~self._crossing
        return self._on_nodes(self._into[inside], self.graph.arc_self[self.metric, inside])

    @cached_property
    def incoming(self) -> Floats:
        """N: what arcs bring in, as far as it is known."""
        return self._on_nodes(self.shape.callee, np.nan_to_num(self.arc_cost))

    @cached_property
    def outgoing(self) -> Floats:
        """N: what arcs take out; NaN where one carries no cost."""
        return self._on_nodes(self.shape.caller, self.arc_cost)

    @cached_property
    def unknown(self) -> Bools:
        """A: the arcs of the part that carry no cost."""
        unknown: Bools = self.present & np.isnan(self.arc_cost)
        return unknown

    @cached_property
    def certain(self) -> Bools:
        """N: the node's inclusive cost is known; that of a cycle is not where an arc out of it carries none."""
        certain: Bools = (self.shape.size == 1) | ~np.isnan(self.outgoing)
        return certain

    @cached_property
    def inclusive(self) -> Floats:
        """N: as measured; of a cycle its members' and all that leaves it, or where uncertain at most so much."""
        measured = self._on_nodes(self._places[0], self.graph.inclusive[self.metric])
        whole = self.self_cost + self.outgoing
        if not self.signed:
            whole = np.fmax(self.incoming, whole)
        whole = np.where(self.certain, whole, np.fmin(measured, self.graph.totals[self.metric]))
        return np.where(self.shape.size > 1, whole, measured)

    @cached_property
    def called(self) -> Bools:
        """N: an arc of the part enters the node."""
        called: Bools = np.bincount(self.shape.callee[self.present], minlength=len(self.shape)) > 0
        return called

    @cached_property
    def left(self) -> Floats:
        """N: what is left of a node's inclusive cost for arcs that carry none and for calls from outside.

        Where the profiler says that a called node costs more than its self cost and its callees, it is not believed:
        some add the recursive calls up.
        """
        if self.signed:
            return self.inclusive - self.incoming
        believed = np.where(self.called, np.fmin(self.inclusive, self.self_cost + self.outgoing), self.inclusive)
        return np.maximum(np.where(self.shape.recurs, self.inclusive, believed - self.incoming), 0)

    @cached_property
    def outside_calls(self) -> Floats:
        """N: the calls that no arc accounts for; NaN where not measured.

        What a derived graph holds as a function's calls are those of its arcs, which proves nothing.
        """
        graph = self.graph
        if graph.calls is None or graph.arc_calls is None or graph.derived:
            return np.full(len(self.shape), np.nan)
        return self._on_nodes(self._places[0], graph.calls) - self._on_nodes(self._into, graph.arc_calls)

    @cached_property
    def outside(self) -> Bools:
        """N: the nodes that are called from outside of the profile, its roots.

        These have no caller, or more calls than arcs account for, or cost that no arc brings in: any at all where
        calls are not known, else more than NOISE, as then it is the profiler's own arithmetic.
        """
        unknown = self._on_nodes(self.shape.callee, self.unknown) > 0
        noise = np.where(np.isnan(self.outside_calls), MEETING, NOISE) * np.abs(self.inclusive)
        unaccounted = np.where(unknown, np.isnan(self.outside_calls), np.abs(self.left) > noise)
        outside: Bools = self.touched & (~self.called | (self.outside_calls > 0) | unaccounted)
        return outside
