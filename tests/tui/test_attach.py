"""Processes watched in a real terminal, by the real sampler."""

from __future__ import annotations

import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pyte
import pytest

from proftui.live.doctor import diagnose
from proftui.live.processes import find
from tests.live.targets import Target, known_shares
from tests.tui.test_terminal import LEFT, Terminal

SECONDS = 60.0


class Screen(Terminal):
    """A program in a pseudo-terminal, and what a person sees there."""

    def __init__(self, command: list[str], folder: Path) -> None:
        super().__init__([sys.executable, "-m", "proftui", *command], folder)
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self._fed = 0

    @property
    def lines(self) -> list[str]:
        """The screen now."""
        self._stream.feed(self.output[self._fed :])
        self._fed = len(self.output)
        return [line.rstrip() for line in self._screen.display]

    def until(self, holds: Callable[[list[str]], object]) -> list[str]:
        """The first screen of which something is true."""
        end = time.monotonic() + SECONDS
        while not holds(lines := self.lines):
            assert time.monotonic() < end, "\n".join(lines)
            self._read()
        return lines

    def until_shown(self, text: str) -> list[str]:
        """The first screen with a text."""
        return self.until(lambda lines: any(text in line for line in lines))

    def helpers(self) -> list[psutil.Process]:
        """All processes that it has started."""
        return psutil.Process(self.process.pid).children(recursive=True)


@contextmanager
def screen(folder: Path, *command: str) -> Iterator[Screen]:
    terminal = Screen(list(command), folder)
    try:
        yield terminal
    finally:
        terminal.close()


@pytest.fixture
def target() -> Iterator[Target]:
    with known_shares() as process:
        diagnosis = diagnose(process.pid)
        if not diagnosis.ok:
            pytest.skip(f"processes cannot be sampled here: {diagnosis.cause}")
        yield process


def share(lines: list[str], name: str) -> float | None:
    """The first percentage of a function's row."""
    row = next((line for line in lines if re.search(rf" {name}( |$)", line) and "%" in line), "")
    found = re.search(r"([\d.]+)%", row)
    return float(found[1]) if found else None


def gone(processes: list[psutil.Process]) -> bool:
    """Whether they all end, within some seconds."""
    return not psutil.wait_procs(processes, timeout=10)[1]


def test_shares_are_those_of_the_program_and_it_goes_on_unharmed(target: Target, tmp_path: Path) -> None:
    with screen(tmp_path, "attach", str(target.pid)) as terminal:
        lines = terminal.until(lambda lines: "±" in "".join(line for line in lines if " heavy" in line))
        heavy, light = share(lines, "heavy"), share(lines, "light")
        assert heavy is not None
        assert light is not None
        assert heavy / (heavy + light) == pytest.approx(0.7, abs=0.1)
        assert (share(lines, "descend") or 0.0) <= 100.0
        terminal.press(b"4")
        terminal.until_shown("[4 Tree]")
        terminal.press(b"d")
        terminal.until_shown("holds the GIL")
        terminal.press(b"\x1b")
        terminal.until_shown("[4 Tree]")
        helpers = terminal.helpers()
        terminal.press(b"q")
        assert terminal.end() == 0
        assert LEFT in terminal.output
    assert gone(helpers)
    assert target.process.poll() is None


def test_a_process_that_is_killed_leaves_what_was_seen(target: Target, tmp_path: Path) -> None:
    with screen(tmp_path, "attach", str(target.pid), "--output", "out.folded") as terminal:
        terminal.until_shown(" heavy")
        target.process.kill()
        lines = terminal.until_shown("ended:")
        assert any(" heavy" in line for line in lines)
        terminal.press(b"q")
        assert terminal.end() == 0
    assert b"Traceback" not in terminal.output
    assert ";heavy (" in (tmp_path / "out.folded").read_text("utf-8")


def test_a_process_that_stands_still_is_said_to(target: Target, tmp_path: Path) -> None:
    with screen(tmp_path, "attach", str(target.pid)) as terminal:
        terminal.until_shown(" heavy")
        target.process.send_signal(signal.SIGSTOP)
        terminal.until_shown("stopped")
        target.process.send_signal(signal.SIGCONT)
        terminal.until(lambda lines: "stopped" not in lines[2])
        terminal.press(b"q")
        assert terminal.end() == 0
    assert target.process.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_sampler_outlives_us(target: Target, tmp_path: Path, number: signal.Signals) -> None:
    with screen(tmp_path, "attach", str(target.pid)) as terminal:
        terminal.until_shown(" heavy")
        helpers = terminal.helpers()
        terminal.process.send_signal(number)
        code = terminal.end()
        assert code == (-number if number is signal.SIGKILL else 128 + number)
    assert gone(helpers)
    assert target.process.poll() is None


def test_a_process_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with screen(tmp_path, "attach", "999999999") as terminal:
        assert terminal.end() == 3
        assert b"there is no process 999999999" in terminal.output
        assert LEFT not in terminal.output


def test_a_process_is_chosen_from_the_list(target: Target, tmp_path: Path) -> None:
    with screen(tmp_path, "attach") as terminal:
        terminal.until_shown(str(target.pid))
        terminal.press(b"/")
        terminal.until_shown("part of a name")
        for letter in f"{target.pid}":
            terminal.press(letter.encode())
        terminal.until(lambda lines: sum("known_shares" in line for line in lines) <= 2)
        terminal.press(b"\r")
        terminal.until_shown("Enter Attach")
        terminal.press(b"\r")
        terminal.until_shown(" heavy")
        terminal.press(b"q")
        assert terminal.end() == 0


def test_a_program_is_run_with_its_exit_code_and_what_it_prints(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, time\nprint('hello from the program')\nend = time.monotonic() + 3\n"
        "while time.monotonic() < end: sum(range(1000))\nsys.exit(7)\n"
    )
    with screen(tmp_path, "run", "--python", sys.executable, str(script)) as terminal:
        terminal.until_shown("<module>")
        terminal.press(b"O")
        terminal.until_shown("hello from the program")
        terminal.press(b"\x1b")
        terminal.until_shown("ended with code 7")
        terminal.press(b"q")
        assert terminal.end() == 7


def test_leaving_a_program_that_runs_is_asked_and_ends_it(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("while True: sum(range(1000))\n")
    with screen(tmp_path, "run", "--python", sys.executable, str(script)) as terminal:
        terminal.until_shown("<module>")
        helpers = terminal.helpers()
        terminal.press(b"q")
        terminal.until_shown("End it and leave?")
        terminal.press(b"n")
        terminal.until(lambda lines: not any("End it" in line for line in lines))
        terminal.press(b"q")
        terminal.until_shown("End it and leave?")
        terminal.press(b"y")
        assert terminal.end() == 130
    assert gone(helpers)


def test_a_process_is_found_by_what_it_runs(target: Target) -> None:
    assert target.pid in [process.pid for process in find("known_shares.py")]
