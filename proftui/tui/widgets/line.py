"""One line of text in spans, which gives up what it has no room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events, messages
from textual.strip import Strip
from textual.widget import Widget

from proftui.report.text import fit, middle, width
from proftui.tui.keys import remapped, spelled
from proftui.tui.messages import Pressed

SHORTEST = 12
"""The cells below which a shrinking span is not cut while optional ones are left."""


@dataclass(frozen=True, slots=True)
class Span:
    """Text in a style, after a `lead` in the style of keys.

    `shrinks` is cut in the middle where it must be, `optional` ones go, the last first; a click presses `key`.
    """

    text: str
    style: str = "normal"
    lead: str = ""
    shrinks: bool = False
    optional: bool = False
    key: str = ""

    @property
    def cells(self) -> int:
        """The cells that it takes."""
        return width(self.text) + (width(self.lead) + 1 if self.lead else 0)


STYLES = ("normal", "dim", "title", "key", "chosen", "mark", "bar", "error")


class Line(Widget, can_focus=False):
    """A widget of one line: `spans()` from the left, `right_spans()` at the right edge."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"line--{style}" for style in STYLES}
    gap = "  "

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._targets: list[tuple[int, int, str]] = []

    def spans(self) -> Sequence[Span]:
        """What stands on the left."""
        return ()

    def right_spans(self) -> Sequence[Span]:
        """What stands on the right: optional spans go first, the rest as a whole when there is no room."""
        return ()

    def redraw(self) -> None:
        """Draw anew, together with what else changes now."""
        self.refresh()
        # refresh() alone tells the screen once this widget is idle, which is a frame later than the cursor's rows
        self.screen.post_message(messages.Update(self))

    def plain(self) -> str:
        """The line as it is drawn, without styles."""
        return self.render_line(0).text

    def render_line(self, y: int) -> Strip:
        """The spans, cut to the width."""
        cells = self.size.width
        if y > 0:
            return Strip.blank(cells, self.rich_style)
        segments: list[Segment] = []
        self._targets = []
        left, right = self.keyed(self.spans()), self.keyed(self.right_spans())
        left, right = fitted(left, right, cells - 2, width(self.gap))
        x = self._draw(segments, left, 1)
        if right:
            start = cells - 1 - _length(right, width(self.gap))
            segments.append(Segment(" " * (start - x), self._style("normal")))
            x = self._draw(segments, right, start)
        segments = [Segment(" ", self._style("normal")), *segments]
        if x < cells:
            segments.append(Segment(" " * (cells - x), self._style("normal")))
        return Strip(segments, max(x, cells)).crop(0, cells)

    def keyed(self, spans: Sequence[Span]) -> list[Span]:
        """The spans, told by the user's own keys instead of those that nobody changed."""
        from proftui.tui.app import ProftuiApp

        keymap = self.app.settings.keymap if isinstance(self.app, ProftuiApp) else {}
        if not keymap:
            return list(spans)
        node = self.screen.focused or self.screen
        return [
            replace(span, lead=spelled(remapped(node, span.key, keymap))) if span.lead and span.key else span
            for span in spans
        ]

    def on_click(self, event: events.Click) -> None:
        """Press the key of the span under the mouse."""
        key = next((key for start, end, key in self._targets if start <= event.x < end), "")
        if key:
            self.press(key)

    def press(self, key: str) -> None:
        """Have done what the key does."""
        self.post_message(Pressed(key))

    def _draw(self, segments: list[Segment], spans: Sequence[Span], x: int) -> int:
        for place, span in enumerate(spans):
            if place:
                segments.append(Segment(self.gap, self._style("normal")))
                x += width(self.gap)
            if span.lead:
                segments.append(Segment(f"{span.lead} ", self._style("key")))
            segments.append(Segment(span.text, self._style(span.style)))
            if span.key:
                self._targets.append((x, x + span.cells, span.key))
            x += span.cells
        return x

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"line--{name}")


def fitted(left: list[Span], right: list[Span], cells: int, gap: int) -> tuple[list[Span], list[Span]]:
    """As much of both as `cells` have room for, at least one gap between them.

    Optional spans go first, those farthest from their edge before the others and the left ones before the right ones,
    then what else stands on the right; then spans that shrink are cut.
    """

    def needed() -> int:
        return _length(left, gap) + (_length(right, gap) + gap if right else 0)

    while needed() > cells:
        over = needed() - cells
        shrinking = next((place for place, span in enumerate(left) if span.shrinks), None)
        if shrinking is not None and width(left[shrinking].text) - over >= SHORTEST:
            break
        optional = [place for place, span in enumerate(left) if span.optional]
        if optional:
            del left[optional[-1]]
        elif right:
            spare = next((place for place, span in enumerate(right) if span.optional), None)
            right = [] if spare is None else right[:spare] + right[spare + 1 :]
        else:
            break
    over = needed() - cells
    for place, span in enumerate(left):
        if over > 0 and span.shrinks:
            shorter = middle(span.text, max(1, width(span.text) - over))
            over -= width(span.text) - width(shorter)
            left[place] = replace(span, text=shorter)
    while left and _length(left, gap) > cells:
        if len(left) == 1:
            left = [replace(left[0], text=fit(left[0].text, cells))] if cells > 0 else []
            break
        left.pop()
    return left, right


def _length(spans: Sequence[Span], gap: int) -> int:
    return sum(span.cells for span in spans) + gap * max(0, len(spans) - 1)
