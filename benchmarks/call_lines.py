"""How much of the callees' time is placed on a line of the caller, and how often that is right.

    python benchmarks/call_lines.py [PROGRAM...] [--file PROFILE...] [--wrong] [--lost N] [--map FROM=TO...]
    [--python PYTHON]

Each program in call_lines_of/ runs twice, in processes of its own: under cProfile, and traced with `sys.setprofile`,
which sees the line on which every call is made. Each PROFILE is placed as far as its sources are here, or where MAP
says. Time is the inclusive time of the arcs from functions whose source is here; "import" is the share that one of
several import statements took; "right" is the share of the traced calls of uniquely placed arcs that were made on that
very line. `--python` runs the programs with another interpreter.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import proftui
from proftui.model import NO_FILE, Profile
from proftui.report.call_placement import Placing
from proftui.report.source import Sources
from proftui.report.source_map import SourceMap

PROGRAMS = Path(__file__).parent / "call_lines_of"


@dataclass
class Score:
    """Times in nanoseconds by how arcs were placed, and calls of uniquely placed arcs that were right or wrong."""

    time: Counter[str] = field(default_factory=Counter)
    arcs: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    def line(self, name: str) -> str:
        """One row of the table."""
        time, arcs = self.time.total() or 1, self.arcs.total() or 1
        shares = "".join(f"{100 * self.time[kind] / time:8.1f}{100 * self.arcs[kind] / arcs:7.1f}" for kind in KINDS)
        right = self.calls["right"] / self.calls.total() if self.calls else float("nan")
        return f"{name:<22}{self.arcs.total():7,}{shares}   {100 * right:8.3f} of {self.calls.total():,}"


KINDS = ("unique", "several", "import", "none")
IMPORTS = ("_find_and_load", "_handle_fromlist")
Traced = dict[tuple[str, int, str], dict[tuple[str, int, str], Counter[int]]]


def score(profile: Profile, traced: Traced | None, mapping: SourceMap | None = None) -> Score:
    """How the arcs of a profile were placed."""
    functions = profile.functions
    placing, found = Placing(functions, Sources(profile.origin.path, mapping)), Score()
    graph = profile.parts[0].graph
    for row in range(len(graph)):
        caller = int(graph.function[row])
        arcs = graph.callees_of(row)
        if functions.file[caller] == NO_FILE or not len(arcs) or not placing.definitions(caller):
            continue
        callees = graph.function[graph.callee[arcs]].tolist()
        for arc, callee, placement in zip(arcs.tolist(), callees, placing.placements(caller, callees), strict=True):
            kind = "unique" if placement.certain else "several" if placement.lines or placement.perhaps else "none"
            if kind == "several" and functions.name[callee] in IMPORTS:
                kind = "import"
            found.time[kind] += float(graph.arc_cost[0, arc])
            found.arcs[kind] += 1
            ends = f"{_place(functions, caller)} -> {_place(functions, callee)}"
            if not placement.certain:
                found.lost[f"{kind}: {ends} {placement.lines[:8]} {placement.perhaps[:8]}"] += float(
                    graph.arc_cost[0, arc]
                )
            elif traced is not None:
                seen = traced.get(_key(functions, caller), {}).get(_key(functions, callee), Counter())
                right = seen[placement.lines[0]]
                found.calls["right"] += right
                found.calls["wrong"] += seen.total() - right
                if seen.total() > right:
                    found.wrong[f"{ends}: placed on {placement.lines[0]}, seen on {dict(seen)}"] += seen.total() - right
    return found


def _key(functions: object, function: int) -> tuple[str, int, str]:
    name, file, line, _ = functions.identity(function)  # type: ignore[attr-defined]
    return file, max(line, 0), name


def _place(functions: object, function: int) -> str:
    name, file, line, _ = functions.identity(function)  # type: ignore[attr-defined]
    return f"{Path(file).name}:{line}({name})"


def run(name: str, folder: Path, interpreter: str) -> Score:
    """Profile and trace a program."""
    program, profile, trace = PROGRAMS / f"of_{name}.py", folder / f"{name}.prof", folder / f"{name}.seen"
    python = [interpreter, "-W", "ignore"]
    subprocess.run([*python, "-m", "cProfile", "-o", profile, program], check=True, cwd=folder)
    subprocess.run([*python, PROGRAMS / "tracer.py", program, trace], check=True, cwd=folder)
    traced: Traced = {}
    for caller, calls in json.loads(trace.read_text()):
        known = traced.setdefault(tuple(caller), {})
        for text, count in calls.items():
            callee, _, line = text.rpartition("@")
            known.setdefault(tuple(json.loads(callee)), Counter())[int(line)] += count
    return score(proftui.load(str(profile)), traced)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", nargs="*")
    parser.add_argument("--file", nargs="*", default=[])
    parser.add_argument("--wrong", action="store_true", help="list calls that were made on other lines")
    parser.add_argument("--lost", type=int, default=0, help="list so many of the costliest arcs without one line")
    parser.add_argument("--map", nargs="*", default=[])
    parser.add_argument("--python", default=sys.executable)
    asked = parser.parse_args()
    mapping = SourceMap.of(asked.map)
    print(f"{'':<22}{'arcs':>7}" + "".join(f"{kind:>8}{'arcs':>7}" for kind in KINDS) + "    right %")
    with tempfile.TemporaryDirectory() as folder:
        every = sorted(path.stem.removeprefix("of_") for path in PROGRAMS.glob("of_*.py"))
        names = asked.programs or ([] if asked.file else every)
        scores = [(name, run(name, Path(folder), asked.python)) for name in names]
    scores += [(Path(file).name, score(proftui.load(file), None, mapping)) for file in asked.file]
    total = Score()
    for name, each in scores:
        print(each.line(name))
        for mine, its in ((total.time, each.time), (total.arcs, each.arcs), (total.calls, each.calls)):
            mine.update(its)
        total.wrong.update(each.wrong)
        total.lost.update(each.lost)
    print(total.line("all"))
    if asked.wrong:
        for text, count in total.wrong.most_common():
            print(f"{count:7}  {text}")
    for text, cost in total.lost.most_common(asked.lost):
        print(f"{cost / 1e6:9.2f} ms  {text}")


if __name__ == "__main__":
    main()
