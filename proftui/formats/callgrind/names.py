"""Which names the marks of a part stand for: compression undone, one kind of name at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from proftui.formats.callgrind.digits import Places
from proftui.model import Ids

_COMPRESSED = re.compile(rb"[ \t]*\(([0-9]{1,18})\)[ \t]*(.*)", re.DOTALL)
_TABLE = 1 << 22
"""Numbers of names below this are looked up in a table; valgrind counts from 1."""


@dataclass(frozen=True, eq=False)
class Named:
    """The names of k marks of one kind (files, objects or functions).

    names       the different names, as bytes
    name        k: which of `names` each mark has
    source      k: the mark that spells it: itself, or for a number the mark that defines it
    undefined   how many numbers are nowhere defined; such marks are called by theirs, "(7)"
    """

    names: list[bytes]
    name: Places
    source: Places
    undefined: int


def named(number: Places, text: Ids, texts: Sequence[bytes]) -> Named:
    """The names of marks that hold a `number` or, where that is -1, one of the `texts`."""
    names: dict[bytes, int] = {}
    with_text = np.flatnonzero(number < 0)
    used, which = np.unique(text[with_text], return_inverse=True)
    spelled = np.array([_spelled(texts[each], names) for each in used.tolist()], np.int64).reshape(-1, 2)
    number = number.copy()
    name = np.full(len(number), -1)
    number[with_text], name[with_text] = spelled[which].T
    source = np.arange(len(number))
    defining = with_text[(number[with_text] >= 0) & (name[with_text] >= 0)]
    numbered = np.flatnonzero(number >= 0)
    found = _definitions(number, name, defining, numbered)
    source[numbered] = np.where(found < 0, numbered, found)
    lost = numbered[found < 0]
    numbers, first, which = np.unique(number[lost], return_index=True, return_inverse=True)
    source[lost] = lost[first][which]
    name[lost[first]] = [names.setdefault(b"(%d)" % each, len(names)) for each in numbers.tolist()]
    return Named(list(names), name[source], source, len(numbers))


def _spelled(text: bytes, names: dict[bytes, int]) -> tuple[int, int]:
    """The number and the name in "(12) name", "(12)" or "name"; -1 for what is not there."""
    text = text.removesuffix(b"\r")
    compressed = _COMPRESSED.fullmatch(text)
    if compressed is None:
        return -1, names.setdefault(text.lstrip(b" \t"), len(names))
    number, name = int(compressed[1]), compressed[2]
    return number, names.setdefault(name, len(names)) if name else -1


def _definitions(number: Places, name: Places, defining: Places, numbered: Places) -> Places:
    """For each of the `numbered` marks the one that defines its number: the first; -1 for none.

    Where a number is given to several names in turn, it is the last up to the mark, or else the first.
    """
    if not len(defining):
        return np.full(len(numbered), -1)
    defined, wanted = number[defining], number[numbered]
    numbers, first, which = np.unique(defined, return_index=True, return_inverse=True)
    if numbers[-1] < _TABLE and (name[defining] == name[defining[first]][which]).all():
        table = np.full(numbers[-1] + 2, -1)
        table[numbers] = defining[first]
        return table.take(wanted, mode="clip")
    rank = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    size = len(number)
    keys = np.sort(which * size + defining)
    after = np.searchsorted(keys, rank * size + numbered, side="right")
    found = np.full(len(wanted), -1)
    for at in (np.minimum(after, len(keys) - 1), np.maximum(after - 1, 0)):
        same = (keys[at] // size == rank) & (numbers[rank] == wanted)
        found[same] = keys[at][same] % size
    return found
