"""The traces in a pickle, checked: in columns, each different traceback once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed
from proftui.formats.plain_pickle import Instance, unpickled
from proftui.formats.source import Progress
from proftui.formats.tracemalloc.sniff import SNAPSHOT, TRACES
from proftui.model import Floats, Ids

MOST_FRAMES = 1 << 16
"""Of a traceback: tracemalloc itself keeps fewer."""

_SHARED = 4
"""Frames for each byte: as a pickle holds equal tracebacks once, a few domains may have the same."""


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
    tracebacks = _Tracebacks(len(data))
    numbers = np.array([_row(row, tracebacks) for row in rows], np.int64).reshape(-1, 4).T
    domain, size, traceback, frames = numbers
    if (size < 0).any() or (np.abs(domain) >= 2**31).any() or (np.abs(frames) >= 2**31).any():
        raise Malformed("a trace holds a number that cannot be")
    if _rows(domain, traceback, tracebacks.stacks) > _SHARED * len(data):
        raise Malformed("holds more frames than bytes")
    return Traces(
        domain.astype(np.int32), size.astype(np.float64), traceback.astype(np.int32), frames.astype(np.int32),
        tracebacks.stacks, list(tracebacks.places), limit if type(limit) is int else None,
    )  # fmt: skip


def _rows(domain: npt.NDArray[np.int64], traceback: npt.NDArray[np.int64], stacks: Sequence[Ids]) -> int:
    """How many frames the tracebacks of all domains have, those of several domains as often."""
    lengths = np.array([len(stack) for stack in stacks], np.int64)
    pairs = np.unique(np.stack([domain, traceback]), axis=1)
    return int(lengths[pairs[1]].sum())


class _Tracebacks:
    """Takes up tracebacks, of which pickles hold equal ones once."""

    def __init__(self, most: int) -> None:
        self.stacks: list[Ids] = []
        self.places: dict[tuple[str, int], int] = {}
        self._left = most
        self._numbers: dict[int, int] = {}

    def number(self, traceback: object) -> int:
        """The number of a traceback, by which object it is."""
        known = self._numbers.get(id(traceback))
        if known is None:
            known = self._numbers[id(traceback)] = len(self.stacks)
            self.stacks.append(self._stack(traceback))
        return known

    def _stack(self, traceback: object) -> Ids:
        if not isinstance(traceback, tuple) or not 0 < len(traceback) <= MOST_FRAMES:
            raise Malformed("a traceback is no list of frames")
        self._left -= len(traceback)
        if self._left < 0:
            raise Malformed("holds more frames than bytes")
        places = self.places
        try:
            return np.array([places.setdefault(_place(frame), len(places)) for frame in traceback], np.int32)
        except TypeError:
            raise Malformed("a frame is not told by file and line") from None


def _place(frame: object) -> tuple[str, int]:
    match frame:
        case (str() as file, int() as line):
            return file, line if 0 < line < 2**31 else -1
    raise TypeError


def _row(row: object, tracebacks: _Tracebacks) -> tuple[int, int, int, int]:
    """(domain, size, traceback, frames) of a trace: the shape of Python 3.9 on, of 3.6 on, and of 3.4."""
    match row:
        case (int() as domain, int() as size, traceback, int() as frames):
            return domain, size, tracebacks.number(traceback), frames
        case (int() as domain, int() as size, traceback):
            return domain, size, tracebacks.number(traceback), -1
        case (int() as size, traceback):
            return 0, size, tracebacks.number(traceback), -1
    raise Malformed("a trace is not told by its size and traceback")
