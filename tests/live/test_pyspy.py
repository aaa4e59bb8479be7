"""Samples of real processes by the real py-spy."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from proftui.live.pyspy import PySpy
from proftui.live.sampling import Options, Refused, Sampled
from tests.live.targets import KNOWN_SHARES, WAITING, Target, known_shares, pythons, running

DEPTH = 50


@pytest.fixture(scope="module", autouse=True)
def _tracing_is_allowed() -> None:
    with running(sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(60)") as target:
        windows = PySpy(target.pid, Options(idle=True)).windows()
        try:
            next(windows)
        except Refused as refused:
            pytest.skip(f"processes cannot be traced here: {refused}")
        windows.close()  # type: ignore[attr-defined]  # it is a generator


@pytest.fixture
def shares() -> Iterator[Target]:
    with known_shares() as target:
        yield target


def sampled(pid: int, **options: float) -> list[Sampled]:
    """All windows of a while."""
    return list(PySpy(pid, Options(**options)).windows())  # type: ignore[arg-type]  # as dataclasses take them


def leaves(windows: list[Sampled], pid: int) -> Counter[str]:
    """Samples of the functions that the main thread of a process was in."""
    found: Counter[str] = Counter()
    for window in windows:
        for stack, count in window.stacks:
            if stack.thread.pid == stack.thread.tid == pid:
                found[stack.frames[-1].name] += count
    return found


def sampled_while_it_works(pid: int, seconds: float) -> list[Sampled]:
    """Windows in which the process has had so much processor time, which on a busy machine takes longer."""
    sampler, process, windows = PySpy(pid, Options(rate=200)), psutil.Process(pid), []
    for window in sampler.windows():
        windows.append(window)
        if process.cpu_times().user > seconds:
            sampler.stop()
    return windows


@pytest.mark.parametrize("python", pythons())
def test_shares_are_those_of_the_program(python: str) -> None:
    with known_shares(python) as target:
        windows = sampled_while_it_works(target.pid, 1.2)
    found = leaves(windows, target.pid)
    total = found.total()
    assert total > 50
    # on a busy machine the program often waits, and is then sampled in the same place again and again
    assert found["heavy"] / (found["heavy"] + found["light"]) == pytest.approx(0.7, abs=0.15)
    assert found["heavy"] + found["light"] > 0.8 * total


def test_stacks_are_whole(shares: Target) -> None:
    windows = sampled(shares.pid, duration=1)
    stacks = [stack for window in windows for stack, _ in window.stacks if stack.frames[-1].name == "heavy"]
    assert stacks
    for stack in stacks:
        names = [frame.name for frame in stack.frames]
        assert names == ["<module>", "main", "turn", *["descend"] * DEPTH, "heavy"]
        assert {frame.file for frame in stack.frames} == {str(KNOWN_SHARES)}
        assert stack.thread.name == "MainThread"
        assert stack.thread.process.endswith("known_shares.py 120 --workers 0")
    source = KNOWN_SHARES.read_text().splitlines()
    lines = {source[stack.frames[-1].line - 1].strip() for stack in stacks}
    assert lines & {"for number in range(HEAVY):", "total += number & 7"}


def test_idle_thread_is_seen_when_asked_for(shares: Target) -> None:
    windows = sampled(shares.pid, idle=True, duration=0.8)
    samples = Counter[str]()
    for window in windows:
        for stack, count in window.stacks:
            samples[stack.thread.name] += count
    assert set(samples) == {"MainThread", "idle"}
    assert samples["idle"] == pytest.approx(samples["MainThread"], abs=2)  # each sample has both


def test_workers_are_processes_of_their_own() -> None:
    with known_shares(workers=3) as target:
        pids = {int(pid) for pid in target.told[1:]}
        windows = sampled(target.pid, idle=True, subprocesses=True, rate=200, duration=1.2)
        commands = {stack.thread.pid: stack.thread.process for window in windows for stack, _ in window.stacks}
    assert set(commands) == pids
    assert sorted(command.split()[-2:] for pid, command in commands.items() if pid != target.pid) == [
        ["--worker", "1"],
        ["--worker", "2"],
        ["--worker", "3"],
    ]
    assert all(leaves(windows, pid)["work"] for pid in pids - {target.pid})


def test_time_is_seamless_and_the_rate_is_kept(shares: Target) -> None:
    windows = sampled(shares.pid, gil=True, rate=200, duration=2, window=0.3)
    for before, after in itertools.pairwise(windows):
        assert after.start <= before.start + before.seconds
    seconds = sum(window.seconds for window in windows)
    samples = sum(count for window in windows for _, count in window.stacks) + sum(window.errors for window in windows)
    assert seconds >= 1.9
    # one thread holds the lock at a time: each instant gives one sample, none twice
    assert samples <= 200 * seconds * 1.2


def test_first_window_is_short(shares: Target) -> None:
    windows = PySpy(shares.pid, Options(window=20)).windows()
    assert next(windows).seconds < 5
    windows.close()  # type: ignore[attr-defined]  # it is a generator


def test_native_frames_come_with_their_binaries(shares: Target) -> None:
    windows = sampled(shares.pid, native=True, duration=0.8)
    frames = {frame for window in windows for stack, _ in window.stacks for frame in stack.frames}
    assert any(frame.object and not frame.file for frame in frames)


def test_target_that_is_killed_while_it_is_sampled(shares: Target) -> None:
    sampler = PySpy(shares.pid, Options())
    for _ in sampler.windows():
        shares.process.kill()
    assert sampler.end == ("exited", f"process {shares.pid} has exited")


def test_target_is_unharmed_by_a_stop_at_any_time(shares: Target) -> None:
    for _ in range(5):
        sampler = PySpy(shares.pid, Options(rate=1000, window=0.1))
        for window in sampler.windows():
            if window.start > 0.2:
                sampler.stop()
    assert shares.process.stdin
    shares.process.stdin.close()
    assert shares.process.stdout
    assert shares.process.stdout.readline().startswith("turns ")
    assert shares.process.wait(30) == 0


def test_target_that_becomes_another_python_program_is_sampled_on() -> None:
    code = "import os, sys; print('ready', flush=True); input(); os.execv(sys.argv[1], sys.argv[1:])"
    with running(sys.executable, "-c", code, sys.executable, str(KNOWN_SHARES), "120", "--workers", "0") as target:
        sampler = PySpy(target.pid, Options(idle=True))
        seen: set[str] = set()
        for number, window in enumerate(sampler.windows()):
            if number == 0:
                target.say()
            seen.update(stack.frames[-1].name for stack, _ in window.stacks)
            if "heavy" in seen:
                sampler.stop()
        assert "heavy" in seen
        assert sampler.remark.endswith("known_shares.py 120 --workers 0")


def test_stopped_target_goes_on(shares: Target) -> None:
    sampler = PySpy(shares.pid, Options(window=0.3))
    empty = full = 0
    for window in sampler.windows():
        if not empty and not full:
            os.kill(shares.pid, signal.SIGSTOP)
        full += bool(window.stacks)
        empty += not window.stacks
        if empty == 2 and not window.stacks:
            os.kill(shares.pid, signal.SIGCONT)
            full = 0
        elif empty >= 2 and full >= 2:
            sampler.stop()
    assert sampler.end == ("stopped", "sampling was stopped")


def test_what_is_no_python_is_refused() -> None:
    with running("sh", "-c", "echo ready; exec sleep 60") as target, pytest.raises(Refused):
        next(PySpy(target.pid, Options()).windows())


def test_process_that_is_not_there_is_refused() -> None:
    with running(sys.executable, "-c", WAITING) as target:
        pass
    with pytest.raises(Refused):
        next(PySpy(target.pid, Options()).windows())


@pytest.mark.once
def test_no_py_spy_survives_us_for_long(shares: Target) -> None:
    code = (
        "import sys; from proftui.live.pyspy import PySpy; from proftui.live.sampling import Options\n"
        "for _ in PySpy(int(sys.argv[1]), Options(window=0.2)).windows(): print('ready', flush=True)"
    )
    root = Path(__file__).parents[2]
    words = [sys.executable, "-c", code, str(shares.pid)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=root) as sampling:
        assert sampling.stdout
        sampling.stdout.readline()
        spies = psutil.Process(sampling.pid).children()
        sampling.kill()
    assert spies
    assert not psutil.wait_procs(spies, timeout=30)[1]
