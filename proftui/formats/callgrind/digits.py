"""Decimal numbers in a block of bytes, read many at a time.

Eight digits are one 64-bit word: three rounds of multiply, shift and mask add neighbouring digits, then pairs, then
fours (https://johnnylee-sde.github.io/Fast-numeric-string-to-int/).
"""

from __future__ import annotations

import math
import re

import numpy as np
import numpy.typing as npt

from proftui.model import Bools

Places = npt.NDArray[np.int64]
"""Offsets into a block, or numbers read from it."""

PAD = 16
"""So many bytes before the first line and after the last one may be touched, never counted."""

_ZEROS = np.uint64(0x3030303030303030)
_SIX = np.uint64(0x0606060606060606)
_HIGH = np.uint64(0xF0F0F0F0F0F0F0F0)
_LAST = np.array([(2**64 - 1) ^ (2 ** (64 - 8 * count) - 1) for count in range(9)], np.uint64)
"""_LAST[n] keeps the last n of a little-endian word's eight bytes."""
_ROUNDS = (
    (np.uint64(2561), np.uint64(8), np.uint64(0x00FF00FF00FF00FF)),
    (np.uint64(6553601), np.uint64(16), np.uint64(0x0000FFFF0000FFFF)),
    (np.uint64(42949672960001), np.uint64(32), np.uint64(0x00000000FFFFFFFF)),
)
_NUMBER = re.compile(rb"([+-]?)(?:0[xX]([0-9a-fA-F]{1,64})|([0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?))")


class Block:
    """Some bytes of a file, by offset; `byte` is padded: it is indexed by offset + PAD."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        padded = b"".join((b"\n" * PAD, raw, b"\n" * PAD))
        self.byte = np.frombuffer(padded, np.uint8)
        self._from = np.ndarray((len(raw) + 8,), "<u8", padded, PAD, (1,))
        self._until = np.ndarray((len(raw) + 9,), "<u8", padded, PAD - 8, (1,))

    def word(self, start: Places) -> npt.NDArray[np.uint64]:
        """The eight bytes from each offset on, the first in the lowest bits."""
        words: npt.NDArray[np.uint64] = self._from[start]
        return words

    def numbers(self, end: Places, length: Places) -> tuple[Places, Bools]:
        """The decimal numbers in the `length` bytes before each `end` (0 for none), and which are no such number.

        No such number are those with another character than a digit and those of over 16 digits; what is returned
        for them is meaningless.
        """
        low, odd = self._eight(end, length)
        value = low.view(np.int64)
        if len(length) and length.max() > 8:
            long = np.flatnonzero(length > 8)
            high, odd_high = self._eight(np.maximum(end[long] - 8, 0), length[long] - 8)
            value[long] += high.view(np.int64) * 100_000_000
            odd[long] |= odd_high
            odd[long[length[long] > 16]] = 1
        return value, odd != 0

    def _eight(self, end: Places, length: Places) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
        """The number in the last `length` (at most 8) bytes before each `end`, and bits that tell what is no digit."""
        word: npt.NDArray[np.uint64] = self._until[end]
        word ^= _ZEROS
        word &= _LAST.take(length, mode="clip")
        odd = word + _SIX
        odd |= word
        odd &= _HIGH
        for factor, shift, mask in _ROUNDS:
            word *= factor
            word >>= shift
            word &= mask
        return word, odd


def number(word: bytes) -> float | None:
    """The number that a token stands for, hexadecimal and decimal fractions included; None when it is none."""
    match = _NUMBER.fullmatch(word)
    if match is None:
        return None
    value = float(int(match[2], 16)) if match[2] else float(match[3])
    return (-value if match[1] == b"-" else value) if math.isfinite(value) else None
