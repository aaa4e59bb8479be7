"""What the viewer lets one choose from: metrics and parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.screen import Screen

from proftui import units
from proftui.model import Metric, Part, Profile
from proftui.report.rows import Cell, Column
from proftui.report.text import safe
from proftui.tui.screens.choose import ChooseScreen
from proftui.tui.state import ViewState

NAME = Column("name", "Name", 20, "left", flexible=True)
TOTAL = Column("total", "Total", 12)
FORMULA = Column("formula", "", 16, "left", priority=1)
KIND = Column("kind", "Kind", 8, "left", priority=2)
PROCESS = Column("pid", "Process", 9, priority=3)
THREAD = Column("tid", "Thread", 9, priority=4)
FUNCTIONS = Column("functions", "Functions", 9, priority=1)

Change = Callable[[ViewState], None]


def choose_metric(screen: Screen[None], profile: Profile, state: ViewState, change: Change) -> None:
    """Ask for the metric; the one that stood beside it changes places with it."""

    def take(chosen: tuple[int, ...] | None) -> None:
        if chosen is not None:
            second = state.metric if state.second == chosen[0] else state.second
            change(replace(state, metric=chosen[0], second=second))

    rows = [_metric(metric, _total(profile, index)) for index, metric in enumerate(profile.metrics)]
    screen.app.push_screen(ChooseScreen("Metric", (NAME, TOTAL, FORMULA), rows, [state.metric]), take)


def choose_second(screen: Screen[None], profile: Profile, state: ViewState, change: Change) -> None:
    """Ask for the metric beside the first one, or none."""
    others = [index for index in range(len(profile.metrics)) if index != state.metric]

    def take(chosen: tuple[int, ...] | None) -> None:
        if chosen is not None:
            change(replace(state, second=([None, *others])[chosen[0]]))

    rows = [[Cell("none", "dim"), Cell(""), Cell("")]]
    rows += [_metric(profile.metrics[index], _total(profile, index)) for index in others]
    now = 0 if state.second is None else others.index(state.second) + 1
    screen.app.push_screen(ChooseScreen("Second metric", (NAME, TOTAL, FORMULA), rows, [now]), take)


def choose_parts(screen: Screen[None], profile: Profile, state: ViewState, change: Change) -> None:
    """Ask for the parts to add up."""

    def take(chosen: tuple[int, ...] | None) -> None:
        if chosen is not None:
            change(replace(state, parts=None if len(chosen) == len(profile.parts) else chosen))

    columns = (NAME, KIND, PROCESS, THREAD, TOTAL, FUNCTIONS)
    rows = [_part(part, state.metric, profile.metrics[state.metric]) for part in profile.parts]
    chosen = range(len(profile.parts)) if state.parts is None else state.parts
    screen.app.push_screen(ChooseScreen("Parts", columns, rows, chosen, several=True), take)


def _metric(metric: Metric, total: float) -> list[Cell]:
    return [Cell(safe(metric.label)), Cell(units.draw(total, metric.unit)), Cell(safe(metric.formula or ""), "dim")]


def _total(profile: Profile, metric: int) -> float:
    totals = [part.graph.totals[part.metrics.index(metric)] for part in profile.parts if metric in part.metrics]
    return float(sum(totals))


def _part(part: Part, metric: int, of: Metric) -> list[Cell]:
    total = part.graph.totals[part.metrics.index(metric)] if metric in part.metrics else None
    return [
        Cell(safe(part.label)),
        Cell(part.kind, "dim"),
        Cell("" if part.pid is None else str(part.pid), "dim"),
        Cell("" if part.tid is None else str(part.tid), "dim"),
        Cell(units.draw(total, of.unit)),
        Cell(f"{len(part.graph):,}"),
    ]
