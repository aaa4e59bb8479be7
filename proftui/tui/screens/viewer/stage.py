"""The stage: what is wanted, what is shown, and the way from one to the other. What keys ask for is built on it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen
from textual.widget import Widget

from proftui.errors import Cancelled, ProftuiError
from proftui.formats import Progress
from proftui.model import Profile
from proftui.report.text import safe
from proftui.tui.jobs import Lane, later
from proftui.tui.messages import Changed, Moved, Said
from proftui.tui.session import Session
from proftui.tui.state import History, Place, ViewName, ViewState
from proftui.tui.views import VIEWS, View
from proftui.tui.widgets.bars import DetailLine, FooterLine, TabLine, TitleLine, profile_spans, setting_spans
from proftui.tui.widgets.chips import ChipLine
from proftui.tui.widgets.grid import Grid
from proftui.tui.widgets.line import Span

PATIENCE = 0.15
"""Seconds after which work that is still under way is mentioned."""

IDLE = {
    **dict.fromkeys("mM", "this profile has one metric"),
    **dict.fromkeys("p", "this profile has one part"),
    **dict.fromkeys("sSr", "this view has the order of its costs"),
    **dict.fromkeys("nN", "nothing is searched for; / searches"),
}
"""Why keys that a profile or view may have no use for do nothing there."""


class Stage(Screen[None]):
    """`state` is what is wanted, `shown` what the last finished work drew."""

    def __init__(self, session: Session, reread: Callable[[Progress], Profile], state: ViewState | None = None) -> None:
        """`reread` gives the profile with all that its files hold, for writing it; `state` is what to begin with."""
        super().__init__()
        self.session = session
        self.reread = reread
        self.state = state or ViewState()
        self.shown: ViewState | None = None
        self.history: History[Place] = History()
        self._lane = Lane()
        self._settled: Hashable = None
        self._busy = False

    def compose(self) -> ComposeResult:
        """Title, tabs, the view, detail and keys."""
        yield TitleLine()
        yield TabLine([(view.view, view.number, view.title) for view in VIEWS])
        yield ChipLine()
        yield from self.heading()
        with Container(id="views"):
            yield _kind(self.state.place.view)()
        yield DetailLine()
        yield FooterLine()

    def heading(self) -> Iterable[Widget]:
        """Lines between the tabs and the view."""
        return ()

    def on_mount(self) -> None:
        """Show the first view; its rows are made already."""
        view = self.query(View).first()
        spans = profile_spans(self.session, self.state)
        self._draw(view, view.prepare(self.session, self.state)(), spans, self.state)

    # ------------------------------------------------------------------ state to screen

    def change(self, state: ViewState) -> None:
        """Make `state` what is wanted, and work until it is shown; work for an older wish is dropped."""
        self.state = state
        self._busy = True
        self.run_worker(later(self._update, state), group="rows", exclusive=True)

    def on_changed(self, message: Changed) -> None:
        """Make what a view asks for what is wanted; to go to another view is a step of the history."""
        message.stop()
        if message.state.place.view != self.state.place.view:
            self.history = self.history.left(self.here())
        self.change(message.state)

    async def _update(self, state: ViewState) -> None:
        view = await self._mounted(state.place.view)
        session = self.session
        prepare = view.prepare(session, state)
        waiting = self.set_timer(PATIENCE, lambda: self.say("working ... Esc cancels"))
        try:
            made, title = await self._lane.run(lambda: (prepare(), profile_spans(session, state)))
        except Cancelled:
            return
        except ProftuiError as error:
            self._give_up(safe(str(error)))
            return
        finally:
            waiting.stop()
        self._busy = False
        self._draw(view, made, title, state)

    async def _mounted(self, name: ViewName) -> View:
        kind = _kind(name)
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
            for grid in view.query(Grid):
                grid.filtered = bool(state.filters)
            view.show(made, state)
            for other in self.query(View):
                other.display = other is view
            self.query_one(TitleLine).show(title)
            self.query_one(TabLine).show(state.place.view, setting_spans(self.session, state, view.bases))
            self.query_one(ChipLine).show(state)
            self._settled = view.row()
            if state.place.focus is None:
                self.focus_on(view.function())
            if self.shown is None or self.shown.place.view != state.place.view or self.focused is None:
                view.face.focus()
            self.shown = self.state
            self._detail(view)
        self.refresh_bindings()

    @property
    def view(self) -> View | None:
        """The view on screen."""
        return next((view for view in self.query(View) if view.display), None)

    def focus_on(self, function: int | None) -> None:
        """Make a function, where it is one, the one in focus; nothing is drawn anew."""
        if function is not None:
            self.state = replace(self.state, place=replace(self.state.place, focus=function))

    def here(self) -> Place:
        """The present place, with the row under the cursor and what rows are grouped by."""
        view = self.view
        return replace(self.state.place, row=view.row() if view is not None else None, group=self.state.group)

    def on_moved(self, message: Moved) -> None:
        """Show the row in full; where the view says so, its function is the one in focus."""
        message.stop()
        view = self.view
        if view is None or message.widget is not view.face:
            return
        row = view.row()
        if row != self._settled and view.tracks and not self._busy:
            self.focus_on(view.function())
        self._settled = row
        self._detail(view)

    def _detail(self, view: View) -> None:
        self.query_one(DetailLine).show(*view.detail())

    def say(self, sentence: str) -> None:
        """Show a sentence until the cursor moves on."""
        self.query_one(DetailLine).say(sentence)

    def on_said(self, message: Said) -> None:
        """Show a sentence of a part."""
        message.stop()
        self.say(message.sentence)

    def on_key(self, event: events.Key) -> None:
        """Say why a key does nothing. Keys that open a dialog come here too."""
        bound = self.active_bindings.get(event.key)
        if event.key in IDLE and (bound is None or not bound.enabled):
            self.say(IDLE[event.key])

    def _give_up(self, sentence: str) -> None:
        """Stay with what is shown, and say why."""
        self._busy = False
        self.state = self.shown or self.state
        self.say(sentence)

    def action_cancel(self) -> None:
        """Give up work that is under way, or else forget the search, or else leave the zoom."""
        view = self.view
        if self._busy and self.shown is not None:
            self.workers.cancel_group(self, "rows")
            self._give_up("stopped; this is as it was before")
        elif view is not None and view.needle:
            view.end_search(kept=False)
        elif self.state.place.zoom:
            self.change(replace(self.state, place=replace(self.here(), zoom=())))


def _kind(name: ViewName) -> type[View]:
    return next(view for view in VIEWS if view.view == name)
