"""`proftui open` where there is a terminal, and where there is none."""

from __future__ import annotations

import io
import os
import select
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX's")


class Screen(io.StringIO):
    """Standard output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_without_a_screen_it_says_what_to_use_instead(run: Run, prof: Path) -> None:
    assert run("open", prof) == (
        2, "", "proftui: the viewer needs a terminal; 'proftui report FILE' prints the same figures\n"
    )  # fmt: skip


def test_without_a_keyboard(run: Run, prof: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Screen())
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    ran = run("open", prof)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "the viewer reads keys from standard input, which is no terminal" in ran.err


@pytest.mark.parametrize("words", [["-"], ["open", "run.prof"]], ids=" ".join)
def test_in_a_terminal_of_its_own(words: list[str], prof: Path) -> None:
    """The viewer draws the profile, from a pipe too, and leaves at `q` read from the terminal."""
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))

    def own_terminal() -> None:
        fcntl.ioctl(1, termios.TIOCSCTTY, 0)

    program = subprocess.Popen(
        [sys.executable, "-m", "proftui", *words],
        stdin=subprocess.PIPE if "-" in words else theirs, stdout=theirs, stderr=theirs,
        cwd=prof.parent, env={**os.environ, "TERM": "xterm-256color", "XDG_STATE_HOME": str(prof.parent)},
        start_new_session=True, preexec_fn=own_terminal,
    )  # fmt: skip
    os.close(theirs)
    if program.stdin:
        program.stdin.write(prof.read_bytes())
        program.stdin.close()
    seen = _read_until(ours, b"walk")
    os.write(ours, b"q")
    _read_until(ours, b"\x1b[?1049l")
    assert program.wait(20) == 0
    os.close(ours)
    assert b"step" in seen


def _read_until(terminal: int, wanted: bytes) -> bytes:
    """What is drawn until it contains `wanted`; fails after 20 seconds."""
    seen = b""
    deadline = time.monotonic() + 20
    while wanted not in seen:
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, seen
        seen += os.read(terminal, 65536)
    return seen
