"""The members of pyinstrument's files that are read.

Sessions: https://github.com/joerick/pyinstrument/blob/main/pyinstrument/session.py
Trees:    https://github.com/joerick/pyinstrument/blob/main/pyinstrument/renderers/jsonrenderer.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from proftui.formats.json_bytes import json_bytes
from proftui.formats.json_faults import ERRORS, fault
from proftui.formats.source import Source

Record = tuple[list[str], float]
"""What was on the stack from root to leaf, and for how many seconds."""

_DEPTH = 4_000
"""Twice the frames that a rendered tree may have on top of each other; Python's own stack has 1,000 of them."""


class Session(msgspec.Struct):
    """What is known of a run; up to pyinstrument 4 it has a program, later a target."""

    sample_count: int | None = None
    duration: float | None = None
    cpu_time: float | None = None
    program: str | None = None
    target_description: str | None = None


class Recorded(Session, kw_only=True):
    """A session with its records in order of time, not looked into."""

    frame_records: msgspec.Raw


class RenderedFrame(msgspec.Struct, gc=False):
    """A node of what `-r json` prints. `line_no` is that of the definition, of a thread its number."""

    function: str
    time: float
    file_path: str | None = None
    line_no: int | None = None
    class_name: str | None = None
    children: list[RenderedFrame] = []


class Rendered(Session, kw_only=True):
    """What `-r json` prints: children of a frame by time, those of little time left out."""

    root_frame: RenderedFrame | None


class TreeFrame(msgspec.Struct, gc=False):
    """A node of what lies in the pages of `-r html`; of attributes their seconds."""

    identifier: str
    time: float
    attributes: dict[str, float] = {}
    children: list[TreeFrame] = []


class Embedded(msgspec.Struct):
    """What lies in the pages of `-r html`: children of a frame in order of time."""

    session: Session
    frame_tree: TreeFrame | None


_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_RECORDED = msgspec.json.Decoder(Recorded)
_RENDERED = msgspec.json.Decoder(Rendered)
_EMBEDDED = msgspec.json.Decoder(Embedded)


def document_of(source: Source) -> Recorded | Rendered | Embedded:
    """The document in a file. Raises Malformed."""
    content = json_bytes(source)
    try:
        with _deep():
            members = _MEMBERS.decode(content)
            if "frame_records" in members:
                return _RECORDED.decode(content)
            return _EMBEDDED.decode(content) if "frame_tree" in members else _RENDERED.decode(content)
    except ERRORS as error:
        raise fault(error, "", len(content)) from None


@contextmanager
def _deep() -> Iterator[None]:
    """Let a decoder go deeper than a stack of Python's goes by default, as it does by itself from Python 3.12 on."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
