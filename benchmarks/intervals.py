"""How often the 95 % intervals of shares hold the truth, for programs with phases.

    python benchmarks/intervals.py [--runs 200]

A made-up program goes from one of five phases to another at random, after times that are exponential; each phase has
its own shares of twelve functions. It is sampled 100 times a second in windows of one second. Counted are the rows
above 2 %: how many have an interval, and how many of these have the program's true share in it. Beside it stands
Wilson's interval, which takes samples to be independent.
"""

from __future__ import annotations

import argparse

import numpy as np

from proftui.analysis.shares.batches import Batches
from proftui.analysis.shares.spread import half_widths, least_widths
from proftui.analysis.shares.stacks import Counted
from proftui.model import Floats

FUNCTIONS, PHASES, RATE = 12, 5, 100


def simulated(chance: np.random.Generator, seconds: int, phase: float) -> tuple[Floats, Floats]:
    """(samples, windows x functions; true shares) of a program with phases that last so many seconds on average."""
    mixes = chance.dirichlet(np.full(FUNCTIONS, 0.3), PHASES)
    phases = int(4 * seconds / phase) + 50
    which = chance.integers(PHASES, size=phases)
    ends = np.cumsum(chance.exponential(phase, phases))
    now = which[np.searchsorted(ends, np.arange(RATE * seconds) / RATE)]
    at = (chance.random(len(now))[:, None] > np.cumsum(mixes, axis=1)[now]).sum(axis=1).clip(0, FUNCTIONS - 1)
    samples = np.bincount(np.repeat(np.arange(seconds), RATE) * FUNCTIONS + at, minlength=FUNCTIONS * seconds)
    return samples.reshape(-1, FUNCTIONS).astype(np.float64), mixes.mean(axis=0)


def coverage(seconds: int, phase: float, runs: int) -> tuple[float, float, float]:
    """Of the rows above 2 %: the part that has an interval, the part of these that has the truth in it, and the part of
    all that has it in Wilson's.
    """
    chance = np.random.default_rng(7)
    there: list[bool] = []
    inside: list[bool] = []
    inside_wilson: list[bool] = []
    for _ in range(runs):
        samples, truth = simulated(chance, seconds, phase)
        batches = Batches()
        batches.prepare(seconds)
        for window in samples:
            batches.add(Counted(np.stack([window, window]), float(window.sum())), 1)
        half = half_widths(batches.samples(FUNCTIONS), batches.totals)[0]
        total = float(batches.totals.sum())
        share = samples.sum(axis=0) / total
        off, shown = np.abs(share - truth), share > 0.02
        known = shown & ~np.isnan(half)
        there += known[shown].tolist()
        inside += (off <= half)[known].tolist()
        inside_wilson += (off <= least_widths(samples.sum(axis=0), total))[shown].tolist()
    return float(np.mean(there)), float(np.mean(inside)), float(np.mean(inside_wilson))


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    runs = parser.parse_args().runs
    print(f"{'phases':>8} {'sampled':>9} {'have an interval':>18} {'truth inside':>14} {'in Wilson’s':>13}")
    for phase in (0.2, 2.0, 20.0):
        for seconds in (8, 10, 30, 60, 120, 600, 3600):
            figures = coverage(seconds, phase, max(runs * 60 // max(seconds, 60), 20))
            print(f"{phase:6} s {seconds:7} s " + "{:18.0%} {:14.0%} {:13.0%}".format(*figures))


if __name__ == "__main__":
    main()
