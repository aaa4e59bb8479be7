"""A dialog with a list to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from proftui.report.rows import Cell, Column
from proftui.tui.widgets.bars import FooterLine
from proftui.tui.widgets.grid import Grid
from proftui.tui.widgets.line import Line, Span

CHOSEN = Column("chosen", "", 1, "left")


class Heading(Line):
    """The title of a dialog."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def spans(self) -> list[Span]:
        """The title."""
        return [Span(self.text, "title", shrinks=True)]


class Listed:
    """Plain lists of cells as rows, each before it a mark where it is chosen."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], chosen: set[int]) -> None:
        self.columns = (CHOSEN, *columns)
        self.chosen = chosen
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def cells(self, row: int) -> list[Cell]:
        """The mark, and the row's own cells."""
        return [Cell("✓" if row in self.chosen else "", "link"), *self._rows[row]]


class ChoiceGrid(Grid):
    """The list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose", id="choose.take"),
    ]


class ChooseScreen(ModalScreen["tuple[int, ...] | None"]):
    """Gives the indices of the chosen rows, or None when it was closed; with `several`, Space marks rows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", id="choose.mark"),
        Binding("a", "mark_all", "All", id="choose.all"),
        Binding("escape", "dismiss(None)", "Close", id="choose.close"),
    ]

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        chosen: Sequence[int],
        *,
        several: bool = False,
    ) -> None:
        super().__init__()
        self._heading = title
        self._several = several
        self._rows = Listed(columns, rows, set(chosen))
        self._start = min(chosen, default=0)

    def compose(self) -> ComposeResult:
        """The title, the list, and the keys."""
        with Vertical(classes="dialog"):
            yield Heading(self._heading)
            yield ChoiceGrid()
            yield FooterLine()

    def on_mount(self) -> None:
        """Show the list, as high as it needs where there is room."""
        grid = self.query_one(Grid)
        grid.styles.height = len(self._rows) + 1
        grid.show(self._rows, cursor=self._start)
        grid.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Marks are for choices of several."""
        return self._several or action not in ("mark", "mark_all")

    def action_mark(self) -> None:
        """Mark the row, or take its mark away, and go on."""
        grid = self.query_one(Grid)
        self._rows.chosen ^= {grid.cursor}
        grid.reshape(min(grid.cursor + 1, len(self._rows) - 1))

    def action_mark_all(self) -> None:
        """Mark all rows, or none where all were."""
        grid = self.query_one(Grid)
        everything = set(range(len(self._rows)))
        self._rows.chosen = set() if self._rows.chosen == everything else everything
        grid.reshape(grid.cursor)

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """Take the marked rows; the one under the cursor where one is wanted or none is marked."""
        message.stop()
        marked = tuple(sorted(self._rows.chosen)) if self._several else ()
        self.dismiss(marked or (message.grid.cursor,))
