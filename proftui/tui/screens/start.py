"""What one sees without a file: the profiles in this folder, the files opened last, what runs, and a demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from proftui import units
from proftui.report.rows import Cell, Column
from proftui.report.text import safe
from proftui.tui.folder import Found, profiles_in
from proftui.tui.jobs import in_thread, later
from proftui.tui.messages import AttachAsked, DemoAsked, FilesChosen, Moved
from proftui.tui.recent import Opened, recent
from proftui.tui.screens.choose import Heading
from proftui.tui.widgets.bars import DetailLine, FooterLine
from proftui.tui.widgets.grid import Grid

WHERE = Column("where", "", 14, "left")
FILE = Column("file", "Profile", 24, "left", flexible=True)
FORMAT = Column("format", "Format", 10, "left", priority=1)
SIZE = Column("size", "Size", 9, priority=2)
CHANGED = Column("changed", "Changed", 16, priority=3)

HINT = "python -m cProfile -o out.prof program.py makes a profile, proftui run program.py watches a program"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: what Enter opens, or else asks for."""

    where: str
    name: str
    paths: tuple[str, ...] = ()
    format: str = ""
    size: str = ""
    changed: str = ""
    asks: type[Message] = DemoAsked


class Entries:
    """The list as rows."""

    columns = (WHERE, FILE, FORMAT, SIZE, CHANGED)

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries

    def __len__(self) -> int:
        return len(self.entries)

    def cells(self, row: int) -> list[Cell]:
        """Where it is found is said once for each kind."""
        entry = self.entries[row]
        first = row == 0 or self.entries[row - 1].where != entry.where
        return [
            Cell(entry.where if first else "", "dim"), Cell(entry.name), Cell(entry.format, "dim"),
            Cell(entry.size, "dim"), Cell(entry.changed, "dim"),
        ]  # fmt: skip


class EntryGrid(Grid):
    """The list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Open", id="start.open"),
    ]


class StartScreen(Screen[None]):
    """A list to choose from, and a `sentence` on what went wrong before."""

    def __init__(self, folder: Path, record: Path, *, demo: bool, sentence: str = "") -> None:
        super().__init__()
        self._folder = folder
        self._record = record
        self._demo = demo
        self._sentence = sentence

    def compose(self) -> ComposeResult:
        """A title, the list, what there is to say, and the keys."""
        yield Heading("proftui")
        yield EntryGrid()
        if self._sentence:
            yield Static(self._sentence, id="said", markup=False)
        yield DetailLine()
        yield FooterLine()

    def on_mount(self) -> None:
        """Look around."""
        self.query_one(Grid).focus()
        self.run_worker(later(self._look), group="look", exclusive=True)

    async def _look(self) -> None:
        found, opened = await in_thread(lambda: (profiles_in(self._folder), recent(self._record)))
        here = [_found(profile) for profile in found]
        again = [_opened(entry) for entry in opened if all(Path(path).exists() for path in entry.paths)]
        running = [Entry("Running", "attach to a Python process", asks=AttachAsked)]
        demo = [Entry("Try it", "a small program, profiled now")] if self._demo else []
        self.query_one(Grid).show(Entries([*here, *again, *demo, *running]))

    def on_moved(self, message: Moved) -> None:
        """Show the whole path; where there is none, what makes profiles."""
        message.stop()
        grid = self.query_one(Grid)
        if grid.rows is not None and len(grid.rows):
            paths = grid.rows.entries[grid.cursor].paths
            self.query_one(DetailLine).show("  ".join(safe(path) for path in paths) or HINT)

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """Open it."""
        message.stop()
        entry: Entry = message.grid.rows.entries[message.grid.cursor]
        self.post_message(FilesChosen(entry.paths) if entry.paths else entry.asks())


def _found(profile: Found) -> Entry:
    changed = datetime.fromtimestamp(profile.changed).strftime("%Y-%m-%d %H:%M")
    name, size = safe(Path(profile.path).name), units.draw(profile.size, units.BYTES)
    return Entry("In this folder", name, (profile.path,), profile.format, size, changed)


def _opened(entry: Opened) -> Entry:
    more = f" and {len(entry.paths) - 1} more" if len(entry.paths) > 1 else ""
    return Entry("Opened before", safe(entry.paths[0]) + more, entry.paths, entry.format)
