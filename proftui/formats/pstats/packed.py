"""The table of a dump in the shape that CPython has written since 3.4, by one regular expression and numpy.

Such a dump is one row after the other in which all but file and name has a fixed size. The expression cuts the
bytes into columns (0.5 µs a row; object by object it takes 10), and the numbers by which rows refer to earlier
objects are resolved for all rows at once. Whatever has another shape, or is wrong, is left to `decoded_table`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import compress
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from proftui.formats.pstats.code_objects import text
from proftui.formats.pstats.objects import FLAG_REF
from proftui.formats.pstats.table import Table
from proftui.formats.source import Progress
from proftui.model import Bools, Ids, grouped

_CHUNK = 1 << 14
_LONGEST_ROW = 1 << 11

_HEAD, _LINE, _NAME, _KNOWN_KEY, _COSTS, _COUNT, _END, _OTHER = 0, 2, 3, 5, 6, 7, 8, 9
"""The groups of a row: a key's tuple with its file, its line, its name, or a reference to a key; a tuple of costs, or
a bare count; what follows; and in place of all these, bytes that are no row."""

_ALL = (_HEAD, _LINE, _NAME, _KNOWN_KEY, _COSTS, _COUNT, _END)

_NEW_KEY, _BARE, _OPENS, _CLOSES, _NUMBERED = 1, 2, 4, 8, 16
"""What a row is: its key is written out, its costs are a bare count, callers begin after it, callers end after it;
the callers that begin have a number."""

_ENDS = {
    b"": 0,
    b"0": _CLOSES,
    b"{": _OPENS,
    b"{0": _OPENS | _CLOSES,
    b"\xfb": _OPENS | _NUMBERED,
    b"\xfb0": _OPENS | _CLOSES | _NUMBERED,
}

_SAMPLED_END = re.compile(rb"[)\xa9]\x01[zZ\xfa\xda]\x0b__sampled__T0")

_REFERENCE = ord("r")

_INTEGER = np.dtype([("type", "u1"), ("value", "<i4")])
_ROW_COSTS = np.dtype(
    [("type", "u1"), ("size", "u1"), ("counts", _INTEGER, 2), ("times", [("type", "u1"), ("value", "<f8")], 2)]
)

_KEY_SLOT, _FILE_SLOT, _LINE_SLOT, _NAME_SLOT, _COSTS_SLOT = range(5)
_COUNT_SLOT, _TIME_SLOT, _CALLERS_SLOT, _SLOTS = 5, 7, 9, 10
"""The objects of a row in the order in which marshal numbers them; there are two counts and two times."""

_KIND = np.array([0, 1, 2, 1, 3, 2, 2, 4, 4, 5], np.uint8)
"""What a slot holds: it may refer to a slot of the same kind."""

Types: TypeAlias = npt.NDArray[np.uint8]
Values: TypeAlias = npt.NDArray[np.int32]


@lru_cache(maxsize=1)
def _row() -> re.Pattern[bytes]:
    """A row: of a function, with the brace that opens its callers, or of a caller; then the brace that closes callers.

    A string is its length and so many bytes: one alternative for each length below 256. After type codes other
    than z and Z the length has four bytes, so three more follow; the group around the type code says so.
    """
    of_length = b"|".join(b"\\x%02x.{%d}" % (length, length) for length in range(256))

    def string(group: int) -> bytes:
        return rb"(?:(?:[zZ\xfa\xda]|([utaA\xf5\xf4\xe1\xc1])(?=.\0\0\0))(?:%b)(?(%d).{3})|r.{4})" % (of_length, group)

    integer, number = rb"[i\xe9r].{4}", rb"[g\xe7].{8}"
    key = rb"([)\xa9]\x03%b)(%b)(%b)|(r.{4})" % (string(2), integer, string(5))
    costs = rb"([)\xa9][\x04\x05]%b%b%b%b)|(%b)" % (integer, integer, number, number, integer)
    return re.compile(rb"(?:%b)(?:%b)({0?|\xfb0?|0?)|(.{1,%d})" % (key, costs, _LONGEST_ROW), re.DOTALL)


def packed_table(data: bytes, progress: Progress | None = None) -> Table | None:
    """The table, or None when the data have another shape or break a rule, as `decoded_table` will tell."""
    rows = _Rows()
    position = 1
    while True:
        end = min(position + _CHUNK, len(data))
        found = _row().findall(data, position, end)
        rest = found.pop()[_OTHER] if found and found[-1][_OTHER] else b""
        position = end - len(rest)
        if end < len(data) and found:
            last = found.pop()  # the brace that ends it may lie beyond `end`
            position -= sum(len(last[group]) for group in _ALL)
        if not found or not rows.add(found):
            return None
        if end == len(data):
            break
        if progress:
            progress(position / len(data))
    if rest != b"0" and not _SAMPLED_END.fullmatch(rest):
        return None
    return rows.table(numbered=data[0] >= FLAG_REF, sampled=rest != b"0")


class _Rows:
    """The columns that rows were cut into; bytes of equal length are joined, for numpy to read."""

    def __init__(self) -> None:
        self.marks: list[npt.NDArray[np.uint8]] = []
        self.heads: list[bytes] = []
        self.names: list[bytes] = []
        self.joined: dict[int, list[bytes]] = {_LINE: [], _KNOWN_KEY: [], _COSTS: [], _COUNT: []}

    def add(self, found: list[tuple[bytes, ...]]) -> bool:
        """Take rows as the expression found them; False when there is something else among them."""
        columns = list(zip(*found, strict=True))
        if any(columns[_OTHER]):
            return False
        marks = np.fromiter(map(_ENDS.__getitem__, columns[_END]), np.uint8, len(found))
        marks |= np.fromiter(map(bool, columns[_HEAD]), np.bool_, len(found)) * np.uint8(_NEW_KEY)
        marks |= np.fromiter(map(bool, columns[_COUNT]), np.bool_, len(found)) * np.uint8(_BARE)
        self.marks.append(marks)
        self.heads += filter(None, columns[_HEAD])
        self.names += filter(None, columns[_NAME])
        for group, pieces in self.joined.items():
            pieces.append(b"".join(columns[group]))
        return True

    def table(self, numbered: bool, sampled: bool) -> Table | None:
        """The table of all rows, or None when they do not fit together. `numbered`: the table itself has a number."""
        marks = np.concatenate(self.marks)
        new, bare, opens, closes = ((marks & mark) != 0 for mark in (_NEW_KEY, _BARE, _OPENS, _CLOSES))
        costs = np.frombuffer(b"".join(self.joined[_COSTS]), _ROW_COSTS)
        if not _well_formed(opens, closes, bare, costs["size"]):
            return None
        types = np.zeros((len(marks), _SLOTS), np.uint8)
        values = np.zeros((len(marks), _SLOTS), np.int32)
        texts = self._fill_keys(types, values, new)
        self._fill_costs(types, values, bare, costs)
        types[opens, _CALLERS_SLOT] = np.where(marks[opens] & _NUMBERED, FLAG_REF, 0)
        if not _resolve(types, values, first=int(numbered)):
            return None
        keys, key_of = _distinct(texts, values[new])
        function = key_of[values[:, _KEY_SLOT]]
        times = np.full((len(marks), 2), np.nan)
        times[~bare] = costs["times"]["value"]
        callers = ~opens
        count = values[:, _COUNT_SLOT:_TIME_SLOT].astype(np.float64)
        count[bare, 1] = np.nan
        return Table(
            *keys,
            function=function[opens],
            numbers=np.stack([count[opens, 1], count[opens, 0], *times[opens].T]),
            caller=function[callers],
            callee=function[opens][np.cumsum(opens)[callers] - 1],
            arc_numbers=np.stack([count[callers, 0], count[callers, 1], *times[callers].T]),
            sampled=sampled,
        )

    def _fill_keys(self, types: Types, values: Values, new: Bools) -> list[str]:
        """The keys' slots: a string's value is its index in the list that is returned, a written key's its number."""
        texts: list[str] = []
        known = np.frombuffer(b"".join(self.joined[_KNOWN_KEY]), _INTEGER)
        lines = np.frombuffer(b"".join(self.joined[_LINE]), _INTEGER)
        types[~new, _KEY_SLOT], values[~new, _KEY_SLOT] = known["type"], known["value"]
        types[new, _KEY_SLOT] = np.frombuffer(bytes([head[0] for head in self.heads]), np.uint8)
        values[new, _KEY_SLOT] = np.arange(len(self.heads))
        types[new, _FILE_SLOT], values[new, _FILE_SLOT] = _strings(self.heads, 2, texts)
        types[new, _LINE_SLOT], values[new, _LINE_SLOT] = lines["type"], lines["value"]
        types[new, _NAME_SLOT], values[new, _NAME_SLOT] = _strings(self.names, 0, texts)
        return texts

    def _fill_costs(self, types: Types, values: Values, bare: Bools, costs: npt.NDArray[np.void]) -> None:
        counts = slice(_COUNT_SLOT, _TIME_SLOT)
        types[~bare, _COSTS_SLOT] = costs["type"]
        types[~bare, counts], values[~bare, counts] = costs["counts"]["type"], costs["counts"]["value"]
        types[~bare, _TIME_SLOT:_CALLERS_SLOT] = costs["times"]["type"]
        alone = np.frombuffer(b"".join(self.joined[_COUNT]), _INTEGER)
        types[bare, _COUNT_SLOT], values[bare, _COUNT_SLOT] = alone["type"], alone["value"]


def _well_formed(opens: Bools, closes: Bools, bare: Bools, size: npt.NDArray[np.uint8]) -> bool:
    """Whether functions stand outside callers and have five values, and callers inside and four or a bare count."""
    sizes = np.full(len(opens), 4, np.uint8)
    sizes[~bare] = size
    change = opens.astype(np.int32) - closes
    inside = np.cumsum(change) - change
    return bool((inside == ~opens).all() and (sizes == np.where(opens, 5, 4)).all() and change.sum() == 0)


def _resolve(types: Types, values: Values, first: int) -> bool:
    """Put into each slot that refers to an object the value of that object; False when one cannot be.

    Objects are numbered from `first` in the order in which they begin. What is referred to is of the same kind and
    earlier, so it is complete, and no reference itself.
    """
    objects, flat = types.reshape(-1), values.reshape(-1)
    numbered = np.flatnonzero(objects >= FLAG_REF)
    references = np.flatnonzero(objects == _REFERENCE)
    number = flat[references] - first
    if len(number) and (number.min() < 0 or number.max() >= len(numbered)):
        return False
    target = numbered[number]
    kind = np.tile(_KIND, len(types))
    if (target > references).any() or (kind[target] != kind[references]).any():
        return False
    flat[references] = flat[target]
    return True


def _strings(pieces: list[bytes], start: int, texts: list[str]) -> tuple[Types, Values]:
    """The types and values of slots that hold strings, which begin at `start` of each piece.

    Those that are written out are appended to `texts`.
    """
    joined = b"".join(pieces)
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
    at = np.cumsum(lengths) - lengths + start
    types = np.frombuffer(joined, np.uint8)[at]
    referring = types == _REFERENCE
    numbers = np.ndarray((max(len(joined) - 4, 0),), "<i4", joined, offset=1, strides=(1,))
    written = [piece[start:] for piece in compress(pieces, (~referring).tolist())]
    values = np.empty(len(pieces), np.int32)
    values[referring] = numbers[at[referring]]
    values[~referring] = np.arange(len(texts), len(texts) + len(written))
    texts += [piece[2:].decode("latin-1") if piece[0] in b"zZ\xfa\xda" else text(piece[5:]) for piece in written]
    return types, values


def _distinct(texts: list[str], slots: Values) -> tuple[tuple[list[str], Ids, list[str]], npt.NDArray[np.intp]]:
    """(files, lines, names) of the distinct keys among `slots`, and which of them each is."""
    seen: dict[str, int] = {}
    same = np.array([seen.setdefault(string, len(seen)) for string in texts], np.int64)
    distinct = list(seen)
    file, name = same[slots[:, _FILE_SLOT]], same[slots[:, _NAME_SLOT]]
    _, pair = grouped(file * len(distinct) + name)
    one, key_of = grouped((pair << 32) + slots[:, _LINE_SLOT])
    files, names = ([distinct[number] for number in column[one].tolist()] for column in (file, name))
    return (files, slots[one, _LINE_SLOT], names), key_of
