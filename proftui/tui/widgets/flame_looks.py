"""What the boxes of a flame graph look like: their colours, and what stands out of them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rich.style import Style

from proftui.analysis.flame import Box
from proftui.report.flame import FlameText, mark_of
from proftui.report.flame_colours import Colouring
from proftui.tui.widgets.flame_inks import Inks
from proftui.tui.widgets.flame_paint import Look, Placed


@dataclass(frozen=True, slots=True)
class Looks:
    """Boxes in the colours of their modules or of what they cost themselves. The one under the `cursor` stands out,
    other frames of its function, and those that were `matched`.
    """

    text: FlameText
    inks: Inks
    colouring: Colouring
    cursor: Box | None
    matched: AbstractSet[Box]

    def of(self, place: Placed) -> Look:
        """How one box is drawn."""
        box, cells = place.box, place.end - place.start
        style, edge = self._styles(box)
        return Look(
            self.text.label(box, cells - 1 if cells > 1 else 1),
            style,
            edge,
            box is self.cursor and self.inks.kind != "rgb",
            hatched=box.node.inclusive.mark == "?" and box.node.kind != "rest",
        )

    def _styles(self, box: Box) -> tuple[Style, Style]:
        """Those of the text and of the edge."""
        inks = self.inks
        if box is self.cursor:
            return inks.cursor, inks.edge(inks.cursor) if inks.kind == "rgb" else inks.cursor
        style = inks.match
        if box not in self.matched:
            style = inks.text(self.text.colour(box, inks.colours, self.colouring), mark_of(box.node))
        edge = inks.edge(style)
        function = box.node.function
        if self.cursor is not None and function is not None and function == self.cursor.node.function:
            style = inks.twin(style)
        return style, edge
