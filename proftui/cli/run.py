"""`proftui run`: a program that is started to be watched, or profiled."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from proftui.cli.attach import settings_for
from proftui.cli.failures import say
from proftui.cli.filtering import filter_options, filters_of
from proftui.cli.open import demand_terminal
from proftui.cli.reading import import_numpy
from proftui.cli.sampling import options_of, raised, sampling_options
from proftui.cli.saving import demand_writable, write
from proftui.cli.sources import source_rules
from proftui.errors import ProftuiError, SourceLost

if TYPE_CHECKING:
    from proftui.live.sampling import Options
    from proftui.tui.settings import Settings

Shown: TypeAlias = "tuple[Settings, Callable[[str], str]]"
"""How the viewer is wanted, and what keeps a theme."""

OURS = 125
"""The exit code where we fail, not the program."""

EARLY = "the program ended before the first sample"


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("program", nargs=-1, required=True, type=click.UNPROCESSED, metavar="[--] SCRIPT|-m MODULE [ARGS]...")
@click.option("--with", "profiler", type=click.Choice(["py-spy", "cprofile"]), default="py-spy", show_default=True,
              help="Sample it while it runs, or trace each call and look when it has ended.")  # fmt: skip
@click.option("--python", metavar="PATH", help="The interpreter; by default the active environment's, or python3.")
@click.option("--no-tui", is_flag=True, help="Leave the terminal to the program; needs -o.")
@click.option("--output", "-o", "path", metavar="FILE", help="Write the profile there.")
@click.option("--to", metavar="FORMAT", help="By default what the suffix of FILE suggests.")
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@sampling_options
@click.option("--theme", metavar="NAME", help="The colours; the command palette lists them.")
@click.option("--view", metavar="NAME", help="What to show first: functions, tree, flame, ...")
@click.option("--source-map", "maps", metavar="FROM=TO", multiple=True, help="Where source files of FROM are here.")
@filter_options
@click.option("--config", metavar="FILE", help="The config to read in place of your own.")
def command(
    program: tuple[str, ...], profiler: str, python: str | None, no_tui: bool, path: str | None, to: str | None,
    force: bool, sudo: bool, theme: str | None, view: str | None, maps: tuple[str, ...],
    expressions: tuple[str, ...], mine: bool, config: str | None, **sampling: Any,
) -> None:  # fmt: skip
    """Start a Python program and watch it, with its exit code for ours.

    The options of proftui come before the program. In the viewer, O shows what the program prints; with --no-tui it
    has the terminal to itself.
    """
    from proftui.live.program import python_command

    options = options_of(**sampling)
    if no_tui and path is None:
        raise click.UsageError("--no-tui needs -o FILE: the profile has to go somewhere.")
    if not no_tui:
        demand_terminal(instead="--no-tui -o FILE needs none")
    rules, filters = source_rules(maps), filters_of(expressions, mine)
    import_numpy()
    if path is not None:
        demand_writable(path, to, force=force)
    words = python_command(program, python)
    settings = settings_for(theme, view, config) if not no_tui else None
    if settings is not None:
        wishes = replace(settings[0], filters=filters, source_maps=(*rules, *settings[0].source_maps))
        settings = wishes, settings[1]
    with _ours():
        if profiler == "cprofile":
            code = _traced(words, path, to, settings, force=force)
        elif settings is None:
            code = _sampled(words, options, str(path), to, force=force, sudo=raised(sudo))
        else:
            code = _watched(words, options, path, to, settings, force=force, sudo=raised(sudo))
    sys.exit(code)


@contextmanager
def _ours() -> Iterator[None]:
    """Make failures of ours leave with codes that no program's own are mistaken for."""
    try:
        yield
    except ProftuiError as error:
        if error.exit_code not in (126, 127):
            error.exit_code = OURS
        raise


def _traced(words: Sequence[str], path: str | None, to: str | None, settings: Shown | None, *, force: bool) -> int:
    """Run the program under cProfile; then write or show what it found."""
    from proftui.formats import load, save
    from proftui.live.program import profile_command, start

    with tempfile.TemporaryDirectory(prefix="proftui-run-") as folder:
        file = str(Path(folder, f"{_name(words)}.prof"))
        with start(profile_command(words, file), capture=False, traceable=False) as program:
            code = program.wait()
        if not Path(file).exists():
            say("the program left no profile, as it does when it ends by os._exit or by a signal")
            return code
        if path is not None:
            say(f"wrote {', '.join(save(load(file), path, to=to, force=force))}")
        if settings is not None:
            from proftui.tui import run

            run((file,), settings=settings[0], keep_theme=settings[1])
    return code


def _sampled(words: Sequence[str], options: Options, path: str, to: str | None, *, force: bool, sudo: bool) -> int:
    """Run the program in our terminal and sample it meanwhile."""
    from proftui.live.attach import attach
    from proftui.live.program import start

    with start(words, capture=False, traceable=True) as program:
        live = attach(program.pid, options, sudo=sudo, started=True).start()
        try:
            code = program.wait()
        finally:
            live.stop()
    recording = live.recording()
    if len(recording.windows):
        write(recording, f"{_name(words)}-{program.pid}", path, to, force=force)
    else:
        say(f"nothing was sampled: {live.status.failure or EARLY}")
    return code


def _watched(
    words: Sequence[str], options: Options, path: str | None, to: str | None, settings: Shown, *, force: bool,
    sudo: bool,
) -> int:  # fmt: skip
    """Run the program behind the viewer."""
    from proftui.live.program import start
    from proftui.tui import follow
    from proftui.tui.attaching import Attaching

    attaching = Attaching(options, sudo)
    with start(words, capture=True, traceable=True) as program:
        name = f"{_name(words)}-{program.pid}"
        attached = replace(attaching.to(program.pid, started=True), name=name, program=program)
        try:
            follow(attached, attaching, settings=settings[0], keep_theme=settings[1])
        except ProftuiError as error:
            if program.poll() is None:
                raise
            _hand_on(program.output())
            say(f"nothing was sampled: {EARLY if isinstance(error, SourceLost) else error}")
            return program.exit_code
    if path is not None:
        write(attached.live.recording(), name, path, to, force=force)
    return program.exit_code


def _hand_on(printed: Sequence[str]) -> None:
    """Show what a program has printed that nobody has seen."""
    from proftui.report.program_output import plain

    for line in printed:
        click.echo(plain(line), err=True)


def _name(words: Sequence[str]) -> str:
    """What the program is called."""
    from proftui.live.attach import short

    return short(words)
