"""Decimal numbers in a block of bytes, read many at a time.

Eight bytes are one little-endian 64-bit word, in which the last character has the highest bits. Three rounds of
multiply, shift and mask add neighbouring digits, then pairs, then fours
(https://johnnylee-sde.github.io/Fast-numeric-string-to-int/).
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


def _bytes(value: int) -> np.uint64:
    """A word of eight equal bytes."""
    word: np.uint64 = np.uint64(value * 0x0101010101010101)
    return word


_ONES, _SIX, _LOW_BITS = _bytes(1), _bytes(6), _bytes(0x7F)
_HIGH_BIT, _HIGH_DIGIT, _BLANKS, _ZEROS = _bytes(0x80), _bytes(0xF0), _bytes(ord(" ")), _bytes(ord("0"))
_HIGHEST, _BYTE, _PAIR, _HALF, _TOP = (np.uint64(bits) for bits in (7, 8, 16, 32, 56))
_LAST = np.array([(2**64 - 1) ^ (2 ** (64 - 8 * count) - 1) for count in range(9)], np.uint64)
"""_LAST[n] keeps the last n bytes of a word."""
_ROUNDS = (
    (np.uint64(2561), _BYTE, np.uint64(0x00FF00FF00FF00FF)),
    (np.uint64(6553601), _PAIR, np.uint64(0x0000FFFF0000FFFF)),
    (np.uint64(42949672960001), _HALF, np.uint64(0x00000000FFFFFFFF)),
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

    def word(self, start: Places) -> Words:
        """The eight bytes from each offset on."""
        words: Words = self._from[start]
        return words

    def numbers(self, end: Places, length: Places) -> tuple[Places, Bools]:
        """The decimal numbers in the `length` bytes before each `end` (0 for none), and which are no such number.

        No such number are those with another character than a digit and those of over 16 digits; what is returned
        for them is meaningless.
        """
        low, odd = _number(self._until[end] ^ _ZEROS, _LAST.take(length, mode="clip"))
        value = low.view(np.int64)
        if len(length) and length.max() > 8:
            long = np.flatnonzero(length > 8)
            before, rest = np.maximum(end[long] - 8, 0), length[long] - 8
            high, odd_high = _number(self._until[before] ^ _ZEROS, _LAST.take(rest, mode="clip"))
            value[long] += high.view(np.int64) * 100_000_000
            odd[long] |= odd_high
            odd[long[rest > 8]] = 1
        return value, odd != 0

    def last_numbers(self, end: Places, length: Places) -> tuple[Places, Places, Bools]:
        """The decimal number in the last token of each line that ends at `end`, 0 for a blank at its end.

        With it the number of blanks in the line's last eight bytes, and which lines' tokens are no such number: of
        more than 8 digits (or 7 in a line of more than 8 bytes), or with other characters.
        """
        word: Words = self._until[end]
        inside = _LAST.take(length, mode="clip")
        blank = _blanks(word, inside)
        count = _count(blank)
        # from the last blank on towards the beginning, all bits
        blank |= blank >> _BYTE
        blank |= blank >> _PAIR
        blank |= blank >> _HALF
        blank >>= _HIGHEST
        blank *= np.uint64(255)
        inside &= ~blank
        word ^= _ZEROS
        value, odd_digits = _number(word, inside)
        odd = odd_digits != 0
        odd |= (count == 0) & (length > 8)
        return value.view(np.int64), count, odd

    def blanks(self, end: Places, length: Places) -> Places:
        """How many blanks the `length` (at most the last 8) bytes before each `end` hold."""
        return _count(_blanks(self._until[end], _LAST.take(length, mode="clip")))

    def token_length(self, start: Places) -> Places:
        """How many of the eight bytes from each `start` on stand before a blank or newline; 8 where none does."""
        word = self.word(start)
        # a byte up to 32 has bit 7 clear in byte + 95 (bytes over 127 count as letters)
        word = ~(((word & _LOW_BITS) + _bytes(0x7F - 32)) | word) & _HIGH_BIT
        first = (word - np.uint64(1)) & ~word & _HIGH_BIT
        return _count(first)


def _blanks(word: Words, inside: Words) -> Words:
    """The highest bit of each byte `inside` each word that is a blank."""
    blank = word ^ _BLANKS
    other = blank & _LOW_BITS
    other += _LOW_BITS
    other |= blank
    np.invert(other, out=other)
    other &= inside
    other &= _HIGH_BIT
    return other


def _count(highest: Words) -> Places:
    """How many bytes of each word have their highest bit set, other bits being clear."""
    count = highest >> _HIGHEST
    count *= _ONES
    count >>= _TOP
    counts: Places = count.view(np.int64)
    return counts


def _number(word: Words, inside: Words) -> tuple[Words, Words]:
    """The number that the bytes `inside` each word are the digits of (less ord("0")), and bits of what is no digit."""
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
