"""The members of a speedscope file that are read.

The format: https://github.com/jlfwong/speedscope/blob/main/src/lib/file-format-spec.ts
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from proftui.formats.json_bytes import decoded
from proftui.formats.source import Source

SCHEMA = "https://www.speedscope.app/file-format-schema.json"

Index = Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)]
Number = int | float
"""In JSON they are the same; whole numbers above 2^53 stay exact until a difference is taken."""


class Frame(msgspec.Struct, gc=False):
    """`line` may be that of the definition or the current one; many tools write 0 for none."""

    name: str
    file: str | None = None
    line: Number | None = None


class Event(msgspec.Struct, gc=False):
    """`type` is "O" where a frame is opened and "C" where it is closed."""

    type: str
    at: Number
    frame: Index


class Sampled(msgspec.Struct, tag_field="type", tag="sampled"):
    """Stacks from root to leaf, and what each weighs."""

    samples: msgspec.Raw
    weights: msgspec.Raw
    name: str | None = None
    unit: str = "none"


class Evented(msgspec.Struct, tag_field="type", tag="evented", rename={"start": "startValue", "end": "endValue"}):
    """Frames that are opened and closed in time."""

    events: msgspec.Raw
    name: str | None = None
    unit: str = "none"
    start: Number | None = None
    end: Number | None = None


class Shared(msgspec.Struct):
    """What profiles have in common."""

    frames: msgspec.Raw


class Document(msgspec.Struct):
    """A whole file; `proftui` is what proftui's writer adds."""

    shared: Shared
    profiles: list[Sampled | Evented]
    exporter: str | None = None
    proftui: msgspec.Raw = msgspec.Raw(b"null")


_DOCUMENT = msgspec.json.Decoder(Document)


def document_of(source: Source) -> Document:
    """The document in a file, its arrays not looked into. Raises Malformed."""
    return decoded(source, _DOCUMENT)
