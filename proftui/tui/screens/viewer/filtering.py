"""The stack of filters: adding, taking away, undoing."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType

from proftui.analysis.filters import ONLY_MY_CODE, Filter
from proftui.tui.screens.viewer.stage import Stage
from proftui.tui.state import History
from proftui.tui.widgets.chips import ChipLine

Filters = tuple[Filter, ...]


class FilterKeys(Stage):
    """Filters change what every view shows; each change can be undone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "filter", "Filter", id="viewer.filter", tooltip="Filters: focus, ignore, hide, show, show-from"),
        Binding("c", "my_code", "Mine", id="viewer.my-code", tooltip="Only my code: libraries' cost goes to callers"),
        Binding("u", "undo", "Undo the last change of filters", show=False, id="viewer.undo"),
        Binding("U", "redo", "Redo what was undone", show=False, id="viewer.redo"),
    ]

    filter_steps: History[Filters] = History()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to undo or redo, or there is not."""
        if action == "undo":
            return bool(self.filter_steps.past)
        if action == "redo":
            return bool(self.filter_steps.future)
        return super().check_action(action, parameters)

    def set_filters(self, filters: Filters) -> None:
        """Show the profile through these filters; a step that can be undone."""
        if filters != self.state.filters:
            self.filter_steps = self.filter_steps.left(self.state.filters)
            self._show_through(filters)

    def _show_through(self, filters: Filters) -> None:
        self.change(replace(self.state, filters=filters, place=self.here()))

    def action_filter(self) -> None:
        """Ask for a filter, or for one to take away."""
        from proftui.tui.screens.filters import FilterScreen

        screen = FilterScreen(self.session.profile.functions, self.state.place.focus, self.state.filters)
        self.app.push_screen(screen, lambda filters: None if filters is None else self.set_filters(filters))

    def action_my_code(self) -> None:
        """Libraries hidden, or shown again."""
        filters = self.state.filters
        if ONLY_MY_CODE in filters:
            self.set_filters(tuple(kept for kept in filters if kept != ONLY_MY_CODE))
        else:
            self.set_filters((*filters, ONLY_MY_CODE))

    def on_chip_line_removed(self, message: ChipLine.Removed) -> None:
        """Take a filter away."""
        message.stop()
        self.set_filters(tuple(kept for place, kept in enumerate(self.state.filters) if place != message.place))

    def action_undo(self) -> None:
        """The filters as they were before the last change."""
        if (step := self.filter_steps.back(self.state.filters)) is not None:
            filters, self.filter_steps = step
            self._show_through(filters)

    def action_redo(self) -> None:
        """The filters as they were before the last undo."""
        if (step := self.filter_steps.forward(self.state.filters)) is not None:
            filters, self.filter_steps = step
            self._show_through(filters)
