"""The costs in the lines of a block, added up between the lines that give them a meaning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proftui.formats.callgrind.digits import PAD, Places, number
from proftui.formats.callgrind.lines import Lines
from proftui.formats.callgrind.marks import Mark, Marked
from proftui.formats.callgrind.tally import Oddity, Tally
from proftui.model import Bools, Floats


@dataclass(frozen=True, eq=False)
class Sums:
    """Costs of M events in lines with f marks FUNCTION and c marks CALLS.

    own         M x (f + 1): self costs up to the first FUNCTION, then behind each of them
    costly      f + 1: whether there are lines of costs at all
    calls       M x c: inclusive costs; 0 for a call without a line of costs
    negative    the events with costs below zero
    """

    own: Floats
    costly: Bools
    calls: Floats
    negative: frozenset[int]


class Costs:
    """The costs in the n lines of `span`, each with so many positions and of M events."""

    def __init__(self, lines: Lines, span: slice, positions: int, events: int, tally: Tally) -> None:
        self.events = events
        self.negative: set[int] = set()
        self._lines = lines
        self._first = span.start
        self._tally = tally
        self._place = lines.before[span] + positions
        self._count = lines.last[span] - self._place
        self._count[within(lines.rest, span) - span.start] = 0
        self._drop_surplus()

    def __len__(self) -> int:
        return len(self._place)

    def clear(self, rows: Places) -> None:
        """Take some of the lines for lines without costs."""
        self._count[rows] = 0

    def _drop_surplus(self) -> None:
        surplus = np.flatnonzero(self._count > self.events)
        end = self._lines.end.take(surplus + self._first)
        blank_at_end = self._lines.block.byte.take(end + (PAD - 1)) == 32
        noted = surplus[self._count[surplus] - blank_at_end > self.events]
        if len(noted):
            self._tally.add(Oddity.EXTRA, len(noted), int(noted[0]) + self._first + 1)
        self._count[surplus] = self.events

    def table(self) -> Floats:
        """M x n: the costs; what a line leaves out is 0."""
        separator = self._lines.separator
        count = np.maximum(self._count, 0)
        row, event = _cells(count, self.events)
        place = self._place.take(row)
        place += event
        length = separator.take(place)
        place += 1
        end = separator.take(place)
        np.subtract(end, length, out=length)
        length -= 1
        numbers, odd = self._lines.block.numbers(end, length)
        values = numbers.astype(np.float64)
        for at in np.flatnonzero(odd).tolist() if odd.any() else ():
            word = self._lines.block.raw[end[at] - length[at] : end[at]]
            of_event = int(event[at])
            values[at] = self._odd(of_event, word, self._first + int(row[at]) + 1)
        event *= len(self)
        event += row
        table = np.zeros((self.events, len(self)))
        table.reshape(-1)[event] = values
        return table

    def _odd(self, event: int, word: bytes, line: int) -> float:
        value = number(word)
        if value is None:
            self._tally.add(Oddity.UNREADABLE, 1, line)
            return 0.0
        if not value.is_integer():
            self._tally.add(Oddity.FRACTION, 1, line)
        if value < 0:
            self._tally.add(Oddity.NEGATIVE, 1, line)
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


def add_up(lines: Lines, costs: Costs, marked: Marked, marks: slice, span: slice) -> Sums:
    """The sums of `costs`, those of the lines in `span`, which hold `marks` of `marked`."""
    first = span.start
    mark = marked.mark[marks]
    function = np.flatnonzero(mark == Mark.FUNCTION)
    functions = marked.line[marks].take(function) - first
    cost = marked.cost[marks][mark == Mark.CALLS] - first
    has_cost = (cost >= 0) & (cost < len(costs))
    cost = cost[has_cost]
    costs.clear(within(marked.jump_costs, span) - first)
    begins = np.zeros(len(costs) + 1, np.bool_)
    begins[0] = True
    begins[functions] = True
    begins[cost] = True
    begins[cost + 1] = True
    starts = np.flatnonzero(begins[:-1])
    sums = np.add.reduceat(costs.table(), starts, axis=1)
    call = np.searchsorted(starts, cost)
    calls = np.zeros((costs.events, len(has_cost)))
    calls[:, has_cost] = sums[:, call]
    sums[:, call] = 0
    own = np.add.reduceat(sums, np.append(0, np.searchsorted(starts, functions)), axis=1)
    costs_before = np.concatenate(
        [lines.costs_before(span.start), marked.costs_before[marks].take(function), lines.costs_before(span.stop)]
    )
    costly = np.diff(costs_before) > 0
    # what reduceat gives for an empty run of lines is not their sum
    own[:, ~costly] = 0
    return Sums(own, costly, calls, frozenset(costs.negative))


def within(places: Places, span: slice) -> Places:
    """Those of some ascending places that are in `span`."""
    return places[slice(*np.searchsorted(places, (span.start, span.stop)).tolist())]
