"""What a session file is made of: its sizes, columns and texts, in their order."""

from __future__ import annotations

from typing import NamedTuple

MAGIC = b"proftui session "
VERSION = 1


class Size(NamedTuple):
    """How many there are of something, and how many a file may have."""

    name: str
    most: int


SIZES = (
    Size("windows", 2_000_000),
    Size("entries", 20_000_000),
    Size("rows", 2_000_000),
    Size("frames", 2_000_000),
    Size("functions", 1_000_000),
    Size("threads", 20_000),
    Size("marks", 100_000),
    Size("sayings", 1_000),
)

COLUMNS = (
    ("start", "windows", "<f8"),
    ("seconds", "windows", "<f8"),
    ("errors", "windows", "<f8"),
    ("cpu", "windows", "<f8"),
    ("memory", "windows", "<f8"),
    ("sampler", "windows", "<f8"),
    ("entries", "windows", "<i4"),
    ("leaf", "entries", "<i4"),
    ("count", "entries", "<i4"),
    ("frame", "rows", "<i4"),
    ("above", "rows", "<i4"),
    ("thread", "rows", "<i4"),
    ("function", "frames", "<i4"),
    ("line", "frames", "<i4"),
    ("defined", "functions", "<i4"),
    ("pid", "threads", "<i8"),
    ("tid", "threads", "<i8"),
    ("moment", "marks", "<f8"),
)
"""(name, how many numbers it has, their type)."""

TEXTS = (
    ("name", "functions"),
    ("file", "functions"),
    ("object", "functions"),
    ("thread", "threads"),
    ("process", "threads"),
    ("label", "marks"),
    ("key", "sayings"),
    ("value", "sayings"),
)
"""(what the texts are, how many there are of them)."""

MOST_TEXT = 1 << 27
"""Bytes of all texts together."""
