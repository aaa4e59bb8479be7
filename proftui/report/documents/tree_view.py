"""The heaviest rows of a call tree."""

from __future__ import annotations

import re
from heapq import heappop, heappush
from itertools import count

import numpy as np

from proftui.analysis.bottom_up import bottom_up
from proftui.analysis.calltree import TreeNode, TreeSource, call_tree
from proftui.analysis.scope import Scope
from proftui.report.calltree import TreeRows
from proftui.report.documents.report import Report, Section
from proftui.report.wanted import Wanted

LARGEST_TREE = 100_000
"""Rows of a tree at most, whatever is asked for: a call graph has more paths than anyone can print."""


def tree_report(scope: Scope, wanted: Wanted) -> Report:
    """The heaviest rows of the tree, or of the one that is turned over, in the tree's order."""
    turned = wanted.view == "bottom-up"
    source: TreeSource = (bottom_up if turned else call_tree)(scope, wanted.metric)
    roots = source.roots() if wanted.pattern is None else _matching(source, scope, wanted.pattern)
    chosen, complete = _heaviest(source, scope, wanted, roots)
    rows = TreeRows(source, scope, wanted.metric, expansion={path[:-1] for path in chosen})
    if wanted.pattern is not None:
        for root in roots:
            rows.reveal(root.path)
    shown = [row for row in range(len(rows)) if rows.key(row) in chosen]
    of = len(shown) if complete else None
    sort = "self" if turned else "inclusive"
    return Report(scope, wanted.view, wanted.metric, sort, (Section(rows, shown),), len(shown), of)


def _matching(source: TreeSource, scope: Scope, pattern: re.Pattern[str]) -> tuple[TreeNode, ...]:
    """The roots of a tree that is turned over whose name or place the pattern is found in."""
    names, place = scope.functions.name, scope.functions.location
    functions = scope.graph.function.tolist()
    nodes = (source.at((at,)) for at in functions if pattern.search(names[at]) or pattern.search(place(at)))
    return tuple(node for node in nodes if node is not None)


def _heaviest(
    source: TreeSource, scope: Scope, wanted: Wanted, roots: tuple[TreeNode, ...]
) -> tuple[set[tuple[int, ...]], bool]:
    """The paths of the rows with the most cost, and whether these are all rows there are.

    With a row, those above it are among them.
    """
    floor = wanted.least * source.total
    most = wanted.top or LARGEST_TREE
    chosen: set[tuple[int, ...]] = set()
    waiting: list[tuple[float, int, TreeNode]] = []

    def offer(nodes: tuple[TreeNode, ...]) -> bool:
        """Whether none of them is too light."""
        # where the inclusive cost is unknown, it is at least the self cost
        own = [source.upward or np.isnan(node.inclusive.value) for node in nodes]
        figures = [node.self_cost if alone else node.inclusive for node, alone in zip(nodes, own, strict=True)]
        costs = [float(np.nan_to_num(figure.value)) for figure in figures]
        for cost, node in zip(costs, nodes, strict=True):
            if cost >= floor:
                heappush(waiting, (-cost, next(number), node))
        return min(costs, default=floor) >= floor

    number = count()
    complete = offer(roots)
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
