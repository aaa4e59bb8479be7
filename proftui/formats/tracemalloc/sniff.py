"""Whether a file is a pickle of a tracemalloc snapshot."""

from __future__ import annotations

import re

SNAPSHOT, TRACES = "tracemalloc.Snapshot", "tracemalloc._Traces"

_BEGIN = re.compile(rb"\x80[\x04\x05](?:\x95.{8})?\x8c\x0btracemalloc\x94\x8c\x08Snapshot\x94\x93", re.DOTALL)
"""Protocol, frame, and the class by two texts, as all Pythons that have tracemalloc begin."""


def sniff(head: bytes, name: str) -> bool:
    """Whether the bytes begin a pickle of an instance of Snapshot."""
    del name
    return _BEGIN.match(head) is not None
