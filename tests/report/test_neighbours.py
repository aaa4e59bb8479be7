"""Callers and callees, against the figures of the hand-made profile."""

from __future__ import annotations

import pytest

from proftui.analysis.scope import Scope
from proftui.model import Profile
from proftui.report.neighbours import NeighbourRows, Side


def shown(rows: NeighbourRows) -> list[tuple[str, str, str]]:
    cells = [rows.cells(row) for row in range(len(rows))]
    return [(row[0].text, row[1].text, row[3].text) for row in cells]


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        ("callers", [("100.0%", "12.00 ms", "main"), ("41.7%", "5.000 ms", "step")]),
        ("callees", [("83.3%", "10.00 ms", "step"), ("33.3%", "4.000 ms", "leaf")]),
    ],
)
def test_arcs_of_a_recursive_function(scope: Scope, side: Side, expected: list[tuple[str, str, str]]) -> None:
    assert shown(NeighbourRows(scope, 0, 2, side)) == expected


def test_shares_of_the_total(scope: Scope) -> None:
    assert shown(NeighbourRows(scope, 0, 2, "callees", base="total"))[0] == ("66.7%", "10.00 ms", "step")


def test_a_root_has_no_callers(scope: Scope) -> None:
    assert len(NeighbourRows(scope, 0, 0, "callers")) == 0


def test_within_a_cycle_costs_are_upper_bounds_or_unknown(cycle: Profile) -> None:
    one = cycle.functions.name.index("one")
    assert shown(NeighbourRows(Scope(cycle), 0, one, "callees", base="total")) == [("?", "", "two")]
    rows = NeighbourRows(Scope(cycle), 0, one, "callers", base="total")
    assert shown(rows) == [("96.8%", "30", "main"), ("<=64.5%", "20", "two")]
    assert [rows.record(row)["mark"] for row in range(2)] == ["", "<="]
    assert rows.detail(1) == "two  a.c  within a cycle: at most 20"


def test_sorting_by_name(scope: Scope) -> None:
    rows = NeighbourRows(scope, 0, 0, "callees", sort="name", descending=False)
    assert [rows.function(row) for row in range(len(rows))] == [1, 2]


def test_a_record_names_both_ends(scope: Scope) -> None:
    record = NeighbourRows(scope, 0, 2, "callees").record(0)
    assert (record["caller"]["name"], record["callee"]["name"]) == ("walk", "step")
    assert record["inclusive"] == {"time": 0.01}
