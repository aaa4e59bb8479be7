"""The process that a command is about."""

from __future__ import annotations

import click

LONGEST = 9
"""Digits of a process's number; what is longer cannot even be asked for."""

LISTED = "proftui attach"
"""What lists the processes that there are."""


def pid_of(text: str) -> int:
    """The process of that number, or the one whose command has that text. Raises Refused where there is none."""
    import psutil

    from proftui.live.processes import find
    from proftui.live.sampling import Refused

    if text.isdecimal():
        if len(text) > LONGEST or not psutil.pid_exists(int(text)):
            raise Refused(f"there is no process {text}", LISTED, exit_code=3)
        return int(text)
    found = find(text)
    if not found:
        raise Refused(f"no Python process has {text!r} in its command", LISTED, exit_code=3)
    if len(found) > 1:
        these = ", ".join(f"{process.pid} ({process.what})" for process in found[:5])
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise click.UsageError(f"{len(found)} processes have {text!r} in their command: {these}{more}; name one.")
    return found[0].pid
