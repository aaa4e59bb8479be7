"""Reading files: progress, giving up, and what cannot be read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from proftui.errors import Cancelled, Malformed, SourceLost
from proftui.model import Profile
from proftui.tui.jobs import Reporter
from proftui.tui.opening import Opening
from proftui.tui.screens.loading import LoadingScreen
from proftui.tui.screens.start import StartScreen
from proftui.tui.screens.viewer import Viewer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Open


class SlowReader:
    """A reader under the test's control, in its own thread."""

    def __init__(self, profile: Profile) -> None:
        self.at = 0.0
        self._go_on = threading.Event()
        self._profile = profile
        self.opening = Opening(("slow.prof",), self._read)

    def _read(self, report: Reporter) -> Profile:
        while not self._go_on.wait(0.01):
            report(self.at)
        return self._profile

    def end(self) -> None:
        self._go_on.set()


async def test_progress_is_shown_until_the_profile_is_there(opened: Open, profile: Profile) -> None:
    reader = SlowReader(profile)
    async with opened(reader.opening, settle=False) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, LoadingScreen))
        reader.at = 0.5
        await screen.until(lambda: " 50%" in screen.text)
        assert "Reading  slow.prof" in screen.text
        assert "█" * 20 + "░" * 20 in screen.text
        reader.end()
        await screen.settle()
        assert isinstance(screen.app.screen, Viewer)


async def test_escape_stops_reading_and_leads_to_the_start_screen(opened: Open, profile: Profile) -> None:
    reader = SlowReader(profile)
    async with opened(reader.opening, settle=False) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, LoadingScreen))
        await screen.press("escape")
        assert isinstance(screen.app.screen, StartScreen)
        assert "reading was stopped" in screen.text
        assert isinstance(reader.opening.reading.exception(timeout=10), Cancelled)
        assert screen.app.failure is None


class DeafReader:
    """A reader that never reports, and so cannot be told to stop."""

    def __init__(self, profile: Profile) -> None:
        self.released = threading.Event()
        self._profile = profile
        self.opening = Opening(("deaf.prof",), self._read)

    def _read(self, _: Reporter) -> Profile:
        self.released.wait(60)
        return self._profile


async def test_escape_does_not_wait_for_the_reader(opened: Open, profile: Profile) -> None:
    reader = DeafReader(profile)
    async with opened(reader.opening, settle=False) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, LoadingScreen))
        await screen.press("escape")
        assert isinstance(screen.app.screen, StartScreen)
        reader.released.set()
        reader.opening.reading.result(timeout=10)
        await screen.settle()
        assert isinstance(screen.app.screen, StartScreen), "what came too late is not shown"


async def test_leaving_does_not_wait_for_the_reader(opened: Open, profile: Profile) -> None:
    reader = DeafReader(profile)
    async with opened(reader.opening, settle=False) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, LoadingScreen))
        await screen.pilot.press("q")
        await screen.pilot.pause()
        assert not screen.app.is_running
        assert not reader.opening.reading.done()
    reader.released.set()


async def test_what_cannot_be_read_ends_the_program_with_its_reason(opened: Open, read: Callable[..., Opening]) -> None:
    error = Malformed("bad.prof: is damaged", "byte 7")
    async with opened(read(error)) as screen:
        assert screen.app.failure is error
        assert screen.app.return_code == 1


async def test_a_lost_source_keeps_its_own_exit_code(opened: Open, read: Callable[..., Opening]) -> None:
    async with opened(read(SourceLost("x.prof: is gone"))) as screen:
        assert screen.app.failure is not None


async def test_opening_is_remembered(
    opened: Open, read: Callable[..., Opening], single: Profile, tmp_path: Path
) -> None:
    from proftui.tui.recent import recent

    async with opened(read(single, (str(tmp_path / "run.prof"),))) as screen:
        await screen.settle()
    assert recent(tmp_path / "state" / "recent.json")[0].paths == (str(tmp_path / "run.prof"),)
