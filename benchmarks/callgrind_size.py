"""Large callgrind files: `proftui report` beside cgview, KCachegrind's C++ loader on a console, in whole processes.

python benchmarks/callgrind_size.py [--rounds N] [--repeat SMALL.out[.gz]] [--megabytes N] [FILE ...]

`--repeat` makes a file of that many megabytes out of a small dump of one part, by writing its body again and again.
cgview is used when it is on PATH.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Runs:
    """Seconds on the clock and of the processor, and the most memory in MB, one of each for every run."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def add(self, command: list[str]) -> None:
        """Run `command` once; its output goes nowhere."""
        # what pip installed has its bytecode, so what is measured may have it as well
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        start = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")
        self.wall.append(time.perf_counter() - start)
        self.processor.append(usage.ru_utime + usage.ru_stime)
        self.memory.append(usage.ru_maxrss / 1024)


def measured(file: Path, rounds: int) -> None:
    """Run both in turns, so that what else the machine does falls on both alike, and print a table."""
    commands = {"proftui report": [sys.executable, "-m", "proftui", "report", "--single", str(file)]}
    if shutil.which("cgview"):
        commands["cgview"] = ["cgview", str(file)]
    runs = {name: Runs() for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            # the first run of each fills the caches and does not count
            (runs[name] if turn else Runs()).add(command)
    print(f"\n{file.name}: {file.stat().st_size / 1e6:.0f} MB, median of {rounds} runs (shortest), seconds")
    for name, run in runs.items():
        wall, processor = (f"{statistics.median(each):6.2f} ({min(each):.2f})" for each in (run.wall, run.processor))
        print(f"  {name:15} wall {wall}  processor {processor}  memory {max(run.memory):5.0f} MB")
    if "cgview" in runs:
        ours, theirs = runs["proftui report"], runs["cgview"]
        print(
            f"  proftui / cgview: wall {statistics.median(ours.wall) / statistics.median(theirs.wall):.2f},"
            f" shortest {min(ours.wall) / min(theirs.wall):.2f},"
            f" memory {max(ours.memory) / max(theirs.memory):.2f}"
        )


def repeated(small: Path, megabytes: int, folder: Path) -> Path:
    """A file of about so many megabytes: the header of `small`, its body many times, its totals as many times."""
    raw = (gzip.open if small.suffix == ".gz" else open)(small, "rb").read()
    body = re.search(rb"^(?:ob|fl|fn)=", raw, re.MULTILINE)
    totals = re.search(rb"^totals:", raw, re.MULTILINE)
    if body is None or totals is None:
        raise SystemExit(f"{small}: is no dump of callgrind with one part")
    head, middle, tail = raw[: body.start()], raw[body.start() : totals.start()], raw[totals.start() :]
    times = max(1, round(megabytes * 1e6 / len(middle)))

    def multiplied(line: re.Match[bytes]) -> bytes:
        return re.sub(rb"\d+", lambda number: b"%d" % (int(number[0]) * times), line[0])

    path = folder / f"{small.name.removesuffix('.gz')}.x{times}"
    with path.open("wb") as stream:
        stream.write(re.sub(rb"^summary:.*$", multiplied, head, flags=re.MULTILINE))
        for _ in range(times):
            stream.write(middle)
        stream.write(re.sub(rb"^totals:.*$", multiplied, tail, flags=re.MULTILINE))
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--repeat", type=Path)
    parser.add_argument("--megabytes", type=int, default=105)
    asked = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        made = [repeated(asked.repeat, asked.megabytes, Path(folder))] if asked.repeat else []
        for each in (*asked.files, *made):
            measured(each, asked.rounds)
