"""The flame graph view."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from textual.app import ComposeResult

from proftui import units
from proftui.analysis.calltree import TreeSource
from proftui.analysis.cover import cover
from proftui.analysis.exact import ExactTree
from proftui.analysis.flame import Box, Flame, Path
from proftui.analysis.time_flame import TimeFlame
from proftui.errors import Cancelled
from proftui.report.flame import FlameText, covering, known_share
from proftui.report.flame_colours import Colouring
from proftui.report.flame_time import TimeText
from proftui.report.neighbours import Base
from proftui.tui.jobs import Lane, later
from proftui.tui.messages import Changed, Said, Visit
from proftui.tui.session import Session
from proftui.tui.state import ViewState
from proftui.tui.views.base import View
from proftui.tui.views.flame_time import activations_of, first_cursor, part_in_time, said_of, untimed
from proftui.tui.widgets.flame import FlameGraph
from proftui.tui.widgets.grid import BEHIND_FILTERS
from proftui.tui.widgets.line import Line, Span

if TYPE_CHECKING:
    from proftui.tui.reloading import Renewal

UPSIDE_DOWN, COLOURS, ORDER = "flame.upside-down", "flame.colours", "flame.order"
"""The names of this view's own settings."""

LITTLE = 0.5
"""When less than this share of what is drawn is exact, the view says how one would know more."""

NOTHING = "nothing is drawn: there are no costs"


@dataclass(frozen=True, eq=False)
class Hits:
    """What a search found: functions and the nodes of cycles whose names it is in, and how much they cost, in words."""

    needle: str
    functions: frozenset[int]
    cycles: frozenset[int]
    share: str

    def __contains__(self, box: Box) -> bool:
        node = box.node
        return node.function in self.functions or (node.kind == "cycle" and node.cycle in self.cycles)


@dataclass(frozen=True, eq=False)
class Drawing:
    """What the view shows: boxes and what is written on them, where the cursor stands, how far costs are known, what a
    search found, and for how many cells the boxes were made; in the order of time, whose time it is.
    """

    text: FlameText
    cursor: Box | None
    exact: bool
    known: float | None
    hits: Hits | None
    cells: int
    of: tuple[str, str] = ("", "")


class FlameLine(Line):
    """How far the widths are known, and what has the whole width."""

    def __init__(self) -> None:
        super().__init__(id="flame-line")
        self.known: Span = Span("")
        self.whose: tuple[Span, ...] = ()
        self.zoom: Span | None = None
        self.right: tuple[Span, ...] = ()

    def spans(self) -> Sequence[Span]:
        """The zoom first, where there is one."""
        return [self.known, *self.whose] if self.zoom is None else [self.zoom, replace(self.known, optional=True)]

    def right_spans(self) -> Sequence[Span]:
        """Which way up, colours, and which rows are on screen where not all of them are."""
        return self.right


class FlameView(View):
    """Calling contexts as boxes over each other, as wide as what they cost."""

    view = "flame"
    number = 6
    title = "Flame"
    bases: ClassVar[dict[Base, str]] = {"total": "% of total", "parent": "% of caller", "absolute": "costs"}

    def __init__(self) -> None:
        super().__init__()
        self._session: Session | None = None
        self._state = ViewState()
        self._made: Drawing | None = None
        self._origin: Box | None = None
        self._needle = ""
        self._lane = Lane()

    def compose(self) -> ComposeResult:
        """A line about the graph, and the graph."""
        yield FlameLine()
        yield FlameGraph()

    @property
    def graph(self) -> FlameGraph:
        """The only graph."""
        return self.query_one(FlameGraph)

    @property
    def face(self) -> FlameGraph:
        """The graph."""
        return self.graph

    def prepare(self, session: Session, state: ViewState) -> Callable[[], Drawing]:
        """The boxes on the first screen and around the cursor."""
        cursor, place = self.graph.cursor, state.place
        new = isinstance(place.row, tuple) and place.row is not self._state.place.row
        stay = cursor is not None and (self.display or self.function() == place.focus)
        stay = stay and self._state.look(ORDER, "cost") == state.look(ORDER, "cost")
        return self._work(session, state, place.row if new else cursor.path if cursor is not None and stay else None)

    def prepare_renewed(self, session: Session, state: ViewState, made: Renewal) -> Callable[[], Drawing]:
        """The cursor where it was, or on the last frame on the way there that is left."""
        cursor = self.graph.cursor
        kept = takewhile(lambda key: key is not None, map(made.carry, cursor.path if cursor is not None else ()))
        return self._work(session, state, () if state.look(ORDER, "cost") == "time" else tuple(kept))

    def renew(self, made: Renewal) -> None:
        """Forget the boxes: their functions have other ids now."""
        self._made = None
        self.graph.clear()

    def _work(self, session: Session, state: ViewState, path: Hashable) -> Callable[[], Drawing]:
        """What draws the state, the cursor on that path, or where the function in focus is heaviest."""
        graph, needle, place = self.graph, self._needle, state.place
        size = graph.size if graph.size.width else self.app.size
        self._session = session

        def work() -> Drawing:
            scope, metric = session.scope(state), state.metric
            source = session.call_tree(state)
            exact = isinstance(source, ExactTree)
            if state.look(ORDER, "cost") == "time" and (part := part_in_time(scope)) is not None:
                made = session.kept(("in time", part.tree), lambda: activations_of(part))
                if made is not None:
                    in_time = TimeFlame(source, made, place.zoom, 1 / max(size.width, 1))
                    cursor = first_cursor(in_time, path, place.focus)
                    in_time.grow(size.height + (cursor.row if cursor is not None else 0))
                    hits = _hits(session, state, source, needle) if needle else None
                    text = TimeText(in_time, scope, part.metrics[0], state.base)
                    return Drawing(text, cursor, True, 1.0, hits, size.width, said_of(scope, part))
            flame = Flame(source, place.zoom, 1 / max(size.width, 1), circles=not (exact or state.cycles))
            wanted = path if isinstance(path, tuple) else ()
            if not wanted and place.focus is not None:
                wanted = source.path_to(place.focus) or ()
            cursor = flame.find(wanted) or flame.zoomed or flame.heaviest(None)
            flame.grow(size.height + (cursor.row if cursor is not None else 0))
            hits = _hits(session, state, source, needle) if needle else None
            drawn = FlameText(flame, scope, metric, state.base)
            return Drawing(drawn, cursor, exact, known_share(flame.rows), hits, size.width)

        return work

    def show(self, made: Drawing, state: ViewState) -> None:
        """Draw the boxes."""
        self._made, self._state = made, state
        colouring: Colouring = "self" if state.look(COLOURS, "module") == "self" else "module"
        upside_down = state.look(UPSIDE_DOWN, "no") == "yes"
        self.graph.show(made.text, made.cursor, upside_down=upside_down, colouring=colouring)
        self._mark(made.hits)
        self._tell()

    def _tell(self) -> None:
        """Write the line above the graph."""
        if self._made is None:
            return
        line, graph, made = self.query_one(FlameLine), self.graph, self._made
        line.known = _known(made) if made.cursor is not None else Span(_nothing(self._state), "dim")
        zoomed = made.text.flame.zoomed
        line.zoom, line.whose = None, ()
        if isinstance(made.text, TimeText):
            line.known = Span(f"in time order: {made.text.span()}", "dim")
            part, among = made.of
            others = (Span(among, "dim", key="p"),) if among else ()
            line.whose = (Span(part, shrinks=True), *others)
            if zoomed is not None:
                name = f"zoom: {made.text.name(zoomed)}, {made.text.span()}"
                line.zoom, line.known = Span(name, "title", shrinks=True, key="escape"), Span("")
        elif self._state.look(ORDER, "cost") == "time" and self._session is not None:
            line.known = Span(f"by cost: {untimed(self._session.scope(self._state), self._state)}", "mark")
        elif zoomed is not None:
            share = units.percent(zoomed.node.inclusive.shown, made.text.flame.source.total) or "?"
            line.zoom = Span(f"zoom: {made.text.name(zoomed)} {share}", "title", shrinks=True, key="escape")
        colours = "by module" if graph.colouring == "module" else "by self cost"
        rows, height, top = len(made.text.flame.rows), graph.size.height, graph.top
        more = "" if made.text.flame.ended else "+"
        within = [Span(f"rows {top + 1}-{min(rows, top + height)} of {rows}{more}", "dim")]
        way = "bottom up" if graph.upside_down else "top down"
        order = "by cost" if not isinstance(made.text, TimeText) else "in time"
        looks = (
            Span(order, "dim", lead="t", optional=True, key="t"),
            Span(way, "dim", lead="v", optional=True, key="v"),
            Span(colours, "dim", lead="w", optional=True, key="w"),
        )
        line.right = (*looks, *(within if rows > height or more else []))
        line.redraw()

    def on_flame_graph_shifted(self, message: FlameGraph.Shifted) -> None:
        """Say which rows are on screen."""
        message.stop()
        self._tell()

    def on_flame_graph_resized(self, message: FlameGraph.Resized) -> None:
        """Make the boxes for the new width."""
        message.stop()
        self._tell()
        if self._session is not None and self._made is not None and self.graph.size.width not in (0, self._made.cells):
            self.run_worker(later(self._again, self._session, self._state), group="again", exclusive=True)

    async def _again(self, session: Session, state: ViewState) -> None:
        try:
            made = await self._lane.run(self.prepare(session, state))
        except Cancelled:
            return
        if state is self._state:
            self.show(made, state)

    # ------------------------------------------------------------------ what the viewer asks for

    def row(self) -> Hashable:
        """The path of the frame under the cursor."""
        return self.graph.cursor.path if self.graph.cursor is not None else None

    def function(self) -> int | None:
        """The function of the frame under the cursor; a cycle's heaviest member."""
        graph = self.graph
        return graph.text.function(graph.cursor) if graph.text is not None and graph.cursor is not None else None

    def detail(self) -> tuple[str, str]:
        """The frame below the mouse, or else under the cursor, in full; and what the search found."""
        graph = self.graph
        box = graph.hovered or graph.cursor
        if graph.text is None or box is None:
            return _nothing(self._state), ""
        remark = self._remark()
        more = "; Enter opens them" if box.node.kind == "rest" and box is not graph.text.flame.zoomed else ""
        return graph.text.detail(box, self.app.size.width - 2 - (len(remark) + 2 if remark else 0)) + more, remark

    def _remark(self) -> str:
        hits, graph = self._made.hits if self._made is not None else None, self.graph
        if hits is None:
            return ""
        if not hits.functions:
            return "no match"
        if not graph.matches:
            return f"too thin to draw, {hits.share}"
        place = f"{graph.matches.index(graph.cursor) + 1:,} of " if graph.cursor in graph.matches else ""
        return f"{place}{units.counted(len(graph.matches), 'frame')}, {hits.share}"

    def named(self) -> str:
        """The name of the frame under the cursor."""
        graph = self.graph
        return graph.text.name(graph.cursor) if graph.text is not None and graph.cursor is not None else ""

    def stack(self) -> list[int]:
        """The functions from the root to the frame under the cursor; of cycles the heaviest member."""
        graph = self.graph
        functions = []
        box = graph.cursor
        while graph.text is not None and box is not None:
            if (function := graph.text.function(box)) is not None:
                functions.append(function)
            box = box.above
        return functions[::-1]

    def lines(self) -> list[str]:
        """The rows of boxes as far as they were made."""
        return [self.query_one(FlameLine).plain().strip(), *self.graph.lines()]

    # ------------------------------------------------------------------ search

    @property
    def needle(self) -> str:
        """What is searched for."""
        return self._needle

    def begin_search(self) -> None:
        """Remember the frame."""
        self._origin = self.graph.cursor

    def search(self, text: str) -> None:
        """Mark what matches, and go to the first from the remembered frame on."""
        self._needle = text
        self.run_worker(later(self._search, text), group="search", exclusive=True)

    async def _search(self, text: str) -> None:
        session, state, made = self._session, self._state, self._made
        if session is None or made is None:
            return
        source = made.text.flame.source
        try:
            hits = await self._lane.run(lambda: _hits(session, state, source, text) if text else None)
        except Cancelled:
            return
        if made is self._made:
            self._made = replace(made, hits=hits)
            self._mark(hits, self._origin)

    def _mark(self, hits: Hits | None, go: Box | None = None) -> None:
        self.graph.mark(None if hits is None else hits.__contains__, go)

    def end_search(self, *, kept: bool) -> None:
        """Forget the search, and go back, unless it is kept."""
        if not kept:
            self.search("")
            self.graph.move_to(self._origin)

    # ------------------------------------------------------------------ zoom and looks

    def on_flame_graph_chosen(self, message: FlameGraph.Chosen) -> None:
        """Zoom, as a step of the history."""
        message.stop()
        path: Path = message.box.path
        self.post_message(Visit("flame", self.function(), path, path))

    def on_flame_graph_reordered(self, message: FlameGraph.Reordered) -> None:
        """Draw in the other order, if it is known."""
        message.stop()
        session, state = self._session, self._state
        if session is None:
            return
        if state.look(ORDER, "cost") == "time":
            self._reorder("cost")
        elif part_in_time(session.scope(state)) is not None:
            self._reorder("time")
        else:
            self.post_message(Said(untimed(session.scope(state), state)))

    def _reorder(self, order: str) -> None:
        focus, state = self.function(), self._state
        place = replace(state.place, row=None, zoom=(), focus=state.place.focus if focus is None else focus)
        self.post_message(Changed(replace(state.looking(ORDER, order), place=place)))

    def on_flame_graph_asked(self, message: FlameGraph.Asked) -> None:
        """Draw otherwise from now on."""
        message.stop()
        upside_down, colouring = "yes" if message.upside_down else "no", message.colouring
        state = self._state.looking(UPSIDE_DOWN, upside_down).looking(COLOURS, colouring)
        focus = self.function()
        place = replace(state.place, row=self.row(), focus=state.place.focus if focus is None else focus)
        self.post_message(Changed(replace(state, place=place)))


def _hits(session: Session, state: ViewState, source: TreeSource, needle: str) -> Hits:
    """The functions whose names or files hold a text, and what they cost together."""
    scope = session.scope(state)
    graph, rows = scope.graph, session.table(state).haystack.find(needle)
    rows = rows[rows < len(graph)]
    functions = graph.function[rows]
    named = (
        node
        for node in np.intersect1d(scope.condensed.node[rows], scope.condensed.cycles).tolist()
        if needle.casefold() in scope.condensed.label(node, scope.functions).casefold()
    )
    together = cover(source, scope, state.metric, functions)
    return Hits(needle, frozenset(functions.tolist()), frozenset(named), covering(together, source.total))


def _nothing(state: ViewState) -> str:
    """Why there are no boxes."""
    return BEHIND_FILTERS if state.filters else NOTHING


def _known(made: Drawing) -> Span:
    """How far the widths are known."""
    if made.exact:
        return Span("recorded: all widths are exact", "dim")
    if not len(made.text.scope.graph.caller):
        return Span("who called whom is not known: functions stand side by side", "mark")
    known = made.known or 0.0
    exact = units.percent(known, 1.0)
    if known >= 1 - 1e-9:
        return Span("from a call graph; what is drawn is exact", "dim")
    if known >= LITTLE:
        return Span(f"estimated from a call graph: {exact} of what is drawn is exact", "dim")
    return Span(f"estimated: only {exact} of this is exact; a sampled run would tell more", "mark")
