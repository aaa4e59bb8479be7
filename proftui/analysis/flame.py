"""A call tree as a flame graph: frames as boxes over each other, each as wide as what it costs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from time import monotonic

from proftui.analysis.treenode import REST_KEY, TreeNode, TreeSource

Path = tuple[int, ...]
"""Keys from a root on. REST_KEY - n as the last one is the box of the siblings from the n-th on."""

SLACK = 1e-9
"""A box that is too thin by less than this share of the least width is as wide, but for the last digits."""


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """One frame, from `x` to `end` of a width of 1, compared by its `path`.

    node    the context it stands for; a rest is one box for those that are too thin to be drawn
    key     unique among the boxes in `above` and stable at any width
    row     0 where the graph begins, whatever depth the context has
    scale   how much of the width one stored unit takes here
    above   the box that it lies in, or None
    """

    node: TreeNode
    key: int
    row: int
    x: float
    end: float
    scale: float
    above: Box | None

    @property
    def width(self) -> float:
        """Its share of the whole width."""
        return self.end - self.x

    @property
    def path(self) -> Path:
        """The keys from a root to this box. What a rest was opened into lies where it would have lain anyway."""
        keys = [self.key]
        above = self.above
        while above is not None:
            if above.node.kind != "rest":
                keys.append(above.key)
            above = above.above
        return tuple(reversed(keys))


class Flame:
    """The boxes of a call tree, row by row, as far down as they were asked for.

    A box is as wide as the best guess at its inclusive cost, the heaviest on the left; what is left of the box above
    it, on the right, is that one's own cost. Bounds can push guesses up, so that those of some siblings come to more
    than what their caller has: then all of them are narrowed in proportion, and fill it. A frame of which nothing is
    known is as wide as its caller's usual share would make it, which its drawing has to belie. What costs less than
    nothing has no width.

    The frame that `zoom` leads to, or the last one on the way that there is, takes the whole width, and so do those
    above it. Boxes narrower than `least` (a share of the width) are not asked for: a rest stands for them, and when
    it is zoomed into they lie in it, unless all of them are too thin even so. Where `circles` turn up in an estimate,
    recursive frames are not opened, as that would have no end.
    """

    def __init__(self, source: TreeSource, zoom: Path = (), least: float = 0.001, *, circles: bool = False) -> None:
        self.source = source
        self.least = least
        self._circles = circles
        self.rows: list[list[Box]] = []
        above: Box | None = None
        for node, key in _way(source, zoom):
            above = self._filling(node, key, above)
            self.rows.append([above])
        self.zoomed = above
        if above is None:
            total = source.total
            roots = source.roots(self._most, self._thinnest(1 / total)) if total > 0 else ()
            self.rows.append(self._beside_each_other(roots, None, 1 / total if total > 0 else 0.0))
        self.ended = not self.rows[-1]

    @property
    def _most(self) -> int:
        return ceil(1 / self.least) + 1

    def _thinnest(self, scale: float) -> float:
        """What has to be spent for a box where one unit takes `scale` of the width; what is just enough will do."""
        return self.least / scale * (1 - SLACK)

    def _filling(self, node: TreeNode, key: int, above: Box | None) -> Box:
        cost = node.inclusive.value
        return Box(node, key, len(self.rows), 0.0, 1.0, 1 / cost if cost > 0 else 0.0, above)

    def grow(self, rows: int, seconds: float = float("inf")) -> bool:
        """Make boxes down to that many rows, for so long at most; whether that is done, or there are no more."""
        begun = monotonic()
        while len(self.rows) < rows and not self.ended:
            below = [box for above in self.rows[-1] for box in self._inside(above)]
            if below:
                self.rows.append(below)
            self.ended = not below
            if monotonic() - begun > seconds:
                break
        return self.ended or len(self.rows) >= rows

    def _inside(self, box: Box) -> list[Box]:
        node = box.node
        opened = box is self.zoomed or not (node.kind == "rest" or (self._circles and node.recursive))
        if not (opened and node.expandable and box.scale > 0 and box.width >= self.least * (1 - SLACK)):
            return []
        boxes = self._beside_each_other(
            self.source.children(node, self._most, self._thinnest(box.scale)), box, box.scale
        )
        # only a rest can lie in one that looks the same; the paths of others, as long as they are deep, need no look
        same = node.kind == "rest" and [other.path for other in boxes] == [box.path]
        return [] if same else boxes

    def _beside_each_other(self, nodes: Sequence[TreeNode], above: Box | None, scale: float) -> list[Box]:
        """Boxes for siblings, from the left edge of the box above on."""
        x, end = (above.x, above.end) if above is not None else (0.0, 1.0)
        row = above.row + 1 if above is not None else 0
        thinnest = self._thinnest(scale) if nodes else 0.0
        frames = [node for node in nodes if node.kind != "rest" and node.inclusive.value >= thinnest]
        frames.sort(key=lambda node: -node.inclusive.value)
        rests = [node for node in nodes if node.kind == "rest" and node.inclusive.value > 0]
        cost = sum(node.inclusive.value for node in (*frames, *rests))
        if cost * scale > end - x:
            scale = (end - x) / cost
        first = _first(above) + sum(node.kind not in ("rest", "inside") for node in nodes)
        boxes = []
        left, used = x, 0.0
        for node in (*frames, *rests):
            used += node.inclusive.value
            right = min(x + used * scale, end)
            key = REST_KEY - first if node.kind == "rest" else node.key
            boxes.append(Box(node, key, row, left, right, scale, above))
            left = right
        return boxes

    # ------------------------------------------------------------------ going from box to box

    def find(self, path: Path) -> Box | None:
        """The box with that path, or the nearest to it: the rest that it went into, else the last one on the way."""
        found: Box | None = None
        for key in path:
            inside = self.inside(found)
            if found is not None and found is not self.zoomed and found.node.kind == "rest":
                break
            chosen = next((box for box in inside if box.key == key), None)
            if chosen is None and len(inside) == 1 and inside[0] is self.zoomed and inside[0].node.kind == "rest":
                inside = self.inside(self.zoomed)
                chosen = next((box for box in inside if box.key == key), None)
            if chosen is None:
                return next((box for box in inside if box.node.kind == "rest"), found)
            found = chosen
        return found

    def inside(self, box: Box | None) -> list[Box]:
        """The boxes right in `box`, from left to right; the outermost for None."""
        row = 0 if box is None else box.row + 1
        self.grow(row + 1)
        return [other for other in self.row(row) if other.above is box]

    def heaviest(self, box: Box | None) -> Box | None:
        """The heaviest frame in a box (None: of the outermost), or the rest where nothing else was wide enough."""
        return next(iter(self.inside(box)), None)

    def beside(self, box: Box, step: int) -> Box | None:
        """The next box in the same row, be it in the same box above or not; None at the edge."""
        place = self.rows[box.row].index(box) + step
        return self.rows[box.row][place] if 0 <= place < len(self.rows[box.row]) else None

    def row(self, row: int) -> list[Box]:
        """The boxes of a row that was made, from left to right."""
        return self.rows[row] if 0 <= row < len(self.rows) else []

    def at(self, row: int, x: float) -> Box | None:
        """The box of a row at a share of the width."""
        boxes = self.row(row)
        place = bisect_right(boxes, x, key=lambda box: box.x) - 1
        return boxes[place] if place >= 0 and x < boxes[place].end else None


def _first(above: Box | None) -> int:
    """The number among its siblings of the first frame that is laid out in a box; 0 but for an opened rest."""
    return REST_KEY - above.key if above is not None and above.node.kind == "rest" else 0


def _way(source: TreeSource, path: Path) -> list[tuple[TreeNode, int]]:
    """The nodes from a root along a path, each with its key, as far as they exist."""
    frames = path[:-1] if path and path[-1] <= REST_KEY else path
    length = len(frames) if source.at(frames) is not None else _existing(source, frames)
    node = source.at(frames[:length])
    way: list[TreeNode] = []
    above = node
    while above is not None:
        way.append(above)
        above = above.parent
    keyed = list(zip(reversed(way), frames, strict=False))
    if length == len(frames) < len(path) and (rest := _rest(source, node, REST_KEY - path[-1])) is not None:
        keyed.append((rest, path[-1]))
    return keyed


def _existing(source: TreeSource, path: Path) -> int:
    """How many of the keys lead to a node."""
    return bisect_left(range(1, len(path) + 1), True, key=lambda length: source.at(path[:length]) is None)


def _rest(source: TreeSource, parent: TreeNode | None, first: int) -> TreeNode | None:
    """The children of `parent` (None: the roots) from the `first` on, as one node."""
    nodes = source.roots(first) if parent is None else source.children(parent, first)
    return nodes[-1] if nodes and nodes[-1].kind == "rest" else None
