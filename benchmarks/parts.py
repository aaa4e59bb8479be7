"""How long it takes to tell which part stands out: `spread` over worker profiles, and over made parts.

    python benchmarks/parts.py [FILE.prof ...] [--parts 10000] [--functions 20000] [--touched 600] [--rounds 5]

The made parts touch so many of the functions each, most of them the same ones, and one part costs four times as much
in one function. Prints the median of the rounds in milliseconds of processor time, and for files what stands out most.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time

import numpy as np

import proftui
from proftui.analysis.scope import Scope
from proftui.analysis.spread import Kind, Spread, spread
from proftui.formats import load_all
from proftui.model import WALL_TIME, CallGraph, Functions, Origin, Part, Profile

MS = 1e6


def made(parts: int, functions: int, touched: int, seed: int = 1) -> Profile:
    """A profile of many parts without arcs: half of what a part touches all touch, the rest is drawn at random."""
    random = np.random.default_rng(seed)
    none = np.zeros(0, np.int32)
    common = touched // 2
    weight = random.exponential(MS, functions)
    weight[7] = 10 * MS

    def part(number: int) -> Part:
        others = random.choice(np.arange(common, functions), touched - common, replace=False)
        function = np.concatenate([np.arange(common), np.sort(others)]).astype(np.int32)
        cost = (weight[function] * random.normal(1, 0.1, touched).clip(0.1))[None]
        if number == parts // 2:
            cost[0, 7] *= 4
        return Part(f"worker {number}", CallGraph(function, cost, cost, none, none, np.zeros((1, 0))))

    names = Functions.of((f"function_{at}", f"/srv/{at % 500}.py", at, "") for at in range(functions))
    return Profile("made", Origin("made", "made"), (WALL_TIME,), names, tuple(map(part, range(parts))))


def timed(scope: Scope, kind: Kind, rounds: int) -> tuple[Spread, float]:
    """The spread, and the median of the milliseconds that it took."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        found = spread(scope, 0, kind)
        times.append(1e3 * (time.process_time() - start))
    return found, statistics.median(times)


def told(scope: Scope, rounds: int) -> None:
    """Print the times for self and inclusive cost, and what stands out most."""
    for kind in ("self", "inclusive"):
        found, milliseconds = timed(scope, kind, rounds)
        print(f"  {kind:9} {len(found):,} functions, {found.touched.sum():,} costs: {milliseconds:8.1f} ms")
    found = spread(scope, 0, "self")
    excess = np.where(found.stands_out, np.abs(found.excess), 0)
    for at in np.argsort(-excess)[:3]:
        name, part = scope.functions.name[found.function[at]], scope.profile.parts[found.part[at]].label
        print(f"    {name}: {part} {found.excess[at] / MS:+.1f} ms, {found.deviations[at]:+.0f} deviations")


def main() -> None:
    """Measure."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("files", nargs="*")
    options.add_argument("--parts", type=int, default=10_000)
    options.add_argument("--functions", type=int, default=20_000)
    options.add_argument("--touched", type=int, default=600)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    print(f"proftui {proftui.__version__}, median of {given.rounds} rounds")
    if given.files:
        print(f"{len(given.files):,} files")
        told(Scope(load_all(given.files)), given.rounds)
    print(f"{given.parts:,} made parts that touch {given.touched:,} of {given.functions:,} functions each")
    told(Scope(made(given.parts, given.functions, given.touched)), given.rounds)
    print(f"most memory at once: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
