"""Processes on their way to the screen. Nothing here needs Textual, so sampling can begin while that is imported."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from proftui.live.live import Live
from proftui.live.sampling import Options
from proftui.tui.settings import Settings

if TYPE_CHECKING:
    from proftui.live.program import Program
    from proftui.tui.session import Session


@dataclass(eq=False)
class Attached:
    """A process that is watched: `name` is for people and file names, `stacks` gives each thread's stack now.

    `program` is there where it was started here.
    """

    live: Live
    name: str
    stacks: Callable[[], Any] | None = None
    program: Program | None = None
    _begun: threading.Event = field(default_factory=threading.Event)

    def start(self) -> Attached:
        """Begin to sample."""
        self.live.listener = self._heard
        self.live.start()
        return self

    def _heard(self) -> None:
        if self.live.ended or len(self.live.recording().windows):
            self._begun.set()

    def begun(self, patience: float | None = None) -> bool:
        """Wait for the first window or the end, `patience` seconds at most. Whether one of them is there."""
        return self._begun.wait(patience)

    @property
    def failure(self) -> BaseException | None:
        """Why there is nothing to show."""
        return None if len(self.live.recording().windows) else self.live.status.failure

    def session(self, settings: Settings) -> Session:
        """What the first view shows, made."""
        from proftui.model import Origin
        from proftui.tui.session import Session

        recording = self.live.recording()
        about = recording.about
        origin = Origin("", "live", "sampled", about.get("sampler", ""), about.get("command", ""))
        return Session(recording.profile(None, self.name, origin), settings).primed()


@dataclass(frozen=True)
class Attaching:
    """How processes are attached to."""

    options: Options = field(default_factory=Options)
    sudo: bool = False

    def to(self, pid: int, *, started: bool = False) -> Attached:
        """A process, of which nothing is sampled yet; with `started` it was made a moment ago."""
        from proftui.live.attach import attach, name_of

        live = attach(pid, self.options, sudo=self.sudo, started=started)
        return Attached(live, name_of(pid), self.stacks(pid))

    def stacks(self, pid: int) -> Callable[[], Any]:
        """Gives every thread's stack at the moment at which it is called."""

        def take() -> Any:
            from proftui.live.stacks_now import stacks_now

            options = self.options
            return stacks_now(pid, native=options.native, subprocesses=options.subprocesses, sudo=self.sudo)

        return take
