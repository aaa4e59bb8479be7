"""Each thread's stack on screen."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

import pytest

from proftui.live.sampling import Refused
from proftui.live.stacks_now import StackFrame, ThreadStack, Variable
from proftui.tui.screens.stacks import StacksScreen
from proftui.tui.stack_rows import StackRows

if TYPE_CHECKING:
    from tests.tui.conftest import Open, Opened

Take = Callable[[], tuple[ThreadStack, ...]]
Show: TypeAlias = "Callable[..., AbstractAsyncContextManager[Opened]]"

HOSTILE = '"\x1b[31mred [bold]\u202etxet\n"'

WAIT = StackFrame("Condition.wait", "/usr/lib/threading.py", 355, (
    Variable("self", "<Condition at 0x7>", True), Variable("timeout", "None", True), Variable("gotit", "False"),
))  # fmt: skip
MAIN = StackFrame("main", "/srv/app.py", 12, (Variable("text", HOSTILE), Variable("gone")))
MODULE = StackFrame("<module>", "/srv/app.py", 20, ())
NATIVE = StackFrame("epoll_wait", "libc.so.6", 0)
MAIN_THREAD = ThreadStack(7, 0xA, "MainThread", 7, frames=(WAIT, MAIN, MODULE))
BUSY = ThreadStack(7, 0xB, "busy \x1b[0m", 71, active=True, gil=True, frames=(NATIVE,))
LATE = ThreadStack(7, 0xC, None, None, active=True)
STACKS = (MAIN_THREAD, BUSY, LATE)


def texts(rows: StackRows) -> list[tuple[int, str, str]]:
    return [(rows.depth(row), rows.cells(row)[0].text, rows.cells(row)[1].text) for row in range(len(rows))]


def test_frames_stand_below_threads_and_variables_below_frames() -> None:
    assert texts(StackRows(STACKS)) == [
        (0, "MainThread", "idle, thread 7"),
        (1, "Condition.wait", "/usr/lib/threading.py:355"),
        (2, "self (arg)", "<Condition at 0x7>"),
        (2, "timeout (arg)", "None"),
        (2, "gotit", "False"),
        (1, "main", "/srv/app.py:12"),
        (2, "text", '"␛[31mred [bold]\N{REPLACEMENT CHARACTER}txet␊"'),
        (2, "gone", ""),
        (1, "<module>", "/srv/app.py:20"),
        (0, "busy ␛[0m", "active, holds the GIL, thread 71"),
        (1, "epoll_wait", "libc.so.6"),
        (0, "thread 0xc", "active, thread 0xc"),
    ]
    assert texts(StackRows([ThreadStack(7, 1, None, 7)])) == [(0, "main thread", "idle, thread 7")]


def test_rows_open_and_close() -> None:
    rows = StackRows(STACKS)
    assert [rows.parent(row) for row in (0, 1, 4, 6, 9, 10)] == [None, 0, 1, 5, None, 9]
    assert [rows.expandable(row) for row in (0, 1, 2, 8, 10, 11)] == [True, True, False, False, False, False]
    rows.collapse(1)
    assert [text for _, text, _ in texts(rows)][:4] == ["MainThread", "Condition.wait", "main", "text"]
    rows.collapse(0)
    assert [text for _, text, _ in texts(rows)][:2] == ["MainThread", "busy ␛[0m"]
    assert not rows.expanded(0)
    assert rows.expand(0) == 5, "what was closed below it stays so"
    assert rows.expand(1) == 3
    assert rows.expand(1) == 0
    assert rows.expand(2) == 0, "there is nothing below"
    rows.collapse(1)
    rows.collapse(0)
    assert rows.expand_all(0) == 8


def test_of_other_stacks_the_same_rows_are_open_and_found_again() -> None:
    rows = StackRows(STACKS).arranged(variables=False)
    assert len(rows) == 7
    assert rows.expand(1) == 3
    key = rows.key(4)
    deeper = ThreadStack(7, 0xA, "MainThread", 7, frames=(NATIVE, WAIT, MAIN, MODULE))
    later = StackRows((BUSY, deeper)).arranged(variables=False, turned=rows.turned)
    assert texts(later)[later.row_of(key)] == (2, "gotit", "False")
    assert [text for _, text, _ in texts(later)] == [
        "busy ␛[0m", "epoll_wait", "MainThread", "epoll_wait", "Condition.wait", "self (arg)", "timeout (arg)",
        "gotit", "main", "<module>",
    ]  # fmt: skip
    shallow = StackRows((BUSY, ThreadStack(7, 0xA, "MainThread", 7, frames=(MODULE,))))
    assert shallow.row_of(key) == 2, "the thread is there, the frame is not"
    assert StackRows((BUSY,)).row_of(key) == 0


def test_what_is_open_is_searched() -> None:
    rows = StackRows(STACKS)
    assert rows.find("APP.PY").tolist() == [5, 8]
    assert rows.find("false").tolist() == [4]
    assert rows.find("").tolist() == []
    rows.collapse(1)
    assert rows.find("false").tolist() == []


def test_of_several_processes_each_thread_says_its_own() -> None:
    rows = StackRows((MAIN_THREAD, ThreadStack(8, 0xA, "MainThread", 8)))
    assert [value for depth, _, value in texts(rows) if depth == 0] == [
        "idle, thread 7, process 7", "idle, thread 8, process 8",
    ]  # fmt: skip


# ---------------------------------------------------------------------- the screen


@pytest.fixture
def show(opened: Open) -> Show:
    """Opens the screen over what `take` gives."""

    @asynccontextmanager
    async def open_screen(
        take: Take, size: tuple[int, int] = (80, 24), *, settle: bool = True
    ) -> AsyncIterator[Opened]:
        async with opened(size=size) as screen:
            screen.app.push_screen(StacksScreen(take))
            if settle:
                await screen.settle()
            yield screen

    return open_screen


def giving(*answers: Sequence[ThreadStack] | Exception) -> Take:
    """Gives one after the other, the last again and again."""
    left = list(answers)

    def take() -> tuple[ThreadStack, ...]:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return tuple(answer)

    return take


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_all_of_it_stands_there(show: Show, size: tuple[int, int]) -> None:
    async with show(giving(STACKS), size) as screen:
        title, _, *rows = screen.lines
        assert title.split("  ")[0].startswith(" Stacks at ")
        assert "3 threads  2 active, 1 idle  busy ␛[0m holds the GIL" in title
        assert rows[0] == f"▌▾ MainThread{rows[0].split('MainThread')[1]}"
        assert rows[0].endswith("idle, thread 7")
        assert " │ ▾ Condition.wait" in rows[1]
        assert rows[1].endswith("/usr/lib/threading.py:355")
        assert " │ │   self (arg)" in rows[2]
        assert "\x1b" not in screen.text
        assert "\u202e" not in screen.text
        assert "Python's 0xa" in screen.lines[-2]
        for key in ("Enter Open", "/ Find", "y Copy, Y all", "v Locals", "R Again", "Esc Close", "? Help"):
            assert key in screen.lines[-1]
        assert "Path" not in screen.lines[-1]


async def test_keys_open_and_close(show: Show) -> None:
    async with show(giving(STACKS)) as screen:
        await screen.press("v")
        assert len([line for line in screen.lines[2:-2] if line]) == 7
        await screen.press("j", "l")
        assert "self (arg)" in screen.text
        await screen.press("h", "h")
        assert screen.lines[2].startswith("▌")
        await screen.press("enter")
        assert "Condition.wait" not in screen.text
        await screen.press("enter", "v", "G")
        assert "thread 0xc" in screen.lines[-2]
        await screen.press("g")
        assert screen.lines[2].startswith("▌")


async def test_variables_hidden_and_shown_keep_the_cursor(show: Show) -> None:
    async with show(giving(STACKS)) as screen:
        await screen.press("down", "down", "down", "down", "down", "down")
        assert screen.lines[-2].startswith(' local text = "␛[31mred')
        await screen.press("v")
        assert screen.lines[-2] == " main  /srv/app.py:12"
        await screen.press("v")
        assert screen.lines[-2] == " main  /srv/app.py:12"


async def test_taken_again_the_cursor_stays_with_its_frame(show: Show) -> None:
    deeper = ThreadStack(7, 0xA, "MainThread", 7, active=True, frames=(NATIVE, WAIT, MAIN, MODULE))
    async with show(giving(STACKS, (BUSY, deeper))) as screen:
        await screen.press("down", "down", "down", "down", "down", "R")
        assert screen.lines[-2] == " main  /srv/app.py:12"
        assert "2 threads  2 active, 0 idle" in screen.lines[0]


async def test_a_search_finds_values(show: Show) -> None:
    async with show(giving(STACKS)) as screen:
        await screen.press("slash", *"fals")
        assert screen.lines[-2].startswith(" local gotit = False")
        assert screen.lines[-2].endswith("match 1 of 1")
        await screen.press("escape")
        assert screen.lines[2].startswith("▌")
        await screen.press("slash", *"app.py", "enter", "n")
        assert screen.lines[-2].endswith("match 2 of 2")
        await screen.press("N")
        assert screen.lines[-2].endswith("match 1 of 2")
        await screen.press("escape")
        assert "match" not in screen.lines[-2]
        assert isinstance(screen.app.screen, StacksScreen)
        await screen.press("slash", *"nowhere", "enter")
        assert screen.lines[-2].endswith("no match")


async def test_copying(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proftui.tui.screens.page.program", lambda: None)
    async with show(giving(STACKS)) as screen:
        await screen.press("down", "y")
        assert screen.app.clipboard == "Condition.wait  /usr/lib/threading.py:355"
        assert "sent to the terminal" in screen.lines[-2]
        await screen.press("Y")
        lines = screen.app.clipboard.splitlines()
        assert lines[:4] == [
            "Process 7",
            'Thread 7 (idle): "MainThread"',
            "    Condition.wait (/usr/lib/threading.py:355)",
            "        Arguments:",
        ]
        assert '            text: "␛[31mred [bold]\N{REPLACEMENT CHARACTER}txet␊"' in lines


REFUSED = Refused("process 7 belongs to another user \x1b[1m and may not be looked at", "sudo " + "very " * 12 + "long")


async def test_a_refusal_is_a_sentence_in_place(show: Show) -> None:
    async with show(giving(REFUSED, STACKS, REFUSED)) as screen:
        text = " ".join(screen.text.split())
        assert "process 7 belongs to another user ␛[1m and may not be looked at; try: sudo very" in text
        assert "very long" in text
        assert "Copy" not in screen.lines[-1]
        assert "R Again" in screen.lines[-1]
        await screen.press("slash", "y", "v", "enter")
        await screen.press("R")
        assert "belongs" not in screen.text
        assert "MainThread" in screen.text
        await screen.press("R")
        assert "belongs" in screen.text
        assert "MainThread" in screen.text, "what was taken before stays"
        assert "Stacks at" in screen.lines[0]


async def test_the_screen_answers_while_they_are_taken(show: Show) -> None:
    release, calls = threading.Event(), []

    def take() -> tuple[ThreadStack, ...]:
        calls.append(1)
        release.wait(30)
        return STACKS

    async with show(take, settle=False) as screen:
        await screen.until(lambda: calls)
        await screen.pilot.press("R", "R")
        assert "looking at each thread" in screen.text
        release.set()
        await screen.settle()
        assert "MainThread" in screen.text
        assert len(calls) == 1


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_it_closes_even_while_they_are_taken(show: Show, key: str) -> None:
    release = threading.Event()

    def take() -> tuple[ThreadStack, ...]:
        release.wait(30)
        return STACKS

    async with show(take, settle=False) as screen:
        await screen.until(lambda: "looking at" in screen.text)
        await screen.pilot.press(key)
        await screen.until(lambda: not isinstance(screen.app.screen, StacksScreen))
        release.set()
        await screen.settle()
        assert screen.app.is_running
