"""The call tree view."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from proftui.report.calltree import Path, TreeRows
from proftui.report.neighbours import Base
from proftui.tui.heaviest import heaviest_path
from proftui.tui.reloading import through_cycles
from proftui.tui.session import Session
from proftui.tui.state import ViewState
from proftui.tui.views.base import GridView
from proftui.tui.widgets.grid import Grid
from proftui.tui.widgets.tree_grid import TreeGrid

if TYPE_CHECKING:
    from proftui.tui.reloading import Renewal

MOST_RESTS = 50
"""How many times a cut-off is lifted in search of a row; each gives some hundred rows more."""


class TreeView(GridView):
    """Calling contexts from root to leaf, opened on demand."""

    view = "tree"
    number = 4
    title = "Tree"
    bases: ClassVar[dict[Base, str]] = {"total": "% of total", "parent": "% of caller", "absolute": "costs"}

    def compose(self) -> ComposeResult:
        """One grid."""
        yield TreeGrid(empty="no calls were recorded")

    @property
    def grid(self) -> Grid:
        """The only grid."""
        return self.query_one(TreeGrid)

    _carried: frozenset[Path] | None = None
    """What was open in a profile that was read again, in the ids of now; None where the rows have those too."""

    def prepare(self, session: Session, state: ViewState) -> Callable[[], tuple[TreeRows, int]]:
        """The rows with the same paths open as now, and the row for the cursor."""
        rows: TreeRows | None = self.grid.rows
        carried = self._carried is not None
        same = rows is not None and not carried and self.function() == state.place.focus
        return self._prepare(session, state, self._open, self.row() if same else None, carried)

    def prepare_renewed(self, session: Session, state: ViewState, made: Renewal) -> Callable[[], tuple[TreeRows, int]]:
        """The rows with the same paths open, as far as they are there."""
        return self._prepare(session, state, made.paths(self._open), None, True)

    def renew(self, made: Renewal) -> None:
        """Remember what is open in the ids of now."""
        if self.grid.rows is not None:
            self._carried = made.paths(self._open)

    @property
    def _open(self) -> frozenset[Path]:
        if self._carried is not None:
            return self._carried
        return self.grid.rows.expansion if self.grid.rows is not None else frozenset()

    def _prepare(
        self, session: Session, state: ViewState, expansion: frozenset[Path], here: Hashable, carried: bool
    ) -> Callable[[], tuple[TreeRows, int]]:
        rows: TreeRows | None = self.grid.rows
        row = state.place.row if isinstance(state.place.row, tuple) else here

        def work() -> tuple[TreeRows, int]:
            named = through_cycles(session.scope(state)) if carried else _as_it_is
            wanted = named(row) if isinstance(row, tuple) else None
            made = session.tree(state, map(named, expansion))
            if rows is None and len(made):
                made.expand(0)
            path = wanted
            focus = state.place.focus
            if path is None and focus is not None:
                path = heaviest_path(session.scope(state), state.metric, focus)
            return made, row_on(made, path or ())

        return work

    def show(self, made: tuple[TreeRows, int], state: ViewState) -> None:
        """Draw the tree."""
        rows, cursor = made
        self._carried = None
        self.grid.show(rows, cursor=cursor, top=self.grid.rows is None)

    def stack(self) -> list[int]:
        """The functions from the root to the row; of a cycle the heaviest."""
        rows, row = self.grid.rows, self.grid.cursor if self._filled else None
        found = []
        while row is not None:
            if (function := rows.function(row)) is not None:
                found.append(function)
            row = rows.parent(row)
        return found[::-1]

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """A double click opens or closes the row, as Enter does."""
        message.stop()
        grid = self.grid
        if isinstance(grid, TreeGrid):
            grid.action_open_or_close()


def _as_it_is(path: Path) -> Path:
    return path


def row_on(rows: TreeRows, path: Path) -> int:
    """The row with that path, or with as much of it as the tree has; cut-offs on the way are lifted."""
    found = -1
    for length in range(1, len(path) + 1):
        if found >= 0:
            rows.expand(found)
        below = _child(rows, found, path[:length])
        if below is None:
            break
        found = below
    return max(0, found)


def _child(rows: TreeRows, parent: int, path: Path) -> int | None:
    """The row with that path right below `parent` (-1: among the roots), or None."""
    depth = rows.depth(parent) + 1 if parent >= 0 else 0
    row = parent + 1
    lifted = 0
    while row < len(rows) and rows.depth(row) >= depth:
        if rows.depth(row) == depth:
            if rows.key(row) == path:
                return row
            if rows.node(row).kind == "rest" and lifted < MOST_RESTS:
                lifted += 1
                rows.expand(row)
                continue
        row += 1
    return None
