"""The profiles that lie in a folder, told by their content."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from proftui.errors import ProftuiError
from proftui.formats import Source, detect

MOST_FILES = 400
"""How many files are looked into, the newest first: a folder may hold a million."""

LONGEST = 2.0
"""Seconds after which looking ends: a network folder may be slow."""


@dataclass(frozen=True, slots=True)
class Found:
    """One profile: `size` in bytes, `changed` in seconds since the epoch."""

    path: str
    format: str
    size: int
    changed: float


def profiles_in(folder: Path) -> list[Found]:
    """The newest files of a folder that are profiles; hidden files and what is not readable are passed over."""
    until = time.monotonic() + LONGEST
    files: list[tuple[float, int, Path]] = []
    try:
        for path in folder.iterdir():
            if not path.name.startswith(".") and path.is_file():
                status = path.stat()
                files.append((status.st_mtime, status.st_size, path))
            if time.monotonic() > until:
                break
    except OSError:  # the folder, or a file in it, went away while it was looked at
        pass
    found = []
    for changed, size, path in sorted(files, reverse=True)[:MOST_FILES]:
        if time.monotonic() > until:
            break
        if size and (known := _format(path)):
            found.append(Found(str(path), known, size, changed))
    return found


def _format(path: Path) -> str:
    """The name of the file's format, or "" for one that is no profile."""
    try:
        return detect(Source(str(path))).name
    except ProftuiError:
        return ""
