"""Stacks of threads as a tree: threads, their frames from the innermost one on, and the variables of these."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from proftui.live.stacks_now import StackFrame, ThreadStack
from proftui.model import Ids
from proftui.report.rows import Cell, Column, Tone
from proftui.report.text import safe

WHAT = Column("what", "Thread, function, variable", 30, "left", flexible=True)
VALUE = Column("value", "State, place, value", 38, "left")

THREAD, FRAME, VARIABLE = range(3)
"""The depths at which they stand."""


@dataclass(frozen=True, slots=True)
class Node:
    """One row: `detail` is all of it, `end` one past the last row below it."""

    depth: int
    key: tuple[Hashable, ...]
    cells: tuple[Cell, Cell]
    detail: str
    end: int


class StackRows:
    """Rows of which some are closed; texts are safe to draw.

    What is open by itself: threads, and frames where `variables` are wanted; `turned` are the keys of rows that are not
    as they would be by themselves.
    """

    columns = (WHAT, VALUE)

    def __init__(self, stacks: Sequence[ThreadStack]) -> None:
        self.variables = True
        self._turned: set[Hashable] = set()
        self._nodes = _nodes(stacks)
        self._shown: list[int] = []
        self._lay_out()

    def arranged(self, *, variables: bool, turned: frozenset[Hashable] = frozenset()) -> StackRows:
        """The same stacks, of which other rows are open."""
        other = copy(self)
        other.variables, other._turned = variables, set(turned)
        other._lay_out()
        return other

    @property
    def turned(self) -> frozenset[Hashable]:
        """See above."""
        return frozenset(self._turned)

    def _lay_out(self) -> None:
        self._shown = []
        place = 0
        while place < len(self._nodes):
            node = self._nodes[place]
            self._shown.append(place)
            place = place + 1 if self._is_open(node) else node.end

    def _is_open(self, node: Node) -> bool:
        return (node.depth == THREAD or self.variables) != (node.key in self._turned)

    def _node(self, row: int) -> Node:
        return self._nodes[self._shown[row]]

    # ------------------------------------------------------------------ drawing

    def __len__(self) -> int:
        return len(self._shown)

    def cells(self, row: int) -> Sequence[Cell]:
        """What it is, and what is known of it."""
        return self._node(row).cells

    def key(self, row: int) -> tuple[Hashable, ...]:
        """Of a thread its process and itself, below it the frame, counted from the outermost one, then the variable."""
        return self._node(row).key

    def depth(self, row: int) -> int:
        """How far it stands to the right."""
        return self._node(row).depth

    def detail(self, row: int) -> str:
        """All of it."""
        return self._node(row).detail

    def find(self, text: str) -> Ids:
        """The rows among those that are open which hold a text, regardless of case; none for ""."""
        needle = text.casefold()
        found = (row for row in range(len(self)) if needle in self.detail(row).casefold()) if needle else ()
        return np.fromiter(found, np.int32)

    def row_of(self, key: tuple[Hashable, ...]) -> int:
        """The row of a key, or of the nearest above it that is there; else the first."""
        rows = {self.key(row): row for row in range(len(self))}
        return next((rows[part] for part in _up_from(key) if part in rows), 0)

    # ------------------------------------------------------------------ opening

    def parent(self, row: int) -> int | None:
        """The row that it stands below."""
        depth = self.depth(row)
        return next((above for above in range(row - 1, -1, -1) if self.depth(above) < depth), None)

    def expandable(self, row: int) -> bool:
        """Whether there is anything below it."""
        return self._node(row).end > self._shown[row] + 1

    def expanded(self, row: int) -> bool:
        """Whether that is shown."""
        return self.expandable(row) and self._is_open(self._node(row))

    def expand(self, row: int) -> int:
        """Show what is below it; how many rows that adds."""
        return self._turn([row] if self.expandable(row) and not self.expanded(row) else [])

    def collapse(self, row: int) -> None:
        """Show nothing of what is below it."""
        self._turn([row] if self.expanded(row) else [])

    def expand_all(self, row: int) -> int:
        """Show all that is below it; how many rows that adds."""
        before = len(self)
        place = self._shown[row]
        for node in self._nodes[place : self._nodes[place].end]:
            if not self._is_open(node):
                self._turned ^= {node.key}
        self._lay_out()
        return len(self) - before

    def _turn(self, rows: Sequence[int]) -> int:
        before = len(self)
        self._turned ^= {self.key(row) for row in rows}
        self._lay_out()
        return len(self) - before


def _up_from(key: tuple[Hashable, ...]) -> Iterator[tuple[Hashable, ...]]:
    for length in range(len(key), 1, -1):
        yield key[:length]


def _nodes(stacks: Sequence[ThreadStack]) -> list[Node]:
    nodes: list[Node] = []
    several = len({thread.pid for thread in stacks}) > 1
    for thread in stacks:
        below = [node for frame in _frames(thread, len(nodes) + 1) for node in frame]
        nodes.append(_of_thread(thread, len(nodes) + 1 + len(below), several=several))
        nodes += below
    return nodes


def _of_thread(thread: ThreadStack, end: int, *, several: bool) -> Node:
    number = f"thread {thread.ident:#x}" if thread.tid is None else f"thread {thread.tid}"
    name = safe(thread.title)
    process = f"process {thread.pid}"
    known = ", ".join([thread.state, number, *([process] if several else [])])
    detail = f"{name}: {thread.state}, {number} (Python's {thread.ident:#x}), {process}"
    tone: Tone = "dim" if not thread.active else "mark" if thread.gil else "normal"
    cells = Cell(name, "link"), Cell(known, tone)
    return Node(THREAD, (thread.pid, thread.ident), cells, detail, end)


def _frames(thread: ThreadStack, place: int) -> Iterator[list[Node]]:
    """The nodes of each frame, which begin at a place."""
    for above, frame in enumerate(thread.frames):
        key = (thread.pid, thread.ident, len(thread.frames) - above)
        nodes = _of_frame(frame, key, place)
        place += len(nodes)
        yield nodes


def _of_frame(frame: StackFrame, key: tuple[Hashable, ...], place: int) -> list[Node]:
    name, where = safe(frame.name), safe(frame.place)
    end = place + 1 + len(frame.variables)
    nodes = [Node(FRAME, key, (Cell(name), Cell(where, "dim")), f"{name}  {where}", end)]
    for number, variable in enumerate(frame.variables, 1):
        name, value = safe(variable.name), safe(variable.value or "")
        cells = Cell(f"{name} (arg)" if variable.argument else name, "dim"), Cell(value)
        kind = "argument" if variable.argument else "local"
        detail = f"{kind} {name} = {value}" if value else f"{kind} {name}"
        nodes.append(Node(VARIABLE, (*key, variable.name), cells, detail, place + number + 1))
    return nodes
