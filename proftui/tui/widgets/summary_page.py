"""The widget that draws a page of linked items, and moves among them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from proftui.report.summary_lines import Piece
from proftui.report.summary_page import Page, Placed, Slice
from proftui.report.text import width
from proftui.tui.messages import Moved
from proftui.tui.widgets.paint import CURSOR, HEAT_STEPS

TONES = ("normal", "dim", "mark", "link", "cycle", "title", "bar")
HEATS = ("heat-0", "heat-1", "heat-2", "heat-3", "heat-4")


class SummaryPage(ScrollView, can_focus=True):
    """A page made anew for each width by `layout`; the cursor stands on one of its items."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"page--{part}" for part in (*TONES, *HEATS, "match", "gutter", "cursor")}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "To the item above", show=False, id="summary.up"),
        Binding("down,j", "move(1)", "To the item below", show=False, id="summary.down"),
        Binding("left,h", "beside(-1)", "To the column on the left", show=False, id="summary.left"),
        Binding("right,l", "beside(1)", "To the column on the right", show=False, id="summary.right"),
        Binding("pageup", "page(-1)", "Up one screen", show=False, id="summary.page-up"),
        Binding("pagedown", "page(1)", "Down one screen", show=False, id="summary.page-down"),
        Binding("home,g", "end(-1)", "First item", show=False, id="summary.first"),
        Binding("end,G", "end(1)", "Last item", show=False, id="summary.last"),
        Binding("enter", "choose", "Go there", id="summary.choose", tooltip="To the rows that the item is about"),
        Binding("n", "match(1)", "Next match of the search", show=False, id="summary.next-match"),
        Binding("N", "match(-1)", "Previous match of the search", show=False, id="summary.previous-match"),
    ]

    class Chosen(Message):
        """Enter or a double click on the item under the cursor."""

    def __init__(self) -> None:
        super().__init__()
        self.page: Page | None = None
        self.cursor = 0
        self.needle = ""
        self.matches: list[int] = []
        self._wanted: Hashable = None
        self._layout: Callable[[int, int], Page] | None = None
        self._styles: dict[str, Style] = {}

    def show(self, layout: Callable[[int, int], Page], key: Hashable = None) -> None:
        """Draw what `layout` makes for a width and height, the cursor on the item with that key, else where it was."""
        before = self.current
        self._layout, self._wanted = layout, key
        self._arrange(key if key is not None else None if before is None else before.item.key)

    def _lay(self, key: Hashable) -> Page | None:
        """Make the page for the size there is, with the cursor on the item with that key, else where it was."""
        if self._layout is None or not self.size.width:
            return None
        # a page that fits needs no bar to scroll, and room for one is kept
        page = self.page = self._layout(self.scrollable_content_region.width, self.size.height)
        keys = [placed.item.key for placed in page.items]
        key, self._wanted = (self._wanted if key is None else key), None
        self.cursor = keys.index(key) if key in keys else min(self.cursor, max(len(keys) - 1, 0))
        return page

    def _arrange(self, key: Hashable) -> None:
        if (page := self._lay(key)) is None:
            return
        self.virtual_size = Size(0, len(page.lines))
        self.search(self.needle)
        self.refresh()
        self.refresh_bindings()
        self._moved()

    @property
    def current(self) -> Placed | None:
        """The item under the cursor."""
        return self.page.items[self.cursor] if self.page is not None and self.page.items else None

    def index_of(self, holds: Callable[[Placed], bool]) -> int | None:
        """The first item of which that is true."""
        placed = self.page.items if self.page is not None else ()
        return next((index for index, item in enumerate(placed) if holds(item)), None)

    def search(self, needle: str, origin: int | None = None) -> None:
        """Mark the items that `needle` is found in, none for ""; go to the first of them from item `origin` on."""
        self.needle = needle
        wanted = needle.casefold()
        items = self.page.items if self.page is not None and needle else ()
        self.matches = [index for index, placed in enumerate(items) if wanted in _text(placed).casefold()]
        self.refresh()
        if origin is not None:
            after = [index for index in self.matches if index >= origin] or self.matches
            self.move_to(after[0] if after else origin)

    def move_to(self, index: int) -> None:
        """Put the cursor on an item and bring it on screen."""
        count = len(self.page.items) if self.page is not None else 0
        if count:
            self.cursor = max(0, min(index, count - 1))
            self.refresh()
            self._moved()

    def _moved(self) -> None:
        if (current := self.current) is not None:
            top, height = self.scroll_offset.y, self.size.height
            # the first item brings what stands above it, as long as its own beginning stays in sight
            first, last = (0, current.top + 1) if self.cursor == 0 else (current.top, current.bottom)
            if first < top:
                self.scroll_to(y=first, animate=False)
            elif last > top + height:
                self.scroll_to(y=last - height, animate=False)
        self.screen.post_message(Moved(self))

    # ------------------------------------------------------------------ keys and mouse

    def action_move(self, items: int) -> None:
        """Move the cursor."""
        if not self._roll(items):
            self.move_to(self.cursor + items)

    def action_beside(self, side: int) -> None:
        """Move the cursor to the item that stands nearest in the next column that has any."""
        current, page = self.current, self.page
        if current is None or page is None:
            return
        columns = {placed.column for placed in page.items if (placed.column - current.column) * side > 0}
        if columns:
            column = min(columns) if side > 0 else max(columns)
            beside = [index for index, placed in enumerate(page.items) if placed.column == column]
            self.move_to(min(beside, key=lambda index: abs(page.items[index].top - current.top)))

    def action_page(self, pages: int) -> None:
        """Move the cursor by a screen, within its column."""
        current, page = self.current, self.page
        if current is None or page is None:
            self._roll(pages * max(1, self.size.height - 1))
            return
        wanted = current.top + pages * max(1, self.size.height - 1)
        column = [index for index, placed in enumerate(page.items) if placed.column == current.column]
        self.move_to(min(column, key=lambda index: abs(page.items[index].top - wanted)))

    def action_end(self, side: int) -> None:
        """Move the cursor to the first or last item."""
        if not self._roll(side * self.virtual_size.height):
            self.move_to(0 if side < 0 or self.page is None else len(self.page.items) - 1)

    def _roll(self, lines: int) -> bool:
        """Scroll a page without items; whether it is one."""
        if self.current is None:
            self.scroll_to(y=self.scroll_offset.y + lines, animate=False)
        return self.current is None

    def action_match(self, step: int) -> None:
        """Go to the next or previous match, round the ends."""
        if self.matches:
            at = bisect_right(self.matches, self.cursor)
            if step < 0:
                at -= 2 if self.cursor in self.matches else 1
            self.move_to(self.matches[at % len(self.matches)])

    def action_choose(self) -> None:
        """Say that the item under the cursor was chosen."""
        if self.current is not None:
            self.post_message(self.Chosen())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without items there is nowhere to go but along the page, and without a search there are no matches."""
        if action == "match":
            return bool(self.needle)
        if action in ("move", "page", "end"):
            return self.current is not None or self.max_scroll_y > 0
        return action not in ("beside", "choose") or self.current is not None

    def on_click(self, event: events.Click) -> None:
        """An item is selected, twice it is chosen."""
        if self.page is None or self.scroll_offset.y + event.y >= len(self.page.lines):
            return
        line = self.page.lines[self.scroll_offset.y + event.y]
        part = next((part for part in line if part.x <= event.x < part.x + part.cells), None)
        if part is not None and part.item is not None:
            self.move_to(part.item)
            if event.chain == 2:
                self.action_choose()

    # ------------------------------------------------------------------ drawing

    def on_resize(self) -> None:
        """Another page may fit better."""
        current = self.current
        self._arrange(None if current is None else current.item.key)

    def notify_style_update(self) -> None:
        """Take the new theme's styles."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        cells = self.scrollable_content_region.width
        row = self.scroll_offset.y + y
        # the first time that lines are wanted, the message about the size is still under way
        page = self.page or self._lay(None)
        if page is None or row >= len(page.lines):
            return Strip.blank(cells, self._style("normal"))
        segments: list[Segment] = []
        x = 0
        for part in page.lines[row]:
            segments.append(Segment(" " * (part.x - x), self._style("normal")))
            segments += self._slice(part)
            x = part.x + part.cells
        segments.append(Segment(" " * max(0, cells - x), self._style("normal")))
        return Strip(segments).crop(0, cells)

    def _slice(self, part: Slice) -> list[Segment]:
        segments = [segment for piece in part.pieces for segment in self._piece(piece, part.item in self.matches)]
        used = sum(width(segment.text) for segment in segments)
        segments.append(Segment(" " * max(0, part.cells - used), self._style("normal")))
        if part.item != self.cursor or part.item is None:
            return segments
        cursor = self._style("cursor", partial=True)
        shown = [Segment(segment.text, (segment.style or Style()) + cursor) for segment in segments]
        # every item begins with a blank: the cursor is told from it without colours
        first = shown[0]
        return [Segment(CURSOR, self._style("gutter") + cursor), Segment(first.text[1:], first.style), *shown[1:]]

    def _piece(self, piece: Piece, matches: bool) -> Sequence[Segment]:
        if piece.tone == "normal" and piece.heat is not None:
            style = self._style(HEATS[bisect_right(HEAT_STEPS, piece.heat)])
        else:
            style = self._style(piece.tone)
        at = piece.text.casefold().find(self.needle.casefold()) if matches else -1
        if at < 0 or len(piece.text.casefold()) != len(piece.text):
            return [Segment(piece.text, style)]
        end = at + len(self.needle)
        found = style + self._style("match", partial=True)
        texts = ((piece.text[:at], style), (piece.text[at:end], found), (piece.text[end:], style))
        return [Segment(text, text_style) for text, text_style in texts if text]

    def _style(self, part: str, *, partial: bool = False) -> Style:
        if part not in self._styles:
            style: Any = self.get_component_rich_style(f"page--{part}", partial=partial)
            self._styles[part] = style
        return self._styles[part]


def _text(placed: Placed) -> str:
    item = placed.item
    lines = ("".join(piece.text for piece in line).strip() for line in item.lines)
    return "\n".join((item.name, item.detail, " ".join(lines)))
