"""The menu of what can be copied, and pictures of the screen."""

from __future__ import annotations

import subprocess
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from proftui.errors import Unwritable
from proftui.model import Profile
from proftui.tui.copying import MOST, Program, copy
from proftui.tui.picture import save, without_fonts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Open


@pytest.fixture(autouse=True)
def far(monkeypatch: pytest.MonkeyPatch) -> None:
    """No program of this machine may get anything from a test."""
    monkeypatch.setenv("SSH_TTY", "/dev/pts/9")


async def test_what_can_be_copied(opened: Open, profile: Profile) -> None:
    async with opened(profile, (100, 24)) as screen:
        await screen.press("4", "home", "asterisk", "down", "Y")
        for line in ("Row ", "Name ", "File and line", "Stack ", "View ", "Picture "):
            assert line in screen.text
        assert "the screen as an SVG file" in screen.text
        await screen.press("down", "down", "enter")
        assert screen.app.clipboard.startswith("/srv/app/")
        assert "sent to the terminal to copy, if it does: /srv/app/" in screen.text
        await screen.press("2", "home", "Y", "enter")
        assert screen.app.clipboard.split("\t")[:2] == ["30.0%", "30.0%"]


async def test_a_stack_from_the_root_on(opened: Open, profile: Profile) -> None:
    async with opened(profile, (100, 24)) as screen:
        await screen.press("4", "home", "asterisk", "Y")
        assert "Stack " not in screen.text, "the root stands alone"
        await screen.press("escape", "down", "Y", "down", "down", "down", "enter")
        assert screen.app.clipboard.splitlines()[0] == "main (/srv/app/0.py:10)"
        assert screen.app.clipboard.splitlines()[1:] == ["step (/srv/app/3.py:13)"], "the cycle's heaviest"


async def test_a_view_as_text(opened: Open, profile: Profile) -> None:
    async with opened(profile, (100, 24)) as screen:
        await screen.press("2", "Y", "end", "up", "enter")
        header, *rows = screen.app.clipboard.splitlines()
        assert header.split("\t")[:2] == ["Self%", "Incl%"]
        assert len(rows) == 8, "seven functions and a cycle"


async def test_a_view_of_many_rows_goes_to_a_file_and_says_what_it_left_out(
    opened: Open, many: Callable[[int], Profile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    async with opened(many(7000), (160, 24)) as screen:
        clipboard = screen.app.clipboard
        await screen.press("2", "Y", "end", "up", "enter")
        (path,) = tmp_path.glob("proftui-*.txt")
        assert f"wrote {path}" in screen.text
        assert screen.app.clipboard == clipboard, "terminals would cut it"
        assert path.stat().st_size > MOST
        assert path.read_text().splitlines()[-1] == "... and 2,000 more rows"


async def test_a_program_of_the_system_takes_it(
    opened: Open, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[tuple[list[str], bytes]] = []

    def run(command: list[str], **settings: Any) -> subprocess.CompletedProcess[bytes]:
        taken.append((command, settings["input"]))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(
        "proftui.tui.screens.viewer.copying.program", lambda: Program(("xclip", "-selection", "clipboard"))
    )
    monkeypatch.setattr("proftui.tui.screens.viewer.copying.copy", partial(copy, run=run))
    async with opened(profile) as screen:
        await screen.press("2", "home", "y")
        assert taken == [(["xclip", "-selection", "clipboard"], b"load")]
        assert "copied with xclip: load" in screen.text


async def test_a_picture_of_the_screen(
    opened: Open, profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(profile) as screen:
        await screen.press("2", "Y", "end", "enter")
        assert "wrote proftui-functions.svg" in screen.text
        svg = (tmp_path / "proftui-functions.svg").read_text("utf-8")
        text = "".join(ElementTree.fromstring(svg).itertext()).replace("\xa0", " ")  # noqa: S314  # our own
        assert "leaf" in text
        assert "Picture" not in text, "the menu is closed"
        assert "http" not in svg.replace("http://www.w3.org/", "").replace("https://www.textualize.io", "")
        commands = {command.title: command for command in screen.app.get_system_commands(screen.app.screen)}
        commands["The screen as an SVG file"].callback()
        await screen.settle()
        assert "wrote proftui-functions-2.svg" in screen.text


def test_pictures_load_nothing() -> None:
    assert without_fonts("<style>@font-face { src: url(x) } .a {}</style>") == "<style>.a {}</style>"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unwritable):
        save("<svg/>", "x", tmp_path / "none")
