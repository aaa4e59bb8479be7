"""The header and the tables of a binary file.

A header of 64 bytes, the samples, a table of strings (each its length and UTF-8), a table of frames (the numbers of
file and function, then line, end line, column and end column as differences, and an opcode), a footer of 32 bytes that
begins with the lengths of both tables. Numbers within are variable-length; the header's have the machine's byte order.
https://github.com/python/cpython/blob/main/Modules/_remote_debugging/binary_io.h
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from proftui.errors import Malformed
from proftui.formats.tachyon.varints import Cursor
from proftui.model import NO_LINE

HEADER, FOOTER = 64, 32
VERSION = 1

LITTLE, BIG = b"HCAT", b"TACH"

REPLAY = "Python's own replays it: python3.15 -m profiling.sampling replay FILE --pstats -o out.prof"

_LAYOUTS = ("QQQIQQI", "QQIIQQI")
"""Of start, interval, samples, threads, both tables and compression, behind versions: 3.15 has 64 bits for samples,
its first releases 32."""

Frame = tuple[str, str, int]
"""(name, file, current line)"""


@dataclass(frozen=True)
class Header:
    """`start` and `interval` in microseconds; where tables begin."""

    order: str
    python: str
    start: int
    interval: int
    samples: int
    strings_at: int
    frames_at: int
    compressed: bool


def header_of(data: bytes) -> Header:
    """The header of a file. Raises Malformed, also for another version than the one that is known."""
    if len(data) < HEADER + FOOTER:
        raise Malformed("ends too early", f"byte {len(data):,}")
    order = "<" if data.startswith(LITTLE) else ">"
    (version,) = struct.unpack_from(f"{order}I", data, 4)
    python = ".".join(map(str, data[8:11]))
    if version != VERSION:
        raise Malformed(f"is of version {version:,} (Python {python}), which is not known here; {REPLAY}")
    for layout in _LAYOUTS:
        start, interval, samples, _, strings, frames, compression = struct.unpack_from(order + layout, data, 12)
        if HEADER <= strings <= frames <= len(data) - FOOTER and compression < 2:
            return Header(order, python, start, interval, samples, strings, frames, compression == 1)
    raise Malformed(f"its tables are not where its header says; {REPLAY}")


def frames_of(data: bytes, header: Header) -> list[Frame]:
    """The frames of a file. Raises Malformed."""
    strings, frames = struct.unpack_from(f"{header.order}II", data, len(data) - FOOTER)
    cursor = Cursor(data[: header.frames_at], header.strings_at, "file")
    texts = [cursor.take(cursor.unsigned()).decode("utf-8", "replace") for _ in range(strings)]
    cursor = Cursor(data[: len(data) - FOOTER], header.frames_at, "file")
    found = []
    for _ in range(frames):
        file, name, line = cursor.unsigned(), cursor.unsigned(), cursor.signed()
        if file >= len(texts) or name >= len(texts):
            raise cursor.fault("a text is not there")
        for _ in range(3):
            cursor.signed()
        cursor.byte()
        found.append((texts[name], texts[file], line if 0 < line < 1 << 31 else NO_LINE))
    return found
