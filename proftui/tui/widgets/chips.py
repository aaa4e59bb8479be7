"""The filters that are on, one chip each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message

from proftui.analysis.filters import Filter
from proftui.report.text import middle, safe, width
from proftui.tui.widgets.line import Line, Span

LONGEST = 40
"""Cells of a filter's text that a chip shows."""


class ChipLine(Line):
    """A line that is there while there are filters; a click on a chip removes its filter."""

    gap = " "

    @dataclass
    class Removed(Message):
        """The filter at this place is to go."""

        place: int

    def __init__(self) -> None:
        super().__init__(id="chips")
        self.display = False
        self.filters: tuple[Filter, ...] = ()

    def show(self, filters: tuple[Filter, ...]) -> None:
        """Draw these."""
        self.filters = filters
        self.display = bool(filters)
        self.refresh()

    def _texts(self) -> list[str]:
        return [f"[{middle(safe(str(one)), LONGEST)} ×]" for one in self.filters]

    def spans(self) -> Sequence[Span]:
        """The filters in the order in which they apply."""
        return [Span(text, "chosen") for text in self._texts()]

    def right_spans(self) -> Sequence[Span]:
        """How to be rid of them."""
        return [Span("undo", "dim", lead="u", key="u", optional=True)]

    def on_click(self, event: events.Click) -> None:
        """Say which chip was clicked."""
        x = 1
        for place, text in enumerate(self._texts()):
            if x <= event.x < x + width(text):
                event.stop()
                self.post_message(self.Removed(place))
                return
            x += width(text) + width(self.gap)
