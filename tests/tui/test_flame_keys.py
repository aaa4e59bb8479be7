"""The flame graph's keys and mouse, and how it goes along with sizes, filters, reloads and other views."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from proftui.analysis.filters import parse
from proftui.model import Functions, Profile
from proftui.tui.jobs import Reporter
from proftui.tui.opening import Opening
from proftui.tui.settings import Settings
from proftui.tui.widgets.flame import FlameGraph
from tests.tui.flames import (
    LEAF,
    LOAD,
    MAIN,
    NAMES,
    OTHER,
    STACKS,
    STEP,
    WALK,
    cursor,
    detail,
    drawn,
    estimated,
    graph,
    made,
    resize,
)

if TYPE_CHECKING:
    from tests.tui.conftest import Open


@pytest.fixture
def recorded() -> Profile:
    return made(STACKS)


@pytest.fixture
def deep() -> Profile:
    """f0 -> f1 -> ... -> f59, half of it in f59, the other half in f30 itself."""
    return made([(list(range(60)), 40), (list(range(31)), 40)], tuple(f"f{at}" for at in range(60)))


# ---------------------------------------------------------------------- keys


async def test_up_and_down_lead_to_the_caller_and_the_heaviest_callee(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6", "g")
        assert cursor(screen) == (MAIN,)
        await screen.press("j")
        assert cursor(screen) == (MAIN, WALK)
        await screen.press("down")
        assert cursor(screen) == (MAIN, WALK, STEP)
        await screen.press("down")
        assert cursor(screen) == (MAIN, WALK, STEP)
        await screen.press("k", "up", "up")
        assert cursor(screen) == (MAIN,)


async def test_left_and_right_lead_along_the_row(opened: Open) -> None:
    """Across callers: b's callee, then c's."""
    async with opened(made([([0, 3], 30), ([1, 4], 20), ([2], 10), ([1, 5], 20)])) as screen:
        await screen.press("6", "g")
        assert cursor(screen) == (1,)
        await screen.press("j", "right", "l")
        assert cursor(screen) == (0, 3)
        await screen.press("l")
        assert cursor(screen) == (0, 3)
        await screen.press("left", "h", "h")
        assert cursor(screen) == (1, 4)


async def test_ends_of_the_heaviest_path(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6", "G")
        assert cursor(screen) == (MAIN, WALK, STEP)
        await screen.press("g")
        assert cursor(screen) == (MAIN,)
        await screen.press("j", "H")
        assert cursor(screen) == (MAIN, WALK, STEP)
        await screen.press("home", "l", "H")
        assert cursor(screen) == (OTHER,)


async def test_zoom_and_back(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6", "g", "j", "enter")
        assert drawn(screen)[:3] == ["▏main  93.8%", "▏walk  56.2%",
                                     "▏step  37.5%".ljust(53) + "▏leaf  7.5%▏load  ▏"]  # fmt: skip
        assert cursor(screen) == (MAIN, WALK)
        assert "zoom: walk 56.2%" in screen.lines[2]
        await screen.press("enter")
        assert "has the whole width already" in detail(screen)
        await screen.press("j", "l", "enter")
        assert cursor(screen) == (MAIN, WALK, LEAF)
        assert drawn(screen)[2] == "▏leaf  7.5%"
        await screen.press("backspace")
        assert drawn(screen)[1] == "▏walk  56.2%"
        assert cursor(screen) == (MAIN, WALK, LEAF)
        await screen.press("alt+right")
        assert drawn(screen)[2] == "▏leaf  7.5%"
        await screen.press("escape")
        assert drawn(screen)[0].endswith("▏oth…")
        assert cursor(screen) == (MAIN, WALK, LEAF)
        await screen.press("k", "k", "enter")
        assert drawn(screen)[0] == "▏main  93.8%"


async def test_the_zoom_outlives_metrics_and_other_views(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6", "g", "j", "enter", "j", "l", "m", "down", "enter")
        assert "stacks" in screen.lines[0]
        assert cursor(screen) == (MAIN, WALK, LEAF)
        assert drawn(screen)[1].startswith("▏walk  57.1%")  # of seven stacks, four
        await screen.press("2", "backspace")
        assert cursor(screen) == (MAIN, WALK, LEAF)
        assert drawn(screen)[1].startswith("▏walk  57.1%")


async def test_upside_down(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6", "g", "v")
        lines = drawn(screen)
        assert lines[-1].startswith("▏main  93.8%")
        assert lines[-3].startswith("▏step")
        assert set(lines[:-3]) == {""}
        await screen.press("up")
        assert cursor(screen) == (MAIN, WALK)
        await screen.press("j")
        assert cursor(screen) == (MAIN,)
        await screen.press("v")
        assert drawn(screen)[0].startswith("▏main  93.8%")


async def test_colours_by_self_cost(opened: Open, recorded: Profile) -> None:
    def background(row: int, text: str) -> str:
        return next(
            style.bgcolor.name for piece, style, _ in graph(screen).line(row, 80)
            if piece.startswith(text) and style and style.bgcolor
        )  # fmt: skip

    async with opened(recorded) as screen:
        await screen.press("6", "g")
        assert background(2, "load"[:2]) == background(1, "load")
        await screen.press("w")
        assert "w by self cost" in screen.lines[2]
        hot, warm, cool = background(2, "step"), background(1, "load"), background(2, "leaf")
        assert len({hot, warm, cool}) == 2  # 37.5 % and 25 % share a step, 7.5 % has another
        assert hot == warm
        await screen.press("w")
        assert background(2, "load"[:2]) == background(1, "load")


async def test_a_search_tells_what_its_matches_cover_counting_each_sample_once(opened: Open) -> None:
    """load lies below load in 20 of the 60 ms that it is in."""
    stacks = [([MAIN, LOAD, STEP, LOAD], 20), ([MAIN, LOAD], 20), ([MAIN, WALK, LOAD], 20), ([OTHER], 20)]
    async with opened(made(stacks)) as screen:
        await screen.press("6", "g", "slash", *"load", "enter")
        assert cursor(screen) == (MAIN, LOAD)
        assert detail(screen).endswith("1 of 3 frames, 75.0% of the total")
        await screen.press("n")
        assert cursor(screen) == (MAIN, WALK, LOAD)
        await screen.press("n", "n")
        assert cursor(screen) == (MAIN, LOAD)
        await screen.press("N")
        assert cursor(screen) == (MAIN, LOAD, STEP, LOAD)
        assert detail(screen).endswith("3 of 3 frames, 75.0% of the total")
        await screen.press("escape")
        assert "frames" not in detail(screen)


async def test_a_search_of_a_call_graph_says_between_what_it_lies(opened: Open) -> None:
    stacks = [([MAIN, LOAD, LEAF], 20), ([MAIN, WALK, LEAF], 20), ([MAIN, STEP], 20), ([OTHER], 20)]
    async with opened(estimated(made(stacks))) as screen:
        await screen.press("6", "g", "slash", *"walk", "enter")
        assert detail(screen).endswith("1 of 1 frame, 25.0% of the total")
        await screen.press("slash", *"l", "enter")  # load, walk, and leaf below both
        assert detail(screen).endswith("50.0% to 100.0% of the total")


async def test_a_search_that_is_given_up_goes_back(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6", "g", "j", "slash", *"leaf")
        assert cursor(screen) == (MAIN, WALK, LEAF)
        await screen.press("escape")
        assert cursor(screen) == (MAIN, WALK)
        await screen.press("slash", *"nobody", "enter")
        assert detail(screen).endswith("no match")
        await screen.press("n")
        assert "no frame that matches is wide enough" in detail(screen)


# ---------------------------------------------------------------------- mouse, windows, other views


async def test_the_mouse_tells_selects_and_zooms(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6", "g")
        await screen.pilot.hover(FlameGraph, offset=(50, 1))
        await screen.settle()
        assert detail(screen) == " load  …pp/1.py:11  20.00 ms 25.0%, 26.7% of caller, self 20.00 ms 25.0%; exact"
        assert cursor(screen) == (MAIN,)
        await screen.pilot.hover(FlameGraph, offset=(70, 1))
        await screen.settle()
        assert detail(screen).startswith(" main")
        await screen.click("FlameGraph", 50, 1)
        assert cursor(screen) == (MAIN, LOAD)
        await screen.click("FlameGraph", 70, 1)
        assert cursor(screen) == (MAIN, LOAD)
        await screen.click("FlameGraph", 3, 1, times=2)
        assert drawn(screen)[1] == "▏walk  56.2%"


async def test_the_window_follows_the_cursor_and_the_wheel(opened: Open, deep: Profile) -> None:
    async with opened(deep) as screen:
        await screen.press("6", "g")
        assert drawn(screen)[0] == "▏f0  100.0%"
        assert "rows 1-19 of" in screen.lines[2]
        await screen.press("G")
        assert cursor(screen)[-1] == 59
        assert drawn(screen)[-1] == "▏f59  50.0%".ljust(40) + "▏"
        assert "rows 42-60 of 60" in screen.lines[2]
        await screen.press("pageup")
        assert cursor(screen)[-1] == 41
        await screen.press("g", "pagedown")
        assert cursor(screen)[-1] == 18
        wheel = (graph(screen), 1, 1, 0, 1, 0, False, False, False)
        graph(screen).post_message(MouseScrollDown(*wheel))
        await screen.settle()
        assert drawn(screen)[0] == "▏f3  100.0%"
        graph(screen).post_message(MouseScrollUp(*wheel))
        await screen.settle()
        assert drawn(screen)[0] == "▏f0  100.0%"
        assert cursor(screen)[-1] == 18


async def test_a_resize_keeps_the_frame(opened: Open, recorded: Profile) -> None:
    async with opened(recorded, size=(120, 40)) as screen:
        await screen.press("6", "g", "j", "j", "l")
        assert cursor(screen) == (MAIN, WALK, LEAF)
        for size in ((80, 24), (200, 60), (60, 12)):
            await resize(screen, *size)
            assert cursor(screen) == (MAIN, WALK, LEAF)
            flame = graph(screen).flame
            assert flame is not None
            assert flame.least == pytest.approx(1 / size[0])


async def test_the_function_in_focus_is_shown_where_it_is_heaviest(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("slash", *"load", "enter", "6")
        assert cursor(screen) == (MAIN, LOAD)
        await screen.press("g", "j", "j", "2")
        assert screen.viewer.state.place.focus == STEP
        await screen.press("6")
        assert cursor(screen) == (MAIN, WALK, STEP)


async def test_reload_keeps_zoom_and_frame(opened: Open, recorded: Profile) -> None:
    """The second time leaf, now with id 0, takes 16 ms more, and load is not called by walk."""
    order = (LEAF, WALK, MAIN, OTHER, STEP, LOAD)
    again = [([MAIN], 10), ([MAIN, LOAD], 20), ([MAIN, WALK], 5), ([MAIN, WALK, STEP], 30), ([MAIN, WALK, LEAF], 22)]
    renamed = [([order.index(function) for function in stack], cost) for stack, cost in again]
    later = made(renamed, tuple(NAMES[function] for function in order))
    lines = {name: (file, line) for name, file, line, _ in recorded.functions.identities()}
    places = [(name, *lines[name], "") for name in later.functions.name]
    runs = [recorded, replace(later, functions=Functions.of(places))]

    def read(_: Reporter) -> Profile:
        return runs.pop(0) if len(runs) > 1 else runs[0]

    opening = Opening(("run.txt",), read, settings=Settings(theme="dark"))
    opening.reading.result(10)
    async with opened(opening) as screen:
        await screen.press("6", "g", "j", "enter", "j", "l", "R")
        assert cursor(screen) == tuple(order.index(function) for function in (MAIN, WALK, LEAF))
        assert drawn(screen)[1].startswith("▏walk  65.5%")
        assert "▏leaf  25.3%" in drawn(screen)[2]
        await screen.press("2", "R", "6")
        assert detail(screen).startswith(" leaf")


async def test_filters_keep_the_frame(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6", "g", "j", "j")
        viewer = screen.viewer
        viewer.set_filters((parse("ignore:^load$"),))
        await screen.settle()
        assert cursor(screen) == (MAIN, WALK, STEP)
        assert drawn(screen)[0].startswith("▏main  91.1%")
        viewer.action_undo()
        await screen.settle()
        assert drawn(screen)[0].startswith("▏main  93.8%")


async def test_other_frames_of_the_function_are_marked(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6", "g", "j", "l")
        underlined = [
            text for row in range(3) for text, style, _ in graph(screen).line(row, 80) if style and style.underline
        ]
        assert underlined == ["lo…"]


async def test_what_can_be_copied(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6", "g", "j", "j")
        view = screen.viewer.view
        assert view is not None
        assert view.named() == "step"
        assert view.stack() == [MAIN, WALK, STEP]
        assert [line[:5] for line in view.lines()[1:]] == ["▏main", "▏walk", "▏step"]
