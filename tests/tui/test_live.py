"""A process in the viewer: what follows it, what stands still, and what a range of time shows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from proftui.formats import load, save
from proftui.live.live import Live
from proftui.live.recorder import Recorder
from proftui.live.sampling import Frame, Refused, Sampled, Stack
from proftui.model import Thread
from proftui.tui.app import ProftuiApp
from proftui.tui.attaching import Attached
from proftui.tui.exporting import chosen
from proftui.tui.screens.viewer.live import LiveViewer
from proftui.tui.settings import VIEW_NAMES, Settings
from proftui.tui.widgets.process_lines import ProcessLines
from proftui.tui.widgets.time_strip import TimeStrip
from tests.live.fed import MAIN, Fed
from tests.tui.conftest import Opened

IO = Thread(7, 8, "io")
PARSE = Stack(MAIN, (Frame("main", "a.py", 1), Frame("parse", "a.py", 20)))
DRAW = Stack(MAIN, (Frame("main", "a.py", 2), Frame("draw", "a.py", 40)))
READ = Stack(IO, (Frame("serve", "b.py", 3), Frame("read", "b.py", 9)))


def window(start: float, **counts: int) -> Sampled:
    stacks = {"parse": PARSE, "draw": DRAW, "read": READ}
    return Sampled(start, 1.0, [(stacks[name], count) for name, count in counts.items()], sampler=0.04)


class Watching(Opened):
    """The viewer on a process that the test feeds."""

    live: Live
    fed: Fed

    async def feed(self, *windows: Sampled | BaseException | None) -> None:
        """Give windows, and wait until they are on screen."""
        for one in windows:
            before = len(self.live.recording().windows)
            self.fed.food.put(one)
            await self.until(lambda: self.live.ended or len(self.live.recording().windows) > before)  # noqa: B023
        await self.settle()
        while isinstance(viewer := self.app.screen, LiveViewer) and self.lags(viewer):
            viewer.hear()  # as the next window would: what came while it refreshed waits for that
            await self.settle()

    def lags(self, viewer: LiveViewer) -> bool:
        """It follows the process, and has not shown all of it yet."""
        follows = not viewer.still and (viewer.state.span is None or viewer.state.span[1] is None)
        shown = viewer.recording
        return follows and (shown is None or shown.windows.end.tolist() != self.live.recording().windows.end.tolist())

    def shares(self) -> dict[str, str]:
        """The first column of the rows on screen by the name in them."""
        names = ("main", "parse", "draw", "serve", "read")
        return {name: row.lstrip("▌").split()[0] for row in self.rows for name in names if f" {name}" in row}


Watch = Callable[..., AbstractAsyncContextManager[Watching]]


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setattr("proftui.tui.screens.viewer.live.LEISURE", 0)
    lives: list[Live] = []

    @asynccontextmanager
    async def opened(
        *first: Sampled | BaseException | None, size: tuple[int, int] = (120, 40), view: str = "functions"
    ) -> AsyncIterator[Watching]:
        fed = Fed()
        live = Live(fed, Recorder({"pid": "7", "command": "python a.py", "rate": "100", "sampler": "fed"}))
        lives.append(live)
        for one in first or (window(0.0, parse=6, draw=3, read=1),):
            fed.food.put(one)
        attached = Attached(live, "a.py-7").start()
        settings = Settings(theme="dark", view=view)  # type: ignore[arg-type]
        app = ProftuiApp(attached=attached, settings=settings, folder=tmp_path, record=tmp_path / "recent.json")
        async with app.run_test(size=size) as pilot:
            screen = Watching(app, pilot)
            screen.live, screen.fed = live, fed
            await screen.settle()
            yield screen

    yield opened
    for live in lives:
        live.stop()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_first_window_is_shown_with_the_process_and_its_time(watch: Watch, size: tuple[int, int]) -> None:
    async with watch(size=size) as screen:
        assert isinstance(screen.app.screen, LiveViewer)
        assert screen.lines[0].startswith(" a.py-7  live, sampled")
        assert screen.shares() == {"main": "0.0%", "parse": "60.0%", "draw": "30.0%", "serve": "0.0%", "read": "10.0%"}
        process, sampling = screen.viewer.query_one(ProcessLines).plain()
        assert process.startswith(" pid 7  python a.py")
        assert "% of 10 thread samples" in sampling
        assert "█" in screen.viewer.query_one(TimeStrip).plain()[0]


async def test_further_windows_change_the_figures_and_not_the_row(watch: Watch) -> None:
    async with watch() as screen:
        await screen.press("j")
        assert "draw" in screen.rows[screen.grid.cursor]
        await screen.feed(window(1.0, draw=30))
        assert screen.shares()["draw"] == "82.5%"
        assert "draw" in screen.rows[screen.grid.cursor]
        assert screen.grid.cursor == 0


async def test_the_screen_stands_still_and_follows_again(watch: Watch) -> None:
    async with watch() as screen:
        await screen.press("space")
        await screen.feed(window(1.0, draw=30))
        assert screen.shares()["draw"] == "30.0%"
        assert "paused, sampling goes on" in screen.text
        assert "% of 10 thread samples" in screen.text
        await screen.press("space")
        await screen.until(lambda: screen.shares()["draw"] == "82.5%")
        assert "paused" not in screen.viewer.query_one(ProcessLines).plain()[1]


async def test_no_samples_are_taken_while_sampling_is_paused(watch: Watch) -> None:
    async with watch() as screen:
        await screen.press("P")
        assert screen.live.status.paused
        assert "sampling paused" in screen.text
        await screen.press("P")
        assert not screen.live.status.paused


async def test_a_mark_shows_what_is_since(watch: Watch) -> None:
    async with watch() as screen:
        await screen.press("x")
        await screen.feed(window(1.0, draw=3, parse=1))
        assert screen.viewer.state.span == (1.0, None)
        assert screen.shares() == {"main": "0.0%", "parse": "25.0%", "draw": "75.0%"}
        assert "since 0:01" in screen.text
        await screen.press("escape")
        assert screen.viewer.state.span is None
        assert screen.shares()["parse"] == "50.0%"


async def test_brackets_walk_through_time(watch: Watch) -> None:
    async with watch() as screen:
        await screen.feed(window(1.0, draw=4), window(2.0, read=5))
        await screen.press("left_square_bracket")
        assert screen.shares() == {"serve": "0.0%", "read": "100.0%"}
        await screen.press("left_square_bracket")
        assert screen.shares() == {"main": "0.0%", "draw": "100.0%"}
        await screen.press("left_curly_bracket")
        assert screen.shares()["draw"] == "50.0%"
        await screen.press("right_curly_bracket", "right_square_bracket", "right_square_bracket")
        assert screen.viewer.state.span is None


async def test_a_range_that_is_over_stays_as_it_is(watch: Watch) -> None:
    async with watch() as screen:
        await screen.press("left_square_bracket")
        await screen.feed(window(1.0, draw=40))
        assert screen.shares()["draw"] == "30.0%"


@pytest.mark.parametrize("key", ["1", "2", "3", "4", "5", "6", "7", "8"])
async def test_each_view_follows(watch: Watch, key: str) -> None:
    async with watch() as screen:
        await screen.press(key)
        before = screen.viewer.session
        await screen.feed(window(1.0, parse=60, read=9))
        await screen.until(lambda: screen.viewer.session is not before)
        await screen.settle()
        assert screen.viewer.session.scope(screen.viewer.state).total(0) == 79


async def test_views_that_were_left_follow_when_they_are_shown_again(watch: Watch) -> None:
    async with watch() as screen:
        await screen.press(*"87654321")
        await screen.feed(window(1.0, parse=60, read=9))
        for key in "12345678":
            await screen.press(key)
            assert f"[{key} " in screen.text
            assert screen.viewer.session.scope(screen.viewer.state).total(0) == 79


async def test_open_rows_stay_open_and_the_cursor_on_its_row(watch: Watch) -> None:
    async with watch() as screen:
        await screen.press("4", "l", "l")
        row = screen.grid.rows.key(screen.grid.cursor)
        await screen.feed(window(1.0, draw=100, read=500))
        assert screen.grid.rows.key(screen.grid.cursor) == row
        assert any(" draw" in line for line in screen.rows)


async def test_filters_and_threads_hold_while_it_goes_on(watch: Watch) -> None:
    async with watch() as screen:
        screen.viewer.change(screen.viewer.state.__class__(place=screen.viewer.here(), parts=(0,)))
        await screen.settle()
        await screen.feed(window(1.0, parse=3, read=50))
        assert screen.shares() == {"main": "0.0%", "parse": "75.0%", "draw": "25.0%"}


async def test_forgetting_begins_anew(watch: Watch) -> None:
    async with watch() as screen:
        await screen.press("R")
        await screen.feed(window(1.0, draw=2))
        assert screen.shares() == {"main": "0.0%", "draw": "100.0%"}


async def test_what_was_sampled_stays_when_the_process_ends(watch: Watch) -> None:
    async with watch() as screen:
        await screen.feed(None)
        assert "ended: the process has ended" in screen.text
        assert screen.shares()["parse"] == "60.0%"
        await screen.press("space", "6")
        assert "main" in screen.text


async def test_a_process_that_cannot_be_sampled_ends_with_the_reason(watch: Watch) -> None:
    async with watch(Refused("process 7 is not Python", "proftui attach")) as screen:
        assert str(screen.app.failure) == "process 7 is not Python; try: proftui attach"
        assert screen.app.return_code == 1


async def test_a_sentence_stays_although_figures_change(watch: Watch) -> None:
    async with watch() as screen:
        screen.viewer.say("a sentence")
        await screen.feed(window(1.0, draw=2))
        assert "a sentence" in screen.text


@pytest.mark.parametrize("view", VIEW_NAMES)
async def test_a_process_that_only_waits_has_no_samples_yet(watch: Watch, view: str) -> None:
    async with watch(window(0.0), view=view) as screen:
        assert "0 thread samples" in screen.text
        await screen.press("2")
        await screen.feed(window(1.0), window(2.0, draw=4))
        assert screen.shares() == {"main": "0.0%", "draw": "100.0%"}


async def test_no_view_needs_samples(watch: Watch) -> None:
    async with watch(window(0.0)) as screen:
        for key in "12345678":
            await screen.press(key)
            assert f"[{key} " in screen.text
            assert "0 thread samples" in screen.text


@pytest.mark.parametrize(("suffix", "parts"), [(".folded", 1), (".kgrind", 1), (".proftui", 2)])
async def test_what_is_on_screen_is_written(watch: Watch, tmp_path: Path, suffix: str, parts: int) -> None:
    async with watch() as screen:
        await screen.feed(window(1.0, draw=4, parse=1), window(2.0, read=5))
        await screen.press("left_square_bracket", "left_square_bracket")
        assert screen.shares() == {"main": "0.0%", "draw": "80.0%", "parse": "20.0%"}
        state, session = screen.viewer.state, screen.viewer.session
        save(chosen(session.profile, state.span, state.parts), tmp_path / f"out{suffix}")
    again = load(tmp_path / f"out{suffix}")
    assert [float(part.graph.totals[0]) for part in again.parts] == [5.0, 0.0][:parts]
