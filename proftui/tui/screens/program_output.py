"""What the program that was started here has printed so far."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from proftui import units
from proftui.live.printed import Printed
from proftui.report.program_output import OutputRows
from proftui.report.text import width
from proftui.tui.messages import Moved
from proftui.tui.screens.page import Page
from proftui.tui.widgets.grid import Grid
from proftui.tui.widgets.layout import GUTTER
from proftui.tui.widgets.line import Span

HELD = 3.0
"""Seconds that a sentence stays."""

EVERY = 0.5
"""Seconds between two looks at whether there is more."""

STEP = 8
"""Characters that the text moves sideways."""


class OutputGrid(Grid):
    """The lines; Left and Right show more of long ones."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", f"shift(-{STEP})", "The text to the right", show=False, id="output.left"),
        Binding("right,l", f"shift({STEP})", "More of long lines", show=False, id="output.right"),
        Binding("end,G", "end(1)", "To the end, and follow it", show=False, id="output.follow"),
    ]
    rows: OutputRows | None

    def action_shift(self, step: int) -> None:
        """Move the text sideways, not beyond the longest line on screen."""
        rows = self.rows
        if rows is None:
            return
        top = self.scroll_offset.y
        longest = max((width(rows.text(row)) for row in range(top, min(top + self.page, len(rows)))), default=0)
        most = max(rows.offset, longest - self.scrollable_content_region.width + GUTTER)
        rows.offset = max(0, min(rows.offset + step, most))
        self.refresh_rows()


class OutputScreen(Page):
    """Its lines, the end of which is followed while the cursor stands there.

    `read` gives what there is, and the same object as long as there is no more.
    """

    def __init__(self, read: Callable[[], Printed]) -> None:
        super().__init__()
        self._read = read
        self._printed: Printed | None = None
        self._held_until = 0.0

    def make_grid(self) -> OutputGrid:
        """For the lines."""
        return OutputGrid(empty="the program has printed nothing so far")

    def on_mount(self) -> None:
        """Begin at the end, and look for more."""
        super().on_mount()
        self._look()
        self.set_interval(EVERY, self._look)

    def row_text(self, row: int) -> str:
        """A line in full."""
        return str(self.grid.rows.text(row))

    def all_text(self) -> str:
        """All lines that are kept."""
        return "\n".join(self.grid.rows.all())

    @property
    def follows(self) -> bool:
        """Whether the cursor stands at the end."""
        grid = self.grid
        return grid.rows is None or grid.cursor >= len(grid.rows) - 1

    def _look(self) -> None:
        printed, before = self._read(), self._printed
        if printed is before:
            return
        self._printed = printed
        grid, follows = self.grid, self.follows
        gone = printed.first - before.first if before is not None else 0
        cursor = len(printed) - 1 if follows else max(0, grid.cursor - gone)
        grid.show(OutputRows(printed, grid.rows.offset if grid.rows is not None else 0), cursor=cursor, steady=True)
        self._entitle()

    def say(self, sentence: str) -> None:
        """Say a sentence for a while: what is printed moves the cursor too."""
        self._held_until = time.monotonic() + HELD
        super().say(sentence)

    def on_moved(self, message: Moved) -> None:
        """Show the line in full, and whether the end is followed."""
        if time.monotonic() < self._held_until:
            message.prevent_default()
            message.stop()
        self._entitle()

    def _entitle(self) -> None:
        printed = self._printed
        if printed is None:
            return
        lines, dropped = units.counted(len(printed), "line"), units.draw(printed.dropped, units.BYTES)
        self.entitle([
            Span("Output", "title"),
            Span(f"the newest {lines}" if printed.dropped else lines),
            *([Span(f"{dropped} before are not kept", "mark", shrinks=True)] if printed.dropped else []),
            Span("following" if self.follows else "G follows again", "dim", optional=True),
        ])  # fmt: skip
