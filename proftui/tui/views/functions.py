"""The functions view: every function in one sortable table, or grouped by what they belong to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from proftui.analysis.grouping import GROUPS, Group
from proftui.analysis.groupkeys import grouping, names_classes
from proftui.analysis.groups import group_costs
from proftui.report.functions import FunctionRows
from proftui.report.group_table import GroupTable
from proftui.report.groups import GroupRows, Key
from proftui.report.top import TopRows
from proftui.tui.messages import Changed, Dived
from proftui.tui.session import Session
from proftui.tui.state import ViewState
from proftui.tui.views.base import GridView
from proftui.tui.widgets.grid import Grid
from proftui.tui.widgets.tree_grid import TreeGrid


class FunctionGrid(Grid):
    """Every function."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Dive", id="functions.dive", tooltip="To the function's callers and callees"),
    ]


class GroupGrid(TreeGrid):
    """Groups that open to their functions."""

    rows: GroupRows
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Open, dive", id="groups.choose", tooltip="Open the group, or to the function"),
    ]


@dataclass(frozen=True)
class Table:
    """Functions or groups, the row for the cursor of groups, and what the functions can be grouped by."""

    rows: FunctionRows | TopRows | GroupRows
    cursor: int
    groups: tuple[Group, ...]


class FunctionsView(GridView):
    """All functions and cycles; Enter shows a function's callers and callees."""

    view = "functions"
    number = 2
    title = "Functions"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "b",
            "group",
            "Group",
            show=False,
            id="functions.group",
            tooltip="Group by class, file, module, package, ...",
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._state = ViewState()
        self._groups: tuple[Group, ...] = GROUPS

    def compose(self) -> ComposeResult:
        """One grid for functions, one for groups."""
        yield FunctionGrid(empty="no functions")
        groups = GroupGrid(empty="no functions")
        groups.display = False
        yield groups

    @property
    def grid(self) -> Grid:
        """The one that is shown."""
        groups = self.query_one(GroupGrid)
        return groups if groups.display else self.query_one(FunctionGrid)

    def prepare(self, session: Session, state: ViewState) -> Callable[[], Table]:
        """The sorted rows, with the same groups open as now."""
        if state.group == "function":
            return lambda: Table(session.listed(state), 0, _useful(session))
        groups = self.query_one(GroupGrid)
        opened: frozenset[Key] = groups.rows.expansion if groups.rows is not None else frozenset()
        on_group = self.display and groups.display and self.function() is None
        wanted = state.place.row if isinstance(state.place.row, tuple) else self.row() if on_group else None
        # on the first row of all functions the cursor stands by itself: that is no reason to open its group
        opening = not on_group and not (self.display and not groups.display and self.grid.cursor == 0)

        def work() -> Table:
            rows = _grouped(session, state, opened)
            cursor = None if wanted is None else rows.row_of_key(wanted)
            if cursor is None and state.place.focus is not None:
                cursor = (rows.row_of if opening else rows.group_of)(state.place.focus)
            return Table(rows, cursor or 0, _useful(session))

        return work

    def show(self, made: Table, state: ViewState) -> None:
        """Draw the rows."""
        functions, groups = self.query_one(FunctionGrid), self.query_one(GroupGrid)
        had_keyboard = self.screen.focused in (functions, groups)
        self._state, self._groups = state, made.groups
        groups.display = isinstance(made.rows, GroupRows)
        if isinstance(made.rows, GroupRows):
            new = groups.rows is None or not groups.display
            groups.show(made.rows, cursor=made.cursor, sort=state.sort(), top=new)
        else:
            self._show_functions(functions, made.rows, state)
        functions.display = not groups.display
        if had_keyboard:
            self.grid.focus()

    def _show_functions(self, grid: FunctionGrid, made: FunctionRows | TopRows, state: ViewState) -> None:
        """The cursor on the function in focus, unless it stood on the first row as it does at first."""
        focus = state.place.focus
        stay = grid.rows is not None and grid.cursor == 0 and grid.display and self.function() == focus
        row = None if focus is None or stay else made.row_of(focus)
        steady = bool(row) and grid.display and grid.sort == state.sort() and self.function() == focus
        grid.show(made, cursor=row or 0, sort=state.sort(), top=not row, steady=steady)

    def action_group(self) -> None:
        """Group by the next thing that tells the functions of this profile apart."""
        groups = self._groups
        place = groups.index(self._state.group) if self._state.group in groups else 0
        focus = self.function()
        here = replace(self._state.place, row=None, focus=self._state.place.focus if focus is None else focus)
        self.post_message(Changed(replace(self._state, group=groups[(place + 1) % len(groups)], place=here)))

    def end_search(self, *, kept: bool) -> None:
        """A closed group that was found for one of its functions opens to it."""
        super().end_search(kept=kept)
        groups = self.query_one(GroupGrid)
        if kept and groups.display and groups.needle and self._filled and groups.rows.expandable(groups.cursor):
            self._open_to_match(groups)

    def _open_to_match(self, groups: GroupGrid) -> None:
        rows, row = groups.rows, groups.cursor
        if rows.expanded(row) or row in rows.find(groups.needle, names=True):
            return
        added = rows.expand(row)
        inside = [match for match in rows.find(groups.needle).tolist() if row < match <= row + added]
        if inside:
            groups.reshape(inside[0])
        else:
            rows.collapse(row)

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        """Dive into the function, or open the group."""
        message.stop()
        function = self.function()
        if function is not None:
            self.post_message(Dived(function))
        elif isinstance(message.grid, GroupGrid):
            message.grid.action_open_or_close()


def _useful(session: Session) -> tuple[Group, ...]:
    """What the functions can be grouped by: by classes and objects only where the profile names any."""
    functions = session.profile.functions
    told = {"class": lambda: names_classes(functions), "object": lambda: any(functions.object)}
    return session.kept(("useful groups",), lambda: tuple(by for by in GROUPS if by not in told or told[by]()))


def _grouped(session: Session, state: ViewState, opened: frozenset[Key]) -> GroupRows:
    members = session.functions(state)
    functions = members.table
    groups = session.kept(("grouping", state.group), lambda: grouping(session.profile.functions, state.group))
    table = session.kept(
        ("groups", functions, state.group), lambda: GroupTable(functions, group_costs(functions.scope, groups))
    )
    return GroupRows(table, members, opened)
