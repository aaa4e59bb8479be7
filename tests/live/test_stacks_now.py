"""Stacks of threads at one moment: from a py-spy that says what it is told to, and from the real one."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from proftui.live import stacks_now as subject
from proftui.live.sampling import Refused
from proftui.live.stacks_now import StackFrame, ThreadStack, Variable, stacks_now, text_of
from tests.live.targets import pythons

WAITING = Path(__file__).parents[1] / "programs" / "waiting.py"

if sys.platform == "win32":
    pytest.skip("processes cannot be looked at there", allow_module_level=True)

# ---------------------------------------------------------------------- a py-spy that says what it is told to

VALUE = {"name": "self", "addr": 7, "arg": True, "repr": "<Thread at 0x7>"}
FRAME = {
    "name": "wait", "filename": "/usr/lib/threading.py", "module": None, "short_filename": "threading.py", "line": 355,
    "locals": [VALUE, {"name": "timeout", "addr": 8, "arg": False, "repr": None}], "is_entry": False,
    "is_shim_entry": True,
}  # fmt: skip
NATIVE = {**FRAME, "name": "epoll_wait", "filename": "libc.so.6", "module": "libc.so.6", "line": 0, "locals": None}
NEWER: dict[str, object] = {
    "pid": 40, "thread_id": 0xABC0, "thread_name": None, "os_thread_id": None, "active": True, "owns_gil": True,
    "frames": [], "process_info": None,
}  # fmt: skip
OLDER = {
    **NEWER, "thread_name": "Main\x1b[1m", "os_thread_id": 40, "active": False, "owns_gil": False,
    "frames": [NATIVE, FRAME],
}  # fmt: skip


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Puts a py-spy in place that writes this and ends so; gives the file in which it notes its arguments."""

    def begin(told: str, complaint: str = "", code: int = 0, also: str = "") -> Path:
        (tmp_path / "told").write_text(told)
        (tmp_path / "complaint").write_text(complaint)
        script = tmp_path / "py-spy"
        script.write_text(
            f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n{also}\n'
            f"cat {tmp_path}/told; cat {tmp_path}/complaint >&2; exit {code}\n"
        )
        script.chmod(0o755)
        monkeypatch.setattr(subject, "binary", lambda: str(script))
        return tmp_path / "asked"

    return begin


def test_threads_come_oldest_first_with_all_that_is_known(pretend: Callable[..., Path]) -> None:
    asked = pretend(json.dumps([NEWER, OLDER]))
    older, newer = stacks_now(os.getpid())
    assert newer == ThreadStack(40, 0xABC0, None, None, active=True, gil=True)
    assert older == ThreadStack(
        40, 0xABC0, "Main\x1b[1m", 40,
        frames=(
            StackFrame("epoll_wait", "libc.so.6", 0, None),
            StackFrame("wait", "/usr/lib/threading.py", 355,
                       (Variable("self", "<Thread at 0x7>", True), Variable("timeout", None, False))),
        ),
    )  # fmt: skip
    assert (newer.state, older.state) == ("active, holds the GIL", "idle")
    assert [frame.place for frame in older.frames] == ["libc.so.6", "/usr/lib/threading.py:355"]
    assert asked.read_text() == f"dump --json -llll --pid {os.getpid()}\n"


def test_only_what_is_wanted_is_asked_for(pretend: Callable[..., Path]) -> None:
    asked = pretend("[]")
    assert stacks_now(os.getpid(), locals=False, native=True) == ()
    assert asked.read_text() == f"dump --json --pid {os.getpid()} --native\n"


@pytest.mark.parametrize("told", ["", "[", "{}", '[{"pid": 1}]', '[{"pid": "x", "thread_id": 1}]'])
def test_what_is_not_understood_is_refused(pretend: Callable[..., Path], told: str) -> None:
    pretend(told)
    with pytest.raises(Refused, match="not known here"):
        stacks_now(os.getpid())


def test_a_failure_is_one_sentence(pretend: Callable[..., Path]) -> None:
    pretend("", "Error: Failed to open process\nStack backtrace:\n 0: x\n", 1)
    with pytest.raises(Refused) as caught:
        stacks_now(os.getpid())
    assert "\n" not in str(caught.value)


def test_one_that_does_not_end_is_ended(pretend: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = pretend("", also="exec sleep 60")
    monkeypatch.setattr(subject, "PATIENCE", 0.2)
    with pytest.raises(Refused, match="not told the stacks"):
        stacks_now(os.getpid())
    assert asked.exists()
    assert not [one for one in psutil.Process().children() if one.name() == "sleep"]


def test_root_s_is_ended_at_a_word(
    pretend: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sudo = tmp_path / "bin" / "sudo"
    sudo.parent.mkdir()
    sudo.write_text('#!/bin/sh\n[ "$1 $2" = "-n --" ] || exit 9\nshift 2\nexec "$@"\n')
    sudo.chmod(0o755)
    monkeypatch.setenv("PATH", f"{sudo.parent}:{os.environ['PATH']}")
    pretend(json.dumps([NEWER]))
    assert len(stacks_now(os.getpid(), sudo=True)) == 1
    pretend("", also="exec sleep 60")
    monkeypatch.setattr(subject, "PATIENCE", 0.2)
    with pytest.raises(Refused, match="not told the stacks"):
        stacks_now(os.getpid(), sudo=True)


def test_one_that_cannot_be_started_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "binary", lambda: "/no/such/py-spy")
    with pytest.raises(Refused, match="cannot be started: No such file"):
        stacks_now(os.getpid())


def test_one_under_way_is_ended_with_us(pretend: Callable[..., Path], tmp_path: Path) -> None:
    pretend("", also=f"echo $$ > {tmp_path}/pid; exec sleep 60")
    text = f"""
        import pathlib, threading
        from proftui.live import stacks_now as subject
        subject.binary = lambda: "{tmp_path}/py-spy"
        threading.Thread(target=subject.stacks_now, args=(1,), daemon=True).start()
        while not (pid := pathlib.Path("{tmp_path}/pid")).exists() or not pid.read_text().strip():
            pass
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(text)], check=True, timeout=60)
    pid = int((tmp_path / "pid").read_text())
    end = time.monotonic() + 30
    with contextlib.suppress(psutil.NoSuchProcess):
        while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < end


def test_the_text_is_as_py_spy_s() -> None:
    frames = (
        StackFrame("wait", "a.py", 3, (Variable("self", "<X>", True), Variable("n", "1"), Variable("gone"))),
        StackFrame("main"),
    )
    stacks = (
        ThreadStack(7, 1, "MainThread", 7, active=True, gil=True, frames=frames),
        ThreadStack(7, 0xFF, active=True),
        ThreadStack(8, 2, "other", 8),
    )
    assert text_of(stacks).splitlines() == [
        "Process 7",
        'Thread 7 (active, holds the GIL): "MainThread"',
        "    wait (a.py:3)",
        "        Arguments:",
        "            self: <X>",
        "        Locals:",
        "            n: 1",
        "            gone: ",
        "    main",
        "Thread 0xff (active)",
        "",
        "Process 8",
        'Thread 8 (idle): "other"',
    ]


# ---------------------------------------------------------------------- the real one


class Target:
    """The program in tests/programs/waiting.py, run by an interpreter."""

    def __init__(self, python: str) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([python, str(WAITING)], stdin=pipe, stdout=pipe, text=True)
        assert self.process.stdout is not None
        self.pid = int(self.process.stdout.readline().split()[1])

    def close(self) -> None:
        with self.process as process:
            process.kill()


def settled(pid: int) -> bool:
    """Two of its threads wait and one runs, which takes a moment after py-spy has halted them; Linux alone tells."""
    stats = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/stat")]
    return not stats or sorted(stat.rpartition(")")[2].split()[0] for stat in stats) == ["R", "S", "S"]


@pytest.fixture
def target() -> Iterator[Callable[..., Target]]:
    """Starts it, and ends it after the test; skips where it cannot be looked at."""
    started: list[Target] = []

    def begin(python: str = sys.executable) -> Target:
        started.append(Target(python))
        try:
            stacks_now(started[-1].pid)
        except Refused as refused:
            pytest.skip(f"ptrace is refused here: {refused}")
        end = time.monotonic() + 30
        while not settled(started[-1].pid):
            assert time.monotonic() < end
        return started[-1]

    yield begin
    for one in started:
        one.close()


def checked(stacks: tuple[ThreadStack, ...], pid: int, *, numbered: bool = True) -> None:
    """As the program says; `numbered`: the system's numbers of the threads are known, and so whether they wait."""
    assert [thread.name for thread in stacks] == ["MainThread", "idle [bold]", "busy"]
    assert {thread.pid for thread in stacks} == {pid}
    if numbered:
        assert stacks[0].tid == pid
        assert len({thread.tid for thread in stacks}) == 3
    main, idle, busy = stacks
    assert [(frame.name, frame.line > 0) for frame in main.frames] == [
        ("read", True), ("main", True), ("<module>", True),
    ]  # fmt: skip
    assert [(one.name, one.value, one.argument) for one in main.frames[0].variables] == [
        ("first", "1", True), ("second", '"two"', True), ("numbers", "[1, 22, 333]", False), ("missing", "None", False),
    ]  # fmt: skip
    assert main.frames[0].file == str(WAITING)
    rest = next(frame for frame in idle.frames if frame.name == "rest")
    assert [one.name for one in rest.variables] == ["secret", "copy"]
    assert rest.variables[0].value == '"word"'
    assert "\x1b[31m\u202e" in (rest.variables[1].value or "")
    assert any(frame.name == "spin" for frame in busy.frames)
    if numbered:
        assert main.state == idle.state == "idle"


@pytest.mark.parametrize("python", pythons())
def test_what_each_thread_does(target: Callable[..., Target], python: str) -> None:
    one = target(python)
    stacks = stacks_now(one.pid)
    checked(stacks, one.pid)
    assert stacks[2].active


def test_a_halted_process_is_looked_at_and_stays_halted(target: Callable[..., Target]) -> None:
    one = target()
    os.kill(one.pid, signal.SIGSTOP)
    end = time.monotonic() + 30
    while psutil.Process(one.pid).status() != psutil.STATUS_STOPPED:
        assert time.monotonic() < end
    # before 3.11 py-spy finds a thread's number only where it may halt it
    checked(stacks_now(one.pid), one.pid, numbered=sys.version_info >= (3, 11))
    assert psutil.Process(one.pid).status() == psutil.STATUS_STOPPED


def test_children_are_looked_at_too(target: Callable[..., Target]) -> None:
    one = target()
    two = target()
    stacks = stacks_now(os.getpid(), subprocesses=True)
    assert {one.pid, two.pid, os.getpid()} == {thread.pid for thread in stacks}
    checked(tuple(thread for thread in stacks if thread.pid == two.pid), two.pid)


def test_one_that_is_gone_is_refused(target: Callable[..., Target]) -> None:
    one = target()
    one.process.kill()
    one.process.wait()
    with pytest.raises(Refused):
        stacks_now(one.pid)
