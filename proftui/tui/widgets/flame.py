"""The widget that draws a flame graph, one line a row of frames."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Callable, Collection
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from proftui.analysis.flame import SLACK, Box, Flame
from proftui.report.flame import FlameText
from proftui.report.flame_colours import Colouring
from proftui.tui.jobs import later
from proftui.tui.messages import Moved, Said
from proftui.tui.widgets.flame_inks import Inks
from proftui.tui.widgets.flame_looks import Looks
from proftui.tui.widgets.flame_paint import placed, row_strip

AT_ONCE = 0.02
"""Seconds for which boxes are made before the screen gets its turn again."""

DEEPEST = 1000
"""How many rows the heaviest path is followed at most, and how many are searched."""

WHEEL = 3
"""Rows a turn of the wheel."""


class FlameGraph(Widget, can_focus=True):
    """Frames as boxes, the outermost on top, or with `upside_down` at the bottom.

    `cursor` is the frame that keys act on, `hovered` the one below the mouse, `top` the outermost row on screen.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "To the frame above: the caller, or upside down the heaviest callee",
                show=False, id="flame.up"),
        Binding("down,j", "move(1)", "To the frame below: the heaviest callee, or upside down the caller",
                show=False, id="flame.down"),
        Binding("left,h", "beside(-1)", "To the next frame on the left", show=False, id="flame.left"),
        Binding("right,l", "beside(1)", "To the next frame on the right", show=False, id="flame.right"),
        Binding("pageup", "page(-1)", "Up one screen", show=False, id="flame.page-up"),
        Binding("pagedown", "page(1)", "Down one screen", show=False, id="flame.page-down"),
        Binding("home,g", "first", "To the outermost heaviest frame", show=False, id="flame.first"),
        Binding("end,G", "last", "To the end of the heaviest path of all", show=False, id="flame.last"),
        Binding("H", "heaviest", "Path", id="flame.heaviest", tooltip="Along the heaviest path, from here to its end"),
        Binding("enter", "zoom", "Zoom", id="flame.zoom", tooltip="Give the frame the whole width"),
        Binding("v", "turn", "The outermost frames on top, or at the bottom", show=False, id="flame.turn"),
        Binding("w", "colours", "Colours by module, or by self cost", show=False, id="flame.colours"),
        Binding("t", "order", "In the order of time, or the heaviest first", show=False, id="flame.order"),
        Binding("n", "match(1)", "Next match of the search", show=False, id="flame.next-match"),
        Binding("N", "match(-1)", "Previous match of the search", show=False, id="flame.previous-match"),
    ]  # fmt: skip

    @dataclass
    class Chosen(Message):
        """A frame is to take the whole width."""

        box: Box

    @dataclass
    class Asked(Message):
        """Another look is wanted: upside down or not, or other colours."""

        upside_down: bool
        colouring: Colouring

    @dataclass
    class Reordered(Message):
        """The order of time is wanted, or that by cost again."""

    @dataclass
    class Shifted(Message):
        """Other rows are on screen, or more are known."""

    @dataclass
    class Resized(Message):
        """There is room for other boxes."""

    def __init__(self) -> None:
        super().__init__()
        self.text: FlameText | None = None
        self.cursor: Box | None = None
        self.hovered: Box | None = None
        self.top = 0
        self.upside_down = False
        self.colouring: Colouring = "module"
        self.searched = False
        self.matches: list[Box] = []
        self._matched: set[Box] = set()
        self._inks: Inks | None = None

    @property
    def flame(self) -> Flame | None:
        """The boxes."""
        return self.text.flame if self.text is not None else None

    def show(self, text: FlameText, cursor: Box | None, *, upside_down: bool, colouring: Colouring) -> None:
        """Draw other boxes, or the same ones otherwise."""
        begins = (self.text is None) != (text is None) or (self.cursor is None) != (cursor is None)
        self.text, self.cursor, self.hovered = text, cursor, None
        self.upside_down, self.colouring = upside_down, colouring
        self.matches, self._matched = [], set()
        if begins:
            self.refresh_bindings()
        self._reveal()
        self.refresh()

    def clear(self) -> None:
        """Draw nothing."""
        self.text = self.cursor = self.hovered = None
        self.searched, self.matches, self._matched = False, [], set()
        self.refresh()

    def mark(self, wanted: Callable[[Box], bool] | None, go: Box | None = None) -> None:
        """Mark the boxes that are wanted, none for None; with `go` to the first of them from that box on."""
        self.run_worker(later(self._mark, wanted, go), group="mark", exclusive=True)

    async def _mark(self, wanted: Callable[[Box], bool] | None, go: Box | None) -> None:
        flame = self.flame
        if flame is None:
            return
        while wanted is not None and not flame.grow(DEEPEST, AT_ONCE):
            await sleep(0)
        if flame is not self.flame:
            return
        self.searched = wanted is not None
        self.matches = [] if wanted is None else [box for row in flame.rows for box in row if wanted(box)]
        self._matched = set(self.matches)
        self.refresh_bindings()
        self.refresh()
        if go is not None:
            self.move_to(next((box for box in self.matches if _order(box) >= _order(go)), next(iter(self.matches), go)))
        self.screen.post_message(Moved(self))

    # ------------------------------------------------------------------ the cursor

    def move_to(self, box: Box | None) -> None:
        """Put the cursor on a frame and bring it on screen."""
        if box is None:
            return
        if box is not self.cursor or self.hovered is not None:
            before = self._marked()
            self.cursor, self.hovered = box, None
            for row in before | self._marked():
                self.refresh(Region(0, self._line(row), self.size.width, 1))
            self.screen.post_message(Moved(self))
        self._reveal()

    def action_move(self, lines: int) -> None:
        """Towards the caller or the heaviest callee, whichever lies there."""
        if self.flame is None or self.cursor is None:
            return
        if (lines < 0) != self.upside_down:
            self.move_to(self.cursor.above)
        elif (below := self.flame.heaviest(self.cursor)) is not None:
            self.move_to(below)
        elif self.cursor.node.kind == "rest":
            self._say("these frames are too thin to draw; Enter gives them the whole width")
        elif self.cursor.node.expandable:
            self._say("what it calls is too thin to draw here; Enter gives it the whole width")

    def action_beside(self, step: int) -> None:
        """To the next frame in the same row."""
        if self.flame is not None and self.cursor is not None:
            self.move_to(self.flame.beside(self.cursor, step))

    def action_page(self, pages: int) -> None:
        """Along callers or heaviest callees by a screen."""
        box, rows = self.cursor, max(1, self.size.height - 1)
        for _ in range(rows):
            further = self._further(box, pages)
            if further is None:
                break
            box = further
        self.move_to(box)

    def _further(self, box: Box | None, lines: int) -> Box | None:
        if self.flame is None or box is None:
            return None
        return box.above if (lines < 0) != self.upside_down else self.flame.heaviest(box)

    def action_first(self) -> None:
        """To the heaviest frame of the outermost row."""
        if self.flame is not None:
            self.move_to(self.flame.heaviest(None))

    def action_last(self) -> None:
        """To the end of the heaviest path."""
        if self.flame is not None:
            self._follow(self.flame.zoomed or self.flame.heaviest(None))

    def action_heaviest(self) -> None:
        """From here to the end of the heaviest path."""
        self._follow(self.cursor)

    def _follow(self, box: Box | None) -> None:
        if self.flame is not None and box is not None:
            self.run_worker(later(self._walk, self.flame, box), group="walk", exclusive=True)

    async def _walk(self, flame: Flame, box: Box) -> None:
        begun = monotonic()
        for _ in range(DEEPEST):
            below = flame.heaviest(box)
            if below is None or below.node.kind == "rest":
                break
            box = below
            if monotonic() - begun > AT_ONCE:
                await sleep(0)
                if flame is not self.flame:
                    return
                begun = monotonic()
        self.move_to(box)

    def action_match(self, step: int) -> None:
        """To the next or previous match, round the ends."""
        if not self.matches or self.cursor is None:
            self._say("no frame that matches is wide enough to draw")
            return
        here = _order(self.cursor)
        ahead = [box for box in self.matches if (_order(box) > here if step > 0 else _order(box) < here)]
        self.move_to((ahead or self.matches)[0 if step > 0 else -1])

    def action_zoom(self) -> None:
        """Give the frame under the cursor the whole width."""
        box, flame = self.cursor, self.flame
        if box is None or flame is None:
            return
        if box is not flame.zoomed and (box.width < 1 - SLACK or flame.zoomed is not None):
            self.post_message(self.Chosen(box))
        elif box.node.kind == "rest":
            self._say("even so its frames are too thin to draw; the call tree lists them")
        else:
            self._say("this frame has the whole width already")

    def action_turn(self) -> None:
        """Upside down, or back."""
        self.post_message(self.Asked(not self.upside_down, self.colouring))

    def action_colours(self) -> None:
        """By module, or by self cost."""
        self.post_message(self.Asked(self.upside_down, "self" if self.colouring == "module" else "module"))

    def action_order(self) -> None:
        """By time, or by cost."""
        self.post_message(self.Reordered())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without boxes there is nowhere to go, and without a search there are no matches."""
        if action == "match":
            return self.searched
        return action in ("turn", "colours", "order") or self.cursor is not None

    def _say(self, sentence: str) -> None:
        self.post_message(Said(sentence))

    # ------------------------------------------------------------------ the mouse

    def box_at(self, x: int, y: int) -> Box | None:
        """The box that is drawn at a cell."""
        if self.flame is None:
            return None
        places = placed(self.flame.row(self._row(y)), self.size.width)
        return next((place.box for place in places if place.start <= x < place.end), None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say what is below the mouse."""
        self._hover(self.box_at(event.x, event.y))

    def on_leave(self) -> None:
        """Say again what is under the cursor."""
        self._hover(None)

    def _hover(self, box: Box | None) -> None:
        if box is not self.hovered:
            self.hovered = box
            self.screen.post_message(Moved(self))

    def on_click(self, event: events.Click) -> None:
        """Select a frame; twice, give it the whole width."""
        box = self.box_at(event.x, event.y)
        if box is not None:
            self.move_to(box)
            if event.chain == 2:
                self.action_zoom()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Further down the screen."""
        event.stop()
        self._scroll(-WHEEL if self.upside_down else WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Further up the screen."""
        event.stop()
        self._scroll(WHEEL if self.upside_down else -WHEEL)

    def _scroll(self, rows: int) -> None:
        if self.flame is None:
            return
        self.flame.grow(self.top + self.size.height + rows, AT_ONCE)
        self.top = max(0, min(self.top + rows, len(self.flame.rows) - self.size.height))
        self._fill()
        self.refresh()
        self.post_message(self.Shifted())

    # ------------------------------------------------------------------ drawing

    def on_resize(self) -> None:
        """What is drawn stretches at once; boxes for the new width come after."""
        self._reveal()
        self.post_message(self.Resized())

    def notify_style_update(self) -> None:
        """Take the new theme's colours."""
        super().notify_style_update()
        self._inks = None

    def _reveal(self) -> None:
        """Scroll as far as the cursor needs to be on screen."""
        height = self.size.height
        if self.cursor is None or height < 1:
            return
        if not self.top <= self.cursor.row < self.top + height:
            self.top = self.cursor.row if self.cursor.row < self.top else self.cursor.row - height + 1
            self.refresh()
            self.post_message(self.Shifted())
        self._fill()

    def _fill(self) -> None:
        """Make the boxes that are on screen; where that takes time, between other things."""
        flame, rows = self.flame, self.top + self.size.height
        if flame is not None and not flame.grow(rows, AT_ONCE):
            self.run_worker(later(self._grow, flame, rows), group="fill", exclusive=True)

    async def _grow(self, flame: Flame, rows: int) -> None:
        done = False
        while not done and flame is self.flame:
            await sleep(0)
            done = flame.grow(rows, AT_ONCE)
            self.refresh()
        self.post_message(self.Shifted())

    def _marked(self) -> set[int]:
        """The rows on screen in which the cursor marks something."""
        if self.flame is None or self.cursor is None:
            return set()
        twin = self.cursor.node.function
        shown = range(self.top, self.top + self.size.height)
        twins = {
            row for row in shown if any(twin is not None and box.node.function == twin for box in self.flame.row(row))
        }
        return twins | ({self.cursor.row} & set(shown))

    def _line(self, row: int) -> int:
        """The line of the screen that a row of frames is on."""
        return self.size.height - 1 - (row - self.top) if self.upside_down else row - self.top

    def _row(self, y: int) -> int:
        """The row of frames on a line of the screen."""
        return self.top + (self.size.height - 1 - y if self.upside_down else y)

    def render_line(self, y: int) -> Strip:
        """One row of frames."""
        return self.line(self._row(y), self.size.width)

    def line(self, row: int, cells: int) -> Strip:
        """A row of frames, so many cells wide."""
        inks = self._inks or self._take_inks()
        if self.text is None or self.flame is None:
            return Strip.blank(cells, inks.empty)
        looks = Looks(self.text, inks, self.colouring, self.cursor, self._matched)
        return row_strip(placed(self.flame.row(row), cells), cells, looks.of, inks.empty, inks.closing)

    def lines(self) -> Collection[str]:
        """All rows that were made, as text, in the order in which they are drawn."""
        if self.flame is None:
            return []
        lines = [self.line(row, self.size.width).text.rstrip() for row in range(len(self.flame.rows))]
        return lines[::-1] if self.upside_down else lines

    def _take_inks(self) -> Inks:
        self._inks = Inks.of(self.app.current_theme, no_color=self.app.no_color)
        return self._inks


def _order(box: Box) -> tuple[int, float]:
    """Boxes are searched row by row, from left to right."""
    return box.row, box.x
