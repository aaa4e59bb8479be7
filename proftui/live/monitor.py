"""How a process is: what the operating system tells of it, looked at once a second."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

EXITED = "exited"
"""The state of a process that is there no more."""

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Vitals:
    """A process at one moment; what may not be read of it is None.

    state        psutil's word: "running", "sleeping", "stopped" (by a signal), "tracing-stop", "zombie", ...; or EXITED
    cpu          share of one processor that all its threads took since the look before; its children apart
    cpu_seconds  processor time of all its threads since it began
    memory       resident bytes
    files        open descriptors
    children     processes that it has started and that have not been waited for
    """

    pid: int
    command: str | None = None
    state: str = ""
    cpu: float | None = None
    cpu_seconds: float | None = None
    memory: float | None = None
    threads: int | None = None
    files: int | None = None
    children: int | None = None

    @property
    def gone(self) -> bool:
        """Whether it has ended; as a zombie it waits for its parent to notice."""
        return self.state in (EXITED, psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)

    @property
    def stopped(self) -> bool:
        """Whether a signal has stopped it, until it gets SIGCONT."""
        return self.state == psutil.STATUS_STOPPED


class Monitor:
    """Looks at one process; another process that gets the same number later is not it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._command: str | None = None
        self._before: tuple[float, float] | None = None
        self._process: psutil.Process | None = None
        try:
            self._process = psutil.Process(pid)
        except (psutil.Error, ValueError, OverflowError):
            return

    def look(self) -> Vitals:
        """The process now; once it has ended, its command and nothing else."""
        process = self._process
        if process is None or not process.is_running():
            return Vitals(self.pid, self._command, EXITED)
        with process.oneshot():
            state = _unless_refused(process.status)
            if state is None:
                return Vitals(self.pid, self._command, "" if process.is_running() else EXITED)
            seconds = _unless_refused(lambda: _seconds(process))
            command = _unless_refused(process.cmdline) or ()
            self._command = " ".join(command) or self._command or _unless_refused(process.name)
            return Vitals(
                pid=self.pid,
                command=self._command,
                state=state,
                cpu=self._share(seconds),
                cpu_seconds=seconds,
                memory=_unless_refused(lambda: float(process.memory_info().rss)),
                threads=_unless_refused(process.num_threads),
                files=_unless_refused(lambda: process.num_fds()) if state != psutil.STATUS_ZOMBIE else None,
                children=_children(process),
            )

    def _share(self, seconds: float | None) -> float | None:
        """Of one processor, since the look before; None at the first."""
        before, now = self._before, time.monotonic()
        self._before = None if seconds is None else (now, seconds)
        if before is None or seconds is None or now <= before[0]:
            return None
        return max(0.0, seconds - before[1]) / (now - before[0])


def _unless_refused(read: Callable[[], Told]) -> Told | None:
    try:
        return read()
    except (psutil.Error, OSError, NotImplementedError, AttributeError):  # psutil has only what the platform has
        return None


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _children(process: psutil.Process) -> int | None:
    """How many there are, from what Linux keeps for each thread; elsewhere all processes must be looked through."""
    tasks = Path(f"/proc/{process.pid}/task")
    try:
        return sum(len((tasks / thread / "children").read_bytes().split()) for thread in os.listdir(tasks))  # noqa: PTH208  # names are all that is wanted
    except OSError:
        return _unless_refused(lambda: len(process.children()))
