"""The source view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult

from proftui import units
from proftui.analysis.line_figures import LineCall, telling_of
from proftui.analysis.scope import Scope
from proftui.formats import Progress
from proftui.model import Profile
from proftui.report.highlight import Span, highlighted
from proftui.report.rows import Cell, Column
from proftui.report.source import NoSource, source_sentence
from proftui.report.source_page import file_figures, moved_away, remarks, source_rows
from proftui.report.source_rows import SourceRows
from proftui.report.text import safe
from proftui.tui.jobs import Reporter
from proftui.tui.messages import Said, Visit
from proftui.tui.session import Session
from proftui.tui.state import ViewState
from proftui.tui.views.base import GridView
from proftui.tui.widgets.grid import Grid
from proftui.tui.widgets.source_grid import SourceGrid

if TYPE_CHECKING:
    from proftui.tui.screens.viewer.stage import Stage

NAME = Column("name", "Callee", 24, "left", flexible=True)
COST = Column("cost", "Cost", 12)
CALLS = Column("calls", "Calls", 9, priority=1)
PLACE = Column("place", "Where", 26, "left", priority=2, cut="start")

BY_LINE = ("callgrind", "several")
"""The formats that may hold costs by line, which are read only when they are asked for."""


@dataclass(frozen=True, eq=False)
class Page:
    """What the view shows: rows, the spans of their text, the row of the cursor, and what is to be said of the file."""

    rows: SourceRows
    spans: Mapping[int, tuple[Span, ...]]
    cursor: int
    remarks: tuple[str, ...]
    changed: str


class SourceView(GridView):
    """The function in focus in its source file, with what each line costs; Enter goes to what a line calls."""

    view = "source"
    number = 7
    title = "Source"

    def __init__(self) -> None:
        super().__init__()
        self._said: set[str] = set()
        self._page: Page | None = None

    def compose(self) -> ComposeResult:
        """One grid."""
        yield SourceGrid()

    @property
    def grid(self) -> SourceGrid:
        """The only grid."""
        return self.query_one(SourceGrid)

    # ------------------------------------------------------------------ what is shown

    def prepare(self, session: Session, state: ViewState) -> Callable[[], Page | None]:
        """The file of the function in focus, read, parsed and coloured; costs by line are read where they were not."""
        focus, key = state.place.focus, state.place.row
        reread = cast("Stage", self.screen).reread
        if (
            key is None
            and self._page is not None
            and self._filled
            and focus in (self.function(), self._page.rows.focus)
        ):
            key = self.row()

        def work() -> Page | None:
            if focus is None:
                return None
            scope = self._scope(session, state, reread)
            return page_of(session, scope, state, focus, key)

        return work

    def _scope(self, session: Session, state: ViewState, reread: Callable[[Progress], Profile]) -> Scope:
        """What the state looks at; with costs by line where the file has them, then without filters."""
        scope = session.scope(state)
        if telling_of(scope, state.metric) != "functions" or session.profile.origin.format not in BY_LINE:
            return scope
        if session.lined is None:
            reporter = Reporter()
            reporter.listener = lambda share: self.post_message(Said(f"reading costs by line ... {share:.0%}"))
            session.lined = reread(reporter)
        lined = session.lined
        return session.kept(
            ("lined", state.parts, state.cycles, state.joined),
            lambda: Scope(lined, state.parts, state.cycles, state.joined),
        )

    def show(self, made: Page | None, state: ViewState) -> None:
        """Draw the lines, the cursor where it was, else where the function begins."""
        self._page = made
        if made is None:
            return
        grid = self.grid
        same = grid.rows is not None and grid.rows.file == made.rows.file
        near = same and grid.in_sight(made.cursor)
        grid.spans = made.spans
        if not same:
            grid.offset_x = 0
        grid.show(made.rows, cursor=made.cursor)
        if not near:
            self.call_after_refresh(grid.present)
        fresh = [remark for remark in made.remarks if remark not in self._said]
        self._said.update(fresh)
        if fresh:
            self.post_message(Said("; ".join(fresh)))

    def detail(self) -> tuple[str, str]:
        """What the line costs and calls; that the file is not as it was, where it is not."""
        text, remark = super().detail()
        return text, remark or (self._page.changed if self._page is not None else "")

    def edited(self) -> tuple[str, int]:
        """The file and line under the cursor, for the editor. Raises NoSource."""
        if self._page is None or not self._filled:
            raise NoSource("no function is in focus")
        rows = self._page.rows
        if rows.source is None:
            raise NoSource(" ".join(rows.notes))
        return rows.source.path, max(1, rows.row(self.grid.cursor).line)

    # ------------------------------------------------------------------ going to callees

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """Go to what the line calls; where that is several things, ask which."""
        message.stop()
        if self._page is None:
            return
        calls = self._page.rows.calls(self.grid.cursor)
        if not calls:
            self.post_message(Said("nothing that was measured is called on this line"))
        elif len(calls) == 1:
            self._go(calls[0])
        else:
            self._ask(calls)

    def _ask(self, calls: tuple[LineCall, ...]) -> None:
        from proftui.tui.screens.choose import ChooseScreen

        def take(chosen: tuple[int, ...] | None) -> None:
            if chosen:
                self._go(calls[chosen[0]])

        assert self._page is not None  # noqa: S101  # its rows hold the calls
        rows = self._page.rows
        cells = [_choice(rows, call) for call in calls]
        columns = (NAME, COST, CALLS, PLACE)
        self.app.push_screen(ChooseScreen("Called on this line", columns, cells, []), take)

    def _go(self, call: LineCall) -> None:
        assert self._page is not None  # noqa: S101  # as above
        functions = self._page.rows.scope.functions
        if sentence := source_sentence(functions, call.callee):
            self.post_message(Said(f"{safe(functions.name[call.callee])}: {sentence}"))
            return
        line = int(functions.line[call.callee])
        row = (functions.file[call.callee], line) if line > 0 else None
        self.post_message(Visit("source", call.callee, row))


def page_of(session: Session, scope: Scope, state: ViewState, focus: int, key: object) -> Page:
    """The page for a function, the cursor on the line that `key` names where it is one."""
    sources, metric = session.sources, state.metric
    named = key[0] if isinstance(key, tuple) and len(key) == 2 and isinstance(key[0], str) else None
    file = named or scope.functions.file[focus]
    figures = session.kept(("lines", scope, metric, file), lambda: file_figures(scope, metric, file, sources))
    rows = source_rows(scope, metric, focus, sources, base=state.base, file=file, figures=figures, second=state.second)
    at = rows.row_at(key)
    cursor = rows.row_of(focus) if at is None else at
    spans: Mapping[int, tuple[Span, ...]] = {}
    if rows.source is not None:
        spans = highlighted(rows.source, rows.row(cursor).line)
    found = remarks(rows, sources)
    if rows.figures.telling == "lines" and state.filters:
        found.append("filters do not apply to costs by line")
    changed = "source has changed" if moved_away(rows, focus) else ""
    if not changed and rows.source is not None and sources.newer(rows.source):
        changed = "source is newer"
    _ = rows.hot
    return Page(rows, spans, cursor, tuple(found), changed)


def _choice(rows: SourceRows, call: LineCall) -> list[Cell]:
    functions, unit = rows.scope.functions, rows.scope.metrics[rows.metric].unit
    cost = units.draw(float(call.cost[rows.metric]), unit)
    return [
        Cell(safe(functions.name[call.callee])),
        Cell(cost if call.certain else f"<={cost}"),
        Cell(units.draw(call.calls, units.COUNT)),
        Cell(safe(functions.location(call.callee)), "dim"),
    ]
