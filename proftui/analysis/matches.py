"""The contexts that a search through a call tree goes through, one after the other, most of them not open yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from proftui.analysis.recorded import Recorded, Rows
from proftui.model import Bools, Ids, grouped

Path = tuple[int, ...]


class Matches(Protocol):
    """Contexts in the order in which a search visits them. `what` they are, in the plural."""

    @property
    def what(self) -> str: ...

    def __len__(self) -> int: ...

    def path(self, index: int) -> Path:
        """The path of one of them."""

    def before(self, path: Path) -> int:
        """How many of them come before the row with that path."""


@dataclass(frozen=True)
class Listed:
    """Functions in order, each looked for in one context."""

    functions: tuple[int, ...]
    path_to: Callable[[int], Path | None]
    own: int
    """Where in a path its function stands: at the root of an inverted tree, at the end of another one."""
    what: str

    def __len__(self) -> int:
        return len(self.functions)

    @cached_property
    def _place(self) -> dict[int, int]:
        return {function: place for place, function in enumerate(self.functions)}

    def path(self, index: int) -> Path:
        """The function's context."""
        return self.path_to(self.functions[index]) or ()

    def before(self, path: Path) -> int:
        """The function's place; a row of none of them is where the search begins."""
        return self._place.get(path[self.own], 0) if path else 0


class Level(Protocol):
    """Siblings in the order in which they are drawn: their functions, and the rows that each is made of."""

    @property
    def function(self) -> Ids: ...

    @property
    def rows(self) -> Rows: ...

    @property
    def first(self) -> Rows: ...


@dataclass(frozen=True, eq=False)
class Drawn:
    """Every context of some functions in a recorded tree, in the order in which the tree is drawn.

    Nothing is listed: a prefix sum over the rows says how many contexts lie below each, which leads the way down.
    """

    recorded: Recorded
    wanted: Bools
    below: Callable[[Rows | None], Level]
    what: str = "contexts"

    @cached_property
    def _running(self) -> Rows:
        """N + 1: how many contexts that are looked for have their first row before each row."""
        rows = np.flatnonzero(self.wanted[self.recorded.function])
        one, _ = grouped(self.recorded.context[rows])
        flags = np.zeros(len(self.recorded) + 1, np.int64)
        flags[rows[one] + 1] = 1
        return np.cumsum(flags)

    def __len__(self) -> int:
        return int(self._running[-1])

    def _counts(self, level: Level) -> Rows:
        """How many there are at and below each of the siblings."""
        counts = self._running[self.recorded.end[level.rows]] - self._running[level.rows]
        return np.add.reduceat(counts, level.first[:-1]) if len(counts) else counts

    def path(self, index: int) -> Path:
        """Down, by whose subtree holds it."""
        path: list[int] = []
        rows: Rows | None = None
        while True:
            level = self.below(rows)
            ends = np.cumsum(self._counts(level))
            at = int(np.searchsorted(ends, index, side="right"))
            index -= int(ends[at - 1]) if at else 0
            path.append(int(level.function[at]))
            if self.wanted[path[-1]]:
                if index == 0:
                    return tuple(path)
                index -= 1
            rows = level.rows[level.first[at] : level.first[at + 1]]

    def before(self, path: Path) -> int:
        """What the siblings before each step of the path hold, and the steps themselves but for the last."""
        count = 0
        rows: Rows | None = None
        for step, function in enumerate(path):
            level = self.below(rows)
            found = np.flatnonzero(level.function == function)
            if not len(found):
                break
            at = int(found[0])
            count += int(self._counts(level)[:at].sum())
            count += bool(step + 1 < len(path) and self.wanted[function])
            rows = level.rows[level.first[at] : level.first[at + 1]]
        return count


def mask_of(functions: Sequence[int] | Ids, size: int) -> Bools:
    """size: whether each id is among `functions`."""
    mask = np.zeros(size, np.bool_)
    ids = np.asarray(functions, np.int64)
    mask[ids[ids < size]] = True
    return mask
