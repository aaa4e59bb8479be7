"""From what is asked for to a report: which functions, in which order, how many of them."""

from __future__ import annotations

import re
from heapq import heappop, heappush
from itertools import count

import numpy as np

from proftui import units
from proftui.analysis.calltree import TreeNode, TreeSource
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.scope import Scope
from proftui.model import Ids
from proftui.report.calltree import TreeRows
from proftui.report.documents.report import Report, Section
from proftui.report.function_table import FunctionTable
from proftui.report.functions import FunctionRows
from proftui.report.identity import full_name
from proftui.report.neighbours import NeighbourRows, Side
from proftui.report.wanted import DEFAULT_SORT, TEXTS, Wanted

LARGEST_TREE = 100_000
"""Rows of a tree at most, whatever is asked for: a call graph has more paths than anyone can print."""


def report_of(scope: Scope, wanted: Wanted) -> Report:
    """The report that is wanted of a scope."""
    if wanted.view == "tree":
        return _tree(scope, wanted)
    rows = _functions(scope, wanted)
    shown = range(min(len(rows), wanted.top or len(rows)))
    if wanted.view == "functions":
        sections = [Section(rows, shown)]
    else:
        sections = [_neighbourhood(rows, row, wanted.view) for row in shown]
    return Report(scope, wanted.view, wanted.metric, rows.sort, tuple(sections), len(shown), len(rows))


def _functions(scope: Scope, wanted: Wanted) -> FunctionRows:
    """The functions (and in their own view the cycles) that match, in order."""
    sort = wanted.sort or DEFAULT_SORT[wanted.view]
    table = FunctionTable(scope, wanted.metric)
    kept: Ids | None = None
    if wanted.pattern is not None or wanted.view != "functions":
        pattern = wanted.pattern or re.compile("")
        size = table.size if wanted.view == "functions" else len(scope.graph)
        kept = np.array([at for at in range(size) if _matches(table, at, pattern)], np.int32)
    return FunctionRows(table, sort, (sort not in TEXTS) != wanted.reverse, kept)


def _matches(table: FunctionTable, at: int, pattern: re.Pattern[str]) -> bool:
    """Whether the pattern is found in a row's name or place."""
    if pattern.search(table.names[at]):
        return True
    return not table.is_cycle(at) and bool(pattern.search(table.scope.functions.location(table.function(at))))


def _neighbourhood(rows: FunctionRows, row: int, side: Side) -> Section:
    """The callers or callees of one function, under its name and figures."""
    table, function = rows.table, rows.table.function(int(rows.order[row]))
    neighbours = NeighbourRows(table.scope, table.metric, function, side)
    unit = table.scope.metrics[table.metric].unit
    drawn = {key: units.draw(float(table.values[key][rows.order[row]]), unit) for key in ("self", "inclusive")}
    figures = ", ".join(f"{key} {text}" for key, text in drawn.items() if text)
    title = f"{full_name(table.scope.functions, function)}  {figures}"
    return Section(neighbours, range(len(neighbours)), title)


def _tree(scope: Scope, wanted: Wanted) -> Report:
    """The heaviest rows of the tree, in the tree's order."""
    source = EstimatedTree.of(scope, wanted.metric)
    chosen = _heaviest(source, wanted)
    rows = TreeRows(source, scope, wanted.metric, expansion={path[:-1] for path in chosen})
    shown = [row for row in range(len(rows)) if rows.key(row) in chosen]
    return Report(scope, "tree", wanted.metric, "inclusive", (Section(rows, shown),), len(shown), None)


def _heaviest(source: TreeSource, wanted: Wanted) -> set[tuple[int, ...]]:
    """The paths of the rows with the most inclusive cost; with a row, its callers are among them."""
    floor = wanted.least * source.total
    most = wanted.top or LARGEST_TREE
    chosen: set[tuple[int, ...]] = set()
    waiting: list[tuple[float, int, TreeNode]] = []

    def offer(nodes: tuple[TreeNode, ...]) -> None:
        for node in nodes:
            cost = float(np.nan_to_num(node.inclusive.value))
            if cost >= floor:
                heappush(waiting, (-cost, next(number), node))

    number = count()
    offer(source.roots())
    while waiting and len(chosen) < most:
        node = heappop(waiting)[2]
        chosen.add(node.path)
        deep_enough = wanted.depth and node.depth + 1 >= wanted.depth
        if node.expandable and not node.recursive and node.kind != "rest" and not deep_enough:
            offer(source.children(node))
    return chosen
