"""A screen of one grid: what it shows, its rows, the row in full, and the keys; to search in and to copy from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from proftui.tui.copying import copy, program, too_long
from proftui.tui.jobs import in_thread
from proftui.tui.messages import Moved
from proftui.tui.widgets.bars import DetailLine, FooterLine, TitleLine
from proftui.tui.widgets.grid import Grid
from proftui.tui.widgets.line import Span

if TYPE_CHECKING:
    from proftui.tui.widgets.search import SearchLine


class Page(Screen[None]):
    """What the screens of live programs have in common; `make_grid`, `row_text` and `all_text` are theirs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close", id="page.close"),
        # with priority, as then the app handles no further key before the line has the keyboard: none is lost
        Binding("slash", "search", "Find", id="page.search", tooltip="Search, as you type", priority=True),
        Binding("y", "copy", "Copy, Y all", id="page.copy", tooltip="Copy the row"),
        Binding("Y", "copy_all", "Copy everything", show=False, id="page.copy-all"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._origin = 0
        self._before = ""

    def compose(self) -> ComposeResult:
        """From above."""
        yield TitleLine()
        remark = Static("", id="said", markup=False)
        remark.display = False
        yield remark
        yield self.make_grid()
        yield DetailLine()
        yield FooterLine()

    def on_mount(self) -> None:
        """Let keys move the rows."""
        self.grid.focus()

    def make_grid(self) -> Grid:
        """The grid, without rows."""
        raise NotImplementedError

    def row_text(self, row: int) -> str:
        """A row in full, safe to draw and to paste."""
        raise NotImplementedError

    def all_text(self) -> str:
        """Everything, safe to paste. Is called in a thread."""
        raise NotImplementedError

    @property
    def grid(self) -> Grid:
        """The rows."""
        return self.query_one(Grid)

    def entitle(self, spans: Sequence[Span]) -> None:
        """Say what is shown."""
        self.query_one(TitleLine).show(spans)

    def remark(self, sentence: str) -> None:
        """Say a sentence above the rows, of any length; none for ""."""
        said = self.query_one("#said", Static)
        said.update(sentence)
        said.display = bool(sentence)

    def say(self, sentence: str) -> None:
        """Say a sentence until the cursor moves on."""
        self.query_one(DetailLine).say(sentence)

    def on_moved(self, message: Moved) -> None:
        """Show the row in full, and which match it is."""
        message.stop()
        grid = self.grid
        if grid.rows is not None:
            text = self.row_text(grid.cursor) if len(grid.rows) else ""
            self.query_one(DetailLine).show(text, _which(grid))

    # ------------------------------------------------------------------ keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without rows there is nothing to copy or to find."""
        if action == "search" and self.query("SearchLine"):
            return False  # in the line itself, a slash is a letter
        if action in ("search", "copy", "copy_all"):
            return bool(self.query(Grid)) and bool(self.grid.rows)
        return super().check_action(action, parameters)

    def action_close(self) -> None:
        """Give up the search; where there is none, close."""
        if self.grid.needle:
            self.grid.search("")
        else:
            self.dismiss(None)

    async def action_search(self) -> None:
        """Open the line to type in."""
        from proftui.tui.widgets.search import SearchLine

        self._origin, self._before = self.grid.cursor, self.grid.needle
        self.query_one(FooterLine).display = False
        await self.mount(line := SearchLine())
        self.set_focus(line.box)

    def on_search_line_typed(self, message: SearchLine.Typed) -> None:
        """Find what was typed so far."""
        message.stop()
        self.grid.search(message.text, self._origin)

    async def on_search_line_closed(self, message: SearchLine.Closed) -> None:
        """Keep what was found, or go back to where the search began."""
        message.stop()
        self.set_focus(self.grid)  # before the line goes: else the screen gives the keyboard to whom it likes
        if not message.kept:
            self.grid.search(self._before, self._origin)
            self.grid.move_to(self._origin)
        await self.query("SearchLine").remove()
        self.query_one(FooterLine).display = True

    def action_copy(self) -> None:
        """The row in full."""
        self._copy(lambda: self.row_text(self.grid.cursor))

    def action_copy_all(self) -> None:
        """Everything."""
        self._copy(self.all_text)

    def _copy(self, make: Callable[[], str]) -> None:
        self.run_worker(self._hand_out(make), group="copy", exclusive=True)

    async def _hand_out(self, make: Callable[[], str]) -> None:
        text = await in_thread(make)
        if not too_long(text):
            self.app.copy_to_clipboard(text)
        self.say(await in_thread(lambda: copy(text, program())))


def _which(grid: Grid) -> str:
    """Which of the matches the cursor is on, or how many there are."""
    if not grid.needle:
        return ""
    count = len(grid.matches)
    before = int((grid.matches < grid.cursor).sum())
    if before < count and int(grid.matches[before]) == grid.cursor:
        return f"match {before + 1:,} of {count:,}"
    return f"{count:,} matches" if count else "no match"
