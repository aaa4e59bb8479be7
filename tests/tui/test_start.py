"""The start screen: what lies here, what was opened before, and a demo."""

from __future__ import annotations

import cProfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from proftui.errors import ProftuiError
from proftui.tui.folder import profiles_in
from proftui.tui.recent import remember
from proftui.tui.screens.start import StartScreen
from proftui.tui.screens.viewer import Viewer

if TYPE_CHECKING:
    from tests.tui.conftest import Open


def profiled(path: Path) -> Path:
    """A real profile."""
    run = cProfile.Profile()
    run.runcall(sorted, range(100), key=str)
    run.dump_stats(str(path))
    return path


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The folder that the start screen looks into."""
    return tmp_path / "here"


def test_profiles_are_told_by_their_content(tmp_path: Path) -> None:
    profiled(tmp_path / "no_suffix")
    (tmp_path / "liar.prof").write_text("this is no profile")
    (tmp_path / "empty.prof").write_text("")
    (tmp_path / "callgrind.out.1").write_text("# callgrind format\nversion: 1\nevents: Ir\nfn=main\n1 2\n")
    (tmp_path / "folder.prof").mkdir()
    profiled(tmp_path / ".hidden.prof")
    found = {Path(profile.path).name: profile.format for profile in profiles_in(tmp_path)}
    assert found == {"no_suffix": "pstats", "callgrind.out.1": "callgrind"}


def test_a_folder_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    assert profiles_in(tmp_path / "gone") == []


async def test_enter_opens_a_profile_of_this_folder(opened: Open, here: Path) -> None:
    profiled(here / "work.prof")
    async with opened() as screen:
        assert "In this folder" in screen.text
        assert "work.prof" in screen.text
        assert "Enter Open" in screen.lines[-1]
        await screen.press("enter")
        assert isinstance(screen.app.screen, Viewer)
        assert screen.app.return_value is None


async def test_what_was_opened_is_offered_again(opened: Open, here: Path, tmp_path: Path) -> None:
    profile = profiled(tmp_path / "elsewhere.prof")
    remember(tmp_path / "state" / "recent.json", [str(profile)], "pstats")
    remember(tmp_path / "state" / "recent.json", [str(tmp_path / "gone.prof")], "pstats")
    async with opened(size=(120, 24)) as screen:
        assert "Opened before" in screen.text
        assert "elsewhere.prof" in screen.text
        assert "gone.prof" not in screen.text
        await screen.press("enter")
        assert isinstance(screen.app.screen, Viewer)


async def test_an_empty_folder_says_what_to_do(opened: Open) -> None:
    async with opened(size=(120, 24)) as screen:
        assert "python -m cProfile" in screen.text
        assert "attach to a Python process" in screen.text
        await screen.press("j")
        assert isinstance(screen.app.screen, StartScreen)


async def test_the_demo_is_made_and_opened(opened: Open, tmp_path: Path) -> None:
    async with opened(demo=lambda: str(profiled(tmp_path / "demo.prof"))) as screen:
        assert "Try it" in screen.text
        await screen.press("enter")
        assert isinstance(screen.app.screen, Viewer)


async def test_a_demo_that_fails_is_told(opened: Open) -> None:
    def fail() -> str:
        raise ProftuiError("the demo program failed")

    async with opened(demo=fail) as screen:
        await screen.press("enter")
        assert "the demo program failed" in screen.text


async def test_a_file_that_went_bad_is_told_on_the_start_screen(opened: Open, here: Path) -> None:
    path = profiled(here / "work.prof")
    async with opened() as screen:
        path.write_bytes(path.read_bytes()[:60])
        await screen.press("enter")
        assert isinstance(screen.app.screen, StartScreen)
        assert "work.prof: the data end in the middle of a value (byte" in " ".join(screen.text.split())
        assert screen.app.failure is None


async def test_hostile_file_names_are_drawn_safely(opened: Open, here: Path) -> None:
    profiled(here / "\x1b[31mred[bold].prof")
    async with opened() as screen:
        assert "\x1b" not in screen.text
        assert "␛[31mred[bold].prof" in screen.text
        await screen.press("enter")
        assert isinstance(screen.app.screen, Viewer)
        assert "\x1b" not in screen.text
