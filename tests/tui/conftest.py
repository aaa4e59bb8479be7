"""A small profile that can be added up by hand, and the viewer opened on it without a terminal.

main 1 ms -> load 2 ms; main -> walk 3 ms <-> step 5 ms (they call each other) -> leaf 4 ms; main -> two functions
whose names are no names for a terminal, 0.5 ms each. Total 16 ms. A second part holds load alone, 4 ms.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import wait
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from textual.worker import WorkerCancelled

from proftui.model import WALL_TIME, CallGraph, Functions, Metric, Origin, Part, Profile
from proftui.tui.app import ProftuiApp
from proftui.tui.jobs import Reporter
from proftui.tui.opening import Opening
from proftui.tui.screens.viewer import Viewer
from proftui.tui.settings import Settings
from proftui.tui.views.base import GridView
from proftui.tui.widgets.grid import Grid
from proftui.units import BYTES

MAIN, LOAD, WALK, STEP, LEAF, HOSTILE, WIDE = range(7)
MS = 1e6

NAMES = ("main", "load", "walk", "step", "leaf", "\x1b[31mred[/] [bold]\u202etxet", "漢字の関数")
SELF = np.array([1, 2, 3, 5, 4, 0.5, 0.5]) * MS
INCLUSIVE = np.array([16, 2, 12, 10, 4, 0.5, 0.5]) * MS
CALLS = np.array([1, 3, 2, 1, 1, 1, 1.0])
PRIMITIVE = np.array([1, 3, 1, 1, 1, 1, 1.0])
ARCS = [(MAIN, LOAD, 2), (MAIN, WALK, 12), (MAIN, HOSTILE, 0.5), (MAIN, WIDE, 0.5),
        (WALK, STEP, 10), (WALK, LEAF, 4), (STEP, WALK, 5)]  # fmt: skip


def graph_of_run() -> CallGraph:
    caller, callee, cost = (np.array(column) for column in zip(*ARCS, strict=True))
    return CallGraph(
        function=np.arange(7, dtype=np.int32),
        self_cost=np.stack([SELF, SELF[::-1] / 1e3]),
        inclusive=np.stack([INCLUSIVE, INCLUSIVE / 1e3]),
        caller=caller.astype(np.int32),
        callee=callee.astype(np.int32),
        arc_cost=np.stack([cost * MS, cost * 1e3]),
        calls=CALLS,
        primitive_calls=PRIMITIVE,
        arc_calls=np.array([3, 1, 1, 1, 1, 1, 1.0]),
    )


def graph_of_thread() -> CallGraph:
    none = np.zeros(0, np.int32)
    return CallGraph(
        function=np.array([LOAD], np.int32), self_cost=np.array([[4 * MS], [7.0]]),
        inclusive=np.array([[4 * MS], [7.0]]), caller=none, callee=none, arc_cost=np.zeros((2, 0)),
        calls=np.array([1.0]), primitive_calls=np.array([1.0]), arc_calls=np.zeros(0),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Textual's pilot look for idleness more often than each 20 ms; `Opened.settle` waits for what counts."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.0002)


@pytest.fixture
def profile() -> Profile:
    functions = Functions.of((name, f"/srv/app/{at}.py", 10 + at, "") for at, name in enumerate(NAMES))
    metrics = (WALL_TIME, Metric("memory", BYTES))
    parts = (
        Part("run", graph_of_run(), (0, 1)),
        Part("worker", graph_of_thread(), (0, 1), kind="thread", pid=7, tid=70),
    )
    origin = Origin("run.prof", "pstats", "traced", creator="hand", command="python run.py")
    return Profile("run.prof", origin, metrics, functions, parts, notes=("one thing to know",))


@pytest.fixture
def single(profile: Profile) -> Profile:
    """The first part alone."""
    return Profile("run.prof", profile.origin, profile.metrics, profile.functions, profile.parts[:1])


@pytest.fixture
def many() -> Callable[[int], Profile]:
    """Makes a profile of so many functions that call nothing; function i has i + 1 ns."""
    return _many


def _many(count: int) -> Profile:
    none = np.zeros(0, np.int32)
    cost = np.arange(1, count + 1, dtype=np.float64)[None]
    graph = CallGraph(np.arange(count, dtype=np.int32), cost, cost, none, none, np.zeros((1, 0)), calls=cost[0])
    functions = Functions.of((f"function_{at}", f"/srv/{at % 7}.py", at, "") for at in range(count))
    return Profile("many.prof", Origin("many.prof", "pstats"), (WALL_TIME,), functions, (Part("all", graph),))


@pytest.fixture
def read() -> Callable[..., Opening]:
    """Makes files whose reading has ended, well or not."""
    return _read


def _read(profile: Profile | BaseException, paths: Sequence[str] = ("-",)) -> Opening:
    def give(_: Reporter) -> Profile:
        if isinstance(profile, BaseException):
            raise profile
        return profile

    opening = Opening(tuple(paths), give)
    wait([opening.reading])
    return opening


class Opened:
    """The app under test, and how a person sees it."""

    def __init__(self, app: ProftuiApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def settle(self) -> None:
        """Wait until no work is under way and all messages are handled."""
        quiet = 0
        while quiet < 2 and self.app.is_running:
            await self.pilot.pause()
            working = [worker for worker in self.app.workers if not worker.is_finished]
            mounted = all(node.is_mounted for node in self.app.screen.walk_children(Widget, with_self=True))
            quiet = 0 if working or not mounted else quiet + 1
            for worker in working:
                with suppress(WorkerCancelled):
                    await worker.wait()

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for something that time brings, such as the end of a resize; fails after ten seconds."""
        end = monotonic() + 10
        while not holds():
            assert monotonic() < end, self.text
            await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each answered before the next."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def click(self, selector: str, x: int, y: int, times: int = 1) -> None:
        """Click on a cell of a widget."""
        await self.pilot.click(selector, offset=(x, y), times=times)
        await self.settle()

    @property
    def lines(self) -> list[str]:
        """The top screen as lines of text."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """The top screen as one text."""
        return "\n".join(self.lines)

    @property
    def viewer(self) -> Viewer:
        """The viewer, which may be below a dialog."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, Viewer))

    @property
    def grid(self) -> Grid:
        """The grid with the keyboard, of a view that has one."""
        view = self.viewer.view
        assert isinstance(view, GridView)
        return view.grid

    @property
    def rows(self) -> list[str]:
        """The rows of the first grid on screen, without its header."""
        grid = self.grid
        return [grid.render_line(y).text.rstrip() for y in range(1, grid.size.height)]


Open = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Open a profile (or nothing) in the viewer; the start screen looks into an empty folder.

    Without `settle` it is there before all work is done, for readers that do not end by themselves.
    """
    here = tmp_path / "here"
    here.mkdir()

    @asynccontextmanager
    async def open_app(
        what: Profile | Opening | None = None,
        size: tuple[int, int] = (80, 24),
        *,
        settle: bool = True,
        **settings: object,
    ) -> AsyncIterator[Opened]:
        opening = _read(what) if isinstance(what, Profile) else what
        arguments = {
            "settings": Settings(theme="dark"),
            "folder": here,
            "record": tmp_path / "state" / "recent.json",
            **settings,
        }
        app = ProftuiApp(opening, **arguments)  # type: ignore[arg-type]
        async with app.run_test(size=size) as pilot:
            screen = Opened(app, pilot)
            if settle:
                await screen.settle()
            yield screen

    return open_app
