"""How long it takes to group functions by class, file, module, package, directory and object.

    python benchmarks/groups.py FILE... [--rounds 5]

For each grouping the median of the rounds in milliseconds of processor time, names and figures apart, and how much of
what the larger groups cost is known: of those of at least half a percent of the total, how many are exact, or bounded
within a tenth.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import proftui
from proftui.analysis.grouping import GROUPS
from proftui.analysis.groupkeys import grouping
from proftui.analysis.groups import group_costs
from proftui.analysis.scope import Scope

LARGE = 0.005


def timed(work: Callable[..., Any], *arguments: object, rounds: int) -> tuple[Any, float]:
    """What `work` gives, and the median of the milliseconds of processor time that it took."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        result = work(*arguments)
        times.append(1e3 * (time.process_time() - start))
    return result, statistics.median(times)


def main() -> None:
    """Print a table for each file."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("files", nargs="*", metavar="FILE")
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    for path in given.files:
        scope = Scope(proftui.load(path))
        graph = scope.graph
        _ = graph.component, scope.functions.module
        print(f"{path.rpartition('/')[2]}: {len(graph):,} functions, {graph.arcs:,} arcs")
        print(f"  {'':10} {'groups':>7} {'names':>9} {'figures':>9} {'large':>6} {'exact':>6} {'in 10 %':>8}")
        for by in GROUPS[1:]:
            groups, naming = timed(grouping, scope.functions, by, rounds=given.rounds)
            costs, figuring = timed(group_costs, scope, groups, rounds=given.rounds)
            low, high = costs.inclusive[0].low, costs.inclusive[0].high
            large = high >= LARGE * graph.totals[0]
            exact, near = low >= high * (1 - 1e-9), low >= 0.9 * high
            print(
                f"  {by:10} {len(costs):7,} {naming:6.1f} ms {figuring:6.1f} ms {large.sum():6,} "
                f"{np.count_nonzero(exact & large):6,} {np.count_nonzero(near & large):8,}"
            )


if __name__ == "__main__":
    main()
