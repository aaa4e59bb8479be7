"""`proftui demo`: a real profile to look at, made on the spot."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import click

from proftui.cli.narration import say
from proftui.errors import ProftuiError


@click.command()
@click.option("--no-tui", is_flag=True, help="Print the report, as is done where there is no terminal.")
@click.pass_context
def command(context: click.Context, no_tui: bool) -> None:
    """Profile a small program with cProfile and open the result."""
    from proftui.cli import open as viewer
    from proftui.cli import report

    path = Path(tempfile.mkdtemp(prefix="proftui-demo-")) / "demo.prof"
    profile_program(path)
    say(f"profiled {PROGRAM} into {path}")
    if no_tui or not (sys.stdin.isatty() and sys.stdout.isatty()):
        context.invoke(report.command, files=(str(path),))
    else:
        context.invoke(viewer.command, files=(str(path),))


PROGRAM = Path(__file__).with_name("demo_program.py")


def profile_program(path: Path) -> None:
    """Run the program under cProfile, which writes `path`."""
    # -I: what lies in the current folder must not be imported in place of the standard library
    run = [sys.executable, "-I", "-m", "cProfile", "-o", str(path), str(PROGRAM)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProftuiError(f"the demo program failed: {done.stderr.strip().splitlines()[-1:] or done.returncode}")
