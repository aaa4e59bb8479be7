"""How soon each view is there after its key, on large profiles, in a real pseudo-terminal of 120 x 40 cells.

python benchmarks/views_latency.py [--rounds N] [--large FILE.prof] [--deep FILE.folded]

A call graph of 200,000 functions (pstats) and a call tree of 500,000 rows (folded stacks). Each round opens the
profile anew and presses the keys once, so that nothing is drawn from what an earlier press left; an answer ends with
the last byte before a second of silence.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from made_profiles import dump, stacks
from viewer_latency import Terminal, told, viewer

SILENCE = 1.0

STEPS = (
    ("2", "functions"), ("6", "flame graph, first drawing"), ("j", "flame graph, a key"),
    ("\r", "flame graph, zoom"), ("\x1b", "flame graph, zoom left"), ("2", "functions again"),
    ("5", "bottom-up of the function in focus"), ("4", "call tree"), ("3", "callers and callees"),
    ("a", "all callers and callees"), ("2", "functions again"), ("b", "group by class"), ("b", "group by file"),
    ("b", "group by module"), ("8", "parts"), ("1", "summary"), ("2", "functions again"), ("c", "only my code"),
)  # fmt: skip
"""Keys in order, and what each shows."""


def main(path: Path, rounds: int) -> None:
    """Measure and print."""
    print(f"{path.name}: {path.stat().st_size / 1e6:.0f} MB")
    answers: list[list[float]] = [[] for _ in STEPS]
    for _ in range(rounds):
        with Terminal(viewer(path)) as terminal:
            terminal.first_paint("q Quit")
            terminal.settle()
            for (key, _), taken in zip(STEPS, answers, strict=True):
                taken.append(terminal.answer(key, SILENCE))
    for (key, name), taken in zip(STEPS, answers, strict=True):
        shown = {"\r": "Enter", "\x1b": "Esc"}.get(key, key)
        told(f"  {shown:<5} {name}", taken)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large", type=Path)
    parser.add_argument("--deep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        large, deep = asked.large, asked.deep
        if large is None:
            large = Path(folder) / "large.prof"
            dump(large, 200_000, 500_000, seed=200_000)
        if deep is None:
            deep = Path(folder) / "deep.folded"
            stacks(deep, 500_000, 20_000, seed=500_000)
        for profile in (large, deep):
            main(profile, asked.rounds)
