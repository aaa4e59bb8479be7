"""What follows from the rows of a recording alone, whatever was sampled in them: it grows as rows are added."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proftui.model.arrays import Bools, Floats, Ids, grouped
from proftui.model.graph import CallGraph
from proftui.model.preorder import preorder
from proftui.model.tree import outermost

Keys = npt.NDArray[np.int64]

FEW = 8
"""Rows are put in among those that are there where they are at most one to FEW; else all are ordered anew."""

HALF, LOW = 32, 0xFFFFFFFF
"""Two ids of 32 bits in one number: what comes first has the upper half."""


@dataclass(frozen=True, eq=False)
class Layout:
    """R rows of the call trees of several threads, laid out.

    order             R: the rows in preorder, thread by thread
    size              R: how many rows the subtree of each row has
    node, arc         R: which function of a thread a row is, and by which arc it was called (A for a root)
    first, first_arc  R: whether no row above has the same node, the same arc
    nodes             N: thread << 32 | function, ascending
    arcs              A: calling node << 32 | called node, ascending
    """

    order: Ids
    size: Ids
    node: Ids
    arc: Ids
    first: Bools
    first_arc: Bools
    nodes: Keys
    arcs: Keys

    def __len__(self) -> int:
        return len(self.order)

    def grown(self, parent: Ids, thread: Ids, function: Ids) -> Layout:
        """The layout of rows of which these are the first.

        For each row: what it was called by (a row before it, -1 for a root), whose it is, and what it is.
        """
        known, count = len(self), len(parent)
        if known == count:
            return self
        few = (count - known) * FEW <= known
        order, size = self._with(parent, thread) if few else preorder(parent, thread)
        nodes, moved, which = _union(self.nodes, thread[known:].astype(np.int64) << HALF | function[known:])
        node = np.concatenate([moved[self.node], which]).astype(np.int32)
        before = moved[self.arcs >> HALF] << HALF | moved[self.arcs & LOW]
        called = known + np.flatnonzero(parent[known:] >= 0)
        arcs, moved, which = _union(before, node[parent[called]].astype(np.int64) << HALF | node[called])
        arc = np.full(count, len(arcs), np.int32)
        arc[:known] = np.append(moved, len(arcs))[self.arc]
        arc[called] = which
        first, first_arc = (
            _climbing(parent, group, before) if few else _outermost(group, order, size)
            for group, before in ((node, self.first), (arc, self.first_arc))
        )
        return Layout(order, size, node, arc, first, first_arc, nodes, arcs)

    def _with(self, parent: Ids, thread: Ids) -> tuple[Ids, Ids]:
        """The `order` and `size` of all rows, of which few are new."""
        known = len(self)
        # new rows are a forest by themselves: a root of it goes to the end of its parent's subtree, or of its thread
        below = np.maximum(parent[known:] - known, -1)
        roots = np.flatnonzero(below < 0)
        above, owner = parent[known:][roots], thread[known:][roots]
        place = np.empty(known + 1, np.int64)
        place[self.order] = np.arange(known)
        extent = np.append(self.size, known + 1)  # the last one is what -1 means
        end = np.where(above < 0, np.searchsorted(thread[self.order], owner, "right"), place[above] + extent[above])
        # where several subtrees end at one place, the inner one is the smaller
        sort = np.lexsort((extent[above], owner, end))
        where = np.stack([end, owner, extent[above]])[:, sort]
        rank = np.zeros(len(below), np.int64)
        rank[roots[sort]] = np.cumsum((np.diff(where, prepend=-1) != 0).any(axis=0))
        inner, sizes = preorder(below, rank)
        ends = np.zeros(len(below), np.int64)
        ends[roots] = end
        first = inner[below[inner] < 0]
        order = np.insert(self.order, np.repeat(ends[first], sizes[first]), inner + known)
        size = np.concatenate([self.size, sizes])
        more = sizes[roots]
        while len(above):
            inside = above >= 0
            above, more = above[inside], more[inside]
            np.add.at(size, above, more)
            above = parent[above]
        return order, size

    def graphs(self, cost: Floats, inclusive: Floats, owners: int) -> Iterator[CallGraph]:
        """The call graph of each of so many threads, by what each row (R) cost and what its subtree (R) did."""
        own, whole = self._by_node(cost), self._by_node(inclusive * self.first)
        arc_own, arc_whole = self._by_arc(cost), self._by_arc(inclusive * self.first_arc)
        nodes, arcs = np.flatnonzero(whole), np.flatnonzero(arc_whole)
        row = np.empty(len(self.nodes), np.int32)
        row[nodes] = np.arange(len(nodes))
        caller, callee = row[self.arcs[arcs] >> HALF], row[self.arcs[arcs] & LOW]
        starts = np.searchsorted(self.nodes[nodes], np.arange(owners + 1) << HALF)
        arc_starts = np.searchsorted(caller, starts)
        function = (self.nodes[nodes] & LOW).astype(np.int32)
        own, whole, arc_own, arc_whole = own[nodes], whole[nodes], arc_own[arcs], arc_whole[arcs]
        for (low, high), (a, b) in zip(
            itertools.pairwise(starts.tolist()), itertools.pairwise(arc_starts.tolist()), strict=True
        ):
            yield CallGraph(
                function[low:high], own[None, low:high], whole[None, low:high], caller[a:b] - low, callee[a:b] - low,
                arc_whole[None, a:b], arc_self=arc_own[None, a:b],
            )  # fmt: skip

    def _by_node(self, values: Floats) -> Floats:
        return np.bincount(self.node, values, len(self.nodes)).astype(np.float64, copy=False)

    def _by_arc(self, values: Floats) -> Floats:
        return np.bincount(self.arc, values, len(self.arcs) + 1)[:-1].astype(np.float64, copy=False)


def _outermost(group: Ids, order: Ids, size: Ids) -> Bools:
    """R: whether no row above is of the same group, by the order and the sizes of the rows."""
    first = np.empty(len(order), np.bool_)
    first[order] = outermost(group[order], np.arange(len(order)) + size[order])
    return first


def _climbing(parent: Ids, group: Ids, before: Bools) -> Bools:
    """R: whether no row above is of the same group, where that is known of those `before`."""
    first = np.append(before, np.ones(len(parent) - len(before), np.bool_))
    rows = np.arange(len(before), len(parent))
    above = parent[rows]
    while len(rows):
        inside = above >= 0
        rows, above = rows[inside], above[inside]
        first[rows] &= group[above] != group[rows]
        above = parent[above]
    return first


def _union(known: Keys, more: Keys) -> tuple[Keys, Keys, Keys]:
    """Both in one, ascending and each once; where in it are those that were known, and where the others."""
    first, which = grouped(more)
    distinct = more[first]
    new = distinct[np.append(known, -1)[np.searchsorted(known, distinct)] != distinct]
    union = np.insert(known, np.searchsorted(known, new), new)
    moved = np.arange(len(known)) + np.searchsorted(new, known)
    return union, moved, np.searchsorted(union, distinct)[which]


_IDS, _KEYS, _FLAGS = np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.bool_)

NOTHING = Layout(_IDS, _IDS, _IDS, _IDS, _FLAGS, _FLAGS, _KEYS, _KEYS)
"""The layout of no rows."""


class Newest:
    """Where recordings of one recorder leave the layout of their rows for those that come after them."""

    def __init__(self) -> None:
        self._layout = NOTHING

    def layout(self, parent: Ids, thread: Ids, function: Ids) -> Layout:
        """The layout of rows of which those seen before are the first, or which are the first of those."""
        known = self._layout
        grown = (known if len(known) <= len(parent) else NOTHING).grown(parent, thread, function)
        if len(grown) > len(known):
            self._layout = grown
        return grown
