"""What is replayed is what was recorded."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.live.demo_recording import COMMAND, REPORT_FROM, SECONDS, WORKERS, demo_recording
from proftui.live.live import Live
from proftui.live.recorder import Recorder
from proftui.live.replay import Replay
from proftui.live.sampling import Options
from proftui.model import Recording
from tests.model.recordings import Sample, recording, stacks_of, windows


def replayed(made: Recording) -> Recording:
    recorder = Recorder(made.about)
    marks = list(made.marks)
    for at, window in enumerate(Replay(made).windows()):
        recorder.add(window, float(made.windows.cpu[at]), float(made.windows.memory[at]))
        while marks and marks[0].seconds <= made.windows.end[at] + 1e-9:
            recorder.mark(marks.pop(0).label)
    return recorder.recording()


def are_equal(one: Recording, other: Recording) -> bool:
    for name in ("start", "seconds", "errors", "cpu", "memory", "sampler"):
        assert np.array_equal(getattr(one.windows, name), getattr(other.windows, name), equal_nan=True), name
    for at in range(len(one.windows)):
        assert stacks_of(one, at, at + 1) == stacks_of(other, at, at + 1)
    assert one.marks == other.marks
    assert one.about == other.about
    return True


@given(windows)
def test_a_recorder_that_is_fed_a_replay_has_the_recording(sampled: list[list[Sample]]) -> None:
    made = recording(sampled)
    assert are_equal(made, replayed(made))


def test_the_demo_comes_out_as_it_went_in() -> None:
    made = demo_recording()
    assert are_equal(made, replayed(made))


def test_a_stack_is_one_object() -> None:
    first, second = Replay(recording([[(0, (0, 1), 2)], [(0, (0, 1), 3), (0, (0,), 1)]])).windows()
    assert first.stacks[0][0] is second.stacks[0][0]
    assert first.stacks[0][0].frames[0] is second.stacks[1][0].frames[0]


def test_it_ends_when_the_recording_does() -> None:
    replay = Replay(recording([[], []]))
    assert replay.end is None
    assert len(list(replay.windows())) == 2
    assert replay.end == ("finished", "the recording ends here")


def test_stopping_wakes_it() -> None:
    """The first window would take a quarter of an hour."""
    replay = Replay(recording([[(0, (0,), 1)]]), speed=0.001)
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.extend(replay.windows()))
    thread.start()
    replay.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert seen == []
    assert replay.end == ("stopped", "the replay was stopped")


def test_windows_come_when_they_would_be_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """At twice the speed, windows that end at 0.9 s, 1.9 s, 2.9 s come after half of that."""
    waited: list[float] = []
    clock = iter([100.0, 100.0, 100.5, 103.0])
    monkeypatch.setattr("proftui.live.replay.time.monotonic", lambda: next(clock))
    replay = Replay(recording([[], [], []]), speed=2)
    monkeypatch.setattr(replay._stopped, "wait", waited.append)
    assert len(list(replay.windows())) == 3
    assert waited == pytest.approx([0.45, 0.45, 0.0])


@pytest.mark.parametrize(("rate", "expected"), [("250", 250), ("fast", Options().rate)])
def test_it_was_sampled_at_the_rate_that_the_recording_tells(rate: str, expected: int) -> None:
    assert Replay(recording([]).saying(rate=rate)).options.rate == expected
    assert Replay(recording([]), options=Options(rate=7)).options.rate == 7


def test_it_is_watched_as_a_process_is() -> None:
    made = demo_recording()
    ended = threading.Event()
    live = Live(Replay(made), Recorder(made.about))
    live.listener = lambda: ended.set() if live.ended else None
    live.start()
    assert ended.wait(30)
    live.stop()
    watched = live.recording()
    assert live.status.failure is None
    assert stacks_of(watched) == stacks_of(made)
    assert watched.about["ended"] == "the recording ends here"


def test_the_demo_has_phases_threads_and_processes() -> None:
    made = demo_recording()
    assert len(made.windows) == SECONDS
    assert {(thread.pid, thread.name) for thread in made.threads} == {
        (pid, name) for pid in WORKERS for name in ("MainThread", "metrics")
    }
    assert len({thread.tid for thread in made.threads}) == 4
    assert {thread.process for thread in made.threads} == {COMMAND}
    assert [mark.seconds for mark in made.marks] == pytest.approx([REPORT_FROM - 0.02])
    profile = made.profile()
    assert profile.check() == []
    assert profile.functions.name[hottest(made, 0, 5)] == "<module>"
    assert profile.functions.name[hottest(made, 10, 50)] == "root"
    assert profile.functions.name[hottest(made, REPORT_FROM, REPORT_FROM + 20)] == "format_row"
    assert stacks_of(made) == stacks_of(demo_recording())


def hottest(made: Recording, begin: float, end: float) -> int:
    """The function with most samples of its own in the first worker's main thread."""
    graph = made.profile((begin, end)).parts[0].graph
    return int(graph.function[graph.self_cost[0].argmax()])


@given(st.integers(0, 200), st.integers(0, 200))
def test_recursion_of_the_demo_is_counted_once(begin: int, end: int) -> None:
    for part in demo_recording().profile((float(begin), float(end))).parts:
        assert (part.graph.inclusive[0] <= part.graph.totals[0]).all()
