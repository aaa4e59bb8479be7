"""The line in which a search is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label


class SearchLine(Horizontal):
    """Says what is typed as it is typed, and whether it was taken or given up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close(False)", "Give up", id="search.close"),
        Binding("enter", "close(True)", "Keep", id="search.keep", priority=True),
    ]

    @dataclass
    class Typed(Message):
        """What stands in the line now."""

        text: str

    @dataclass
    class Closed(Message):
        """The line is to go; what was found is `kept` or forgotten."""

        kept: bool

    def compose(self) -> ComposeResult:
        """A slash and the text."""
        yield Label("/")
        box = Input(placeholder="part of a name or file", compact=True, select_on_focus=False)
        box.cursor_blink = False
        yield box

    @property
    def box(self) -> Input:
        """What is typed into."""
        return self.query_one(Input)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass it on."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def action_close(self, kept: bool) -> None:
        """Say that it is over."""
        self.post_message(self.Closed(kept))
