"""The parts view: threads, processes, dumps and input files, which of them are shown, and which stand out."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from proftui import units
from proftui.analysis.spread import FEWEST, Kind, spread
from proftui.report.matrix import MatrixRows
from proftui.report.part_table import PartTable
from proftui.report.parts import PartRows
from proftui.report.text import safe, width
from proftui.tui.messages import Changed, Dived, Said
from proftui.tui.session import Session
from proftui.tui.state import Sort, ViewState
from proftui.tui.views.base import GridView
from proftui.tui.widgets.grid import Grid
from proftui.tui.widgets.layout import FAIR, Drawn, Needs, needs_of
from proftui.tui.widgets.line import Line, Span
from proftui.tui.widgets.paint import MARKERS, Marker, indentation

if TYPE_CHECKING:
    from proftui.tui.reloading import Renewal

LOOK = "parts"
"""The name of this view's setting: one of LOOKS, the list first."""

LOOKS = ("list", "self", "inclusive")
"""The list of parts, or functions by how their self or inclusive costs spread over the parts."""

MATRIX_SORTS = frozenset(("excess", "deviations", "median", "most", "least", "touched", "location"))
"""The sort keys that a list of parts has not."""


class PartsLine(Line):
    """Which parts are shown, or what is compared between them."""

    def __init__(self) -> None:
        super().__init__(id="parts")
        self.shown: list[Span] = []

    def spans(self) -> list[Span]:
        """As the view gave them."""
        return self.shown

    def show(self, spans: list[Span]) -> None:
        """Draw these."""
        self.shown = spans
        self.refresh()


class PartGrid(Grid):
    """The list of parts, some of them marked, threads below their processes."""

    rows: PartRows
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Show only", id="parts.choose", tooltip="Show only this part, or the marked ones"),
        Binding("space", "mark", "Mark", id="parts.mark", tooltip="Mark the part, or take its mark away"),
    ]

    def marker(self, row: int) -> tuple[int, Marker]:
        """Parts below a process stand back where there are processes of several."""
        if not self.rows.table.processes:
            return 0, ""
        depth = self.rows.depth(row)
        return depth, "open" if self.rows.table.is_process(self.rows.order[row]) else "leaf"

    def needs(self, rows: Drawn) -> Needs:
        """Names stand behind what marks the parts of processes."""
        measured = needs_of(rows)
        if not self.rows.table.processes:
            return measured
        before = indentation(1, FAIR) + width(MARKERS["leaf"])
        cells = (need + before * column.flexible for need, column in zip(measured.cells, rows.columns, strict=True))
        return replace(measured, cells=tuple(cells))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One part is shown in any case."""
        if action == "mark" or (action == "choose" and self.rows is not None):
            return self.rows is not None and len(self.rows.table.parts) > 1
        return super().check_action(action, parameters)

    def action_mark(self) -> None:
        """Mark the parts of the row, or take their marks away, and go on."""
        parts = set(self.rows.parts(self.cursor))
        marked = self.rows.marked
        if parts <= marked:
            marked -= parts
        else:
            marked |= parts
        self.reshape(self.cursor + 1)


class MatrixGrid(Grid):
    """Functions by what stands out."""

    rows: MatrixRows
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Dive", id="matrix.dive", tooltip="To the function's callers and callees"),
    ]


@dataclass(frozen=True)
class Made:
    """What is drawn: a list or a matrix, and the key of the row for the cursor."""

    rows: PartRows | MatrixRows
    row: Hashable


class PartsView(GridView):
    """The parts with their figures; other views show the chosen ones."""

    view = "parts"
    number = 8
    title = "Parts"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "all", "All", id="parts.all", tooltip="Show all parts again"),
        Binding("z", "alone", "Its part", id="parts.alone", tooltip="Show only the part that is farthest off"),
        Binding("t", "turn", "Matrix", id="parts.turn", tooltip="List of parts, or functions over all parts"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._state = ViewState()

    def compose(self) -> ComposeResult:
        """A sentence, and a grid for each look."""
        yield PartsLine()
        yield PartGrid(empty="no parts")
        matrix = MatrixGrid(empty="no part that is shown has functions and measures this metric")
        matrix.display = False
        yield matrix

    @property
    def grid(self) -> Grid:
        """The one that is shown."""
        matrix = self.query_one(MatrixGrid)
        return matrix if matrix.display else self.query_one(PartGrid)

    def function(self) -> int | None:
        """The matrix's function under the cursor; a part is none."""
        return super().function() if isinstance(self.grid, MatrixGrid) else None

    def detail(self) -> tuple[str, str]:
        """The row in full; and how many parts are marked."""
        text, remark = super().detail()
        grid = self.grid
        if isinstance(grid, PartGrid) and grid.rows is not None and grid.rows.marked and not remark:
            remark = f"{len(grid.rows.marked):,} marked"
        return text, remark

    # ------------------------------------------------------------------ state to rows

    def prepare(self, session: Session, state: ViewState) -> Callable[[], Made]:
        """The list with the same parts marked as now, or the matrix."""
        here = self.row() if _look(state) == _look(self._state) else None
        return self._work(session, state, here if state.place.row is None else state.place.row)

    def prepare_renewed(self, session: Session, state: ViewState, made: Renewal) -> Callable[[], Made]:
        """The cursor on the same part or function."""
        return self._work(session, state, self.row() if _look(state) == LOOKS[0] else made.carry(self.row()))

    def renew(self, made: Renewal) -> None:
        """Forget the matrix: its functions have other ids now."""
        self.query_one(MatrixGrid).rows = None  # type: ignore[assignment]  # as before the first rows come

    def _work(self, session: Session, state: ViewState, row: Hashable) -> Callable[[], Made]:
        look, sort = _look(state), _sort(state)
        rows = self.query_one(PartGrid).rows
        marked: set[int] = set() if rows is None else rows.marked
        if look != LOOKS[0] and len(session.profile.parts) > 1:
            kind: Kind = "inclusive" if look == "inclusive" else "self"
            return lambda: Made(_matrix(session, state, kind, sort), row)

        def work() -> Made:
            profile = session.scope(replace(state, parts=None)).profile
            table = session.kept(("parts", profile, state.metric), lambda: PartTable(profile, state.metric))
            made = PartRows(
                table, sort.key, descending=sort.descending, absolute=state.base == "absolute", chosen=state.parts,
                choosing=len(profile.parts) > 1,
            )  # fmt: skip
            made.marked |= {part for part in marked if part < len(profile.parts)}
            return Made(made, row)

        return work

    def show(self, made: Made, state: ViewState) -> None:
        """Draw the list or the matrix."""
        parts, matrix = self.query_one(PartGrid), self.query_one(MatrixGrid)
        had_keyboard = self.screen.focused in (parts, matrix)
        self._state = state
        cursor = None if made.row is None else made.rows.row_of(made.row)
        in_list = isinstance(made.rows, PartRows)
        grid, other = cast("tuple[Grid, Grid]", (parts, matrix) if in_list else (matrix, parts))
        spans = _list_spans(made.rows, state) if isinstance(made.rows, PartRows) else _matrix_spans(made.rows, state)
        top = not grid.display or grid.rows is None
        grid.display, other.display = True, False
        grid.show(made.rows, cursor=cursor or 0, sort=_sort(state), top=top and not cursor)
        self.query_one(PartsLine).show(spans)
        if had_keyboard:
            grid.focus()

    # ------------------------------------------------------------------ choosing

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What there is nothing to do for is not offered."""
        if action == "all":
            return self._state.parts is not None
        if action == "alone":
            return _look(self._state) != LOOKS[0]
        return super().check_action(action, parameters)

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """Show only the marked parts, or those of the row, or all again where these are shown; or dive."""
        message.stop()
        grid = message.grid
        if isinstance(grid, PartGrid):
            rows = grid.rows
            parts = tuple(sorted(rows.marked or rows.parts(grid.cursor)))
            rows.marked.clear()
            self._choose(None if parts == self._state.parts or len(parts) == len(rows.table.parts) else parts)
        elif (function := self.function()) is not None:
            self.post_message(Dived(function))

    def action_all(self) -> None:
        """Show all parts."""
        self._choose(None)

    def action_alone(self) -> None:
        """Show only the part that is farthest from the others in the function under the cursor."""
        grid = self.grid
        if isinstance(grid, MatrixGrid) and len(grid.rows):
            self._choose((grid.rows.part(grid.cursor),))

    def _choose(self, parts: tuple[int, ...] | None) -> None:
        self.post_message(Changed(replace(self._here(), parts=parts)))

    def action_turn(self) -> None:
        """From the list to the self costs of functions over the parts, to the inclusive ones, and back."""
        look = LOOKS[(LOOKS.index(_look(self._state)) + 1) % len(LOOKS)]
        rows = self.query_one(PartGrid).rows
        if rows is not None and len(rows.table.parts) == 1:
            self.post_message(Said("this profile has one part: there is nothing to compare"))
            return
        state = self._here().looking(LOOK, look)
        if look != "inclusive":  # from one matrix to the other the order stays
            state = state.sorted(_default_sort(look))
        row = self.row() if look == "inclusive" else None
        self.post_message(Changed(replace(state, place=replace(state.place, row=row))))

    def _here(self) -> ViewState:
        """The state shown, with the function under the cursor in focus."""
        function = self.function()
        focus = self._state.place.focus if function is None else function
        return replace(self._state, place=replace(self._state.place, focus=focus, row=self.row()))


def _look(state: ViewState) -> str:
    return state.look(LOOK, LOOKS[0])


def _default_sort(look: str) -> Sort:
    return Sort("total" if look == LOOKS[0] else "excess")


def _sort(state: ViewState) -> Sort:
    """The state's, where what is looked at can be sorted so."""
    sort, look = state.sort(), _look(state)
    known = sort is not None and (sort.key == "name" or (sort.key in MATRIX_SORTS) == (look != LOOKS[0]))
    return sort if sort is not None and known else _default_sort(look)


def _matrix(session: Session, state: ViewState, kind: Kind, sort: Sort) -> MatrixRows:
    """Of the chosen parts, or of all where one is chosen: one alone compares with nothing."""
    parts = state.parts if state.parts is not None and len(state.parts) > 1 else None
    scope = session.scope(replace(state, parts=parts))
    made = session.kept(("spread", scope, state.metric, kind), lambda: spread(scope, state.metric, kind))
    return MatrixRows(scope, state.metric, kind, made, sort.key, descending=sort.descending)


def _list_spans(rows: PartRows, state: ViewState) -> list[Span]:
    parts = rows.table.parts
    if len(parts) == 1:
        return [Span("one part: all figures are of it; open several files to compare them", "dim", shrinks=True)]
    if state.parts is None:
        hint = "Enter shows one alone, Space marks several"
        return [Span(f"all {len(parts):,} parts are shown"), Span(hint, "dim", optional=True)]
    names = ", ".join(safe(parts[part].label) for part in state.parts[:5]) + (", ..." if len(state.parts) > 5 else "")
    return [
        Span(f"{len(state.parts):,} of {len(parts):,} parts shown:", "mark"),
        Span(names, shrinks=True),
        Span("all", "dim", lead="a", key="a", optional=True),
    ]


def _matrix_spans(rows: MatrixRows, state: ViewState) -> list[Span]:
    metric, made = rows.scope.metrics[rows.metric], rows.spread
    typical, standing = units.draw(made.typical, metric.unit), int(made.stands_out.sum())
    spans = [Span(f"{rows.kind} {safe(metric.label)} over {units.counted(len(made.parts), 'part')}", "title")]
    if state.parts is not None and len(state.parts) == 1:
        spans.append(Span("all are compared, one is shown elsewhere", "mark"))
    if len(made.parts) < FEWEST:
        spans.append(Span(f"of fewer than {FEWEST} none stands out", "mark"))
    spans.append(Span(f"a typical part has {typical} in all", optional=True))
    return [*spans, Span(f"one stands out in {units.counted(standing, 'function')}", optional=True)]
