"""The table of a dump in the shape that CPython's cProfile has written since 3.4, by numpy over the raw bytes.

Such a dump is one row after the other: a key, a tuple of costs of always 30 bytes, and the braces around callers.
The costs are found by their type codes, all at once. That is a guess, as a name might hold the same codes; it is
proved by what lies between them: if from the first byte to the last each gap is just a key and braces, the rows are
what reading byte after byte would find. Whatever has another shape, or is wrong, is left to `decoded_table`, which
takes some 15 times as long.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from proftui.formats.pstats.code_objects import text
from proftui.formats.pstats.objects import FLAG_REF
from proftui.formats.pstats.table import Table
from proftui.model import Bools, Ids, grouped

Codes: TypeAlias = npt.NDArray[np.uint8]
Places: TypeAlias = npt.NDArray[np.int64]

_COSTS = 30
"""The bytes of a tuple of two integers, 2 and 7 bytes from its start, and two floats, 12 and 21 bytes from it."""

_LEAST_ROW = _COSTS + 5
_BLOCK = 1 << 18

_REFERENCE = ord("r")

_OTHER, _KEY, _TEXT, _INTEGER = range(4)
"""The kinds of objects; nothing in a row refers to what is _OTHER."""


def _among(codes: bytes) -> Bools:
    """For each of the 256 codes whether it is among these."""
    return np.isin(np.arange(256), list(codes))


_IS_SIZE = _among(b"\x04\x05")
_IS_INTEGER = _among(b"i\xe9r")
_IS_SHORT = _among(b"zZ\xfa\xda")
_IS_LONG = _among(b"utaA\xf5\xf4\xe1\xc1")
_IS_LATIN = _among(b"zZaA\xfa\xda\xe1\xc1")
"""What type codes say: an integer or a reference; a string with a length of one byte, of four, or in Latin-1."""


class _OtherShape(Exception):
    """The data are not rows of the one shape, or break a rule."""


class _Objects(NamedTuple):
    """Objects of one kind: where they begin, their type codes, and their values.

    The value of a reference is the number of an earlier object, that of a key or text an index.
    """

    kind: int
    at: Places
    type: Codes
    value: Places


class _Strings(NamedTuple):
    """Strings, or references to strings: where they begin, and where their text begins and ends."""

    at: Places
    start: Places
    end: Places


def packed_table(data: bytes) -> Table | None:
    """The table, or None when the data have another shape or break a rule, as `decoded_table` will tell."""
    try:
        return _Dump(data).table()
    except _OtherShape:
        return None


class _Dump:
    """The bytes of a dump, and what they are as numbers from each byte on."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.codes = np.frombuffer(data, np.uint8)
        self.integers = np.ndarray((max(len(data) - 3, 0),), "<i4", data, strides=(1,))
        self.floats = np.ndarray((max(len(data) - 7, 0),), "<f8", data, strides=(1,))

    def table(self) -> Table:
        """The table; raises _OtherShape."""
        if self.data[:1] not in (b"{", b"\xfb"):
            raise _OtherShape
        costs = self._costs()
        is_function = self.codes[costs + 1] == 5
        braces = costs[is_function] + _COSTS
        starts = self._starts(costs, is_function, braces)
        old = self.codes[starts] == _REFERENCE
        _require(costs[old] - starts[old] == 5)
        file, line, name = self._written_keys(starts[~old], costs[~old])
        written, rows = len(line), len(costs)
        places = (np.zeros(1, np.int64), costs, costs + 12, costs + 21, braces)
        others = np.concatenate([at[self.codes[at] >= FLAG_REF] for at in places])
        keys = self._objects(_KEY, starts)
        keys.value[~old] = np.arange(written)
        texts, strings = self._texts(file, name)
        integers = self._objects(_INTEGER, np.concatenate([line, costs + 2, costs + 7]))
        _resolve(keys, strings, integers, _Objects(_OTHER, others, self.codes[others], others))
        first, second = integers.value[written:].reshape(2, rows)
        file_text, name_text = strings.value.reshape(2, written)
        columns, function = _distinct(texts, file_text, name_text, integers.value[:written])
        function = function[keys.value].astype(np.int32)
        numbers = np.stack([first, second, self.floats[costs + 13], self.floats[costs + 22]])
        return Table(
            *columns,
            function=function[is_function],
            numbers=numbers[:, is_function][[1, 0, 2, 3]],  # a function's primitive calls come first
            caller=function[~is_function],
            callee=function[is_function][np.cumsum(is_function)[~is_function] - 1],
            arc_numbers=numbers[:, ~is_function],
        )

    def _costs(self) -> Places:
        """Where tuples of costs seem to be: never more of them than rows can be."""
        at = np.concatenate([self._costs_from(start) for start in range(0, len(self.codes), _BLOCK)])
        if not len(at) or len(at) * _LEAST_ROW > len(self.codes):
            raise _OtherShape
        return at

    def _costs_from(self, start: int) -> Places:
        """Those that begin in one block."""
        codes = self.codes[start : start + _BLOCK + _COSTS + 1]
        plain = codes & 0x7F
        at = np.flatnonzero(plain[: -_COSTS - 1] == ord(")"))
        for offset in (12, 21):
            at = at[plain[at + offset] == ord("g")]
        at = at[_IS_SIZE[codes[at + 1]]]
        for offset in (2, 7):
            at = at[_IS_INTEGER[codes[at + offset]]]
        return at + start

    def _starts(self, costs: Places, is_function: Bools, braces: Places) -> Places:
        """Where rows start: each behind the brace that opens a function's callers, or the mark that ends callers."""
        ends = costs + _COSTS + is_function
        closes = self.codes[ends] == ord("0")
        ends += closes
        _require(self.codes[braces] & 0x7F == ord("{"), _nested(is_function, closes))
        if self.data[ends[-1] :] != b"0":
            raise _OtherShape
        return np.concatenate([[1], ends[:-1]])

    def _written_keys(self, at: Places, end: Places) -> tuple[_Strings, Places, _Strings]:
        """The files, where the lines are, and the names of keys that are written out between `at` and `end`."""
        _require(self.codes[at] & 0x7F == ord(")"), self.codes[at + 1] == 3)
        file = self._strings(at + 2)
        name = self._strings(file.end + 5)
        line = name.at - 5
        _require(line == file.end, name.end == end, _IS_INTEGER[self.codes[line]])
        return file, line, name

    def _strings(self, at: Places) -> _Strings:
        at = np.minimum(at, len(self.codes) - 8)
        codes = self.codes[at]
        short, long = _IS_SHORT[codes], _IS_LONG[codes]
        length = np.where(short, self.codes[at + 1], np.where(long, self.integers[at + 1], 0))
        _require(short | long | (codes == _REFERENCE), length >= 0)
        start = at + np.where(short, 2, 5)
        return _Strings(at, start, start + length)

    def _texts(self, *columns: _Strings) -> tuple[list[str], _Objects]:
        """The texts that are written out, and the objects of all the columns, one after the other."""
        at, start, end = (np.concatenate(parts) for parts in zip(*columns, strict=True))
        objects = self._objects(_TEXT, at)
        written = objects.type != _REFERENCE
        objects.value[written] = np.arange(written.sum())
        latin = _IS_LATIN[objects.type[written]]
        data = self.data
        spans = zip(start[written].tolist(), end[written].tolist(), latin.tolist(), strict=True)
        return [data[a:b].decode("latin-1") if plain else text(data[a:b]) for a, b, plain in spans], objects

    def _objects(self, kind: int, at: Places) -> _Objects:
        """Objects whose values are the four bytes after their type codes."""
        return _Objects(kind, at, self.codes[at], self.integers[at + 1].astype(np.int64))


def _require(*conditions: Bools) -> None:
    if not all(condition.all() for condition in conditions):
        raise _OtherShape


def _nested(opens: Bools, closes: Bools) -> Bools:
    """Whether functions stand outside callers and callers inside, and at the end all are closed."""
    change = opens.astype(np.int64) - closes
    inside = np.cumsum(change)
    return np.append(inside - change == ~opens, inside[-1] == 0)


def _resolve(*columns: _Objects) -> None:
    """Put into each reference the value of the object that it refers to.

    Objects are numbered in the order in which they begin. What is referred to is of the same kind and begins
    earlier; so it is complete, and no reference itself.
    """
    numbered = [np.flatnonzero(column.type >= FLAG_REF) for column in columns]
    pairs = list(zip(columns, numbered, strict=True))
    at = np.concatenate([column.at[those] for column, those in pairs])
    value = np.concatenate([column.value[those] for column, those in pairs])
    kind = np.repeat([column.kind for column in columns], [len(those) for those in numbered])
    order = np.argsort(at)
    at, value, kind = at[order], value[order], kind[order]
    for column in columns:
        if column.kind != _OTHER:
            references = np.flatnonzero(column.type == _REFERENCE)
            number = column.value[references]
            _require(number >= 0, number < len(at))
            _require(at[number] < column.at[references], kind[number] == column.kind)
            column.value[references] = value[number]


def _distinct(
    texts: list[str], file: Places, name: Places, line: Places
) -> tuple[tuple[list[str], Ids, list[str]], npt.NDArray[np.intp]]:
    """(files, lines, names) of the distinct keys, and which of them each key is; files and names index `texts`."""
    numbers: defaultdict[str, int] = defaultdict(itertools.count().__next__)
    same = np.fromiter(map(numbers.__getitem__, texts), np.int64, len(texts))
    distinct = list(numbers)
    file, name = same[file], same[name]
    _, pair = grouped(file * len(distinct) + name)
    one, key = grouped((pair << 32) + line)
    files, names = ([distinct[number] for number in column[one].tolist()] for column in (file, name))
    return (files, line[one].astype(np.int32), names), key
