"""The costs in lines as a table, events by lines; 0 where a line leaves a cost out."""

from __future__ import annotations

import numpy as np

from proftui.formats.callgrind.digits import Places, number
from proftui.formats.callgrind.lines import Lines
from proftui.formats.callgrind.tally import Oddity, Tally
from proftui.model import Bools, Floats

_FEW = 0.02
"""Up to this share of lines is read one by one when they are not plain."""


class CostTable:
    """The reader of lines of costs with so many positions and M events.

    What is no plain number goes to the `tally`; `negative` are the events with costs below zero.
    """

    def __init__(self, positions: int, events: int, tally: Tally) -> None:
        self.negative: set[int] = set()
        self._positions = positions
        self._events = events
        self._tally = tally

    def read(self, lines: Lines, span: slice, costly: Bools) -> Floats:
        """M x n: the costs in the n lines of `span`, 0 in those that are not `costly`."""
        if self._events != 1:
            return self._read_all(lines, span, costly)
        costs, others = self._read_single(lines, span, costly)
        if len(others) > _FEW * len(costs):
            return self._read_all(lines, span, costly)
        for row in others.tolist():
            words = lines.text(span.start + row).split()[self._positions :]
            if len(words) > 1:
                self._tally.add(Oddity.EXTRA, 1, span.start + row + 1)
            costs[row] = self._odd(0, words[0], span.start + row) if words else 0.0
        return costs[np.newaxis]

    def _read_single(self, lines: Lines, span: slice, costly: Bools) -> tuple[Floats, Places]:
        """The costs of one event where they are the last tokens of their lines; and the lines where they are not."""
        end = lines.end[span]
        length = end - lines.start[span]
        length *= costly
        numbers, blanks, odd = lines.block.last_numbers(end, length)
        long = np.flatnonzero(length > 8)
        unknown = long[blanks[long] == 0]
        # a number of exactly eight digits has its blank just before them
        odd[unknown[lines.block.byte.take(end[unknown] - 9) != ord(" ")]] = 1
        for beyond in (8, 15, 22):
            long = long[length[long] > beyond]
            more, doubled = lines.block.blanks(end[long] - beyond, length[long] - beyond)
            blanks[long] += more
            odd[long] |= doubled
        odd[long[length[long] > 29]] = 1
        numbers *= blanks == self._positions
        if not np.bitwise_or.reduce(odd) and blanks.max(initial=0) <= self._positions:
            return numbers.astype(np.float64), np.zeros(0, np.int64)
        return numbers.astype(np.float64), np.flatnonzero((odd != 0) | (blanks > self._positions))

    def _read_all(self, lines: Lines, span: slice, costly: Bools) -> Floats:
        """M x n: the costs."""
        lines.require_single_blanks()
        separator = lines.separator
        before = np.append(-1, lines.last)[span]
        place = before + self._positions
        count = lines.last[span] - place
        count *= costly
        self._note_surplus(lines, span, count)
        row, event = _cells(np.clip(count, 0, self._events), self._events)
        place = place.take(row)
        place += event
        length = separator.take(place)
        place += 1
        end = separator.take(place)
        np.subtract(end, length, out=length)
        length -= 1
        numbers, odd = lines.block.numbers(end, length)
        values = numbers.astype(np.float64)
        for cell in np.flatnonzero(odd).tolist() if odd.any() else ():
            word = lines.block.text(int(end[cell] - length[cell]), int(end[cell]))
            values[cell] = self._odd(int(event[cell]), word, span.start + int(row[cell]))
        event *= len(count)
        event += row
        costs = np.zeros((self._events, len(count)))
        costs.reshape(-1)[event] = values
        return costs

    def _note_surplus(self, lines: Lines, span: slice, count: Places) -> None:
        surplus = np.flatnonzero(count > self._events)
        blank_at_end = lines.block.byte.take(lines.end[span].take(surplus) - 1) == 32
        surplus = surplus[count[surplus] - blank_at_end > self._events]
        if len(surplus):
            self._tally.add(Oddity.EXTRA, len(surplus), span.start + int(surplus[0]) + 1)

    def _odd(self, event: int, word: bytes, line: int) -> float:
        value = number(word)
        if value is None:
            self._tally.add(Oddity.UNREADABLE, 1, line + 1)
            return 0.0
        if not value.is_integer():
            self._tally.add(Oddity.FRACTION, 1, line + 1)
        if value < 0:
            self._tally.add(Oddity.NEGATIVE, 1, line + 1)
            self.negative.add(event)
        return value


def _cells(count: Places, columns: int) -> tuple[Places, Places]:
    """Row and column of each filled cell, row by row, in a table whose rows are filled up to `count`."""
    if columns == 1:
        row = np.flatnonzero(count)
        return row, np.zeros_like(row)
    row = np.repeat(np.arange(len(count)), count)
    first = np.cumsum(count)
    first -= count
    column = np.arange(len(row))
    column -= first.take(row)
    return row, column
