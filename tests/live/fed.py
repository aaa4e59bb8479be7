"""A sampler that a test feeds."""

from __future__ import annotations

import queue
from collections.abc import Iterator

from proftui.live.sampling import End, Frame, Options, Sampled, Stack
from proftui.model import Thread

MAIN = Thread(7, 7, "MainThread")
STACK = Stack(MAIN, (Frame("main", "a.py", 1), Frame("work", "a.py", 5)))


class Fed:
    """A sampler that gives what it is fed; None ends it, an error is raised."""

    name = "fed"
    remark = ""
    options = Options()

    def __init__(self) -> None:
        self.food: queue.Queue[Sampled | BaseException | None] = queue.Queue()
        self.end: tuple[End, str] | None = None
        self.asked = 0

    def windows(self) -> Iterator[Sampled]:
        while True:
            self.asked += 1
            one = self.food.get(timeout=30)
            if one is None:
                self.end = self.end or ("exited", "the process has ended")
                return
            if isinstance(one, BaseException):
                raise one
            yield one

    def stop(self) -> None:
        self.end = self.end or ("stopped", "asked to")
        self.food.put(None)
