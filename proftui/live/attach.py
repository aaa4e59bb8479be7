"""Attaching to a process: what is to be known before the first sample."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from functools import partial
from pathlib import PurePath

import psutil

from proftui.live.live import Live
from proftui.live.monitor import Monitor
from proftui.live.pyspy import PySpy
from proftui.live.recorder import Recorder
from proftui.live.sampling import Options, Sampler
from proftui.live.starting import Starting


def attach(pid: int, options: Options, *, sudo: bool = False, started: bool = False) -> Live:
    """A process to be watched, which `start` begins. With `sudo`, py-spy alone has root's rights.

    With `started` the process was made a moment ago, and may not be ready yet.
    """
    monitor = Monitor(pid)

    def make() -> PySpy:
        return PySpy(pid, options, sudo=sudo)

    sampler: Sampler = Starting(make, partial(psutil.pid_exists, pid)) if started else make()
    vitals = monitor.look()
    about = {"pid": str(pid), "command": vitals.command or "", **told(sampler)}
    return Live(sampler, Recorder(about, threads=options.threads), monitor)


def told(sampler: Sampler) -> dict[str, str]:
    """What a recording says of how it was made."""
    options = sampler.options
    asked = [
        word
        for word, there in (
            ("idle threads too", options.idle), ("only threads with the GIL", options.gil),
            ("threads not told apart", not options.threads),
            ("native frames", options.native), ("child processes too", options.subprocesses),
            ("without halting the process", not options.blocking),
        )
        if there
    ]  # fmt: skip
    return {
        "rate": str(options.rate),
        "sampler": sampler.name,
        "options": ", ".join(asked),
        "started": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def name_of(pid: int) -> str:
    """A short name for people and for files: what the process runs, and its number."""
    try:
        command = psutil.Process(pid).cmdline()
    except psutil.Error:
        command = []
    return f"{short(command) or 'process'}-{pid}"


def short(command: Sequence[str]) -> str:
    """What a command line runs: the script's or module's name, else the program's."""
    for place, word in enumerate(command[1:], 1):
        if word == "-m":
            return command[place + 1] if place + 1 < len(command) else ""
        if word == "-c":
            break
        if not word.startswith("-"):
            return PurePath(word).name
    return PurePath(command[0]).name if command else ""
