"""`proftui attach`: a process that runs, in the viewer."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from proftui.cli.failures import say
from proftui.cli.filtering import filter_options, filters_of
from proftui.cli.open import demand_terminal
from proftui.cli.reading import import_numpy
from proftui.cli.sampling import options_of, raised, sampling_options
from proftui.cli.saving import demand_writable, write
from proftui.cli.sources import source_rules
from proftui.cli.target import pid_of

if TYPE_CHECKING:
    from proftui.tui.settings import Settings


@click.command()
@click.argument("process", required=False, metavar="[PID|NAME]")
@sampling_options
@click.option("--window", metavar="SECONDS", type=click.FloatRange(0.2, 60), default=1.0, show_default=True,
              help="How long samples are taken before they are shown.")  # fmt: skip
@click.option("--duration", "-d", metavar="SECONDS", type=click.FloatRange(0, min_open=True),
              help="Stop sampling after this long; the viewer stays.")  # fmt: skip
@click.option("--output", "-o", "path", metavar="FILE", help="Write the samples there on leaving.")
@click.option("--to", metavar="FORMAT", help="By default what the suffix of FILE suggests.")
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.option("--check", is_flag=True, help="Say whether the process can be sampled, and if not what helps.")
@click.option("--theme", metavar="NAME", help="The colours; the command palette lists them.")
@click.option("--view", metavar="NAME", help="What to show first: functions, tree, flame, ...")
@click.option("--source-map", "maps", metavar="FROM=TO", multiple=True, help="Where source files of FROM are here.")
@filter_options
@click.option("--config", metavar="FILE", help="The config to read in place of your own.")
def command(
    process: str | None, sudo: bool, path: str | None, to: str | None, force: bool, check: bool, theme: str | None,
    view: str | None, maps: tuple[str, ...], expressions: tuple[str, ...], mine: bool, config: str | None,
    **sampling: Any,
) -> None:  # fmt: skip
    """Watch a Python process while it runs; without PID or NAME, choose one.

    py-spy takes the samples; the process is not changed, and goes on when you leave.
    """
    options = options_of(**sampling)
    rules = source_rules(maps)
    filters = filters_of(expressions, mine)
    if check:
        _check(process, sudo=sudo)
        return
    demand_terminal(instead="'proftui record PID -o FILE' samples without one")
    if path is not None:
        demand_writable(path, to, force=force)
    from proftui.tui.attaching import Attaching

    attaching = Attaching(options, raised(sudo))
    attached = attaching.to(pid_of(process)) if process is not None else None
    import_numpy()
    from proftui.tui import follow

    settings, keep = settings_for(theme, view, config)
    settings = replace(settings, filters=filters, source_maps=(*rules, *settings.source_maps))
    code, last = follow(attached, attaching, settings=settings, keep_theme=keep)
    if last is not None and path is not None:
        write(last.live.recording(), last.name, path, to, force=force)
    sys.exit(code)


def settings_for(theme: str | None, view: str | None, config: str | None) -> tuple[Settings, Any]:
    """What the command line and the config say, and what keeps a theme. Live data begins with the functions."""
    from proftui.cli.config_file import keep_theme
    from proftui.cli.config_values import effective

    found = effective(config, {("theme",): theme, ("view",): view or "functions"}).fitted()
    for remark in found.remarks:
        say(remark)
    return found.settings(), partial(keep_theme, found.where)


def _check(process: str | None, *, sudo: bool) -> None:
    from proftui.live.doctor import check_text, diagnose
    from proftui.report.text import safe

    if process is None:
        raise click.UsageError("--check needs the PID or NAME of a process.")
    diagnosis = diagnose(pid_of(process), sudo=sudo)
    click.echo("\n".join(map(safe, check_text(diagnosis).splitlines())))
    sys.exit(0 if diagnosis.ok else 1)
