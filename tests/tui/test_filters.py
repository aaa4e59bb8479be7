"""Filters in the viewer: the dialog, the chips, undo and redo, and what exports write. Figures are counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from proftui.model import CallTree, Frames, Functions, Metric, Origin, Part, Profile
from proftui.tui.widgets.bars import TitleLine
from proftui.tui.widgets.chips import ChipLine
from proftui.units import SAMPLES

if TYPE_CHECKING:
    from tests.tui.conftest import Open, Opened

MAIN, LOAD, JSON, WALK, STEP, OTHER, IDLE = range(7)
FUNCTIONS = Functions.of([
    ("main", "/srv/app/main.py", 1, ""), ("load", "/srv/app/main.py", 10, ""),
    ("loads", "/usr/lib/python3.11/json/__init__.py", 299, ""), ("walk", "/srv/app/walk.py", 1, ""),
    ("step", "/srv/app/walk.py", 9, ""), ("other", "/srv/app/other.py", 1, ""),
    ("idle", "/venv/lib/python3.11/site-packages/idler.py", 5, ""),
])  # fmt: skip
STACKS = [
    ([MAIN, LOAD, JSON], [4]), ([MAIN, LOAD], [2]), ([MAIN, WALK, STEP], [3]), ([MAIN], [1]), ([OTHER, IDLE], [5]),
]  # fmt: skip


@pytest.fixture
def sampled() -> Profile:
    frames = Frames(np.arange(7, dtype=np.int32), FUNCTIONS.line)
    tree = CallTree.of_stacks(STACKS, frames)
    part = Part("run", tree.to_graph(), tree=tree)
    return Profile(
        "run.folded", Origin("run.folded", "folded", "sampled"), (Metric("samples", SAMPLES),), FUNCTIONS, (part,)
    )


def chips(screen: Opened) -> str:
    line = screen.viewer.query_one(ChipLine)
    return line.plain().strip() if line.display else ""


def title(screen: Opened) -> str:
    return screen.viewer.query_one(TitleLine).plain()


def own(screen: Opened) -> dict[str, int]:
    """The self cost of each function in the functions view."""
    rows = screen.grid.rows
    records = [rows.record(row) for row in range(len(rows))]
    return {record["name"]: int(record["self"]["samples"]) for record in records}


async def test_a_typed_filter_narrows_every_view(opened: Open, sampled: Profile) -> None:
    async with opened(sampled) as screen:
        await screen.press("2", "f", *"focus:name=load", "enter")
        assert chips(screen).startswith("[focus:name=load ×]")
        assert own(screen) == {"loads": 4, "load": 2, "main": 0}
        assert "6 of 15" in title(screen)
        await screen.press("4", "asterisk")
        assert "walk" not in screen.text
        assert "loads" in screen.text


async def test_only_my_code_gives_libraries_cost_to_their_callers_and_back(opened: Open, sampled: Profile) -> None:
    async with opened(sampled) as screen:
        await screen.press("2", "c")
        assert chips(screen).startswith("[my-code ×]")
        assert own(screen) == {"load": 6, "other": 5, "step": 3, "main": 1, "walk": 0}
        await screen.press("c")
        assert chips(screen) == ""
        assert own(screen)["loads"] == 4


async def test_filters_can_be_undone_and_redone(opened: Open, sampled: Profile) -> None:
    async with opened(sampled) as screen:
        await screen.press("2", "f", *"ignore:idle", "enter", "f", *"hide:name=^load$", "enter")
        both = {"loads": 4, "main": 3, "step": 3, "walk": 0}
        assert own(screen) == both
        await screen.press("u")
        assert own(screen) == {"loads": 4, "load": 2, "step": 3, "main": 1, "walk": 0}
        await screen.press("u")
        assert chips(screen) == ""
        await screen.press("U", "U")
        assert own(screen) == both


async def test_a_click_on_a_chip_removes_its_filter(opened: Open, sampled: Profile) -> None:
    async with opened(sampled, size=(120, 40)) as screen:
        await screen.press("2", "f", *"ignore:idle", "enter", "f", *"focus:walk", "enter")
        await screen.click("ChipLine", 20, 0)
        assert chips(screen).startswith("[ignore:idle ×]  ") or chips(screen).endswith("undo")
        assert [str(one) for one in screen.viewer.state.filters] == ["ignore:idle"]


async def test_the_dialog_offers_what_one_may_want_of_the_function_in_focus(opened: Open, sampled: Profile) -> None:
    async with opened(sampled, size=(120, 40)) as screen:
        await screen.press("2", "slash", *"load", "enter", "f")
        assert "hide loads" in screen.text
        assert "hide module json" in screen.text
        await screen.press("down", "down", "enter")
        assert [str(one) for one in screen.viewer.state.filters] == ["focus:name=^loads$"]
        await screen.press("f", "down", "enter")
        assert screen.viewer.state.filters == ()


async def test_what_is_no_filter_is_told_and_can_be_mended(opened: Open, sampled: Profile) -> None:
    async with opened(sampled) as screen:
        await screen.press("f", *"focus:(", "enter")
        assert "no regular expression" in screen.text
        await screen.press("backspace", *"walk", "enter")
        assert [str(one) for one in screen.viewer.state.filters] == ["focus:walk"]


async def test_escape_leaves_filters_as_they_are(opened: Open, sampled: Profile) -> None:
    async with opened(sampled) as screen:
        await screen.press("f", *"walk", "escape")
        assert screen.viewer.state.filters == ()
        assert len(screen.app.screen_stack) == 2


async def test_a_filter_that_leaves_nothing_shows_nothing_and_goes_again(opened: Open, sampled: Profile) -> None:
    async with opened(sampled) as screen:
        await screen.press("2", "f", *"focus:nowhere", "enter")
        assert "0 of 15" in title(screen)
        for view in "345":
            await screen.press(view)
        await screen.press("u", "2")
        assert own(screen)["loads"] == 4


async def test_an_export_writes_what_the_filters_leave_or_all(
    opened: Open, sampled: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(sampled) as screen:
        await screen.press("f", *"ignore:idle", "enter", "e")
        assert "through 1 filter" in screen.text
        await screen.press("enter", "enter")
        await screen.press("e", "ctrl+f")
        assert "without 1 filter" in screen.text
        await screen.press("tab", "home", *"all-", "enter")
    written = {path.name: path.read_bytes() for path in tmp_path.glob("*run*")}
    assert len(written) == 2
    assert any(name.startswith("all-") for name in written)
    for name, text in written.items():
        assert (b"idle" in text) == name.startswith("all-")


async def test_an_export_of_filtered_call_graphs_says_that_it_is_estimated(
    opened: Open, profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(profile, size=(120, 40)) as screen:
        await screen.press("f", *"ignore:name=^load$", "enter", "e", "enter", "enter")
        assert "estimated behind the filters" in screen.text


@pytest.mark.parametrize("view", "123456")
async def test_where_filters_leave_nothing_they_are_named_as_the_reason(
    opened: Open, sampled: Profile, view: str
) -> None:
    async with opened(sampled) as screen:
        await screen.press("2", "f", *"focus:nobody", "enter", view)
        reasons = [line for line in screen.lines if "behind the filters" in line]
        assert reasons, screen.text
        assert "u undoes" in reasons[0]
        assert "recorded" not in screen.text.replace("recorded the", "")
        await screen.press("u")
        assert "behind the filters" not in screen.text


async def test_nothing_can_be_searched_in_every_view(
    opened: Open, sampled: Profile, many: Callable[[int], Profile]
) -> None:
    """Of a profile without functions, and where filters leave none, grouped or not."""
    for profile, narrowed in ((many(0), ()), (sampled, ("f", *"focus:nobody", "enter"))):
        async with opened(profile) as screen:
            await screen.press("2", *narrowed, "b", "slash", "a", "enter", "n", "escape", "b")
            for view in "12345678":
                await screen.press(view, "slash", "a", "enter", "n", "N", "escape")
            assert screen.app._exception is None
