"""Sessions as bytes, and as what they are made of."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from proftui.formats.base import ReadOptions
from proftui.formats.session import SESSION
from proftui.formats.session.table import COLUMNS, MAGIC, SIZES, TEXTS
from proftui.formats.session.writer import planes
from proftui.formats.source import Source
from proftui.model import Profile, Recording

Columns = dict[str, npt.NDArray[Any]]


class Bytes(Source):
    """Bytes that are in no file."""

    def __init__(self, data: bytes) -> None:
        super().__init__("-")
        self._stdin = data


def written(recording: Recording) -> bytes:
    assert SESSION.write is not None
    (content,) = SESSION.write(recording.profile())
    return content


def read(content: bytes) -> Profile:
    return SESSION.read(Bytes(content), ReadOptions())


def packed(blocks: bytes, version: bytes = b"1") -> bytes:
    return MAGIC + version + b"\n" + zlib.compress(blocks)


def made_of(
    sizes: Mapping[str, int], columns: Mapping[str, Any], texts: Mapping[str, list[bytes]], more: bytes = b""
) -> bytes:
    """A session, right or wrong, of these sizes, columns and texts, and `more` behind them."""
    counts = np.array([sizes.get(size.name, 0) for size in SIZES], "<u8")
    blocks = [planes(counts)]
    blocks += [planes(np.array(columns.get(name, []), kind)) for name, _, kind in COLUMNS]
    all_texts = [text for name, _ in TEXTS for text in texts.get(name, [])]
    blocks.append(planes(np.array([len(text) for text in all_texts], "<i4")))
    return packed(b"".join([*blocks, *all_texts, more]))


SIZES_OF_SMALL = {
    "windows": 2, "entries": 3, "rows": 3, "frames": 2, "functions": 2, "threads": 2, "marks": 1, "sayings": 1,
}  # fmt: skip

SMALL: dict[str, Any] = {
    "start": [0, 1], "seconds": [0.5, 0.5], "errors": [0, 2], "cpu": [0.25, float("nan")], "memory": [8, 9],
    "sampler": [0.125, 0.125], "entries": [2, 1], "leaf": [1, 2, 1], "count": [5, 6, 7], "frame": [0, 1, 0],
    "above": [0, 1, 0], "thread": [0, 0, 1], "function": [0, 1], "line": [3, -1], "defined": [-1, -1],
    "pid": [9, 9], "tid": [9, -1], "moment": [0.5],
}  # fmt: skip
"""Two windows: main calls work in thread 0, and thread 1 is in main."""

TEXTS_OF_SMALL = {
    "name": [b"main", b"work"], "file": [b"a.py", b""], "object": [b"", b"libc"], "thread": [b"main", b""],
    "process": [b"python a.py", b"python a.py"], "label": [b"now"], "key": [b"rate"], "value": [b"100"],
}  # fmt: skip

Make = Callable[..., bytes]


def small(**columns: Any) -> bytes:
    """The small session with other columns."""
    return made_of(SIZES_OF_SMALL, {**SMALL, **columns}, TEXTS_OF_SMALL)
