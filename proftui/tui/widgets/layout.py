"""Which of its columns a grid shows at a width, and where they stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from proftui.report.rows import Cell, Column
from proftui.report.text import width as width_of

GUTTER = 1
"""The cells at the left edge, where the cursor is marked."""

ROOMY = 100
"""From this many cells on, columns of numbers stand two cells apart."""

COMFORT = 4
"""How much more than its least the flexible column gets, where its texts need it, before optional columns come."""

LONGER = 8
"""How much wider than usual a column of numbers gets where its values need it."""

FAIR = 34
"""The width that texts get, where they need it, before shares get bars."""

WIDEST = 90
"""The most that a column of texts grows to."""

BAR = 8
"""The cells of a bar beside a share."""


SAMPLE = 40
"""How many of the first rows, and of all rows evenly spaced, are looked at for the room that values need."""


class Drawn(Protocol):
    """The part of `Rows` that drawing needs: columns, and cells of a number of rows."""

    @property
    def columns(self) -> Sequence[Column]: ...

    def __len__(self) -> int: ...

    def cells(self, row: int) -> Sequence[Cell]: ...


@dataclass(frozen=True, slots=True)
class Needs:
    """What some rows need to be drawn: `cells` for each column in full, and `least` without cutting into a number;
    `heated` are the indices of the columns that hold shares.
    """

    cells: tuple[int, ...]
    least: tuple[int, ...]
    heated: frozenset[int]

    def joined(self, other: Needs) -> Needs:
        """What both need, so that two tables of the same columns can stand in line."""
        return Needs(
            tuple(map(max, self.cells, other.cells)),
            tuple(map(max, self.least, other.least)),
            self.heated | other.heated,
        )


def short(number: str) -> str:
    """Calls without their primitive ones: what a number can do with where it has no room, uncut."""
    calls, slash, _ = number.partition("/")
    return f"{calls}/…" if slash else number


def needs_of(rows: Drawn) -> Needs:
    """The cells within which every number of a sample and its title fit, and nine of ten texts where there are many."""
    count = len(rows)
    sample = sorted({*range(min(count, SAMPLE)), *range(0, count, max(1, count // SAMPLE))})
    drawn = [rows.cells(row) for row in sample]
    cells, least = [], []
    for index, column in enumerate(rows.columns):
        texts = [line[index].text for line in drawn]
        widths = sorted(map(width_of, texts)) or [0]
        every = column.align == "right" or count <= SAMPLE
        most = widths[-1 if every else len(widths) * 9 // 10]
        cells.append(max(most, width_of(column.title)) if count and column.align == "right" else most)
        least.append(max((width_of(short(text)) for text in texts), default=0) if column.align == "right" else 0)
    shares = (index for index in range(len(rows.columns)) if any(line[index].heat is not None for line in drawn))
    return Needs(tuple(cells), tuple(least), frozenset(shares))


@dataclass(frozen=True, slots=True)
class Slot:
    """One column on screen: `index` among the rows' columns, `x` its first cell, `bar` the cells on its right
    that belong to a bar (not counted in `width`).
    """

    index: int
    column: Column
    x: int
    width: int
    bar: int = 0

    @property
    def end(self) -> int:
        """One past the last cell."""
        return self.x + self.width + self.bar


def arrange(columns: Sequence[Column], width: int, needs: Needs, sort: str = "") -> tuple[Slot, ...]:
    """The columns that `width` cells have room for, from left to right.

    Columns of the largest priority go first where there is too little room, except the one sorted by. Where there is
    more than enough, texts grow up to what they need, and shares get bars.
    """
    least = [_least(column, *need) for column, *need in zip(columns, needs.cells, needs.least, strict=True)]
    shown = _fitting(columns, width, least, sort)
    slots = [Slot(index, columns[index], 0, least[index]) for index in shown]
    spare = width - _needed([columns[index] for index in shown], [slot.width for slot in slots], width)
    if spare < 0:
        slots = [replace(s, width=max(1, s.width + spare)) if s.column.flexible else s for s in slots]
    else:
        slots, spare = _grown(slots, spare, needs.cells, most=FAIR)
        slots, spare = _with_bars(slots, spare, needs.heated)
        slots, spare = _grown(slots, spare, needs.cells, most=WIDEST)
    return _placed(slots, width)


def _least(column: Column, need: int, uncut: int) -> int:
    """Numbers are not cut, the flexible column as little as can be; other texts can do with their width."""
    if column.align == "right":
        return max(column.width, min(uncut, column.width + LONGER))
    return max(column.width, min(need, column.width + COMFORT)) if column.flexible else column.width


def _fitting(columns: Sequence[Column], width: int, least: Sequence[int], sort: str) -> list[int]:
    """The indices of the columns that fit, dropping those of the largest priority, the rightmost of equals first."""
    shown = list(range(len(columns)))
    while _needed([columns[index] for index in shown], [least[index] for index in shown], width) > width:
        optional = [i for i in shown if columns[i].priority and not (sort and columns[i].sort == sort)]
        if not optional:
            break
        shown.remove(max(optional, key=lambda index: (columns[index].priority, index)))
    return shown


def _needed(columns: Sequence[Column], widths: Sequence[int], width: int) -> int:
    return GUTTER + sum(widths) + sum(_gap(columns, place, width) for place in range(len(columns)))


def _gap(columns: Sequence[Column], place: int, width: int) -> int:
    """The blank cells before a column: texts stand apart from what is on their left."""
    if place == 0:
        return 0
    text = columns[place].align == "left" or columns[place - 1].align == "left"
    return 2 if text or width >= ROOMY else 1


def _grown(slots: Sequence[Slot], spare: int, natural: Sequence[int], most: int) -> tuple[list[Slot], int]:
    """`slots` as wide as they need and `spare` allows, cell by cell in turns, texts up to `most`; and what is left."""
    grown = list(slots)
    while spare > 0:
        wanting = [
            place
            for place, slot in enumerate(grown)
            if slot.width
            < min(natural[slot.index], most if slot.column.align == "left" else slot.column.width + LONGER)
        ]
        if not wanting:
            break
        for place in wanting[:spare]:
            grown[place] = replace(grown[place], width=grown[place].width + 1)
        spare -= len(wanting[:spare])
    return grown, spare


def _with_bars(slots: Sequence[Slot], spare: int, heated: Collection[int]) -> tuple[list[Slot], int]:
    """`slots` with a bar for each share, or for none where there is not room for all."""
    count = sum(slot.index in heated for slot in slots)
    if not count or spare < count * (BAR + 1):
        return list(slots), spare
    with_bars = [replace(slot, bar=BAR + 1) if slot.index in heated else slot for slot in slots]
    return with_bars, spare - count * (BAR + 1)


def _placed(slots: Sequence[Slot], width: int) -> tuple[Slot, ...]:
    columns = [slot.column for slot in slots]
    placed: list[Slot] = []
    x = GUTTER
    for place, slot in enumerate(slots):
        x += _gap(columns, place, width)
        if x >= width:
            break
        placed.append(replace(slot, x=x, width=min(slot.width, width - x)))
        x = placed[-1].end
    return tuple(placed)
