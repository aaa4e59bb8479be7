"""Large files of trace events and of speedscope: opening one beside json.loads and msgspec's typed decoding, which do
no more.

python benchmarks/json_size.py [--rounds N] [--size MB] [KIND | FILE ...]

KIND is one of those that made_json.py makes; a FILE is of trace events unless its name has "speedscope" in it. Each
run is a process of its own, all in turns. Its time is that of reading the file and the work, without the start of
Python and imports; its memory the most that it had.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import msgspec
from made_json import KINDS

from proftui.formats import load

WAYS = ("json.loads", "msgspec typed", "proftui")

Figures = dict[str, list[float]]


class TraceEvent(msgspec.Struct, gc=False):
    """What a viewer needs of an event."""

    ph: str
    name: str
    pid: int
    tid: int
    ts: float = 0.0
    dur: float = 0.0
    cat: str = ""
    args: msgspec.Raw = msgspec.Raw(b"")


class Trace(msgspec.Struct):
    """A file of trace events."""

    traceEvents: list[TraceEvent]  # noqa: N815  # the format's own name


class Event(msgspec.Struct, gc=False):
    """A frame that is opened or closed."""

    type: str
    at: float
    frame: int


class Evented(msgspec.Struct, tag_field="type", tag="evented"):
    """Frames that are opened and closed."""

    events: list[Event]


class Sampled(msgspec.Struct, tag_field="type", tag="sampled"):
    """Stacks and what they weigh."""

    samples: list[list[int]]
    weights: list[float]


class Frame(msgspec.Struct, gc=False):
    """What stacks are made of."""

    name: str
    file: str | None = None
    line: int | None = None


class Shared(msgspec.Struct):
    """What profiles have in common."""

    frames: list[Frame]


class Speedscope(msgspec.Struct):
    """A file of speedscope's."""

    shared: Shared
    profiles: list[Sampled | Evented]


def once(way: str, path: Path) -> None:
    """Do the work and print seconds, seconds of the processor and megabytes."""
    decoder = msgspec.json.Decoder(Speedscope if "speedscope" in path.name else Trace)  # type: ignore[var-annotated]
    works: dict[str, Callable[[], object]] = {
        "json.loads": lambda: json.loads(path.read_bytes()),
        "msgspec typed": lambda: decoder.decode(path.read_bytes()),
        "proftui": lambda: load(path),
    }
    begin, worked = time.perf_counter(), time.process_time()
    kept = works[way]()
    print(
        time.perf_counter() - begin,
        time.process_time() - worked,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )
    del kept


def measured(path: Path, rounds: int) -> None:
    """Run all ways in turns, so that what else the machine does falls on all alike, and print a table."""
    seconds: Figures = {way: [] for way in WAYS}
    processor: Figures = {way: [] for way in WAYS}
    memory: Figures = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            command = [sys.executable, __file__, "--once", way, str(path)]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            for column, figure in zip((seconds, processor, memory), said.split(), strict=True):
                column[way].append(float(figure))
    print(f"\n{path.name}: {path.stat().st_size / 1e6:.0f} MB, median of {rounds} runs (shortest)")
    for way in WAYS:
        wall, cpu = (f"{statistics.median(each[way]):6.2f} ({min(each[way]):.2f}) s" for each in (seconds, processor))
        print(f"  {way:14} wall {wall}  processor {cpu}  memory {statistics.median(memory[way]):5.0f} MB")
    print(f"  proftui beside json.loads: {ratio(seconds, 'json.loads'):.2f} times the time, ", end="")
    print(f"{ratio(processor, 'json.loads'):.2f} times that of the processor")
    print(f"  proftui beside msgspec's typed decoding: {ratio(memory, 'msgspec typed'):.2f} times the memory")


def ratio(figures: Figures, other: str) -> float:
    """What proftui takes, as a multiple of another way."""
    return statistics.median(figures["proftui"]) / statistics.median(figures[other])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", default=list(KINDS), metavar="KIND|FILE", help=f"KINDs: {', '.join(KINDS)}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, help="Megabytes; by default 200 of trace events, 100 of speedscope's.")
    parser.add_argument("--once", choices=WAYS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.once:
        once(asked.once, Path(asked.files[0]))
        sys.exit()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        for each in asked.files:
            if (make := KINDS.get(each)) is None:
                measured(Path(each), asked.rounds)
                continue
            file = Path(folder, f"{each}.json")
            # in a process of its own: what this one takes would count as its children's
            maker = get_context("spawn").Process(
                target=make, args=(file, (asked.size or (100 if "speedscope" in each else 200)) * 1_000_000)
            )
            maker.start()
            maker.join()
            measured(file, asked.rounds)
            file.unlink()
