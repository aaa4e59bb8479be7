"""The list of processes to attach to: a tree that is sorted, cut, and looked at anew under a cursor that stays."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from time import time

import pytest

from proftui.live.processes import Process
from proftui.tui.app import ProftuiApp
from proftui.tui.process_rows import SORTS, ProcessRows, age, sorted_by
from proftui.tui.screens import pick
from proftui.tui.screens.pick import PickScreen
from proftui.tui.settings import Settings
from tests.tui.conftest import Opened

MIB = 2.0**20
DAY = 86400.0


def process(
    pid: int, what: str, parent: int | None = None, cpu: float | None = 0.0, *, memory: float = MIB, old: float = 60.0,
    version: str | None = "3.12", user: str = "ann", environment: str | None = None,
) -> Process:  # fmt: skip
    return Process(
        pid, parent, user, cpu, memory, time() - old, version, environment, what, f"/usr/bin/python3 {what}"
    )  # fmt: skip


WEB = process(100, "gunicorn shop.wsgi:app", memory=50 * MIB, old=20 * DAY, environment="/srv/shop/.venv")
IDLE = process(101, "worker of gunicorn shop.wsgi:app", 100, memory=60 * MIB, old=9.5 * DAY)
BUSY = process(102, "worker of gunicorn shop.wsgi:app", 100, 0.97, memory=70 * MIB, old=9.4 * DAY)
JOB = process(200, "nightly.py", cpu=0.31, memory=500 * MIB, old=1.5 * DAY, version="3.9", user="bob")
NEW = process(300, "-c import \x1b[31mtime", cpu=None, old=0.1 * DAY, version=None)
ALL = (WEB, IDLE, BUSY, JOB, NEW)


def order(sort: str, needle: str = "", *, reverse: bool = False) -> list[int]:
    by = sorted_by(sort)
    rows = ProcessRows(ALL, by.reversed() if reverse else by, needle)
    return [rows.process(row).pid for row in range(len(rows))]


def test_families_stand_where_their_first_belongs() -> None:
    assert order("cpu") == [100, 102, 101, 200, 300]
    assert order("cpu", reverse=True) == [300, 100, 101, 102, 200]
    assert order("memory") == [200, 100, 102, 101, 300]
    assert order("pid") == [100, 101, 102, 200, 300]
    assert order("age") == [100, 101, 102, 200, 300]
    assert order("python") == [100, 101, 102, 200, 300], "3.12 is above 3.9"
    assert order("user", reverse=True) == [200, 100, 101, 102, 300]
    assert order("what") == [300, 100, 101, 102, 200]


def test_depth_is_that_below_who_is_there() -> None:
    rows = ProcessRows(ALL, sorted_by("pid"))
    assert [rows.depth(row) for row in range(len(rows))] == [0, 1, 1, 0, 0]
    rows = ProcessRows(ALL, sorted_by("pid"), "worker")
    assert [(rows.process(row).pid, rows.depth(row)) for row in range(len(rows))] == [(101, 0), (102, 0)]


@pytest.mark.parametrize(("needle", "pids"), [("NIGHT", [200]), ("bob", [200]), ("/srv/shop", [100]), ("30", [300])])
def test_filter_looks_at_all_that_tells_a_process(needle: str, pids: list[int]) -> None:
    assert order("pid", needle) == pids


def test_unknown_is_blank() -> None:
    rows = ProcessRows(ALL, sorted_by("pid"))
    cells = [cell.text for cell in rows.cells(4)]
    assert cells == ["300", "ann", "", "1.000 MiB", "2 h", "", "", "-c import ␛[31mtime"]
    assert [cell.text for cell in rows.cells(3)] == [
        "200",
        "bob",
        "31.0%",
        "500.0 MiB",
        "1 d",
        "3.9",
        "",
        "nightly.py",
    ]


def test_age_is_told_in_its_largest_unit() -> None:
    assert [age(seconds) for seconds in (0.4, 59.0, 60.0, 7199.0, 3 * DAY)] == [
        "0 s",
        "59 s",
        "1 min",
        "1 h",
        "3 d",
    ]


class Picking(Opened):
    """The list; `now` is what it sees when it looks again, `chosen` what it said."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.now: Sequence[Process] = ALL
        self.chosen: list[int] = []

    @property
    def pids(self) -> list[int]:
        """Of the rows on screen."""
        grid = self.picker.grid
        lines = (grid.render_line(y).text.lstrip("▌ ").split() for y in range(1, grid.size.height))
        return [int(words[0]) for words in lines if words and words[0].isdigit()]

    @property
    def picker(self) -> PickScreen:
        """The screen."""
        screen = self.app.screen
        assert isinstance(screen, PickScreen)
        return screen

    @property
    def at(self) -> int:
        """The process under the cursor."""
        return self.picker.grid.rows.process(self.picker.grid.cursor).pid

    async def look(self, *now: Process) -> None:
        """Let it see these."""
        self.now = now
        await self.press("R")


Pick = Callable[..., AbstractAsyncContextManager[Picking]]


@pytest.fixture
def picking(monkeypatch: pytest.MonkeyPatch) -> Pick:
    """Opens the list, which looks again only when R is pressed."""
    monkeypatch.setattr(pick, "EVERY", 3600.0)
    monkeypatch.setattr(pick, "SOON", 3600.0)

    @asynccontextmanager
    async def open_list(*now: Process, size: tuple[int, int] = (120, 20), sentence: str = "") -> AsyncIterator[Picking]:
        seen: list[Picking] = []
        chosen: list[int] = []

        async def attach(pid: int) -> None:
            chosen.append(pid)

        app = ProftuiApp(settings=Settings(theme="dark"))
        monkeypatch.setattr(app, "_start", lambda: PickScreen(lambda: seen[0].now if seen else now, sentence=sentence))
        monkeypatch.setattr(app, "_attach_to", attach)
        async with app.run_test(size=size) as pilot:
            screen = Picking(app, pilot)
            screen.now, screen.chosen = now, chosen
            seen.append(screen)
            await screen.settle()
            yield screen

    return open_list


async def test_what_is_known_stands_on_screen(picking: Pick) -> None:
    async with picking(*ALL) as screen:
        assert "5 processes" in screen.lines[0]
        titles = "PID User CPU▼ Memory Age Python Environment What it runs"
        assert screen.lines[1].split() == titles.split()
        assert screen.lines[3].split()[:3] == ["102", "ann", "97.0%"]
        assert "/srv/shop/.venv" in screen.lines[2]
        assert "\x1b" not in screen.text
        # children stand further to the right
        assert screen.lines[3].index("worker") == screen.lines[2].index("gunicorn") + 4
        assert "Enter Attach" in screen.lines[-1]
        assert "/usr/bin/python3 gunicorn shop.wsgi:app" in screen.lines[-2]


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_what_runs_is_told_at_any_size(picking: Pick, size: tuple[int, int]) -> None:
    async with picking(*ALL, size=size) as screen:
        assert "gunicorn shop.wsgi:app" in screen.text
        assert "nightly.py" in screen.text
        assert "97.0%" in screen.text
        assert ("/srv/shop/.venv" in screen.text) == (size[0] > 80)


async def test_enter_says_which_process_it_is(picking: Pick) -> None:
    async with picking(*ALL) as screen:
        await screen.press("j", "enter")
        assert screen.chosen == [102]


async def test_the_cursor_stays_on_its_process(picking: Pick) -> None:
    async with picking(*ALL) as screen:
        await screen.press("j", "j", "j")
        assert screen.at == 200
        line = screen.picker.grid.cursor
        await screen.look(WEB, replace(JOB, cpu=1.5), BUSY, process(50, "other.py", cpu=1.2))
        assert screen.pids[0] == 200
        assert screen.at == 200
        assert screen.picker.grid.cursor != line


async def test_the_cursor_stays_on_its_line_where_its_process_is_gone(picking: Pick) -> None:
    async with picking(*ALL) as screen:
        await screen.press("j")
        await screen.look(WEB, IDLE, JOB)
        assert screen.picker.grid.cursor == 1
        assert screen.at == 100
        await screen.look()
        await screen.look(JOB)
        assert screen.at == 200


async def test_until_it_is_moved_the_cursor_is_on_the_first(picking: Pick) -> None:
    async with picking(*ALL) as screen:
        await screen.look(replace(JOB, cpu=3.0), WEB, BUSY)
        assert screen.at == 200


async def test_keys_sort(picking: Pick) -> None:
    async with picking(*ALL) as screen:
        await screen.press("s")
        assert "Memory▼" in screen.lines[1]
        assert screen.pids == [200, 100, 102, 101, 300]
        await screen.press("r")
        assert "Memory▲" in screen.lines[1]
        assert screen.pids == [300, 100, 101, 102, 200]
        await screen.press("S", "S")
        assert "User▲" in screen.lines[1]
        await screen.press(*["s"] * len(SORTS))
        assert "User▲" in screen.lines[1]


async def test_a_click_on_a_title_sorts(picking: Pick) -> None:
    async with picking(*ALL) as screen:
        column = screen.lines[1].index("Python")
        await screen.click("ProcessGrid", column, 0)
        assert "Python▼" in screen.lines[1]
        await screen.click("ProcessGrid", column, 0)
        assert "Python▲" in screen.lines[1]


async def test_filter_as_one_types(picking: Pick) -> None:
    async with picking(*ALL) as screen:
        await screen.press("slash", *"work")
        assert screen.pids == [102, 101]
        assert "with 'work'" in screen.lines[0]
        await screen.press("enter", "j", "j", "enter")
        assert screen.chosen == [101]
        await screen.look(IDLE, BUSY, JOB)
        assert screen.pids == [102, 101]
        await screen.press("escape")
        assert len(screen.pids) == 3
        await screen.press("slash", *"nightly", "escape")
        assert len(screen.pids) == 3, "given up"


async def test_filter_that_nothing_passes_says_so(picking: Pick) -> None:
    async with picking(*ALL) as screen:
        await screen.press("slash", *"zzz", "enter")
        assert "no process has 'zzz': Esc shows all" in screen.text
        await screen.press("enter")
        assert screen.chosen == []


async def test_without_processes_it_says_what_to_try(picking: Pick) -> None:
    async with picking() as screen:
        assert "no Python process runs here" in screen.text
        assert "proftui run program.py" in screen.text
        await screen.press("enter", "s", "r", "j")
        assert screen.chosen == []
        await screen.look(JOB)
        assert screen.pids == [200]


async def test_what_went_wrong_before_is_said(picking: Pick) -> None:
    async with picking(*ALL, sentence="there is no process 7; proftui attach") as screen:
        assert "there is no process 7" in screen.text


async def test_it_looks_again_by_itself(picking: Pick, monkeypatch: pytest.MonkeyPatch) -> None:
    async with picking(*ALL) as screen:
        monkeypatch.setattr(pick, "EVERY", 0.01)
        again = PickScreen(lambda: screen.now)
        await screen.app.switch_screen(again)
        await screen.until(lambda: screen.pids)
        screen.now = (JOB,)
        await screen.until(lambda: screen.pids == [200])
        await screen.app.switch_screen(PickScreen(lambda: ()))
