"""`proftui report`: the figures of profiles on standard output."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from typing import TYPE_CHECKING

import click

from proftui.analysis.grouping import GROUPS, Group
from proftui.cli.filtering import filter_options, filters_of, through
from proftui.cli.reading import read
from proftui.cli.sources import source_rules
from proftui.report.wanted import ORDERS, SORTS, VIEWS, View, Wanted

if TYPE_CHECKING:
    from proftui.model import Profile
    from proftui.report.documents import Style


@click.command(short_help="Print the figures of profiles.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--format", "-f", "to", type=click.Choice(["text", "json", "markdown", "csv"]), default="text")
@click.option("--view", "-v", type=click.Choice(VIEWS), default="functions", help="What to list.")
@click.option("--sort", "-s", type=click.Choice(SORTS), help="What to order functions by.")
@click.option("--reverse", "-r", is_flag=True, help="The other way round.")
@click.option("--top", "-n", type=click.IntRange(0), default=30, show_default=True, help="How many; 0 = all.")
@click.option("--metric", "-m", metavar="NAME", help="What shares and order are about; by default the first metric.")
@click.option("--function", metavar="REGEX", help="Only functions whose name or file:line it is found in.")
@click.option(
    "--group", "-g", type=click.Choice(GROUPS), default="function", help="Group functions by where they belong."
)
@click.option("--part", "labels", metavar="LABEL", multiple=True, help="Only this part, by label or number from 1.")
@click.option("--no-cycles", is_flag=True, help="Show the members of cycles, not cycles as a whole.")
@click.option("--join-recursion", "joined", is_flag=True, help="Callgrind's f and f'2 as one function.")
@click.option("--depth", type=click.IntRange(1), help="Levels of the tree at most.")
@click.option("--min", "least", type=click.FloatRange(0, 100), default=0.5, show_default=True,
              help="Percent of the total below which rows of the tree are left out.")  # fmt: skip
@click.option("--single", is_flag=True, help="Read only the files given, not other dumps of the same run.")
@click.option("--source-map", "maps", metavar="FROM=TO", multiple=True, help="Where source files of FROM are here.")
@filter_options
def command(
    files: tuple[str, ...], to: str, view: View, sort: str | None, reverse: bool, top: int, metric: str | None,
    function: str | None, group: Group, labels: tuple[str, ...], no_cycles: bool, joined: bool, depth: int | None,
    least: float, single: bool, maps: tuple[str, ...], expressions: tuple[str, ...], mine: bool,
) -> None:  # fmt: skip
    """Print what was measured, as text, JSON, Markdown or CSV; "-" is standard input.

    Several files are parts of one profile, and added up. Costs in JSON and CSV are seconds, bytes and counts.
    """
    _demand_fitting(view, sort, reverse, function, group)
    pattern = _pattern(function)
    filters = filters_of(expressions, mine)
    rules = source_rules(maps) if view != "source" else (*source_rules(maps), *_maps_of_config())
    profile = through(read(files, single=single, lines=view == "source"), filters, aloud=to != "text")
    from proftui.analysis.scope import Scope
    from proftui.report.documents import DOCUMENTS, report_of

    index, least = _metric(profile, metric), least / 100
    wanted = Wanted(view, index, sort or "", reverse, top, pattern, depth or 0, least, group, rules)
    report = report_of(Scope(profile, _parts(profile, labels), not no_cycles, joined), wanted)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # names may hold what the output's encoding cannot express
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.writelines(f"{line}\n" for line in DOCUMENTS[to].lines(report, _style()))


def _maps_of_config() -> tuple[tuple[str, str], ...]:
    from proftui.cli.config_values import configured

    return configured().source_maps


def _demand_fitting(view: View, sort: str | None, reverse: bool, function: str | None, group: Group) -> None:
    """Refuse what a view would pay no heed to."""
    orders = ORDERS.get(view, SORTS)
    if (sort or reverse) and not orders:
        raise click.UsageError(f"The {view} has an order of its own: --sort and --reverse do not apply.")
    if sort and sort not in orders:
        raise click.UsageError(f"--sort {sort} does not apply to the {view}; {', '.join(orders)} do.")
    if function and view in ("tree", "summary", "parts"):
        raise click.UsageError(f"--function does not apply to the {view}.")
    if group != "function" and view != "functions":
        raise click.UsageError(f"Only functions are grouped; --group does not apply to the {view}.")


def _pattern(function: str | None) -> re.Pattern[str] | None:
    try:
        return re.compile(function) if function is not None else None
    except re.error as error:
        raise click.BadParameter(f"{function!r} is no regular expression: {error}", param_hint="--function") from None


def _metric(profile: Profile, name: str | None) -> int:
    index = 0 if name is None else profile.metric(name)
    if index is None:
        names = ", ".join(metric.name for metric in profile.metrics)
        raise click.BadParameter(f"there is no metric {name!r}; there are {names}", param_hint="--metric")
    return index


def _parts(profile: Profile, labels: tuple[str, ...]) -> tuple[int, ...] | None:
    """The indices of the parts that are named by label or number; None for all."""
    if not labels:
        return None
    known = [part.label for part in profile.parts]
    numbers = {str(index + 1): index for index in range(len(known))}
    chosen: list[int] = []
    for label in labels:
        found = [index for index, other in enumerate(known) if other == label] or [numbers.get(label, -1)]
        if found == [-1]:
            there_are = ", ".join(known[:10]) + (", ..." if len(known) > 10 else "")
            raise click.BadParameter(f"there is no part {label!r}; there are {there_are}", param_hint="--part")
        chosen += found
    return tuple(sorted(set(chosen)))


def _style() -> Style:
    from proftui.report.documents import Style

    if not sys.stdout.isatty():
        return Style()
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Style(shutil.get_terminal_size().columns, colour=not plain)
