"""Callgrind exactly as the pyprof2calltree package writes it: its own output, byte for byte."""

from __future__ import annotations

import io
import pstats
from os import PathLike, fspath
from typing import Any

import numpy as np

from proftui.errors import Unwritable
from proftui.formats.pstats.reader import sniff, table_of
from proftui.formats.pstats.table import Table
from proftui.formats.source import Source

Row = tuple[int, int, float, float, "dict[tuple[str, int, str], tuple[int, int, float, float]]"]


def compat(profile: str | PathLike[str] | bytes) -> bytes:
    """What `pyprof2calltree -i FILE -o OUT` writes to OUT for a file of pstats, given as a path or as its bytes.

    The package would have `marshal` load the file; it gets the table that the strict reader decoded instead.
    Raises Malformed for damaged files, and Unwritable where the package refuses one: it needs the times of arcs,
    which the `profile` module and Python 3.15's sampler do not record.
    """
    name = "-" if isinstance(profile, bytes) else fspath(profile)
    data = profile if isinstance(profile, bytes) else Source(name).read()
    if not sniff(data, name):
        raise Unwritable(f"{name}: is not a file of pstats, which is all that pyprof2calltree converts")
    table = table_of(data)
    if not len(table.function):
        raise Unwritable(f"{name}: pyprof2calltree refuses it: there are no functions")
    if table.sampled or np.isnan(table.arc_numbers).any():
        raise Unwritable(f"{name}: pyprof2calltree refuses it: calls have no times of their own")
    return _converted(_stats(table), name)


class _Decoded:
    """What pstats.Stats takes for a profiler."""

    def __init__(self, stats: dict[tuple[str, int, str], Row]) -> None:
        self.stats = stats

    def create_stats(self) -> None:
        """pstats.Stats calls it before it takes `stats`, which are there already."""


def _stats(table: Table) -> dict[tuple[str, int, str], Row]:
    """The table as pstats holds it; callers' rows begin with all calls, functions' rows with primitive ones."""
    keys = list(zip(table.file, table.line.tolist(), table.name, strict=True))
    callers: list[dict[Any, Any]] = [{} for _ in keys]
    arcs = zip(table.caller.tolist(), table.callee.tolist(), table.arc_numbers.T.tolist(), strict=True)
    for caller, callee, (calls, primitive, own, inclusive) in arcs:
        callers[callee][keys[caller]] = (int(calls), int(primitive), own, inclusive)
    rows = zip(table.function.tolist(), table.numbers.T.tolist(), strict=True)
    return {
        keys[at]: (int(primitive), int(calls), own, inclusive, callers[at])
        for at, (calls, primitive, own, inclusive) in rows
    }


def _converted(stats: dict[tuple[str, int, str], Row], name: str) -> bytes:
    from pyprof2calltree import CalltreeConverter

    text = io.StringIO()
    try:
        profiler: Any = _Decoded(stats)
        CalltreeConverter(pstats.Stats(profiler, stream=io.StringIO())).output(text)
        return text.getvalue().encode()
    except KeyError:
        reason = "a caller is not among its functions"
    except UnicodeEncodeError:
        reason = "a name is no Unicode text"
    except (ValueError, OverflowError):
        reason = "a time is no finite number"
    raise Unwritable(f"{name}: pyprof2calltree refuses it: {reason}")
