"""The source view: a small program and a profile of it by hand, a dump with costs by line, the way to an editor."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from proftui.formats import load
from proftui.model import WALL_TIME, CallGraph, Functions, Origin, Part, Profile
from proftui.tui.opening import Opening
from proftui.tui.screens.choose import ChooseScreen
from proftui.tui.settings import Settings
from proftui.tui.views.source import SourceView
from proftui.tui.widgets.bars import DetailLine, FooterLine
from proftui.tui.widgets.source_grid import SourceGrid

if TYPE_CHECKING:
    from tests.tui.conftest import Open, Opened

DATA = Path(__file__).parents[1] / "data" / "callgrind"
TINY = Path(__file__).parents[1] / "programs" / "tiny"
MS = 1e6

PROGRAM = (
    '''\
"""A program."""


def load(path):
    return open(path)  # \x1b[31m[bold]not red[/]


def work(paths):
    for path in paths:
        both(load(path), sum(path))
    hidden = 1  # a comment that is much too long to be seen in eighty cells, so that one has to go to the right of it
    return hidden
'''
    + "\n" * 40
    + "def far(path):\n    return path\n"
)
WORK, LOAD, SUM, HOOK, FAR = range(5)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """work (1 ms) calls load (2 ms) and sum (4 ms) on line 10, and hook (8 ms) in a way that is not written."""
    (tmp_path / "app.py").write_text(PROGRAM)
    (tmp_path / "run.prof").write_bytes(b"")
    os.utime(tmp_path / "app.py", (1_000_000, 1_000_000))
    file = str(tmp_path / "app.py")
    functions = Functions.of(
        [
            ("work", file, 8, ""), ("load", file, 4, ""), ("<built-in method builtins.sum>", "~", -1, ""),
            ("hook", "/nowhere/hook.py", 3, ""), ("far", file, 53, ""),
        ]
    )  # fmt: skip
    graph = CallGraph(
        function=np.arange(5, dtype=np.int32),
        self_cost=np.array([[1, 2, 4, 8.0, 0.5]]) * MS,
        inclusive=np.array([[15.5, 2, 4, 8.0, 0.5]]) * MS,
        calls=np.ones(5),
        caller=np.zeros(4, np.int32),
        callee=np.array([1, 2, 3, 4], np.int32),
        arc_cost=np.array([[2, 4, 8, 0.5]]) * MS,
        arc_calls=np.array([3, 3, 1, 1.0]),
    )
    origin = Origin(str(tmp_path / "run.prof"), "pstats")
    return Profile("run.prof", origin, (WALL_TIME,), functions, (Part("run", graph),))


def grid(screen: Opened) -> SourceGrid:
    return screen.viewer.query_one(SourceGrid)


def line(screen: Opened) -> int:
    """The number of the line under the cursor."""
    return grid(screen).rows.row(grid(screen).cursor).line


def detail(screen: Opened) -> str:
    return screen.viewer.query_one(DetailLine).plain()


async def at_work(screen: Opened) -> None:
    """The source of work, which has the most inclusive time."""
    await screen.press("2", "slash", *"work", "enter", "7")
    assert line(screen) == 8


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_function_in_focus_stands_where_it_begins(
    opened: Open, profile: Profile, size: tuple[int, int]
) -> None:
    async with opened(profile, size=size) as screen:
        await at_work(screen)
        [shown] = [text for text in screen.lines if "def work" in text]
        [titles] = [text for text in screen.lines if "Self%" in text]
        assert titles.split()[-1].endswith(".py"), "the file stands over its text"
        assert "Σ6.5%" in shown
        assert "8│ def work(paths):" in shown
        [calls] = [text for text in screen.lines if "both(" in text]
        assert "38.7%" in calls
        assert "10│         both(load(path), sum(path))" in calls
        assert any("work also calls 2 callees on lines that are not known" in text for text in screen.lines)
        assert any("hook  /nowhere/hook.py:3" in text for text in screen.lines)
        assert "[7 Source]" in screen.text
        assert all(len(text) <= size[0] for text in screen.lines)


async def test_hostile_text_is_drawn_as_text(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await at_work(screen)
        assert "␛[31m[bold]not red[/]" in screen.text
        assert "\x1b" not in screen.text


async def test_syntax_is_coloured_and_the_text_is_not_changed(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await at_work(screen)
        shown = grid(screen)
        await screen.press("j")
        row = 8 - 1 - shown.scroll_offset.y + 1
        styles = {segment.text.strip(): segment.style for segment in shown.render_line(row)}
        keyword, name = styles["def"], styles["work"]
        assert keyword is not None
        assert name is not None
        assert keyword.color != name.color
        assert name.bold


async def test_enter_asks_which_callee_and_goes_there(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await at_work(screen)
        await screen.press("j", "j", "enter")
        assert isinstance(screen.app.screen, ChooseScreen)
        assert "<built-in method builtins.sum>" in screen.text
        await screen.press("j", "enter")
        assert (line(screen), screen.viewer.state.place.focus) == (4, LOAD)
        await screen.press("backspace")
        assert (line(screen), screen.viewer.state.place.focus) == (10, WORK)


async def test_enter_on_what_has_no_source_or_no_call_says_so(opened: Open, profile: Profile) -> None:
    async with opened(profile, size=(120, 40)) as screen:
        await at_work(screen)
        await screen.press("j", "j", "enter", "enter")
        assert "names no source file for it" in detail(screen)
        assert screen.viewer.state.place.focus == WORK
        await screen.press("g", "enter")
        assert "nothing that was measured is called on this line" in detail(screen)


async def test_a_callee_without_a_known_line_can_be_gone_to(opened: Open, profile: Profile) -> None:
    async with opened(profile, size=(120, 40)) as screen:
        await at_work(screen)
        await screen.press("j", "j", "j", "j", "j", "j")
        assert detail(screen).strip().startswith("not known where: hook 8.000 ms")
        await screen.press("enter")
        assert screen.viewer.state.place.focus == HOOK
        assert "/nowhere/hook.py is not here; --source-map" in screen.text
        assert any(text.lstrip("▌ ").startswith("Σ51.6%") for text in screen.rows)


async def test_hot_lines_come_in_order_of_their_cost(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await at_work(screen)
        await screen.press("t")
        assert line(screen) == 10
        await screen.press("g", "T")
        assert line(screen) == 10


async def test_long_lines_can_be_read_to_their_end(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await at_work(screen)
        assert "go to the right of it" not in screen.text
        for _ in range(20):
            await screen.press("right")
        assert "go to the right of it" in screen.text
        for _ in range(20):
            await screen.press("h")
        assert grid(screen).offset_x == 0


async def test_the_search_is_in_the_text(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await at_work(screen)
        await screen.press("slash", *"RETURN", "enter")
        assert line(screen) == 12
        await screen.press("n")
        assert line(screen) == 54
        await screen.press("n")
        assert line(screen) == 5
        assert "matches" in detail(screen)


async def test_the_cursor_tells_the_function_in_focus(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await at_work(screen)
        await screen.press("G")
        assert (line(screen), screen.viewer.state.place.focus) == (54, FAR)
        await screen.press("percent_sign")
        assert line(screen) == 54, "another base leaves the cursor alone"
        await screen.press("2", "7")
        assert line(screen) == 54


@pytest.mark.parametrize("key", ["enter", "t", "T", "right", "right left", "l", "l h"])
async def test_each_key_changes_what_one_sees(opened: Open, profile: Profile, key: str) -> None:
    async with opened(profile) as screen:
        await at_work(screen)
        await screen.press("j", "j", "j")
        *before, last = key.split()
        await screen.press(*before)
        lines = screen.lines
        await screen.press(last)
        assert screen.lines != lines


async def test_the_footer_has_room_for_its_keys(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await at_work(screen)
        footer = screen.viewer.query_one(FooterLine).plain()
        assert "Enter Callee" in footer
        assert "t Hot line" in footer


async def test_a_file_that_is_newer_than_the_profile_is_told_once(opened: Open, profile: Profile) -> None:
    os.utime(profile.functions.file[WORK], (4e9, 4e9))
    async with opened(profile, size=(120, 40)) as screen:
        await at_work(screen)
        assert "lines may have moved" in detail(screen)
        await screen.press("j")
        assert "lines may have moved" not in detail(screen)
        assert "source is newer" in detail(screen)


async def test_without_a_function_there_is_nothing_to_show(opened: Open, profile: Profile) -> None:
    view = SourceView()
    assert (view.number, view.title) == (7, "Source")


async def test_costs_by_line_are_read_when_they_are_asked_for(opened: Open) -> None:
    maps = (("/tmp/tiny", str(TINY)),)  # noqa: S108  # where the dump was made
    opening = Opening((str(DATA / "tiny.plain"),), settings=Settings(theme="dark", source_maps=maps))
    opening.reading.result()
    async with opened(opening, size=(120, 40)) as screen:
        assert screen.viewer.session.lined is None
        await screen.press("2", "slash", *"job", "enter", "7")
        lined = screen.viewer.session.lined
        assert lined is not None
        assert lined.parts[0].lines is not None
        [job] = [text for text in screen.lines if "int job(int n)" in text]
        assert "85" in job
        assert "1,738" in job, "1,360 in fib and 378 in even"
        await screen.press("2", "7")
        assert screen.viewer.session.lined is lined, "read once"


# ------------------------------------------------------------------ editor


def script(folder: Path) -> tuple[str, Path]:
    """An editor that writes down how it was called."""
    called = folder / "called"
    program = folder / "vi"
    program.write_text(f"#!{sys.executable}\nimport sys\nopen({str(called)!r}, 'w').write(repr(sys.argv[1:]))\n")
    program.chmod(0o755)
    return shlex.quote(str(program)), called


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program on Windows")
@pytest.mark.parametrize(("keys", "at"), [(["j", "j"], 10), (["2"], 8)])
async def test_the_editor_opens_at_the_line(
    opened: Open, profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: list[str], at: int
) -> None:
    command, called = script(tmp_path)
    monkeypatch.setenv("VISUAL", command)
    async with opened(profile, size=(120, 40)) as screen:
        # the pilot's terminal cannot be left to another program
        monkeypatch.setattr(screen.app, "suspend", nullcontext)
        await at_work(screen)
        await screen.press(*keys)
        await screen.press("o")
        assert called.read_text() == repr([f"+{at}", profile.functions.file[WORK]])


async def test_what_cannot_be_edited_is_said(opened: Open, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with opened(profile, size=(120, 40)) as screen:
        await at_work(screen)
        await screen.press("o")
        assert "no editor is set: put its command into $VISUAL or $EDITOR" in detail(screen)
        monkeypatch.setenv("EDITOR", "vi")
        await screen.press("o")
        assert "this terminal cannot be left to another program" in detail(screen)
        monkeypatch.setenv("EDITOR", "/no/such/editor")
        monkeypatch.setattr(screen.app, "suspend", nullcontext)
        await screen.press("o")
        assert "/no/such/editor does not start" in detail(screen)
        await screen.press("2", "slash", *"hook", "enter", "o")
        assert "/nowhere/hook.py is not here" in detail(screen)


LPROF = Path(__file__).parents[1] / "data" / "lprof" / "lines.lprof"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_hits_stand_beside_the_time_of_lines(opened: Open, size: tuple[int, int]) -> None:
    """As line_profiler's own report has them; M takes them away."""
    async with opened(load(LPROF), size=size) as screen:
        await screen.press("7")
        titles = ["hits", "Per hit", "Func%", "Cost"]
        assert all(title in screen.lines[2] for title in titles)
        assert "35,485" in screen.text
        await screen.press("m", "j", "enter")
        assert (screen.viewer.state.metric, screen.viewer.state.second) == (1, 0), "they change places"
        assert "time" in screen.lines[2]
        await screen.press("m", "k", "enter", "M", "k", "enter")
        assert screen.viewer.state.second is None
        assert "hits" not in screen.lines[2]
