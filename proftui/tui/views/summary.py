"""The summary view: what was measured, what costs most, what stands out, each linked to its rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from proftui.errors import Cancelled
from proftui.report.summary import Summary
from proftui.report.summary_page import Page, laid_out
from proftui.tui.jobs import Lane, later
from proftui.tui.messages import Changed, Dived, Visit
from proftui.tui.session import Session
from proftui.tui.state import Place, ViewState
from proftui.tui.views.base import View
from proftui.tui.widgets.grid import BEHIND_FILTERS
from proftui.tui.widgets.summary_page import SummaryPage

if TYPE_CHECKING:
    from proftui.tui.reloading import Renewal


@dataclass(frozen=True, eq=False)
class Made:
    """A summary, and whether path, packages and findings are made: else they come later."""

    summary: Summary
    ready: bool


class SummaryView(View):
    """One screen about the whole profile; Enter goes to the rows that an item is about."""

    view = "summary"
    number = 1
    title = "Summary"

    def __init__(self) -> None:
        super().__init__()
        self._made: Made | None = None
        self._carried: Hashable = None
        self._state = ViewState()
        self._origin = 0
        self._lane = Lane()

    def compose(self) -> ComposeResult:
        """One page."""
        yield SummaryPage()

    @property
    def face(self) -> SummaryPage:
        """The page."""
        return self.query_one(SummaryPage)

    def prepare(self, session: Session, state: ViewState) -> Callable[[], Made]:
        """The figures, as far as they come quickly; the first time that is as little as a screen can do with."""
        first = self._made is None

        def work() -> Made:
            summary = session.summary(state)
            summary.begin()
            if summary.small and not first:
                summary.finish()
            return Made(summary, summary.finished)

        return work

    def show(self, made: Made, state: ViewState) -> None:
        """Draw the page; what is not made yet is drawn when it is."""
        page, known = self.face, self._made is not None
        key = state.place.row if self._carried is None else self._carried
        self._made, self._carried, self._state = made, None, state
        page.show(self._layout(made, state), key)
        if key is None and known and self.function() != state.place.focus:
            at = page.index_of(lambda placed: placed.item.function == state.place.focus)
            if at is not None:
                page.move_to(at)
        if not made.ready:
            # once this is painted: a busy thread would keep the screen from its turn
            self.call_after_refresh(self._begin_rest, made, state)

    def renew(self, made: Renewal) -> None:
        """Remember the item in the ids of now."""
        self._carried = made.carry(self.row())

    def _layout(self, made: Made, state: ViewState) -> Callable[[int, int], Page]:
        absolute = state.base == "absolute"
        return lambda cells, height: laid_out(made.summary, cells, height, absolute=absolute, ready=made.ready)

    def _begin_rest(self, made: Made, state: ViewState) -> None:
        if self._made is made:
            self.run_worker(later(self._finish, made, state), group="summary", exclusive=True)

    async def _finish(self, made: Made, state: ViewState) -> None:
        try:
            await self._lane.run(made.summary.finish)
        except Cancelled:
            return
        if self._made is made:
            self._made = replace(made, ready=True)
            self.face.show(self._layout(self._made, state))

    def on_summary_page_chosen(self, message: SummaryPage.Chosen) -> None:
        """To the call tree, to the functions by package, or to a function's callers and callees."""
        message.stop()
        if (current := self.face.current) is None:
            return
        item = current.item
        if item.path:
            self.post_message(Visit("tree", item.function, item.path))
        elif item.group is not None:
            place = Place("functions", item.function, (item.group, ""))
            self.post_message(Changed(replace(self._state, group="package", place=place)))
        else:
            self.post_message(Dived(item.function))

    def row(self) -> Hashable:
        """The key of the item under the cursor."""
        current = self.face.current
        return None if current is None else current.item.key

    def function(self) -> int | None:
        """The function that the item under the cursor is about."""
        current = self.face.current
        return None if current is None else current.item.function

    def detail(self) -> tuple[str, str]:
        """The item in full, and which of how many matches it is."""
        page = self.face
        text = page.current.item.detail if page.current is not None else BEHIND_FILTERS if self._state.filters else ""
        if not page.needle:
            return text, ""
        place = f"{page.matches.index(page.cursor) + 1:,} of " if page.cursor in page.matches else ""
        return text, f"{place}{len(page.matches):,} matches" if page.matches else "no match"

    @property
    def needle(self) -> str:
        """What is searched for."""
        return self.face.needle

    def begin_search(self) -> None:
        """Remember where the cursor stands."""
        self._origin = self.face.cursor

    def search(self, text: str) -> None:
        """Go to the first match from there on."""
        self.face.search(text, self._origin)

    def end_search(self, *, kept: bool) -> None:
        """Forget the search, and go back, unless it is kept."""
        if not kept:
            self.face.search("", self._origin)

    def named(self) -> str:
        """The name of the item under the cursor; of a finding its sentence."""
        current = self.face.current
        return "" if current is None else current.item.name

    def stack(self) -> list[int]:
        """The functions from the root to a step of the path; else the item's function alone."""
        current = self.face.current
        if current is None:
            return []
        return [key for key in current.item.path if key >= 0] or [current.item.function]

    def lines(self) -> list[str]:
        """The page as it is drawn."""
        return self.face.page.text() if self.face.page is not None else []
