"""The text report: what stands in it, and that it fits a terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from proftui.analysis.scope import Scope
from proftui.formats import load
from proftui.model import Functions, Profile
from proftui.report.documents import DOCUMENTS, Style, report_of
from proftui.report.text import width
from proftui.report.wanted import VIEWS, View, Wanted

PIPED = Style()
SCALENE = Path(__file__).parents[2] / "data/scalene/shop_1.5.51.json"


def printed(scope: Scope, wanted: Wanted, style: Style = PIPED) -> list[str]:
    return list(DOCUMENTS["text"].lines(report_of(scope, wanted), style))


def renamed(profile: Profile, name: str) -> Profile:
    """With another name for its last function, `leaf`."""
    identities = profile.functions.identities()
    return replace(profile, functions=Functions.of([*identities[:-1], (name, *identities[-1][1:])]))


def test_what_was_measured_comes_first(scope: Scope) -> None:
    assert printed(scope, Wanted())[:2] == ["run: test, sampled, time 15.00 ms in total", "5 functions"]


def test_the_table_by_hand(scope: Scope) -> None:
    lines = printed(Scope(scope.profile, cycles=False), Wanted(top=2))
    assert [line.split() for line in lines[3:]] == [
        ["Self%", "Incl%", "Self", "Incl", "Function", "File:line", "Module"],
        ["33.3%", "66.7%", "5.000", "ms", "10.00", "ms", "step", "/srv/app/step.py:13", "srv.app.step"],
        ["26.7%", "26.7%", "4.000", "ms", "4.000", "ms", "leaf", "/srv/app/leaf.py:14", "srv.app.leaf"],
        [],
        ["2", "of", "5", "rows;", "--top", "0", "shows", "all"],
    ]


def test_columns_are_aligned(scope: Scope) -> None:
    _, _, _, title, *rows = printed(Scope(scope.profile, cycles=False), Wanted())
    at = title.index("Function")
    assert all(row[at - 1] == " " and row[at] != " " for row in rows)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("columns", [40, 80, 120, 200])
def test_a_terminal_is_never_too_narrow(profile: Profile, view: View, columns: int) -> None:
    long = renamed(profile, "名前" + "very_long_name" * 40)
    lines = printed(Scope(long), Wanted(view), Style(columns))
    assert max(map(width, lines)) <= columns


def test_names_are_in_full_where_the_output_is_no_terminal(profile: Profile) -> None:
    name = "very_long_name" * 40
    assert any(name in line for line in printed(Scope(renamed(profile, name)), Wanted()))


def test_80_columns_keep_the_shares_and_the_name(scope: Scope) -> None:
    titles = printed(scope, Wanted(), Style(80))[3].split()
    assert {"Self%", "Incl%", "Function"} <= set(titles)


@pytest.mark.parametrize("style", [PIPED, Style(80), Style(80, colour=True)])
@pytest.mark.parametrize("view", VIEWS)
def test_nothing_from_a_profile_can_steer_a_terminal(profile: Profile, view: View, style: Style) -> None:
    hostile = replace(renamed(profile, "\x1b[31m\x9b1m\u202eevil\x07\n"), name="\x1b]0;title\x07", notes=("a\rb",))
    text = "\n".join(printed(Scope(hostile), Wanted(view), style))
    assert not re.search(r"[\x00-\x09\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202e]", text)
    assert set(re.findall(r"\x1b.{0,3}", text)) <= {"\x1b[1m", "\x1b[2m", "\x1b[33", "\x1b[36", "\x1b[0m"}


def test_colour_only_where_asked_for(scope: Scope) -> None:
    assert "\x1b" not in "".join(printed(scope, Wanted(), Style(80)))
    assert "\x1b[" in "".join(printed(scope, Wanted(), Style(80, colour=True)))


def test_callers_of_the_functions_that_match(scope: Scope) -> None:
    lines = printed(scope, Wanted("callers", pattern=re.compile("^walk$")))
    assert lines[3] == "walk  /srv/app/walk.py:12  self 3.000 ms, inclusive 12.00 ms"
    assert [line.split()[-2] for line in lines[5:]] == ["main", "step"]


def test_a_pattern_is_also_looked_for_in_places(scope: Scope) -> None:
    report = report_of(Scope(scope.profile, cycles=False), Wanted(pattern=re.compile(r"leaf\.py:14$")))
    assert (report.shown, report.of) == (1, 1)


def test_a_function_without_callers_says_so(scope: Scope) -> None:
    assert "(none)" in printed(scope, Wanted("callers", pattern=re.compile("main")))


def test_the_tree_is_indented(scope: Scope) -> None:
    lines = printed(scope, Wanted("tree", depth=3))
    names = [re.search(r"ms  ( *[a-z]+)", line) for line in lines[4:8]]
    assert [found and found[1] for found in names] == ["main", "  walk", "    step", "  load"]


def test_light_rows_of_the_tree_are_left_out(scope: Scope) -> None:
    report = report_of(scope, Wanted("tree", least=0.3))
    rows = report.sections[0].rows
    assert [rows.record(row)["name"] for row in report.sections[0].shown] == ["main", "walk", "step", "walk"]


def test_rows_of_unknown_inclusive_cost_count_with_their_self_cost() -> None:
    scope = Scope(load(SCALENE))
    report = report_of(scope, Wanted("tree", least=0.2))
    rows = report.sections[0].rows
    assert {rows.record(row)["name"] for row in report.sections[0].shown} == {"grid", "main"}


def test_sorting_by_name_begins_with_a(scope: Scope) -> None:
    report = report_of(Scope(scope.profile, cycles=False), Wanted(sort="name"))
    rows = report.sections[0].rows
    assert [rows.record(row)["name"] for row in report.sections[0].shown] == ["leaf", "load", "main", "step", "walk"]
    backwards = report_of(Scope(scope.profile, cycles=False), Wanted(sort="name", reverse=True)).sections[0].rows
    assert backwards.record(0)["name"] == "walk"


def test_a_tree_says_what_it_leaves_out(scope: Scope) -> None:
    assert printed(scope, Wanted("tree"))[-1].split()[-1] == "/srv/app/load.py:11"
    for wanted in (Wanted("tree", top=2), Wanted("tree", depth=2), Wanted("tree", least=0.3)):
        assert "heaviest rows of the tree" in printed(scope, wanted)[-1]


def test_titles_mark_what_is_no_more_than_a_bound(cycle: Profile) -> None:
    titles = [line for line in printed(Scope(cycle), Wanted("callees")) if ", inclusive " in line]
    assert titles == ["main  a.c  self 1, inclusive 31", "one  a.c  self 10, inclusive <=30",
                      "two  a.c  self 20, inclusive <=30"]  # fmt: skip
