"""The one grid that shows every table: a fixed header over a window on rows, drawn line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from proftui.errors import Cancelled
from proftui.model import Ids
from proftui.report.rows import Tone
from proftui.report.text import fit
from proftui.tui.jobs import Lane, later
from proftui.tui.messages import Moved
from proftui.tui.state import Sort
from proftui.tui.widgets.layout import Drawn, Needs, Slot, arrange, needs_of
from proftui.tui.widgets.paint import Line, Marker, Palette, header_strip, row_strip

HEADER = 1
"""Lines above the rows."""

BEHIND_FILTERS = "nothing is left here behind the filters: u undoes the last, f lists them"
"""Why nothing is shown where the profile may have something."""

NO_ROWS: Ids = np.zeros(0, np.int32)

HEATS = ("heat-0", "heat-1", "heat-2", "heat-3", "heat-4")
TONES: tuple[Tone, ...] = ("normal", "dim", "mark", "link", "cycle")


class Grid(ScrollView, can_focus=True):
    """A table of any number of rows: what a key costs does not depend on how many there are.

    `rows` is a row model; `cursor` the row that keys act on. The last column is not reached by scrolling: columns
    are chosen and cut to fit the width.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"grid--{part}"
        for part in (*HEATS, *TONES, "bar", "guide", "match", "gutter", "cursor", "header", "header-sorted", "empty")
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up one row", show=False, id="grid.up"),
        Binding("down,j", "move(1)", "Down one row", show=False, id="grid.down"),
        Binding("pageup", "page(-1)", "Up one screen", show=False, id="grid.page-up"),
        Binding("pagedown", "page(1)", "Down one screen", show=False, id="grid.page-down"),
        Binding("home,g", "end(-1)", "First row", show=False, id="grid.first"),
        Binding("end,G", "end(1)", "Last row", show=False, id="grid.last"),
        Binding("enter", "choose", "Choose the row", show=False, id="grid.choose"),
        Binding("n", "match(1)", "Next match of the search", show=False, id="grid.next-match"),
        Binding("N", "match(-1)", "Previous match of the search", show=False, id="grid.previous-match"),
    ]

    @dataclass
    class Chosen(Message):
        """Enter or a double click on the row under the cursor."""

        grid: Grid

    @dataclass
    class SortAsked(Message):
        """A click on the title of a column that can be sorted by."""

        grid: Grid
        key: str

    def __init__(self, rows: Drawn | None = None, *, empty: str = "", id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self.rows: Any = rows
        self.empty = empty
        self.filtered = False
        self.cursor = 0
        self.sort: Sort | None = None
        self.needle = ""
        self.matches = NO_ROWS
        self._slots: tuple[Slot, ...] = ()
        self._needs = Needs((), (), frozenset())
        self._measured: tuple[str, ...] | None = None
        self._palette: Palette | None = None
        self._strips: LRUCache[tuple[int, bool], Strip] = LRUCache(512)
        self._lane = Lane()

    def on_mount(self) -> None:
        """Take the size of the rows given on construction."""
        if self.rows is not None:
            self.show(self.rows)

    def show(
        self, rows: Drawn, *, cursor: int = 0, sort: Sort | None = None, top: bool = False, needs: Needs | None = None,
        steady: bool = False,
    ) -> None:  # fmt: skip
        """Show other rows, the cursor on one of them; with `top` from the first row on, `steady` with the cursor
        where it is on screen.

        What the columns need is measured once as long as they are the same, so that sorting does not move them.
        """
        had_rows, line = bool(self.rows), self.cursor - self.scroll_offset.y
        self.rows = rows
        self.sort = sort
        if had_rows != bool(len(rows)):
            self.refresh_bindings()
        keys = tuple(column.key for column in rows.columns)
        if needs is not None or keys != self._measured:
            self._needs, self._measured = needs or self.needs(rows), keys if len(rows) else None
        self.reshape(cursor)
        if top or steady:
            self.scroll_to(y=max(0, self.cursor - line) if steady else 0, animate=False)
        self._reveal()
        if self.needle:
            self.search(self.needle)

    def reshape(self, cursor: int) -> None:
        """Draw anew after the number of rows or what they say changed."""
        self.cursor = max(0, min(cursor, len(self.rows) - 1))
        self._forget()
        self.virtual_size = Size(0, len(self.rows) + HEADER)
        self.refresh()
        self._reveal()
        self._tell_moved()

    def search(self, needle: str, origin: int | None = None) -> None:
        """Mark where `needle` stands in names and files, nowhere for ""; go to the first match from row `origin` on."""
        if self.rows is not None:
            self.run_worker(later(self._search, needle, origin), group="search", exclusive=True)

    async def _search(self, needle: str, origin: int | None) -> None:
        rows = self.rows
        try:
            matches = await self._lane.run(lambda: rows.find(needle))
        except Cancelled:
            return
        if rows is not self.rows:
            return
        self.needle, self.matches = needle, matches
        self.refresh_rows()
        if origin is not None:
            at = int(np.searchsorted(matches, origin))
            self.move_to(int(matches[at % len(matches)]) if len(matches) else origin)
        self._tell_moved()

    def refresh_rows(self) -> None:
        """Draw the rows anew: what they say is marked otherwise."""
        self._strips.clear()
        self.refresh()

    def action_match(self, step: int) -> None:
        """Go to the next or previous match, round the ends."""
        if len(self.matches):
            at = int(np.searchsorted(self.matches, self.cursor, side="right" if step > 0 else "left"))
            self.move_to(int(self.matches[(at if step > 0 else at - 1) % len(self.matches)]))

    def move_to(self, row: int) -> None:
        """Put the cursor on a row and bring it on screen."""
        if not self.rows or not len(self.rows):
            return
        row = max(0, min(row, len(self.rows) - 1))
        if row != self.cursor:
            before, self.cursor = self.cursor, row
            self.refresh_line(before + HEADER)
            self.refresh_line(row + HEADER)
            self._tell_moved()
        self._reveal()

    def _tell_moved(self) -> None:
        # to the screen at once, not up through every container: what it shows is then painted with the cursor
        self.screen.post_message(Moved(self))

    @property
    def page(self) -> int:
        """How many rows are on screen."""
        return max(1, self.size.height - HEADER)

    def needs(self, rows: Drawn) -> Needs:
        """What the rows need to be drawn in full."""
        return needs_of(rows)

    def marker(self, row: int) -> tuple[int, Marker]:
        """A tree row's depth and marker; a table has none."""
        del row
        return 0, ""

    # ------------------------------------------------------------------ keys and mouse

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self.move_to(self.cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor and the window by screens."""
        self.scroll_to(y=self.scroll_offset.y + pages * self.page, animate=False)
        self.move_to(self.cursor + pages * self.page)

    def action_end(self, side: int) -> None:
        """Move the cursor to the first or last row."""
        self.move_to(0 if side < 0 else len(self.rows) - 1)

    def action_choose(self) -> None:
        """Say that the row under the cursor was chosen."""
        if self.rows is not None and len(self.rows):
            self.post_message(self.Chosen(self))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without rows there is nothing to do, and without a search there are no matches."""
        if action == "match":
            return bool(self.needle)
        return action not in ("move", "page", "end", "choose") or bool(self.rows)

    def on_click(self, event: events.Click) -> None:
        """A row is selected, twice it is chosen; a title sorts."""
        if self.rows is None:
            return
        if event.y < HEADER:
            slot = next((slot for slot in self.slots if slot.x <= event.x < slot.end), None)
            if slot is not None and slot.column.sort:
                self.post_message(self.SortAsked(self, slot.column.sort))
            return
        row = self.scroll_offset.y + event.y - HEADER
        if row < len(self.rows):
            self.move_to(row)
            if event.chain == 2:
                self.action_choose()

    # ------------------------------------------------------------------ drawing

    def on_resize(self) -> None:
        """Other columns may fit."""
        self._forget()
        self._reveal()

    def notify_style_update(self) -> None:
        """Take the new theme's styles."""
        super().notify_style_update()
        self._palette = None
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """One line of the window: the titles, or a row."""
        cells = self.scrollable_content_region.width
        palette = self._palette or self._take_palette()
        if self.rows is None:
            return Strip.blank(cells, palette.normal)
        slots = self.slots
        if y < HEADER:
            return header_strip(slots, self.sort, cells, palette)
        row = self.scroll_offset.y + y - HEADER
        if row >= len(self.rows):
            return self._blank(row, cells, palette)
        key = (row, row == self.cursor)
        strip = self._strips.get(key)
        if strip is None:
            depth, marker = self.marker(row)
            line = Line(self.rows.cells(row), depth, marker, self.needle, key[1])
            strip = self._strips[key] = row_strip(line, slots, cells, palette)
        return strip

    @property
    def nothing(self) -> str:
        """Why there are no rows."""
        return BEHIND_FILTERS if self.filtered else self.empty

    def _blank(self, row: int, cells: int, palette: Palette) -> Strip:
        text = f" {self.nothing}" if row == 0 else ""
        return Strip([Segment(fit(text, cells), palette.tones["dim"])], cells)

    def _take_palette(self) -> Palette:
        def style(part: str) -> Any:
            return self.get_component_rich_style(f"grid--{part}")

        self._palette = Palette(
            normal=style("normal"),
            tones={tone: style(tone) for tone in TONES},
            heat=tuple(style(part) for part in HEATS),
            bar=style("bar"),
            guide=style("guide"),
            match=self.get_component_rich_style("grid--match", partial=True),
            gutter=style("gutter"),
            cursor=self.get_component_rich_style("grid--cursor", partial=True),
            header=style("header"),
            header_sorted=style("header-sorted"),
        )
        return self._palette

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Where the columns are; arranged anew after a resize, painted again or not."""
        if not self._slots:
            sort = self.sort.key if self.sort else ""
            self._slots = arrange(self.rows.columns, self.scrollable_content_region.width, self._needs, sort)
        return self._slots

    def _forget(self) -> None:
        self._strips.clear()
        self._slots = ()

    def _reveal(self) -> None:
        """Scroll as far as the cursor needs to be on screen, at once."""
        top = self.scroll_offset.y
        if self.size.height <= HEADER:
            return
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + self.page:
            self.scroll_to(y=self.cursor - self.page + 1, animate=False)
