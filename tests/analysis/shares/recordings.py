"""Recordings for tests, made as a live session makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from proftui.live.recorder import MEMORY_LIMIT, Recorder
from proftui.live.sampling import Frame, Sampled, Stack
from proftui.model import Thread

MAIN, WORKER = Thread(1, 1, "main"), Thread(1, 2, "worker")
THREADS = (MAIN, WORKER)

Window = Mapping[tuple[Thread, str], int]
"""Samples by (thread, stack); of a stack each letter is a function, root first."""


class Stacked:
    """A recorder that is given windows of one second, with stacks as words."""

    def __init__(self, windows: Sequence[Window] = (), *, limit: int = MEMORY_LIMIT) -> None:
        self.recorder = Recorder({}, limit=limit)
        self._stacks: dict[tuple[Thread, str], Stack] = {}
        self.seconds = 0.0
        for window in windows:
            self.add(window)

    def add(self, window: Window, seconds: float = 1.0) -> None:
        """One more window, right behind the others."""
        stacks = [(self._stack(*key), count) for key, count in window.items()]
        self.recorder.add(Sampled(self.seconds, seconds, stacks))
        self.seconds += seconds

    def _stack(self, thread: Thread, word: str) -> Stack:
        frames = tuple(
            Frame(letter, f"/{'usr/lib/python3.11' if letter > 'd' else 'srv/app'}/{letter}.py") for letter in word
        )
        return self._stacks.setdefault((thread, word), Stack(thread, frames))
