"""The call tree view, and what it has in common with the one that is turned over."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from proftui.analysis.calltree import TreeSource
from proftui.analysis.scope import Scope
from proftui.analysis.treenode import INSIDE_KEY
from proftui.report.calltree import Path, TreeRows
from proftui.report.neighbours import Base
from proftui.tui.reloading import through_cycles
from proftui.tui.session import Session
from proftui.tui.state import ViewState
from proftui.tui.views.base import GridView
from proftui.tui.widgets.context_grid import ContextGrid
from proftui.tui.widgets.grid import Grid

if TYPE_CHECKING:
    from proftui.tui.reloading import Renewal


class ContextsView(GridView):
    """Calling contexts, opened on demand."""

    opens_focus: ClassVar[bool] = False
    """Whether a function that one comes with is opened."""

    def source(self, session: Session, state: ViewState) -> TreeSource:
        """The tree of a state; asked for in a thread."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """One grid."""
        yield ContextGrid(empty="no calls were recorded")

    @property
    def grid(self) -> ContextGrid:
        """The only grid."""
        return self.query_one(ContextGrid)

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
            path = named(row) if isinstance(row, tuple) else None
            scope, source, focus = session.scope(state), self.source(session, state), state.place.focus
            made = TreeRows(source, scope, state.metric, state.base, map(named, expansion))
            coming = path is None and focus is not None
            if path is None and focus is not None:
                path = way_to(source, scope, focus)
            if path is None and rows is None and len(made):
                made.expand(0)
            cursor = made.reveal(path or ())
            if coming and path and self.opens_focus:
                made.expand(cursor)
            return made, cursor

        return work

    def show(self, made: tuple[TreeRows, int], state: ViewState) -> None:
        """Draw the tree."""
        rows, cursor = made
        self._carried = None
        grid = self.grid
        steady = grid.rows is not None and len(rows) > 0 and self.row() == rows.key(cursor)
        grid.show(rows, cursor=cursor, top=grid.rows is None, steady=steady)

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
        self.grid.action_open_or_close()

    def detail(self) -> tuple[str, str]:
        """The row under the cursor in full, and which of how many matches it is, open or not."""
        grid = self.grid
        if not self._filled:
            return grid.nothing, ""
        return grid.rows.detail(grid.cursor), grid.remark()

    def begin_search(self) -> None:
        """Remember the row."""
        self.grid.begin_search()

    def search(self, text: str) -> None:
        """Go to the first match from the remembered row on."""
        self.grid.find(text)

    def end_search(self, *, kept: bool) -> None:
        """Forget the search, and go back, unless it is kept."""
        if not kept:
            self.grid.give_up_search()


class TreeView(ContextsView):
    """Calling contexts from root to leaf."""

    view = "tree"
    number = 4
    title = "Tree"
    bases: ClassVar[dict[Base, str]] = {"total": "% of total", "parent": "% of caller", "absolute": "costs"}

    def source(self, session: Session, state: ViewState) -> TreeSource:
        """The call tree."""
        return session.call_tree(state)


def way_to(source: TreeSource, scope: Scope, function: int) -> Path | None:
    """The path of the function's heaviest context; where that is a cycle's, of its row inside of the cycle."""
    path = source.path_to(function)
    if path is None or source.upward:
        return path
    node = source.at(path)
    member = node is not None and node.kind == "cycle" and scope.graph.row_of(function) is not None
    return (*path, INSIDE_KEY, function) if member else path


def _as_it_is(path: Path) -> Path:
    return path
