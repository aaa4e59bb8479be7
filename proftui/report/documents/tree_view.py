"""The heaviest rows of a call tree."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count

import numpy as np

from proftui.analysis.calltree import TreeNode, TreeSource, call_tree
from proftui.analysis.scope import Scope
from proftui.report.calltree import TreeRows
from proftui.report.documents.report import Report, Section
from proftui.report.wanted import Wanted

LARGEST_TREE = 100_000
"""Rows of a tree at most, whatever is asked for: a call graph has more paths than anyone can print."""


def tree_report(scope: Scope, wanted: Wanted) -> Report:
    """The heaviest rows of the tree, in the tree's order."""
    source = call_tree(scope, wanted.metric)
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
