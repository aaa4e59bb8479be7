"""Decimal numbers in a block of bytes, read many at a time.

Eight characters are one 64-bit word, in which the last of them has the lowest bits. Three rounds of multiply, shift
and mask add neighbouring digits, then pairs, then fours
(https://johnnylee-sde.github.io/Fast-numeric-string-to-int/, there with the first in the lowest bits).
"""

from __future__ import annotations

import math
import re

import numpy as np
import numpy.typing as npt

from proftui.model import Bools

Places = npt.NDArray[np.int64]
"""Offsets into a block, or numbers read from it."""

Words = npt.NDArray[np.uint64]

PAD = 16
"""So many bytes before the first line and after the last one may be touched, never counted."""

_PADDING = b"\n" * PAD


def _bytes(value: int) -> np.uint64:
    """A word of eight equal bytes."""
    word: np.uint64 = np.uint64(value * 0x0101010101010101)
    return word


_ONES, _SIX, _LOW_BITS, _HIGH_BIT = _bytes(1), _bytes(6), _bytes(0x7F), _bytes(0x80)
_HIGH_DIGIT, _ZEROS = _bytes(0xF0), _bytes(ord("0"))
_BEYOND_BLANKS = _bytes(0x7F - ord(" "))
"""What lifts seven bits that are more than a blank into the eighth."""
_ONE, _HIGHEST, _BYTE, _TOP = (np.uint64(number) for number in (1, 7, 8, 56))
_LAST = np.array([2 ** (8 * count) - 1 for count in range(9)], np.uint64)
"""_LAST[n] keeps the last n characters of a word."""
_ALL_BUT_LAST = np.uint64(2**64 - 256)
_ROUNDS = (
    (np.uint64(2**8 + 10), np.uint64(8), np.uint64(0x00FF00FF00FF00FF)),
    (np.uint64(2**16 + 100), np.uint64(16), np.uint64(0x0000FFFF0000FFFF)),
    (np.uint64(2**32 + 10_000), np.uint64(32), np.uint64(0x00000000FFFFFFFF)),
)
_NUMBER = re.compile(rb"([+-]?)(?:0[xX]([0-9a-fA-F]{1,64})|([0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?))")


class Block:
    """Whole lines of a file, by offset.

    byte        the bytes
    complete    whether the last line had its newline; it is there in any case
    """

    def __init__(self, *pieces: bytes | memoryview) -> None:
        self.complete = bytes(pieces[-1][-1:]) == b"\n"
        self._padded = padded = b"".join((_PADDING, *pieces, b"" if self.complete else b"\n", _PADDING))
        size = len(padded) - 2 * PAD
        self.byte = np.frombuffer(padded, np.uint8, size, PAD)
        self._from = np.ndarray((size + 8,), "<u8", padded, PAD, (1,))
        self._until = np.ndarray((size + 9,), ">u8", padded, PAD - 8, (1,))

    @property
    def raw(self) -> bytes:
        """The whole text."""
        return self._padded[PAD:-PAD]

    def text(self, start: int, end: int) -> bytes:
        """The bytes [start, end)."""
        return self._padded[start + PAD : end + PAD]

    def texts(self, start: Places, end: Places) -> list[bytes]:
        """The bytes [start, end) of each of some places."""
        padded = self._padded
        spans = zip((start + PAD).tolist(), (end + PAD).tolist(), strict=True)
        return [padded[begin:stop] for begin, stop in spans]

    def keys(self, start: Places) -> Words:
        """The eight bytes from each offset on, here the first in the lowest bits."""
        words: Words = self._from[start]
        return words

    def _word(self, end: Places) -> Words:
        """The eight characters before each offset."""
        word: Words = self._until[end].astype(np.uint64)
        return word

    def numbers(self, end: Places, length: Places) -> tuple[Places, Bools]:
        """The decimal numbers in the `length` bytes before each `end` (0 for none), and which are no such number.

        No such number are those with another character than a digit and those of over 16 digits; what is returned
        for them is meaningless.
        """
        low, odd = _number(self._word(end), _LAST.take(length, mode="clip"))
        value = low.view(np.int64)
        if len(length) and length.max() > 8:
            long = np.flatnonzero(length > 8)
            before, rest = np.maximum(end[long] - 8, 0), length[long] - 8
            high, odd_high = _number(self._word(before), _LAST.take(rest, mode="clip"))
            value[long] += high.view(np.int64) * 100_000_000
            odd[long] |= odd_high
            odd[long[rest > 8]] = 1
        return value, odd != 0

    def last_numbers(self, end: Places, length: Places) -> tuple[Places, Places, Words]:
        """The decimal number in the last token of each line that ends at `end`, 0 for a blank at its end.

        With it the number of blanks in the line's last eight bytes, and something other than 0 where these eight
        or fewer bytes do not tell the number: it has a character that is no digit, or there are blanks in a row;
        where no blank is among them it may be longer.
        """
        word = self._word(end)
        inside = _LAST.take(length, mode="clip")
        blank = _blanks(word, inside)
        count = _count(blank)
        inside &= _below_lowest(blank)
        doubled = blank >> _BYTE
        doubled &= blank
        value, odd = _number(word, inside)
        odd |= doubled
        return value.view(np.int64), count, odd

    def blanks(self, end: Places, length: Places) -> tuple[Places, Words]:
        """How many blanks the `length` bytes (at most the last 7) before each `end` hold.

        With it something other than 0 where these and the byte at `end` hold blanks in a row.
        """
        blank = _blanks(self._word(end + 1), _LAST.take(length + 1, mode="clip"))
        return _count(blank & _ALL_BUT_LAST), blank & (blank >> _BYTE)

    def token_length(self, start: Places) -> Places:
        """How many of the eight bytes from each `start` on stand before a blank; 8 where none does."""
        blank = _blanks(self.keys(start), _LAST[8])
        return _count(_below_lowest(blank) & _ONES)


def _blanks(word: Words, inside: Words | np.uint64) -> Words:
    """1 in each byte `inside` each word that is a blank: one up to the space."""
    other = word & _LOW_BITS
    other += _BEYOND_BLANKS
    other |= word
    np.invert(other, out=other)
    other &= inside
    other &= _HIGH_BIT
    other >>= _HIGHEST
    return other


def _below_lowest(ones: Words) -> Words:
    """All bits below the lowest bit of each word that is 1."""
    below: Words = ones - _ONE
    np.bitwise_and(below, ~ones, out=below)
    return below


def _count(ones: Words) -> Places:
    """How many bytes of each word are 1 and not 0."""
    count = ones * _ONES
    count >>= _TOP
    counts: Places = count.view(np.int64)
    return counts


def _number(word: Words, inside: Words) -> tuple[Words, Words]:
    """The number that the characters `inside` each word are the digits of, and bits of what is no digit."""
    word ^= _ZEROS
    word &= inside
    odd = word + _SIX
    odd |= word
    odd &= _HIGH_DIGIT
    for factor, shift, mask in _ROUNDS:
        word *= factor
        word >>= shift
        word &= mask
    return word, odd


def between(places: Places, span: slice) -> slice:
    """Where in some ascending places those of `span` are."""
    return slice(*np.searchsorted(places, (span.start, span.stop)).tolist())


def number(word: bytes) -> float | None:
    """The number that a token stands for, hexadecimal and decimal fractions included; None when it is none."""
    match = _NUMBER.fullmatch(word)
    if match is None:
        return None
    value = float(int(match[2], 16)) if match[2] else float(match[3])
    return (-value if match[1] == b"-" else value) if math.isfinite(value) else None
