"""Copying: which way, what is sent, and what is said of it."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from proftui.model import Functions
from proftui.tui.copying import MOST, Program, copy, hand_over, osc52, program, stack_text


def test_the_sequence_for_a_terminal() -> None:
    assert osc52("main", tmux=False) == "\x1b]52;c;bWFpbg==\x07"


def test_tmux_gets_it_for_itself_and_wrapped_for_the_terminal() -> None:
    plain, wrapped = osc52("main", tmux=True).split("\x1bP")
    assert plain == "\x1b]52;c;bWFpbg==\x07"
    assert wrapped == "tmux;\x1b\x1b]52;c;bWFpbg==\x07\x1b\\"


def test_any_text_can_be_sent() -> None:
    sent = osc52("漢字\x1b[31m\ud800", tmux=False)
    assert base64.b64decode(sent[7:-1]).decode() == "漢字\x1b[31m?"


@pytest.mark.parametrize(
    ("environment", "platform", "there", "command"),
    [
        ({}, "darwin", {"pbcopy"}, "pbcopy"),
        ({}, "win32", {"clip.exe"}, "clip.exe"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", {"wl-copy", "xclip"}, "wl-copy"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", {"xsel"}, "xsel"),
        ({"DISPLAY": ":0"}, "linux", {"wl-copy", "xclip", "xsel"}, "xclip"),
        ({"WSL_DISTRO_NAME": "Ubuntu"}, "linux", {"clip.exe"}, "clip.exe"),
        ({"DISPLAY": ":0"}, "linux", set(), None),
        ({}, "linux", {"wl-copy", "xclip", "clip.exe"}, None),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "1 2 3 4"}, "linux", {"xclip"}, None),
        ({"SSH_TTY": "/dev/pts/1"}, "darwin", {"pbcopy"}, None),
    ],
)
def test_the_program_that_reaches_the_clipboard(
    environment: dict[str, str], platform: str, there: set[str], command: str | None
) -> None:
    found = program(environment, platform, lambda name: name if name in there else None)
    assert (found.command[0] if found else None) == command


@pytest.mark.skipif(os.name != "posix", reason="the programs are shell scripts here")
class TestPrograms:
    @pytest.fixture
    def taken(self, tmp_path: Path) -> Path:
        return tmp_path / "taken"

    def script(self, folder: Path, body: str) -> Program:
        path = folder / "clip"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return Program((str(path),))

    def test_it_gets_the_text(self, tmp_path: Path, taken: Path) -> None:
        assert hand_over("漢字", self.script(tmp_path, f"cat > {taken}"))
        assert taken.read_text("utf-8") == "漢字"

    def test_windows_own_program_gets_utf_16(self, tmp_path: Path, taken: Path) -> None:
        one = self.script(tmp_path, f"cat > {taken}")
        assert hand_over("µ", Program(one.command, "utf-16"))
        assert taken.read_bytes().decode("utf-16") == "µ"

    def test_one_that_stays_behind_is_not_waited_for(self, tmp_path: Path) -> None:
        """As xclip does: a child keeps the outputs open after the program itself has ended."""
        assert hand_over("x", self.script(tmp_path, "cat > /dev/null; sleep 60 &"))

    def test_one_that_fails_took_nothing(self, tmp_path: Path) -> None:
        assert not hand_over("x", self.script(tmp_path, "exit 1"))

    def test_one_that_is_gone_took_nothing(self, tmp_path: Path) -> None:
        assert not hand_over("x", Program((str(tmp_path / "none"),)))

    def test_one_that_hangs_is_given_up(self) -> None:
        def hang(*_: object, timeout: float, **__: object) -> subprocess.CompletedProcess[bytes]:
            raise subprocess.TimeoutExpired("clip", timeout)

        assert not hand_over("x", Program(("clip",)), hang)


def ends(code: int) -> object:
    return lambda *_, **__: subprocess.CompletedProcess([], code)


def test_what_is_said_claims_no_more_than_is_known() -> None:
    via = Program(("wl-copy",))
    assert copy("main", via, ends(0)) == "copied with wl-copy: main"  # type: ignore[arg-type]
    assert copy("main", via, ends(1)) == "sent to the terminal to copy, if it does: main"  # type: ignore[arg-type]
    assert copy("main", None) == "sent to the terminal to copy, if it does: main"
    assert copy("a\nb\n\x1b[31m", None) == "sent to the terminal to copy, if it does: a and 2 more lines"
    assert copy("\x1bred", None) == "sent to the terminal to copy, if it does: ␛red"
    assert copy("x" * 37, None).endswith("x" * 35 + "…")
    assert copy("a\nb", None).endswith("a and 1 more line")
    assert copy("12.0%\t\t3 ms\twalk", None).endswith(": 12.0%  3 ms  walk")


def test_what_is_too_long_goes_to_a_file(tmp_path: Path) -> None:
    text = "µ" * (MOST // 2 + 1)
    said = copy(text, Program(("wl-copy",)), ends(0), str(tmp_path))  # type: ignore[arg-type]
    (path,) = tmp_path.iterdir()
    assert said == f"too long to copy (65,538 bytes): wrote {path}"
    assert path.read_text("utf-8") == text
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    said = copy("x" * (MOST + 1), None, folder=str(tmp_path / "none"))
    assert said == "too long to copy, and cannot be written: no such file or directory"


def test_a_stack_is_a_line_for_each_function() -> None:
    functions = Functions.of([("main", "/srv/a.py", 3, ""), ("len", "~", 0, ""), ("f", "", -1, "libc.so")])
    assert stack_text(functions, [0, 1, 2]) == "main (/srv/a.py:3)\nlen\nf (libc.so)"
