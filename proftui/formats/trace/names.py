"""What functions the names of events are.

NAME (FILE:LINE)                            VizTracer, with the line of the definition
args: {"filename": FILE, "line": LINE}      py-spy, with the current line
args: {"url": FILE, "funcLine": LINE, ...}  Hermes, with the line of the definition
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from proftui.formats.json_faults import ERRORS
from proftui.formats.trace.document import Event
from proftui.model import NO_LINE

UNNAMED = "(unnamed)"

_LINE = re.compile(r"[0-9]{1,9}\)")
_PYSPY = re.compile(rb'"cat"\s*:\s*"py-spy"')
_HERMES = re.compile(rb'"(?:allocatedCategory|funcLine)"\s*:')


class Call(NamedTuple):
    """A frame: a function, and the current line of it."""

    name: str
    file: str = ""
    defined: int = NO_LINE
    object: str = ""
    line: int = NO_LINE


class Numbered(NamedTuple):
    """An event's name with the number of its frame in the file, as proftui's writer leaves it."""

    name: str
    frame: int


Kind = str | Call | Numbered
"""What an event says of its function."""

Telling = Callable[[Event], Kind]


class Sampler(NamedTuple):
    """A tool that writes samples as events, and how these tell of their functions."""

    name: str
    telling: Telling


def call_of(name: str) -> Call:
    """The function that VizTracer calls so, or else one of this name and no more."""
    # not by one regular expression, whose time would grow with the square of the name's length
    before, _, line = name.rpartition(":")
    called, apart, file = before.rpartition(" (")
    located = apart and file and _LINE.fullmatch(line)
    return Call(called, file, int(line[:-1])) if located else Call(name or UNNAMED)


class _Arguments(msgspec.Struct):
    filename: str | None = None
    line: int | None = None
    url: str | None = None
    funcLine: int | str | None = None  # noqa: N815  # Hermes's own name


_ARGUMENTS = msgspec.json.Decoder(_Arguments)


def _arguments(event: Event) -> _Arguments:
    try:
        return _ARGUMENTS.decode(event.args)
    except ERRORS:
        return _Arguments()


def _of_pyspy(event: Event) -> Kind:
    said = _arguments(event)
    return Call(event.name or UNNAMED, said.filename or "", line=_line(said.line))


def _of_hermes(event: Event) -> Kind:
    said = _arguments(event)
    return Call(event.name or UNNAMED, said.url or "", _line(said.funcLine)) if said.url else event.name or ""


def _line(line: int | str | None) -> int:
    """A line's number; NO_LINE for what is none."""
    number = int(line) if isinstance(line, int) or (line and line.isdecimal() and len(line) < 10) else 0
    return number if 0 < number < 1 << 31 else NO_LINE


PYSPY, HERMES = Sampler("py-spy", _of_pyspy), Sampler("Hermes", _of_hermes)


def sampler_of(head: bytes) -> Sampler | None:
    """The sampler whose file begins so; None for all that traces."""
    if _PYSPY.search(head):
        return PYSPY
    return HERMES if _HERMES.search(head) else None
