"""What each thread of a process does at this moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from proftui import units
from proftui.errors import ProftuiError
from proftui.live.stacks_now import ThreadStack, lines_of
from proftui.report.text import safe, width
from proftui.tui.jobs import in_thread
from proftui.tui.screens.page import Page
from proftui.tui.stack_rows import VARIABLE, StackRows
from proftui.tui.widgets.layout import Drawn, Needs
from proftui.tui.widgets.line import Span
from proftui.tui.widgets.tree_grid import TreeGrid


class StackGrid(TreeGrid):
    """The threads; no path below them is heavier than another."""

    def needs(self, rows: Drawn) -> Needs:
        """Values are worth as much room as names."""
        return _needs(rows)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without costs there is no heaviest path."""
        return action != "heaviest" and super().check_action(action, parameters)


class StacksScreen(Page):
    """Each thread's frames, the innermost one first, and their variables: what `take` gives, or raises ProftuiError."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "variables", "Locals", id="stacks.variables", tooltip="Show variables, or frames only"),
        Binding("R", "take", "Again", id="stacks.take", tooltip="Take the stacks as they are now"),
    ]

    def __init__(self, take: Callable[[], tuple[ThreadStack, ...]]) -> None:
        super().__init__()
        self._take_stacks = take
        self._stacks: tuple[ThreadStack, ...] = ()
        self._taking = False

    def make_grid(self) -> StackGrid:
        """For the threads."""
        return StackGrid()

    def on_mount(self) -> None:
        """Take them."""
        super().on_mount()
        self.entitle([Span("Stacks", "title"), Span("looking at each thread ...", "dim")])
        self.action_take()

    def row_text(self, row: int) -> str:
        """A thread, frame or variable."""
        return str(self.grid.rows.detail(row))

    def all_text(self) -> str:
        """As `py-spy dump` writes them."""
        return "\n".join(map(safe, lines_of(self._stacks)))

    def action_take(self) -> None:
        """Take the stacks, unless that is under way."""
        if not self._taking:
            self._taking = True
            self.run_worker(self._take(), group="take")

    async def _take(self) -> None:
        try:
            stacks, rows, needs = await in_thread(self._taken)
        except ProftuiError as error:
            if self.is_attached:
                self._refused(safe(str(error)))
        else:
            if self.is_attached:  # it may have been closed meanwhile
                self._show(stacks, rows, needs)
        finally:
            self._taking = False

    def _taken(self) -> tuple[tuple[ThreadStack, ...], StackRows, Needs]:
        stacks = self._take_stacks()
        rows = StackRows(stacks)
        return stacks, rows, _needs(rows)

    def _refused(self, sentence: str) -> None:
        self.remark(sentence)
        if not self._stacks:
            self.entitle([Span("Stacks", "title"), Span("none", "dim")])

    def _show(self, stacks: tuple[ThreadStack, ...], rows: StackRows, needs: Needs) -> None:
        self._stacks = stacks
        self.remark("")
        self.entitle(_title(stacks))
        grid, before = self.grid, self.grid.rows
        cursor = 0
        if before is not None and len(before):
            rows = rows.arranged(variables=before.variables, turned=before.turned)
            cursor = rows.row_of(before.key(grid.cursor))
        grid.show(rows, cursor=cursor, needs=needs, steady=True)
        self.refresh_bindings()

    def action_variables(self) -> None:
        """Open all frames, or close them."""
        grid, before = self.grid, self.grid.rows
        if before is not None and len(before):
            rows = before.arranged(variables=not before.variables)
            grid.show(rows, cursor=rows.row_of(before.key(grid.cursor)), steady=True)


def _needs(rows: Drawn) -> Needs:
    """The room for all that there is, with what leads down to it."""
    widths = [[width(cell.text) for cell in rows.cells(row)] for row in range(len(rows))]
    names, values = (max(column) for column in zip(*widths, strict=True)) if widths else (0, 0)
    return Needs((names + 2 * (VARIABLE + 1), values), (0, 0), frozenset())


def _title(stacks: tuple[ThreadStack, ...]) -> list[Span]:
    active = sum(thread.active for thread in stacks)
    holders = [thread.title for thread in stacks if thread.active and thread.gil]
    processes = len({thread.pid for thread in stacks})
    return [
        Span(f"Stacks at {time.strftime('%H:%M:%S')}", "title"),
        *([Span(f"{processes:,} processes")] if processes > 1 else []),
        Span(units.counted(len(stacks), "thread")),
        Span(f"{active:,} active, {len(stacks) - active:,} idle"),
        *([Span(f"{safe(holders[0])} holds the GIL", "mark", shrinks=True)] if len(holders) == 1 else []),
    ]
