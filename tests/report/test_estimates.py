"""Estimated figures in tables, detail lines and records: their marks, and between what they lie."""

from __future__ import annotations

import numpy as np
import pytest

from proftui.analysis.scope import Scope
from proftui.model import CallGraph, Functions, GraphBounds, Metric, Origin, Part, Profile
from proftui.report.function_table import FunctionTable
from proftui.report.functions import FunctionRows
from proftui.report.neighbours import NeighbourRows
from proftui.report.rows import Rows
from proftui.units import TIME

MS = 1e6


@pytest.fixture
def scope() -> Scope:
    """Of 100 ms main has 10 itself, load about 60 (40 to 80), scan at most 50 and perhaps 30; rest may be anything.

    main calls load and scan; how much of scan is load's is unknown.
    """
    bounds = GraphBounds(
        self_low=MS * np.array([[10.0, 40.0, 0.0, 0.0]]),
        self_high=MS * np.array([[10.0, 80.0, 50.0, 100.0]]),
        inclusive_low=MS * np.array([[100.0, 60.0, 0.0, 0.0]]),
        inclusive_high=MS * np.array([[100.0, 90.0, 50.0, 100.0]]),
        arc_low=MS * np.array([[60.0, 10.0, 0.0]]),
        arc_high=MS * np.array([[90.0, 10.0, 40.0]]),
        outside_high=MS * np.array([[100.0, 0.0, 0.0, 100.0]]),
    )
    graph = CallGraph(
        function=np.arange(4, dtype=np.int32),
        self_cost=MS * np.array([[10.0, 60.0, 30.0, 0.0]]),
        inclusive=MS * np.array([[100.0, 80.0, 30.0, 0.0]]),
        calls=np.array([1.0, np.nan, 2.0, 1.0]),
        caller=np.array([0, 0, 1], np.int32),
        callee=np.array([1, 2, 2], np.int32),
        arc_cost=MS * np.array([[80.0, 10.0, 20.0]]),
        arc_calls=np.array([1.0, 1.0, np.nan]),
        bounds=bounds,
    )
    functions = Functions.of((name, "m.py", 1, "") for name in ("main", "load", "scan", "rest"))
    return Scope(Profile("p", Origin("p", "test"), (Metric("time", TIME),), functions, (Part("p", graph),)))


def drawn(rows: Rows, row: int) -> dict[str, str]:
    return {column.key: cell.text for column, cell in zip(rows.columns, rows.cells(row), strict=True)}


def test_marks_in_the_table_of_functions(scope: Scope) -> None:
    rows = FunctionRows(FunctionTable(scope, 0), sort="self")
    shown = [drawn(rows, row) for row in range(4)]
    assert [row["name"] for row in shown] == ["load", "scan", "main", "rest"]
    assert [row["self_share"] for row in shown] == ["~60.0%", "<=50.0%", "10.0%", "?"]
    assert [row["self"] for row in shown] == ["60.00 ms", "50.00 ms", "10.00 ms", ""]
    assert [row["inclusive_share"] for row in shown] == ["~80.0%", "<=50.0%", "100.0%", "?"]
    assert [row["calls"] for row in shown] == ["", "2", "1", "1"]
    assert [row["self_per_call"] for row in shown] == ["", "", "10.00 ms", ""]


def test_numbers_have_the_marks_where_there_are_no_shares(scope: Scope) -> None:
    rows = FunctionRows(FunctionTable(scope, 0), sort="self", absolute=True)
    assert [drawn(rows, row)["self"] for row in range(4)] == ["~60.00 ms", "<=50.00 ms", "10.00 ms", "?"]
    assert all(column.width >= 10 for column in rows.columns if column.key in ("self", "inclusive"))


def test_detail_lines_say_between_what(scope: Scope) -> None:
    rows = FunctionRows(FunctionTable(scope, 0), sort="self")
    assert rows.detail(0).endswith(
        "inclusive estimated 80.00 ms, between 60.00 ms and 90.00 ms; "
        "self estimated 60.00 ms, between 40.00 ms and 80.00 ms"
    )
    assert rows.detail(1).endswith(
        "inclusive at most 50.00 ms, perhaps 30.00 ms; self at most 50.00 ms, perhaps 30.00 ms"
    )
    assert rows.detail(2).endswith("m.py:1")
    assert rows.detail(3).endswith("inclusive unknown; self unknown")


def test_records_hold_the_bounds(scope: Scope) -> None:
    rows = FunctionRows(FunctionTable(scope, 0), sort="self")
    load, scan, main, rest = (rows.record(row) for row in range(4))
    assert (load["mark"], load["low"], load["high"], load["inclusive"]) == ("~", 0.06, 0.09, {"time": 0.08})
    assert (load["self_mark"], load["self_low"], load["self_high"], load["self"]) == ("~", 0.04, 0.08, {"time": 0.06})
    assert (scan["mark"], scan["inclusive"]) == ("<=", {"time": 0.05})
    assert (main["mark"], main["low"], main["high"]) == ("", 0.1, 0.1)
    assert (rest["mark"], rest["inclusive"], rest["self"]) == ("?", {"time": None}, {"time": None})
    assert load["calls"] is None


def test_marks_of_callers(scope: Scope) -> None:
    rows = NeighbourRows(scope, 0, 2, "callers", base="total")
    shown = [drawn(rows, row) for row in range(2)]
    assert [(row["name"], row["share"], row["cost"], row["calls"]) for row in shown] == [
        ("load", "<=40.0%", "40.00 ms", ""),
        ("main", "10.0%", "10.00 ms", "1"),
    ]
    assert rows.detail(0).endswith("cost at most 40.00 ms, perhaps 20.00 ms")
    assert rows.detail(1).endswith("m.py:1")
    record = rows.record(0)
    assert (record["mark"], record["low"], record["high"]) == ("<=", 0.0, 0.04)
