"""The flame graph on screen: at 80 cells one cell is one of the 80 ms that were measured.

main (10 itself, walk 45, load 20) 75, other 5; walk (5 itself, step 30, leaf 6, load 4).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from proftui.analysis.filters import parse
from proftui.model import NO_LINE, WALL_TIME, CallTree, Frames, Functions, Metric, Origin, Part, Profile
from proftui.tui.jobs import Reporter
from proftui.tui.opening import Opening
from proftui.tui.settings import Settings
from proftui.tui.themes import THEMES
from proftui.tui.widgets.flame import FlameGraph
from proftui.units import COUNT

if TYPE_CHECKING:
    from textual.theme import Theme

    from tests.tui.conftest import Open, Opened

MAIN, LOAD, WALK, STEP, LEAF, OTHER = range(6)
NAMES = ("main", "load", "walk", "step", "leaf", "other")
MS = 1e6
STACKS = [([MAIN], 10), ([MAIN, LOAD], 20), ([MAIN, WALK], 5), ([MAIN, WALK, STEP], 30), ([MAIN, WALK, LEAF], 6),
          ([MAIN, WALK, LOAD], 4), ([OTHER], 5)]  # fmt: skip


def made(stacks: list[tuple[list[int], int]], names: tuple[str, ...] = NAMES) -> Profile:
    """Recorded stacks, with their number as second metric."""
    frames = Frames(np.arange(len(names), dtype=np.int32), np.full(len(names), NO_LINE, np.int32))
    tree = CallTree.of_stacks([(stack, [cost * MS, 1.0]) for stack, cost in stacks], frames)
    functions = Functions.of((name, f"/srv/app/{at % 3}.py", 10 + at, "") for at, name in enumerate(names))
    part = Part("run", tree.to_graph(), (0, 1), tree=tree)
    origin = Origin("run.txt", "folded", "sampled")
    return Profile("run.txt", origin, (WALL_TIME, Metric("stacks", COUNT)), functions, (part,))


def estimated(profile: Profile) -> Profile:
    return replace(profile, parts=tuple(replace(part, tree=None) for part in profile.parts))


@pytest.fixture
def recorded() -> Profile:
    return made(STACKS)


@pytest.fixture
def deep() -> Profile:
    """f0 -> f1 -> ... -> f59, half of it in f59, the other half in f30 itself."""
    return made([(list(range(60)), 40), (list(range(31)), 40)], tuple(f"f{at}" for at in range(60)))


def graph(screen: Opened) -> FlameGraph:
    return screen.viewer.query_one(FlameGraph)


def cursor(screen: Opened) -> tuple[int, ...]:
    box = graph(screen).cursor
    assert box is not None
    return box.path


def drawn(screen: Opened) -> list[str]:
    """The lines of the graph, without what is blank at their ends."""
    widget = graph(screen)
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def detail(screen: Opened) -> str:
    return screen.lines[-2]


async def resize(screen: Opened, width: int, height: int) -> None:
    await screen.pilot.resize_terminal(width, height)
    await screen.until(lambda: graph(screen).size.width == width)
    await screen.settle()


# ---------------------------------------------------------------------- what is drawn


async def test_boxes_at_80_cells(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6")
        assert drawn(screen)[:4] == [
            "▏main  93.8%".ljust(75) + "▏oth…",
            "▏walk  56.2%".ljust(45) + "▏load  25.0%".ljust(20) + "▏",
            "▏step  37.5%".ljust(30) + "▏leaf ▏lo…▏",
            "",
        ]
        assert len(drawn(screen)) == 24 - 5
        assert screen.lines[2].split("  ")[0] == " recorded: all widths are exact"


async def test_boxes_at_120_cells(opened: Open, recorded: Profile) -> None:
    async with opened(recorded, size=(120, 40)) as screen:
        await screen.press("6")
        assert drawn(screen)[:3] == [
            "▏main  93.8%".ljust(113) + "▏other",
            "▏walk  56.2%".ljust(68) + "▏load  25.0%".ljust(30) + "▏",
            "▏step  37.5%".ljust(45) + "▏leaf    ▏load ▏",
        ]


async def test_figures_follow_the_base(opened: Open, recorded: Profile) -> None:
    async with opened(recorded) as screen:
        await screen.press("6", "percent_sign")
        assert drawn(screen)[1].startswith("▏walk  60.0%")
        await screen.press("percent_sign")
        assert drawn(screen)[1].startswith("▏walk  45.00 ms")


async def test_what_is_too_thin_is_one_box(opened: Open) -> None:
    names = ("main", *(f"thin_{at}" for at in range(400)), "wide")
    stacks = [([0, at], 1) for at in range(1, 401)] + [([0, 401], 400)]
    async with opened(made(stacks, names)) as screen:
        await screen.press("6", "g", "j")
        assert drawn(screen)[1] == "▏wide  50.0%".ljust(40) + "▏… 400 more  50.0%"
        await screen.press("l")
        assert detail(screen).startswith(" 400 frames too thin to draw, together 400.0 ms 50.0%; Enter opens them")
        await screen.press("enter")
        assert drawn(screen)[:2] == ["▏main  100.0%", "▏… 400 more  50.0%"]
        await screen.press("enter")
        assert "even so its frames are too thin to draw" in detail(screen)
        await screen.press("backspace", "h")
        assert cursor(screen) == (0, 401)


async def test_a_rest_opens_where_its_frames_are_wide_enough_then(opened: Open) -> None:
    names = ("main", *(f"thin_{at}" for at in range(10)), "wide")
    stacks = [([0, at], 1) for at in range(1, 11)] + [([0, 11], 990)]
    async with opened(made(stacks, names)) as screen:
        await screen.press("6", "g", "j", "l", "enter")
        assert drawn(screen)[2] == "".join(f"▏thin_{at} " for at in range(10)).rstrip()
        await screen.press("j", "l")
        assert cursor(screen) == (0, 2)
        await screen.press("escape")
        assert cursor(screen)[0] == 0
        assert drawn(screen)[1].startswith("▏wide")


async def test_estimates_look_estimated(opened: Open) -> None:
    """b and c, both called by a, call d: 8 of its 10 ms for b, whose share could be anything from nothing on."""
    names = ("a", "b", "c", "shared", "deep_one", "deep_two")
    stacks = [([0, 1, 3, 4], 25), ([0, 1, 3, 5], 15), ([0, 2, 3, 4], 30), ([0, 2, 3, 5], 10)]
    async with opened(estimated(made(stacks, names))) as screen:
        await screen.press("6")
        assert drawn(screen)[2] == "▏shared  50.0%".ljust(40) + "▏shared  50.0%"
        assert drawn(screen)[3].startswith("▏~deep_one  34.4%".ljust(28) + "▏<=deep_tw…"[:4])
        assert screen.lines[2].startswith(" estimated from a call graph: 75.0% of what is drawn is exact")
        await screen.press("g", "G")
        assert "estimated, 15.00 ms to 40.00 ms" in detail(screen)
        style = {text: style for text, style, _ in graph(screen).line(3, 80)}
        assert any(text.startswith("~deep_one") or (style and style.italic) for text, style in style.items())


async def test_unknown_frames_are_hatched(opened: Open) -> None:
    """Without self costs of arcs: c, below a for 15 ms of its 60, calls d for 20 ms, below a between none and 15."""
    names = ("main", "a", "b", "c", "deep", "e")
    stacks = [([0], 1), ([0, 1], 2), ([0, 2], 3), ([0, 1, 3], 10), ([0, 1, 3, 4], 5), ([0, 2, 3], 20),
              ([0, 2, 3, 4], 15), ([0, 2, 3, 5], 10)]  # fmt: skip
    profile = estimated(made(stacks, names))
    part = profile.parts[0]
    profile = replace(profile, parts=(replace(part, graph=replace(part.graph, arc_self=None)),))
    async with opened(profile, size=(120, 40)) as screen:
        await screen.press("6")
        assert drawn(screen)[3].endswith("▏?deep ░░▏<=e ▏")
        await screen.press("slash", *"deep", "enter", "n")
        assert "cost here unknown: its width says nothing" in detail(screen)


async def test_names_that_are_none_for_a_terminal(opened: Open) -> None:
    names = ("\x1b[31mred", "漢字の関数名", "\u202etxet")
    async with opened(made([([0, 1], 40), ([0, 2], 40)], names)) as screen:
        await screen.press("6")
        for width in range(80, 20, -7):
            await resize(screen, width, 24)
            strips = [graph(screen).render_line(y) for y in range(3)]
            assert {strip.cell_length for strip in strips} == {width}
        assert "\x1b" not in screen.text


async def test_nothing_measured(opened: Open) -> None:
    async with opened(made([([0], 0)])) as screen:
        await screen.press("6")
        assert detail(screen) == " nothing is drawn: there are no costs"
        await screen.press("j", "enter", "G", "w", "v")
        assert set(drawn(screen)) == {""}


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


# ---------------------------------------------------------------------- colours


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_every_theme_tells_boxes_cursor_and_matches_apart(opened: Open, recorded: Profile, theme: Theme) -> None:
    async with opened(recorded, settings=Settings(theme=theme.name)) as screen:
        await screen.press("6", "g", "j", "slash", *"leaf", "enter", "g", "j")
        walk = [(text, style) for text, style, _ in graph(screen).line(1, 80)]
        leaf = [(text, style) for text, style, _ in graph(screen).line(2, 80)]
        styles = {str(walk[1][1]), str(walk[3][1]), str(leaf[3][1]), str(walk[-1][1])}
        assert [walk[1][0][:4], walk[3][0][:4], leaf[3][0]] == ["walk", "load", "leaf "]
        assert len(styles) == 4


async def test_without_colours_boxes_are_told_apart(
    opened: Open, recorded: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(recorded) as screen:
        await screen.press("6", "g", "j")
        assert drawn(screen)[1].startswith("▌walk")
        line = graph(screen).line(1, 80)
        reversed_ = [text.strip() for text, style, _ in line if style and style.reverse and text.strip(" ▏")]
        assert reversed_ == ["load  25.0%"]


async def test_without_utf8_edges_are_lines(opened: Open, recorded: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proftui.tui.app.only_ascii", lambda: True)
    async with opened(recorded) as screen:
        await screen.press("6", "g")
        assert screen.lines[5] == "|step  37.5%".ljust(30) + "|leaf |lo~|"
