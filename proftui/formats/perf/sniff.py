"""Whether a file is what `perf script` prints: by how its first samples begin."""

from __future__ import annotations

import re

from proftui.formats.encoding import utf8_head
from proftui.formats.perf.headers import RECORD, header_of

_FRAME = re.compile(rb"\s*[0-9a-f]{1,16}\s+(?:\S.*)?\(.*\)\s*|\s+[0-9a-f]{4,16}\s+\S.*", re.DOTALL)
_MOST_LINES = 400


def sniff(head: bytes, name: str) -> bool:
    """Whether the first lines, but for remarks, are headers or other records, and a frame follows one of them."""
    del name
    lines = (line.rstrip() for line in utf8_head(head).split(b"\n"))
    told = [line for line in lines if line and not line.startswith(b"#")][:_MOST_LINES]
    if not told or not _begins(told[0]):
        return False
    for line, below in zip(told, [*told[1:], b""], strict=True):
        header = header_of(line) if RECORD not in line else None
        if header is not None:
            return _FRAME.fullmatch(header.rest or below) is not None
        if not _begins(line):
            return False
    return len(told) > 1


def _begins(line: bytes) -> bool:
    header = header_of(line)
    return header is not None and (header.time is not None or bool(header.event))
