"""The time of a recording on a few lines: a bar for each column of windows, and the range that is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

import numpy as np
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from proftui.model.arrays import Floats
from proftui.model.recording import Moment, Span, Windows
from proftui.report.sparkline import glyph
from proftui.report.text import fit
from proftui.report.time_columns import Cell, axis, bracketed, column_at, columns_of, failed, processor, rates
from proftui.report.timeline import clock, span_of

ROOMY = 30
"""Lines of a screen from which on there are lines for processor time and for times."""

LEFT, RIGHT = 9, 13
"""Cells beside the columns, for what the lines are."""

MOST_FAILED = 0.5
"""The share of samples that failed from which on a bar would tell little."""

SIGNS = {"mark": "x", "gap": ":", "open": "[", "close": "]"}
STYLES = ("bar", "chosen", "mark", "gap", "bracket", "error", "label")

Glyph = tuple[str, str]
"""A character and the name of its style."""


@dataclass(frozen=True)
class Drawn:
    """Windows, the cells that they are drawn in, and which of the columns are inside the range."""

    windows: Windows
    cells: tuple[Cell, ...]
    columns: tuple[Cell, ...]
    inside: tuple[bool, ...]

    @classmethod
    def of(cls, windows: Windows, room: int, span: Span | None, marks: Sequence[Moment]) -> Drawn:
        """In at most `room` cells, two of which are kept for brackets."""
        cells = tuple(bracketed(columns_of(windows, room - 2, marks), windows, span))
        columns = tuple(cell for cell in cells if cell.kind == "column")
        first, last = windows.within(span) if span is not None else (0, 0)
        return cls(windows, cells, columns, tuple(cell.first < last and cell.last > first for cell in columns))

    def bars(self, values: Floats, full: float) -> list[Glyph]:
        """A line of bars, one for each column's value; ! where most samples failed."""
        doubtful = failed(self.windows, self.columns) >= MOST_FAILED
        columns: Iterable[Glyph] = (
            ("!", "error") if bad else (glyph(value, full), "chosen" if inside else "bar")
            for value, inside, bad in zip(values.tolist(), self.inside, doubtful.tolist(), strict=True)
        )
        each = iter(columns)
        return [next(each) if cell.kind == "column" else _sign(cell) for cell in self.cells]

    def samples(self) -> tuple[list[Glyph], str]:
        """The line of thread samples, and what a full bar is."""
        values = rates(self.windows, self.columns)
        full = float(np.nanmax(values, initial=0.0))
        return self.bars(values, full), f"to {full:,.0f}/s"

    def processor(self) -> tuple[list[Glyph], str]:
        """The line of processor time, and what a full bar is: one processor, or more where more is used."""
        values = processor(self.windows, self.columns)
        full = max(1.0, float(np.nanmax(values, initial=0.0)))
        return self.bars(values, full), f"to {full:.0%}"


def _sign(cell: Cell) -> Glyph:
    return SIGNS[cell.kind], "bracket" if cell.kind in ("open", "close") else cell.kind


def lines_of(drawn: Drawn, height: int, room: int, *, live: bool) -> list[tuple[str, list[Glyph], str]]:
    """For each of one, two or three lines what it is, at most `room` cells, and what stands at the right edge."""
    bars, scale = drawn.samples()
    now = ("now " if live else "") + clock(float(drawn.windows.end[-1]))
    if height < 2:
        return [("samples", bars, now)]
    times = ("", [(character, "label") for character in axis(drawn.windows, drawn.cells, room)], now)
    if height == 2:
        return [("samples", bars, scale), times]
    return [("samples", bars, scale), ("CPU", *drawn.processor()), times]


class TimeStrip(Widget, can_focus=False):
    """One line, on a tall screen two or three. A click or a drag chooses a range; beyond the last column, all time."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"strip--{style}" for style in STYLES}

    @dataclass
    class SpanChosen(Message):
        """A range of time is to be shown; None for all, up to now."""

        span: Span | None

    def __init__(self) -> None:
        super().__init__()
        self.windows: Windows | None = None
        self.span: Span | None = None
        self.marks: tuple[Moment, ...] = ()
        self.live = False
        self._pressed: tuple[float, float] | None = None
        self._dragged: Span | None = None
        self._drawn: Drawn | None = None
        self._strips: list[Strip] = []
        self._made_for = Size()

    def show(self, windows: Windows, span: Span | None, marks: Sequence[Moment], *, live: bool) -> None:
        """Draw these windows, the range that is shown, and marked moments; `live`: there will be more."""
        before = self._knows_processors
        self.windows, self.span, self.marks, self.live = windows, span, tuple(marks), live
        if self._knows_processors != before:
            self.refresh(layout=True)
        self._redraw()

    @property
    def _knows_processors(self) -> bool:
        return self.windows is not None and not bool(np.isnan(self.windows.cpu).all())

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the screen has room for."""
        return 1 if viewport.height < ROOMY else 2 + self._knows_processors

    def plain(self) -> list[str]:
        """The lines as they are drawn, without styles."""
        return [self.render_line(y).text.rstrip() for y in range(self.size.height)]

    # ------------------------------------------------------------------ drawing

    def notify_style_update(self) -> None:
        """Take the new theme's colours."""
        super().notify_style_update()
        self._strips = []

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        if not self._strips or self._made_for != self.size:
            self._strips = self._made()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def _redraw(self) -> None:
        """Draw the lines that are not as they were."""
        before, self._strips = self._strips, self._made()
        for y, strip in enumerate(self._strips):
            if y >= len(before) or strip != before[y]:
                self.refresh(Region(0, y, self.size.width, 1))

    def _made(self) -> list[Strip]:
        self._made_for = self.size
        if self.windows is None or not len(self.windows):
            self._drawn = None
            return [self._strip("samples", [(character, "label") for character in "none yet"], "")]
        span = self._dragged if self._pressed is not None and self._dragged is not None else self.span
        room = max(0, self.size.width - LEFT - RIGHT)
        self._drawn = Drawn.of(self.windows, room, span, self.marks)
        return [self._strip(*line) for line in lines_of(self._drawn, self.size.height, room, live=self.live)]

    def _strip(self, label: str, cells: Sequence[Glyph], right: str) -> Strip:
        width = self.size.width
        room = max(0, width - LEFT - RIGHT)
        blank = [(" ", "label")] * (room - len(cells))
        pieces = [(fit(f" {label}", LEFT), "label"), *cells, *blank, (fit(f"{right} ", RIGHT, right=True), "label")]
        segments = [
            Segment("".join(text for text, _ in group), self.get_component_rich_style(f"strip--{style}"))
            for style, group in groupby(pieces, key=lambda piece: piece[1])
        ]
        return Strip(segments).crop(0, width)

    # ------------------------------------------------------------------ the mouse

    def span_at(self, x: int) -> tuple[float, float] | None:
        """The time of the column at a cell of the widget; None beside the columns."""
        drawn = self._drawn
        column = column_at(drawn.cells, x - LEFT) if drawn is not None else None
        return span_of(drawn.windows, column.first, column.last) if drawn is not None and column is not None else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin a range."""
        self._dragged = None
        self._pressed = self.span_at(event.x) if event.button == 1 else None
        if self._pressed is not None:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The range reaches to the mouse, beyond the last column up to now."""
        if self._pressed is None or self._drawn is None:
            return
        begin, end = self._pressed
        x = max(event.x, LEFT)
        there = self.span_at(x)
        if there is not None:
            dragged: Span = (min(begin, there[0]), max(end, there[1]))
        else:
            dragged = (begin, None if self.live else float(self._drawn.windows.end[-1]))
        if dragged != (self._dragged or self._pressed):
            self._dragged = dragged
            self._redraw()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The range is chosen; where the mouse did not move, the click chooses."""
        if self._pressed is not None:
            self.release_mouse()
            self._pressed = None
            if self._dragged is not None:
                self._choose(self._dragged)

    def on_click(self, event: events.Click) -> None:
        """Choose a column; twice, or beyond the last one, all time."""
        if self._dragged is not None or self._drawn is None or event.x < LEFT:
            return
        self._choose(None if event.chain > 1 else self.span_at(event.x))

    def _choose(self, span: Span | None) -> None:
        self.span = span
        self._redraw()
        self.post_message(self.SpanChosen(span))
