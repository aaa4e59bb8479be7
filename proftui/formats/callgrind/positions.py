"""The source lines that lines of costs are of: absolute numbers, or relative to the line of costs before."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from proftui.formats.callgrind.digits import Places
from proftui.formats.callgrind.lines import Lines
from proftui.model import Bools

_POSITION = re.compile(rb"([+-]?)(?:0[xX]([0-9a-fA-F]{1,15})|([0-9]{1,15}))")


@dataclass(frozen=True, eq=False)
class Positions:
    """Positions of n lines.

    relative   n: whether `number` is to be added to the position before
    number     n; lines that are none of costs have 0, relative
    """

    relative: Bools
    number: Places

    def changing(self) -> Bools:
        """n: whether the position may differ from that of the line before."""
        changing: Bools = self.number != 0
        absolute = ~self.relative
        changing |= absolute
        same = absolute[1:] & absolute[:-1] & (self.number[1:] == self.number[:-1])
        changing[1:] &= ~same
        return changing


def positions_of(lines: Lines, span: slice, place: int) -> Positions:
    """What the token at `place` (from 0) of the lines in `span` says, in those of costs."""
    lines.require_single_blanks()
    before = np.append(-1, lines.last)[span] + place
    separator = lines.separator
    start = separator.take(before, mode="clip") + 1 if place else lines.start[span]
    end = separator.take(before + 1, mode="clip")
    byte = lines.block.byte.take(start, mode="clip")
    signed = (byte == ord("+")) | (byte == ord("-"))
    star = byte == ord("*")
    number, odd = lines.block.numbers(end, np.where(star, 0, end - start - signed))
    costly = lines.costly[span]
    for at in np.flatnonzero(odd & costly).tolist():
        number[at] = _number(lines.block.text(int(start[at] + signed[at]), int(end[at])))
    number[byte == ord("-")] *= -1
    number *= costly
    return Positions(signed | star | ~costly, number)


def _number(word: bytes) -> int:
    """The number at the beginning of `word`, which may be hexadecimal, or go on as a range; 0 where there is none."""
    match = _POSITION.match(word)
    return int(match[2], 16) if match and match[2] else int(match[3]) if match else 0


def absolute(relative: Bools, number: Places) -> Places:
    """The absolute position at each of several positions in turn, the first of which is relative to 0."""
    steps = np.where(relative, number, 0)
    walked = np.cumsum(steps)
    last = np.maximum.accumulate(np.where(relative, -1, np.arange(len(number))))
    return walked + np.where(last >= 0, number[last] - walked[last], 0)
