"""How far the estimated call tree is known: for each file the share of its rows by how exact they are.

    python benchmarks/tree_honesty.py FILE_OR_FOLDER... [--share 0.5] [--cycles-off]

Counts the rows of at least SHARE percent of the total, and weighs them by their cost: "exact", "10 %" (both bounds
within 10 % of the estimate), "wider" (a lower and an upper bound), "at most" (an upper bound only), "unknown".
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

import proftui
from proftui.analysis.calltree import Figure, TreeNode, TreeSource, call_tree
from proftui.analysis.scope import Scope
from proftui.errors import ProftuiError

CLASSES = ("exact", "10 %", "wider", "at most", "unknown")
DEPTH_WITH_CYCLES_OFF = 12
"""Paths through cycles have no end, and their number grows with each step."""


def rows(tree: TreeSource, least: float, depth: int | None) -> Iterator[TreeNode]:
    """The functions and cycles in context that cost at least so much."""
    pending = list(tree.roots(limit=100_000, at_least=least))
    while pending:
        node = pending.pop()
        if node.kind not in ("function", "cycle"):
            continue
        yield node
        if depth is None or node.depth < depth:
            pending.extend(tree.children(node, limit=100_000, at_least=least))


def class_of(figure: Figure) -> str:
    """Which of CLASSES a number is in."""
    if figure.mark != "~":
        return {"": "exact", "<=": "at most", "?": "unknown"}[figure.mark]
    near = figure.high <= 1.1 * figure.value and figure.low >= 0.9 * figure.value
    return "10 %" if near else "wider"


def shares(weights: Mapping[str, float]) -> str:
    """The classes' percentages of their sum."""
    whole = sum(weights.values())
    return " ".join(f"{100 * weights[name] / whole if whole else 0:8.1f}" for name in CLASSES)


def files_in(paths: list[Path]) -> Iterator[Path]:
    """The files among and below the paths."""
    for path in paths:
        yield from sorted(at for at in path.rglob("*") if at.is_file()) if path.is_dir() else [path]


def main() -> None:
    """Print one line for each file, and one for all rows of all files."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("paths", nargs="+", type=Path)
    options.add_argument("--share", type=float, default=0.5, help="of the total in percent")
    options.add_argument("--cycles-off", action="store_true")
    given = options.parse_args()
    head = " ".join(f"{name:>8}" for name in CLASSES)
    print(f"{'':45} {'rows':>6} | {'by count, %':<44} | by cost, %")
    print(f"{'':45} {'':6} | {head} | {head}")
    every = dict.fromkeys(CLASSES, 0)
    for path in files_in(given.paths):
        try:
            scope = Scope(proftui.load(path), cycles=not given.cycles_off)
        except ProftuiError as error:
            print(f"{path.name[-45:]:45} {error}")
            continue
        tree = call_tree(scope, 0)
        depth = DEPTH_WITH_CYCLES_OFF if given.cycles_off else None
        count, cost = dict.fromkeys(CLASSES, 0), dict.fromkeys(CLASSES, 0.0)
        for node in rows(tree, given.share / 100 * tree.total, depth):
            kind = class_of(node.inclusive)
            count[kind] += 1
            every[kind] += 1
            cost[kind] += node.inclusive.value
        print(f"{path.name[-45:]:45} {sum(count.values()):6} | {shares(count)} | {shares(cost)}")
    print(f"{'all rows':45} {sum(every.values()):6} | {shares(every)} |")


if __name__ == "__main__":
    main()
