"""Writes tests/data/callgrind/annotated*.json: what callgrind_annotate says of the tiny.* dumps beside them.

The sources must lie in /tmp/tiny, as make.sh leaves them: the dumps name them there.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

DATA = Path(__file__).parents[2] / "data" / "callgrind"
ROW = re.compile(r"^\s*([0-9,]+) \([ 0-9.]+%\)\s+(.+?)(?: \[.*\])?$")


def annotated(path: Path, event: str) -> dict[str, int]:
    """Self cost by "file:function", and under "" the total."""
    command = ["callgrind_annotate", "--threshold=100", "--auto=no", f"--show={event}", f"--sort={event}", str(path)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [ROW.match(line) for line in text.splitlines()]
    return {match[2].replace("PROGRAM TOTALS", ""): int(match[1].replace(",", "")) for match in rows if match}


def annotated_lines(path: Path, event: str) -> dict[str, int]:
    """Self cost by "file:line"."""
    command = ["callgrind_annotate", "--threshold=100", "--auto=yes", "--context=10000", f"--show={event}", str(path)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    costs: dict[str, int] = {}
    file, line = "", 0
    for row in text.splitlines():
        if source := re.match(r"-- Auto-annotated source: (.*)$", row):
            file, line = source[1], 0
        elif "=>" not in row and (cost := re.match(r"\s*(?:([0-9,]+) \([ 0-9.]+%\)|\.)  ", row)) and file:
            line += 1
            if cost[1]:
                costs[f"{file}:{line}"] = int(cost[1].replace(",", ""))
        elif row.startswith("-----") and line:
            file = ""
    return costs


if __name__ == "__main__":
    expected = {}
    for path in sorted(DATA.glob("tiny.*")):
        events = re.search(r"^events: (.*)$", path.read_text(), re.MULTILINE)
        if events and path.suffix != ".combined":
            expected[path.name] = {event: annotated(path, event) for event in events[1].split()}
    (DATA / "annotated.json").write_text(json.dumps(expected, indent=1) + "\n")
    by_line = {name: annotated_lines(DATA / name, "Ir") for name in ("tiny.plain", "tiny.events", "tiny.uncompressed")}
    (DATA / "annotated_lines.json").write_text(json.dumps(by_line, indent=1) + "\n")
