"""A process that is being watched: its samples so far, how it is, and what can be asked of it meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from proftui.live.recorder import Recorder
from proftui.live.sampling import End, Sampler
from proftui.model import Moment, Recording

if TYPE_CHECKING:
    from proftui.live.monitor import Monitor, Vitals

LOOK_EVERY = 1.0
"""Seconds between two looks at how the process is, where windows are longer than that."""

PATIENCE = 2.0
"""Seconds that leaving waits for the sampler to end."""


@dataclass(frozen=True)
class Status:
    """How watching goes: `end` says why it ended, `failure` what went wrong, `paused` that no samples are taken."""

    end: tuple[End, str] | None = None
    failure: BaseException | None = None
    paused: bool = False


@dataclass
class _Told:
    """What the thread that samples tells others."""

    vitals: Vitals | None = None
    failure: BaseException | None = None
    ended: bool = False


class Live:
    """Runs a sampler in a thread of its own; any thread may ask.

    `listener` is called from that thread after each window, when the process was looked at, and at the end.
    """

    def __init__(self, sampler: Sampler, recorder: Recorder, monitor: Monitor | None = None) -> None:
        self.sampler = sampler
        self.recorder = recorder
        self.listener: Callable[[], object] | None = None
        self.began = time.monotonic()
        self._monitor = monitor
        self._looking = threading.Lock()
        self._looked = 0.0
        self._told = _Told()
        self._stopping = threading.Event()
        self._going = threading.Event()
        self._going.set()
        self._threads: list[threading.Thread] = []

    def start(self) -> Live:
        """Begin. This object, for a line that makes and starts it."""
        self.began = time.monotonic()
        self._threads = [threading.Thread(target=self._sample, name="sampling", daemon=True)]
        if self._monitor is not None:
            self._threads.append(threading.Thread(target=self._watch, name="looking", daemon=True))
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """End, and leave no process behind; what was sampled stays."""
        self._stopping.set()
        self._going.set()
        self.sampler.stop()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(PATIENCE)

    @property
    def vitals(self) -> Vitals | None:
        """How the process was when it was last looked at."""
        return self._told.vitals

    @property
    def status(self) -> Status:
        """How watching goes."""
        return Status(self.sampler.end, self._told.failure, not self._going.is_set())

    @property
    def ended(self) -> bool:
        """Whether there will be no more windows."""
        return self._told.ended

    def recording(self) -> Recording:
        """What there is so far; it does not change any more."""
        recording = self.recorder.recording()
        end = self.sampler.end
        return recording if end is None else recording.saying(ended=end[1])

    def pause(self) -> None:
        """Take no samples from the end of this window on."""
        self._going.clear()

    def resume(self) -> None:
        """Go on taking samples."""
        self._going.set()

    def mark(self, label: str = "") -> Moment:
        """Mark this moment."""
        return self.recorder.mark(label)

    def reset(self) -> None:
        """Forget what was sampled."""
        self.recorder.reset()

    # ------------------------------------------------------------------ threads

    def _sample(self) -> None:
        cpu = self._cpu_seconds()
        try:
            for window in self.sampler.windows():
                before, cpu = cpu, self._cpu_seconds()
                vitals = self._told.vitals
                memory = float("nan") if vitals is None or vitals.memory is None else float(vitals.memory)
                self.recorder.add(window, cpu - before, memory)
                self._tell()
                self._going.wait()
                if self._stopping.is_set():
                    break
        except BaseException as error:  # whatever it is, who looks at `status` gets it
            self._told.failure = error
        finally:
            self._told.ended = True
            self._tell()

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_EVERY) and not self._told.ended:
            if time.monotonic() - self._looked >= LOOK_EVERY * 0.9:
                self._look()
                self._tell()

    def _look(self) -> None:
        if self._monitor is None:
            return
        with self._looking:
            vitals = self._told.vitals = self._monitor.look()
            self._looked = time.monotonic()
        if vitals.command:
            self.recorder.about["command"] = vitals.command  # a process may come to run something else

    def _cpu_seconds(self) -> float:
        """The processor time that the process has had, NaN where unknown."""
        self._look()
        vitals = self._told.vitals
        return float("nan") if vitals is None or vitals.cpu_seconds is None else vitals.cpu_seconds

    def _tell(self) -> None:
        if self.listener is not None and not self._stopping.is_set():
            self.listener()
