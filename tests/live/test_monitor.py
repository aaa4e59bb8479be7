"""The vitals of a process are those of the operating system."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from time import monotonic

import psutil
import pytest

from proftui.live.monitor import EXITED, Monitor, Vitals
from tests.live.targets import Target, running

GROWS = """
import subprocess, sys, threading, time
print('ready', flush=True)
kept = []
for line in sys.stdin:
    what = line.strip()
    if what == 'files':
        kept += [open('/dev/null') for _ in range(7)]
    elif what == 'threads':
        for _ in range(3):
            threading.Thread(target=threading.Event().wait, daemon=True).start()
    elif what == 'children':
        kept += [subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE) for _ in range(2)]
    elif what == 'memory':
        kept.append(b'x' * 50_000_000)
    elif what == 'work':
        while time.process_time() < 0.3:
            pass
    print(time.process_time(), flush=True)
"""


@pytest.fixture
def target() -> Iterator[Target]:
    with running(sys.executable, "-c", GROWS) as process:
        yield process


def after(target: Target, word: str) -> float:
    """Have it do something; the processor time that it has had then, as itself sees it."""
    target.say(word)
    assert target.process.stdout
    return float(target.process.stdout.readline())


def change(target: Target, word: str) -> tuple[Vitals, Vitals]:
    monitor = Monitor(target.pid)
    before = monitor.look()
    after(target, word)
    return before, monitor.look()


def test_command_is_told(target: Target) -> None:
    vitals = Monitor(target.pid).look()
    assert vitals.command == " ".join([sys.executable, "-c", GROWS])
    assert vitals.state in ("sleeping", "running")
    assert not vitals.gone
    assert vitals.cpu is None, "nothing is known at the first look"


@pytest.mark.parametrize(("word", "more"), [("files", 7), ("threads", 3), ("children", 2)])
def test_what_is_added_is_counted(target: Target, word: str, more: int) -> None:
    before, now = change(target, word)
    assert getattr(now, word) - getattr(before, word) == more


def test_memory_grows_by_what_is_taken(target: Target) -> None:
    before, now = change(target, "memory")
    assert before.memory is not None
    assert now.memory is not None
    assert 49e6 < now.memory - before.memory < 60e6


def test_processor_time_is_what_the_process_sees_itself(target: Target) -> None:
    monitor = Monitor(target.pid)
    begin, first, begun = monotonic(), monitor.look(), monotonic()
    used = after(target, "work")
    end, now, ended = monotonic(), monitor.look(), monotonic()
    assert first.cpu_seconds is not None
    assert now.cpu_seconds is not None
    assert now.cpu_seconds == pytest.approx(used, abs=0.06)
    assert now.cpu is not None
    assert end - begun <= (now.cpu_seconds - first.cpu_seconds) / now.cpu <= ended - begin


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not stopped by signals there")
def test_stopped_process_is_told_as_such(target: Target) -> None:
    monitor, until = Monitor(target.pid), monotonic() + 10
    os.kill(target.pid, signal.SIGSTOP)
    while not monitor.look().stopped:
        assert monotonic() < until
    assert monitor.look().state == "stopped"
    os.kill(target.pid, signal.SIGCONT)
    while monitor.look().stopped:
        assert monotonic() < until


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="there are no zombies here")
def test_zombie_is_gone_and_exited_is_too(target: Target) -> None:
    monitor = Monitor(target.pid)
    command = monitor.look().command
    target.process.kill()
    os.waitid(os.P_PID, target.pid, os.WEXITED | os.WNOWAIT)
    zombie = monitor.look()
    assert (zombie.state, zombie.gone, zombie.command, zombie.files) == ("zombie", True, command, None)
    target.process.wait()
    assert monitor.look() == Vitals(target.pid, command, EXITED)
    assert monitor.look().gone


@pytest.mark.parametrize("pid", [10**9, -1])
def test_number_without_a_process(pid: int) -> None:
    assert Monitor(pid).look() == Vitals(pid, None, EXITED)


def test_another_process_of_that_number_is_not_it(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monitor = Monitor(target.pid)
    monkeypatch.setattr(psutil.Process, "is_running", lambda _: False)
    assert monitor.look().state == EXITED


def test_what_may_not_be_read_is_unknown(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: psutil.Process) -> None:
        raise psutil.AccessDenied(target.pid)

    monkeypatch.setattr(psutil.Process, "num_fds", refuse)
    monkeypatch.setattr(psutil.Process, "num_threads", refuse)
    vitals = Monitor(target.pid).look()
    assert (vitals.files, vitals.threads) == (None, None)
    assert vitals.memory
