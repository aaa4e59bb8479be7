"""An hour of samples: what keeping it takes, and the profile of it and of parts of it.

python benchmarks/recording.py [--windows N] [--stacks N] [--depth N] [--threads N]

Beside it stand the same stacks read as one file of folded stacks by proftui's own reader, and a plain count of them
over dictionaries: samples of each function, self and inclusive. Neither of these can tell one minute from another.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from proftui.formats import load, save
from proftui.live.recorder import Recorder
from proftui.live.sampling import Frame, Sampled, Stack
from proftui.model import Recording, Thread

SAMPLES = 400
"""Of a window: 100 Hz and four threads."""


def made_stacks(count: int, depth: int, threads: int) -> list[Stack]:
    """Different stacks, each of which leaves the one before in its thread in the last third of its frames."""
    chance = random.Random(1)
    frames = [
        Frame(f"Class{at % 300}.method_{at}", f"/srv/app/package_{at % 40}/module_{at % 200}.py", 10 + at % 90)
        for at in range(3000)
    ]
    owners = [Thread(1000, 1000 + at, f"worker-{at}") for at in range(threads)]
    now = {owner: [chance.choice(frames) for _ in range(depth)] for owner in owners}
    stacks = []
    for _ in range(count):
        owner = chance.choice(owners)
        below = chance.randrange(depth * 2 // 3, depth)
        now[owner][below:] = chance.choices(frames, k=depth - below)
        stacks.append(Stack(owner, tuple(now[owner])))
    return stacks


def windows_of(stacks: list[Stack], count: int) -> Iterator[Sampled]:
    """Windows of a second: each has what is new in it, and for the rest what there was of late."""
    chance = random.Random(2)
    for at in range(count):
        begin, end = len(stacks) * at // count, len(stacks) * (at + 1) // count
        counts = Counter(stacks[begin:end])
        counts.update(chance.choices(stacks[max(0, begin - 2000) : end], k=max(SAMPLES - len(counts), 0)))
        yield Sampled(float(at), 1.0, list(counts.items()))


def counted(recording: Recording) -> dict[str, list[int]]:
    """Self and inclusive samples of each function by name, counted stack by stack."""
    names = [recording.functions.name[function] for function in recording.frames.function.tolist()]
    frame, parent = recording.frame.tolist(), recording.parent.tolist()
    found: dict[str, list[int]] = {}
    entries = zip(recording.windows.leaf.tolist(), recording.windows.count.tolist(), strict=True)
    totals: Counter[int] = Counter()
    for leaf, count in entries:
        totals[leaf] += count
    for leaf, count in totals.items():
        found.setdefault(names[frame[leaf]], [0, 0])[0] += count
        row, seen = leaf, set()
        while row >= 0:
            seen.add(names[frame[row]])
            row = parent[row]
        for name in seen:
            found.setdefault(name, [0, 0])[1] += count
    return found


def timed(work: Callable[[], object], rounds: int = 9) -> str:
    """Median and shortest time of some rounds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    return f"{statistics.median(times):8.1f} ms ({min(times):.1f})"


def resident() -> float:
    """This process's memory, MB."""
    return float(psutil.Process().memory_info().rss / 1e6)


def refreshed(recorder: Recorder, stacks: list[Stack]) -> tuple[list[float], list[float]]:
    """Milliseconds that each further window takes, and that the profile of all takes behind it."""
    adding, showing = [], []
    at = len(recorder.recording().windows)
    for begin in range(0, len(stacks), 14):
        window = Sampled(float(at + begin), 1.0, [(stack, 28) for stack in stacks[begin : begin + 14]])
        start = time.perf_counter()
        recorder.add(window)
        added = time.perf_counter()
        recorder.recording().profile()
        adding.append((added - start) * 1e3)
        showing.append((time.perf_counter() - added) * 1e3)
    return adding, showing


def measured(asked: argparse.Namespace, folder: Path) -> None:
    """Record, and print what that took."""
    stacks = made_stacks(asked.stacks + 14 * 20, asked.depth, asked.threads)
    empty = resident()
    recorder = Recorder({"rate": "100"})
    taken = 0.0
    for window in windows_of(stacks[: asked.stacks], asked.windows):
        start = time.perf_counter()
        recorder.add(window)
        taken += time.perf_counter() - start
    recording = recorder.recording()
    print(
        f"{len(recording.windows):,} windows, {asked.stacks:,} stacks of depth {asked.depth} in {asked.threads:,}"
        f" threads: {len(recording):,} rows, {len(recording.windows.leaf):,} entries, by its own estimate"
        f" {recorder.memory / 1e6:.0f} MB"
    )
    print(f"  taking the windows in             {taken / asked.windows * 1e3:8.2f} ms each")
    print(f"  first profile of all              {timed(recording.profile, 1)}")
    print(f"  profile of all                    {timed(recording.profile)}")
    print(f"  profile of five minutes           {timed(lambda: recording.profile((1000.0, 1300.0)))}")
    adding, showing = refreshed(recorder, stacks[asked.stacks :])
    print("  a window with 14 stacks that are new, and the profile of all behind it")
    medians = statistics.median(adding), statistics.median(showing)
    print(f"                                    {medians[0]:8.1f} ms + {medians[1]:.1f} ms")
    print(f"  memory of the process             {resident():8.0f} MB, {empty:.0f} MB before the first window")
    profile = recording.profile()
    whole, folded = folder / "hour.proftui", folder / "hour.folded"
    print(f"  save as a session                 {timed(lambda: save(profile, whole, force=True), 3)}")
    print(f"  open it                           {timed(lambda: load(whole), 3)}")
    save(profile, folded)
    sizes = [path.stat().st_size / 1e6 for path in (whole, folded)]
    print(f"  sizes                             {sizes[0]:8.1f} MB, folded {sizes[1]:.1f} MB")
    print(f"  beside it: folded stacks read     {timed(lambda: load(folded), 3)}")
    print(f"  beside it: dictionaries           {timed(lambda: counted(recording), 3)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--windows", type=int, default=3600)
    parser.add_argument("--stacks", type=int, default=50_000)
    parser.add_argument("--depth", type=int, default=30)
    parser.add_argument("--threads", type=int, default=4)
    given = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as where:
        measured(given, Path(where))
