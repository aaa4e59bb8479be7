"""Finding names."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from proftui.tui.screens.viewer.stage import Stage
from proftui.tui.widgets.bars import FooterLine

if TYPE_CHECKING:
    from proftui.tui.widgets.search import SearchLine


class FindingKeys(Stage):
    """The line to search in, in place of the footer while one types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # with priority, as then the app handles no further key before the line has the keyboard: none is lost
        Binding(
            "slash", "search", "Find", id="viewer.search", tooltip="Search names and files, as you type", priority=True
        ),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the line itself, a slash is a letter."""
        return not self.query("SearchLine") if action == "search" else super().check_action(action, parameters)

    async def action_search(self) -> None:
        """Open the line to type in."""
        if (view := self.view) is None:
            return
        from proftui.tui.widgets.search import SearchLine

        view.begin_search()  # makes what is searched while the first letter is typed
        self.query_one(FooterLine).display = False
        await self.mount(line := SearchLine())
        self.set_focus(line.box)

    def on_search_line_typed(self, message: SearchLine.Typed) -> None:
        """Find what was typed so far."""
        message.stop()
        if (view := self.view) is not None:
            view.search(message.text)

    async def on_search_line_closed(self, message: SearchLine.Closed) -> None:
        """Keep what was found, or go back to where the search began."""
        message.stop()
        if (view := self.view) is not None:
            self.set_focus(view.face)  # before the line goes: else the screen gives the keyboard to whom it likes
            view.end_search(kept=message.kept)
        await self.query("SearchLine").remove()
        self.query_one(FooterLine).display = True
