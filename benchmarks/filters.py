"""How long filters take, and how far the figures of filtered graphs are known.

    python benchmarks/filters.py [FILE...] [--rows 500000] [--filter EXPR]...

A tree of ROWS rows is made up; each filter is applied to it, and the graph made from what is left. Then to each of the
files, whose graphs are filtered as a whole. Times are of this thread's processor, the best of five.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

import proftui
from proftui.analysis.filters import filtered, parse
from proftui.analysis.scope import Scope
from proftui.model import CallTree, Frames, Functions, Metric, Origin, Part, Profile
from proftui.model.forest import planted
from proftui.units import SAMPLES

FILTERS = ("my-code", "focus:f12", "ignore:f12", "hide:f1", "show:f12", "show-from:f12", "show:self>0.01%")
FUNCTIONS = 20_000


def made_up(rows: int) -> Profile:
    """One part with a tree of about so many rows, 60 deep; every fifth function is in the standard library."""
    chance = np.random.default_rng(1)
    parent = np.full(rows, -1, np.int32)
    depth = np.zeros(rows, np.int32)
    for row in range(1, rows):
        above = row - 1 - int(chance.integers(0, min(row, 30)))
        if depth[above] < 60:
            parent[row], depth[row] = above, depth[above] + 1
    ids = np.arange(FUNCTIONS, dtype=np.int32)
    frame = chance.integers(0, FUNCTIONS, rows).astype(np.int32)
    tree = planted(Frames(ids, ids), frame, parent, chance.integers(0, 5, (1, rows)).astype(float))
    folders = ["/usr/lib/python3.11/json", *["/srv/app"] * 4]
    functions = Functions.of(
        (f"f{index}", f"{folders[index % 5]}/{index // 40}.py", 1, "") for index in range(FUNCTIONS)
    )
    part = Part("made up", tree.to_graph(), tree=tree)
    return Profile("made up", Origin("", "none", "sampled"), (Metric("samples", SAMPLES),), functions, (part,))


def best(work: Callable[[], object]) -> float:
    """The least processor time of five, in milliseconds."""
    times = []
    for _ in range(5):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return 1000 * min(times)


def exact_share(profile: Profile) -> str:
    """How many percent of functions have an exact self and inclusive cost, and of arcs an exact cost."""
    scope = Scope(profile)
    if not len(scope.graph):
        return ""
    columns = (scope.self_figures(0), scope.inclusive_figures(0), scope.arc_figures(0))
    shares = [100 * float((column.mark == 0).mean()) if len(column.mark) else 100.0 for column in columns]
    return "".join(f"{share:8.1f}" for share in shares)


def measure(profile: Profile, texts: list[str]) -> None:
    """A line for each filter."""
    part = profile.parts[0]
    size = f"{len(part.tree):,} rows" if isinstance(part.tree, CallTree) else f"{part.graph.arcs:,} arcs"
    print(f"\n{profile.name}: {len(part.graph):,} functions, {size}, {len(profile.metrics)} metrics")
    print(f"    {'filter':24}      ms  left % functions left | exact %: self   incl    arcs")
    total = part.graph.totals[0]
    for text in texts:
        step = [parse(text)]
        took = best(lambda step=step: filtered(_fresh(profile), step))  # type: ignore[misc]
        done = filtered(profile, step)
        left = 100 * (1 - done.dropped[0] / total)
        print(
            f"    {text:24}{took:8.0f}{left:8.1f}{len(done.profile.parts[0].graph):15,} |  {exact_share(done.profile)}"
        )


def _fresh(profile: Profile) -> Profile:
    """The profile without what was computed and kept in its graphs."""
    return replace(profile, parts=tuple(replace(part, graph=replace(part.graph)) for part in profile.parts))


def main() -> None:
    """Print a table for the made-up tree and for each file."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("files", nargs="*", type=Path)
    options.add_argument("--rows", type=int, default=500_000)
    options.add_argument("--filter", action="append", dest="filters")
    given = options.parse_args()
    measure(made_up(given.rows), given.filters or list(FILTERS))
    for path in given.files:
        measure(proftui.load(path), given.filters or [text.replace("f12", "parse") for text in FILTERS])


if __name__ == "__main__":
    main()
