"""Watching in a thread: what is asked of it, and how it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from proftui.live.live import Live
from proftui.live.recorder import Recorder
from proftui.live.sampling import Refused, Sampled
from proftui.live.starting import Starting
from tests.live.fed import STACK, Fed


@dataclass
class Watched:
    """A process that is fed, and a count of what was heard of it."""

    live: Live
    fed: Fed
    heard: threading.Semaphore

    def feed(self, one: Sampled | BaseException | None) -> None:
        self.fed.food.put(one)
        assert self.heard.acquire(timeout=30)


@pytest.fixture
def watched() -> Iterator[Watched]:
    fed, heard = Fed(), threading.Semaphore(0)
    live = Live(fed, Recorder({"pid": "7"}))
    live.listener = heard.release
    live.start()
    yield Watched(live, fed, heard)
    live.stop()


def window(start: float, count: int = 3) -> Sampled:
    return Sampled(start, 1.0, [(STACK, count)])


def totals(live: Live) -> list[float]:
    return [float(part.graph.totals[0]) for part in live.recording().profile().parts]


def test_windows_become_a_recording(watched: Watched) -> None:
    assert len(watched.live.recording().windows) == 0
    watched.feed(window(0.0))
    watched.feed(window(1.0, 4))
    assert totals(watched.live) == [7]
    assert watched.live.status.end is None
    watched.feed(None)
    assert watched.live.ended
    assert watched.live.status.end == ("exited", "the process has ended")
    assert watched.live.recording().about == {"pid": "7", "ended": "the process has ended"}


def test_while_paused_no_window_is_asked_for(watched: Watched) -> None:
    watched.live.pause()
    watched.feed(window(0.0))
    assert watched.live.status.paused
    assert watched.fed.asked == 1
    watched.live.resume()
    watched.feed(window(9.0))
    assert watched.fed.asked >= 2
    assert totals(watched.live) == [6]


def test_a_failure_is_told_and_what_there_was_stays(watched: Watched) -> None:
    watched.feed(window(0.0))
    watched.feed(Refused("gone", "look elsewhere"))
    assert watched.live.ended
    assert str(watched.live.status.failure) == "gone; try: look elsewhere"
    assert totals(watched.live) == [3]


def test_stopping_ends_a_paused_one_too(watched: Watched) -> None:
    watched.live.pause()
    watched.feed(window(0.0))
    watched.live.stop()
    assert watched.live.ended
    assert totals(watched.live) == [3]


def test_the_process_is_looked_at_with_each_window() -> None:
    looks = iter(range(10))

    class Looking:
        def look(self) -> Any:
            return SimpleNamespace(command="a", cpu_seconds=next(looks) * 0.5, memory=1 << 20)

    fed, heard = Fed(), threading.Semaphore(0)
    live = Live(fed, Recorder({}), Looking())  # type: ignore[arg-type]
    live.listener = heard.release
    live.start()
    for start in range(3):
        fed.food.put(window(start))
        assert heard.acquire(timeout=30)
    live.stop()
    windows = live.recording().windows
    assert windows.cpu.tolist() == [0.5, 0.5, 0.5]
    assert windows.memory.tolist() == [1 << 20] * 3


def test_a_mark_stands_at_the_end_of_the_newest_window(watched: Watched) -> None:
    assert watched.live.mark("first").seconds == 0
    watched.feed(window(2.0))
    assert watched.live.mark("second").seconds == 3.0
    assert [(mark.label, mark.seconds) for mark in watched.live.recording().marks] == [("first", 0), ("second", 3.0)]
    watched.live.reset()
    assert len(watched.live.recording().windows) == 0
    assert watched.live.recording().marks == ()
    watched.feed(window(4.0))
    assert totals(watched.live) == [3]


# ---------------------------------------------------------------------- programs that were started a moment ago


def refusing(times: int) -> tuple[Any, list[Fed]]:
    """Makes samplers of which the first ones are refused."""
    made: list[Fed] = []

    def make() -> Fed:
        fed = Fed()
        fed.food.put(Refused("not Python") if len(made) < times else window(0.0))
        fed.food.put(None)
        made.append(fed)
        return fed

    return make, made


def test_an_interpreter_that_is_not_up_yet_is_tried_again() -> None:
    make, made = refusing(2)
    starting = Starting(make, lambda: True)
    assert len(list(starting.windows())) == 1
    assert len(made) == 3
    assert starting.end == ("exited", "the process has ended")


def test_a_program_that_is_gone_is_not_tried_again() -> None:
    make, made = refusing(2)
    with pytest.raises(Refused, match="not Python"):
        list(Starting(make, lambda: False).windows())
    assert len(made) == 1


def test_once_stopped_it_tries_no_more() -> None:
    make, made = refusing(2)
    starting = Starting(make, lambda: True)
    starting.stop()
    with pytest.raises(Refused):
        list(starting.windows())
    assert len(made) == 1
