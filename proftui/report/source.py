"""Source files, read to be shown: bounded, decoded, never run. What cannot be shown is one sentence."""

from __future__ import annotations

import codecs
import io
import re
import stat
import sys
import time
import tokenize
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from proftui.analysis.outline import Outline, Unparsable, outline_of
from proftui.errors import ProftuiError
from proftui.model import NO_FILE, Functions
from proftui.report.source_map import SourceMap, is_windows
from proftui.report.text import safe

LARGEST = 16 << 20
"""Bytes of a file that are read; what lies beyond is not shown, and that is said."""

LARGEST_PARSED = 2 << 20
"""Bytes of a text whose syntax is looked at: a tree takes some hundred times as many."""

TAB = 8

_LINE_END = re.compile(r"\r\n|\r|\n")
_PYTHON = re.compile(r"\.(?:py|pyw|pyi|pyx)$", re.IGNORECASE)
_PSEUDO = re.compile(r"<.*>", re.DOTALL)


class NoSource(ProftuiError):
    """There is no source text to show; the sentence says why."""


@dataclass(frozen=True, eq=False)
class SourceText:
    """A file's text. `changed` is when it was last changed, in seconds since the epoch; `notes` are sentences."""

    path: str
    text: str
    changed: float
    notes: tuple[str, ...] = ()

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines as Python counts them, tabs expanded; the characters are still the file's."""
        lines = _LINE_END.split(self.text)
        if len(lines) > 1 and not lines[-1]:
            lines.pop()
        return tuple(line.expandtabs(TAB) for line in lines)

    @property
    def is_python(self) -> bool:
        """Whether the file's name or first line says that it is Python."""
        return bool(_PYTHON.search(self.path)) or (self.text.startswith("#!") and "python" in self.lines[0])

    @cached_property
    def _outline(self) -> Outline | Unparsable:
        if not self.is_python:
            return Unparsable("not Python")
        if len(self.text) > LARGEST_PARSED:
            return Unparsable("too large to be parsed")
        try:
            return outline_of(self.text)
        except Unparsable as error:
            return error

    @property
    def outline(self) -> Outline | None:
        """The definitions in it, None where it is not Python that can be parsed."""
        return self._outline if isinstance(self._outline, Outline) else None

    @property
    def unparsable(self) -> str:
        """Why there is no outline, "" where there is one."""
        return "" if isinstance(self._outline, Outline) else str(self._outline)


class Sources:
    """The source files of one profile, each read once. `profile` is its own path, "" where it came from a pipe."""

    def __init__(self, profile: str = "", mapping: SourceMap | None = None) -> None:
        self.mapping = mapping or SourceMap()
        self._folder = Path(profile).parent if profile not in ("", "-") else Path()
        self._made_at = _changed_at(profile)
        self._read: dict[str, SourceText | NoSource] = {}

    def read(self, file: str) -> SourceText:
        """The text of a file that the profile names. Raises NoSource."""
        if file not in self._read:
            try:
                self._read[file] = read_source(self.path(file))
            except NoSource as error:
                self._read[file] = error
        found = self._read[file]
        if isinstance(found, NoSource):
            raise found
        return found

    def find(self, file: str) -> SourceText | None:
        """The text of a file, None where it is not to be had."""
        try:
            return self.read(file)
        except NoSource:
            return None

    def forget(self) -> None:
        """Read files anew from now on: they may have been edited."""
        self._read.clear()

    def path(self, file: str) -> str:
        """Where a file lies here: where the map says, as named, or from the profile's folder. Raises NoSource."""
        if sentence := _no_file(file):
            raise NoSource(sentence)
        if (mapped := self.mapping.mapped(file)) is not None:
            return str(Path(mapped).expanduser())
        if is_windows(file) and sys.platform != "win32":
            raise NoSource(f"{_short(file)} lies on a Windows machine; --source-map FROM=TO says where it is here")
        if file.startswith(("\\\\", "//")):
            # merely opening such a path would send the user's credentials to the machine that it names
            raise NoSource(f"{_short(file)} lies on another machine; --source-map FROM=TO says where it is here")
        if not Path(file).is_absolute() and not Path(file).exists() and (self._folder / file).exists():
            return str(self._folder / file)
        return file

    def newer(self, source: SourceText) -> str:
        """A sentence where a file was changed after the profile was written, else ""."""
        if self._made_at is None or source.changed <= self._made_at:
            return ""
        return (
            f"{_short(source.path)} was changed {_moment(source.changed)}, the profile was written"
            f" {_moment(self._made_at)}: lines may have moved"
        )


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))


def _short(path: str) -> str:
    return safe(path)


def _changed_at(path: str) -> float | None:
    try:
        return Path(path).stat().st_mtime if path not in ("", "-") else None
    except OSError:
        return None


def _no_file(file: str) -> str:
    """Why a file name is the name of no file, or ""."""
    if file in ("", NO_FILE):
        return "the profile names no source file for it"
    if file.startswith("<frozen "):
        return f"{_short(file)} is frozen into the interpreter: no source file is read for it"
    if _PSEUDO.fullmatch(file):
        return f"{_short(file)} is no file: the code was made or typed in while the program ran"
    if set(file) == {"?"}:
        return "the file is not known: the program was compiled without debugging information"
    return "the file's name holds a NUL character" if "\0" in file else ""


def source_sentence(functions: Functions, function: int) -> str:
    """Why a function has no source file, or ""."""
    return _no_file(functions.file[function])


def read_source(path: str) -> SourceText:
    """A file's text. Raises NoSource for what is missing, no plain file, or no text."""
    notes: list[str] = []
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            raise NoSource(f"{_short(path)} is no plain file")
        with Path(path).open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise NoSource(_unreadable(path, error)) from None
    if len(content) > LARGEST:
        content = content[:LARGEST].rpartition(b"\n")[0]
        notes.append(f"{_short(path)} is larger than {LARGEST >> 20} MiB; its first lines are shown")
    return SourceText(path, _decoded(content, path, notes), status.st_mtime, tuple(notes))


def _unreadable(path: str, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{_short(path)} is not here; --source-map FROM=TO says where sources of another machine are"
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{_short(path)} cannot be read: {reason}"


def _decoded(content: bytes, path: str, notes: list[str]) -> str:
    """The text: by byte order mark or coding cookie, else UTF-8; what does not fit is replaced, and that is said."""
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(name, "replace")
    if b"\0" in content:
        raise NoSource(f"{_short(path)} is no text")
    encoding = _encoding(content)
    for decode in (_strictly(encoding), _strictly("utf-8-sig"), _strictly("latin-1")):
        try:
            return decode(content)
        except (LookupError, ValueError):  # UnicodeError is a ValueError
            note = f"{_short(path)} is not {encoding} throughout"
            if note not in notes:
                notes.append(note)
    raise AssertionError("unreachable: Latin-1 decodes all bytes")


def _strictly(encoding: str) -> Callable[[bytes], str]:
    return lambda content: content.decode(encoding)


_SLOW = frozenset({"punycode", "idna"})
"""Codecs whose time grows with the square of the text."""


def _encoding(content: bytes) -> str:
    """What PEP 263 says of the first two lines."""
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
    except SyntaxError:
        return "utf-8"
    return "utf-8" if encoding in _SLOW else encoding
