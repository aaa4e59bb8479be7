"""The command line: stdout is data, stderr is narration, exit codes are an interface.

0 good, 1 failed, 2 wrong usage, 3 the file or process was there and is gone, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TextIO


def main() -> None:
    """Run the command line and leave with its exit code."""
    # an output that was closed by who started the program is None
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    try:
        from proftui.cli.group import proftui

        proftui(prog_name="proftui")
    except KeyboardInterrupt:
        sys.exit(130)


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")
