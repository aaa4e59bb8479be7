"""The grid over the lines of a source file: as other tables, with the text in the colours of its syntax."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, get_args

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.strip import Strip

from proftui.report.highlight import Kind, Span
from proftui.report.source_columns import TEXT
from proftui.report.source_rows import SourceRows
from proftui.report.text import ending, fit, safe, width
from proftui.tui.messages import Said
from proftui.tui.widgets.grid import HEADER, Grid
from proftui.tui.widgets.layout import GUTTER, Drawn, Needs, Slot, needs_of
from proftui.tui.widgets.paint import CURSOR, Palette

STEP = 8
"""Cells that the text moves sideways."""

EDGE = "│"

BARS_FROM = 150
"""The cells from which on shares have bars."""


class SourceGrid(Grid):
    """Lines of source; Left and Right show more of long ones."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"source--{kind}" for kind in get_args(Kind)}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Callee", id="source.dive", tooltip="To what is called on the line"),
        Binding("t", "hot(1)", "Hot line", id="source.hot", tooltip="To the costliest lines of the function in turn"),
        Binding("T", "hot(-1)", "Back to the costlier line", show=False, id="source.hotter"),
        Binding("left,h", f"shift(-{STEP})", "The text to the right", show=False, id="source.left"),
        Binding("right,l", f"shift({STEP})", "More of long lines", show=False, id="source.right"),
    ]
    rows: SourceRows

    def __init__(self) -> None:
        super().__init__(empty="no function is in focus: choose one in the functions view")
        self.spans: Mapping[int, tuple[Span, ...]] = {}
        self.offset_x = 0
        self._styles: dict[str, Style] = {}

    def notify_style_update(self) -> None:
        """Take the new theme's styles."""
        super().notify_style_update()
        self._styles = {}

    def needs(self, rows: Drawn) -> Needs:
        """Texts come before the bars beside shares, which need a wide screen."""
        measured = needs_of(rows)
        return measured if self.size.width >= BARS_FROM else replace(measured, heated=frozenset())

    def on_resize(self) -> None:
        """There may be room for bars."""
        if self.rows is not None:
            self._needs = self.needs(self.rows)
        super().on_resize()

    def action_shift(self, cells: int) -> None:
        """Move the text sideways, not beyond the longest line on screen."""
        if self.rows is None:
            return
        top = self.scroll_offset.y
        shown = range(top, min(top + self.page, len(self.rows)))
        longest = max((width(self.rows.text(row)) for row in shown), default=0)
        room = self.scrollable_content_region.width - max((slot.x for slot in self.slots), default=0)
        most = max(self.offset_x, longest - room + 1)
        self.offset_x = max(0, min(self.offset_x + cells, most))
        self._strips.clear()
        self.refresh()

    def action_hot(self, step: int) -> None:
        """Go to the next costliest line of the function around the cursor, after the last to the costliest."""
        if self.rows is None:
            return
        hot = self.rows.hot_around(self.cursor)
        if not len(hot):
            self.post_message(Said("no line here has a cost of its own that is known"))
            return
        here = np.flatnonzero(hot == self.cursor)
        rank = (int(here[0]) + step) % len(hot) if len(here) else (0 if step > 0 else len(hot) - 1)
        near = self.in_sight(int(hot[rank]))
        self.move_to(int(hot[rank]))
        if not near:
            self.present()

    def in_sight(self, row: int) -> bool:
        """Whether a row is on screen."""
        return self.scroll_offset.y <= row < self.scroll_offset.y + self.page

    def present(self) -> None:
        """Scroll so that the cursor has a little above it and more below."""
        self.scroll_to(y=max(0, self.cursor - self.page // 4), animate=False)

    # ------------------------------------------------------------------ drawing

    def render_line(self, y: int) -> Strip:
        """The line as other grids draw it, with the text over it."""
        row = self.scroll_offset.y + y - HEADER
        key = (row, row == self.cursor)
        if self.rows is None or row >= len(self.rows) or (y >= HEADER and key in self._strips):
            return super().render_line(y)
        strip = super().render_line(y)
        palette = self._palette
        slot = next((slot for slot in self.slots if slot.column.key == TEXT.key), None)
        if palette is None or slot is None:
            return strip
        if y < HEADER:
            return self._with_file(strip, slot, palette)
        self._strips.discard(key)  # Textual's cache keeps the first value of a key
        strip = self._strips[key] = self._with_text(strip, row, slot, palette)
        return strip

    def _with_file(self, strip: Strip, slot: Slot, palette: Palette) -> Strip:
        """The line of titles with the file's name over the text."""
        room = strip.cell_length - slot.x
        return Strip([*strip.crop(0, slot.x), Segment(fit(ending(safe(self.rows.file), room), room), palette.header)])

    def _with_text(self, strip: Strip, row: int, slot: Slot, palette: Palette) -> Strip:
        cells = strip.cell_length
        note = self.rows.row(row).note
        if note:
            mark = Segment(CURSOR, palette.gutter) if row == self.cursor else Segment(" ", palette.normal)
            segments = [mark, Segment(fit(f" {note}", cells - GUTTER), palette.tones["mark"])]
            before: list[Segment] = []
        else:
            before = list(strip.crop(0, slot.x - 2))
            segments = [Segment(f"{EDGE} ", palette.guide), *self._text(row, palette)]
            segments = list(Strip(segments).crop(0, cells - slot.x + 2).adjust_cell_length(cells - slot.x + 2))
        if row == self.cursor:
            segments = [Segment(text, (style or palette.normal) + palette.cursor) for text, style, _ in segments]
        else:
            segments = [Segment(text, style or palette.normal) for text, style, _ in segments]
        return Strip([*before, *segments], cells)

    def _text(self, row: int, palette: Palette) -> list[Segment]:
        """The text from the offset on, in pieces of one style."""
        text = self.rows.text(row)
        shown = self.rows.row(row)
        if shown.call is not None:
            return [Segment(text, palette.tones["mark"])]
        styles: list[Style] = [palette.normal] * len(text)
        for start, end, kind in self.spans.get(shown.line, ()):
            styles[start:end] = [self._style(kind)] * (min(end, len(text)) - start)
        folded, needle = text.casefold(), self.needle.casefold()
        at = folded.find(needle) if needle and len(folded) == len(text) else -1
        while at >= 0:
            for place in range(at, at + len(needle)):
                styles[place] += palette.match
            at = folded.find(needle, at + len(needle))
        segments: list[Segment] = []
        begin = 0
        for place in range(1, len(text) + 1):
            if place == len(text) or styles[place] != styles[begin]:
                segments.append(Segment(text[begin:place], styles[begin]))
                begin = place
        strip = Strip(segments)
        return list(strip.crop(self.offset_x)) if self.offset_x else segments

    def _style(self, kind: Kind) -> Style:
        if kind not in self._styles:
            self._styles[kind] = self.get_component_rich_style(f"source--{kind}")
        return self._styles[kind]
