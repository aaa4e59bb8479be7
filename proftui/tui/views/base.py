"""What every view has in common."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, ClassVar

from textual.containers import Container

from proftui.report.neighbours import Base
from proftui.tui.session import Session
from proftui.tui.state import ViewName, ViewState
from proftui.tui.widgets.grid import Grid


class View(Container):
    """One way to look at a profile: grids over the row models that a state asks for.

    `view` names it, `number` is its key; `bases` are what its figures can be, and their names; with `tracks` the
    function under the cursor becomes the one in focus.
    """

    view: ClassVar[ViewName]
    number: ClassVar[int]
    title: ClassVar[str]
    bases: ClassVar[dict[Base, str]] = {"total": "% of total", "absolute": "costs"}
    tracks: ClassVar[bool] = True

    def prepare(self, session: Session, state: ViewState) -> Callable[[], Any]:
        """The work that makes the row models for a state: it runs in a thread and touches no widget."""
        raise NotImplementedError

    def show(self, made: Any, state: ViewState) -> None:
        """Draw what `prepare`'s work gave."""
        raise NotImplementedError

    @property
    def grid(self) -> Grid:
        """The grid that keys act on."""
        raise NotImplementedError

    def row(self) -> Hashable:
        """The key of the row under the cursor, for the history."""
        grid = self.grid
        return grid.rows.key(grid.cursor) if grid.rows is not None and len(grid.rows) else None

    def function(self) -> int | None:
        """The function under the cursor."""
        grid = self.grid
        function: int | None = grid.rows.function(grid.cursor) if grid.rows is not None and len(grid.rows) else None
        return function
