"""A recording as if it were sampled now."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from proftui.live.sampling import End, Frame, Options, Sampled, Stack
from proftui.model import Recording


class Replay:
    """A sampler that gives a recording's windows, each stack as one object.

    `speed` is how many times as fast as it was they come; None: as fast as they are asked for.
    """

    name = "replay"
    remark = ""

    def __init__(self, recording: Recording, *, speed: float | None = None, options: Options | None = None) -> None:
        rate = recording.about.get("rate", "")
        self.options = options or (Options(rate=int(rate)) if rate.isdecimal() else Options())
        self._recording = recording
        self._speed = speed
        self._stopped = threading.Event()
        self._end: tuple[End, str] | None = None
        self._frames: dict[int, Frame] = {}
        self._stacks: dict[int, Stack] = {}

    @property
    def end(self) -> tuple[End, str] | None:
        """Why there are no more windows, and a sentence about it."""
        return self._end

    def stop(self) -> None:
        """Give no more windows."""
        self._stopped.set()

    def windows(self) -> Iterator[Sampled]:
        """The recording's windows, each when it would be over."""
        windows = self._recording.windows
        began = time.monotonic()
        for at in range(len(windows)):
            if self._speed is not None:
                over = began + float(windows.end[at] - windows.start[0]) / self._speed
                self._stopped.wait(max(0.0, over - time.monotonic()))
            if self._stopped.is_set():
                self._end = "stopped", "the replay was stopped"
                return
            yield self._window(at)
        self._end = "finished", "the recording ends here"

    def _window(self, at: int) -> Sampled:
        windows = self._recording.windows
        entries = slice(int(windows.entries[at]), int(windows.entries[at + 1]))
        counted = zip(windows.leaf[entries].tolist(), windows.count[entries].tolist(), strict=True)
        stacks = [(self._stack(leaf), count) for leaf, count in counted]
        errors, sampler = int(windows.errors[at]), float(windows.sampler[at])
        return Sampled(float(windows.start[at]), float(windows.seconds[at]), stacks, errors, sampler=sampler)

    def _stack(self, leaf: int) -> Stack:
        known = self._stacks.get(leaf)
        if known is None:
            recording, frames, row = self._recording, [], leaf
            while row >= 0:
                frames.append(self._frame(recording.frame.item(row)))
                row = recording.parent.item(row)
            known = Stack(recording.threads[recording.thread.item(leaf)], tuple(reversed(frames)))
            self._stacks[leaf] = known
        return known

    def _frame(self, frame: int) -> Frame:
        known = self._frames.get(frame)
        if known is None:
            frames, functions = self._recording.frames, self._recording.functions
            name, file, _, binary = functions.identity(frames.function.item(frame))
            known = self._frames[frame] = Frame(name, file, frames.line.item(frame), binary)
        return known
