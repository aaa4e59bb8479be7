"""What the bottom-up view, chains of callers and searches in trees cost inside of the viewer's process.

python benchmarks/bottom_up.py [--rounds N] [--large FILE.prof] [--deep FILE.folded]

A call graph of 200,000 functions and a call tree of 500,000 rows. "to" is what a visit with a function in focus takes
from a call tree that was made before: the tree turned over, the function found, its callers opened, a screen drawn.
CPU time of one thread, so that what else the machine does counts little; everything is made anew in each round.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from made_profiles import dump, stacks

from proftui import load
from proftui.analysis.bottom_up import inverted
from proftui.analysis.calltree import TreeSource, call_tree
from proftui.analysis.chains import chains_of
from proftui.analysis.scope import Scope
from proftui.model import Profile
from proftui.report.calltree import TreeRows

SCREEN = 36

Made = TypeVar("Made")


def timed(times: dict[str, list[float]], name: str, work: Callable[[], Made]) -> Made:
    """What `work` gives; its milliseconds are kept under a name."""
    begun = time.thread_time()
    made = work()
    times.setdefault(name, []).append((time.thread_time() - begun) * 1e3)
    return made


def visit(source: TreeSource, scope: Scope, function: int) -> TreeRows:
    """The rows of a tree with the cursor's function open, a screen of them drawn."""
    rows = TreeRows(source, scope, 0)
    row = rows.reveal(source.path_to(function) or ())
    rows.expand(row)
    for at in range(row, min(len(rows), row + SCREEN)):
        rows.cells(at)
    return rows


def measured(scope: Scope, times: dict[str, list[float]]) -> None:
    """One round, for the function of most, of middling and of least self cost."""
    order = scope.graph.function[np.argsort(-scope.graph.self_cost[0], kind="stable")].tolist()
    chosen = {"first": order[0], "middling": order[len(order) // 2], "last": order[-1]}
    tree = timed(times, "call tree", lambda: call_tree(scope, 0))
    timed(times, "its first rows", tree.roots)
    for name, function in chosen.items():
        timed(times, f"bottom-up, to the {name} function", lambda at=function: visit(inverted(tree), scope, at))
    turned = inverted(tree)
    rows = visit(turned, scope, order[0])
    timed(times, "bottom-up, hot path", lambda: rows.expand_heaviest(rows.reveal((order[0],))))
    for name, function in chosen.items():
        timed(times, f"heaviest context of the {name}", lambda at=function: tree.path_to(at))
        timed(times, f"all callers of the {name}", lambda at=function: chains_of(tree, at, "callers"))
    busiest = int(scope.graph.function[np.argmax(scope.graph.inclusive[0])])
    timed(times, "all callees of the most inclusive", lambda: chains_of(tree, busiest, "callees"))
    tops = TreeRows(tree, scope, 0)
    found = timed(times, "search, first letter", lambda: tops.search("1"))
    if found is not None and len(found):
        timed(times, "search, to the middle match", lambda: tops.reveal(found.path(len(found) // 2)))


def main(profile: Profile, rounds: int) -> None:
    """Measure and print."""
    scope = Scope(profile)
    _ = scope.graph, scope.condensed  # which the functions view has made before
    times: dict[str, list[float]] = {}
    for _ in range(rounds):
        measured(scope, times)
    rows = sum(len(part.tree) for part in profile.parts if part.tree is not None)
    print(f"{profile.name}: {len(scope.graph):,} functions, {rows:,} rows of recorded trees")
    for name, taken in times.items():
        print(f"  {name:<38} median {statistics.median(taken):7.1f} ms   max {max(taken):7.1f} ms   of {len(taken)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--large", type=Path)
    parser.add_argument("--deep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        large, deep = asked.large or Path(folder) / "large.prof", asked.deep or Path(folder) / "deep.folded"
        if asked.large is None:
            dump(large, 200_000, 500_000, seed=200_000)
        if asked.deep is None:
            stacks(deep, 500_000, 20_000, seed=500_000)
        for path in (large, deep):
            main(load(path), asked.rounds)
