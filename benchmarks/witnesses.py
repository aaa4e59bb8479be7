"""The same program seen by many profilers, each read by proftui: the shares of its functions beside those it has.

    python benchmarks/witnesses.py [--rounds 200] [--keep DIR]

Profilers that are not installed beside this Python or on PATH are left out, and said to be.
    pip install pyinstrument viztracer line_profiler austin-dist
"""

from __future__ import annotations

import argparse
import math
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

from proftui import load
from proftui.model import Profile, merge
from proftui.units import SAMPLES

PROGRAM = Path(__file__).with_name("witness_program.py")
TRUTH = {"parse": 34.0, "draw": 26.0, "read": 18.0, "sort": 13.0, "save": 9.0}
"""Percent, as in the program."""

SIGMAS = 3
"""How many standard deviations of independent samples a sampled share may be off."""

TRACING = 2.0
"""Percent points that tracing, which costs each line the same, may move a share."""


@dataclass(frozen=True)
class Witness:
    """A profiler: the words that run the program under it and write `file`; under `slow` ones it has fewer rounds."""

    name: str
    file: str
    command: tuple[str, ...]
    slow: bool = False


WITNESSES = (
    Witness("cProfile", "out.prof", ("python", "-m", "cProfile", "-o", "FILE", "PROGRAM")),
    Witness("py-spy, raw", "out.folded", ("py-spy", "record", "-r200", "-fraw", "-oFILE", "--", "python", "PROGRAM")),
    Witness("py-spy, SVG", "out.svg", ("py-spy", "record", "-r200", "-oFILE", "--", "python", "PROGRAM")),
    Witness("py-spy, by proftui", "out.proftui", ("proftui", "run", "--no-tui", "--rate=200", "-oFILE", "PROGRAM")),
    Witness("pyinstrument", "out.pyisession", ("pyinstrument", "-rpyisession", "-oFILE", "PROGRAM")),
    Witness("VizTracer", "out.json", ("viztracer", "-oFILE", "--", "PROGRAM")),
    Witness("line_profiler", "out.lprof", ("kernprof", "-l", "-oFILE", "PROGRAM"), slow=True),
    Witness("Austin", "out.austin", ("austin", "-i2ms", "-oFILE", "python", "PROGRAM")),
    Witness("Austin, MOJO", "out.mojo", ("austin", "-b", "-i2ms", "-oFILE", "python", "PROGRAM")),
)


def main() -> None:
    """Run them all, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="a folder for the profiles")
    arguments = parser.parse_args()
    print(f"| profiler | {' | '.join(TRUTH)} | samples, about | agrees |\n|---|{'---:|' * len(TRUTH)}---:|---|")
    print(f"| the program itself | {' | '.join(f'{share:.1f}' for share in TRUTH.values())} | | |")
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        for witness in WITNESSES:
            print(line(witness, folder, arguments.rounds), flush=True)


def line(witness: Witness, folder: Path, rounds: int) -> str:
    """The row of a profiler."""
    words = command(witness, folder, rounds // 10 if witness.slow else rounds)
    if words is None:
        return f"| {witness.name} | {' | ' * len(TRUTH)} | not installed |"
    done = subprocess.run(words, capture_output=True, text=True, cwd=folder, check=False)
    file = folder / witness.file
    if not file.exists():
        return f"| {witness.name} | {' | ' * len(TRUTH)} | failed: {done.stderr.strip().splitlines()[-1:]} |"
    profile = load(file)
    costs = costs_of(profile)
    found = {name: 100 * costs[name] / sum(costs.values()) for name in TRUTH}
    samples = costs_in_samples(profile)
    verdict = "yes" if agrees(found, samples) else "NO"
    shares = " | ".join(f"{share:.1f}" for share in found.values())
    return f"| {witness.name} | {shares} | {'' if samples is None else f'{samples:,.0f}'} | {verdict} |"


def command(witness: Witness, folder: Path, rounds: int) -> list[str] | None:
    """The words to run, None where the profiler is not installed."""
    scripts = Path(sysconfig.get_path("scripts"))
    first = witness.command[0]
    program = sys.executable if first == "python" else shutil.which(first, path=scripts) or shutil.which(first)
    if program is None:
        return None
    of = {"python": sys.executable, "PROGRAM": str(PROGRAM)}
    words = [of.get(word, word).replace("FILE", str(folder / witness.file)) for word in witness.command[1:]]
    return [program, *words, str(rounds)]


def costs_of(profile: Profile) -> dict[str, float]:
    """The first metric's self cost of each function of the program: that of its lines, where nothing else is known."""
    graph = merge(profile)
    costs = graph.self_cost[0] if not math.isnan(graph.self_cost[0].sum()) else graph.inclusive[0]
    by_name = dict.fromkeys(TRUTH, 0.0)
    for function, cost in zip(graph.function.tolist(), costs.tolist(), strict=True):
        name = profile.functions.name[function].partition(" ")[0]
        if name in by_name:
            by_name[name] += cost
    return by_name


def costs_in_samples(profile: Profile) -> float | None:
    """How many samples a sampler took, at the rates of the commands; None of what traces."""
    if profile.origin.kind != "sampled":
        return None
    total, unit = sum(costs_of(profile).values()), profile.metrics[0].unit
    return total if unit is SAMPLES else total / (2e6 if "austin" in profile.origin.format else 1e6)


def agrees(found: dict[str, float], samples: float | None) -> bool:
    """Whether the order is that of the program, and each share within the error of its sampling or tracing."""
    if sorted(found, key=found.__getitem__, reverse=True) != list(TRUTH):
        return False
    for name, share in TRUTH.items():
        off = TRACING if samples is None else 100 * SIGMAS * math.sqrt(share / 100 * (1 - share / 100) / samples)
        if abs(found[name] - share) > off:
            return False
    return True


if __name__ == "__main__":
    main()
