"""A flame graph in the order of time: each activation is a box, from when it begins to when it ends."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import ceil

import numpy as np
import numpy.typing as npt

from proftui.analysis.flame import SLACK, Box, Flame, Path
from proftui.analysis.treenode import REST_KEY, NodeKind, TreeNode, TreeSource, exactly
from proftui.model import CallTree, Floats, Ids, Timeline

Places = npt.NDArray[np.int64]

PIECES = 20
"""Into how many boxes a rest falls whose activations are too thin even if it has the whole width."""


@dataclass(frozen=True, eq=False)
class Activations:
    """What ran when in a tree, and what lies in what."""

    tree: CallTree
    timeline: Timeline

    @cached_property
    def above(self) -> Places:
        """The activation that each lies in, -1 for none."""
        return self.timeline.enclosing(self.tree.parent)

    @cached_property
    def function(self) -> Ids:
        """The function of each."""
        return self.tree.function[self.timeline.row]

    @cached_property
    def own(self) -> Floats:
        """What passes in each, and in none within it."""
        inside = np.bincount(self.above + 1, self.spent, len(self.timeline) + 1)[1:]
        return self.spent - inside

    @cached_property
    def spent(self) -> Floats:
        """How long each is."""
        return self.timeline.end - self.timeline.start

    @cached_property
    def _by_above(self) -> tuple[Places, Places]:
        """The activations ordered by the one that they lie in, then by time; where those in each begin."""
        order = np.argsort(self.above, kind="stable")
        return order, np.searchsorted(self.above[order], np.arange(-1, len(self.timeline) + 1))

    def made(self) -> Activations:
        """The same, with nothing left to be made when it is looked at."""
        _ = self.function, self.own, self._by_above
        return self

    def within(self, activation: int) -> Places:
        """Those right in one, -1 for the outermost, in the order of time."""
        order, begins = self._by_above
        return order[begins[activation + 1] : begins[activation + 2]]

    def path(self, activation: int) -> Path:
        """The activations from an outermost one to this."""
        found = []
        while activation >= 0:
            found.append(activation)
            activation = int(self.above[activation])
        return tuple(reversed(found))

    def path_to(self, function: int) -> Path:
        """The path of the longest activation of a function."""
        those = np.flatnonzero(self.function == function)
        return self.path(int(those[np.argmax(self.spent[those])])) if len(those) else ()

    def whole(self, path: Path) -> Path:
        """As much of a path as there is, rests at its end included."""
        above, length = -1, 0
        for key in path:
            if key > REST_KEY and (not 0 <= key < len(self.timeline) or self.above[key] != above):
                break
            above = key if key >= 0 else above
            length += 1
        return path[:length]


class TimeFlame(Flame):
    """The boxes of activations. Neighbours that are thinner than `least`, and no further apart, are one box: a rest,
    whose key tells how many they are, and from which on.
    """

    def __init__(self, source: TreeSource, activations: Activations, zoom: Path = (), least: float = 0.001) -> None:
        self.source = source
        self.least = least
        self.activations = activations
        self.rows: list[list[Box]] = []
        timeline = activations.timeline
        self.start = float(timeline.start[0]) if len(timeline) else 0.0
        self.end = float(timeline.end.max()) if len(timeline) else 0.0
        self.zoomed = None
        for key in activations.whole(zoom):
            self._widen(key)
        if self.zoomed is None:
            self.rows.append(self._boxes(None))
        self.ended = not self.rows[-1]

    def _widen(self, key: int) -> None:
        """Give a box the whole width."""
        above, timeline = self.zoomed, self.activations.timeline
        those = self._joined(above, key) if key <= REST_KEY else np.array([key])
        if not len(those):
            return
        self.start, self.end = float(timeline.start[those[0]]), float(timeline.end[those].max())
        node = self._node(above, those)
        self.zoomed = Box(node, key, len(self.rows), 0.0, 1.0, self._scale, above)
        self.rows.append([self.zoomed])

    @property
    def _scale(self) -> float:
        return 1 / (self.end - self.start) if self.end > self.start else 0.0

    def _activation(self, box: Box | None) -> int:
        """The activation that a box is of, or that its rest lies in; -1 for none."""
        while box is not None and box.key <= REST_KEY:
            box = box.above
        return -1 if box is None else box.key

    def _joined(self, box: Box | None, key: int) -> Places:
        """The activations in a box that a rest with this key stands for."""
        within = self.activations.within(self._activation(box))
        begin, count = divmod(REST_KEY - key, len(self.activations.timeline) + 1)
        return within[begin : begin + count]

    def _inside(self, box: Box) -> list[Box]:
        opened = box is self.zoomed or (box.node.kind != "rest" and box.width >= self.least * (1 - SLACK))
        return self._boxes(box) if opened and box.node.expandable else []

    def _boxes(self, box: Box | None) -> list[Box]:
        """The boxes right in one, from left to right."""
        if self._scale == 0:
            return []
        timeline, offset = self.activations.timeline, 0
        within = self.activations.within(self._activation(box))
        if box is not None and box.node.kind == "rest":
            offset = divmod(REST_KEY - box.key, len(timeline) + 1)[0]
            within = self._joined(box.above, box.key)
        x = (timeline.start[within] - self.start) * self._scale
        end = (timeline.end[within] - self.start) * self._scale
        wide = end - x >= self.least * (1 - SLACK)
        begins = np.ones(len(within), np.bool_)
        begins[1:] = wide[1:] | wide[:-1] | (x[1:] - end[:-1] >= self.least)
        if box is not None and box.node.kind == "rest" and begins.sum() == 1:
            begins[:: ceil(len(within) / PIECES)] = True
        edges = [*np.flatnonzero(begins).tolist(), len(within)]
        row = 0 if box is None else box.row + 1
        boxes = []
        for first, behind in pairwise(edges):
            key = int(within[first])
            if behind - first > 1:
                key = REST_KEY - ((offset + first) * (len(timeline) + 1) + behind - first)
            node = self._node(box, within[first:behind])
            boxes.append(Box(node, key, row, float(x[first]), float(end[behind - 1]), self._scale, box))
        return boxes

    def _node(self, above: Box | None, those: Places) -> TreeNode:
        """What a box is about: one activation, or some that are too thin."""
        made, first = self.activations, int(those[0])
        kind: NodeKind = "function" if len(those) == 1 else "rest"
        own = float(made.own[first]) if kind == "function" else float("nan")
        parent = None if above is None else above.node
        return TreeNode(
            kind=kind, key=first, function=int(made.function[first]) if kind == "function" else None, cycle=None,
            parent=parent, depth=0 if parent is None else parent.depth + 1,
            inclusive=exactly(float(made.spent[those].sum())), self_cost=exactly(own), calls=None, recursive=False,
            count=len(those), expandable=kind == "rest" or len(made.within(first)) > 0, place=first,
        )  # fmt: skip

    def find(self, path: Path) -> Box | None:
        """The box with that path, or the nearest to it: the rest that it went into, else the last one on the way."""
        found: Box | None = None
        for key in path:
            inside = self.inside(found)
            chosen = next((box for box in inside if box.key == key), None)
            if chosen is None and 0 <= key < len(self.activations.timeline):
                x = (float(self.activations.timeline.start[key]) - self.start) * self._scale
                at = bisect_left(inside, x + SLACK, key=lambda box: box.x) - 1
                chosen = inside[at] if at >= 0 and inside[at].node.kind == "rest" else None
            if chosen is None:
                break
            found = chosen
            if found.node.kind == "rest" and found is not self.zoomed:
                break
        return found

    def heaviest(self, box: Box | None) -> Box | None:
        """The longest activation in a box (None: of the outermost), or the rest where nothing else was wide enough."""
        return max(self.inside(box), key=lambda other: (other.node.kind != "rest", other.width), default=None)
