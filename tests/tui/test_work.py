"""Work that takes long: the screen answers meanwhile, the newest wins, Escape gives up."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from proftui.report.functions import FunctionRows
from proftui.tui.session import Session
from proftui.tui.state import Sort, ViewState
from proftui.tui.widgets.bars import DetailLine

if TYPE_CHECKING:
    from proftui.model import Profile
    from tests.tui.conftest import Open, Opened


class Gate:
    """Holds the making of rows until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        self.begun: list[Sort | None] = []
        make = Session.functions

        def gated(session: Session, state: ViewState) -> FunctionRows:
            self.begun.append(state.sort())
            assert self.open.wait(30)
            return make(session, state)

        monkeypatch.setattr(Session, "functions", gated)


def detail(screen: Opened) -> str:
    return screen.viewer.query_one(DetailLine).plain().strip()


async def test_the_old_rows_answer_while_new_ones_are_made(
    opened: Open, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(profile) as screen:
        gate = Gate(monkeypatch)
        await screen.pilot.press("s")
        await screen.until(lambda: detail(screen) == "working ... Esc cancels")
        await screen.pilot.press("j")
        await screen.until(lambda: detail(screen).startswith("step"))
        gate.open.set()
        await screen.settle()
        assert "Incl%▼" in screen.text


async def test_the_newest_wish_wins(opened: Open, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(profile) as screen:
        gate = Gate(monkeypatch)
        await screen.pilot.press("s", "s", "s")
        gate.open.set()
        await screen.settle()
        assert gate.begun == [Sort("inclusive"), Sort("self_per_call")], "what lay between was never begun"
        assert screen.viewer.shown is not None
        assert screen.viewer.shown.sort() == Sort("self_per_call")


async def test_escape_gives_up_and_all_is_as_before(
    opened: Open, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(profile) as screen:
        gate = Gate(monkeypatch)
        before = screen.lines
        await screen.pilot.press("s")
        await screen.pilot.press("escape")
        assert detail(screen) == "stopped; this is as it was before"
        gate.open.set()
        await screen.settle()
        assert screen.viewer.state.sort() == Sort("self")
        await screen.press("j", "k")
        assert screen.lines == before


async def test_leaving_does_not_wait_for_work(opened: Open, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(profile) as screen:
        gate = Gate(monkeypatch)
        await screen.pilot.press("s", "q")
        await screen.pilot.pause()
        assert not screen.app.is_running
        gate.open.set()
