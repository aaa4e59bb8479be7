"""The command line: stdout is data, stderr is narration, exit codes are an interface.

0 good, 1 failed, 2 wrong usage, 3 the file or process was there and is gone, 130 interrupted.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from proftui.cli.group import proftui

        proftui(prog_name="proftui")
    except KeyboardInterrupt:
        sys.exit(130)
