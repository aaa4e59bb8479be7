"""A summary laid out on a page: sections below and beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from proftui.report.summary import Summary
from proftui.report.summary_lines import MOST_PLOTS, Item, Line, Piece, Section, SectionName, Sections
from proftui.report.text import fit, width

TWO, THREE = 100, 160
"""From this many cells on there are two columns, and three."""

TALL = 30
"""From this many lines on lists are longer and findings told in full."""

FEWEST = 5
"""The items of a list at least, where there are so many."""

AROUND = 12
"""The lines that facts, titles and blanks take."""

BELOW = 5
"""The lines of two blanks, the title of the plots, and the title and first item of what stands below them."""

LISTS = {1: 5, 2: 3, 3: 2}
"""How many lists share a column's lines, by the number of columns."""

GAP = 3
"""The cells between columns."""

COLUMNS: dict[int, tuple[tuple[SectionName, ...], ...]] = {
    1: (("self", "findings", "inclusive", "path", "packages"),),
    2: (("findings", "path"), ("self", "inclusive", "packages")),
    3: (("self", "inclusive"), ("findings",), ("path", "packages")),
}
"""Which sections stand in which column; the facts stand across the top of all."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A piece of a line of the page: `x` its first cell, `item` the place of the item that it belongs to, or None."""

    x: int
    cells: int
    pieces: Line
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """An item, and where it stands: its column, its first line and one past its last."""

    item: Item
    column: int
    top: int
    bottom: int


@dataclass(frozen=True, eq=False)
class Page:
    """Lines of slices from left to right, and the items in reading order, column by column."""

    cells: int
    lines: tuple[tuple[Slice, ...], ...]
    items: tuple[Placed, ...]

    def text(self) -> list[str]:
        """The lines as plain text."""
        return ["".join(_padded(line)).rstrip() for line in self.lines]


def laid_out(summary: Summary, cells: int, height: int, *, absolute: bool = False, ready: bool = True) -> Page:
    """The page for a window of that size; it may be longer than the window is high, never wider."""
    number = 1 if cells < TWO else 2 if cells < THREE else 3
    columns = COLUMNS[number]
    each = (cells - GAP * (len(columns) - 1)) // len(columns)
    roomy = height >= TALL
    most = FEWEST if not roomy else max(FEWEST, (height - AROUND) // LISTS[number])
    top = Sections(summary, cells, most, roomy, absolute, ready).made("facts")
    lines: list[list[Slice]] = [[Slice(0, cells, line)] for line in top.before]
    items: list[Placed] = []
    if summary.scope.profile.series:
        over_time = _over_time(Sections(summary, cells, roomy=roomy), height - len(lines) - BELOW)
        lines += [[], *([part] for part in _section(over_time, 0, cells, 0, 0, items))]
    if summary.scope.profile.only_over_time:
        columns = ()
    start = len(lines) + 1
    below: list[list[Slice]] = []
    for column, names in enumerate(columns):
        x = column * (each + GAP)
        drawn = Sections(summary, each, most, roomy, absolute, ready)
        at = 0
        for name in names:
            for slice_ in _section(drawn.made(name), x, each, column, start + at, items):
                while len(below) <= at:
                    below.append([])
                below[at].append(slice_)
                at += 1
            at += 1
    return Page(cells, tuple(map(tuple, [*lines, [], *below])), tuple(items))


def _over_time(sections: Sections, room: int) -> Section:
    """As many plots as leave the first item in sight; all of them where there is none, and one in any case."""
    found = sections.made("series")
    for plots in range(MOST_PLOTS - 1, 0, -1):
        if len(found.before) <= room or sections.summary.scope.profile.only_over_time:
            break
        found = replace(sections, plots=plots).made("series")
    return found


def _section(section: Section, x: int, cells: int, column: int, line: int, items: list[Placed]) -> list[Slice]:
    """A section's lines; its items are added to `items`, where the first line is number `line` of the page."""
    room = cells - width(section.title) - 1
    remark = f"  {section.remark}" if section.remark else ""
    title = (Piece(f" {section.title}", "title"), Piece(fit(remark, room).rstrip(), "dim"))
    slices = [Slice(x, cells, title), *(Slice(x, cells, line_) for line_ in section.before)]
    for item in section.items:
        top = line + len(slices)
        slices += [Slice(x, cells, line_, len(items)) for line_ in item.lines]
        items.append(Placed(item, column, top, line + len(slices)))
    return slices


def _padded(line: Sequence[Slice]) -> list[str]:
    texts = []
    at = 0
    for part in line:
        text = "".join(piece.text for piece in part.pieces)
        texts.append(" " * (part.x - at) + text)
        at = max(at, part.x) + width(text)
    return texts
