"""The statistics in a pickle, checked."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from proftui.errors import Malformed
from proftui.formats.lprof.sniff import CLASSES
from proftui.formats.plain_pickle import Instance, unpickled
from proftui.model import Floats, Ids
from proftui.units import TIME

Identity = tuple[str, int, str]
"""File, the line on which the function begins, and its name."""


@dataclass(frozen=True, eq=False)
class Timings:
    """The F functions that were watched, and the k lines of theirs that ran.

    function, line   k: index into `functions`, line in its file
    hits, time       k: how often it ran; for how long, with what it called, in whole nanoseconds
    """

    functions: tuple[Identity, ...]
    function: Ids
    line: Ids
    hits: Floats
    time: Floats


def timings_of(data: bytes) -> Timings:
    """What the bytes of a file hold. Raises Malformed."""
    stats = unpickled(data, CLASSES)
    if not isinstance(stats, Instance):
        raise Malformed("the pickle does not hold line_profiler's statistics")
    table, unit = stats.state.get("timings"), stats.state.get("unit")
    if not isinstance(table, dict):
        raise Malformed("there are no timings")
    if not isinstance(unit, (int, float)) or not math.isfinite(unit) or not 0 < unit <= 1e6:
        raise Malformed("the unit of time is no number of seconds")
    functions = tuple(_identity(key) for key in table)
    lists = [_listed(lines) for lines in table.values()]
    sizes = np.array([len(lines) for lines in lists], np.int64)
    if sizes.sum() > len(data):
        # each row takes more than a byte, unless one list stands for many functions
        raise Malformed("one list of lines belongs to several functions")
    columns = np.array([_row(row) for lines in lists for row in lines], np.int64).reshape(-1, 3).T
    line, hits, ticks = columns
    if (columns < 0).any() or (line >= 2**31).any():
        raise Malformed("a line holds a number that cannot be")
    return Timings(
        functions,
        np.repeat(np.arange(len(functions), dtype=np.int32), sizes),
        line.astype(np.int32),
        hits.astype(np.float64),
        np.rint(ticks * (unit / TIME.base)),
    )


def _identity(key: object) -> Identity:
    match key:
        case (str() as file, int() as line, str() as name) if 0 <= line < 2**31:
            return file, line, name
    raise Malformed("a function is not told by its file, line and name")


def _listed(lines: object) -> list[object]:
    if not isinstance(lines, list):
        raise Malformed("the lines of a function are no list")
    return lines


def _row(row: object) -> tuple[int, int, int]:
    match row:
        case (int() as line, int() as hits, int() as ticks):
            return line, hits, ticks
    raise Malformed("a line is not told by its number, hits and time")
