"""The callers | callees view: one function between those that call it and those that it calls."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from proftui.report.chains import ChainRows
from proftui.report.functions import FunctionRows
from proftui.report.neighbours import Base, NeighbourRows
from proftui.report.rows import Cell
from proftui.report.text import safe
from proftui.tui.messages import Changed, Dived, Moved
from proftui.tui.session import Session
from proftui.tui.state import ViewState
from proftui.tui.views.base import GridView
from proftui.tui.widgets.grid import Grid
from proftui.tui.widgets.layout import needs_of
from proftui.tui.widgets.line import Line, Span

SIDE_BY_SIDE = 140
"""From this width on the two tables lie beside each other, with room for names in both."""


@dataclass(frozen=True)
class Neighbourhood:
    """What the view shows: the function's own figures by column, and the rows on both sides."""

    name: str
    figures: dict[str, Cell]
    callers: NeighbourRows | ChainRows
    callees: NeighbourRows | ChainRows


class FocusLine(Line):
    """The function in focus and its own figures."""

    def __init__(self) -> None:
        super().__init__(id="focus")
        self.shown: Neighbourhood | None = None

    def spans(self) -> list[Span]:
        """Name first; figures where they were measured."""
        if self.shown is None:
            return [Span("no function is in focus: choose one in the functions view", "dim")]
        figures = [Span(self.shown.name, "title", shrinks=True)]
        for key, label in (("self_share", "self"), ("self", ""), ("inclusive_share", "inclusive"), ("inclusive", "")):
            if (cell := self.shown.figures.get(key)) is not None and cell.text:
                figures.append(Span(f"{label} {cell.text}".strip(), "normal" if label else "dim"))
        if (calls := self.shown.figures.get("calls")) is not None and calls.text:
            figures.append(Span(f"{calls.text} call{'s' * (calls.text != '1')}"))
        callers, callees = len(self.shown.callers), len(self.shown.callees)
        count = f"{callers:,} caller{'s' * (callers != 1)}, {callees:,} callee{'s' * (callees != 1)}"
        return [*figures, Span(count, "dim", optional=True)]


class NeighbourGrid(Grid):
    """One side."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Go", id="neighbours.dive", tooltip="Make the row's function the one in focus"),
    ]


class NeighboursView(GridView):
    """Callers and callees of the function in focus; Enter on a row makes that one the focus."""

    view = "neighbours"
    number = 3
    title = "Callers"
    bases: ClassVar[dict[Base, str]] = {
        "total": "% of total", "parent": "% of this function", "absolute": "costs",
    }  # fmt: skip
    tracks = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "side(0)", "To the callers", show=False, id="neighbours.callers"),
        Binding("right,l", "side(1)", "To the callees", show=False, id="neighbours.callees"),
        Binding("tab", "other", "To the other side", show=False, id="neighbours.other"),
        Binding("a", "reach", "All", id="neighbours.reach", tooltip="All callers and callees, near and far, or direct"),
    ]

    def compose(self) -> ComposeResult:
        """The focus, and a grid for each side."""
        yield FocusLine()
        yield NeighbourGrid(id="callers", empty="no callers: it is where the profile begins, or they were not recorded")
        yield NeighbourGrid(id="callees", empty="calls nothing that was recorded")

    def on_mount(self) -> None:
        """Begin with what the function calls."""
        self._side = 1
        self._state: ViewState | None = None

    @property
    def _grids(self) -> tuple[Grid, Grid]:
        return self.query_one("#callers", Grid), self.query_one("#callees", Grid)

    @property
    def grid(self) -> Grid:
        """The side that has, or last had, the keyboard."""
        return self._grids[self._side]

    def row(self) -> Hashable:
        """The side and the key of the row under its cursor."""
        return self._side, super().row()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember the side."""
        if event.widget in self._grids:
            self._side = self._grids.index(event.widget)
            self.screen.post_message(Moved(self.grid))

    def on_resize(self, event: events.Resize) -> None:
        """Beside each other where there is room."""
        self.set_class(event.size.width >= SIDE_BY_SIDE, "-wide")
        self._share_height()

    def action_side(self, side: int) -> None:
        """Give the keyboard to the callers or callees."""
        self._grids[side].focus()

    def action_other(self) -> None:
        """Give the keyboard to the other side."""
        self.action_side(1 - self._side)

    def action_reach(self) -> None:
        """All callers and callees, or the direct ones."""
        if (state := self._state) is not None:
            place = replace(state.place, row=self.row())
            self.post_message(Changed(replace(state, reach="direct" if state.reach == "all" else "all", place=place)))

    def prepare(self, session: Session, state: ViewState) -> Callable[[], Neighbourhood | None]:
        """Both sides' rows, and the function's own figures."""

        def work() -> Neighbourhood | None:
            focus = state.place.focus
            rows_of = session.chains if state.reach == "all" else session.neighbours
            callers, callees = rows_of(state, "callers"), rows_of(state, "callees")
            if focus is None or callers is None or callees is None:
                return None
            functions = session.functions(state)
            return Neighbourhood(
                safe(session.profile.functions.name[focus]), _figures(functions, focus), callers, callees
            )

        return work

    def show(self, made: Neighbourhood | None, state: ViewState) -> None:
        """Draw both sides, the cursor where it was when the place was left, else on the first rows."""
        before, self._state = self._state, state
        line = self.query_one(FocusLine)
        line.shown = made
        line.refresh()
        if made is None:
            return
        needs = needs_of(made.callers).joined(needs_of(made.callees))
        side, key = state.place.row if isinstance(state.place.row, tuple) else (self._side, None)
        for place, (grid, rows) in enumerate(zip(self._grids, (made.callers, made.callees), strict=True)):
            again = before is not None and grid.rows is not None and _same_rows(before, state)
            row = _row_of(rows, key) if place == side else grid.cursor if again else 0
            grid.show(rows, cursor=row, sort=state.sort(), top=not again, steady=again, needs=needs)
        if len(self._grids[side].rows) == 0:
            side = 1 - side
        self._side = side
        if self.screen.focused in self._grids:
            self.grid.focus()
        self._share_height()

    def _share_height(self) -> None:
        """One above the other, a side takes what it needs where that is less than half."""
        half = (self.size.height - 3) // 2
        for grid in self._grids:
            lines = len(grid.rows) + 1 if grid.rows is not None else 2
            grid.styles.height = max(2, lines) if lines < half and not self.has_class("-wide") else "1fr"

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """Make the row's function the focus."""
        message.stop()
        function: int = message.grid.rows.function(message.grid.cursor)
        self.post_message(Dived(function))


def _figures(rows: FunctionRows, function: int) -> dict[str, Cell]:
    """The function's cells by the key of their column; none where the scope does not touch it."""
    row = rows.row_of(function)
    if row is None:
        return {}
    return {column.key: cell for column, cell in zip(rows.columns, rows.cells(row), strict=True)}


def _same_rows(before: ViewState, now: ViewState) -> bool:
    """Whether rows are of the same function in the same order, and only their figures may be others."""
    return (before.place.focus, before.reach, before.sorts) == (now.place.focus, now.reach, now.sorts)


def _row_of(rows: NeighbourRows | ChainRows, key: Hashable) -> int:
    return next((row for row in range(len(rows)) if rows.key(row) == key), 0) if key is not None else 0
