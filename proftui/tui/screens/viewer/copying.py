"""Taking what is on screen elsewhere, as text or as a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from proftui.errors import Unwritable
from proftui.report.rows import Cell, Column
from proftui.report.text import safe
from proftui.tui.copying import copy, program, stack_text, too_long
from proftui.tui.jobs import in_thread, later
from proftui.tui.picture import save
from proftui.tui.screens.viewer.stage import Stage
from proftui.tui.views import View

WHAT = Column("what", "What", 14, "left")
TEXT = Column("text", "Text", 20, "left", flexible=True)


class CopyKeys(Stage):
    """One key for the name, one for everything else."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy the row's name", show=False, id="viewer.copy"),
        Binding(
            "Y", "copy_menu", "Copy", show=False, id="viewer.copy-menu", tooltip="Copy row, stack, view or picture"
        ),
    ]

    def action_copy(self) -> None:
        """The name of the row under the cursor."""
        if (view := self.view) is not None and (name := view.named()):
            self.copy(name)

    def copy(self, text: str) -> None:
        """Ask the terminal at once, and whoever else can help from a thread; say what was done."""
        if not too_long(text):
            self.app.copy_to_clipboard(text)
        self.run_worker(later(self._copy, text), group="copy", exclusive=True)

    async def _copy(self, text: str) -> None:
        self.say(await in_thread(lambda: copy(text, program())))

    def action_copy_menu(self) -> None:
        """Ask what."""
        from proftui.tui.screens.choose import ChooseScreen

        if (view := self.view) is None:
            return
        texts = self._texts(view)
        rows = [[Cell(what), Cell(_short(text), "dim")] for what, text in texts.items()]
        rows += [[Cell("View"), Cell(f"all rows of {view.title} as text", "dim")]]
        rows += [[Cell("Picture"), Cell("the screen as an SVG file", "dim")]]

        def take(chosen: tuple[int, ...] | None) -> None:
            if chosen is None:
                return
            if chosen[0] < len(texts):
                self.copy(list(texts.values())[chosen[0]])
            elif chosen[0] == len(texts):
                self.run_worker(later(self._copy_view, view), group="copy", exclusive=True)
            else:
                self.take_picture()

        self.app.push_screen(ChooseScreen("Copy", (WHAT, TEXT), rows, []), take)

    def _texts(self, view: View) -> dict[str, str]:
        """What there is to copy of the row, by what it is called; what there is not is left out."""
        functions, function = self.session.profile.functions, view.function()
        texts: dict[str, Callable[[], str]] = {
            "Row": view.line,
            "Name": lambda: "" if function is None else safe(functions.name[function]),
            "File and line": lambda: "" if function is None else safe(functions.location(function)),
            "Stack": lambda: stack_text(functions, stack) if len(stack := view.stack()) > 1 else "",
        }
        made = {what: text() for what, text in texts.items()}
        return {what: text for what, text in made.items() if text}

    async def _copy_view(self, view: View) -> None:
        text = "\n".join(await in_thread(view.lines))
        self.copy(text)

    def take_picture(self) -> None:
        """The screen as it is once what asks for it is off it, into a file in the current folder."""
        self.call_after_refresh(self._save_picture)

    def _save_picture(self) -> None:
        view = self.view
        svg = self.app.export_screenshot(title="proftui")
        try:
            path = save(svg, f"proftui-{view.view}" if view is not None else "proftui")
        except Unwritable as error:
            self.say(safe(str(error)))
        else:
            self.say(f"wrote {safe(path)}")


def _short(text: str) -> str:
    """One line: of several the first and how many there are."""
    lines = text.splitlines()
    first = "  ".join(part for part in lines[0].split("\t") if part)
    return first if len(lines) == 1 else f"{first}  and {len(lines) - 1:,} more lines"
