"""The grid over a call tree, whose search finds contexts that are not open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType

from proftui.analysis.matches import Matches
from proftui.errors import Cancelled
from proftui.report.calltree import Path, TreeRows
from proftui.tui.jobs import later
from proftui.tui.widgets.tree_grid import TreeGrid


@dataclass(frozen=True)
class Found:
    """What a step of a search came to: rows with the match open, which match it is, and what was opened for it."""

    matches: Matches | None
    rows: TreeRows
    row: int
    index: int | None
    opened: frozenset[Path]


class ContextGrid(TreeGrid):
    """A call tree, or its inversion.

    A search goes from context to context and opens what leads there; what it opened for one is closed when it goes on.
    """

    BINDINGS: ClassVar[list[BindingType]] = []
    rows: TreeRows

    def on_mount(self) -> None:
        """Nothing is searched for."""
        super().on_mount()
        self._matches: Matches | None = None
        self._origin: Path = ()
        self._opened: frozenset[Path] = frozenset()
        self._visited: tuple[int, Path] | None = None

    def remark(self) -> str:
        """Which of how many matches the cursor stands on."""
        if not self.needle or self._matches is None:
            return ""
        if not len(self._matches):
            return "no match"
        at = ""
        if self._visited is not None and len(self.rows) and self._visited[1] == self.rows.key(self.cursor):
            at = f"{self._visited[0] + 1:,} of "
        return f"{at}{len(self._matches):,} {self._matches.what}"

    def begin_search(self) -> None:
        """Remember the row."""
        self._origin = self.rows.key(self.cursor) if self.rows is not None and len(self.rows) else ()
        self._opened = frozenset()

    def find(self, text: str) -> None:
        """Go to the first match from the remembered row on."""
        self._go(text, None, self._origin, 0)

    def search(self, needle: str, origin: int | None = None) -> None:
        """Look for `needle` in rows that are new, without moving."""
        del origin
        self._matches, self._visited = None, None
        self._go(needle, None, None, 0)

    def give_up_search(self) -> None:
        """Close what the search opened, and go back to the row where it began."""
        self._go("", None, self._origin, 0)

    def action_match(self, step: int) -> None:
        """Go to the next or previous match, round the ends."""
        if self.rows is not None and len(self.rows):
            self._go(self.needle, self._matches, self.rows.key(self.cursor), step)

    def look_again(self) -> None:
        """What matches does not depend on what is open."""

    def _go(self, needle: str, matches: Matches | None, start: Path | None, step: int) -> None:
        if self.rows is not None:
            self.run_worker(later(self._step, needle, matches, start, step), group="search", exclusive=True)

    async def _step(self, needle: str, matches: Matches | None, start: Path | None, step: int) -> None:
        rows, changes = self.rows, self.rows.changes
        copy, opened = rows.copy(), self._opened

        def work() -> Found:
            found = rows.search(needle) if matches is None else matches
            return stepped(copy, opened, found, start, step)

        try:
            made = await self._lane.run(work)
        except Cancelled:
            return
        if rows is not self.rows or (changes != rows.changes and start is not None):
            return
        self.needle, self._matches = needle, made.matches
        if start is None:
            self.refresh_rows()
            return
        self.rows, self._opened = made.rows, made.opened
        self._visited = None if made.index is None else (made.index, made.rows.key(made.row))
        self.reshape(made.row)


def stepped(rows: TreeRows, opened: frozenset[Path], matches: Matches | None, start: Path | None, step: int) -> Found:
    """The first match from `start` on, or the next (1) or previous (-1) one, opened in `rows`; what was `opened` for
    another one is closed. Without a match, the row at `start`. Without a start nothing changes.
    """
    if start is None:
        return Found(matches, rows, 0, None, opened)
    rows.close(opened)
    before = rows.expansion
    index = None
    if matches is not None and len(matches):
        index = matches.before(start)
        if step > 0 and index < len(matches) and matches.path(index) == start:
            index += 1
        index = (index + min(step, 0)) % len(matches)
    row = rows.reveal(start if index is None or matches is None else matches.path(index))
    return Found(matches, rows, row, index, rows.expansion - before)
