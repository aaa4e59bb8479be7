"""Large files of trace events: opening one beside json.loads and msgspec's typed decoding, which do no more.

python benchmarks/trace_size.py [--rounds N] [--size MB] [--arguments] [FILE ...]

Each run is a process of its own, all in turns. Its time is that of reading the file and the work, without the start of
Python and imports; its memory the most that it had. Without a FILE one of so many megabytes is made as VizTracer
writes them: calls as they end, of functions with files, in four threads, and with `--arguments` those of calls.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from proftui.formats import load

FUNCTIONS = 3000
THREADS = 4
DEEPEST = 40
WAYS = ("json.loads", "msgspec typed", "proftui")

Figures = dict[str, list[float]]


class Event(msgspec.Struct, gc=False):
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
    """A file."""

    traceEvents: list[Event]  # noqa: N815  # the format's own name


def once(way: str, path: Path) -> None:
    """Do the work and print seconds, seconds of the processor and megabytes."""
    decoder = msgspec.json.Decoder(Trace)
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


def make(path: Path, size: int, arguments: bool) -> None:
    """Write calls of a random program, of which every thread is in one function after the other."""
    chance = random.Random(1)
    names = [
        f"Class{number % 70}.method_{number} (/srv/app/package{number % 40}/module{number % 300}.py:{number % 900 + 1})"
        if number % 4
        else f"builtins.function_{number}"
        for number in range(FUNCTIONS)
    ]
    called = [[chance.randrange(FUNCTIONS) for _ in range(6)] for _ in names]
    stacks: list[list[tuple[int, int]]] = [[] for _ in range(THREADS)]
    clocks = [81_995_533_209_122 + 1000 * thread for thread in range(THREADS)]
    with path.open("w") as stream:
        stream.write('{"traceEvents": [{"ph": "M", "pid": 4242, "tid": 4242, "name": "process_name", ')
        stream.write('"args": {"name": "MainProcess"}}')
        while chance.random() > 0.001 or stream.tell() < size:
            thread = chance.randrange(THREADS)
            stack = stacks[thread]
            clocks[thread] += chance.randrange(40, 4000)
            if len(stack) < DEEPEST and chance.random() < (0.7 if len(stack) < 8 else 0.49):
                stack.append((chance.choice(called[stack[-1][0]]) if stack else 1, clocks[thread]))
            elif stack:
                function, start = stack.pop()
                told = f', "args": {{"func_args": {{"n": "{start % 5000}"}}, "return_value": "{start % 7}"}}'
                stream.write(
                    f', {{"pid": 4242, "tid": {4242 + thread}, "ts": {start / 1000:.3f}, "ph": "X", "cat": "fee", '
                    f'"dur": {(clocks[thread] - start) / 1000:.3f}, "name": "{names[function]}"{told * arguments}}}'
                )
        stream.write('], "viztracer_metadata": {"overflow": false, "version": "1.1.1"}}')


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, default=200, help="Megabytes.")
    parser.add_argument("--arguments", action="store_true", help="Of calls, as VizTracer's --log_func_args has them.")
    parser.add_argument("--once", choices=WAYS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.once:
        once(asked.once, asked.files[0])
        sys.exit()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        if not asked.files:
            asked.files = [Path(folder, f"{asked.size}_MB{'_arguments' * asked.arguments}.json")]
            make(asked.files[0], asked.size * 1_000_000, asked.arguments)
        for each in asked.files:
            measured(each, asked.rounds)
