"""A program that was started a moment ago: until its interpreter is up, it cannot be sampled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from proftui.live.sampling import End, Options, Refused, Sampled, Sampler

PATIENCE = 3.0
"""Seconds within which an interpreter should be up."""

PAUSE = 0.05
"""Seconds between two tries."""


class Starting:
    """Tries a sampler again as long as the program may still be starting. `make` gives a new one each time."""

    def __init__(self, make: Callable[[], Sampler], runs: Callable[[], bool]) -> None:
        """`runs` tells whether the program does."""
        self._make, self._runs = make, runs
        self._sampler = make()
        self._stopped = threading.Event()

    @property
    def name(self) -> str:
        """As the sampler is called."""
        return self._sampler.name

    @property
    def options(self) -> Options:
        """How it samples."""
        return self._sampler.options

    @property
    def remark(self) -> str:
        """As the sampler has it."""
        return self._sampler.remark

    @property
    def end(self) -> tuple[End, str] | None:
        """Why the sampler ended."""
        return self._sampler.end

    def windows(self) -> Iterator[Sampled]:
        """Its windows. Raises Refused where the program runs, and cannot be sampled after all that time."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                yield from self._sampler.windows()
            except Refused:
                if not self._runs() or time.monotonic() > until or self._stopped.wait(PAUSE):
                    raise
                self._sampler = self._make()
            else:
                return

    def stop(self) -> None:
        """End the window under way, and try no more."""
        self._stopped.set()
        self._sampler.stop()
