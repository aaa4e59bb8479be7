"""A call tree, or its inversion, laid out as rows: what is expanded, drawn, searched and recorded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from proftui import units
from proftui.analysis.calltree import Figure, TreeNode, TreeSource
from proftui.analysis.matches import Matches
from proftui.analysis.scope import Scope
from proftui.analysis.siblings import SiblingTree
from proftui.model import Functions, Ids
from proftui.report import columns as c
from proftui.report.identity import full_name, identity_record, in_base, number
from proftui.report.neighbours import Base
from proftui.report.rows import Cell, Column, Haystack, Tone
from proftui.report.text import safe

Path = tuple[int, ...]

AT_ONCE = 2000
"""How many rows one key press opens at most."""

DEEPEST = 1000
"""How far the heaviest path is followed; with cycles switched off a path has no end."""


class TreeRows:
    """The rows of a lazy call tree that are open, in the order in which they are drawn.

    Opening and closing change the rows in place, and `changes` counts that; `expansion` is the set of open paths,
    which a new instance over other data takes to show the same places.
    """

    def __init__(
        self, source: TreeSource, scope: Scope, metric: int, base: Base = "total", expansion: Iterable[Path] = ()
    ) -> None:
        self.source = source
        self.scope = scope
        self.metric = metric
        self.base: Base = base
        self.columns: tuple[Column, ...] = self._columns()
        self._expanded: set[Path] = set(expansion)
        self._rows: list[TreeNode] = []
        self.changes = 0
        self._open(source.roots())

    def copy(self) -> TreeRows:
        """The same rows, to be opened and closed apart from these."""
        other = copy(self)
        other._rows, other._expanded = list(self._rows), set(self._expanded)
        return other

    def _columns(self) -> tuple[Column, ...]:
        """The columns; recorded trees do not count the calls of their contexts."""
        shares = [] if self.base == "absolute" else [c.INCLUSIVE_SHARE, c.SELF_SHARE]
        priority = 0 if self.base == "absolute" else c.INCLUSIVE.priority
        costs = [replace(c.INCLUSIVE, priority=priority), replace(c.SELF, priority=priority)]
        if self.source.upward:
            shares, costs = shares[::-1], costs[::-1]
        counted = self.scope.graph.calls is not None and not isinstance(self.source, SiblingTree)
        calls = [replace(c.CALLS, priority=1)] if counted else []
        shown = [*shares, *costs, *calls, c.NAME, c.LOCATION]
        return tuple(replace(column, sort="") for column in shown)

    def _open(self, nodes: Iterable[TreeNode], at: int = 0) -> None:
        """Insert `nodes`, and below each what is expanded, before row `at`."""
        rows: list[TreeNode] = []
        pending = list(reversed(list(nodes)))
        while pending:
            node = pending.pop()
            rows.append(node)
            if node.kind != "rest" and node.expandable and node.path in self._expanded:
                pending.extend(reversed(self.source.children(node)))
        self._rows[at:at] = rows
        self.changes += 1

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def expansion(self) -> frozenset[Path]:
        """The paths of the rows that are open."""
        return frozenset(self._expanded)

    def node(self, row: int) -> TreeNode:
        """The calling context of a row."""
        return self._rows[row]

    def key(self, row: int) -> Path:
        """The path of function ids from the root."""
        return self._rows[row].path

    def depth(self, row: int) -> int:
        """0 at a root."""
        return self._rows[row].depth

    def function(self, row: int) -> int | None:
        """The function's id; a cycle's heaviest member's; None for a rest row."""
        node = self._rows[row]
        if node.function is None and node.cycle is not None:
            graph = self.scope.graph
            return int(graph.function[self.scope.condensed.members(node.cycle)[0]])
        return node.function

    def parent(self, row: int) -> int | None:
        """The row of the caller, or None at a root."""
        depth = self._rows[row].depth
        return next((above for above in range(row - 1, -1, -1) if self._rows[above].depth < depth), None)

    def expandable(self, row: int) -> bool:
        """Whether the row can be opened."""
        return self._rows[row].expandable

    def expanded(self, row: int) -> bool:
        """Whether the row is open."""
        return row + 1 < len(self._rows) and self._rows[row + 1].depth > self._rows[row].depth

    def _end(self, row: int) -> int:
        """One past the last row below `row`."""
        depth = self._rows[row].depth
        end = row + 1
        while end < len(self._rows) and self._rows[end].depth > depth:
            end += 1
        return end

    def expand(self, row: int) -> int:
        """Open a row; a rest gives way to the rows it stands for. The number of rows that this adds."""
        node = self._rows[row]
        if not node.expandable or self.expanded(row):
            return 0
        before = len(self._rows)
        if node.kind == "rest":
            del self._rows[row]
            self._open(self.source.children(node), row)
        else:
            self._expanded.add(node.path)
            self._open(self.source.children(node), row + 1)
        return len(self._rows) - before

    def collapse(self, row: int) -> None:
        """Close a row; what was open below it stays so for the next time."""
        self._expanded.discard(self._rows[row].path)
        del self._rows[row + 1 : self._end(row)]
        self.changes += 1

    def close(self, paths: Iterable[Path]) -> None:
        """Close the rows with these paths, as far as they are open."""
        wanted = self._expanded.intersection(paths)
        for row in range(len(self._rows) - 1, -1, -1):
            if wanted and self.expanded(row) and self._rows[row].path in wanted:
                self.collapse(row)
        self._expanded -= wanted

    def expand_all(self, row: int, most: int = AT_ONCE) -> int:
        """Open a row and all below it, level by level, until `most` rows are added. The number of rows added."""
        top = self._rows[row]
        pending = deque([top])
        added = 0
        while pending and added < most:
            node = pending.popleft()
            if not node.expandable or node.kind == "rest" or self._endless(node):
                continue
            children = self.source.children(node)
            self._expanded.add(node.path)
            added += len(children)
            pending.extend(children)
        before = len(self._rows)
        del self._rows[row : self._end(row)]
        self._open([top], row)
        return len(self._rows) - before

    def expand_heaviest(self, row: int) -> int:
        """Open the heaviest row below each row from `row` on. The last row on that path."""
        for _ in range(DEEPEST):
            if self._rows[row].kind == "rest" or self._endless(self._rows[row]):
                break
            self.expand(row)
            below = next((at for at in self._children(row) if self._rows[at].kind in ("function", "cycle")), None)
            if below is None or not self._weighs(self._rows[below]):
                break
            row = below
        return row

    def _weighs(self, node: TreeNode) -> bool:
        """Whether a path is worth following: not where nothing costs, or where it is not known what is the heaviest.
        Callers of a function without self cost are followed by its inclusive cost.
        """
        if self.leading(node).mark == "?":
            return False
        return node.inclusive.value > 0 or (self.source.upward and node.self_cost.value > 0)

    def _children(self, row: int) -> Iterator[int]:
        """The rows right below `row`, from top to bottom."""
        depth, at = self._rows[row].depth, row + 1
        while at < len(self._rows) and self._rows[at].depth > depth:
            if self._rows[at].depth == depth + 1:
                yield at
            at += 1

    def _endless(self, node: TreeNode) -> bool:
        """Whether an estimated path turns in circles here, which it does without end once cycles are switched off."""
        return node.recursive and not self.scope.cycles

    def row_of(self, key: Path) -> int | None:
        """The row with that path, its ancestors opened where needed; None where there is no such context."""
        row, found = self._way(key)
        return row if found and found == len(key) else None

    def reveal(self, key: Path) -> int:
        """The row with that path, or with as much of it as the tree has; 0 where it has nothing of it."""
        return max(0, self._way(key)[0])

    def _way(self, key: Path) -> tuple[int, int]:
        """The row with as much of a path as there is, and how many steps that is. What lies behind a cut-off is made
        with some rows near it, not with all before it.
        """
        row = -1
        for length in range(1, len(key) + 1):
            if length > 1:
                self.expand(row)
            below = self._child(row, key[:length])
            if below is None:
                return row, length - 1
            row = below
        return row, len(key)

    def _child(self, parent: int, path: Path) -> int | None:
        """The row with that path right below `parent` (-1: among the roots), or None."""
        rows = self._children(parent) if parent >= 0 else (at for at, node in enumerate(self._rows) if not node.depth)
        rests = []
        for row in rows:
            if self._rows[row].key == path[-1]:
                return row
            if self._rows[row].kind == "rest":
                rests.append(row)
        for row in rests:
            if nodes := self.source.around(self._rows[row], path[-1]):
                del self._rows[row]
                self._open(nodes, row)
                return self._child(parent, path)
        return None

    def cells(self, row: int) -> list[Cell]:
        """One cell for each column."""
        node = self._rows[row]
        return [self._cell(column.key, node) for column in self.columns]

    def _cell(self, key: str, node: TreeNode) -> Cell:
        unit = self.scope.metrics[self.metric].unit
        if key == c.INCLUSIVE_SHARE.key:
            return self._share(node.inclusive, node)
        if key == c.SELF_SHARE.key:
            return self._share(node.self_cost, node) if self._sums_self(node) else Cell("")
        if key == c.INCLUSIVE.key:
            return Cell(units.draw(node.inclusive.shown, unit), _tone(node.inclusive))
        if key == c.SELF.key:
            return Cell(units.draw(node.self_cost.shown, unit) if self._sums_self(node) else "", _tone(node.self_cost))
        if key == c.CALLS.key:
            return Cell(_calls(node))
        if key == c.NAME.key:
            return Cell(safe(self.name(node)), _NAME_TONES.get(node.kind, "normal"))
        place = "" if node.function is None else self.scope.functions.location(node.function)
        return Cell(safe(place), "dim")

    def _sums_self(self, node: TreeNode) -> bool:
        """Whether the row's self cost says something: that of rows cut off does where they are functions' callers."""
        return node.kind != "rest" or self.source.upward

    def leading(self, node: TreeNode) -> Figure:
        """The figure that rows are ordered by."""
        return node.self_cost if self.source.upward else node.inclusive

    def _share(self, figure: Figure, node: TreeNode) -> Cell:
        if figure.mark == "?":
            return Cell("?", "mark")
        whole = self.source.total
        if self.base == "parent" and node.parent is not None:
            own = self.source.upward and figure is node.self_cost
            above = node.parent.self_cost if own else node.parent.inclusive
            whole = figure.whole(above)
        part = figure.part_of(whole)
        share = units.percent(part, whole)
        heat = part / whole if share and whole else None
        return Cell(figure.mark + share if share else "", _tone(figure), heat)

    def name(self, node: TreeNode) -> str:
        """What a row is called."""
        if node.kind == "rest":
            return f"… {node.count:,} more"
        if node.kind == "inside":
            return "(callers inside the cycle)" if self.source.upward else "(inside the cycle)"
        if node.kind == "cycle" and node.cycle is not None:
            return self.scope.condensed.label(node.cycle, self.scope.functions)
        name = "" if node.function is None else self.scope.functions.name[node.function]
        return f"{name} ↻" if node.recursive else name

    def detail(self, row: int) -> str:
        """The row in full: name and place, and between which bounds its cost lies."""
        node = self._rows[row]
        name = safe(self.name(node)) if node.function is None else full_name(self.scope.functions, node.function)
        return f"{name}  {self._known(node)}".rstrip()

    def _known(self, node: TreeNode) -> str:
        figure, unit = self.leading(node), self.scope.metrics[self.metric].unit
        bounds = f"{units.draw(figure.low, unit)} to {units.draw(figure.high, unit)}"
        if figure.mark == "~":
            return f"estimated {units.draw(figure.value, unit)}, between {bounds}"
        if figure.mark == "<=":
            return f"at most {units.draw(figure.high, unit)} here"
        if figure.mark == "?":
            return "cost in this context unknown; a sampled run would tell"
        return ""

    def record(self, row: int) -> dict[str, Any]:
        """The row in base units under the names of the JSON schema; `mark`, `low` and `high` are about the
        inclusive cost, of an inverted tree about the self cost.
        """
        node, metric = self._rows[row], self.scope.metrics[self.metric]
        above = None if node.parent is None else self._identity(node.parent)
        own = self._limits(node.self_cost, "self_") if self.source.upward else {}
        return {
            **self._identity(node),
            "calls": None if node.calls is None else number(node.calls.shown),
            "primitive_calls": None,
            "self": {metric.name: in_base(node.self_cost.shown, metric.unit)},
            "inclusive": {metric.name: in_base(node.inclusive.shown, metric.unit)},
            "callee" if self.source.upward else "caller": above,
            "depth": node.depth,
            **self._limits(node.inclusive),
            **own,
            "cycle": node.kind in ("cycle", "inside"),
        }

    def _limits(self, figure: Figure, kind: str = "") -> dict[str, Any]:
        unit = self.scope.metrics[self.metric].unit
        low, high = in_base(figure.low, unit), in_base(figure.high, unit)
        return {f"{kind}mark": figure.mark, f"{kind}low": low, f"{kind}high": high}

    def _identity(self, node: TreeNode) -> dict[str, Any]:
        """id, name, file, line and module; of a row that is no function only the name."""
        if node.function is not None:
            return identity_record(self.scope.functions, node.function)
        return {"id": None, "name": self.name(node), "file": None, "line": None, "module": None}

    def find(self, text: str) -> Ids:
        """The open rows whose name or file contains `text`, from top to bottom."""
        functions = self.scope.functions
        texts = [
            f"{self.name(node)}\t{'' if node.function is None else functions.file[node.function]}"
            for node in self._rows
        ]
        return Haystack(texts).find(text) if texts else np.zeros(0, np.int32)

    def search(self, text: str) -> Matches | None:
        """The contexts, open or not, of the functions whose name or file contains `text`; None without a text."""
        return self.source.search(_haystack(self.scope.functions).find(text)) if text else None


@lru_cache(maxsize=2)
def _haystack(functions: Functions) -> Haystack:
    return Haystack([f"{name}\t{file}" for name, file in zip(functions.name, functions.file, strict=True)])


_NAME_TONES: dict[str, Tone] = {"rest": "dim", "inside": "dim", "cycle": "cycle"}


def _tone(figure: Figure) -> Tone:
    return "mark" if figure.mark else "normal"


def _calls(node: TreeNode) -> str:
    if node.calls is None or node.calls.mark == "?":
        return units.BLANK
    return node.calls.mark + units.draw(np.ceil(node.calls.shown), units.COUNT)
