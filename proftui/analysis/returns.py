"""Which calls out of a group may lead back into it: reachability in the call graph, 64 groups a word."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from proftui.model import Bools, CallGraph, Ids, grouped

Words = npt.NDArray[np.uint64]
Nodes = npt.NDArray[np.integer]

MOST_WORDS = 1 << 20
"""How many words may be moved: reachability of all groups would take functions times groups bits."""

MOST_WAVES = 400
"""How many levels of calls are gone through; a graph that is deeper is taken as if all came back."""


def comes_back(graph: CallGraph, group: Ids, asked: Nodes, arcs: Nodes) -> Bools:
    """For each of `arcs` whether its callee may, directly or not, call the group that its caller is in.

    `group` is that of each row of `graph`, `asked` are the groups to tell this of, those that matter most first;
    `arcs` are all arcs that lie on ways from one of these back to it. Of groups for which telling would take too
    long all arcs come back, as far as is known.
    """
    words = min(-(-len(asked) // 64), MOST_WORDS // max(1, len(arcs)))
    back = np.ones(len(arcs), np.bool_)
    if not words:
        return back
    node = graph.component
    tail, head = node[graph.caller[arcs]], node[graph.callee[arcs]]
    met = np.zeros(int(node.max()) + 1, np.bool_)
    met[tail] = met[head] = True
    place = (np.cumsum(met) - 1).astype(np.int32)
    bit = np.full(int(group.max()) + 1, -1, np.int64)
    bit[asked[: 64 * words]] = np.arange(min(len(asked), 64 * words))
    members = np.flatnonzero(met[node] & (bit[group] >= 0))
    of_member = bit[group[members]]
    own = np.zeros((int(place[-1]) + 1, words), np.uint64)
    np.bitwise_or.at(own, (place[node[members]], of_member >> 6), _single(of_member))
    tail, head = place[tail], place[head]
    reach = _reached(own, tail, head)
    if reach is None:
        return back
    of_caller = bit[group[graph.caller[arcs]]]
    told = of_caller >= 0
    bits = of_caller[told]
    back[told] = (reach[head[told], bits >> 6] & _single(bits)) != 0
    return back


def _single(bits: npt.NDArray[np.int64]) -> Words:
    single: Words = np.left_shift(np.uint64(1), (bits & 63).astype(np.uint64))
    return single


def _reached(own: Words, tail: Nodes, head: Nodes) -> Words | None:
    """Each node's bits and those of all that it calls, in waves from the nodes that call nothing; None if too deep."""
    crossing = tail != head
    tail, head = tail[crossing], head[crossing]
    callees, starts = _by(tail, head, len(own))
    callers, entered = _by(head, tail, len(own))
    waiting = np.diff(starts)
    ready = np.flatnonzero(waiting == 0)
    reach = own
    for _ in range(MOST_WAVES):
        calling = ready[starts[ready + 1] > starts[ready]]
        if len(calling):
            below, offsets = _slices(starts, calling)
            reach[calling] |= np.bitwise_or.reduceat(reach[callees[below]], offsets, axis=0)
        above, _ = _slices(entered, ready)
        targets = callers[above]
        if not len(targets):
            return reach
        np.subtract.at(waiting, targets, 1)
        targets = targets[waiting[targets] == 0]
        ready = targets[grouped(targets)[0]]
    return None


def _by(key: Nodes, value: Nodes, count: int) -> tuple[Nodes, Nodes]:
    """The values ordered by their keys, which are below `count`, and where each key's begin."""
    return value[np.argsort(key)], np.concatenate([[0], np.cumsum(np.bincount(key, minlength=count))])


def _slices(starts: Nodes, rows: Nodes) -> tuple[Nodes, Nodes]:
    """The places starts[row] to starts[row + 1] of all rows, one after the other, and where each row's begin."""
    lengths = starts[rows + 1] - starts[rows]
    offsets = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(starts[rows] - offsets, lengths), offsets
