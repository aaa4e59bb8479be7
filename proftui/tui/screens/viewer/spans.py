"""Ranges of time: of a profile that was recorded in windows, which of them the figures are of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from proftui.model import Recording
from proftui.model import Span as Range
from proftui.report import timeline
from proftui.report.vitals import recorded
from proftui.tui.screens.viewer.stage import Stage
from proftui.tui.state import ViewState
from proftui.tui.views import View
from proftui.tui.widgets.line import Span
from proftui.tui.widgets.process_lines import ProcessLines
from proftui.tui.widgets.time_strip import TimeStrip


class SpanKeys(Stage):
    """The lines above the views that tell of time, and the keys that choose a range of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left_square_bracket", "span('earlier')", "Earlier", show=False, id="time.earlier",
            tooltip="The range of time before, or the last one",
        ),
        Binding(
            "right_square_bracket", "span('later')", "Later", show=False, id="time.later",
            tooltip="The range of time after, or all again",
        ),
        Binding("left_curly_bracket", "span('wider')", "Wider", show=False, id="time.wider", tooltip="A longer range"),
        Binding(
            "right_curly_bracket", "span('narrower')", "Narrower", show=False, id="time.narrower",
            tooltip="A shorter range",
        ),
    ]  # fmt: skip

    @property
    def recording(self) -> Recording | None:
        """What the profile was like over time, where that is known."""
        return self.session.profile.recording

    def heading(self) -> Iterable[Widget]:
        """The process and its time."""
        if self.recording is not None:
            yield ProcessLines()
            yield TimeStrip()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a recording there is no time to choose from."""
        return self.recording is not None if action == "span" else super().check_action(action, parameters)

    def action_span(self, way: str) -> None:
        """Choose another range of time."""
        if self.recording is not None:
            self.choose_span(WAYS[way](self.recording.windows, self.state.span))

    def choose_span(self, span: Range | None) -> None:
        """Make this range the one that all figures are of."""
        if span == self.state.span:
            return
        self.change(replace(self.state, span=span, place=self.here()))

    def on_time_strip_span_chosen(self, message: TimeStrip.SpanChosen) -> None:
        """Choose what the mouse did."""
        message.stop()
        self.choose_span(message.span)

    def action_cancel(self) -> None:
        """Leave a range of time after all else that can be left."""
        view = self.view
        idle = not self._busy and (view is None or not view.needle) and not self.state.place.zoom
        if idle and self.state.span is not None:
            self.choose_span(None)
        else:
            super().action_cancel()

    def _draw(self, view: View, made: Any, title: Sequence[Span], state: ViewState) -> None:
        super()._draw(view, made, title, state)
        self.draw_time()

    def draw_time(self) -> None:
        """Draw the lines that tell of time."""
        if (recording := self.recording) is not None:
            self.query_one(TimeStrip).show(recording.windows, self.state.span, recording.marks, live=False)
            self.query_one(ProcessLines).show(*recorded(recording, self.state.span))


WAYS: dict[str, Callable[..., Range | None]] = {
    "earlier": timeline.earlier,
    "later": timeline.later,
    "wider": timeline.wider,
    "narrower": timeline.narrower,
}
