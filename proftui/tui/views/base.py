"""What every view has in common."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from textual.containers import Container
from textual.widget import Widget

from proftui.report.neighbours import Base
from proftui.tui.session import Session
from proftui.tui.state import ViewName, ViewState
from proftui.tui.widgets.grid import Grid

if TYPE_CHECKING:
    from proftui.tui.reloading import Renewal


MOST_LINES = 5000
"""Rows that are copied as text at most."""


class View(Container):
    """One way to look at a profile.

    `view` names it, `number` is its key; `bases` are what its figures can be, and their names; with `tracks` the
    function under the cursor becomes the one in focus.
    """

    view: ClassVar[ViewName]
    number: ClassVar[int]
    title: ClassVar[str]
    bases: ClassVar[dict[Base, str]] = {"total": "% of total", "absolute": "costs"}
    tracks: ClassVar[bool] = True

    def prepare(self, session: Session, state: ViewState) -> Callable[[], Any]:
        """The work that makes what is drawn for a state: it runs in a thread and touches no widget."""
        raise NotImplementedError

    def show(self, made: Any, state: ViewState) -> None:
        """Draw what `prepare`'s work gave."""
        raise NotImplementedError

    def prepare_renewed(self, session: Session, state: ViewState, made: Renewal) -> Callable[[], Any]:
        """As `prepare`, for a profile that was read again: what the view remembers in ids is in those of before."""
        return self.prepare(session, state)

    def renew(self, made: Renewal) -> None:
        """Take what is remembered in ids along to a profile that was read again, which is not drawn here yet."""

    @property
    def face(self) -> Widget:
        """The widget that has the keyboard while the view is shown."""
        raise NotImplementedError

    def row(self) -> Hashable:
        """The key of what is under the cursor, for the history."""
        raise NotImplementedError

    def function(self) -> int | None:
        """The function under the cursor."""
        raise NotImplementedError

    def detail(self) -> tuple[str, str]:
        """What is under the cursor in full, and a remark about the search or ""."""
        raise NotImplementedError

    @property
    def sort_keys(self) -> list[tuple[str, bool]]:
        """What can be sorted by, in order: (key, whether it is text and begins with the first letter)."""
        return []

    @property
    def needle(self) -> str:
        """What is searched for, or ""."""
        raise NotImplementedError

    def begin_search(self) -> None:
        """Remember where the cursor stands, and make what is searched."""
        raise NotImplementedError

    def search(self, text: str) -> None:
        """Mark what `text` matches and go to the first match from where the search began."""
        raise NotImplementedError

    def end_search(self, *, kept: bool) -> None:
        """Stay with what was found, or forget it and go back to where the search began."""
        raise NotImplementedError

    def named(self) -> str:
        """The name under the cursor, for copying."""
        raise NotImplementedError

    def stack(self) -> list[int]:
        """The functions from the root to what is under the cursor; just its own where the view knows no stack."""
        function = self.function()
        return [] if function is None else [function]

    def line(self) -> str:
        """What is under the cursor with its figures, for copying."""
        return self.detail()[0]

    def lines(self) -> list[str]:
        """All of the view as text, for copying."""
        raise NotImplementedError


class GridView(View):
    """A view that is a grid, or several of which one has the keyboard."""

    _origin = 0

    @property
    def grid(self) -> Grid:
        """The grid that keys act on."""
        raise NotImplementedError

    @property
    def face(self) -> Widget:
        """The grid."""
        return self.grid

    @property
    def _filled(self) -> bool:
        return self.grid.rows is not None and len(self.grid.rows) > 0

    def row(self) -> Hashable:
        """The key of the row under the cursor."""
        return self.grid.rows.key(self.grid.cursor) if self._filled else None

    def function(self) -> int | None:
        """The function of the row under the cursor."""
        function: int | None = self.grid.rows.function(self.grid.cursor) if self._filled else None
        return function

    def detail(self) -> tuple[str, str]:
        """The row under the cursor in full, and which of how many matches it is."""
        grid = self.grid
        if not self._filled:
            return grid.nothing, ""
        if not grid.needle:
            return grid.rows.detail(grid.cursor), ""
        at = int(np.searchsorted(grid.matches, grid.cursor))
        on_match = at < len(grid.matches) and grid.matches[at] == grid.cursor
        place = f"{at + 1:,} of " if on_match else ""
        return grid.rows.detail(grid.cursor), f"{place}{len(grid.matches):,} matches" if len(
            grid.matches
        ) else "no match"

    @property
    def sort_keys(self) -> list[tuple[str, bool]]:
        """The sort keys of the columns."""
        columns = self.grid.rows.columns if self.grid.rows is not None else ()
        return list({column.sort: (column.sort, column.align == "left") for column in columns if column.sort}.values())

    @property
    def needle(self) -> str:
        """What the grid is searched for."""
        return self.grid.needle

    def begin_search(self) -> None:
        """Remember the row."""
        self._origin = self.grid.cursor
        self.grid.search("")

    def search(self, text: str) -> None:
        """Go to the first match from the remembered row on."""
        self.grid.search(text, self._origin)

    def end_search(self, *, kept: bool) -> None:
        """Forget the search, and go back, unless it is kept."""
        if not kept:
            self.grid.search("", self._origin)

    def named(self) -> str:
        """The text of the column with the names."""
        if not self._filled:
            return ""
        cells = zip(self.grid.rows.columns, self.grid.rows.cells(self.grid.cursor), strict=True)
        return next((cell.text for column, cell in cells if column.flexible), "")

    def lines(self) -> list[str]:
        """Title line and rows, cells apart by tabs, depth as spaces before the name; what is left out is said."""
        rows = self.grid.rows
        if rows is None:
            return []
        made = ["\t".join(column.title for column in rows.columns)]
        made += [self._line(row) for row in range(min(len(rows), MOST_LINES))]
        left = len(rows) - MOST_LINES
        return [*made, f"... and {left:,} more rows"] if left > 0 else made

    def line(self) -> str:
        """The cells of the row under the cursor, apart by tabs."""
        return self._line(self.grid.cursor).strip(" ") if self._filled else ""

    def _line(self, row: int) -> str:
        rows = self.grid.rows
        indent = "  " * rows.depth(row)
        cells = zip(rows.columns, rows.cells(row), strict=True)
        return "\t".join(indent + cell.text if column.flexible else cell.text for column, cell in cells)
