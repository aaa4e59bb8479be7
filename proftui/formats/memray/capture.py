"""What memray's reader says is in a capture, checked: the process that it ran in may have been led astray."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed
from proftui.model import Ids

KINDS = ("high_watermark", "leaked", "temporary")
"""Of figures: what was there at the peak and at the end, and what was freed before anything else was allocated."""

Numbers = npt.NDArray[np.int64]


class Header(msgspec.Struct):
    """What is told of a capture as a whole.

    kinds    names of the kinds of figures that it has
    threads  (memray's number of it, its name), in the order in which rows number them
    columns  how many numbers each column has
    """

    memray: str
    pid: int
    main_thread: int
    command: str
    allocator: str
    native: bool
    traces_allocators: bool
    peak: int
    kinds: list[str]
    threads: list[tuple[int, str]]
    texts: list[str]
    columns: dict[str, Annotated[int, msgspec.Meta(ge=0)]]


@dataclass(frozen=True, eq=False)
class Capture:
    """The stacks of a capture and what was allocated in them.

    frames     3 x F: name and file, as indices into the header's texts, and line, 0 for none
    rows       3 x R: thread, row of the caller, which comes before it, or -1, and frame
    records    4 x k: number of the kind, row, bytes, allocations
    snapshots  3 x s: milliseconds, resident memory, memory on the heap
    """

    header: Header
    frames: Ids
    rows: Ids
    records: Numbers
    snapshots: Numbers


_COLUMNS = (("frames", 3, 4), ("rows", 3, 4), ("records", 4, 8), ("snapshots", 3, 8))
"""Name, numbers a row, bytes a number."""


def capture_of(answer: bytes) -> Capture:
    """The capture in the answer of the child process. Raises Malformed."""
    line, _, content = answer.partition(b"\n")
    try:
        header = msgspec.json.decode(line, type=Header)
        columns, at = [], 0
        for name, width, size in _COLUMNS:
            count = header.columns[name]
            column = np.frombuffer(content, np.dtype(f"i{size}"), count, at)
            columns.append(column.reshape(-1, width).T)
            at += size * count
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, ValueError):
        raise Malformed("memray's reader broke off") from None
    capture = Capture(header, *columns)
    if not _is_sound(capture):
        raise Malformed("memray's reader finds numbers in it that cannot be")
    return capture


def _is_sound(capture: Capture) -> bool:
    header = capture.header
    name, file, line = capture.frames
    thread, caller, frame = capture.rows
    kind, row, size, count = capture.records
    called = caller >= 0
    return (
        _within(name, len(header.texts))
        and _within(file, len(header.texts))
        and bool((line >= 0).all())
        and _within(thread, len(header.threads))
        and _within(frame, len(name))
        and bool((caller < np.arange(len(caller))).all())
        and bool((caller >= -1).all() and (thread[caller[called]] == thread[called]).all())
        and tuple(header.kinds) == KINDS[: len(header.kinds)]
        and _within(kind, len(header.kinds))
        and _within(row, len(frame))
        and _within(size, 1 << 53)
        and _within(count, 1 << 53)
    )


def _within(values: npt.NDArray[np.integer], size: int) -> bool:
    return not len(values) or bool(values.min() >= 0 and values.max() < size)
