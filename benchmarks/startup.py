"""How long `proftui --version` takes beside a Python that does nothing, and beside the imports it cannot do without.

python benchmarks/startup.py [ROUNDS]
"""

from __future__ import annotations

import sys

from side_by_side import printed, timed


def main(rounds: int) -> None:
    """Measure and print."""
    python = [sys.executable]
    commands = {
        "python -c pass": [*python, "-c", "pass"],
        "python -c 'import click'": [*python, "-c", "import click"],
        "python -c 'import numpy'": [*python, "-c", "import numpy"],
        "proftui --version": [*python, "-m", "proftui", "--version"],
        "proftui --help": [*python, "-m", "proftui", "--help"],
    }
    printed("start-up", timed(commands, rounds), "python -c pass")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
