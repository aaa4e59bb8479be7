"""What the summary of a profile costs, piece by piece: what is drawn first, and what comes later where it takes long.

python benchmarks/summary.py [FILE ...] [--rounds N]

Without files it makes two: 30,000 functions and 71,000 arcs, and 200,000 functions and 480,000 arcs.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from made_profiles import big, dump

from proftui.analysis import whose
from proftui.analysis.calltree import call_tree
from proftui.analysis.filters import my_code
from proftui.analysis.scope import Scope
from proftui.formats import load
from proftui.report.summary import Summary
from proftui.report.summary_page import laid_out

PIECES = ("first: totals, self, inclusive", "first: the page at 80x24", "packages", "findings", "path", "all: 200x60")


def measured(scope: Scope) -> list[float]:
    """Milliseconds for each of the PIECES, of a summary from nothing."""
    fresh = Scope(scope.profile)
    _ = fresh.graph.by_callee, fresh.graph.incoming, fresh.graph.outgoing  # which other views need as well
    my_code._mine.cache_clear()
    whose.whose.cache_clear()
    summary = Summary(fresh, 0, tree=lambda: call_tree(fresh, 0))
    return [
        _milliseconds(work)
        for work in (
            summary.begin,
            lambda: laid_out(summary, 80, 20, ready=False),
            lambda: summary.packages,
            lambda: summary.findings,
            lambda: summary.path,
            lambda: laid_out(summary, 200, 56),
        )
    ]


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def main(files: list[Path], rounds: int) -> None:
    """Measure and print medians and the least."""
    for file in files:
        scope = Scope(load(file))
        runs = [measured(scope) for _ in range(rounds)]
        print(f"\n{file.name}: {len(scope.graph):,} functions, {scope.graph.arcs:,} arcs; {rounds} rounds")
        for piece, times in zip(PIECES, zip(*runs, strict=True), strict=True):
            print(f"    {piece:32} {statistics.median(times):8.1f} ms  least {min(times):8.1f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = asked.files
        if not made:
            large = Path(folder) / "large.prof"
            dump(large, 200_000, 480_000, seed=2)
            made = [big(Path(folder)), large]
        main(made, asked.rounds)
