"""The `# proftui:` comment lines: what callgrind cannot hold, as differences from what its lines say.

    # proftui: {"version": 1, ...}          one JSON object about the part, its metrics and the columns below
    # proftui: function 17 ["name", "file", 3, "object"]   one whose identity its written name does not give
    # proftui: inclusive 0:3 2:-1 1:nan     one column's differences

Functions are counted in the order of `file_order`, arcs by (caller, callee) in that order. An entry of a column is
GAP:DIFFERENCE: how many places it lies behind the one before (the first: its place; a column of several metrics
is one row after the other, and a column may go on in more lines), and what to add to the value that
`predicted` gives, `nan` for not measured. All of it is ignored when the check does not fit the lines.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from proftui.formats.callgrind.naming import Written
from proftui.formats.callgrind.shown import Shown
from proftui.model import CallGraph, Floats, Ids

PREFIX = b"# proftui:"
VERSION = 1

COLUMNS = (
    "self_cost", "calls", "primitive_calls", "arc_cost", "arc_calls", "arc_primitive_calls", "arc_self", "inclusive",
)  # fmt: skip
"""Columns of a CallGraph, in the order in which they are restored: a later one is predicted from earlier ones."""

_ENTRIES_A_LINE = 100


def file_order(rows: Sequence[Written]) -> Ids:
    """The places of `rows` in the order of the file: by file, object and name."""
    files = {file: rank for rank, file in enumerate(sorted({row.file for row in rows}))}
    objects = {name: rank for rank, name in enumerate(sorted({row.object for row in rows}))}
    keys = [(files[file], objects[named], name) for file, named, name in rows]
    return np.array(sorted(range(len(rows)), key=keys.__getitem__), np.int32)


def predicted(column: str, stated: Shown, known: Mapping[str, Floats | None]) -> Floats:
    """What `column` is taken to be, given what the lines state and the columns before it."""
    if column in ("self_cost", "arc_cost", "arc_calls"):
        values: Floats = getattr(stated, column)
    elif column == "calls":
        values = stated.called()
    elif column == "primitive_calls":
        values = _or(known["calls"], stated.called())
    elif column == "arc_primitive_calls":
        values = _or(known["arc_calls"], stated.arc_calls)
    elif column == "inclusive":
        values = stated.inclusive()
    else:
        values = _arc_self(stated, known)
    return np.nan_to_num(values)


def _arc_self(stated: Shown, known: Mapping[str, Floats | None]) -> Floats:
    """M x a: all of the arc's cost where the callee calls nothing, all of its self cost where nothing else calls it."""
    size = stated.self_cost.shape[1]
    leaf = np.bincount(stated.caller, minlength=size) == 0
    only = np.bincount(stated.callee, minlength=size) == 1
    own = _or(known["self_cost"], stated.self_cost)[:, stated.callee]
    arcs = _or(known["arc_cost"], stated.arc_cost)
    return np.where(leaf[stated.callee], arcs, np.where(only[stated.callee], own, 0.0))


def _or(values: Floats | None, otherwise: Floats) -> Floats:
    return otherwise if values is None else values


def comment_lines(
    graph: CallGraph,
    stated: Shown,
    rows: Sequence[Written],
    about: dict[str, Any],
    renamed: Mapping[int, tuple[str, str, int, str]],
) -> list[str]:
    """The comments on a part whose lines state `stated` of the functions `rows` for `graph`, in the order of the file.

    `renamed` are the identities of functions, by place, that their written names do not give.
    """
    known: dict[str, Floats | None] = {column: getattr(graph, column) for column in COLUMNS}
    present = [column for column, values in known.items() if values is not None]
    lines: list[str] = []
    for column in present:
        if column == "inclusive" and graph.derived:
            continue
        lines += _column(column, _or(known[column], np.zeros(0)), predicted(column, stated, known))
    head = {
        "version": VERSION, **about, "derived": graph.derived, "columns": present,
        "functions": len(graph), "arcs": graph.arcs, "check": check(stated, rows),
    }  # fmt: skip
    functions = [f"# proftui: function {at} {json.dumps(identity)}" for at, identity in renamed.items()]
    return [f"# proftui: {json.dumps(head)}", *functions, *lines]


def check(stated: Shown, rows: Sequence[Written]) -> int:
    """A checksum of all that the lines state of the functions `rows`, which are in the order of the file."""
    code = zlib.crc32("\n".join(map("\t".join, rows)).encode("utf-8", "surrogatepass"))
    for values in (stated.caller, stated.callee, stated.self_cost, stated.arc_cost, stated.arc_calls):
        code = zlib.crc32(np.ascontiguousarray(values, "<f8").tobytes(), code)
    return code


def _column(column: str, values: Floats, prediction: Floats) -> Iterator[str]:
    flat, guess = values.ravel(), prediction.ravel()
    places = np.flatnonzero(flat != guess)
    gaps: list[int] = np.diff(places, prepend=0).tolist()
    entries = [f"{gap}:{value}" for gap, value in zip(gaps, numbers((flat - guess)[places]), strict=True)]
    for start in range(0, len(entries), _ENTRIES_A_LINE):
        yield f"# proftui: {column} {' '.join(entries[start : start + _ENTRIES_A_LINE])}"


def numbers(values: Floats) -> Sequence[int | float]:
    """`values` as Python numbers, whole ones as integers of any size."""
    if np.isfinite(values).all() and (np.abs(values) < 2.0**62).all() and (values == np.round(values)).all():
        whole: list[int] = values.astype(np.int64).tolist()
        return whole
    return [int(value) if value.is_integer() else value for value in values.tolist()]


def read_column(text: Sequence[bytes], prediction: Floats) -> Floats:
    """The values whose differences from `prediction` the entries in `text` state; raises ValueError."""
    pairs: npt.NDArray[np.float64] = np.array(b" ".join(text).replace(b":", b" ").split(), np.float64).reshape(-1, 2)
    values: Floats = prediction.copy()
    flat = values.reshape(-1)
    places = np.cumsum(pairs[:, 0])
    if len(places) and not (places[0] >= 0 and (np.diff(places) > 0).all() and places[-1] < len(flat)):
        raise ValueError("a place out of order")
    flat[places.astype(np.intp)] += pairs[:, 1]
    return values
