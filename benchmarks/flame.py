"""What the flame graph costs inside of the viewer's process: its parts, for 120 x 34 cells.

python benchmarks/flame.py [--rounds N] [--large FILE.prof] [--deep FILE.folded]

A call graph of 200,000 functions and a call tree of 500,000 rows. `views_latency.py` measures from key press to the
finished screen. CPU time of one thread, so that what else the machine does counts little; the tree is made anew in
each round, in the viewer once for each profile.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from made_profiles import dump, stacks

from proftui import load
from proftui.analysis.calltree import call_tree
from proftui.analysis.cover import cover
from proftui.analysis.flame import Flame
from proftui.analysis.scope import Scope
from proftui.model import Profile
from proftui.report.documents import DOCUMENTS, Style, report_of
from proftui.report.flame import FlameText
from proftui.report.wanted import Wanted

CELLS, ROWS = 120, 34

Made = TypeVar("Made")


def timed(times: dict[str, list[float]], name: str, work: Callable[[], Made]) -> Made:
    """What `work` gives; its milliseconds are kept under a name."""
    begun = time.thread_time()
    made = work()
    times.setdefault(name, []).append((time.thread_time() - begun) * 1e3)
    return made


def laid_out(scope: Scope, times: dict[str, list[float]]) -> None:
    """One round: from an open profile to a screen of boxes, and into the heaviest of the second row."""
    source = timed(times, "tree", lambda: call_tree(scope, 0))

    def boxes(zoom: tuple[int, ...]) -> Flame:
        flame = Flame(source, zoom, 1 / CELLS)
        flame.grow(ROWS)
        return flame

    flame = timed(times, "first boxes", lambda: boxes(()))
    text = FlameText(flame, scope, 0)
    drawn = [box for row in flame.rows for box in row]
    timed(times, "their names", lambda: [text.label(box, int(box.width * CELLS) - 1) for box in drawn])
    second = flame.heaviest(flame.heaviest(None))
    if second is not None:
        timed(times, "zoom", lambda: boxes(second.path))
    some = scope.graph.function[::100]
    timed(times, f"cover of {len(some):,} functions", lambda: cover(source, scope, 0, some))
    times.setdefault("boxes", []).append(len(drawn))


def main(profile: Profile, rounds: int) -> None:
    """Measure and print."""
    scope = Scope(profile)
    _ = scope.graph, scope.condensed  # which the functions view has made before
    times: dict[str, list[float]] = {}
    for _ in range(rounds):
        laid_out(scope, times)
    count = int(times.pop("boxes")[0])
    print(f"{profile.name}: {len(scope.graph):,} functions, {count:,} boxes")
    for name, taken in times.items():
        print(f"  {name:<28} median {statistics.median(taken):7.1f} ms   max {max(taken):7.1f} ms   of {len(taken)}")
    report = report_of(scope, Wanted())
    lines = timed(times, "svg", lambda: list(DOCUMENTS["svg"].lines(report, Style())))
    print(f"  {'SVG of 1,200 pixels':<28} {times['svg'][0]:14.1f} ms   {sum(map(len, lines)) / 1e6:.2f} MB")


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
