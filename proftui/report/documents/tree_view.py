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
    chosen, complete = _heaviest(source, scope, wanted)
    rows = TreeRows(source, scope, wanted.metric, expansion={path[:-1] for path in chosen})
    shown = [row for row in range(len(rows)) if rows.key(row) in chosen]
    of = len(shown) if complete else None
    return Report(scope, "tree", wanted.metric, "inclusive", (Section(rows, shown),), len(shown), of)


def _heaviest(source: TreeSource, scope: Scope, wanted: Wanted) -> tuple[set[tuple[int, ...]], bool]:
    """The paths of the rows with the most inclusive cost, and whether these are all rows there are.

    With a row, its callers are among them.
    """
    floor = wanted.least * source.total
    most = wanted.top or LARGEST_TREE
    chosen: set[tuple[int, ...]] = set()
    waiting: list[tuple[float, int, TreeNode]] = []

    def offer(nodes: tuple[TreeNode, ...]) -> bool:
        """Whether none of them is too light."""
        costs = [float(np.nan_to_num(node.inclusive.value)) for node in nodes]
        for cost, node in zip(costs, nodes, strict=True):
            if cost >= floor:
                heappush(waiting, (-cost, next(number), node))
        return min(costs, default=floor) >= floor

    number = count()
    complete = offer(source.roots())
    while waiting and len(chosen) < most:
        node = heappop(waiting)[2]
        chosen.add(node.path)
        deep_enough = wanted.depth and node.depth + 1 >= wanted.depth
        # with cycles switched off an estimated path turns in circles without end
        endless = node.recursive and not scope.cycles
        if node.expandable and (node.kind == "rest" or deep_enough or endless):
            complete = False
        elif node.expandable:
            complete &= offer(source.children(node))
    return chosen, complete and not waiting
