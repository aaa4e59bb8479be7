"""What a person sees and does in the viewer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual import events

from proftui.model import Profile
from proftui.tui.state import Sort
from proftui.tui.widgets.bars import DetailLine, FooterLine, TabLine, TitleLine
from proftui.tui.widgets.chips import ChipLine
from proftui.tui.widgets.search import SearchLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Open, Opened

MAIN, LOAD, WALK, STEP, LEAF, HOSTILE, WIDE = range(7)


def names(screen: Opened) -> list[str]:
    """The names on screen, from top to bottom."""
    return [line.split()[-1] for line in screen.rows if line.strip()]


def detail(screen: Opened) -> str:
    return screen.viewer.query_one(DetailLine).plain().strip()


def title(screen: Opened) -> str:
    return screen.viewer.query_one(TitleLine).plain()


def settings(screen: Opened) -> str:
    return screen.viewer.query_one(TabLine).plain()


def chips(screen: Opened) -> str:
    line = screen.viewer.query_one(ChipLine)
    return line.plain() if line.display else ""


async def test_the_first_screen_says_what_is_open(opened: Open, profile: Profile) -> None:
    async with opened(profile, size=(120, 40)) as screen:
        line = title(screen)
    for fact in ("run.prof", "pstats, traced", "time 20.00 ms", "7 functions", "2 parts", "1 note", "11 calls"):
        assert fact in line


async def test_a_narrow_title_keeps_the_kind_and_the_total(opened: Open, profile: Profile) -> None:
    async with opened(profile, size=(60, 24)) as screen:
        line = title(screen)
    assert "traced" in line
    assert "20.00 ms" in line
    assert "11 calls" not in line


async def test_functions_come_by_self_cost(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        assert names(screen)[:5] == ["load", "step", "leaf", "walk", "main"]
        row = screen.rows[0]
    assert row.split() == ["▌", "30.0%", "30.0%", "6.000", "ms", "6.000", "ms", "4", "load"]


async def test_the_detail_line_follows_the_cursor(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        assert detail(screen) == "load  /srv/app/1.py:11"
        await screen.press("j")
        assert detail(screen) == "step  /srv/app/3.py:13"
        assert screen.viewer.state.place.focus == STEP


async def test_sorting_goes_from_column_to_column(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("s")
        assert screen.viewer.state.sort() == Sort("inclusive")
        assert names(screen)[0] == "main"
        await screen.press("s")
        assert screen.viewer.state.sort() == Sort("calls")
        await screen.press("S", "S")
        assert screen.viewer.state.sort() == Sort("self")
        await screen.press("S")
        assert screen.viewer.state.sort() == Sort("module", descending=False), "texts begin with the first letter"
        await screen.press("r")
        assert screen.viewer.state.sort() == Sort("module", descending=True)


async def test_sorting_keeps_the_row_that_was_chosen(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("j", "j", "s")
        assert detail(screen).startswith("leaf")
        await screen.press("g", "s")
        assert screen.viewer.view is not None
        assert screen.grid.cursor == 0, "who stands on the first row stays there"


async def test_a_click_on_a_title_sorts_and_another_reverses(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        x = screen.lines[2].index("Calls") + 1
        await screen.click("FunctionGrid", x, 0)
        assert screen.viewer.state.sort() == Sort("calls")
        assert "Calls▼" in screen.lines[2]
        await screen.click("FunctionGrid", screen.lines[2].index("Calls") + 1, 0)
        assert "Calls▲" in screen.lines[2]


async def test_a_click_selects_and_two_dive(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.click("FunctionGrid", 50, 4)
        assert detail(screen).startswith("walk")
        await screen.click("FunctionGrid", 50, 4, times=2)
        assert screen.viewer.state.place.view == "neighbours"
        assert screen.viewer.state.place.focus == WALK


async def test_callers_and_callees_of_the_function_in_focus(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("j", "j", "3")
        assert screen.lines[2].strip().startswith("walk  self 18.8%  3.000 ms  inclusive 75.0%  12.00 ms  2/1 calls")
        _, callers, callees = screen.text.split("Share▼")
        assert [line.split()[-1] for line in callers.splitlines()[:3]] == ["Caller", "main", "step"]
        assert [line.split()[-1] for line in callees.splitlines()[:3]] == ["Callee", "step", "leaf"]
        assert callers.splitlines()[1].split()[:4] == ["▌", "75.0%", "██████", "12.00"]


async def test_enter_among_neighbours_moves_the_focus_and_back_returns(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("j", "j", "3", "enter")
        assert screen.viewer.state.place.focus == STEP
        await screen.press("h", "enter")
        assert screen.viewer.state.place.focus == WALK
        await screen.press("backspace", "backspace")
        assert screen.viewer.state.place.focus == WALK
        assert detail(screen).startswith("step"), "the cursor is where it was"
        await screen.press("less_than_sign")
        assert screen.viewer.state.place.view == "functions"
        assert detail(screen).startswith("walk")
        await screen.press("backspace")
        assert detail(screen) == "this is where you began"
        await screen.press("alt+right", "greater_than_sign")
        assert screen.viewer.state.place.focus == STEP


async def test_sides_change_by_tab_and_arrows(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("j", "j", "3")
        focused = screen.viewer.focused
        assert focused is not None
        assert focused.id == "callees"
        for key, side in (("left", "callers"), ("l", "callees"), ("tab", "callers"), ("tab", "callees")):
            await screen.press(key)
            assert screen.viewer.focused is not None
            assert screen.viewer.focused.id == side
        await screen.press("h")
        assert detail(screen).startswith("main")


async def test_neighbours_lie_beside_each_other_where_there_is_room(opened: Open, single: Profile) -> None:
    async with opened(single, size=(160, 30)) as screen:
        await screen.press("j", "j", "3")
        assert [line.count("Share") for line in screen.lines if "Share" in line] == [2]
        await screen.pilot.resize_terminal(80, 24)
        await screen.until(
            lambda: [line.split()[-1] for line in screen.lines if "Share" in line] == ["Caller", "Callee"]
        )


async def test_the_function_in_focus_survives_every_view(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("j", "j", "j")
        assert detail(screen).startswith("load")
        for view in "4", "3", "4", "2", "3", "2":
            await screen.press(view)
            assert screen.viewer.state.place.focus == LOAD
        assert detail(screen).startswith("load")


async def test_the_tree_opens_at_the_function_in_focus(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("j", "j", "j", "4")
        assert detail(screen).startswith("load")
        assert screen.rows[0].endswith("▾ main")


async def test_a_member_of_a_cycle_is_found_in_its_cycle_and_stays_in_focus(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("j", "j", "4")
        assert detail(screen).startswith("walk"), "its own row inside of the cycle"
        assert screen.viewer.state.place.focus == WALK
        await screen.press("k", "3")
        assert screen.viewer.state.place.focus == STEP, "moving in the tree takes the focus along"


async def test_the_tree_opens_and_closes(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("4", "g", "minus", "right")
        assert len(names(screen)) == 5
        await screen.press("left")
        assert len(names(screen)) == 1
        await screen.press("asterisk")
        everything = names(screen)
        assert len(everything) > 5
        await screen.press("minus")
        assert len(names(screen)) == 1
        await screen.press("right")
        assert len(names(screen)) == 5
        assert screen.rows[0].startswith("▌")
        await screen.press("l")
        assert screen.rows[1].startswith("▌"), "an open row leads to its first callee"
        await screen.press("h")
        assert screen.rows[0].startswith("▌"), "a closed row leads to its caller"
        await screen.press("enter", "enter")
        assert len(names(screen)) == 5
        await screen.press("H")
        assert detail(screen).startswith("leaf"), "the heaviest path ends where nothing is called"


async def test_a_click_on_a_marker_opens(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("4", "g", "minus", "right")
        row = next(y for y, line in enumerate(screen.rows) if "▸" in line)
        before = len(names(screen))
        await screen.click("TreeView ContextGrid", screen.rows[row].index("▸"), row + 1)
        assert len(names(screen)) > before


async def test_percentages_of_total_of_caller_and_costs(opened: Open, single: Profile) -> None:
    async with opened(single, size=(120, 40)) as screen:
        await screen.press("4", "G")
        assert "% of total" in settings(screen)
        total = screen.rows[1]
        await screen.press("percent_sign")
        assert "% of caller" in settings(screen)
        assert screen.rows[1] == total, "main is the whole"
        await screen.press("percent_sign")
        assert "costs" in settings(screen)
        assert "%" not in screen.rows[1]
        await screen.press("2", "percent_sign")
        assert "% of total" in settings(screen)


async def test_cycles_can_be_switched_off(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        assert any("<cycle" in row for row in screen.rows)
        await screen.press("C")
        assert "[cycles off]" in chips(screen)
        assert not any("<cycle" in row for row in screen.rows)


async def test_deeper_activations_can_be_joined(opened: Open, single: Profile) -> None:
    functions = single.functions
    named = replace(functions, name=("main", "load", "walk", "walk'2", *functions.name[4:]), file=("a.c",) * 7)
    named = replace(named, line=np.full(7, 1, np.int32))
    async with opened(replace(single, functions=named)) as screen:
        assert "walk'2" in names(screen)
        await screen.press("J")
        assert "[recursion joined]" in chips(screen)
        assert "walk'2" not in names(screen)
        assert detail(screen).startswith("walk "), "what was in focus is part of it"
        await screen.press("J")
        assert "walk'2" in names(screen)


async def test_the_metric_is_chosen_from_a_list(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("m")
        assert [line.split() for line in screen.lines if "KiB" in line or "✓" in line] == [
            ["▌✓", "time", "20.00", "ms"],
            ["memory", "15.63", "KiB"],
        ]
        await screen.press("j", "enter")
        assert screen.viewer.state.metric == 1
        assert "memory" in title(screen)


async def test_a_second_metric_stands_beside_the_first(opened: Open, profile: Profile) -> None:
    async with opened(profile, size=(120, 30)) as screen:
        await screen.press("M", "j", "enter")
        assert screen.viewer.state.second == 1
        assert "memory" in screen.lines[2]
        assert "beside memory  % of total" in screen.lines[1]
        await screen.press("4")
        assert "beside" not in screen.lines[1], "the tree shows but one metric"
        await screen.press("2", "M", "k", "enter")
        assert screen.viewer.state.second is None


async def test_what_one_would_not_expect_is_a_chip_until_it_is_undone(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        assert chips(screen) == ""
        await screen.press("C")
        assert chips(screen).strip() == "[cycles off]"
        await screen.click("ChipLine", 3, 0)
        assert chips(screen) == ""
        assert screen.viewer.state.cycles


async def test_parts_are_chosen_by_marks(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("p")
        assert "worker" in screen.text
        await screen.press("space", "enter")
        assert screen.viewer.state.parts == (1,)
        assert "1 of 2 parts" in title(screen)
        assert "  worker  " in title(screen)
        assert names(screen) == ["load"]
        await screen.press("p", "a", "enter")
        assert screen.viewer.state.parts is None


async def test_a_dialog_that_is_closed_changes_nothing(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        before = screen.viewer.state
        for key in "m", "M", "p", "e", "i", "question_mark":
            await screen.press(key, "escape")
            assert len(screen.app.screen_stack) == 2
        assert screen.viewer.state == before


async def test_search_goes_along_as_one_types(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("slash", "a")
        assert screen.viewer.state.place.focus == LOAD
        await screen.press("l")
        assert detail(screen).startswith("walk"), "the first match from where the search began"
        assert detail(screen).endswith("1 of 2 matches")
        await screen.press("enter", "n")
        assert detail(screen).startswith("<cycle: step, walk>")
        await screen.press("n")
        assert detail(screen).startswith("walk"), "round the end"
        await screen.press("N")
        assert detail(screen).endswith("2 of 2 matches")


async def test_search_finds_files_whatever_the_case(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("slash", *"APP", "slash", "4")
        assert detail(screen).startswith("leaf")


async def test_a_search_given_up_goes_back(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("j", "slash", *"main")
        assert detail(screen).startswith("main")
        await screen.press("escape")
        assert detail(screen) == "step  /srv/app/3.py:13"
        assert screen.viewer.query_one(FooterLine).display


async def test_a_search_without_a_match_says_so_and_escape_forgets_it(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("slash", *"zzz", "enter")
        assert detail(screen).endswith("no match")
        await screen.press("escape")
        assert detail(screen) == "load  /srv/app/1.py:11"


async def test_a_search_leaves_the_keyboard_where_it_was(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        await screen.press("j", "j", "3", "h", "slash", *"a", "enter")
        assert screen.viewer.focused is not None
        assert screen.viewer.focused.id == "callers"


async def test_matches_follow_a_new_order(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("slash", *"ea", "enter", "s", "s")
        assert screen.viewer.view is not None
        grid = screen.grid
        assert [grid.rows.function(row) for row in grid.matches.tolist()] == [LEAF]


async def test_typing_in_the_search_runs_no_command(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("slash", "q", "s", "question_mark")
        assert len(screen.app.screen_stack) == 2
        assert screen.viewer.state.sort() == Sort("self")


async def test_copying_takes_the_name_as_it_is_drawn(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("j", "j", "j", "j", "j", "y")
        assert screen.app.clipboard == "␛[31mred[/] [bold]\N{REPLACEMENT CHARACTER}txet"
        assert "␛[31mred" in detail(screen)


async def test_hostile_names_reach_no_terminal(opened: Open, profile: Profile) -> None:
    async with opened(profile, size=(120, 30)) as screen:
        for keys in ("G", "k", "k"), ("3",), ("4", "asterisk"), ("slash", *"red"), ("escape", "i"), ("escape", "e"):
            await screen.press(*keys)
            assert "\x1b" not in screen.text
            assert "\u202e" not in screen.text
            assert "␛[31mred" in screen.text or keys[-1] == "e", "it is on screen but behind the dialog"


async def test_wide_names_stand_in_line(opened: Open, profile: Profile) -> None:
    from proftui.report.text import width

    async with opened(profile, size=(120, 30)) as screen:
        ends = {width(row[: row.index("/srv")]) for row in screen.rows if "/srv" in row}
    assert len(ends) == 1


async def test_about_tells_origin_and_notes(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("i")
        for fact in ("run.prof", "hand", "python run.py", "one thing to know", "memory: 15.63 KiB"):
            assert fact in screen.text


async def test_a_long_about_scrolls_to_its_end(opened: Open, profile: Profile) -> None:
    notes = (*(f"note {at}" for at in range(30)), "the last thing to know")
    async with opened(replace(profile, notes=notes)) as screen:
        await screen.press("i")
        assert "Esc Close" in screen.text
        assert "the last thing to know" not in screen.text
        await screen.press("pagedown", "pagedown")
        assert "the last thing to know" in screen.text
        assert "Esc Close" in screen.text


async def test_a_list_keeps_its_keys_on_a_screen_that_becomes_small(opened: Open, profile: Profile) -> None:
    many = replace(profile, parts=tuple(replace(profile.parts[1], label=f"worker {at}") for at in range(14)))
    async with opened(many) as screen:
        await screen.press("p")
        await screen.pilot.resize_terminal(60, 20)
        await screen.until(lambda: len(screen.lines) == 20 and "Esc Close" in screen.text)


async def test_a_profile_without_functions_is_shown(opened: Open, many: Callable[[int], Profile]) -> None:
    async with opened(many(0)) as screen:
        assert "no functions" in screen.text
        await screen.press("j", "G", "enter", "slash", "x", "enter", "n", "3", "4", "l", "H", "2", "y", "s", "r")
        assert screen.viewer.state.place.view == "functions"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("m", "one metric"), ("M", "one metric"), ("p", "one part"), ("n", "nothing is searched for"),
        ("N", "nothing is searched for"), ("4s", "order of its costs"), ("4r", "order of its costs"),
    ],
)  # fmt: skip
async def test_a_key_without_a_use_says_why(opened: Open, many: Callable[[int], Profile], keys: str, said: str) -> None:
    async with opened(many(3)) as screen:
        await screen.press(*keys)
        assert said in detail(screen)


@pytest.mark.parametrize("key", ["m", "M", "p"])
async def test_a_key_with_a_use_does_not_say_that_it_has_none(opened: Open, profile: Profile, key: str) -> None:
    async with opened(profile) as screen:
        before = detail(screen)
        await screen.press(key, "escape")
        assert detail(screen) == before


async def test_help_is_not_cut_at_80_cells(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("question_mark")
        for _ in range(6):
            assert "…" not in "".join(line[6:74] for line in screen.lines[3:20])
            await screen.press("pagedown")


async def test_escape_never_leaves(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("escape", "escape", "escape")
        assert screen.app.is_running


@pytest.mark.parametrize(
    "keys", [["q"], ["ctrl+c"], ["question_mark", "ctrl+c"], ["e", "ctrl+c"], ["slash", "a", "ctrl+c"]]
)
async def test_leaving(opened: Open, profile: Profile, keys: list[str]) -> None:
    async with opened(profile) as screen:
        await screen.press(*keys[:-1])
        await screen.pilot.press(keys[-1])
        await screen.pilot.pause()
        assert not screen.app.is_running


@pytest.mark.parametrize("size", [(20, 6), (40, 10), (80, 24), (200, 60)])
async def test_every_size_is_drawn(opened: Open, profile: Profile, size: tuple[int, int]) -> None:
    async with opened(profile, size=size) as screen:
        for key in "2", "3", "4", "m", "escape", "e", "escape":
            await screen.press(key)
            assert len(screen.lines) == size[1]


async def test_letters_that_come_at_once_with_the_slash_are_searched(opened: Open, profile: Profile) -> None:
    async with opened(profile) as screen:
        await screen.press("2")
        for letter in "/lo/a":
            key = "slash" if letter == "/" else letter
            screen.app.post_message(events.Key(key, letter))
        await screen.settle()
        assert screen.app.screen.query_one(SearchLine).box.value == "lo/a"
