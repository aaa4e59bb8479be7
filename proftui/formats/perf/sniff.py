"""Whether a file is what `perf script` prints: by how its first samples begin."""

from __future__ import annotations

import re
from itertools import pairwise

from proftui.formats.encoding import utf8_head
from proftui.formats.perf.headers import RECORD, header_of
from proftui.formats.source import HEAD

_FRAME = re.compile(rb"\s*[0-9a-f]{1,16}\s+(?:\S.*)?\(.*\)|\s+[0-9a-f]{4,16}\s+\S.*", re.DOTALL)
_MOST_LINES = 400


def sniff(head: bytes, name: str) -> bool:
    """Whether the first lines, but for remarks, are headers or other records, up to one that a frame follows.

    Without a frame all of them must tell a time.
    """
    del name
    lines = utf8_head(head).split(b"\n")
    if len(head) >= HEAD:
        lines.pop()
    told = [line.rstrip() for line in lines if line.strip() and not line.startswith(b"#")][:_MOST_LINES]
    for line, below in pairwise([*told, b""]):
        header = header_of(line)
        if header is None:
            return False
        if RECORD not in line and (_FRAME.fullmatch(header.rest) or _FRAME.fullmatch(below)):
            return True
        if header.time is None:
            return False
    return len(told) > 1
