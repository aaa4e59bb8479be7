"""Work in threads: the newest wins, failures reach the one who waits, readers can be stopped."""

from __future__ import annotations

import asyncio
import threading

import pytest

from proftui.errors import Cancelled
from proftui.tui.jobs import Lane, Reporter, begin, in_thread


async def test_work_runs_in_another_thread_and_gives_its_result() -> None:
    assert await in_thread(threading.get_ident) != threading.get_ident()


async def test_a_failure_reaches_the_one_who_waits() -> None:
    def fail() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        await in_thread(fail)


def test_threads_do_not_hold_the_program() -> None:
    seen = begin(lambda: threading.current_thread().daemon)
    assert seen.result(timeout=5) is True


async def test_the_newest_work_wins_and_what_waited_never_begins() -> None:
    lane = Lane()
    release = threading.Event()
    begun: list[str] = []

    def work(name: str) -> str:
        begun.append(name)
        if name == "first":
            release.wait(5)
        return name

    first = asyncio.create_task(lane.run(lambda: work("first")))
    while not begun:
        await asyncio.sleep(0)
    second = asyncio.create_task(lane.run(lambda: work("second")))
    third = asyncio.create_task(lane.run(lambda: work("third")))
    await asyncio.sleep(0)
    release.set()
    assert await first == "first"
    with pytest.raises(Cancelled):
        await second
    assert await third == "third"
    assert begun == ["first", "third"]


def test_a_reader_is_stopped_at_its_next_report() -> None:
    reporter = Reporter()
    heard: list[float] = []
    reporter.listener = heard.append
    reporter(0.25)
    reporter(0.26)
    assert heard == [0.25], "reports right after one another are not all passed on"
    reporter.cancel()
    with pytest.raises(Cancelled):
        reporter(0.5)
