"""From process start to the printed top 30: `proftui report` beside pstats; one large file, then 200 small ones.

python benchmarks/report_speed.py [--rounds N] [--big FILE.prof] [--workers FILE.prof ...]

Without files it makes some of that size: 30,000 functions and 71,000 arcs; 200 workers of 450 functions each.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from made_profiles import big, workers
from side_by_side import printed, timed

PSTATS = "import sys, pstats; pstats.Stats(*sys.argv[1:]).sort_stats('tottime').print_stats(30)"


def main(rounds: int, one: list[Path], many: list[Path]) -> None:
    """Measure and print."""
    for title, files in ((f"report of {one[0].name}", one), (f"report of {len(many)} files", many)):
        names = [str(file) for file in files]
        commands = {
            "pstats": [sys.executable, "-c", PSTATS, *names],
            "proftui report": [sys.executable, "-m", "proftui", "report", *names],
        }
        printed(title, timed(commands, rounds), "pstats")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--big", type=Path)
    parser.add_argument("--workers", type=Path, nargs="+")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        main(
            asked.rounds,
            [asked.big or big(Path(folder))],
            asked.workers or workers(Path(folder)),
        )
