"""`proftui demo`: a real profile to look at, made on the spot."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import click

from proftui.cli.failures import say
from proftui.errors import ProftuiError

PROGRAM = Path(__file__).with_name("demo_program.py")
SERVICE = Path(__file__).with_name("busy_program.py")


@click.command()
@click.option("--no-tui", is_flag=True, help="Print the report, as is done where there is no terminal.")
@click.option("--live", is_flag=True, help="Start a small service and watch it while it runs.")
@click.pass_context
def command(context: click.Context, no_tui: bool, live: bool) -> None:
    """Profile a small program with cProfile and open the result."""
    if live:
        from proftui.cli import run

        context.invoke(run.command, program=("-I", str(SERVICE)), python=sys.executable)
    from proftui.cli import open as viewer
    from proftui.cli import report

    path = make()
    say(f"profiled {PROGRAM} into {path}")
    shown = report if no_tui or not (sys.stdin.isatty() and sys.stdout.isatty()) else viewer
    context.invoke(shown.command, files=(path,))


def make() -> str:
    """The path of a new profile: the program run under cProfile, into a temporary folder that stays."""
    path = Path(tempfile.mkdtemp(prefix="proftui-demo-")) / "demo.prof"
    # -I: what lies in the current folder must not be imported in place of the standard library
    run = [sys.executable, "-I", "-m", "cProfile", "-o", str(path), str(PROGRAM)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProftuiError(f"the demo program failed: {(done.stderr.splitlines() or ['it said nothing'])[-1]}")
    return str(path)
