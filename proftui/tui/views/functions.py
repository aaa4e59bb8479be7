"""The functions view: every function in one sortable table."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from proftui.report.functions import FunctionRows
from proftui.tui.messages import Dived
from proftui.tui.session import Session
from proftui.tui.state import ViewState
from proftui.tui.views.base import GridView
from proftui.tui.widgets.grid import Grid


class FunctionGrid(Grid):
    """Every function."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Callers", id="functions.dive", tooltip="To the function's callers and callees"),
    ]


class FunctionsView(GridView):
    """All functions and cycles; Enter shows a function's callers and callees."""

    view = "functions"
    number = 2
    title = "Functions"

    def compose(self) -> ComposeResult:
        """One grid."""
        yield FunctionGrid(empty="no functions")

    @property
    def grid(self) -> Grid:
        """The only grid."""
        return self.query_one(Grid)

    def prepare(self, session: Session, state: ViewState) -> Callable[[], FunctionRows]:
        """The sorted rows."""
        return lambda: session.functions(state)

    def show(self, made: FunctionRows, state: ViewState) -> None:
        """Draw the rows, the cursor on the function in focus, unless it stood on the first row as it does at first."""
        grid = self.grid
        focus = state.place.focus
        stay = grid.rows is not None and grid.cursor == 0 and self.function() == focus
        row = None if focus is None or stay else made.row_of(focus)
        grid.show(made, cursor=row or 0, sort=state.sort(), top=not row)

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """Dive into the function."""
        message.stop()
        function = self.function()
        if function is not None:
            self.post_message(Dived(function))
