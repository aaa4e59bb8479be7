"""The dialog of filters: one to type, some to choose for the function in focus, and those that are on."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from proftui.analysis.filters import ONLY_MY_CODE, Filter, FilterError, named, parse
from proftui.analysis.filters.expressions import Word
from proftui.model import Functions
from proftui.report.rows import Cell, Column
from proftui.report.text import safe
from proftui.tui.screens.choose import ChoiceGrid, Heading, Listed
from proftui.tui.widgets.bars import FooterLine
from proftui.tui.widgets.grid import Grid

FILTER = Column("filter", "Filter", 24, "left", flexible=True)
MEANING = Column("meaning", "What it keeps", 34, "left", priority=1)

WORDS: tuple[tuple[Word, str], ...] = (
    ("focus", "only stacks through it"),
    ("ignore", "only stacks without it"),
    ("hide", "its cost goes to its callers"),
    ("show-from", "stacks begin with it"),
)
"""What one may want to do about a function."""

HINT = "words: focus, ignore, hide, show, show-from; fields: name= file= module=; figures: self>1% calls>1000"


class FilterInput(Input):
    """A filter to type."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Add", id="filters.add"),
        Binding("down", "app.focus_next", "To the list", show=False, id="filters.list"),
    ]


class FilterScreen(ModalScreen["tuple[Filter, ...] | None"]):
    """Gives the filters as they are to be, or None when nothing changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Close", id="filters.close"),
        Binding("tab", "app.focus_next", "List or line", id="filters.next"),
    ]

    def __init__(self, functions: Functions, focus: int | None, filters: tuple[Filter, ...]) -> None:
        super().__init__()
        self._filters = filters
        self._offered = [one for one in offered(functions, focus) if one[0] not in filters]

    def compose(self) -> ComposeResult:
        """The line to type in, the lists, what the words mean, and the keys."""
        with Vertical(classes="dialog -wide"):
            yield Heading("Filters")
            with Horizontal(id="name"):
                yield Label("Add ")
                placeholder = "focus:json  ignore:test_  hide:module=rich  show-from:main  show:self>1%"
                box = FilterInput(placeholder=placeholder, compact=True)
                box.cursor_blink = False
                yield box
            yield ChoiceGrid(Listed((FILTER, MEANING), self._rows(), set(range(len(self._filters)))))
            yield Static(HINT, id="said", markup=False)
            yield FooterLine()

    def on_mount(self) -> None:
        """As high as the list; one begins to type."""
        self.query_one(Grid).styles.height = len(self._filters) + len(self._offered) + 1
        self.query_one(Input).focus()

    def _rows(self) -> list[list[Cell]]:
        on = [[Cell(safe(str(one))), Cell("on; Enter removes it", "mark")] for one in self._filters]
        return on + [[Cell(safe(label)), Cell(meaning, "dim")] for _, label, meaning in self._offered]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Add what was typed, or say what is wrong with it."""
        event.stop()
        if not event.value.strip():
            self.dismiss(None)
            return
        try:
            added = parse(event.value.strip())
        except FilterError as error:
            self.query_one("#said", Static).update(safe(str(error)))
        else:
            self.dismiss((*self._filters, added))

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """Remove a filter that is on, add one that is not."""
        message.stop()
        row, on = message.grid.cursor, len(self._filters)
        if row < on:
            self.dismiss(self._filters[:row] + self._filters[row + 1 :])
        else:
            self.dismiss((*self._filters, self._offered[row - on][0]))


def offered(functions: Functions, focus: int | None) -> list[tuple[Filter, str, str]]:
    """Filters that one may want, what to call them and what they do: libraries, the function in focus, its module."""
    made: list[tuple[Filter, str, str]] = [(ONLY_MY_CODE, str(ONLY_MY_CODE), "libraries' cost goes to your code")]
    if focus is None:
        return made
    name = functions.name[focus]
    made += [(named(word, name), f"{word} {name}", meaning) for word, meaning in WORDS]
    if module := functions.module_at(focus):
        made.append((parse(f"focus:module={module}"), f"focus module {module}", "only stacks through its module"))
        made.append((parse(f"hide:module={module}"), f"hide module {module}", "its module's cost goes to callers"))
    return made
