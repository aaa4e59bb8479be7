"""How sampling begins and ends, whatever becomes of the target and of a py-spy that behaves as it is told."""

from __future__ import annotations

import contextlib
import itertools
import os
import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from proftui.live import pyspy, pyspy_child
from proftui.live.pyspy import PySpy
from proftui.live.sampling import Options, Refused, Sampled
from tests.live.targets import WAITING, Target, running

FAKE = Path(__file__).parents[1] / "programs" / "fake_pyspy.py"
SHORT = Options(window=0.2)

Behave = Callable[..., None]


@pytest.fixture
def target() -> Iterator[Target]:
    with running(sys.executable, "-c", WAITING) as process:
        yield process


@pytest.fixture
def spies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Behave]:
    """Says how the next py-spies behave; none of them is left at the end."""
    ways, script = tmp_path / "ways", tmp_path / "py-spy"
    ways.write_text("")
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(FAKE))} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("FAKE_PYSPY", str(ways))
    monkeypatch.setattr(pyspy_child, "binary", lambda: str(script))

    def behave(*each: str) -> None:
        ways.write_text("".join(f"{way}\n" for way in each))

    yield behave
    assert not running_spies()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy this machine is, py-spy has the time to write what it has."""
    monkeypatch.setattr(pyspy, "STOPPING", 30.0)


def running_spies() -> list[psutil.Process]:
    """Those that were started from here and have not ended."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if any(Path(word).name in ("fake_pyspy.py", "py-spy") for word in child.cmdline()):
                found.append(child)
    return found


def taken(sampler: PySpy, most: int) -> list[Sampled]:
    """The first windows; asked to stop after `most`."""
    found = []
    for window in sampler.windows():
        found.append(window)
        if len(found) == most:
            sampler.stop()
    return found


def test_windows_follow_each_other_without_a_gap(spies: Behave, target: Target) -> None:
    sampler = PySpy(target.pid, SHORT)
    windows = taken(sampler, 4)
    assert windows[0].start == 0
    for before, after in itertools.pairwise(windows):
        assert after.start <= before.start + before.seconds
    assert sampler.end == ("stopped", "sampling was stopped")


def test_window_has_what_py_spy_wrote(spies: Behave, target: Target) -> None:
    spies("late")
    window = taken(PySpy(target.pid, SHORT), 1)[0]
    assert [(stack.frames[-1].line, count) for stack, count in window.stacks] == [(2, 30), (3, 10)]
    assert (window.errors, window.behind) == (2, 1.25)
    assert 0 < window.sampler < 10


def test_same_stack_is_the_same_object_in_all_windows(spies: Behave, target: Target) -> None:
    windows = taken(PySpy(target.pid, SHORT), 3)
    assert len({stack for window in windows for stack, _ in window.stacks}) == 2


def test_refusal_is_told_in_one_sentence(spies: Behave, target: Target) -> None:
    spies("refuse")
    sampler = PySpy(target.pid, SHORT)
    with pytest.raises(Refused) as refused:
        next(sampler.windows())
    assert "\n" not in str(refused.value)
    assert "backtrace" not in str(refused.value)
    assert sampler.end == ("failed", refused.value.cause)


def test_py_spy_that_never_attaches_is_given_up(spies: Behave, target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyspy, "ATTACHING", 0.3)
    spies("hang")
    with pytest.raises(Refused, match="took too long"):
        next(PySpy(target.pid, SHORT).windows())


def test_py_spy_that_cannot_be_started(spies: Behave, target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyspy_child, "binary", lambda: "/no/such/py-spy")
    with pytest.raises(Refused, match="/no/such/py-spy cannot be started: No such file or directory"):
        next(PySpy(target.pid, SHORT).windows())


def test_py_spy_that_is_not_installed(target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused) as refused:
        next(PySpy(target.pid, SHORT).windows())
    assert refused.value.remedy == "python -m pip install py-spy"


def test_one_window_is_lost_with_a_py_spy_that_is_killed(spies: Behave, target: Target) -> None:
    spies("good", "die", "good")
    sampler = PySpy(target.pid, SHORT)
    windows = taken(sampler, 3)
    assert sum(count for _, count in windows[1].stacks) == 40
    assert windows[1].start >= windows[0].start + windows[0].seconds
    assert sampler.end == ("stopped", "sampling was stopped")


def test_three_failures_in_a_row_end_sampling(spies: Behave, target: Target) -> None:
    spies("good", "die", "die", "die")
    sampler = PySpy(target.pid, SHORT)
    assert len(list(sampler.windows())) == 1
    assert sampler.end == ("failed", "py-spy was ended by signal 9")


def test_window_goes_on_as_long_as_the_next_py_spy_fails(spies: Behave, target: Target) -> None:
    spies("good", "refuse", "refuse", "good")
    sampler = PySpy(target.pid, SHORT)
    windows = taken(sampler, 2)
    assert windows[1].start <= windows[0].start + windows[0].seconds
    assert sampler.end == ("stopped", "sampling was stopped")


def test_last_window_is_given_when_py_spy_fails_for_good(spies: Behave, target: Target) -> None:
    spies("good", "refuse", "refuse", "refuse")
    sampler = PySpy(target.pid, SHORT)
    (window,) = sampler.windows()
    assert window.stacks
    assert sampler.end == ("failed", "Failed to find python version from target process")


def test_target_that_exits_ends_sampling(spies: Behave, target: Target) -> None:
    spies("good", "good", "refuse", "refuse", "refuse")
    sampler = PySpy(target.pid, SHORT)
    for _ in sampler.windows():
        target.process.kill()
    assert sampler.end == ("exited", f"process {target.pid} has exited")


def test_exit_is_noticed_before_the_window_is_over(spies: Behave, target: Target) -> None:
    spies("good", "gone")
    sampler = PySpy(target.pid, Options(window=60))
    begin, windows = time.monotonic(), []
    for window in sampler.windows():
        windows.append(window)
        target.process.kill()
        target.process.wait()
    assert [len(window.stacks) for window in windows] == [2, 2]
    assert sampler.end == ("exited", f"process {target.pid} has exited")
    assert time.monotonic() - begin < 30


def test_another_process_of_that_number_is_not_the_target(
    spies: Behave, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    spies("good", "gone")
    sampler = PySpy(target.pid, SHORT)
    windows = sampler.windows()
    next(windows)
    monkeypatch.setattr(psutil.Process, "is_running", lambda _: False)  # what it says of a number that is taken again
    list(windows)
    assert sampler.end == ("exited", f"process {target.pid} has exited")


def test_another_program_in_the_target_ends_sampling(spies: Behave) -> None:
    code = "import os; print('ready', flush=True); os.read(0, 1); os.execvp('cat', ['cat'])"
    with running(sys.executable, "-c", code) as target:
        spies("good", "good", "refuse")
        sampler = PySpy(target.pid, SHORT)
        windows = sampler.windows()
        next(windows)
        target.say()
        target.say("it runs")
        assert target.process.stdout
        assert target.process.stdout.readline() == "it runs\n"
        list(windows)
        assert sampler.end == ("replaced", f"process {target.pid} runs another program now: cat")


def test_stopped_target_gives_windows_without_samples(spies: Behave, target: Target) -> None:
    sampler = PySpy(target.pid, SHORT)
    counts = []
    for window in sampler.windows():
        counts.append(len(window.stacks))
        if len(counts) == 1:
            os.kill(target.pid, signal.SIGSTOP)
        elif counts[-2:] == [0, 0]:
            os.kill(target.pid, signal.SIGCONT)
        elif 0 in counts and counts[-1]:
            sampler.stop()
    assert 0 in counts
    assert counts[-1] == 2


def test_enough_time_ends_sampling(spies: Behave, target: Target) -> None:
    sampler = PySpy(target.pid, Options(window=0.3, duration=0.7))
    windows = list(sampler.windows())
    assert 0.7 <= windows[-1].start + windows[-1].seconds < 5
    assert sampler.end == ("finished", "sampled for 0.7 s")


def test_stop_from_another_thread_gives_what_there_is(spies: Behave, target: Target, patient: None) -> None:
    sampler = PySpy(target.pid, Options(window=60))
    windows = sampler.windows()
    next(windows)
    threading.Thread(target=sampler.stop).start()
    assert [len(window.stacks) for window in windows] == [2]
    assert sampler.end == ("stopped", "sampling was stopped")


def test_stop_leaves_no_process_even_if_nobody_asks_for_windows_again(
    spies: Behave, target: Target, patient: None
) -> None:
    sampler = PySpy(target.pid, SHORT)
    windows = sampler.windows()
    next(windows)
    sampler.stop()
    assert not running_spies()
    assert len(next(windows).stacks) == 2
    assert not list(windows)


def test_stop_kills_a_py_spy_that_does_not_listen(spies: Behave, target: Target) -> None:
    spies("good", "deaf")
    sampler = PySpy(target.pid, Options(window=60))
    windows = sampler.windows()
    next(windows)
    begin = time.monotonic()
    sampler.stop()
    assert time.monotonic() - begin < 5
    assert not running_spies()
    assert not list(windows)


def test_stop_while_py_spy_attaches(spies: Behave, target: Target) -> None:
    spies("hang")
    sampler = PySpy(target.pid, SHORT)
    found: list[Sampled] = []
    thread = threading.Thread(target=lambda: found.extend(sampler.windows()))
    thread.start()
    while not running_spies():
        assert thread.is_alive()
    sampler.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert not found
    assert sampler.end == ("stopped", "sampling was stopped")


def test_stop_before_the_first_window(spies: Behave, target: Target) -> None:
    sampler = PySpy(target.pid, SHORT)
    sampler.stop()
    assert not list(sampler.windows())
    assert sampler.end == ("stopped", "sampling was stopped")


def test_windows_that_are_dropped_leave_no_process(spies: Behave, target: Target) -> None:
    windows = PySpy(target.pid, SHORT).windows()
    next(windows)
    assert running_spies()
    windows.close()  # type: ignore[attr-defined]  # it is a generator
    assert not running_spies()


def test_terminal_has_no_say_over_py_spy(spies: Behave, target: Target) -> None:
    windows = PySpy(target.pid, SHORT).windows()
    next(windows)
    (spy,) = running_spies()
    assert os.getsid(spy.pid) == spy.pid
    windows.close()  # type: ignore[attr-defined]  # it is a generator


def test_with_sudo_py_spy_ends_at_a_word(
    spies: Behave, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sudo = tmp_path / "sudo"
    sudo.write_text(f'#!/bin/sh\necho "$1 $2" >>{tmp_path}/asked\nshift 2\nexec "$@"\n')
    sudo.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    spies("good", "good", "good", "deaf")
    with monkeypatch.context() as only_root_may:
        only_root_may.setattr("os.kill", lambda *_: pytest.fail("a signal was sent"))
        windows = taken(PySpy(target.pid, SHORT, sudo=True), 3)
    assert [len(window.stacks) for window in windows] == [2, 2, 2]
    assert set((tmp_path / "asked").read_text().splitlines()) == {"-n --"}
    assert not running_spies()


def test_options_become_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyspy_child, "binary", lambda: "py-spy")
    words = pyspy_child.command(7, Options(rate=250), sudo=False)
    assert words[words.index("--rate") + 1] == "250"
    flags = {"--gil", "--idle", "--native", "--subprocesses", "--nonblocking"}
    assert not flags & set(words)
    asked = Options(gil=True, idle=True, native=True, subprocesses=True, blocking=False)
    assert flags <= set(pyspy_child.command(7, asked, sudo=False))
