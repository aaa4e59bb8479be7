"""The members of Scalene's JSON that are read.

The format is what Scalene's `scalene_json.py` writes (https://github.com/plasma-umass/scalene), releases 1.5 to 2.4.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from proftui.formats.json_bytes import decoded
from proftui.formats.source import Source

LineNumber = Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1e6)]
"""In percent of the run; and megabytes, of which there are not more either."""

Amount = Annotated[float, msgspec.Meta(ge=0, le=1e12)]
Nanoseconds = Annotated[float, msgspec.Meta(ge=0, le=1e21)]


class Line(msgspec.Struct, gc=False, rename={"number": "lineno", "text": "line"}):
    """A line of source, or a function at the line of its definition, which then has the sum of its lines.

    python, native, system   percent of the time of the run
    allocated                megabytes in all
    copied                   megabytes a second of the run
    """

    number: LineNumber
    text: str = ""
    python: Share = msgspec.field(default=0.0, name="n_cpu_percent_python")
    native: Share = msgspec.field(default=0.0, name="n_cpu_percent_c")
    system: Share = msgspec.field(default=0.0, name="n_sys_percent")
    allocated: Amount = msgspec.field(default=0.0, name="n_malloc_mb")
    copied: Amount = msgspec.field(default=0.0, name="n_copy_mb_s")


class File(msgspec.Struct):
    """A source file."""

    lines: list[Line]
    functions: list[Line] = []


class Document(msgspec.Struct):
    """A whole file; `samples` are pairs of nanoseconds since the beginning and megabytes that were in use."""

    files: dict[str, File]
    seconds: Amount = msgspec.field(name="elapsed_time_sec")
    samples: list[tuple[Nanoseconds, Amount]] = []
    program: str | None = None
    args: list[str] | None = None
    memory: bool = False
    stacks: msgspec.Raw = msgspec.Raw(b"[]")


_DOCUMENT = msgspec.json.Decoder(Document)


def document_of(source: Source) -> Document:
    """The document in a file. Raises Malformed."""
    return decoded(source, _DOCUMENT)
