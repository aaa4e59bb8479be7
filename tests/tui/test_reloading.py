"""Reading again: what one looks at stays, the change is shown, and what fails changes nothing."""

from __future__ import annotations

import marshal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from proftui.errors import Malformed, ProftuiError, SourceLost
from proftui.model import CallGraph, Functions, Profile
from proftui.tui.jobs import Reporter
from proftui.tui.opening import Opening
from proftui.tui.reloading import changed, renewal, told, total_change
from proftui.tui.session import Session
from proftui.tui.settings import Settings
from proftui.tui.state import History, Place, ViewState
from proftui.tui.views import VIEWS, View
from proftui.tui.watching import Watch, Watcher
from proftui.units import TIME
from tests.tui.conftest import ARCS, HOSTILE, LEAF, LOAD, MAIN, MS, NAMES, STEP, WALK, WIDE

if TYPE_CHECKING:
    from tests.tui.conftest import Open, Opened

ORDER = (LEAF, WIDE, STEP, MAIN, WALK, HOSTILE)
"""The functions of the second run, by their ids in the first: load is gone."""


@pytest.fixture
def later(profile: Profile) -> Profile:
    """The program run again: without load, leaf takes 9 ms in place of 4, and a new function comes last; ids differ."""
    graph = profile.parts[0].graph
    place = {old: new for new, old in enumerate(ORDER)}
    own = np.append(graph.self_cost[:, list(ORDER)], [[1 * MS], [0.0]], axis=1)
    own[0, 0] = 9 * MS
    inclusive = np.append(graph.inclusive[:, list(ORDER)], [[1 * MS], [0.0]], axis=1)
    inclusive[0, [0, 2, 3, 4]] = np.array([9, 15, 20, 17]) * MS
    costs = {(caller, callee): cost for caller, callee, cost in ARCS if LOAD not in (caller, callee)}
    costs |= {(MAIN, WALK): 17.0, (WALK, LEAF): 9.0}
    arcs = sorted([*((place[a], place[b], cost) for (a, b), cost in costs.items()), (place[MAIN], 6, 1.0)])
    caller, callee, cost = (np.array(column) for column in zip(*arcs, strict=True))
    made = CallGraph(
        np.arange(7, dtype=np.int32), own, inclusive, caller.astype(np.int32), callee.astype(np.int32),
        np.stack([cost * MS, cost * 1e3]),
    )  # fmt: skip
    lines = [(NAMES[old], f"/srv/app/{old}.py", 30 + old, "") for old in ORDER] + [("save", "/srv/app/s.py", 1, "")]
    second = replace(
        profile.parts[1],
        graph=replace(profile.parts[1].graph, function=np.array([6], np.int32)),
    )
    return replace(profile, functions=Functions.of(lines), parts=(second, replace(profile.parts[0], graph=made)))


def test_the_same_again_is_no_change(profile: Profile) -> None:
    assert not changed(profile, replace(profile, parts=tuple(replace(part) for part in profile.parts)))
    assert renewal(Session(profile), replace(profile)) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda profile: replace(profile, parts=profile.parts[:1]),
        lambda profile: replace(profile, metrics=profile.metrics[::-1]),
        lambda profile: replace(profile, functions=replace(profile.functions, line=profile.functions.line + 1)),
        lambda profile: replace(profile, parts=(profile.parts[0], replace(profile.parts[1], label="other"))),
        lambda profile: replace(
            profile,
            parts=(replace(profile.parts[0], graph=replace(profile.parts[0].graph, calls=None)), profile.parts[1]),
        ),
    ],
)  # fmt: skip
def test_what_is_a_change(profile: Profile, change: Callable[[Profile], Profile]) -> None:
    assert changed(profile, change(profile))


def test_states_are_carried_over_by_name(profile: Profile, later: Profile) -> None:
    made = renewal(Session(profile), later)
    assert made is not None
    state = ViewState(Place("tree", LEAF, (MAIN, WALK, LEAF), (MAIN, WALK)), parts=(0,), metric=1)
    now = made.state(state)
    assert now.place == Place("tree", 0, (3, 4, 0), (3, 4))
    assert now.parts == (1,), "the part of the same label"
    assert now.metric == 1
    gone = made.state(ViewState(Place("tree", LOAD, (MAIN, LOAD), (MAIN, LOAD))))
    assert gone.place == Place("tree", None, None, ())
    swapped = renewal(Session(profile), replace(later, metrics=later.metrics[::-1]))
    assert swapped is not None
    assert (swapped.state(replace(state, second=0)).metric, swapped.state(replace(state, second=0)).second) == (0, 1)


def test_rows_of_all_kinds_are_carried_over(profile: Profile, later: Profile) -> None:
    made = renewal(Session(profile), later)
    assert made is not None
    assert made.row("functions", frozenset([WALK, STEP])) == frozenset([4, 2])
    assert made.row("neighbours", (1, MAIN)) == (1, 3), "the side is no function"
    assert made.row("neighbours", (0, None)) == (0, None)
    assert made.row("tree", (MAIN, -1, WALK)) == (3, -1, 4)
    assert made.row("source", 12) is None
    assert made.row("functions", "a/module.py") == "a/module.py"


def test_the_history_forgets_places_that_are_gone(profile: Profile, later: Profile) -> None:
    made = renewal(Session(profile), later)
    assert made is not None
    history = History((Place("functions", LOAD), Place("tree", MAIN)), (Place("functions", None), Place("tree", LOAD)))
    assert made.history(history) == History((Place("tree", 3),), (Place("functions", None),))


def test_what_changed_is_said(profile: Profile, later: Profile) -> None:
    made = renewal(Session(profile), later)
    assert made is not None
    state = replace(ViewState(), parts=(0,))
    # before: 16 ms; now 16 - 2 (load) + 5 (leaf) + 1 (save)
    assert told(made.session, made.state(state)) == "read again: time +25.0%, 1 new, 1 gone: load"
    assert total_change(20.0, 10.0, TIME) == "20.00 ns → 10.00 ns (-50.0%)"
    assert total_change(0.0, 10.0, TIME) == "0 → 10.00 ns"


def test_a_part_that_was_not_there_is_compared_with_nothing(profile: Profile, later: Profile) -> None:
    made = renewal(Session(replace(profile, parts=profile.parts[:1])), later)
    assert made is not None
    assert made.session.table(ViewState(parts=(0,))).before is None
    assert told(made.session, ViewState(parts=(0,))) == "read again; there is nothing to compare with"


# ---------------------------------------------------------------------- in the viewer


class Runs:
    """A file that is another one each time it is read."""

    def __init__(self, *profiles: Profile | BaseException, watch: bool = False) -> None:
        self.profiles = list(profiles)
        self.opening = Opening(("run.prof",), self.read, settings=Settings(theme="dark", watch=watch))
        self.opening.reading.result(10)

    def read(self, _: Reporter) -> Profile:
        profile = self.profiles.pop(0) if len(self.profiles) > 1 else self.profiles[0]
        if isinstance(profile, BaseException):
            raise profile
        return profile


def first_part(profile: Profile) -> Profile:
    return replace(profile, parts=tuple(part for part in profile.parts if part.label == "run"))


def names(screen: Opened) -> list[str]:
    """The names of all rows, with the depth of each as spaces."""
    view = screen.viewer.view
    assert view is not None
    header, *rows = [line.split("\t") for line in view.lines()]
    return [row[header.index("Function")] for row in rows]


async def test_reload_shows_the_change(opened: Open, profile: Profile, later: Profile) -> None:
    runs = Runs(first_part(profile), first_part(later))
    async with opened(runs.opening, (120, 30)) as screen:
        assert "time 16.00 ms " in screen.lines[0]
        await screen.press("down", "R")  # from step, 5 ms, to leaf, 4 ms
        assert "time 16.00 ms → 20.00 ms (+25.0%)" in screen.lines[0]
        assert "read again: time +25.0%, 1 new, 1 gone: load" in screen.text
        leaf, save = (next(line for line in screen.rows if line.endswith(f" {name}")) for name in ("leaf", "save"))
        assert leaf.startswith("▌"), "the cursor stays on its function"
        assert "+5.000 ms" in leaf
        assert save.count("new") == 2
        await screen.press("S", "s", "s", "s")
        assert "ΔSelf" in screen.text


async def test_what_one_looks_at_survives(opened: Open, profile: Profile, later: Profile) -> None:
    runs = Runs(first_part(profile), first_part(later))
    async with opened(runs.opening, (120, 30)) as screen:
        await screen.press("r", "2", "4", "home", "asterisk", "end", "3", "4")
        view = screen.viewer.view
        assert view is not None
        before = names(screen)
        assert any(name.startswith("    ") for name in before), "the cycle is open"
        detail, history = view.detail()[0].split("  ")[0], screen.viewer.history
        await screen.press("R")
        view = screen.viewer.view
        assert view is not None
        assert view.view == "tree"
        assert view.detail()[0].split("  ")[0] == detail
        assert sorted(name.replace("save", "load") for name in names(screen)) == sorted(before), (
            "the same rows are open"
        )
        assert dict(screen.viewer.state.sorts)["functions"].descending is False
        assert [place.view for place in screen.viewer.history.past] == [place.view for place in history.past]
        await screen.press("backspace", "backspace")
        assert screen.viewer.state.place.view == "tree"


async def test_the_second_time_without_a_change_keeps_the_comparison(
    opened: Open, profile: Profile, later: Profile
) -> None:
    runs = Runs(first_part(profile), first_part(later), replace(first_part(later)))
    async with opened(runs.opening, (120, 30)) as screen:
        await screen.press("R", "R")
        assert "read again: nothing has changed" in screen.text
        assert "16.00 ms → 20.00 ms" in screen.lines[0]
        commands = {command.title: command for command in screen.app.get_system_commands(screen.app.screen)}
        commands["Forget the changes since the last reading"].callback()
        await screen.settle()
        assert "time 20.00 ms " in screen.lines[0]
        assert "Δ" not in screen.text
        titles = [command.title for command in screen.app.get_system_commands(screen.app.screen)]
        assert "Forget the changes since the last reading" not in titles


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (SourceLost("run.prof: is gone"), "run.prof: is gone; this is as it was before"),
        (Malformed("run.prof: ends early", "byte 7"), "run.prof: ends early (byte 7); this is as it was before"),
        (MemoryError(), "there is not enough memory; this is as it was before"),
    ],
)
async def test_a_read_that_fails_changes_nothing(
    opened: Open, profile: Profile, error: BaseException, sentence: str
) -> None:
    runs = Runs(profile, error)
    async with opened(runs.opening) as screen:
        await screen.press("down")
        rows, state = screen.rows, screen.viewer.state
        await screen.press("R")
        assert sentence in screen.text
        assert (screen.rows, screen.viewer.state) == (rows, state)
        runs.profiles = [profile]
        await screen.press("R")
        assert "nothing has changed" in screen.text


async def test_standard_input_is_read_once(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("R")
        assert "standard input can be read only once" in screen.text


class Stuck:
    """A file that takes as long as the test wants."""

    def __init__(self, first: Profile) -> None:
        self.first: Profile | None = first
        self.go_on = threading.Event()
        self.opening = Opening(("run.prof",), self.read)
        self.opening.reading.result(10)

    def read(self, report: Reporter) -> Profile:
        if self.first is not None:
            first, self.first = self.first, None
            return first
        while not self.go_on.wait(0.005):
            report(0.25)
        raise ProftuiError("unreachable: reading was to be stopped")


async def test_escape_stops_reading(opened: Open, profile: Profile) -> None:
    stuck = Stuck(profile)
    async with opened(stuck.opening) as screen:
        rows = screen.rows
        await screen.pilot.press("R")
        await screen.until(lambda: "reading again  25%" in screen.text)
        await screen.pilot.press("down")
        await screen.until(lambda: screen.viewer.view is not None and screen.viewer.view.row() is not None)
        await screen.press("escape")
        assert "reading was stopped; this is as it was before" in screen.text
        assert [row[1:] for row in screen.rows] == [row[1:] for row in rows]
    stuck.go_on.set()


@pytest.mark.once
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
async def test_ids_of_before_name_nothing_of_now(
    opened: Open, many: Callable[[int], Profile], view: type[View]
) -> None:
    """From 300 functions to three: every view, shown before, is shown again."""
    runs = Runs(many(300), many(3))
    async with opened(runs.opening) as screen:
        for other in VIEWS:
            await screen.press(str(other.number), "end")
        await screen.press("2", "end", str(view.number), "end", "R")
        assert "time 45.15 µs → 6.000 ns" in screen.lines[0]
        for other in VIEWS:
            await screen.press(str(other.number), "home")
        await screen.press(*["backspace"] * 5)
        assert screen.app.is_running


# ---------------------------------------------------------------------- following files


class Alarm(Watcher):
    """A watcher without a thread, whose seconds the test counts."""

    made: Alarm

    def __init__(self, watch: Watch, tell: Callable[[], object]) -> None:
        self.watch, self.tell, self.ended = watch, tell, False
        Alarm.made = self

    def tick(self) -> None:
        if self.watch.look():
            self.tell()

    def end(self) -> None:
        self.ended = True


def written(path: Path, milliseconds: dict[str, float]) -> None:
    """A profile as cProfile writes it, of functions that call nothing."""
    stats: dict[Any, Any] = {
        (f"/srv/{name}.py", 1, name): (1, 1, cost / 1e3, cost / 1e3, {}) for name, cost in milliseconds.items()
    }
    other = path.with_suffix(".new")
    other.write_bytes(marshal.dumps(stats))
    other.replace(path)


async def test_with_watch_the_new_figures_come_by_themselves(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proftui.tui.screens.viewer.renewing.Watcher", Alarm)
    path = tmp_path / "out.prof"
    written(path, {"f": 4.0, "g": 2.0})
    opening = Opening((str(path),), settings=Settings(theme="dark", watch=True))
    opening.reading.result(10)
    async with opened(opening, (120, 24)) as screen:

        async def seconds(count: int) -> None:
            for _ in range(count):
                Alarm.made.tick()
                await screen.settle()

        before = screen.text
        await seconds(3)
        assert screen.text == before
        written(path, {"f": 1.0, "g": 2.0, "h": 0.5})
        await seconds(1)
        assert screen.text == before, "it might still grow"
        await seconds(1)
        assert "time 6.000 ms → 3.500 ms (-41.7%)" in screen.lines[0]
        assert "-3.000 ms" in screen.text
        good = screen.rows
        path.unlink()
        await seconds(2)
        assert screen.rows == good
        path.write_bytes(b"c\xff\xff half a profile")
        await seconds(3)
        assert screen.rows == good
        assert "this is as it was before" in screen.text
        written(path, {"f": 1.0, "g": 3.0, "h": 0.5})
        await seconds(2)
        assert "time 3.500 ms → 4.500 ms (+28.6%)" in screen.lines[0]
    assert Alarm.made.ended


async def test_without_watch_nobody_looks(opened: Open, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proftui.tui.screens.viewer.renewing.Watcher", None)
    async with opened(Runs(profile).opening) as screen:
        assert screen.viewer.view is not None
