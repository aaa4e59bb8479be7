"""Going from place to place, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType

from proftui.tui.messages import Dived, Visit
from proftui.tui.screens.viewer.stage import Stage
from proftui.tui.state import History, Place, ViewName


class PlaceKeys(Stage):
    """Views, and the history of what was looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("less_than_sign,backspace,alt+left", "back", "Back in the history", show=False, id="viewer.back"),
        Binding("greater_than_sign,alt+right", "forward", "Forward in the history", show=False, id="viewer.forward"),
    ]

    def action_view(self, name: ViewName) -> None:
        """Show another view of the function in focus."""
        if name != self.state.place.view:
            self.visit(Place(name, self.state.place.focus))

    def on_dived(self, message: Dived) -> None:
        """Show who calls a function and whom it calls."""
        message.stop()
        self.visit(Place("neighbours", message.function))

    def on_visit(self, message: Visit) -> None:
        """Show what a view points to."""
        message.stop()
        focus = self.state.place.focus if message.focus is None else message.focus
        self.visit(Place(message.view, focus, message.row, message.zoom))

    def visit(self, place: Place) -> None:
        """Show another place; the present one becomes the nearest of the past."""
        self.history = self.history.left(self.here())
        self.change(replace(self.state, place=place))

    def action_back(self) -> None:
        """Go where one came from."""
        self._travel(self.history.back(self.here()), "this is where you began")

    def action_forward(self) -> None:
        """Go where one went back from."""
        self._travel(self.history.forward(self.here()), "there is nothing further on")

    def _travel(self, step: tuple[Place, History[Place]] | None, otherwise: str) -> None:
        if step is None:
            self.say(otherwise)
            return
        place, self.history = step
        self.change(replace(self.state, place=place, group=place.group or self.state.group))
