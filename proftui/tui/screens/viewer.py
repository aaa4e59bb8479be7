"""The viewer: one profile, its views, and the state that decides what they show."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen

from proftui.analysis.recursion import outermost
from proftui.errors import Cancelled
from proftui.formats import Progress
from proftui.model import Profile
from proftui.report.rows import Column
from proftui.report.text import safe
from proftui.tui.jobs import Lane
from proftui.tui.messages import Dived, Said
from proftui.tui.session import Session
from proftui.tui.state import History, Place, Sort, ViewName, ViewState
from proftui.tui.views import VIEWS, View
from proftui.tui.views.functions import FunctionsView
from proftui.tui.widgets.bars import DetailLine, FooterLine, TabLine, TitleLine, profile_spans, setting_spans
from proftui.tui.widgets.grid import Grid
from proftui.tui.widgets.line import Span

if TYPE_CHECKING:
    from proftui.tui.widgets.search import SearchLine

PATIENCE = 0.15
"""Seconds after which work that is still under way is mentioned."""

IDLE = {
    **dict.fromkeys("mM", "this profile has one metric"),
    **dict.fromkeys("p", "this profile has one part"),
    **dict.fromkeys("sSr", "the call tree has the order of its costs"),
    **dict.fromkeys("nN", "nothing is searched for; / searches"),
}
"""Why keys that a profile or view may have no use for do nothing there."""


class Viewer(Screen[None]):
    """`state` is what is wanted, `shown` what the last finished work drew."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Find", id="viewer.search", tooltip="Search names and files, as you type"),
        Binding("s", "sort(1)", "Sort", id="viewer.sort", tooltip="Sort by the next column"),
        Binding("S", "sort(-1)", "Sort by the previous column", show=False, id="viewer.sort-previous"),
        Binding("r", "reverse", "Reverse", show=False, id="viewer.reverse", tooltip="Sort the other way round"),
        Binding("percent_sign", "base", "Base", id="viewer.base", tooltip="Percent of the total or caller, or costs"),
        Binding("m", "metric", "Metric", id="viewer.metric", tooltip="Choose the metric"),
        Binding("M", "second", "Second metric", show=False, id="viewer.second", tooltip="Choose a second metric"),
        Binding(
            "J", "join", "Join", show=False, id="viewer.join", tooltip="Callgrind's f and f'2 as one function or not"
        ),
        Binding("C", "cycles", "Cycles", show=False, id="viewer.cycles", tooltip="Cycles as units of their own or not"),
        Binding("p", "parts", "Parts", id="viewer.parts", tooltip="Choose threads, processes, dumps or files"),
        Binding("less_than_sign,backspace,alt+left", "back", "Back", id="viewer.back", tooltip="Back in the history"),
        Binding("greater_than_sign,alt+right", "forward", "Forward in the history", show=False, id="viewer.forward"),
        Binding("e", "export", "Export", id="viewer.export", tooltip="Write the profile in another format"),
        Binding("y", "copy", "Copy the row's name", show=False, id="viewer.copy"),
        Binding("i", "about", "About the profile, and notes on it", show=False, id="viewer.about"),
        Binding("escape", "cancel", "Cancel work, or clear the search", show=False, id="viewer.cancel"),
        *(
            Binding(str(view.number), f"view('{view.view}')", view.title, show=False, id=f"viewer.{view.view}")
            for view in VIEWS
        ),
    ]

    def __init__(self, session: Session, reread: Callable[[Progress], Profile]) -> None:
        """`reread` gives the profile with all that its files hold, for writing it."""
        super().__init__()
        self.session = session
        self._reread = reread
        self.state = ViewState()
        self.shown: ViewState | None = None
        self.history = History()
        self._lane = Lane()
        self._settled: Hashable = None
        self._origin = 0
        self._busy = False

    def compose(self) -> ComposeResult:
        """Title, tabs, the view, detail and keys."""
        yield TitleLine()
        yield TabLine([(view.view, view.number, view.title) for view in VIEWS])
        with Container(id="views"):
            yield FunctionsView()
        yield DetailLine()
        yield FooterLine()

    def on_mount(self) -> None:
        """Show the first view; its rows are made already."""
        view = self.query_one(FunctionsView)
        self._draw(view, view.prepare(self.session, self.state)(), profile_spans(self.session, self.state), self.state)

    # ------------------------------------------------------------------ state to screen

    def change(self, state: ViewState) -> None:
        """Make `state` what is wanted, and work until it is shown; work for an older wish is dropped."""
        self.state = state
        self._busy = True
        self.run_worker(self._update(state), group="rows", exclusive=True)

    async def _update(self, state: ViewState) -> None:
        view = await self._mounted(state.place.view)
        prepare = view.prepare(self.session, state)
        waiting = self.set_timer(PATIENCE, lambda: self.say("working ... Esc cancels"))
        try:
            made, title = await self._lane.run(lambda: (prepare(), profile_spans(self.session, state)))
        except Cancelled:
            return
        finally:
            waiting.stop()
        self._busy = False
        self._draw(view, made, title, state)

    async def _mounted(self, name: ViewName) -> View:
        kind = next(view for view in VIEWS if view.view == name)
        container = self.query_one("#views")
        found = container.query(kind)
        if not found:
            view = kind()
            view.display = False
            await container.mount(view)
            return view
        return found.first()

    def _draw(self, view: View, made: Any, title: Sequence[Span], state: ViewState) -> None:
        """Show a view with what the work gave, and nothing else."""
        with self.app.batch_update():
            view.show(made, state)
            for other in self.query(View):
                other.display = other is view
            self.query_one(TitleLine).show(title)
            self.query_one(TabLine).show(state.place.view, setting_spans(self.session, state, view.bases))
            self._settled = view.row()
            if state.place.focus is None:
                self._focus_on(view.function())
            if self.shown is None or self.shown.place.view != state.place.view or self.focused is None:
                view.grid.focus()
            self.shown = self.state
            self._detail(view)
        self.refresh_bindings()

    @property
    def view(self) -> View | None:
        """The view on screen."""
        return next((view for view in self.query(View) if view.display), None)

    def _focus_on(self, function: int | None) -> None:
        if function is not None:
            self.state = replace(self.state, place=replace(self.state.place, focus=function))

    def on_grid_moved(self, message: Grid.Moved) -> None:
        """Show the row in full; where the view says so, its function is the one in focus."""
        message.stop()
        view = self.view
        if view is None or message.grid is not view.grid:
            return
        row = view.row()
        if row != self._settled and view.tracks and not self._busy:
            self._focus_on(view.function())
        self._settled = row
        self._detail(view)

    def _detail(self, view: View) -> None:
        grid = view.grid
        if grid.rows is None or not len(grid.rows):
            self.query_one(DetailLine).show(grid.empty)
            return
        remark = ""
        if grid.needle:
            at = int(np.searchsorted(grid.matches, grid.cursor))
            on_match = at < len(grid.matches) and grid.matches[at] == grid.cursor
            place = f"{at + 1:,} of " if on_match else ""
            remark = f"{place}{len(grid.matches):,} matches" if len(grid.matches) else "no match"
        self.query_one(DetailLine).show(grid.rows.detail(grid.cursor), remark)

    def say(self, sentence: str) -> None:
        """Show a sentence until the cursor moves on."""
        self.query_one(DetailLine).say(sentence)

    def on_said(self, message: Said) -> None:
        """Show a sentence of a part."""
        message.stop()
        self.say(message.sentence)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What this profile and view have no use for is not offered."""
        profile = self.session.profile
        if action == "parts":
            return len(profile.parts) > 1
        if action in ("metric", "second"):
            return len(profile.metrics) > 1
        if action in ("sort", "reverse"):
            return self.state.sort() is not None
        return True

    def on_key(self, event: events.Key) -> None:
        """Say why a key does nothing: one that does something never comes here."""
        if event.key in IDLE:
            self.say(IDLE[event.key])

    # ------------------------------------------------------------------ places

    def action_view(self, name: ViewName) -> None:
        """Show another view of the function in focus."""
        if name != self.state.place.view:
            self._visit(Place(name, self.state.place.focus))

    def on_dived(self, message: Dived) -> None:
        """Show who calls a function and whom it calls."""
        message.stop()
        self._visit(Place("neighbours", message.function))

    def _visit(self, place: Place) -> None:
        self.history = self.history.left(self._here())
        self.change(replace(self.state, place=place))

    def _here(self) -> Place:
        view = self.view
        return replace(self.state.place, row=view.row() if view is not None else None)

    def action_back(self) -> None:
        """Go where one came from."""
        self._travel(self.history.back(self._here()), "this is where you began")

    def action_forward(self) -> None:
        """Go where one went back from."""
        self._travel(self.history.forward(self._here()), "there is nothing further on")

    def _travel(self, step: tuple[Place, History] | None, otherwise: str) -> None:
        if step is None:
            self.say(otherwise)
            return
        place, self.history = step
        self.change(replace(self.state, place=place))

    # ------------------------------------------------------------------ settings

    def action_sort(self, step: int) -> None:
        """Sort by the next or previous column."""
        view, sort = self.view, self.state.sort()
        if view is None or sort is None or view.grid.rows is None:
            return
        keys = list(dict.fromkeys(column.sort for column in view.grid.rows.columns if column.sort))
        place = keys.index(sort.key) if sort.key in keys else 0
        self._sort_by(keys[(place + step) % len(keys)], view.grid.rows.columns)

    def _sort_by(self, key: str, columns: Sequence[Column]) -> None:
        """Numbers begin with the largest, texts with the first letter."""
        text = any(column.sort == key and column.align == "left" for column in columns)
        self.change(self.state.sorted(Sort(key, descending=not text)))

    def on_grid_sort_asked(self, message: Grid.SortAsked) -> None:
        """Sort by the column whose title was clicked, a second time the other way round."""
        message.stop()
        sort = self.state.sort()
        if sort is not None and sort.key == message.key:
            self.action_reverse()
        elif sort is not None:
            self._sort_by(message.key, message.grid.rows.columns)

    def action_reverse(self) -> None:
        """Sort the other way round."""
        if (sort := self.state.sort()) is not None:
            self.change(self.state.sorted(sort.reversed()))

    def action_base(self) -> None:
        """Percentages of the next thing they can refer to, or costs."""
        if (view := self.view) is not None:
            bases = list(view.bases)
            place = bases.index(self.state.base) if self.state.base in bases else 0
            self.change(replace(self.state, base=bases[(place + 1) % len(bases)]))

    def action_cycles(self) -> None:
        """Cycles as units of their own, or not."""
        self.change(replace(self.state, cycles=not self.state.cycles))

    def action_join(self) -> None:
        """Deeper activations as one with the function, or not, where the profile names them apart."""
        if (base := outermost(self.session.profile.functions)) is None:
            self.post_message(Said("no function of this profile is named apart in recursion, as callgrind's f'2"))
            return
        focus = self.state.place.focus
        place = self.state.place if focus is None else replace(self.state.place, focus=int(base[focus]))
        self.change(replace(self.state, joined=not self.state.joined, place=place))

    def action_metric(self) -> None:
        """Choose the metric."""
        from proftui.tui.screens.choices import choose_metric

        choose_metric(self, self.session.profile, self.state, self.change)

    def action_second(self) -> None:
        """Choose the second metric."""
        from proftui.tui.screens.choices import choose_second

        choose_second(self, self.session.profile, self.state, self.change)

    def action_parts(self) -> None:
        """Choose the parts."""
        from proftui.tui.screens.choices import choose_parts

        choose_parts(self, self.session.profile, self.state, self.change)

    # ------------------------------------------------------------------ search and the rest

    async def action_search(self) -> None:
        """Open the line to type in."""
        if (view := self.view) is None or view.grid.rows is None or self.query("SearchLine"):
            return
        from proftui.tui.widgets.search import SearchLine

        self._origin = view.grid.cursor
        view.grid.search("")  # makes what is searched while the first letter is typed
        self.query_one(FooterLine).display = False
        await self.mount(SearchLine())

    def on_search_line_typed(self, message: SearchLine.Typed) -> None:
        """Find what was typed so far."""
        message.stop()
        if (view := self.view) is not None:
            view.grid.search(message.text, self._origin)

    async def on_search_line_closed(self, message: SearchLine.Closed) -> None:
        """Keep what was found, or go back to where the search began."""
        message.stop()
        if (view := self.view) is not None:
            self.set_focus(view.grid)  # before the line goes: else the screen gives the keyboard to whom it likes
            if not message.kept:
                view.grid.search("", self._origin)
        await self.query("SearchLine").remove()
        self.query_one(FooterLine).display = True

    def action_cancel(self) -> None:
        """Give up work that is under way, or else forget the search."""
        view = self.view
        if self._busy and self.shown is not None:
            self.workers.cancel_group(self, "rows")
            self._busy = False
            self.state = self.shown
            self.say("stopped; this is as it was before")
        elif view is not None and view.grid.needle:
            view.grid.search("")

    def action_copy(self) -> None:
        """Put the name of the row under the cursor on the clipboard."""
        view = self.view
        if view is None or view.grid.rows is None or not len(view.grid.rows):
            return
        rows, row = view.grid.rows, view.grid.cursor
        cells = zip(rows.columns, rows.cells(row), strict=True)
        name = next(cell.text for column, cell in cells if column.flexible)
        self.app.copy_to_clipboard(name)
        self.say(f"copied: {name}")

    def action_export(self) -> None:
        """Ask for a format and a file name, and write."""
        from proftui.tui.screens.export import ExportScreen

        profile, chosen = self.session.profile, self.state.parts

        def whole(progress: Progress) -> Profile:
            again = self._reread(progress)
            return again if chosen is None else replace(again, parts=tuple(again.parts[part] for part in chosen))

        of = safe(profile.name) if chosen is None else f"{len(chosen)} of {len(profile.parts)} parts"
        self.app.push_screen(ExportScreen(profile, whole, of), self._told)

    def action_about(self) -> None:
        """Show where the profile comes from, its parts and the notes on it."""
        from proftui.tui.screens.about import AboutScreen

        self.app.push_screen(AboutScreen(self.session.profile))

    def _told(self, sentence: str | None) -> None:
        if sentence:
            self.say(sentence)
