"""The table of a dump of pstats, as columns: {(file, line, name): (primitive calls, calls, self, cumulative, callers)}.

Two things write it. cProfile's callers are {function: (calls, primitive calls, self, cumulative)}, with the first
two the other way round than in a row; those of the `profile` module and of Python 3.15's sampler are {function: calls}.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from proftui.formats.pstats.code_objects import Code, text
from proftui.formats.pstats.objects import Decoder, Pairs, malformed
from proftui.formats.source import Progress
from proftui.model import Floats, Ids

Key = tuple[str, int, str]
"""(file, line, name)"""

SAMPLED = "__sampled__"
"""In a tuple of its own, the key by which Python 3.15's sampler says that its counts are samples."""

CALLS, PRIMITIVE, SELF, INCLUSIVE = range(4)
"""The rows of a table's numbers."""


@dataclass(frozen=True, eq=False)
class Table:
    """Columns over f functions, those that only occur as callers among them; a function's id is its index.

    file, line, name   f
    function   r, the ids of the functions that have a row, each once
    numbers    4 x r: calls, primitive calls, self seconds, cumulative seconds
    caller, callee   a, ids
    arc_numbers      4 x a, as `numbers`; NaN where the file holds a bare count of calls
    sampled    the counts are samples
    trailing   how many bytes follow the table
    """

    file: Sequence[str]
    line: Ids
    name: Sequence[str]
    function: Ids
    numbers: Floats
    caller: Ids
    callee: Ids
    arc_numbers: Floats
    sampled: bool = False
    trailing: int = 0


def decoded_table(data: bytes, progress: Progress | None = None) -> Table:
    """The table in any encoding that a Python has written, object by object. Raises Malformed."""
    decoder = Decoder(data, progress)
    ids: dict[Key, int] = {}
    function: list[int] = []
    numbers: list[tuple[float, ...]] = []
    arcs: list[tuple[int, int]] = []
    arc_numbers: list[tuple[float, ...]] = []
    sampled = False
    for at, key, row in decoder.outermost():
        if key == (SAMPLED,) and row is True:
            sampled = True
            continue
        callee = ids.setdefault(_key(key, at), len(ids))
        costs, callers = _row(row, at)
        function.append(callee)
        numbers.append(costs)
        for caller, value in callers:
            arcs.append((ids.setdefault(_key(caller, at), len(ids)), callee))
            arc_numbers.append(_arc(value, at))
    files, lines, names = zip(*ids, strict=True) if ids else ((), (), ())
    return Table(
        file=files,
        line=np.array(lines, np.int32),
        name=names,
        function=np.array(function, np.int32),
        numbers=np.array(numbers, np.float64).reshape(-1, 4).T,
        caller=np.array([caller for caller, _ in arcs], np.int32),
        callee=np.array([callee for _, callee in arcs], np.int32),
        arc_numbers=np.array(arc_numbers, np.float64).reshape(-1, 4).T,
        sampled=sampled,
        trailing=len(data) - decoder.position,
    )


def _key(key: object, at: int) -> Key:
    if not isinstance(key, tuple) or len(key) != 3:
        raise malformed("a function is not (file, line, name)", at)
    file, line, name = key
    if not isinstance(file, (str, bytes)) or isinstance(file, Code):
        raise malformed("a function's file is no text", at)
    if type(line) is not int or not -(1 << 31) <= line < 1 << 31:
        raise malformed("a function's line is no line number", at)
    if not isinstance(name, (str, bytes)):
        raise malformed("a function's name is no text", at)
    return text(file), line, text(name)


def _row(row: object, at: int) -> tuple[tuple[float, ...], Pairs]:
    if not isinstance(row, tuple) or len(row) != 5:
        raise malformed("a function's row is not (primitive calls, calls, self, cumulative, callers)", at)
    primitive, calls, own, cumulative = (_number(value, at) for value in row[:4])
    if not isinstance(row[4], Pairs):
        raise malformed("a function's callers are no table", at)
    return (calls, primitive, own, cumulative), row[4]


def _arc(value: object, at: int) -> tuple[float, ...]:
    if not isinstance(value, tuple):
        return _number(value, at), math.nan, math.nan, math.nan
    if len(value) != 4:
        raise malformed("a caller is not (calls, primitive calls, self, cumulative)", at)
    return tuple(_number(number, at) for number in value)


def _number(value: object, at: int) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise malformed("a number is missing", at)
    return float(value)
