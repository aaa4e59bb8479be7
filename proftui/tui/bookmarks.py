"""Functions that one wants to find again, with a note on each, and the file that keeps them beside a profile."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proftui.errors import ProftuiError, Unwritable
from proftui.formats.files import write_files
from proftui.model import Functions
from proftui.model.translate import translate

SUFFIX = ".proftui.json"
VERSION = 1

LARGEST = 1 << 20
"""Bytes of a file of bookmarks at most; nobody sets so many by hand."""

LONGEST = 2000
"""Characters of a note at most."""

Identity = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A function by name, file, line and object, and what was noted, or ""."""

    function: Identity
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bookmarks:
    """All of them in the order in which they were set, no function twice."""

    all: tuple[Bookmark, ...] = ()

    def __len__(self) -> int:
        return len(self.all)

    def of(self, function: Identity) -> Bookmark | None:
        """The bookmark of a function."""
        return next((bookmark for bookmark in self.all if bookmark.function == function), None)

    def set(self, bookmark: Bookmark) -> Bookmarks:
        """With this one, in place of one of the same function."""
        if self.of(bookmark.function) is None:
            return Bookmarks((*self.all, bookmark))
        return Bookmarks(tuple(bookmark if other.function == bookmark.function else other for other in self.all))

    def without(self, function: Identity) -> Bookmarks:
        """Without the function's."""
        return Bookmarks(tuple(bookmark for bookmark in self.all if bookmark.function != function))

    def found(self, functions: Functions) -> Bookmarks:
        """The same in the functions of a profile, where an edit may have moved them; what is gone stays as it is."""
        ids = self.ids(functions)
        moved: dict[Identity, Bookmark] = {}
        for bookmark, function in zip(self.all, ids, strict=True):
            identity = bookmark.function if function is None else functions.identity(function)
            moved.setdefault(identity, Bookmark(identity, bookmark.note))
        return Bookmarks(tuple(moved.values()))

    def ids(self, functions: Functions) -> list[int | None]:
        """The function of each, None where a profile does not have it."""
        if not self.all:
            return []
        # bookmarks are few: of 200,000 functions those of other names cost a glance, not a place in a table
        names = {bookmark.function[0] for bookmark in self.all}
        alike = [at for at, name in enumerate(functions.name) if name in names or " at 0x" in name]
        found = translate(
            Functions.of(bookmark.function for bookmark in self.all), Functions.of(map(functions.identity, alike))
        )
        return [alike[function] if function >= 0 else None for function in found.new_of.tolist()]


# ---------------------------------------------------------------------- the file


class Unsound(ProftuiError):
    """A file of bookmarks is none."""


def file_of(paths: Sequence[str]) -> Path | None:
    """Where the bookmarks of a profile are kept: beside its first file."""
    return Path(f"{paths[0]}{SUFFIX}") if paths and paths[0] != "-" else None


def read(path: Path) -> Bookmarks:
    """What the file keeps; nothing where there is none. Raises Unsound."""
    try:
        if not path.exists():
            return Bookmarks()
        if not path.is_file():
            raise Unsound(f"{path}: is no plain file")
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise Unsound(f"{path}: {(error.strerror or str(error)).lower()}") from None
    if len(content) > LARGEST:
        raise Unsound(f"{path}: is too large to be bookmarks")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise Unsound(f"{path}: is no JSON") from None
    return _bookmarks(path, document)


def _bookmarks(path: Path, document: Any) -> Bookmarks:
    version = document.get("proftui_session") if isinstance(document, dict) else None
    if not isinstance(version, int) or isinstance(version, bool):
        raise Unsound(f"{path}: holds no bookmarks")
    if version > VERSION:
        raise Unsound(f"{path}: was written by a later version of proftui")
    entries = document.get("bookmarks")
    if not isinstance(entries, list):
        raise Unsound(f"{path}: holds no list of bookmarks")
    made = Bookmarks()
    for number, entry in enumerate(entries, 1):
        try:
            made = made.set(_bookmark(entry))
        except (TypeError, ValueError, KeyError):
            raise Unsound(f"{path}: bookmark {number} is none") from None
    return made


def _bookmark(entry: Any) -> Bookmark:
    """Raises TypeError, ValueError or KeyError."""
    texts = [entry[name] for name in ("name", "file", "object", "note")]
    line = entry["line"]
    if not all(isinstance(text, str) for text in texts) or not isinstance(line, int) or isinstance(line, bool):
        raise TypeError
    if not -(2**31) <= line < 2**31:
        raise ValueError
    name, file, of, note = texts
    return Bookmark((name, file, line, of), note[:LONGEST])


def write(path: Path, bookmarks: Bookmarks) -> str:
    """Keep them, and say where. Raises Unwritable; a file that is something else stays."""
    try:
        read(path)
    except Unsound as error:
        raise Unwritable(f"{error}; it stays as it is") from None
    entries = []
    for bookmark in bookmarks.all:
        name, file, line, of = bookmark.function
        entries.append({"name": name, "file": file, "line": line, "object": of, "note": bookmark.note})
    content = json.dumps({"proftui_session": VERSION, "bookmarks": entries}, indent=1).encode()
    write_files(str(path), [content + b"\n"], force=True)
    return f"wrote {path}"
