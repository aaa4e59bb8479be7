"""The program in a real pseudo-terminal: what it leaves behind, and what it says when it cannot start."""

from __future__ import annotations

import cProfile
import os
import re
import select
import signal
import subprocess
import sys
import time
from base64 import b64decode
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="needs pseudo-terminals")

LEFT = b"\x1b[?1049l"
"""What leaves the alternate screen."""


class Terminal:
    """A program in a pseudo-terminal of 80 x 24."""

    def __init__(self, command: list[str], folder: Path, **variables: str) -> None:
        self.output = b""
        environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "LC_ALL", "TMUX")}
        environment |= {
            "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "LANG": "C.UTF-8",
            "XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config"), **variables,
        }  # fmt: skip
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=folder, start_new_session=True
        )
        os.close(theirs)

    def read_until(self, wanted: bytes, seconds: float = 30.0) -> None:
        """Read until the program has written `wanted`, or has ended."""
        end = time.monotonic() + seconds
        while wanted not in self.output:
            assert time.monotonic() < end, self.output[-2000:]
            if not self._read():
                return

    def end(self, seconds: float = 30.0) -> int:
        """Read until the program ends. Its exit code."""
        end = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < end, self.output[-2000:]
        return self.process.wait(seconds)

    def press(self, key: bytes) -> None:
        os.write(self._ours, key)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)

    def _read(self) -> bool:
        if not select.select([self._ours], [], [], 0.1)[0]:
            return self.process.poll() is None
        try:
            data = os.read(self._ours, 1 << 16)
        except OSError:  # Linux says so when the last one who had the other end is gone
            return False
        self.output += data
        return bool(data)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    run = cProfile.Profile()
    run.runcall(sorted, range(100), key=str)
    run.dump_stats(str(tmp_path / "work.prof"))
    return tmp_path / "work.prof"


def viewer(path: Path, **variables: str) -> Terminal:
    return Terminal([sys.executable, "-m", "proftui", "open", str(path)], path.parent, **variables)


@pytest.mark.parametrize(("key", "code"), [(b"q", 0), (b"\x03", 0)])
def test_leaving_restores_the_terminal(profile: Path, key: bytes, code: int) -> None:
    terminal = viewer(profile)
    try:
        terminal.read_until(b"Function")
        terminal.press(key)
        assert terminal.end() == code
        assert LEFT in terminal.output
        assert b"Traceback" not in terminal.output
    finally:
        terminal.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_end_restores_the_terminal(profile: Path, number: signal.Signals) -> None:
    terminal = viewer(profile)
    try:
        terminal.read_until(b"Function")
        terminal.process.send_signal(number)
        assert terminal.end() == 128 + number
        assert LEFT in terminal.output
    finally:
        terminal.close()


def test_a_file_that_cannot_be_read_ends_with_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "bad.prof"
    path.write_text("this is no profile")
    terminal = viewer(path)
    try:
        assert terminal.end() == 1
        lines = [line for line in terminal.output.replace(b"\r", b"").split(b"\n") if b"bad.prof" in line]
        assert len(lines) == 1
        assert b"no known profile format" in lines[0]
        assert b"Traceback" not in terminal.output
    finally:
        terminal.close()


SLOW = """
import sys, time
import proftui.formats
from proftui.tui import run
proftui.formats.load_all = lambda paths, single, progress: time.sleep(600)
sys.exit(run(["slow.prof"]))
"""


def test_q_leaves_a_read_that_never_ends(tmp_path: Path) -> None:
    terminal = Terminal([sys.executable, "-c", SLOW], tmp_path)
    try:
        terminal.read_until(b"slow.prof")
        pressed = time.monotonic()
        terminal.press(b"q")
        assert terminal.end() == 0
        assert time.monotonic() - pressed < 10, "the reader sleeps for a minute"
    finally:
        terminal.close()


def test_no_color_sends_no_colour(profile: Path) -> None:
    terminal = viewer(profile, NO_COLOR="1")
    try:
        terminal.read_until(b"Function")
        terminal.press(b"q")
        terminal.end()
        assert b"38;2;" not in terminal.output
        assert b"48;2;" not in terminal.output
        assert re.search(rb"\x1b\[[\d;]*\b3[0-7]m", terminal.output) is None
    finally:
        terminal.close()


@pytest.mark.parametrize("tmux", [False, True], ids=["terminal", "tmux"])
def test_copying_sends_the_name_to_the_terminal(profile: Path, tmux: bool) -> None:
    within = {"TMUX": "/run/tmux/default,1,0"} if tmux else {}
    terminal = viewer(profile, SSH_TTY="/dev/pts/0", **within)
    try:
        terminal.read_until(b"Function")
        terminal.press(b"2")
        terminal.read_until(b"[2 Functions]")
        terminal.press(b"y")
        terminal.read_until(b"sent to the terminal to copy")
        (copied,) = set(re.findall(rb"\x1b\]52;c;([^\x07]*)\x07", terminal.output))
        assert b64decode(copied).startswith((b"<built-in method builtins.sorted>", b"<method 'disable'"))
        assert terminal.output.count(b"\x1b]52;c;" + copied + b"\x07") == 1 + tmux
        assert terminal.output.count(b"\x1bPtmux;\x1b\x1b]52;c;" + copied + b"\x07\x1b\\") == tmux
        terminal.press(b"q")
        assert terminal.end() == 0
    finally:
        terminal.close()


def test_with_watch_a_new_run_shows_up(profile: Path) -> None:
    terminal = Terminal([sys.executable, "-m", "proftui", "open", "--watch", str(profile)], profile.parent)
    try:
        terminal.read_until(b"Function")
        terminal.press(b"2")
        terminal.read_until(b"sorted")
        run = cProfile.Profile()
        run.runcall(max, range(5), key=abs)
        run.dump_stats(str(profile))
        terminal.read_until(b"builtins.max")
        terminal.read_until(b"read again")
        terminal.press(b"q")
        assert terminal.end() == 0
    finally:
        terminal.close()


def test_the_config_is_obeyed_and_what_it_gets_wrong_is_said(profile: Path) -> None:
    config = profile.parent / "own.toml"
    config.write_text('theme = "drak"\nview = "tree"\n[keys]\n"app.quit" = "Q"\n')
    terminal = viewer(profile, PROFTUI_CONFIG=str(config))
    try:
        terminal.read_until(b"[4 Tree]")
        assert b"own.toml:1: theme takes one of auto, dark" in terminal.output
        terminal.press(b"q")
        terminal.press(b"2")
        terminal.read_until(b"[2 Functions]")
        terminal.press(b"Q")
        assert terminal.end() == 0
    finally:
        terminal.close()
