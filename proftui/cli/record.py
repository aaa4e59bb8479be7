"""`proftui record`: samples of a process into a file, without a screen."""

from __future__ import annotations

import signal
import sys
import threading
import time
from typing import Any

import click

from proftui.cli.failures import say
from proftui.cli.reading import import_numpy
from proftui.cli.sampling import options_of, raised, sampling_options
from proftui.cli.saving import demand_writable, write
from proftui.cli.target import pid_of
from proftui.errors import ProftuiError


@click.command()
@click.argument("process", metavar="PID|NAME")
@click.option("--output", "-o", "path", required=True, metavar="FILE", help="The file to write.")
@click.option("--to", metavar="FORMAT", help="By default what the suffix of FILE suggests.")
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.option("--duration", "-d", metavar="SECONDS", type=click.FloatRange(0, min_open=True),
              help="Stop after this long; by default when the process ends or on Ctrl-C.")  # fmt: skip
@click.option("--window", metavar="SECONDS", type=click.FloatRange(0.2, 60), default=1.0, show_default=True,
              help="How finely the session file tells times apart.")  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="Draw no progress.")
@sampling_options
def command(process: str, path: str, to: str | None, force: bool, quiet: bool, sudo: bool, **sampling: Any) -> None:
    """Sample a Python process into FILE: a session (.proftui), callgrind, folded stacks, speedscope, ...

    Ctrl-C ends sampling, and writes what there is.
    """
    options = options_of(**sampling)
    import_numpy()
    demand_writable(path, to, force=force)
    from proftui.live.attach import attach, name_of

    pid = pid_of(process)
    name = name_of(pid)
    live = attach(pid, options, sudo=raised(sudo))
    enough = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: enough.set())
    live.listener = lambda: enough.set() if live.ended else None
    live.start()
    try:
        _wait(enough, live, options.duration, name, quiet=quiet)
    finally:
        live.stop()
    recording = live.recording()
    if not len(recording.windows):
        raise live.status.failure or ProftuiError(f"{name} ended before the first sample")
    if (end := live.status.end) is not None and end[0] in ("exited", "replaced", "failed"):
        say(end[1])
    write(recording, name, path, to, force=force)
    sys.exit(1 if end is not None and end[0] == "failed" else 0)


def _wait(enough: threading.Event, live: Any, seconds: float | None, name: str, *, quiet: bool) -> None:
    """Wait for the end, and show how far it is where standard error is a terminal."""
    if quiet or not sys.stderr.isatty():
        enough.wait()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from proftui.report.text import safe

    columns = (TextColumn("sampling {task.description}", markup=False), BarColumn(), TimeElapsedColumn(),
               TextColumn("{task.fields[samples]:,} samples", markup=False))  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        began = time.monotonic()
        task = progress.add_task(safe(name), total=seconds, samples=0)
        while not enough.wait(0.25):
            samples = int(live.recording().windows.samples.sum())
            progress.update(task, completed=time.monotonic() - began, samples=samples, refresh=True)
