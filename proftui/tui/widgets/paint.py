"""A grid's lines as strips of styled text: pure functions of cells, places and styles."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from proftui.report.rows import Cell, Tone
from proftui.report.text import fit, shortened, width
from proftui.tui.state import Sort
from proftui.tui.widgets.layout import GUTTER, Slot, short

Marker = Literal["", "open", "closed", "leaf"]

MARKERS: dict[Marker, str] = {"": "", "open": "▾ ", "closed": "▸ ", "leaf": "  "}
CURSOR = "▌"
GUIDE = "│ "
ASCENDING, DESCENDING = "▲", "▼"
EIGHTHS = " ▏▎▍▌▋▊▉█"

HEAT_STEPS = (0.01, 0.05, 0.15, 0.40)
"""The shares at which a number gets the next warmer colour."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The styles of a grid; `cursor` is laid over the others, `heat` goes from cold to hot."""

    normal: Style
    tones: dict[Tone, Style]
    heat: tuple[Style, ...]
    bar: Style
    guide: Style
    match: Style
    gutter: Style
    cursor: Style
    header: Style
    header_sorted: Style


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it is to be drawn: `depth` and `marker` of a tree's row, `needle` is what was searched for."""

    cells: Sequence[Cell]
    depth: int = 0
    marker: Marker = ""
    needle: str = ""
    cursor: bool = False


def row_strip(line: Line, slots: Sequence[Slot], cells: int, palette: Palette) -> Strip:
    """A row, `cells` wide."""
    mark = Segment(CURSOR, palette.gutter) if line.cursor else Segment(" ", palette.normal)
    segments = [mark]
    x = GUTTER
    for slot in slots:
        if slot.x > x:
            segments.append(Segment(" " * (slot.x - x), palette.normal))
        segments += _cell(line, slot, palette)
        x = slot.end
    if x < cells:
        segments.append(Segment(" " * (cells - x), palette.normal))
    if line.cursor:
        segments = [Segment(text, (style or palette.normal) + palette.cursor) for text, style, _ in segments]
    return Strip(segments, cells)


def header_strip(slots: Sequence[Slot], sort: Sort | None, cells: int, palette: Palette) -> Strip:
    """The line of titles, the sorted column's with an arrow."""
    segments: list[Segment] = []
    x = 0
    arrow = (DESCENDING if sort.descending else ASCENDING) if sort else ""
    pointed = next((slot for slot in slots if sort and slot.column.sort == sort.key), None)
    for slot in slots:
        title = slot.column.title
        if slot is pointed:
            title = fit(title, min(width(title), slot.width - 1)) + arrow
        style = palette.header_sorted if slot is pointed else palette.header
        segments.append(Segment(" " * (slot.x - x), palette.header))
        segments.append(Segment(fit(title, slot.width, right=slot.column.align == "right"), style))
        segments.append(Segment(" " * slot.bar, palette.header))
        x = slot.end
    segments.append(Segment(" " * max(0, cells - x), palette.header))
    return Strip(segments, max(cells, x))


def indentation(depth: int, cells: int) -> int:
    """The cells that a tree's guides take: two a level, but at most half of the column."""
    return min(2 * depth, max(0, cells // 2 - 2))


def _cell(line: Line, slot: Slot, palette: Palette) -> list[Segment]:
    cell = line.cells[slot.index]
    style = _style(cell, palette)
    if slot.column.align == "right":
        text = cell.text if width(cell.text) <= slot.width else short(cell.text)
        segments = [Segment(fit(text, slot.width, right=True), style)]
        return segments + ([Segment(_bar(cell.heat, slot.bar), palette.bar)] if slot.bar else [])
    segments, room = [], slot.width
    if slot.column.flexible and line.marker:
        segments = _guides(line.depth, room, palette)
        segments.append(Segment(MARKERS[line.marker], palette.tones["link"]))
        room = max(0, room - sum(width(text) for text, _, _ in segments))
    text = shortened(cell.text, room, slot.column.cut)
    found = _found(text, line.needle)
    if not found and line.needle and line.needle.casefold() in cell.text.casefold():
        found = (0, len(text))
    segments += _highlighted(fit(text, room), found, style, palette.match)
    return segments


def _style(cell: Cell, palette: Palette) -> Style:
    if cell.tone != "normal":
        return palette.tones[cell.tone]
    if cell.heat is not None:
        return palette.heat[bisect_right(HEAT_STEPS, cell.heat)]
    return palette.normal


def _guides(depth: int, cells: int, palette: Palette) -> list[Segment]:
    """The lines that lead down from a row's ancestors; where they are too many, the depth as a number and the last."""
    room = indentation(depth, cells)
    if room == 2 * depth:
        return [Segment(GUIDE * depth, palette.guide)] if depth else []
    number = f"{depth} "
    levels = max(0, (room - len(number)) // 2)
    return [Segment(fit(number, room - 2 * levels), palette.tones["dim"]), Segment(GUIDE * levels, palette.guide)]


def _bar(share: float | None, cells: int) -> str:
    """A bar after a blank, in eighths of a cell; nothing for an unknown share."""
    if not share or share < 0:
        return " " * cells
    eighths = round(min(share, 1.0) * (cells - 1) * 8)
    full, part = divmod(eighths, 8)
    return (" " + "█" * full + (EIGHTHS[part] if part else "")).ljust(cells)


def _found(text: str, needle: str) -> tuple[int, int] | None:
    """Where `needle` first stands in `text` regardless of case, as indices; None where it does not."""
    folded = text.casefold()
    if not needle or len(folded) != len(text):
        return None
    start = folded.find(needle.casefold())
    return (start, start + len(needle.casefold())) if start >= 0 else None


def _highlighted(text: str, found: tuple[int, int] | None, style: Style, match: Style) -> list[Segment]:
    if found is None:
        return [Segment(text, style)]
    start, end = found
    pieces = ((text[:start], style), (text[start:end], style + match), (text[end:], style))
    return [Segment(piece, piece_style) for piece, piece_style in pieces if piece]
