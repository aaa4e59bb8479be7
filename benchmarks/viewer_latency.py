"""How soon the viewer shows a profile and answers keys, in a real pseudo-terminal of 120 x 40 cells.

python benchmarks/viewer_latency.py [--rounds N] [--small FILE.prof] [--large FILE.prof]

First paint of a .prof of 1 MB beside that of an empty Textual app; then a cursor key with 200 and with 200,000
functions, a new order and each typed letter of a search with 200,000. A key's answer ends with the last byte that
comes within a quarter of a second.
"""

from __future__ import annotations

import argparse
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

import pyte
from made_profiles import dump

COLUMNS, LINES = 120, 40
QUIET = 0.25

EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("Self%")
Empty().run()
"""


class Terminal:
    """A program in a pseudo-terminal, and the screen that it draws."""

    def __init__(self, command: Sequence[str]) -> None:
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._ours, theirs = pty.openpty()
        ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def first_paint(self, wanted: str, patience: float = 60.0) -> float:
        """Seconds from the start until the screen holds `wanted`."""
        while time.perf_counter() - self.started < patience:
            moment = self._read(0.05)
            if moment is not None and any(wanted in line for line in self._screen.display):
                return moment - self.started
        raise SystemExit(f"{wanted!r} did not show within {patience:.0f} s:\n" + "\n".join(self._screen.display))

    def settle(self) -> None:
        """Read until nothing has come for a while."""
        while self._read(2 * QUIET) is not None:
            continue

    def answer(self, key: str, quiet: float = QUIET) -> float:
        """Milliseconds from a key press to the last byte of the answer, within `quiet` seconds of the one before."""
        pressed = last = time.perf_counter()
        os.write(self._ours, key.encode())
        while (left := pressed + quiet - time.perf_counter()) > 0 or time.perf_counter() - last < quiet / 2:
            moment = self._read(max(left, quiet / 2))
            last = last if moment is None else moment
        return (last - pressed) * 1e3

    def _read(self, seconds: float) -> float | None:
        """Feed what comes within `seconds` to the screen; when it came, or None."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return None
        data = os.read(self._ours, 1 << 16)
        moment = time.perf_counter()
        self._stream.feed(data)
        return moment


def viewer(path: Path) -> list[str]:
    """The command that opens a profile."""
    return [sys.executable, "-m", "proftui", "open", str(path)]


def first_paints(small: Path, rounds: int) -> None:
    """The viewer beside an empty app, in turns."""
    commands = {"empty app": [sys.executable, "-c", EMPTY], f"{small.stat().st_size / 1e6:.1f} MB .prof": viewer(small)}
    paints: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            with Terminal(command) as terminal:
                paints[name].append(terminal.first_paint("Self%"))
    for name, seconds in paints.items():
        told(f"first paint, {name}", [second * 1e3 for second in seconds])


def keys(name: str, path: Path, presses: Sequence[str], before: Sequence[str] = ()) -> None:
    """The answers to some key presses."""
    with Terminal(viewer(path)) as terminal:
        terminal.first_paint("Self%")
        terminal.settle()
        for key in before:
            terminal.answer(key)
        told(name, [terminal.answer(key) for key in presses])


def told(name: str, milliseconds: Sequence[float]) -> None:
    """Print one line."""
    median, most = statistics.median(milliseconds), max(milliseconds)
    print(f"{name:<46} median {median:7.1f} ms   max {most:7.1f} ms   of {len(milliseconds)}")


def main(rounds: int, small: Path, few: Path, large: Path) -> None:
    """Measure and print."""
    first_paints(small, rounds)
    for turn in range(2):
        keys(f"cursor key, 200 functions ({turn + 1})", few, "jjjjjjjjjjkkkkkjjjjj")
        keys(f"cursor key, 200,000 functions ({turn + 1})", large, "jjjjjjjjjjkkkkkjjjjj")
    keys("paging, 200,000 functions", large, ["\x1b[6~"] * 10 + ["\x1b[5~"] * 5 + ["G", "g"])
    keys("new order, 200,000 functions, each column", large, "ssssssss")
    keys("new order, 200,000 functions, again", large, "rsrsrsrsrsrs")
    keys("search, 200,000 functions, each letter", large, "render_page_1", before="/")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--small", type=Path)
    parser.add_argument("--large", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = {name: Path(folder) / f"{name}.prof" for name in ("small", "few", "large")}
        for name, functions in (("small", 5_500), ("few", 200), ("large", 200_000)):
            if not getattr(asked, name, None):
                dump(made[name], functions, functions * 5 // 2, seed=functions)
        main(asked.rounds, asked.small or made["small"], made["few"], asked.large or made["large"])
