"""Whether a file is of Python's sampler."""

from __future__ import annotations

import re
import struct

from proftui.formats.tachyon.header import BIG, HEADER, LITTLE

_OBJECT = re.compile(rb"\s*\{[^{}\n]*\}")
_MEMBERS = tuple(re.compile(name) for name in (rb'"type"\s*:\s*"meta"', rb'"run_id"', rb'"sample_interval_usec"'))


def sniff_binary(head: bytes, name: str) -> bool:
    """Whether a file begins with the sampler's word, a small version and Python's, which is 3."""
    del name
    for magic, order in ((LITTLE, "<"), (BIG, ">")):
        if head.startswith(magic) and len(head) >= HEADER:
            return 0 < struct.unpack_from(f"{order}I", head, 4)[0] < 256 and head[8] == 3
    return False


def sniff_lines(head: bytes, name: str) -> bool:
    """Whether the first line is the sampler's."""
    del name
    first = _OBJECT.match(head)
    return first is not None and all(member.search(first[0]) for member in _MEMBERS)
