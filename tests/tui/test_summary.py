"""The summary view: what it says, where its items lead, and that it follows what is looked at."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from proftui.model import CallGraph, Functions, Part, Profile, Series
from proftui.report.summary import Summary
from proftui.report.summary_page import Page, Placed
from proftui.tui.views.summary import SummaryView
from proftui.tui.widgets.bars import TitleLine
from proftui.tui.widgets.summary_page import SummaryPage
from proftui.units import BYTES
from tests.tui.conftest import LEAF, MAIN, STEP, WALK

if TYPE_CHECKING:
    from tests.tui.conftest import Open, Opened


def drawn(screen: Opened) -> Page:
    """What is drawn."""
    shown = page(screen).page
    assert shown is not None
    return shown


def page(screen: Opened) -> SummaryPage:
    view = screen.viewer.view
    assert isinstance(view, SummaryView)
    return view.face


def current(screen: Opened) -> Placed:
    """The item under the cursor, and where it stands."""
    placed = page(screen).current
    assert placed is not None
    return placed


def under_cursor(screen: Opened) -> tuple[str, ...]:
    """The lines that bear the cursor's mark."""
    return tuple(line.strip("▌ ") for line in screen.lines if "▌" in line)


async def go_to(screen: Opened, section: str, function: int) -> None:
    """Put the cursor on the item of a section that is about a function."""
    for _ in range(60):
        item = current(screen).item
        if isinstance(item.key, tuple) and item.key[0] == section and item.function == function:
            return
        await screen.press("j")
    raise AssertionError(f"no {section} of {function}")


async def test_one_screen_of_80_by_24_holds_the_essential(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("1")
        text = screen.text
        assert "run.prof: pstats, traced: each call was seen" in text
        assert "time 20.00 ms, memory 15.63 KiB, 7 functions, 11 calls (10 primitive), 2 parts" in text
        assert "command: python run.py, by hand" in text
        assert "Most self cost  5 of 7 functions" in text
        assert [line.split()[:2] for line in screen.lines if line.strip("▌ ").startswith("30.0%")] != []
        assert "Findings" in text


async def test_enter_on_a_function_dives_and_backspace_comes_back(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("1")
        await go_to(screen, "self", LEAF)
        await screen.press("enter")
        assert (screen.viewer.state.place.view, screen.viewer.state.place.focus) == ("neighbours", LEAF)
        await screen.press("backspace")
        assert screen.viewer.state.place.view == "summary"
        assert "leaf" in under_cursor(screen)[0]


async def test_enter_on_a_step_goes_to_its_row_of_the_tree(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("1", "C")  # without cycles the path is one of functions
        await go_to(screen, "path", WALK)
        await screen.press("enter")
        view = screen.viewer.view
        assert view is not None
        assert (screen.viewer.state.place.view, view.row()) == ("tree", (MAIN, WALK))


async def test_enter_on_a_package_goes_to_its_functions(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("1", "G")
        assert current(screen).item.group == "srv.app"
        await screen.press("enter")
        assert (screen.viewer.state.place.view, screen.viewer.state.group) == ("functions", "package")
        assert screen.viewer.view is not None
        assert screen.viewer.view.row() == ("srv.app", "")
        await screen.press("backspace")
        assert screen.viewer.state.place.view == "summary"
        await screen.press("2")
        assert screen.viewer.state.group == "function"


async def test_back_and_forward_bring_grouped_rows_back(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("1", "G", "enter", "b", "2", "4", "2")
        assert screen.viewer.state.group == "directory"
        await screen.press("backspace", "backspace", "backspace")
        assert (screen.viewer.state.place.view, screen.viewer.state.group) == ("summary", "function")
        await screen.press("greater_than_sign")
        assert (screen.viewer.state.place.view, screen.viewer.state.group) == ("functions", "directory")


async def test_the_cursor_moves_over_items_and_brings_them_on_screen(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("1")
        places = [page(screen).cursor]
        for key in ("j", "down", "k", "G", "g", "pagedown", "pageup", "end", "home"):
            await screen.press(key)
            places.append(page(screen).cursor)
            assert under_cursor(screen), key
        last = len(drawn(screen).items) - 1
        assert places[:6] == [0, 1, 2, 1, last, 0]
        assert 0 < places[6] < last
        assert places[7:] == [0, last, 0]
        assert "run.prof: pstats" in screen.text, "what stands above the first item is on screen with it"


async def test_columns_at_120_by_40(opened: Open, profile: Profile) -> None:
    async with opened(profile, size=(120, 40)) as screen:
        await screen.press("1")
        assert any("Findings" in line and "Most self cost" in line for line in screen.lines)
        await screen.press("l")
        assert current(screen).column == 1
        await screen.press("h")
        assert current(screen).column == 0


async def test_three_columns_at_200_by_60_and_one_after_shrinking(opened: Open, profile: Profile) -> None:
    async with opened(profile, size=(200, 60)) as screen:
        await screen.press("1", "l", "l")
        assert current(screen).column == 2
        key = current(screen).item.key
        await screen.pilot.resize_terminal(80, 24)
        await screen.until(lambda: drawn(screen).cells < 100)
        assert current(screen).item.key == key
        assert under_cursor(screen)


async def test_it_follows_parts_metric_and_base(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("1", "percent_sign")
        assert "5.000 ms" in screen.text
        assert "25.0%" not in "\n".join(screen.lines[6:12])
        await screen.press("percent_sign")
        screen.viewer.change(replace(screen.viewer.state, parts=(1,)))
        await screen.settle()
        assert "time 4.000 ms, memory 7.000 B, 1 function, 1 call, 1 of 2 parts" in screen.text
        screen.viewer.change(replace(screen.viewer.state, parts=None, metric=1))
        await screen.settle()
        assert "memory 15.63 KiB, time 20.00 ms" in screen.text
        assert "the rules judge time and samples, not memory" in screen.text


async def test_the_function_in_focus_follows_the_cursor(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("1")
        await go_to(screen, "self", STEP)
        await screen.press("2")
        assert screen.viewer.view is not None
        assert screen.viewer.view.function() == STEP


async def test_searching_its_lines(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("1", "slash", *"walk", "enter")
        first = page(screen).cursor
        assert "walk" in under_cursor(screen)[0]
        assert f"1 of {len(page(screen).matches)} matches" in screen.text
        await screen.press("n")
        assert page(screen).cursor != first
        await screen.press("N")
        assert page(screen).cursor == first
        await screen.press("escape")
        assert page(screen).needle == ""


async def test_a_click_selects_and_a_double_click_goes(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("1")
        placed = next(item for item in drawn(screen).items if item.item.function == LEAF)
        await screen.click("SummaryPage", 20, placed.top)
        assert current(screen) is placed
        await screen.click("SummaryPage", 20, placed.top, times=2)
        assert screen.viewer.state.place.view == "neighbours"


async def test_what_takes_long_is_drawn_when_it_is_there(
    opened: Open, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, finish = threading.Event(), Summary.finish

    def wait(summary: Summary) -> None:
        go.wait(10)
        finish(summary)

    monkeypatch.setattr("proftui.report.summary.QUICK", -1)
    monkeypatch.setattr(Summary, "finish", wait)
    async with opened(profile) as screen:
        await screen.pilot.press("1")
        await screen.until(lambda: "Most self cost" in screen.text)
        assert screen.lines[screen.lines.index(" Findings") + 1].split()[0] == "..."
        await screen.pilot.press("j")
        go.set()
        await screen.until(lambda: "nothing that the rules know stands out" in screen.text)
        assert page(screen).cursor == 1


async def test_copying_the_name_and_all_lines(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("1")
        view = screen.viewer.view
        assert isinstance(view, SummaryView)
        assert view.named() == "load"
        assert any(line.startswith(" Heaviest path") for line in view.lines())


async def test_plots_leave_what_stands_above_and_the_first_item_on_screen(opened: Open, profile: Profile) -> None:
    memory = Series("memory", BYTES, np.array([0.0, 1.0]), np.array([1.0, 2.0]) * 2**20)
    async with opened(replace(profile, series=(memory,) * 4)) as screen:
        await screen.press("1")
        assert "run.prof: pstats" in screen.text
        assert page(screen).cursor == 0
        assert under_cursor(screen)
        await screen.press("G", "g")
        assert "run.prof: pstats" in screen.text
        assert under_cursor(screen)


async def test_a_page_of_plots_alone_is_scrolled_by_the_keys(opened: Open, profile: Profile) -> None:
    memory = Series("memory", BYTES, np.array([0.0, 1.0]), np.array([1.0, 2.0]) * 2**20)
    series = tuple(replace(memory, label=f"memory {number}") for number in range(4))
    alone = replace(
        profile, functions=Functions.of([]), metrics=profile.metrics[1:], parts=(Part("m", CallGraph.empty(1)),),
        series=series,
    )  # fmt: skip
    async with opened(alone) as screen:
        await screen.press("1")
        assert "memory 0: peak" in screen.text
        assert "memory 3: peak" not in screen.text
        offsets = []
        for key in ("j", "k", "pagedown", "pageup", "G", "g"):
            await screen.press(key)
            offsets.append(page(screen).scroll_offset.y)
            if key == "G":
                assert "memory 3: peak" in screen.text
        longest = len(drawn(screen).lines) - page(screen).size.height
        assert offsets == [1, 0, longest, 0, longest, 0]


async def test_of_memory_over_time_alone_there_is_a_plot_and_no_view_fails(opened: Open, profile: Profile) -> None:
    memory = Series("memory", BYTES, np.array([0.0, 1.0]), np.array([1.0, 2.0]) * 2**20)
    alone = replace(
        profile, functions=Functions.of([]), metrics=profile.metrics[1:], parts=(Part("m", CallGraph.empty(1)),),
        series=(memory,),
    )  # fmt: skip
    async with opened(alone, size=(120, 40)) as screen:
        await screen.press("1")
        assert "Over time" in screen.text
        assert "peak 2.000 MiB at 1.000 s" in screen.viewer.query_one(TitleLine).plain()
        for key in "23456781":
            await screen.press(key, "j", "enter", "s", "t", "l", "escape")
            assert screen.app.is_running
        assert "█" in screen.text
