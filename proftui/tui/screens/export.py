"""The dialog that writes the profile in another format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from proftui import units
from proftui.errors import Cancelled, ProftuiError
from proftui.formats import Progress
from proftui.model import Profile
from proftui.report.rows import Cell, Column
from proftui.report.text import safe
from proftui.tui.exporting import suggestion, targets, write
from proftui.tui.jobs import Reporter, in_thread, later
from proftui.tui.messages import Moved
from proftui.tui.screens.ask import AskScreen
from proftui.tui.screens.choose import ChoiceGrid, Heading, Listed
from proftui.tui.widgets.bars import DetailLine, FooterLine
from proftui.tui.widgets.grid import Grid

FORMAT = Column("format", "Format", 12, "left")
TITLE = Column("title", "", 20, "left", flexible=True)

Whole = Callable[[Progress, bool], Profile]
"""Gives what is to be written, with all that its files hold, or what the filters leave of it."""


class NameInput(Input):
    """The file's name."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Write", id="export.write"),
    ]


class ExportScreen(ModalScreen["str | None"]):
    """Format, name, and a question where the file exists. Gives a sentence on what was written, or None.

    Where there are filters, what is written is what they leave, as on screen, until one asks for all.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="export.close"),
        Binding("tab", "app.focus_next", "Format or name", id="export.next"),
        Binding("ctrl+f", "filters", "Filters or not", id="export.filters"),
    ]

    def __init__(self, profile: Profile, whole: Whole, of: str, filters: int = 0) -> None:
        super().__init__()
        self._profile = profile
        self._whole = whole
        self._of = of
        self._filters = filters
        self._through = filters > 0
        self._targets = targets(profile.origin.format)
        self._reporter: Reporter | None = None

    def compose(self) -> ComposeResult:
        """The formats, the file's name, and the keys."""
        rows = [[Cell(target.name), Cell(target.title, "dim")] for target in self._targets]
        with Vertical(classes="dialog"):
            yield Heading(self._heading())
            yield ChoiceGrid(Listed((FORMAT, TITLE), rows, {0}))
            with Horizontal(id="name"):
                yield Label("File ")
                box = NameInput(suggestion(self._profile, self._targets[0]), compact=True, select_on_focus=False)
                box.cursor_blink = False
                yield box
            yield DetailLine()
            yield FooterLine()

    def on_mount(self) -> None:
        """As high as the list."""
        grid = self.query_one(Grid)
        grid.styles.height = len(self._targets) + 1
        grid.focus()

    def _heading(self) -> str:
        if not self._filters:
            return f"Export {self._of}"
        return (
            f"Export {self._of}, {'through' if self._through else 'without'} {units.counted(self._filters, 'filter')}"
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without filters there is no choice about them."""
        return action != "filters" or self._filters > 0

    def action_filters(self) -> None:
        """Write what the filters leave, or all."""
        self._through = not self._through
        heading = self.query_one(Heading)
        heading.text = self._heading()
        heading.refresh()

    def on_moved(self, message: Moved) -> None:
        """The format under the cursor is the one to write; the name follows."""
        message.stop()
        grid = self.query_one(Grid)
        if grid.rows.chosen == {grid.cursor}:
            return
        box, before = self.query_one(Input), self._targets[next(iter(grid.rows.chosen))]
        grid.rows.chosen = {grid.cursor}
        grid.reshape(grid.cursor)
        if box.value.endswith(before.suffix):
            box.value = box.value[: -len(before.suffix)] + self._targets[grid.cursor].suffix
            box.cursor_position = len(box.value)

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """On to the name."""
        message.stop()
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write, after a question where something would be lost."""
        event.stop()
        path = event.value.strip()
        if not path:
            self.query_one(DetailLine).say("the file needs a name")
        elif Path(path).expanduser().exists():
            self.app.push_screen(AskScreen(f"{safe(path)} exists already. Replace it?"), self._replace)
        else:
            self._begin(path, force=False)

    def _replace(self, yes: bool | None) -> None:
        if yes:
            self._begin(self.query_one(Input).value.strip(), force=True)

    def _begin(self, path: str, *, force: bool) -> None:
        self.run_worker(later(self._write, path, force), group="write", exclusive=True)

    async def _write(self, path: str, force: bool) -> None:
        target = self._targets[self.query_one(Grid).cursor]
        line = self.query_one(DetailLine)
        line.say(f"writing {safe(path)} ... Esc cancels")
        self._reporter = reporter = Reporter()
        through = self._through
        try:
            sentence = await in_thread(lambda: write(self._whole(reporter, through), target, path, force=force))
        except Cancelled:
            line.say("nothing was written")
        except ProftuiError as error:
            line.say(safe(str(error)))
        else:
            self.dismiss(safe(sentence))
        finally:
            self._reporter = None

    def action_close(self) -> None:
        """Give up reading for the export while that is under way, else close."""
        if self._reporter is not None:
            self._reporter.cancel()
        else:
            self.dismiss(None)
