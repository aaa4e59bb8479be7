"""Groups of functions as rows, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from proftui.analysis.grouping import Group
from proftui.analysis.groupkeys import grouping
from proftui.analysis.groups import group_costs
from proftui.analysis.scope import Scope
from proftui.model import CallGraph, Functions, Profile
from proftui.report.documents import DOCUMENTS, Style, report_of
from proftui.report.function_table import FunctionTable
from proftui.report.functions import FunctionRows
from proftui.report.group_table import GroupTable
from proftui.report.groups import GroupRows
from proftui.report.wanted import Wanted

MAIN, LOAD, WALK, STEP, LEAF = range(5)


@pytest.fixture
def shop(profile: Profile) -> Profile:
    """The hand-made profile with main and step in one file, load and leaf in another, walk a built-in function."""
    files = ("/srv/a.py", "/srv/b.py", "~", "/srv/a.py", "/srv/b.py")
    old = profile.functions
    return replace(profile, functions=Functions(old.name, files, old.line, old.object))


def rows_of(scope: Scope, by: Group = "file", sort: str = "self") -> GroupRows:
    table = FunctionTable(scope, 0)
    costs = group_costs(scope, grouping(scope.functions, by))
    text = sort in ("name", "location", "module")
    return GroupRows(GroupTable(table, costs), FunctionRows(table, sort, not text))


def lines(rows: GroupRows, *keys: str) -> list[tuple[str, ...]]:
    wanted = [next(at for at, column in enumerate(rows.columns) if column.key == key) for key in keys]
    return [tuple(rows.cells(row)[at].text for at in wanted) for row in range(len(rows))]


def test_figures_of_groups(shop: Profile) -> None:
    rows = rows_of(Scope(shop))
    # a: main and step, all of the 15 ms; b: load 2 and leaf 4; walk below main has 12, below step it is inside
    assert lines(rows, "name", "self", "self_share", "inclusive", "inclusive_share", "members") == [
        ("/srv/a.py", "6.000 ms", "40.0%", "15.00 ms", "100.0%", "2"),
        ("/srv/b.py", "6.000 ms", "40.0%", "6.000 ms", "40.0%", "2"),
        ("(no file)", "3.000 ms", "20.0%", "12.00 ms", "80.0%", "1"),
    ]
    assert [column.title for column in rows.columns if column.flexible] == ["File"]
    assert rows.detail(2).startswith("(no file)  functions without a file")
    assert rows.detail(0) == "/srv/a.py  2 functions"


def test_groups_open_to_their_functions_in_the_same_order(shop: Profile) -> None:
    rows = rows_of(Scope(shop), sort="inclusive")
    assert [name for (name,) in lines(rows, "name")] == ["/srv/a.py", "(no file)", "/srv/b.py"]
    assert rows.expand(2) == 2
    assert rows.expand(0) == 2
    assert [name for (name,) in lines(rows, "name")] == [
        "/srv/a.py", "main", "step", "(no file)", "/srv/b.py", "leaf", "load",
    ]  # fmt: skip
    assert [rows.depth(row) for row in range(7)] == [0, 1, 1, 0, 0, 1, 1]
    assert [rows.function(row) for row in range(7)] == [None, MAIN, STEP, None, None, LEAF, LOAD]
    assert [rows.parent(row) for row in range(7)] == [None, 0, 0, None, None, 4, 4]
    assert (rows.expandable(0), rows.expanded(0), rows.expandable(1), rows.expanded(3)) == (True, True, False, False)
    assert rows.expand(1) == 0
    assert rows.expansion == {("/srv/a.py", ""), ("/srv/b.py", "")}
    again = GroupRows(rows.table, rows.members, rows.expansion)
    assert lines(again, "name", "self") == lines(rows, "name", "self")
    rows.collapse(1)
    rows.collapse(0)
    assert len(rows) == 5
    assert rows.expand_heaviest(0) == 1
    assert rows.key(0) == ("/srv/a.py", "")
    assert rows.key(1) == MAIN


def test_a_function_is_found_and_its_group_opens(shop: Profile) -> None:
    rows = rows_of(Scope(shop))
    row = rows.row_of(LEAF)
    assert row == 2
    assert rows.function(row) == LEAF
    assert rows.row_of(99) is None
    assert rows.row_of_key(("(no file)", "")) == 4
    assert rows.row_of_key("nothing") is None


def test_search_finds_groups_and_what_is_in_them(shop: Profile) -> None:
    rows = rows_of(Scope(shop))
    assert rows.find("leaf").tolist() == [1]
    rows.expand(1)
    assert rows.find("LEAF").tolist() == [2]
    assert rows.find("no file").tolist() == [4]
    assert rows.find("/srv/b").tolist() == [1, 2, 3]
    assert rows.find("/srv/b", names=True).tolist() == [1]
    assert rows.find("walk").tolist() == [4]
    assert rows.find("zebra").tolist() == []


def test_bounds_are_marked_and_told(profile: Profile) -> None:
    files = ("main.py", "b.py", "a.py", "b.py", "a.py")
    old, part = profile.functions, profile.parts[0]
    graph_alone = replace(part, tree=None, graph=replace(part.graph, arc_self=None))
    bare = replace(profile, functions=Functions(old.name, files, old.line, old.object), parts=(graph_alone,))
    rows = rows_of(Scope(bare))
    # walk calls step, which calls walk. a: at least walk's 12; at most what main gives to both, 2 + 12
    assert lines(rows, "name", "inclusive_share")[:2] == [("b.py", "<=80.0%"), ("a.py", "<=93.3%")]
    assert rows.detail(1) == "a.py  2 functions  calls leave it and come back: inclusive 12.00 ms to 14.00 ms"
    assert (rows.record(1)["mark"], rows.record(1)["low"], rows.record(1)["high"]) == ("<=", 0.012, 0.014)


def test_sorting_by_texts_and_counts(shop: Profile) -> None:
    assert [name for (name,) in lines(rows_of(Scope(shop), sort="name"), "name")] == [
        "(no file)", "/srv/a.py", "/srv/b.py",
    ]  # fmt: skip
    counted = replace(shop.parts[0].graph, calls=np.array([1.0, 1, 2, 1, 7]), arc_calls=np.array([1.0, 1, 1, 7, 1]))
    arcs = list(zip(counted.caller.tolist(), counted.callee.tolist(), strict=True))
    assert arcs == [(MAIN, LOAD), (MAIN, WALK), (WALK, STEP), (WALK, LEAF), (STEP, WALK)]
    profile = replace(shop, parts=(replace(shop.parts[0], graph=counted),))
    rows = rows_of(Scope(profile), sort="calls")
    # b is called from a once and by walk seven times; a once from nowhere and by walk; walk twice
    assert lines(rows, "name", "calls") == [("/srv/b.py", "8"), ("/srv/a.py", "2"), ("(no file)", "2")]


def test_reports_of_groups(shop: Profile) -> None:
    report = report_of(Scope(shop), Wanted(group="file", top=2))
    text = "\n".join(DOCUMENTS["text"].lines(report, Style()))
    assert "/srv/a.py" in text
    assert "2 of 3 groups; --top 0 shows all" in text
    head, *rest = DOCUMENTS["csv"].lines(report, Style())
    assert head.endswith("mark,low_time_seconds,high_time_seconds,members")
    assert rest[0] == ",/srv/a.py,,,,,,0.006,0.015,,0.015,0.015,2"


def test_a_graph_without_functions_has_no_groups(shop: Profile) -> None:
    none = np.zeros(0, np.int32)
    empty = CallGraph(none, np.zeros((1, 0)), np.zeros((1, 0)), none, none, np.zeros((1, 0)))
    rows = rows_of(Scope(replace(shop, parts=(replace(shop.parts[0], graph=empty, tree=None),))))
    assert len(rows) == 0
    assert rows.find("a").tolist() == []
