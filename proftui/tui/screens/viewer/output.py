"""Taking figures out of the viewer."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from proftui.analysis.filters import filtered
from proftui.formats import Progress
from proftui.model import Profile
from proftui.report.text import safe
from proftui.tui.exporting import chosen
from proftui.tui.screens.viewer.stage import Stage


class OutputKeys(Stage):
    """Export, and what is known of the profile's making."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "export", "Export", id="viewer.export", tooltip="Write the profile in another format"),
        Binding("i", "about", "About the profile, and notes on it", show=False, id="viewer.about"),
    ]

    def action_export(self) -> None:
        """Ask for a format and a file name, and write."""
        from proftui.tui.screens.export import ExportScreen

        session, state = self.session, self.state

        def whole(progress: Progress, through_filters: bool) -> Profile:
            again = chosen(self.reread(progress), state.span, state.parts)
            return filtered(again, state.filters, session.my_code).noted if through_filters else again

        profile = session.profile
        of = safe(profile.name) if state.parts is None else f"{len(state.parts)} of {len(profile.parts)} parts"
        self.app.push_screen(ExportScreen(profile, whole, of, filters=len(state.filters)), self._told)

    def action_about(self) -> None:
        """Show where the profile comes from, its parts and the notes on it."""
        from proftui.tui.screens.about import AboutScreen

        self.app.push_screen(AboutScreen(self.session.profile))

    def _told(self, sentence: str | None) -> None:
        if sentence:
            self.say(sentence)
