"""`proftui completion`: the script that completes words in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    r"""Print the script that completes commands, options and files.

    \b
    bash: eval "$(proftui completion bash)"          in ~/.bashrc
    zsh:  eval "$(proftui completion zsh)"           in ~/.zshrc
    fish: proftui completion fish > ~/.config/fish/completions/proftui.fish
    """
    from proftui.cli.group import proftui

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"This version of click completes nothing in {shell}.")
    click.echo(made(proftui, {}, "proftui", "_PROFTUI_COMPLETE").source())
