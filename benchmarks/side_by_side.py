"""Whole processes timed in turns, so that what else the machine does falls on all alike."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Times:
    """Seconds on the clock and of processor time, one of each for every run."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def timed(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Times]:
    """Each command run `rounds` times, in turns, after one run that does not count; output goes nowhere."""
    # a package that pip installed has its bytecode, so the one under test may have it as well
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    times = {name: Times() for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            before, start = _spent(), time.perf_counter()
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
            if turn:
                times[name].wall.append(time.perf_counter() - start)
                times[name].processor.append(_spent() - before)
    return times


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def printed(title: str, times: Mapping[str, Times], peer: str) -> None:
    """Print medians, spreads and each command's ratio to that of the peer."""
    print(
        f"\n{title}; {len(times[peer].wall)} rounds in turns, Python {sys.version.split()[0]}, {os.cpu_count()} cores"
    )
    print(f"{'':28} {'wall median':>12} {'min':>8} {'max':>8} {'processor':>10} {'ratio':>7} {'ratio cpu':>10}")
    wall, processor = (statistics.median(column) for column in (times[peer].wall, times[peer].processor))
    for name, own in times.items():
        here, cpu = statistics.median(own.wall), statistics.median(own.processor)
        print(
            f"{name:28} {here:10.3f} s {min(own.wall):6.3f} s {max(own.wall):6.3f} s {cpu:8.3f} s "
            f"{here / wall:7.2f} {cpu / processor:10.2f}"
        )
