"""The traces in a pickle, checked: in columns, each different traceback once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import cast

import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed
from proftui.formats.plain_pickle import Instance, unpickled
from proftui.formats.source import Progress
from proftui.formats.tracemalloc.sniff import SNAPSHOT, TRACES
from proftui.model import NO_LINE, Floats, Ids, grouped

MOST_FRAMES = 1 << 16
"""Of a traceback: tracemalloc itself keeps fewer."""

_SHARED = 4
"""Frames for each byte: as a pickle holds equal tracebacks once, a few domains may have the same."""


_NO_TRACE = "a trace is not told by its size and traceback"
_TOO_MANY = "holds more frames than bytes"

Numbers = npt.NDArray[np.int64]

_NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Traces:
    """T blocks of memory, and the tracebacks of where they were allocated.

    domain, size     T: the domain's number, bytes
    traceback        T: index into `stacks`
    frames           T: how many frames there were before those beyond the limit were cut off; -1 where not told
    stacks           the tracebacks, each from the most recent call to the oldest, of indices into `places`
    places           (file, line)
    limit            how many frames a traceback has at most, None where not told
    """

    domain: Ids
    size: Floats
    traceback: Ids
    frames: Ids
    stacks: Sequence[Ids]
    places: Sequence[tuple[str, int]]
    limit: int | None


def traces_of(data: bytes, report: Progress | None = None) -> Traces:
    """What the bytes of a file hold. Raises Malformed."""
    snapshot = unpickled(data, frozenset((SNAPSHOT, TRACES)), report)
    state = snapshot.state if isinstance(snapshot, Instance) and snapshot.of == SNAPSHOT else {}
    held, limit = state.get("traces"), state.get("traceback_limit")
    rows = held.state.get("_traces") if isinstance(held, Instance) and held.of == TRACES else None
    if not isinstance(rows, (list, tuple)):
        raise Malformed("the pickle does not hold the traces of a snapshot")
    domain, size, tracebacks, frames = _columns(rows)
    places: dict[tuple[str, int], int] = {}
    stacks, traceback = _numbered(tracebacks, places, len(data))
    if (size < 0).any() or any((column != column.astype(np.int32)).any() for column in (domain, frames)):
        raise Malformed("a trace holds a number that cannot be")
    if _rows(domain, traceback, stacks) > _SHARED * len(data):
        raise Malformed(_TOO_MANY)
    return Traces(
        domain.astype(np.int32), size.astype(np.float64), traceback.astype(np.int32), frames.astype(np.int32),
        stacks, list(places), limit if type(limit) is int else None,
    )  # fmt: skip


def _rows(domain: Numbers, traceback: Numbers, stacks: Sequence[Ids]) -> int:
    """How many frames the tracebacks of all domains have, those of several domains as often."""
    lengths = np.array([len(stack) for stack in stacks], np.int64)
    first, _ = grouped(domain * max(len(stacks), 1) + traceback)
    return int(lengths[traceback[first]].sum())


def _columns(rows: Sequence[object]) -> tuple[Numbers, Numbers, Sequence[object], Numbers]:
    """Domains, sizes, tracebacks and numbers of frames: of the rows of Python 3.9 on, of 3.6 on, or of 3.4 on."""
    if not rows:
        return _NOTHING, _NOTHING, (), _NOTHING
    if {tuple} != set(map(type, rows)):
        raise Malformed(_NO_TRACE)
    tuples = cast("Sequence[tuple[object, ...]]", rows)
    (width, *others) = set(map(len, tuples))
    if others or not 2 <= width <= 4:
        raise Malformed(_NO_TRACE)
    columns = [list(map(itemgetter(at), tuples)) for at in range(width)]
    if width == 2:
        columns.insert(0, [0] * len(rows))
    if width < 4:
        columns.append([-1] * len(rows))
    domain, size, traceback, frames = columns
    return _numbers(domain), _numbers(size), traceback, _numbers(frames)


def _numbers(column: Sequence[object]) -> Numbers:
    if {int} != set(map(type, column)):
        raise Malformed(_NO_TRACE)
    return np.array(column, np.int64)


def _numbered(tracebacks: Sequence[object], places: dict[tuple[str, int], int], most: int) -> tuple[list[Ids], Numbers]:
    """The stack of each different traceback, and which of them each is: pickles hold equal ones once.

    New places are added to `places`. There are no more frames than `most`.
    """
    keys = list(map(id, tracebacks))
    different = dict(zip(keys, tracebacks, strict=True))
    number = {key: at for at, key in enumerate(different)}
    stacks = []
    for traceback in different.values():
        if not isinstance(traceback, tuple) or not 0 < len(traceback) <= MOST_FRAMES:
            raise Malformed("a traceback is no list of frames")
        most -= len(traceback)
        if most < 0:
            raise Malformed(_TOO_MANY)
        stacks.append(np.array([places.setdefault(_place(frame), len(places)) for frame in traceback], np.int32))
    return stacks, np.array([number[key] for key in keys], np.int64)


def _place(frame: object) -> tuple[str, int]:
    match frame:
        case (str() as file, int() as line):
            return file, line if 0 < line < 2**31 else NO_LINE
    raise Malformed("a frame is not told by file and line")
