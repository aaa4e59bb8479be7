"""Files that change: what they looked like, and when they have changed and are whole again."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

EVERY = 1.0
"""Seconds between two looks at the files."""


class Stamp(NamedTuple):
    """What tells one state of a file from another without reading it; all zero where the file is not there."""

    modified: int = 0
    size: int = 0
    inode: int = 0


GONE = Stamp()

Stat = Callable[[str], os.stat_result]


def stamps(paths: Sequence[str], stat: Stat = os.stat) -> tuple[Stamp, ...]:
    """The present stamp of each file; standard input always looks the same."""
    return tuple(_stamp(path, stat) if path != "-" else GONE for path in paths)


def _stamp(path: str, stat: Stat) -> Stamp:
    try:
        found = stat(path)
    except (OSError, ValueError):
        return GONE
    return Stamp(found.st_mtime_ns, found.st_size, found.st_ino)


class Watch:
    """Tells once of each change of files, when they are there and no longer grow.

    `seen` is what they looked like when they were last read, or reading them was last tried.
    """

    def __init__(self, paths: Sequence[str], seen: tuple[Stamp, ...], stat: Stat = os.stat) -> None:
        self._paths = tuple(paths)
        self._stat = stat
        self._before = seen
        self.seen = seen

    def look(self) -> bool:
        """Whether the files have changed since they were read, and not since the last look.

        A file that became empty is one that somebody is about to write.
        """
        now = stamps(self._paths, self._stat)
        settled = now == self._before
        self._before = now
        if now == self.seen or not settled or GONE in now:
            return False
        if any(file.size == 0 and then.size for file, then in zip(now, self.seen, strict=True)):
            return False
        self.seen = now
        return True


class Watcher:
    """Looks at files once a second from a thread, and calls `tell` there when they have changed, until it is ended."""

    def __init__(self, watch: Watch, tell: Callable[[], object], pause: Callable[[float], bool] | None = None) -> None:
        """`pause` waits for so many seconds, and says whether it is time to end."""
        self._watch = watch
        self._tell = tell
        self._ended = threading.Event()
        self._pause = pause or self._ended.wait
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while not self._pause(EVERY):
            if self._watch.look() and not self._ended.is_set():
                self._tell()

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
