"""The options that filter a profile, for the commands that show or write one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from proftui.cli.failures import say

if TYPE_CHECKING:
    from proftui.analysis.filters import Filter
    from proftui.model import Profile

Command = TypeVar("Command", bound=Callable[..., Any])


def filter_options(command: Command) -> Command:
    """Add --filter and --my-code, which give `expressions` and `mine`."""
    command = click.option(
        "--my-code",
        "mine",
        is_flag=True,
        help="Hide libraries; their cost goes to those of your functions that call them.",
    )(command)
    return click.option(
        "--filter", "-F", "expressions", metavar="EXPR", multiple=True,
        help="focus:, ignore:, hide:, show: or show-from: and a regex; several apply in their order.",
    )(command)  # fmt: skip


def filters_of(expressions: tuple[str, ...], mine: bool) -> tuple[Filter, ...]:
    """The filters that the options ask for; only my code comes last."""
    from proftui.analysis.filters import ONLY_MY_CODE, FilterError, parse

    try:
        filters = tuple(parse(expression) for expression in expressions)
    except FilterError as error:
        raise click.BadParameter(str(error), param_hint="--filter") from None
    return (*filters, ONLY_MY_CODE) if mine else filters


def through(profile: Profile, filters: tuple[Filter, ...], *, aloud: bool = True) -> Profile:
    """The profile as the filters leave it. Its notes say what they dropped, and standard error if it is said aloud."""
    if not filters:
        return profile
    from proftui.analysis.filters import ONLY_MY_CODE, MyCode, filtered
    from proftui.cli.config_values import configured

    made = filtered(profile, filters, configured().my_code if ONLY_MY_CODE in filters else MyCode())
    for note in made.notes if aloud else ():
        say(note)
    return made.noted
