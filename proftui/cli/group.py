"""The commands, each imported when it is asked for; a first word that is none of them is a file to open."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from proftui import __version__
from proftui.cli.failures import told

_COMMANDS = {
    "open": "Browse profiles in the terminal (what a FILE without a command does).",
    "attach": "Watch a Python process while it runs.",
    "run": "Start a program and watch it, or profile it with cProfile.",
    "record": "Sample a process into a file, without a screen.",
    "report": "Print the figures of profiles as text, JSON, Markdown or CSV.",
    "export": "Write profiles in another format, such as callgrind for KCachegrind.",
    "check": "Read profiles and say whether their figures are sound.",
    "formats": "List the formats that can be read and written.",
    "config": "Print what is configured, and where each value comes from.",
    "demo": "Profile a small program on the spot and open it.",
    "completion": "Print the script that completes proftui's words in a shell.",
}
"""Each command's line in --help; the command itself is the function `command` in the module of its name."""

_OPTIONS = ("--help", "-h", "--version")


class Commands(click.Group):
    """Commands that are imported on demand, so that `--help` and `--version` answer at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # click's signature
        """The commands in the order of --help."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # as above
        """The command of that name, imported."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"proftui.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # as above
        """The list in --help, without importing the commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `open` before words that begin with no command."""
        completing = ctx.resilient_parsing and not args
        if not completing and (not args or args[0] not in (*_COMMANDS, *_OPTIONS)):
            args = ["open", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:  # as above
        """Files, which the shell completes itself, and the commands."""
        names = [name for name in _COMMANDS if name.startswith(incomplete)]
        return [CompletionItem(incomplete, type="file")] + [CompletionItem(n, help=_COMMANDS[n]) for n in names]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; its failures become sentences and exit codes."""
        with told():
            return super().invoke(ctx)


@click.command(
    cls=Commands,
    options_metavar="",
    subcommand_metavar="[FILE]... | COMMAND ...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def proftui() -> None:
    """The terminal's profile viewer: opens, watches, reports and exports profiles of Python, and callgrind files.

    `proftui FILE...` opens files, `proftui` alone a start screen. `./report` is a file, `report` a command.
    """
