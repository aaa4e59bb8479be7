"""The sampler that runs py-spy: one process of it for each window, and the next one is there before that one leaves.

py-spy shows what it sampled when it ends. It needs some 10 to 50 ms to get at its target, so the next one is started
that much before a window's end; the moment that it says it samples, the one before is told to stop. Thus no time is
blind, and none is counted twice but for what the news takes: about a millisecond.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import psutil

from proftui.live.doctor import explain
from proftui.live.pyspy_child import Child, ceiling, command, listen
from proftui.live.pyspy_lines import Lines
from proftui.live.sampling import End, Options, Sampled

FIRST_WINDOW = 0.4
"""Seconds of the first window, so that something shows soon."""

ATTACHING = 10.0
"""Seconds that py-spy may take to get at the target."""

MOST_FAILURES = 3
"""Failures in a row that end sampling."""

STOPPING = 0.15
"""Seconds that py-spy has to write what it has when sampling is to stop; then it is killed."""

LOOK = 0.1
"""Seconds between two looks at whether to stop, while nothing else happens."""


class PySpy:
    """Samples a process by py-spy; with `sudo`, py-spy alone has root's rights.

    remark    what a user should know although sampling goes on, or ""
    """

    name = "py-spy"

    def __init__(self, pid: int, options: Options, *, sudo: bool = False) -> None:
        self.pid, self.options = pid, options
        self.remark = ""
        self._sudo = sudo
        self._process: psutil.Process | None = None
        with contextlib.suppress(psutil.Error):
            self._process = psutil.Process(pid)
        self._program = self._what_runs()
        self._lines = self._fresh_lines()
        self._command: list[str] = []
        self._children: set[Child] = set()
        self._zero = 0.0
        self._lead = 0.05
        self._away = 0.0
        self._failures = 0
        self._ending: tuple[End, str] | None = None
        self._end: tuple[End, str] | None = None
        self._stopping = threading.Event()
        self._turn = threading.Lock()  # held while children are read

    @property
    def end(self) -> tuple[End, str] | None:
        """Why there are no more windows, and a sentence about it; None as long as there are."""
        return self._end

    def windows(self) -> Iterator[Sampled]:
        """One window for each step, taken while the caller waits. Raises Refused where not even the first can be.

        Between two steps py-spy goes on; what it sampled is given at the next one, if that comes within two seconds.
        """
        steps = self._steps()
        left = time.monotonic()
        try:
            while True:
                with self._turn:
                    self._away = time.monotonic() - left
                    before = time.thread_time()
                    window = next(steps, None)
                    own = time.thread_time() - before
                if window is None:
                    return
                left = time.monotonic()
                yield replace(window, sampler=window.sampler + own)
        finally:
            with self._turn:
                self._finish()
                self._end = self._ending or ("stopped", "sampling was stopped")

    def stop(self) -> None:
        """End the window under way early; what it has is still given. Leaves no child process behind."""
        self._stopping.set()
        for child in list(self._children):
            if child.attached is not None:
                child.interrupt()
        if self._turn.acquire(timeout=2 * STOPPING):
            try:
                self._finish()
            finally:
                self._turn.release()

    # ------------------------------------------------------------------ windows

    def _steps(self) -> Iterator[Sampled]:
        current = self._first()
        length = min(FIRST_WINDOW, self.options.window)
        while current is not None:
            following = self._followed(current, length)
            length = self.options.window
            window = self._taken(current)
            if window is not None:
                yield window
            current = following
            while current is None and self._goes_on():
                if self._is_halted():
                    yield self._nothing()
                elif self._is_gone():
                    self._ending = ("exited", f"process {self.pid} has exited")
                else:
                    current = self._again()

    def _first(self) -> Child | None:
        if self._stopping.is_set():
            return None
        self._command = command(self.pid, self.options, sudo=self._sudo)
        child = self._attached()
        if child.attached is None and not self._stopping.is_set():
            self._dismiss(child)
            refused = explain(child.complaint, self.pid)
            self._ending = ("failed", refused.cause)
            raise refused
        self._zero = child.attached or 0.0
        return child

    def _followed(self, current: Child, length: float) -> Child | None:
        """Waits for the end of a window, which is when the one that follows has begun, and gives that one.

        None where none does: `_goes_on` tells why, or else the target is halted, or py-spy ended.
        """
        end = (current.attached or 0.0) + length
        following: Child | None = None
        while self._listen(0):  # much may have happened while the caller was away
            pass
        while self._goes_on() and not current.over:
            left = min(end, self._deadline) - time.monotonic()
            if following is None and end < self._deadline and left <= self._lead:
                if self._is_halted():
                    break
                following = self._launched()
            elif following is None:
                self._listen(left - self._lead if end < self._deadline else left)
            elif following.attached is not None:
                current.interrupt()
                self._lead = following.attached - following.began
                return following
            elif following.over or time.monotonic() > following.began + ATTACHING:
                self._failed(following)
                following = None
            else:
                self._listen(LOOK)
        current.interrupt()
        if following is not None:
            self._dismiss(following)
        return None

    def _taken(self, child: Child) -> Sampled | None:
        """The window that a py-spy recorded, once it has ended; None where it is lost."""
        since = time.monotonic()
        patience = 2 + 12 / self.options.rate
        while not child.over and time.monotonic() < since + (STOPPING if self._stopping.is_set() else patience):
            self._listen(LOOK)
        self._dismiss(child)
        if not child.wrote:
            self._failed(child)
            return None
        self._failures = 0
        self._look_at_program(child)
        if child.by_itself and self._away > LOOK:  # nobody knows when it ended
            return None
        begin, end = child.attached or 0.0, child.left or 0.0
        return Sampled(
            begin - self._zero, min(end - begin, ceiling(self.options)), self._lines.stacks(child.data), child.errors,
            child.behind, child.cpu,
        )  # fmt: skip

    def _nothing(self) -> Sampled:
        """A window in which the target is halted: no thread is active."""
        begin = time.monotonic()
        while self._is_halted() and time.monotonic() < begin + self.options.window and self._goes_on():
            self._stopping.wait(LOOK / 2)
        return Sampled(begin - self._zero, time.monotonic() - begin, (), sampler=0.0)

    # ------------------------------------------------------------------ children

    def _attached(self) -> Child:
        """A py-spy that has begun to sample, or has failed to, or is not wanted any more."""
        child = self._launched()
        while child.attached is None and not child.over and not self._stopping.is_set():
            if time.monotonic() > child.began + ATTACHING:
                break
            self._listen(LOOK)
        if child.attached is not None:
            self._lead = child.attached - child.began
        return child

    def _again(self) -> Child | None:
        """A py-spy that has begun to sample, None where it failed to."""
        child = self._attached()
        if child.attached is None:
            self._failed(child)
            return None
        return child

    def _launched(self) -> Child:
        child = Child(self._command, at_a_word=self._sudo)
        self._children.add(child)
        return child

    def _listen(self, seconds: float) -> bool:
        return listen(self._children, min(seconds, LOOK))

    def _dismiss(self, *unwanted: Child) -> None:
        """End some of the children at once, and forget them."""
        for limit in (0.0, 1.0):
            until = time.monotonic() + limit
            while any(not child.over for child in unwanted) and time.monotonic() < until:
                listen(unwanted, LOOK)
            for child in unwanted:
                child.kill()
        self._children.difference_update(unwanted)

    def _finish(self) -> None:
        """End all children; those that sample have a moment to write what they have, which `_taken` may still give."""
        until = time.monotonic() + STOPPING
        while any(not child.over for child in self._children) and time.monotonic() < until:
            for child in self._children:
                if child.attached is not None:
                    child.interrupt()
            self._listen(LOOK)
        self._dismiss(*self._children)

    # ------------------------------------------------------------------ ends

    @property
    def _deadline(self) -> float:
        return math.inf if self.options.duration is None else self._zero + self.options.duration

    def _goes_on(self) -> bool:
        """Whether there is more to sample; says why not."""
        if self._ending is None:
            if self._stopping.is_set():
                self._ending = ("stopped", "sampling was stopped")
            elif self._zero and time.monotonic() >= self._deadline:
                self._ending = ("finished", f"sampled for {self.options.duration:g} s")
        return self._ending is None

    def _failed(self, child: Child) -> None:
        """What it means that a py-spy failed: the target is gone, halted, another program, or py-spy is in trouble."""
        self._dismiss(child)
        if self._stopping.is_set() or self._is_halted():
            return
        if self._is_gone():
            self._ending = ("exited", f"process {self.pid} has exited")
        elif (program := self._what_runs()) != self._program:
            self._ending = ("replaced", f"process {self.pid} runs another program now: {program[1]}")
        else:
            self._failures += 1
            if self._failures >= MOST_FAILURES:
                self._ending = ("failed", sentence(child.complaint))

    def _is_gone(self) -> bool:
        """Whether the process has ended; another one of that number is not it."""
        try:
            return (
                self._process is None
                or not self._process.is_running()
                or self._process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
            )
        except psutil.NoSuchProcess:
            return True
        except psutil.Error:
            return False

    def _is_halted(self) -> bool:
        """Whether the process was stopped by a signal: py-spy can then not get at it."""
        with contextlib.suppress(psutil.Error):
            return self._process is not None and self._process.status() == psutil.STATUS_STOPPED
        return False

    def _what_runs(self) -> tuple[str, str]:
        """Executable and command line of the target, as far as they are known."""
        executable = line = ""
        if self._process is not None:
            with contextlib.suppress(psutil.Error):
                line = " ".join(self._process.cmdline())
                executable = self._process.exe()
        return executable, line

    def _look_at_program(self, child: Child) -> None:
        """Notices that the target has become another program that can be sampled too: `child` did not follow."""
        program = self._what_runs()
        if program != self._program and not self._is_gone():
            self._program = program
            if child.errors:  # else it has only given itself another title
                self._lines = self._fresh_lines()
                self.remark = f"process {self.pid} runs another program now: {program[1]}"

    def _fresh_lines(self) -> Lines:
        return Lines(self.pid, self._program[1], native=self.options.native)


def sentence(complaint: str) -> str:
    """The first line of what py-spy says of a failure, without the word for it."""
    return complaint.partition("\n")[0].removeprefix("Error: ")
