"""Large files of folded stacks: `proftui report` beside flamegraph.pl and awk, in whole processes.

python benchmarks/folded_size.py [--rounds N] [--stacks N] [--depth N] [--shuffled] [FILE ...]

Without a FILE one is made of so many different stacks. flamegraph.pl, which draws a picture besides, is used when it
is on PATH; awk adds up the counts and nothing else.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path

from callgrind_size import Runs

FUNCTIONS = 8000


def measured(file: Path, rounds: int) -> None:
    """Run all in turns, so that what else the machine does falls on all alike, and print a table."""
    commands = {
        "proftui report": [sys.executable, "-m", "proftui", "report", str(file)],
        "flamegraph.pl": ["flamegraph.pl", str(file)],
        "awk": ["awk", "{ sum += $NF } END { print sum }", str(file)],
    }
    runs = {name: Runs() for name, command in commands.items() if shutil.which(command[0])}
    for turn in range(rounds + 1):
        for name, run in runs.items():
            # the first run of each fills the caches and does not count
            (run if turn else Runs()).add(commands[name])
    print(f"\n{file.name}: {file.stat().st_size / 1e6:.0f} MB, median of {rounds} runs (shortest), seconds")
    for name, run in runs.items():
        wall, processor = (f"{statistics.median(each):6.2f} ({min(each):.2f})" for each in (run.wall, run.processor))
        print(f"  {name:15} wall {wall}  processor {processor}  memory {max(run.memory):5.0f} MB")


def make(path: Path, stacks: int, depth: int, shuffled: bool) -> None:
    """Write different stacks of one depth, nine in ten of which end in another frame than the one before and no
    more; the others part from it at any depth but the first ones. That makes two contexts a stack.
    """
    chance = random.Random(1)
    names = [f"f{number:x}" if number % 4 else f"ns::Class{number:x}" for number in range(FUNCTIONS)]
    lines: set[str] = set()
    stack = [chance.choice(names) for _ in range(depth)]
    while len(lines) < stacks:
        lines.add(f"{';'.join(stack)} {chance.randrange(1, 200)}\n")
        again = depth - 1 if chance.randrange(10) else chance.randrange(depth // 4, depth)
        stack[again:] = [chance.choice(names) for _ in range(depth - again)]
    ordered = sorted(lines)
    if shuffled:
        chance.shuffle(ordered)
    path.write_text("".join(ordered))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stacks", type=int, default=500_000)
    parser.add_argument("--depth", type=int, default=30)
    parser.add_argument("--shuffled", action="store_true", help="As hash tables leave them, and not in order.")
    asked = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        if not asked.files:
            asked.files = [Path(folder, f"{asked.stacks}_stacks{'_shuffled' * asked.shuffled}.folded")]
            # in a process of its own: what this one takes would count as its children's
            maker = get_context("spawn").Process(
                target=make, args=(asked.files[0], asked.stacks, asked.depth, asked.shuffled)
            )
            maker.start()
            maker.join()
        for each in asked.files:
            measured(each, asked.rounds)
