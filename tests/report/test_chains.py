"""Callers and callees near and far as rows, and in reports, against the figures of the hand-made profile."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from proftui.analysis.calltree import call_tree
from proftui.analysis.chains import Side
from proftui.analysis.scope import Scope
from proftui.report.chains import ChainRows
from proftui.report.documents import DOCUMENTS, Style, report_of
from proftui.report.wanted import View, Wanted

LEAF, MAIN, STEP = 4, 0, 3


def rows_of(scope: Scope, focus: int, side: Side, sort: str = "inclusive") -> ChainRows:
    return ChainRows(scope, call_tree(scope, 0), 0, focus, side, sort)


def drawn(rows: ChainRows) -> list[str]:
    keys = [column.key for column in rows.columns]
    places = [keys.index(key) for key in ("share", "own", "distance", "name")]
    return [" ".join(rows.cells(row)[place].text for place in places) for row in range(len(rows))]


@pytest.fixture
def graph_scope(scope: Scope) -> Scope:
    """The same profile as a call graph alone."""
    return Scope(replace(scope.profile, parts=tuple(replace(part, tree=None) for part in scope.profile.parts)))


def test_callers_of_a_leaf_in_a_recorded_tree(scope: Scope) -> None:
    assert drawn(rows_of(scope, LEAF, "callers")) == [
        "100.0% 4.000 ms 1 walk", "100.0% 4.000 ms 2 step", "100.0% 4.000 ms 4 main",
    ]  # fmt: skip


def test_callees_of_main(scope: Scope, graph_scope: Scope) -> None:
    """walk costs 12 ms in all, of which step has 10; load 2, leaf 4. 15 ms are 100 %."""
    assert drawn(rows_of(scope, MAIN, "callees")) == [
        "80.0% 3.000 ms 1 walk", "66.7% 5.000 ms 2 step", "26.7% 4.000 ms 4 leaf", "13.3% 2.000 ms 1 load",
    ]  # fmt: skip
    assert drawn(rows_of(graph_scope, MAIN, "callees")) == [
        "80.0% 8.000 ms 1 <cycle: step, walk>", "26.7% 4.000 ms 2 leaf", "13.3% 2.000 ms 1 load",
    ]  # fmt: skip


def test_the_cycle_that_holds_the_function_in_focus(graph_scope: Scope) -> None:
    callers, callees = rows_of(graph_scope, STEP, "callers"), rows_of(graph_scope, STEP, "callees")
    assert [callers.function(row) for row in range(len(callers))] == [STEP, MAIN], "a cycle stands for its heaviest"
    assert callers.record(0)["cycle"] is True
    assert [callees.cells(row)[0].text for row in range(len(callees))] == ["?", "~33.3%"], "of 10 ms"
    told = "cost estimated 3.333 ms, between 2.000 ms and 4.000 ms"
    assert callees.detail(1).endswith(told), "leaf has 4, and there are 2 that are not below step"
    assert "unknown" in callees.detail(0)


def test_orders(scope: Scope) -> None:
    def names(sort: str) -> list[int]:
        rows = rows_of(scope, MAIN, "callees", sort)
        return [rows.function(row) for row in range(len(rows))]

    assert names("self") == [3, 4, 2, 1]
    assert names("distance")[:2] == [4, 3], "the farthest first"
    assert names("name") == [2, 3, 1, 4], "walk, step, load, leaf"
    assert rows_of(scope, MAIN, "callees").find("LOAD").tolist() == [3]


def test_a_record_names_the_function_in_focus(scope: Scope) -> None:
    record = rows_of(scope, LEAF, "callers").record(1)
    assert (record["name"], record["distance"], record["callee"]["name"], record["mark"]) == ("step", 2, "leaf", "")
    assert (record["inclusive"], record["self"]) == ({"time": 0.004}, {"time": 0.004})
    assert rows_of(scope, MAIN, "callees").record(0)["caller"]["name"] == "main"


@pytest.mark.parametrize(("view", "first"), [("all-callers", "step  /srv/app/step.py"), ("bottom-up", "step")])
def test_reports(scope: Scope, view: View, first: str) -> None:
    wanted = Wanted(view, pattern=re.compile("^step$"))
    lines = list(DOCUMENTS["text"].lines(report_of(scope, wanted), Style()))
    assert any(first in line for line in lines)
    assert sum("main" in line for line in lines) == 1
    assert not any("leaf" in line for line in lines), "nobody's caller is leaf"
