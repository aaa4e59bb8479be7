"""The grid over a tree: rows that open and close."""

from __future__ import annotations

from typing import ClassVar, Protocol

from textual import events
from textual.binding import Binding, BindingType

from proftui.report.rows import Rows
from proftui.tui.widgets.grid import HEADER, Grid
from proftui.tui.widgets.layout import FAIR, WIDEST, Drawn, Needs, needs_of
from proftui.tui.widgets.paint import MARKERS, Marker, indentation


class Openable(Rows, Protocol):
    """What a tree grid needs of its rows beside drawing them; opening changes them in place."""

    def parent(self, row: int) -> int | None: ...

    def expandable(self, row: int) -> bool: ...

    def expanded(self, row: int) -> bool: ...

    def expand(self, row: int) -> int: ...

    def collapse(self, row: int) -> None: ...

    def expand_all(self, row: int) -> int: ...

    def expand_heaviest(self, row: int) -> int: ...


class TreeGrid(Grid):
    """A tree, one row for each node that is open."""

    rows: Openable
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open_or_close", "Open", id="tree.toggle", tooltip="Open or close the row"),
        Binding("right,l", "expand", "Open the row, or go to the first one below", show=False, id="tree.expand"),
        Binding("left,h", "collapse", "Close the row, or go to the one above", show=False, id="tree.collapse"),
        Binding("asterisk,plus", "expand_all", "All", id="tree.expand-all", tooltip="Open the row and all below it"),
        Binding("minus", "collapse_all", "Close the row and all below it", show=False, id="tree.collapse-all"),
        Binding("H", "heaviest", "Path", id="tree.heaviest", tooltip="Open along the heaviest path"),
    ]

    def marker(self, row: int) -> tuple[int, Marker]:
        """The row's depth, and whether it is open, closed or a leaf."""
        rows = self.rows
        if not rows.expandable(row):
            return rows.depth(row), "leaf"
        return rows.depth(row), "open" if rows.expanded(row) else "closed"

    def needs(self, rows: Drawn) -> Needs:
        """As much as there is for texts: what is not open yet may need it."""
        measured = needs_of(rows)
        cells, least = list(measured.cells), list(measured.least)
        for index, column in enumerate(rows.columns):
            if column.align == "left":
                cells[index] = WIDEST if column.flexible else FAIR
            elif index in measured.heated:
                least[index] = max(least[index], len("<=12.3%"))
        return Needs(tuple(cells), tuple(least), measured.heated)

    def reshape(self, cursor: int) -> None:
        """Draw anew; what was searched for is found among the rows that are open now."""
        if self.needle:
            self.look_again()
        super().reshape(cursor)

    def look_again(self) -> None:
        """Find what was searched for among other rows."""
        self.matches = self.rows.find(self.needle)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A tree without rows opens nothing."""
        if action in ("open_or_close", "expand", "collapse", "expand_all", "collapse_all", "heaviest"):
            return self.rows is not None and len(self.rows) > 0
        return super().check_action(action, parameters)

    def action_open_or_close(self) -> None:
        """Open the row, or close it."""
        if self.rows.expanded(self.cursor):
            self.rows.collapse(self.cursor)
        else:
            self.rows.expand(self.cursor)
        self.reshape(self.cursor)

    def action_expand(self) -> None:
        """Open the row; when it is open, go to the first row below."""
        if self.rows.expanded(self.cursor):
            self.move_to(self.cursor + 1)
        elif self.rows.expandable(self.cursor):
            self.action_open_or_close()

    def action_collapse(self) -> None:
        """Close the row; when it is closed, go to the row above it."""
        if self.rows.expanded(self.cursor):
            self.action_open_or_close()
        elif (above := self.rows.parent(self.cursor)) is not None:
            self.move_to(above)

    def action_expand_all(self) -> None:
        """Open the row and all below it."""
        self.rows.expand_all(self.cursor)
        self.reshape(self.cursor)

    def action_collapse_all(self) -> None:
        """Close the row and what is open below it."""
        depth, last = self.rows.depth(self.cursor), self.cursor
        while last + 1 < len(self.rows) and self.rows.depth(last + 1) > depth:
            last += 1
        for row in range(last, self.cursor - 1, -1):
            if self.rows.expanded(row):
                self.rows.collapse(row)
        self.reshape(self.cursor)

    def action_heaviest(self) -> None:
        """Open along the heaviest path and go to its end."""
        self.reshape(self.rows.expand_heaviest(self.cursor))

    def on_click(self, event: events.Click) -> None:
        """A click on the marker opens or closes the row."""
        row = self.scroll_offset.y + event.y - HEADER
        if event.y >= HEADER and row < len(self.rows) and event.chain == 1 and self._on_marker(row, event.x):
            event.prevent_default()
            self.move_to(row)
            self.action_open_or_close()

    def _on_marker(self, row: int, x: int) -> bool:
        slot = next((slot for slot in self.slots if slot.column.flexible), None)
        if slot is None or not self.rows.expandable(row):
            return False
        start = slot.x + indentation(self.rows.depth(row), slot.width)
        return start <= x < start + len(MARKERS["open"])
