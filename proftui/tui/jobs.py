"""Long work in threads, so that the screen answers at once, the newest wins, and nobody waits for work on leaving."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from proftui.errors import Cancelled

Result = TypeVar("Result")

REPORT_EVERY = 0.05
"""Seconds between two reports of progress; a reader may have more to say than a screen can show."""


def begin(work: Callable[[], Result]) -> Future[Result]:
    """Start `work` in a thread of its own.

    The thread is a daemon: Textual's own thread workers (and the event loop's executor) are waited for on leaving,
    and a long read would hold the terminal for as long as it takes.
    """
    future: Future[Result] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # whatever it is, the one who waits gets it
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=run, daemon=True).start()
    return future


async def in_thread(work: Callable[[], Result]) -> Result:
    """What `work` returns or raises, from a thread of its own."""
    return await asyncio.wrap_future(begin(work))


class Lane:
    """A queue of one: work waits for what is under way, and is dropped when newer work came meanwhile."""

    def __init__(self) -> None:
        self._newest = 0
        self._busy = threading.Lock()

    async def run(self, work: Callable[[], Result]) -> Result:
        """What `work` returns; raises Cancelled when newer work took its place before it began."""
        self._newest += 1
        ticket = self._newest

        def in_turn() -> Result:
            with self._busy:
                if ticket != self._newest:
                    raise Cancelled("newer work took its place")
                return work()

        return await in_thread(in_turn)


class Reporter:
    """A reader's progress callback: tells `listener`, if there is one, and stops the reader once cancelled."""

    def __init__(self) -> None:
        self.listener: Callable[[float], object] | None = None
        self._cancelled = threading.Event()
        self._told = 0.0

    def cancel(self) -> None:
        """Let the reader's next report of progress raise Cancelled."""
        self._cancelled.set()

    def __call__(self, share: float) -> None:
        """The share read so far, 0 to 1, from the reader's thread."""
        if self._cancelled.is_set():
            raise Cancelled("reading was cancelled")
        now = time.monotonic()
        if self.listener is not None and now - self._told >= REPORT_EVERY:
            self._told = now
            self.listener(share)


def later(work: Callable[..., Awaitable[Result]], *arguments: Any, **named: Any) -> Callable[[], Awaitable[Result]]:
    """What a worker may begin with: `work` with these arguments.

    A worker that is cancelled before it begins leaves a coroutine that was never awaited, which Python warns of; and
    Textual describes a `partial` by all that it holds.
    """

    async def begin() -> Result:
        return await work(*arguments, **named)

    return begin
