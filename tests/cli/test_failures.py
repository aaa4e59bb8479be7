"""What goes wrong ends in one sentence and an exit code, and never in a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from proftui.cli.group import proftui
from proftui.errors import SourceLost

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Spawn

COMMANDS = (["report"], ["check"], ["export", "-o", "out.kgrind"])


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such file"),
        (b"", "is empty"),
        (b"hello\n", "no known profile format"),
        (b"{\xda\x04spam", ""),
        (b"\x1f\x8b\x08\x00", "compressed data"),
    ],
)
def test_unreadable_files(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], content: bytes | None, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "x.prof"
    if content is not None:
        path.write_bytes(content)
    ran = run(*command, path)
    assert ran.code == 1
    told = ran.out + ran.err
    assert str(path) in told
    assert said in told
    assert "Traceback" not in told


def test_standard_input_is_called_by_its_name(spawn: Spawn) -> None:
    done = spawn("report", "-", input=b"")
    assert done.returncode == 1
    assert done.stderr == b"proftui: standard input: is empty\n"


def test_a_directory(run: Run, tmp_path: Path) -> None:
    ran = run("report", tmp_path)
    assert (ran.code, ran.err) == (1, f"proftui: {tmp_path}: holds no file\n")


def test_names_of_files_cannot_steer_the_terminal(run: Run) -> None:
    ran = run("report", "\x1b[31mred\u202e\udcff")
    assert "␛[31mred\ufffd\ufffd: no such file" in ran.err
    assert "\x1b" not in ran.err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SourceLost("out.prof: is gone"), 3, "proftui: out.prof: is gone\n"),
        (MemoryError(), 1, "proftui: there is not enough memory for this profile\n"),
        (RecursionError(), 1, "proftui: the input is nested too deeply\n"),
        (KeyboardInterrupt(), 130, ""),
        (click.UsageError("Not so."), 2, "proftui: Not so. See 'proftui formats --help'.\n"),
    ],
)
def test_exit_codes(run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str) -> None:
    def fail(**_: Any) -> None:
        raise error

    command = proftui.get_command(click.Context(proftui), "formats")
    monkeypatch.setattr(command, "callback", fail)
    ran = run("formats")
    assert (ran.code, ran.err) == (code, said)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_an_interrupt_is_quiet(tmp_path: Path) -> None:
    """Sent while the program waits for standard input."""
    program = subprocess.Popen(
        [sys.executable, "-m", "proftui", "report", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # a shell's background jobs ignore interrupts, and so would what they start
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    waiting = Path(f"/proc/{program.pid}/wchan")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and "pipe" not in (waiting.read_text() if waiting.exists() else "pipe"):
        os.sched_yield()
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=20)
    assert (program.returncode, out, err) == (130, b"", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("words", ["report {}", "export {} -o - --to pstats", "check {}"])
def test_a_full_disk(spawn: Spawn, words: str, prof: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = spawn(*words.format(prof).split(), stdout=full)
    assert (done.returncode, done.stderr) == (1, b"proftui: the output: no space left on device\n")


@pytest.mark.skipif(os.name != "posix", reason="the shell is POSIX's")
def test_closed_outputs(prof: Path) -> None:
    program = f"{sys.executable} -m proftui report {prof}"
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        done = subprocess.run(["sh", "-c", f"{program} {closed}"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
