"""The calls of one thread, out of events that begin and end them.

As speedscope has it: an end that is not that of the call begun last is left out, and what has no end goes on until the
last time of its thread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proftui.formats.trace.columns import BEGIN, COMPLETE, END, Columns
from proftui.model import Floats, Ids

Rows = npt.NDArray[np.intp]

NO_END = -1


@dataclass(frozen=True, eq=False)
class Calls:
    """N calls of a thread: those that were begun come before those that are one event, else in the file's order.

    start, lasts     microseconds, the start as it is in the file
    kind, detail     as Columns has them
    unended          how many have no end; lost_ends: how many ends have no call
    timeless         how many do not say how long they last, or say less than nothing
    """

    start: Floats
    lasts: Floats
    kind: Ids
    detail: Ids
    unended: int = 0
    lost_ends: int = 0
    timeless: int = 0


def calls_of(columns: Columns, rows: Rows, unnamed: int) -> Calls:
    """The calls in these rows, which are one thread's. An end of the kind `unnamed` is that of any call."""
    phase = columns.phase[rows]
    whole = rows[phase == COMPLETE]
    at, lasts = columns.at[whole], columns.lasts[whole]
    wrong = ~(lasts >= 0)
    timeless = int(wrong.sum())
    if timeless:
        lasts = np.where(wrong, 0.0, lasts)
    if len(whole) == len(rows):
        return Calls(*_as_written(at, lasts, columns.kind[whole], columns.detail[whole]), timeless=timeless)
    begins, ends, lost = _paired(columns, rows[phase != COMPLETE], unnamed)
    unended = ends == NO_END
    last = max(
        float((at + lasts).max(initial=-np.inf)),
        float(columns.at[begins].max(initial=-np.inf)),
        float(columns.at[ends[~unended]].max(initial=-np.inf)),
    )
    started = columns.at[begins]
    ended = np.where(unended, last, columns.at[ends])
    said = columns.detail[begins]
    return Calls(
        np.concatenate([started, at]),
        np.concatenate([ended - started, lasts]),
        np.concatenate([columns.kind[begins], columns.kind[whole]]),
        np.concatenate([np.where((said < 0) & ~unended, columns.detail[ends], said), columns.detail[whole]]),
        int(unended.sum()),
        lost,
        timeless,
    )


def _as_written(at: Floats, lasts: Floats, kind: Ids, detail: Ids) -> tuple[Floats, Floats, Ids, Ids]:
    """Calls with the outer one first of those that begin and end at once: tracers that write calls as they end, as
    VizTracer does, have it last.
    """
    until = at + lasts
    if len(at) > 1 and not (np.diff(until) < 0).any() and (np.diff(at) < 0).any():
        return at[::-1], lasts[::-1], kind[::-1], detail[::-1]
    return at, lasts, kind, detail


def _paired(columns: Columns, rows: Rows, unnamed: int) -> tuple[Rows, Rows, int]:
    """The rows that begin calls, in the order of time; the row that ends each, or NO_END; how many ends are left."""
    rows = rows[np.argsort(columns.at[rows], kind="stable")]
    ending = (columns.phase[rows] == END).tolist()
    kinds = columns.kind[rows].tolist()
    ends: dict[int, int] = {}
    opened: list[int] = []
    lost = 0
    for at, (ends_one, kind) in enumerate(zip(ending, kinds, strict=True)):
        if not ends_one:
            opened.append(at)
        elif opened and kind in (kinds[opened[-1]], unnamed):
            ends[opened.pop()] = at
        else:
            lost += 1
    begins = np.flatnonzero(columns.phase[rows] == BEGIN)
    which = np.array([ends.get(at, NO_END) for at in begins.tolist()], np.intp)
    return rows[begins], np.where(which == NO_END, NO_END, rows[which]), lost
