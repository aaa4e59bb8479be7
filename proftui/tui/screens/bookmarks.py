"""The dialogs of bookmarks: one for a note, and the list."""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from proftui.model import NO_FILE, NO_LINE
from proftui.report.rows import Cell, Column
from proftui.report.text import safe
from proftui.tui.bookmarks import LONGEST, Bookmark
from proftui.tui.screens.choose import Heading, Listed
from proftui.tui.widgets.bars import FooterLine
from proftui.tui.widgets.grid import Grid

NAME = Column("name", "Function", 24, "left", flexible=True)
PLACE = Column("place", "File:line", 26, "left", priority=2, cut="start")
NOTE = Column("note", "Note", 24, "left", priority=1)


class NoteInput(Input):
    """The note."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Set", id="bookmark.set"),
    ]


class NoteScreen(ModalScreen["str | None"]):
    """Gives the note on a function, which may be "", or None when it was closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", id="bookmark.close"),
    ]

    def __init__(self, name: str, note: str) -> None:
        super().__init__()
        self._name = name
        self._note = note

    def compose(self) -> ComposeResult:
        """The function, the note, and the keys."""
        with Vertical(classes="dialog"):
            yield Heading(f"Bookmark {self._name}")
            with Horizontal(id="name"):
                yield Label("Note ")
                box = NoteInput(self._note, compact=True, select_on_focus=False, max_length=LONGEST)
                box.cursor_blink = False
                yield box
            yield FooterLine()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """That is it."""
        event.stop()
        self.dismiss(event.value.strip())


class Chosen(NamedTuple):
    """What is to become of a bookmark, or of all of them."""

    what: Literal["go", "drop", "keep"]
    bookmark: int


class BookmarkGrid(Grid):
    """The list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Go", id="bookmarks.go", tooltip="Go to the function"),
    ]


class BookmarkScreen(ModalScreen["Chosen | None"]):
    """Gives what was chosen, or None when it was closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "end('drop')", "Remove", id="bookmarks.drop", tooltip="Take the bookmark away"),
        Binding("w", "end('keep')", "Keep", id="bookmarks.keep", tooltip="Write them to a file beside the profile"),
        Binding("escape", "dismiss(None)", "Close", id="bookmarks.close"),
    ]

    def __init__(self, bookmarks: tuple[Bookmark, ...], there: tuple[bool, ...]) -> None:
        """`there` tells which of them are functions of this profile."""
        super().__init__()
        self._rows = [_row(bookmark, here) for bookmark, here in zip(bookmarks, there, strict=True)]

    def compose(self) -> ComposeResult:
        """The title, the list, and the keys."""
        with Vertical(classes="dialog -wide"):
            yield Heading("Bookmarks")
            yield BookmarkGrid(empty="none is left; w writes that down too")
            yield FooterLine()

    def on_mount(self) -> None:
        """As high as the list."""
        grid = self.query_one(Grid)
        grid.styles.height = max(2, len(self._rows) + 1)
        grid.show(Listed((NAME, PLACE, NOTE), self._rows, set()))
        grid.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without bookmarks there is none to take away."""
        return bool(self._rows) or parameters != ("drop",)

    def action_end(self, what: Literal["drop", "keep"]) -> None:
        """Let the viewer do it."""
        self.dismiss(Chosen(what, self.query_one(Grid).cursor))

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """Go there."""
        message.stop()
        self.dismiss(Chosen("go", message.grid.cursor))


def _row(bookmark: Bookmark, here: bool) -> list[Cell]:
    name, file, line, _ = bookmark.function
    place = "" if file in ("", NO_FILE) else f"{file}:{line}" if line != NO_LINE else file
    return [
        Cell(safe(name), "normal" if here else "dim"),
        Cell(safe(place) if here else "not in this profile", "dim"),
        Cell(safe(bookmark.note)),
    ]
