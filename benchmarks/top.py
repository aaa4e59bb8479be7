"""What one refresh of the live table of functions costs, beside making everything anew.

    python benchmarks/top.py [--refreshes 30]

Recordings are made up: a large one (3,600 windows of 400 samples, about 400,000 rows, 50,000 distinct stacks, 5,000
functions) and a typical one (600 windows of 100 samples, 500 rows, 120 functions). At each refresh there is one more
window, as there is every second in a live session; a mark in the middle splits the time. Times are of this thread's
processor: the median and the worst.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from proftui.analysis.filters import Filter, filtered, parse
from proftui.analysis.scope import Scope
from proftui.analysis.shares import Tally
from proftui.model import NO_LINE, Frames, Functions, Ids, Moment, Recording, Thread, Windows
from proftui.report.function_table import FunctionTable
from proftui.report.functions import FunctionRows
from proftui.report.top import TopRows

SCREEN = 60
"""Rows that are drawn at a refresh."""


@dataclass(frozen=True)
class Size:
    """How large a recording is."""

    windows: int
    samples: int
    stacks: int
    depth: int
    functions: int


SIZES = {
    "large": Size(windows=3600, samples=400, stacks=50_000, depth=40, functions=5000),
    "typical": Size(windows=600, samples=100, stacks=130, depth=15, functions=120),
}


def made_up(size: Size) -> Recording:
    """Stacks that share their first frames, a fifth of them seen from the start and the others as time goes on."""
    chance = np.random.default_rng(3)
    parent: list[int] = []
    frame: list[int] = []
    leaves: list[int] = []
    rows: dict[tuple[int, int], int] = {}
    path: list[int] = []
    for _ in range(size.stacks):
        path = path[: int(len(path) * chance.beta(8, 2))]
        while len(path) < size.depth * chance.uniform(0.6, 1.4):
            function = int(size.functions * chance.random() ** 2)
            above = path[-1] if path else -1
            if (above, function) not in rows:
                rows[above, function] = len(parent)
                parent.append(above)
                frame.append(function)
            path.append(rows[above, function])
        leaves.append(path[-1])
    heavy = 1 / np.arange(1, size.stacks + 1)
    begin = size.stacks // 5
    leaf, count, entries = [], [], [0]
    for window in range(size.windows):
        seen = begin + (size.stacks - begin) * window // size.windows
        which = chance.choice(seen, size.samples // 2, p=heavy[:seen] / heavy[:seen].sum())
        which = np.concatenate([which, chance.integers(0, seen, size.samples - len(which))])
        distinct, counts = np.unique(which, return_counts=True)
        leaf.append(np.array(leaves, np.int32)[distinct])
        count.append(counts.astype(np.int32))
        entries.append(entries[-1] + len(distinct))
    unknown = np.full(size.windows, np.nan)
    windows = Windows(
        np.arange(size.windows, dtype=np.float64), np.ones(size.windows), np.array(entries), np.concatenate(leaf),
        np.concatenate(count), np.zeros(size.windows), unknown, unknown, unknown,
    )  # fmt: skip
    ids: Ids = np.arange(size.functions, dtype=np.int32)
    functions = Functions.of((f"f{index}", f"/srv/app/{index // 40}.py", NO_LINE, "") for index in ids.tolist())
    return Recording(
        functions, Frames(ids, ids), (Thread(1, 1, "main"),), np.array(frame, np.int32), np.array(parent, np.int32),
        np.zeros(len(parent), np.int32), windows, (Moment(size.windows / 2),),
    )  # fmt: skip


def until(recording: Recording, windows: int) -> Recording:
    """The recording as it was after so many windows."""
    whole = recording.windows
    entry = int(whole.entries[windows])
    columns = (whole.errors, whole.cpu, whole.memory, whole.sampler)
    return replace(
        recording,
        windows=Windows(
            whole.start[:windows], whole.seconds[:windows], whole.entries[: windows + 1], whole.leaf[:entry],
            whole.count[:entry], *(column[:windows] for column in columns),
        ),
    )  # fmt: skip


def spent(work: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    start = time.thread_time()
    work()
    return 1000 * (time.thread_time() - start)


def drawn(rows: TopRows | FunctionRows) -> None:
    """As much as a screen shows."""
    for row in range(min(SCREEN, len(rows))):
        rows.cells(row)


def anew(recording: Recording, steps: tuple[Filter, ...]) -> FunctionRows:
    """The table of functions by way of the profile."""
    return FunctionRows(FunctionTable(Scope(filtered(recording.profile(), steps).profile), 0))


def measure(name: str, refreshes: int, steps: tuple[Filter, ...]) -> None:
    """Print what refreshes of a recording cost."""
    recording = made_up(SIZES[name])
    count, tally = len(recording.windows), Tally()
    first = spent(lambda: tally.update(until(recording, count - refreshes), filters=steps))
    counting, drawing = [], []
    for windows in range(count - refreshes + 1, count + 1):
        now = until(recording, windows)
        counting.append(spent(lambda now=now: tally.update(now, filters=steps)))  # type: ignore[misc]
        shares = tally.update(now, filters=steps)
        drawing.append(spent(lambda shares=shares: drawn(TopRows(shares))))  # type: ignore[misc]
    middle = float(count // 2)
    other = spent(lambda: tally.update(now, (middle, middle + count // 4), filters=steps))
    beside = [spent(lambda: drawn(anew(until(recording, count), steps))) for _ in range(3)]
    through = " ".join(map(str, steps)) or "no filter"
    print(f"{name}: {count:,} windows, {len(recording):,} rows, {len(recording.functions):,} functions, {through}")
    print(f"  at first                 {first:9.2f} ms")
    print(f"  a quarter of the time    {other:9.2f} ms")
    for what, times in (("a refresh", counting), (f"{SCREEN} rows in order, drawn", drawing), ("anew", beside)):
        print(f"  {what:24} {statistics.median(times):9.2f} ms, at most {max(times):.2f}")


def main() -> None:
    """Measure all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--refreshes", type=int, default=30)
    given = parser.parse_args()
    for name in SIZES:
        for steps in ((), (parse("hide:f1"),)):
            measure(name, given.refreshes, steps)


if __name__ == "__main__":
    main()
