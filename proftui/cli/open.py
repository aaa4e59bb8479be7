"""`proftui open`: profiles in the terminal."""

from __future__ import annotations

import difflib
import io
import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from proftui.cli.failures import say
from proftui.cli.filtering import filter_options, filters_of
from proftui.cli.reading import import_numpy
from proftui.cli.sources import source_rules
from proftui.errors import ProftuiError

WORDS = ("attach", "run", "record", "report", "export", "check", "formats", "config", "demo", "completion")


class NoTerminal(ProftuiError):
    """There is no screen to draw on or no keyboard to read."""

    exit_code = 2


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path())
@click.option("--single", is_flag=True, help="Read only the files given, not other dumps of the same run.")
@click.option("--theme", metavar="NAME", help="The colours; the command palette lists them.")
@click.option("--watch/--no-watch", default=None, help="Read the files again whenever they change.")
@click.option("--source-map", "maps", metavar="FROM=TO", multiple=True, help="Where source files of FROM are here.")
@click.option("--view", metavar="NAME", help="What to show first: summary, functions, neighbours, tree, flame, ...")
@filter_options
@click.option("--config", metavar="FILE", help="The config to read in place of your own.")
def command(
    files: tuple[str, ...],
    single: bool,
    theme: str | None,
    watch: bool | None,
    maps: tuple[str, ...],
    view: str | None,
    expressions: tuple[str, ...],
    mine: bool,
    config: str | None,
) -> None:
    """Browse profiles in the terminal; without a FILE, choose one. "-" is standard input.

    Several files are parts of one profile. A callgrind dump brings the other dumps of its run.
    """
    _demand_known(files)
    rules = source_rules(maps)
    filters = filters_of(expressions, mine)
    demand_terminal(files)
    from proftui.cli.demo import make

    import_numpy()
    from proftui.cli.config_file import keep_theme
    from proftui.cli.config_values import effective
    from proftui.tui import run

    found = effective(config, {("theme",): theme, ("view",): view, ("watch",): watch}).fitted()
    for remark in found.remarks:
        say(remark)
    keep = partial(keep_theme, found.where)
    settings = found.settings(filters)
    settings = replace(settings, source_maps=(*rules, *settings.source_maps))
    sys.exit(run(files, single=single, settings=settings, demo=make, keep_theme=keep))


def _demand_known(files: tuple[str, ...]) -> None:
    """Tell a misspelt command from a missing file."""
    if not files or Path(files[0]).name != files[0] or Path(files[0]).exists():
        return
    if close := difflib.get_close_matches(files[0], WORDS, 1):
        raise click.UsageError(f"There is no file and no command {files[0]!r}; did you mean {close[0]!r}?")


def demand_terminal(
    files: tuple[str, ...] = (), instead: str = "'proftui report FILE' prints the same figures"
) -> None:
    """Make sure that there is a screen to draw on and a keyboard to read; with "-" that is the terminal itself."""
    if not (sys.stdout and sys.stdout.isatty()):
        raise NoTerminal(f"the viewer needs a terminal; {instead}")
    if sys.stdin and sys.stdin.isatty():
        return
    if "-" not in files:
        raise NoTerminal("the viewer reads keys from standard input, which is no terminal; 'proftui report' reads none")
    _keep_stdin_and_open_keyboard()


def _keep_stdin_and_open_keyboard() -> None:
    """Leave what is piped in to sys.stdin, and make the terminal file descriptor 0, where the viewer reads keys."""
    try:
        keyboard = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise NoTerminal("there is no terminal to read keys from; 'proftui report -' needs none") from None
    piped = os.fdopen(os.dup(0), "rb")
    os.dup2(keyboard, 0)
    os.close(keyboard)
    sys.stdin = io.TextIOWrapper(piped)
