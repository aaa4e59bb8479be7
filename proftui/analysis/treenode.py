"""What a lazy call tree gives, be it estimated or exact: nodes on demand, sorted, cut off where asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from proftui.analysis.matches import Matches
from proftui.analysis.scope import ESTIMATED, EXACT, MARKS, UNKNOWN, UPPER, Mark
from proftui.model import Bools, Floats, Ids

NodeKind = Literal["function", "cycle", "inside", "member", "rest"]

INSIDE_KEY = -1
REST_KEY = -2

ROWS = 200
"""How many children are made at once unless more are asked for; a node's callees can be a hundred thousand."""

NEAR = 5
"""How many rows on each side of one that is looked for far behind the cut-off are made with it."""

MEETING = 1e-9
"""Bounds that are nearer than this share of the caller's inclusive cost meet: the number is exact."""


class Figure(NamedTuple):
    """A number about one context: the best guess, bounds that hold (NaN = none), and how far it is known.

    mark  "" exact, "~" estimated between the bounds, "<=" at most `high` and nothing more, "?" nothing known
    """

    value: float
    low: float
    high: float
    mark: Mark

    def whole(self, above: Figure) -> float:
        """What of a caller's cost this is a share of: the most that goes with an upper bound is one itself."""
        return above.high if self.mark == MARKS[UPPER] else above.value

    def part_of(self, whole: float) -> float:
        """What is shown, as a part of a whole: what bounds and estimates have beyond it says nothing."""
        return min(self.shown, whole) if self.mark and whole > 0 else self.shown

    @property
    def shown(self) -> float:
        """What goes with the mark: `high` behind "<=", NaN behind "?", else the value."""
        return self.high if self.mark == MARKS[UPPER] else float("nan") if self.mark == MARKS[UNKNOWN] else self.value


def exactly(value: float) -> Figure:
    """A number that is known."""
    return Figure(value, value, value, MARKS[EXACT])


@dataclass(frozen=True, slots=True, eq=False)
class TreeNode:
    """One row of a call tree: a calling context, compared by its `path`.

    kind       "function"; "cycle": mutually recursive functions as one; "inside": the cycle's own cost, whose children
               are "member" rows with each function's self cost, which are not calls; "rest": the rows cut off
    key        unique among its siblings and stable: the function's id, for a cycle the smallest of its members'
    function   id in the profile's Functions, None for cycle, inside and rest
    cycle      the node of the condensed graph that a cycle, inside or member row is about, else None
    parent     the caller's node; for the rows that a rest stands for the caller's as well
    depth      0 at a root
    inclusive, self_cost   in stored units, on this path
    calls      how often the caller on this path called it, None where not measured or not known
    recursive  the function is on the path above already
    count      how many functions a cycle holds, how many rows a rest stands for; else 1
    expandable whether `children` may give any
    contradictory   its cost is unknown because the profiler's own numbers contradict each other
    """

    kind: NodeKind
    key: int
    function: int | None
    cycle: int | None
    parent: TreeNode | None
    depth: int
    inclusive: Figure
    self_cost: Figure
    calls: Figure | None
    recursive: bool
    count: int
    expandable: bool
    place: object = field(repr=False)
    contradictory: bool = False

    @property
    def path(self) -> tuple[int, ...]:
        """The keys from the root to this node."""
        keys: list[int] = []
        node: TreeNode | None = self
        while node is not None:
            keys.append(node.key)
            node = node.parent
        return tuple(reversed(keys))


class TreeSource(Protocol):
    """A call tree of one metric, or its inversion. Rows come by falling cost (inclusive; of an inversion the self
    cost); a cycle's inside first, a rest last.

    At most `limit` rows are made, none with less than `at_least` (stored units); those cut off are summed up in one
    row, whose children are the next ones: they go in its place.
    """

    @property
    def upward(self) -> bool:
        """Whether children are callers, and costs are what the function at the root spends when called by them."""

    @property
    def total(self) -> float:
        """What shares are taken of, in stored units: the sum of self cost."""

    def roots(self, limit: int = ROWS, at_least: float = 0.0) -> tuple[TreeNode, ...]:
        """The contexts that nothing calls; of an inversion every function."""

    def children(self, node: TreeNode, limit: int = ROWS, at_least: float = 0.0) -> tuple[TreeNode, ...]:
        """The contexts that `node` calls, a cycle's or inside's members, or the next rows of a rest."""

    def at(self, path: tuple[int, ...]) -> TreeNode | None:
        """The node with that path of keys, however far down a sorted list it is, or None."""

    def around(self, rest: TreeNode, key: int) -> tuple[TreeNode, ...]:
        """What goes in the place of a rest to have the row with that key among it: that row and some near it, and
        rests for those before and behind. Empty where the rest does not stand for it.
        """

    def path_to(self, function: int) -> tuple[int, ...] | None:
        """The path of the function's heaviest context, or of the cycle's that it is in; None where it has none."""

    def search(self, functions: Ids) -> Matches:
        """The contexts of some functions, for a search to visit."""


def marks(
    low: Floats, high: Floats, ceiling: Floats | float, scale: Floats | float, muddled: Bools | None = None
) -> Ids:
    """How far intervals inside of [0, ceiling] are known, as indices into MARKS.

    They meet within MEETING of `scale`; `muddled` ones contradict themselves, and NaN is as unknown.
    """
    slack = MEETING * np.asarray(scale)
    mark = np.full(len(low), ESTIMATED, np.int32)
    mark[low <= slack] = UPPER
    mark[(low <= slack) & (high >= np.asarray(ceiling) - slack)] = UNKNOWN
    mark[high - low <= slack] = EXACT
    mark[np.isnan(low) | np.isnan(high)] = UNKNOWN
    if muddled is not None:
        mark[muddled] = UNKNOWN
    return mark


def figures(value: Floats, low: Floats, high: Floats, mark: npt.NDArray[np.integer]) -> list[Figure]:
    """Columns of numbers as one Figure a row."""
    names = [MARKS[index] for index in mark.tolist()]
    return list(map(Figure, value.tolist(), low.tolist(), high.tolist(), names))
