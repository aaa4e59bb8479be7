"""Writes tests/data/callgrind/annotated.json: what callgrind_annotate says of the tiny.* dumps beside it."""

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


if __name__ == "__main__":
    expected = {}
    for path in sorted(DATA.glob("tiny.*")):
        events = re.search(r"^events: (.*)$", path.read_text(), re.MULTILINE)
        if events and path.suffix != ".combined":
            expected[path.name] = {event: annotated(path, event) for event in events[1].split()}
    (DATA / "annotated.json").write_text(json.dumps(expected, indent=1) + "\n")
