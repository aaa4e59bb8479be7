"""What is told of a process and its sampling: figures by hand, and nothing where nothing is known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from proftui.model import Frames, Functions, Recording, Thread, Windows
from proftui.report.vitals import Sampling, Vitals, recent, recorded, sampling
from tests.report.recordings import windows_of

TWO = (Thread(7, 70, "main"), Thread(7, 71, "worker"))


def recording_of(windows: Windows, threads: tuple[Thread, ...] = TWO, **about: str) -> Recording:
    """One row for each thread."""
    rows = len(threads)
    return Recording(
        Functions.of([("work", "/srv/work.py", 1, "")]), Frames(np.zeros(1, np.int32), np.ones(1, np.int32)), threads,
        np.zeros(rows, np.int32), np.full(rows, -1, np.int32), np.arange(rows, dtype=np.int32), windows, (), about,
    )  # fmt: skip


def both_sampled(main: list[int], worker: list[int]) -> Windows:
    """Windows of a second each, in which two threads were sampled so often."""
    count = len(main)
    return replace(
        windows_of(range(count)),
        entries=np.arange(count + 1, dtype=np.int64) * 2,
        leaf=np.tile(np.array([0, 1], np.int32), count),
        count=np.array([main, worker], np.int32).T.ravel(),
    )


def test_time_that_no_window_covers_is_blind() -> None:
    windows = windows_of([0.0, 1.0, 3.0], [0.9, 0.9, 1.0], errors=[0, 2, 1], sampler=[0.05, 0.05, 0.1])
    told = sampling(recording_of(windows))
    assert told.blind == pytest.approx(1 - 2.8 / 4.0)
    assert told.sampler == pytest.approx(0.2 / 4.0)
    assert (told.errors, told.samples, told.stretch) == (3, 300, "since the start, 0:04")
    part = sampling(recording_of(windows), (0.0, 3.0))
    assert part.blind == pytest.approx(1 - 1.8 / 3.0), "what follows the second window is blind too"
    assert (part.errors, part.samples, part.stretch) == (2, 200, "0:00 to 0:03")


def test_what_is_not_known_is_left_out() -> None:
    assert sampling(recording_of(windows_of([]))) == Sampling(stretch="since the start")
    assert sampling(recording_of(windows_of([0.0]), rate="fast")).asked is None
    assert sampling(recording_of(windows_of([0.0, 1.0], sampler=[0.1, math.nan]))).sampler is None
    assert recorded(recording_of(windows_of([])))[0] == Vitals()


def test_the_rate_is_that_of_the_busiest_thread_and_not_of_all() -> None:
    # 98 + 40 and 95 + 96: of the instants of each window the larger number is known
    windows = both_sampled([98, 95], [40, 96])
    assert sampling(recording_of(windows, rate="100")).got == pytest.approx((98 + 96) / 2)
    assert sampling(recording_of(windows, rate="100"), (1.0, None)).got == 96
    assert sampling(recording_of(windows)).got is None, "without the rate that was asked for it says nothing"


def test_few_samples_say_nothing_about_the_rate() -> None:
    assert sampling(recording_of(both_sampled([5, 7], [3, 3]), rate="100")).got is None


def test_threads_that_are_not_told_apart_say_nothing_about_the_rate() -> None:
    windows = windows_of([0.0], samples=100)
    assert sampling(recording_of(windows, TWO[:1], rate="50")).got == 100
    assert sampling(recording_of(windows, (Thread(7, None),), rate="50")).got is None


def test_a_minute_is_remembered() -> None:
    windows = windows_of(range(100), cpu=[0.5] * 99 + [math.nan], memory=range(100))
    cpu, memory = recent(windows)
    assert cpu[:-1] == (0.5,) * 59
    assert math.isnan(cpu[-1])
    assert memory == tuple(range(40, 100))
    assert recent(windows_of([])) == ((), ())


def test_a_recording_names_its_process() -> None:
    recording = recording_of(
        windows_of(range(3)), pid="4711", command="python serve.py", ended="exited with code 0", rate="100"
    )
    vitals, told = recorded(recording)
    assert (vitals.pid, vitals.command, vitals.state, vitals.cpu) == (4711, "python serve.py", "", None)
    assert (told.asked, told.ended) == (100, "exited with code 0")
