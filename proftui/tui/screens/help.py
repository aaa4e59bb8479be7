"""All keys on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from proftui.report.rows import Cell, Column
from proftui.tui.keys import sections
from proftui.tui.screens.choose import Heading
from proftui.tui.widgets.bars import FooterLine
from proftui.tui.widgets.grid import Grid
from proftui.tui.widgets.layout import WIDEST, Drawn, Needs

KEYS = Column("keys", "Keys", 24, "left")
WHAT = Column("what", "What they do", 30, "left", flexible=True)

MARKS = (
    ("~12.3%", "estimated; bounds stand in the line below"),
    ("<=12.3%", "at most this; the exact cost is not known"),
    ("?", "unknown: the file says none, or too much"),
    ("↻", "the function is on the path above already"),
)


class HelpRows:
    """The keys under their titles, and the marks that numbers carry."""

    columns = (KEYS, WHAT)

    def __init__(self, keymap: Mapping[str, str]) -> None:
        self._rows: list[list[Cell]] = []
        for title, keys in sections(keymap):
            self._begin(title)
            self._rows += [[Cell(f"  {entry.keys}", "link"), Cell(entry.description)] for entry in keys]
        self._begin("Marks on numbers")
        self._rows += [[Cell(f"  {mark}", "mark"), Cell(meaning)] for mark, meaning in MARKS]

    def _begin(self, title: str) -> None:
        if self._rows:
            self._rows.append([Cell(""), Cell("")])
        self._rows.append([Cell(title, "cycle"), Cell("")])

    def __len__(self) -> int:
        return len(self._rows)

    def cells(self, row: int) -> list[Cell]:
        """Keys and what they do."""
        return self._rows[row]


class KeyGrid(Grid):
    """The list, no text of which is cut for the sake of others."""

    def needs(self, rows: Drawn) -> Needs:
        """As much as there is."""
        return Needs((KEYS.width, WIDEST), (0, 0), frozenset())


class HelpScreen(ModalScreen[None]):
    """A list to scroll through."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,enter", "dismiss(None)", "Close", id="help.close"),
    ]

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """The title, the keys, and how to leave."""
        with Vertical(classes="dialog -tall -wide"):
            yield Heading("Keys")
            yield KeyGrid(HelpRows(self._keymap))
            yield FooterLine()

    def on_mount(self) -> None:
        """Let keys scroll."""
        self.query_one(Grid).focus()

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """Enter closes."""
        message.stop()
        self.dismiss(None)
