"""Bookmarks: setting them, going to them, keeping them."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType

from proftui.errors import ProftuiError
from proftui.report.functions import BOOKMARK
from proftui.report.text import head, safe, width
from proftui.tui.bookmarks import Bookmark, Bookmarks, Identity, file_of, read, write
from proftui.tui.jobs import in_thread, later
from proftui.tui.messages import Visit
from proftui.tui.opening import Opening
from proftui.tui.reloading import Renewal
from proftui.tui.screens.viewer.renewing import RenewKeys
from proftui.tui.session import Session
from proftui.tui.views import View
from proftui.tui.widgets.bars import DetailLine

SHOWN = 40
"""Cells of a note in the line under the rows."""

APART = ("summary", "parts")
"""Views that do not follow the function in focus."""


class MarkKeys(RenewKeys):
    """They are kept in memory, and in a file where that is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("B", "bookmark", "Bookmark", show=False, id="viewer.bookmark", tooltip="Set or take away a bookmark"),
        Binding("apostrophe", "bookmarks", "Bookmarks", show=False, id="viewer.bookmarks", tooltip="List bookmarks"),
    ]

    bookmarks = Bookmarks()
    _dropped: Bookmark | None = None

    def follow(self, source: Opening) -> None:
        """Take the bookmarks that were kept for these files."""
        super().follow(source)
        self.run_worker(later(self._take_kept), group="bookmarks", exclusive=True)

    async def _take_kept(self) -> None:
        path = file_of(self.source.paths) if self.source is not None else None
        if path is None:
            return
        functions = self.session.profile.functions
        try:
            kept = await in_thread(lambda: read(path).found(functions))
        except ProftuiError as error:
            self.say(safe(str(error)))
            return
        if kept.all:
            self._put(kept)

    def furnish(self, session: Session) -> None:
        """Mark the functions in a session that is to be shown."""
        found = self.bookmarks.ids(session.profile.functions)
        session.marked = frozenset(function for function in found if function is not None)

    def renewed(self, made: Renewal) -> None:
        """Functions may have moved."""
        super().renewed(made)
        self.bookmarks = self.bookmarks.found(made.session.profile.functions)

    def _put(self, bookmarks: Bookmarks, sentence: str = "") -> None:
        self.bookmarks = bookmarks
        self.furnish(self.session)
        self.state = replace(self.state, place=self.here())
        self._busy = True
        self.run_worker(later(self._show_marks, sentence), group="rows", exclusive=True)

    async def _show_marks(self, sentence: str) -> None:
        await self._update(self.state)
        if sentence:
            # behind the cursor's own message, which takes sentences away
            self.call_later(self.say, sentence)

    def _detail(self, view: View) -> None:
        text, remark = view.detail()
        function = view.function()
        mark = self.bookmarks.of(self._identity(function)) if self.bookmarks.all and function is not None else None
        if mark is not None:
            note = safe(mark.note)
            shown = f"{head(note, SHOWN - 1)}…" if width(note) > SHOWN else note
            remark = f"{remark}  {BOOKMARK} {shown}".strip()
        self.query_one(DetailLine).show(text, remark)

    def _identity(self, function: int) -> Identity:
        return self.session.profile.functions.identity(function)

    def action_bookmark(self) -> None:
        """Set a bookmark on the function under the cursor, with a note; or take it away."""
        from proftui.tui.screens.bookmarks import NoteScreen

        function = self.view.function() if self.view is not None else None
        if function is None:
            self.say("there is no function here to set a bookmark on")
            return
        identity = self._identity(function)
        if (there := self.bookmarks.of(identity)) is not None:
            self._drop(there)
            return
        before = self._dropped.note if self._dropped is not None and self._dropped.function == identity else ""

        def take(note: str | None) -> None:
            if note is not None:
                self._put(self.bookmarks.set(Bookmark(identity, note)))

        self.app.push_screen(NoteScreen(safe(identity[0]), before), take)

    def _drop(self, bookmark: Bookmark) -> None:
        self._dropped = bookmark
        self._put(self.bookmarks.without(bookmark.function), "bookmark taken away; B sets it again")

    def action_bookmarks(self) -> None:
        """List them."""
        from proftui.tui.screens.bookmarks import BookmarkScreen, Chosen

        if not self.bookmarks.all and self._dropped is None:
            self.say("there are no bookmarks; B sets one")
            return
        bookmarks = self.bookmarks.all
        ids = self.bookmarks.ids(self.session.profile.functions)

        def take(chosen: Chosen | None) -> None:
            if chosen is None:
                return
            if chosen.what == "keep":
                self._keep()
            elif chosen.what == "drop":
                self._drop(bookmarks[chosen.bookmark])
                self.action_bookmarks()
            else:
                self._go(ids[chosen.bookmark])

        there = tuple(function is not None for function in ids)
        self.app.push_screen(BookmarkScreen(bookmarks, there), take)

    def _go(self, function: int | None) -> None:
        if function is None:
            self.say("this profile does not have the function")
            return
        view = self.state.place.view
        self.post_message(Visit("functions" if view in APART else view, function))

    def _keep(self) -> None:
        path = file_of(self.source.paths) if self.source is not None else None
        if path is None:
            self.say("standard input has no place to keep them")
            return
        try:
            self.say(safe(write(path, self.bookmarks)))
        except ProftuiError as error:
            self.say(safe(str(error)))
