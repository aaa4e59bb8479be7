"""The lines of a dump's body that are no costs: names, calls and jumps."""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from proftui.formats.callgrind.digits import Places, number
from proftui.formats.callgrind.lines import Lines
from proftui.formats.callgrind.tally import Oddity, Tally


class Mark(IntEnum):
    """What a line says, by its key. NONE is no mark."""

    NONE = 0
    FILE = 1
    INLINED = 2
    CALLED_FILE = 3
    JUMP_FILE = 4
    OBJECT = 5
    CALLED_OBJECT = 6
    FUNCTION = 7
    CALLED_FUNCTION = 8
    JUMP_FUNCTION = 9
    CALLS = 10
    JUMP = 11


KEYS = {
    b"fl=": Mark.FILE,
    b"fi=": Mark.INLINED,
    b"fe=": Mark.INLINED,
    b"cfl=": Mark.CALLED_FILE,
    b"cfi=": Mark.CALLED_FILE,
    b"jfi=": Mark.JUMP_FILE,
    b"ob=": Mark.OBJECT,
    b"cob=": Mark.CALLED_OBJECT,
    b"fn=": Mark.FUNCTION,
    b"cfn=": Mark.CALLED_FUNCTION,
    b"jfn=": Mark.JUMP_FUNCTION,
    b"calls=": Mark.CALLS,
    b"rcalls=": Mark.CALLS,
    b"jump=": Mark.JUMP,
    b"jcnd=": Mark.JUMP,
}

FILES = (Mark.FILE, Mark.INLINED, Mark.CALLED_FILE, Mark.JUMP_FILE)
OBJECTS = (Mark.OBJECT, Mark.CALLED_OBJECT)
FUNCTIONS = (Mark.FUNCTION, Mark.CALLED_FUNCTION, Mark.JUMP_FUNCTION)
"""Marks whose names share one set of numbers."""

Marks = npt.NDArray[np.uint8]
"""A column of `Mark`."""

_SPREAD = np.uint64(652231583)
"""Found by trial: it sends the first three bytes of each key to another of 64 slots."""

_SLOT = np.zeros(64, np.intp)
_WORD = np.zeros(len(KEYS) + 1, np.uint64)
_MASK = np.zeros(len(KEYS) + 1, np.uint64)
_MARK = np.array([Mark.NONE, *KEYS.values()], np.uint8)
_LENGTH = np.array([0, *map(len, KEYS)], np.int64)


def _slot(word: npt.NDArray[np.uint64]) -> Places:
    slot: Places = ((word & np.uint64(0xFFFFFF)) * _SPREAD >> np.uint64(26) & np.uint64(63)).view(np.int64)
    return slot


for _number, _key in enumerate(KEYS, 1):
    _WORD[_number] = int.from_bytes(_key, "little")
    _MASK[_number] = 256 ** len(_key) - 1
    _SLOT[_slot(_WORD[_number : _number + 1])] = _number


class Marked:
    """The k lines with names and calls of a block, in order, and the roles of its lines of costs.

    line, mark     k
    number         k: the number of a compressed name, or -1: there is a text, or none of both with CALLS
    texts          the texts, as they stand behind the `=`: a name, or a number and a name
    text_at        places in `mark` of those that have a text
    calls_at       places in `mark` of the CALLS
    calls          for each of these the number of calls; NaN for unknown
    call_costs     for each of these the line of costs that belongs to it, or -1
    jump_costs     the lines of costs that belong to jumps
    unknown        the lines that only begin like a mark
    """

    def __init__(self, lines: Lines, tally: Tally) -> None:
        line = lines.rest.take(lines.named)
        start = lines.start.take(line)
        word = lines.block.keys(start)
        key = _SLOT.take(_slot(word))
        key[(word & _MASK.take(key)) != _WORD.take(key)] = 0
        mark = _MARK.take(key)
        self.unknown = line[mark == Mark.NONE]
        self._find_costs(lines, mark)
        kept = np.flatnonzero((mark != Mark.NONE) & (mark != Mark.JUMP))
        self.line = line.take(kept)
        self.mark = mark.take(kept)
        self._read(lines, start.take(kept) + _LENGTH.take(key.take(kept)), tally)
        for oddity, those in (
            (Oddity.JUMPS, line[mark == Mark.JUMP]),
            (Oddity.NO_COST, self.line.take(self.calls_at[self.call_costs < 0])),
        ):
            if len(those):
                tally.add(oddity, len(those), int(those[0]) + 1)

    def _find_costs(self, lines: Lines, mark: Marks) -> None:
        """Which lines of costs belong to calls and jumps: the next ones, if no other mark of this kind is between."""
        deciding = np.flatnonzero((mark == Mark.FUNCTION) | (mark >= Mark.CALLS))
        at = lines.named.take(deciding)
        line = lines.rest.take(at)
        following = line + 1
        costs_before = line - at
        having = np.empty(len(at), np.bool_)
        having[-1:] = True
        np.not_equal(costs_before[1:], costs_before[:-1], out=having[:-1])
        # between most of them and their lines of costs there is nothing
        for place in np.flatnonzero(having & (lines.rest.take(at + 1, mode="clip") == following)).tolist():
            beyond = int(at[place]) + 1
            while beyond < len(lines.rest) and lines.rest[beyond] == following[place]:
                beyond += 1
                following[place] += 1
        having &= following < len(lines)
        kind = mark.take(deciding)
        self.jump_costs = following[having & (kind == Mark.JUMP)]
        self.call_costs = np.where(having, following, -1)[kind == Mark.CALLS]

    def _read(self, lines: Lines, start: Places, tally: Tally) -> None:
        """Values and texts of the lines, whose keys end at `start`."""
        end = lines.end.take(self.line)
        counts = self.mark == Mark.CALLS
        byte = lines.block.byte
        bracketed = (byte.take(start) == ord("(")) & (byte.take(end - 1) == ord(")"))
        length = end - start - 2
        self.calls_at = calls = np.flatnonzero(counts)
        length[calls] = lines.block.token_length(start.take(calls))
        stop = start + length + ~counts
        value, odd = lines.block.numbers(stop, length)
        # of calls only the first eight digits were looked at
        odd |= (length <= 0) | (counts & (length == 8))
        self.calls = value.take(calls).astype(np.float64)
        for place in np.flatnonzero(odd.take(calls)).tolist():
            at = calls[place]
            words = lines.block.text(int(start[at]), int(end[at])).split(maxsplit=1)
            self.calls[place] = _call_count(words[0] if words else b"", int(self.line[at]) + 1, tally)
        compressed = bracketed & ~odd
        self.number = np.where(compressed, value, -1)
        self.text_at = np.flatnonzero(~(compressed | counts))
        self.texts = lines.block.texts(start.take(self.text_at), end.take(self.text_at))


def _call_count(word: bytes, line: int, tally: Tally) -> float:
    """What stands for a number of calls that is no plain number; pyprof2calltree writes -1 for unknown."""
    count = number(word)
    if count is None:
        tally.add(Oddity.UNREADABLE, 1, line)
        return 0.0
    if count < 0:
        tally.add(Oddity.NEGATIVE_CALLS, 1, line)
        return math.nan
    return count
