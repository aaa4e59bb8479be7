"""What every sampler gives: windows of samples, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from proftui.errors import ProftuiError
from proftui.model import NO_LINE, Thread

End = Literal["exited", "replaced", "stopped", "finished", "failed"]
"""Why windows end: the target is gone, runs another program (exec), or we were asked to; enough time; the sampler."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to sample.

    rate          samples a second that are asked for
    idle          threads that wait are sampled too
    gil           only threads that hold the global interpreter lock
    native        frames of C, C++ and Rust extensions as well
    subprocesses  the target's Python children too
    blocking      the target is halted for each sample, which is then whole
    threads       threads are told apart; else all of a process are one
    window        seconds of one window
    duration      seconds after which sampling ends, or None
    """

    rate: int = 100
    idle: bool = False
    gil: bool = False
    native: bool = False
    subprocesses: bool = False
    blocking: bool = True
    threads: bool = True
    window: float = 1.0
    duration: float | None = None


class Frame(NamedTuple):
    """A function, and the line at which it was; `object` is the binary of a native one."""

    name: str
    file: str = ""
    line: int = NO_LINE
    object: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Stack:
    """A thread's frames, root first, one at least. A sampler gives the same object for the same stack where it can."""

    thread: Thread
    frames: tuple[Frame, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Sampled:
    """One window: when it began (seconds since the sampler's first), how long samples were taken, and what they were.

    stacks    each with how many samples had it
    errors    samples that failed
    behind    seconds by which the sampler was late at worst
    sampler   seconds of processor time that sampling took, NaN where unknown
    """

    start: float
    seconds: float
    stacks: Sequence[tuple[Stack, int]]
    errors: int = 0
    behind: float = 0.0
    sampler: float = float("nan")


class Sampler(Protocol):
    """Takes samples of a process. `next` is called by one thread, `stop` by any."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def options(self) -> Options:
        """How it samples."""

    @property
    def remark(self) -> str:
        """What a user should know although sampling goes on, or ""."""

    @property
    def end(self) -> tuple[End, str] | None:
        """Why there are no more windows, and a sentence about it; None as long as there are."""

    def windows(self) -> Iterator[Sampled]:
        """One window for each step, taken while the caller waits. Raises Refused where not even the first can be."""

    def stop(self) -> None:
        """End the window under way early; what it has is still given. Leaves no child process behind."""


class Refused(ProftuiError):
    """A process cannot be sampled: what is in the way, and the one command or setting that helps, or ""."""

    def __init__(self, cause: str, remedy: str = "", *, exit_code: int = 1) -> None:
        super().__init__(f"{cause}; try: {remedy}" if remedy else cause)
        self.cause = cause
        self.remedy = remedy
        self.exit_code = exit_code
