"""The options of the commands that take samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from proftui.live.sampling import Options

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--rate", "-r", metavar="HZ", type=click.IntRange(1, 10_000), default=100, show_default=True,
                 help="Samples a second."),
    click.option("--threads/--no-threads", default=True, help="Tell threads apart, or add those of a process up."),
    click.option("--idle", is_flag=True, help="Sample threads that wait as well."),
    click.option("--gil", is_flag=True, help="Sample only threads that hold the global interpreter lock."),
    click.option("--native", "-n", is_flag=True, help="Show frames of C, C++ and Rust extensions."),
    click.option("--subprocesses", "-s", is_flag=True, help="Sample the Python children of the process too."),
    click.option("--nonblocking", is_flag=True, help="Do not halt the process for each sample; some may be wrong."),
    click.option("--sudo", is_flag=True, help="Run py-spy, and nothing else, with root's rights."),
)  # fmt: skip


def sampling_options(command: Command) -> Command:
    """Add the options, whose values `options_of` takes as keywords; and --sudo."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def options_of(
    *, rate: int, idle: bool, gil: bool, native: bool, subprocesses: bool, nonblocking: bool, threads: bool,
    window: float = 1.0, duration: float | None = None,
) -> Options:  # fmt: skip
    """How to sample."""
    from proftui.live.sampling import Options

    if idle and gil:
        raise click.UsageError("--idle and --gil exclude each other: a thread that waits does not hold the lock.")
    return Options(rate, idle, gil, native, subprocesses, not nonblocking, threads, window, duration)


def raised(sudo: bool) -> bool:
    """Whether to use sudo; the password is asked for now, as later the screen is in use."""
    if sudo:
        import subprocess

        if subprocess.run(["sudo", "-v"], check=False).returncode:
            raise click.UsageError("sudo refused; see 'sudo -v'.")
    return sudo
