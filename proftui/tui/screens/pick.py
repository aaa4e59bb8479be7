"""The Python processes that run here, of which one is to be chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from proftui import units
from proftui.live.processes import Census, Process
from proftui.report.text import safe
from proftui.tui.jobs import in_thread
from proftui.tui.messages import Moved, ProcessChosen
from proftui.tui.process_rows import SORTS, ProcessRows, sorted_by
from proftui.tui.state import Sort
from proftui.tui.widgets.bars import DetailLine, FooterLine, TitleLine
from proftui.tui.widgets.grid import Grid
from proftui.tui.widgets.line import Span
from proftui.tui.widgets.paint import Marker

if TYPE_CHECKING:
    from proftui.tui.widgets.search import SearchLine

EVERY = 2.0
"""Seconds between two looks at the processes."""

SOON = 0.4
"""Seconds after the first look that the second one comes: only then is anything known of the processor."""

NONE = "no Python process runs here"
HINT = "proftui run program.py starts a program and watches it"


class ProcessGrid(Grid):
    """The processes; those that another one started stand below it."""

    rows: ProcessRows
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Attach", id="pick.attach", tooltip="Attach to the process"),
    ]

    def marker(self, row: int) -> tuple[int, Marker]:
        """How far it stands to the right."""
        depth = self.rows.depth(row)
        return depth, "leaf" if depth else ""


class PickScreen(Screen[None]):
    """Says which process was chosen, by ProcessChosen; and at first a `sentence` on what went wrong before.

    `look` gives the processes, from a thread; it is asked every two seconds.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # with priority, as then the app handles no further key before the line has the keyboard: none is lost
        Binding(
            "slash", "filter", "Filter", id="pick.filter", tooltip="Show those that have what you type", priority=True
        ),
        Binding("s", "sort(1)", "Sort", id="pick.sort", tooltip="Sort by the next column"),
        Binding("S", "sort(-1)", "Sort by the column before", show=False, id="pick.sort-back"),
        Binding("r", "reverse", "Reverse", id="pick.reverse", tooltip="Turn the order round"),
        Binding("R", "refresh_list", "Look again", id="pick.refresh", tooltip="Look at the processes now"),
        Binding("escape", "show_all", "All", id="pick.all", tooltip="Show all processes again"),
    ]

    def __init__(self, look: Callable[[], Sequence[Process]] | None = None, *, sentence: str = "") -> None:
        super().__init__()
        self._look = look or Census().take
        self._sentence = sentence
        self._processes: Sequence[Process] = ()
        self._sort = sorted_by("cpu")
        self._needle = ""
        self._looking = False
        self._shown = 0
        self._aimed = False  # whether the cursor was moved: until then it stays on the first row

    def compose(self) -> ComposeResult:
        """A title, the list, what there is to say, and the keys."""
        yield TitleLine()
        yield ProcessGrid()
        if self._sentence:
            yield Static(self._sentence, id="said", markup=False)
        yield DetailLine()
        yield FooterLine()

    def on_mount(self) -> None:
        """Look, soon again for what the processor does, and then time and again."""
        self.grid.focus()
        self._entitle("looking ...")
        self.action_refresh_list()
        self.set_timer(SOON, self.action_refresh_list)
        self.set_interval(EVERY, self.action_refresh_list)

    @property
    def grid(self) -> ProcessGrid:
        """The list."""
        return self.query_one(ProcessGrid)

    # ------------------------------------------------------------------ looking

    def action_refresh_list(self) -> None:
        """Look at the processes, unless that is under way."""
        if not self._looking:
            self._looking = True
            self.run_worker(self._take(), group="look")

    async def _take(self) -> None:
        try:
            self._processes = await in_thread(self._look)
        finally:
            self._looking = False
        self._show()

    def _show(self) -> None:
        """Draw the rows, the cursor on the same process; where it is gone, on the same line."""
        grid = self.grid
        before: ProcessRows | None = grid.rows
        rows = ProcessRows(self._processes, self._sort, self._needle)
        row: int | None = 0
        if before is not None and len(before) and self._aimed:
            row = rows.row_of(before.process(grid.cursor).pid)
        grid.empty = f"no process has {safe(self._needle)!r}: Esc shows all" if self._needle else NONE
        self._shown = max(0, min(grid.cursor if row is None else row, len(rows) - 1))
        grid.show(rows, cursor=self._shown, sort=self._sort, steady=self._aimed, top=not self._aimed)
        self._entitle(units.counted(len(rows), "process").replace("processs", "processes"))
        self.refresh_bindings()

    def _entitle(self, count: str) -> None:
        spans = [Span("Attach to a Python process", "title", shrinks=True), Span(count, "dim")]
        if self._needle:
            spans.append(Span(f"with {safe(self._needle)!r}", "mark"))
        self.query_one(TitleLine).show(spans)

    def on_moved(self, message: Moved) -> None:
        """Show the whole command; where there is none, what to try."""
        message.stop()
        grid = self.grid
        if grid.rows is not None:
            self._aimed = self._aimed or grid.cursor != self._shown
            self.query_one(DetailLine).show(grid.rows.detail(grid.cursor) if len(grid.rows) else HINT)

    # ------------------------------------------------------------------ keys

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """Say which process it is."""
        message.stop()
        self.post_message(ProcessChosen(self.grid.rows.process(self.grid.cursor).pid))

    def on_grid_sort_asked(self, message: Grid.SortAsked) -> None:
        """Sort by a column; the other way round where it was sorted by already."""
        message.stop()
        same = message.key == self._sort.key
        self._order(self._sort.reversed() if same else sorted_by(message.key))

    def action_sort(self, step: int) -> None:
        """Sort by the next column that is on screen, or the one before."""
        shown = [slot.column.sort for slot in self.grid.slots]
        keys = [key for key in SORTS if key in shown]
        place = keys.index(self._sort.key) if self._sort.key in keys else 0
        self._order(sorted_by(keys[(place + step) % len(keys)]))

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._order(self._sort.reversed())

    def _order(self, sort: Sort) -> None:
        self._sort = sort
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to sort, and something to show again; in the line to type in, a slash is a letter."""
        if action == "filter":
            return not self.query("SearchLine")
        if action in ("sort", "reverse"):
            return bool(self._processes)
        return action != "show_all" or bool(self._needle)

    def action_show_all(self) -> None:
        """Forget the filter."""
        self._filter("")

    async def action_filter(self) -> None:
        """Open the line to type in."""
        from proftui.tui.widgets.search import SearchLine

        self.query_one(FooterLine).display = False
        await self.mount(line := SearchLine())
        self.set_focus(line.box)

    def on_search_line_typed(self, message: SearchLine.Typed) -> None:
        """Show those that have what was typed so far."""
        message.stop()
        self._filter(message.text)

    async def on_search_line_closed(self, message: SearchLine.Closed) -> None:
        """Stay with these, or with all."""
        message.stop()
        self.grid.focus()  # before the line goes: else the screen gives the keyboard to whom it likes
        if not message.kept:
            self._filter("")
        await self.query("SearchLine").remove()
        self.query_one(FooterLine).display = True

    def _filter(self, needle: str) -> None:
        self._needle = needle
        self._show()
