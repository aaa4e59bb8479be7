"""Which names the marks of a part stand for: compression undone, one kind of name at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from proftui.formats.callgrind.digits import Places
from proftui.model import Floats

_COMPRESSED = re.compile(rb"[ \t]*\(([0-9]{1,18})\)[ \t]*(.*)", re.DOTALL)
_TABLE = 1 << 22
"""Numbers of names below this are looked up in a table; valgrind counts from 1."""


@dataclass(frozen=True, eq=False)
class Named:
    """The names of k marks of one kind (files, objects or functions).

    names       the different names, as bytes
    name        k: which of `names` each mark has
    source      k: the mark that spells it: itself, or for a number without a name the mark that defines the number
    undefined   how many numbers are nowhere defined; such marks are called by theirs, "(7)"
    """

    names: list[bytes]
    name: Places
    source: Places
    undefined: int


def named(value: Floats, text_at: Places, texts: Sequence[bytes]) -> Named:
    """The names of marks with the numbers `value`, of which those `text_at` have `texts` instead."""
    names: dict[bytes, int] = {}
    spelled = _each_once(texts, names)
    number = value.astype(np.int64)
    name = np.full(len(value), -1)
    if spelled:
        number[text_at], name[text_at] = np.array(spelled, np.int64).T
    source = np.arange(len(value))
    defining = np.flatnonzero((number >= 0) & (name >= 0))
    referring = np.flatnonzero((number >= 0) & (name < 0))
    found = _definitions(number, defining, referring)
    source[referring] = np.where(found < 0, referring, found)
    lost = referring[found < 0]
    numbers, first, which = np.unique(number[lost], return_index=True, return_inverse=True)
    source[lost] = lost[first][which]
    name[lost[first]] = [names.setdefault(b"(%d)" % each, len(names)) for each in numbers.tolist()]
    return Named(list(names), name[source], source, len(numbers))


def _each_once(texts: Sequence[bytes], names: dict[bytes, int]) -> list[tuple[int, int]]:
    known: dict[bytes, tuple[int, int]] = {}
    return [known.get(text) or known.setdefault(text, _spelled(text, names)) for text in texts]


def _spelled(text: bytes, names: dict[bytes, int]) -> tuple[int, int]:
    """The number and the name in "(12) name", "(12)" or "name"; -1 for what is not there."""
    text = text.removesuffix(b"\r")
    compressed = _COMPRESSED.fullmatch(text)
    if compressed is None:
        return -1, names.setdefault(text.lstrip(b" \t"), len(names))
    number, name = int(compressed[1]), compressed[2]
    return number, names.setdefault(name, len(names)) if name else -1


def _definitions(number: Places, defining: Places, referring: Places) -> Places:
    """For each of the `referring` marks the last mark before that defines its number; else the first after; else -1."""
    if not len(defining) or not len(referring):
        return np.full(len(referring), -1)
    defined, wanted = number[defining], number[referring]
    numbers, first, count = np.unique(defined, return_index=True, return_counts=True)
    if numbers[-1] < _TABLE and (count == 1).all():
        table = np.full(numbers[-1] + 2, -1)
        table[numbers] = defining[first]
        return table.take(wanted, mode="clip")
    rank = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    size = max(int(defining[-1]), int(referring[-1])) + 1
    keys = np.sort(np.searchsorted(numbers, defined) * size + defining)
    after = np.searchsorted(keys, rank * size + referring)
    found = np.full(len(wanted), -1)
    for at in (np.minimum(after, len(keys) - 1), np.maximum(after - 1, 0)):
        same = (keys[at] // size == rank) & (numbers[rank] == wanted)
        found[same] = keys[at][same] % size
    return found
