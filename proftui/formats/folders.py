"""Folders of profiles: the files in them that may be some."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from proftui.errors import ProftuiError, UnknownFormat

MOST_FILES = 100_000
MOST_DEPTH = 16

_PASSED_OVER = frozenset(("__pycache__", "node_modules", "__MACOSX"))
_INSTRUMENTS = "form.template"


class Found(NamedTuple):
    """A file in a folder: `name` is its path from there, `size` in bytes."""

    path: str
    name: str
    size: int


def files_in(folder: str) -> list[Found]:
    """The files in a folder and in those within, numbers in names by their value, each once.

    Hidden files and folders, links to folders, what is no regular file and what lies deeper than MOST_DEPTH are passed
    over; so is the empty OUT that valgrind leaves beside the OUT-01 of a thread. Raises ProftuiError.
    """
    found = []
    for file in _walk(folder, "", 0):
        found.append(file)
        if len(found) > MOST_FILES:
            raise ProftuiError(f"{folder}: holds more than {MOST_FILES:,} files")
    threads = {file.name.rpartition("-")[0] for file in found}
    return sorted(
        (file for file in found if file.size or file.name not in threads), key=lambda file: _natural(file.name)
    )


def _walk(folder: str, within: str, depth: int) -> Iterator[Found]:
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        if within:
            return
        raise ProftuiError(f"{folder}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    if any(entry.name == _INSTRUMENTS for entry in entries) and not within:
        raise UnknownFormat(
            f"{folder}: is a trace of Apple's Instruments; there, copy its call tree (Edit, Deep Copy): FlameGraph's"
            " stackcollapse-instruments.pl makes folded stacks of that"
        )
    for entry in entries:
        name = f"{within}{entry.name}"
        if entry.name.startswith(".") or entry.name in _PASSED_OVER:
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth < MOST_DEPTH:
                yield from _walk(entry.path, f"{name}/", depth + 1)
            continue
        with suppress(OSError):  # it went away, or is a link to where one may not look
            if entry.is_file():
                yield Found(entry.path, name, entry.stat().st_size)


def _natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts numbers in names by their value."""
    return [(int(word) if word.isascii() and word.isdigit() else -1, word) for word in re.split(r"([0-9]+)", name)]
