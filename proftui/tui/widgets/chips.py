"""What stands between the profile and the figures: filters and settings that one would not expect, one chip each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message

from proftui.analysis.filters import Filter
from proftui.report.text import middle, safe, width
from proftui.tui.state import ViewState
from proftui.tui.widgets.line import Line, Span

LONGEST = 40
"""Cells of a filter's text that a chip shows."""


class ChipLine(Line):
    """A line that is there while there are chips; a click on one removes its filter or changes its setting."""

    gap = " "

    @dataclass
    class Removed(Message):
        """The filter at this place is to go."""

        place: int

    def __init__(self) -> None:
        super().__init__(id="chips")
        self.display = False
        self.filters: tuple[Filter, ...] = ()
        self.settings: tuple[Span, ...] = ()

    def show(self, state: ViewState) -> None:
        """Draw the state's."""
        self.filters = state.filters
        self.settings = tuple(settings(state))
        self.display = bool(self.filters or self.settings)
        self.refresh()

    def _texts(self) -> list[str]:
        return [f"[{middle(safe(str(one)), LONGEST)} ×]" for one in self.filters]

    def spans(self) -> Sequence[Span]:
        """The filters in the order in which they apply, then settings."""
        return [*(Span(text, "chosen") for text in self._texts()), *self.settings]

    def right_spans(self) -> Sequence[Span]:
        """How to be rid of a filter."""
        return [Span("undo", "dim", lead="u", key="u", optional=True)] if self.filters else []

    def on_click(self, event: events.Click) -> None:
        """Say which filter's chip was clicked; another one presses its key."""
        x = 1
        for place, text in enumerate(self._texts()):
            if x <= event.x < x + width(text):
                event.stop()
                event.prevent_default()
                self.post_message(self.Removed(place))
                return
            x += width(text) + width(self.gap)


def settings(state: ViewState) -> list[Span]:
    """Settings that are not as one would expect, each with the key that changes it."""
    spans = []
    if not state.cycles:
        spans.append(Span("[cycles off]", "mark", key="C"))
    if state.joined:
        spans.append(Span("[recursion joined]", "mark", key="J"))
    if state.group != "function":
        spans.append(Span(f"[by {state.group}]", "mark", key="b"))
    return spans
