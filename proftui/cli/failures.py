"""What the program has to say, on stderr: what it did, or in one sentence why it failed, with the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from proftui.errors import ProftuiError


@contextmanager
def told() -> Iterator[None]:
    """Leave the process with a sentence and an exit code where a command fails in a way that is not a bug."""
    try:
        try:
            yield
        finally:
            # what cannot be written must fail here, not while Python exits
            sys.stdout.flush()
    except click.UsageError as error:
        message = error.format_message()
        end = "" if message.endswith((".", "?")) else "."
        hint = f"{end} See '{error.ctx.command_path} --help'." if error.ctx else ""
        _leave(message + hint, error.exit_code)
    except ProftuiError as error:
        _leave(_without_dash(str(error)), error.exit_code)
    except BrokenPipeError:
        # the reader has seen enough
        _discard_output()
        sys.exit(0)
    except OSError as error:
        _discard_output()
        _leave(f"{error.filename or 'the output'}: {(error.strerror or str(error)).lower()}", 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except MemoryError:
        _leave("there is not enough memory for this profile", 1)
    except RecursionError:
        _leave("the input is nested too deeply", 1)


def _without_dash(sentence: str) -> str:
    """The sentence with a name for the file "-"."""
    return f"standard input{sentence[1:]}" if sentence.startswith("-: ") else sentence


def _discard_output() -> None:
    """Let what Python would still write at exit, and fail to, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _leave(sentence: str, code: int) -> None:
    say(sentence)
    sys.exit(code)


def say(sentence: str) -> None:
    """Tell the user, whatever names the sentence holds."""
    from proftui.report.text import safe

    print(f"proftui: {safe(sentence)}", file=sys.stderr)
