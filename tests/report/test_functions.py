"""The table of functions, against the figures of the hand-made profile."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proftui.analysis.scope import Scope
from proftui.model import Floats, Profile
from proftui.report.function_table import FunctionTable
from proftui.report.functions import FunctionRows


def lines(rows: FunctionRows, *keys: str) -> list[tuple[str, ...]]:
    wanted = [index for index, column in enumerate(rows.columns) if column.key in keys]
    return [tuple(rows.cells(row)[index].text for index in wanted) for row in range(len(rows))]


def test_costs_and_shares(scope: Scope) -> None:
    rows = FunctionRows(FunctionTable(scope, 0), sort="inclusive")
    assert lines(rows, "name", "self", "self_share", "inclusive", "inclusive_share") == [
        ("6.7%", "100.0%", "1.000 ms", "15.00 ms", "main"),
        ("20.0%", "80.0%", "3.000 ms", "12.00 ms", "walk"),
        ("", "80.0%", "", "12.00 ms", "<cycle: step, walk>"),
        ("33.3%", "66.7%", "5.000 ms", "10.00 ms", "step"),
        ("26.7%", "26.7%", "4.000 ms", "4.000 ms", "leaf"),
        ("13.3%", "13.3%", "2.000 ms", "2.000 ms", "load"),
    ]


def test_the_self_column_adds_up_to_the_total(scope: Scope) -> None:
    table = FunctionTable(scope, 0)
    assert np.nansum(table.values["self"]) == 15e6


def test_cycles_can_be_switched_off(scope: Scope) -> None:
    rows = FunctionRows(FunctionTable(replace(scope, cycles=False), 0), sort="name", descending=False)
    assert [name for (name,) in lines(rows, "name")] == ["leaf", "load", "main", "step", "walk"]


def test_what_was_not_measured_has_no_column(scope: Scope) -> None:
    assert "calls" not in [column.key for column in FunctionRows(FunctionTable(scope, 0)).columns]


def test_without_calls_one_cost_is_enough(scope: Scope) -> None:
    """Functions alone, each with all that it costs; of calls, or of more than that, inclusive costs tell too."""
    own, none = scope.graph.self_cost, np.zeros(0, np.int32)

    def keys(inclusive: Floats) -> list[str]:
        graph = replace(
            scope.graph, inclusive=inclusive, inclusive_low=None,
            caller=none, callee=none, arc_cost=np.zeros((len(own), 0)), arc_calls=None,
        )  # fmt: skip
        profile = replace(scope.profile, parts=(replace(scope.profile.parts[0], graph=graph, tree=None),))
        return [column.key for column in FunctionRows(FunctionTable(Scope(profile), 0)).columns]

    assert keys(own) == ["self_share", "self", "name", "location", "module"]
    assert "inclusive" in keys(own * 2)
    assert "inclusive" in [column.key for column in FunctionRows(FunctionTable(scope, 0)).columns]


def test_inclusive_above_the_total_is_unknown_but_within_one_percent_it_is_all(profile: Profile) -> None:
    part = profile.parts[0]
    inclusive = part.graph.inclusive.copy()
    inclusive[0, 0] = 15.1e6  # main: 0.7 % above
    inclusive[0, 4] = 48 * 15e6
    broken = replace(profile, parts=(replace(part, graph=replace(part.graph, inclusive=inclusive)),))
    rows = FunctionRows(FunctionTable(Scope(broken), 0), sort="name", descending=False)
    shares = {name: share for share, name in lines(rows, "name", "inclusive_share")}
    assert shares["main"] == "100.0%"
    assert shares["leaf"] == "?"
    assert "720.0 ms" in rows.detail(next(row for row in range(len(rows)) if rows.function(row) == 4))
    record = next(rows.record(row) for row in range(len(rows)) if rows.function(row) == 4)
    assert (record["inclusive"], record["mark"]) == ({"time": None}, "?")


def test_a_filtered_table_keeps_its_order(scope: Scope) -> None:
    rows = FunctionRows(FunctionTable(scope, 0), sort="self", kept=np.array([1, 4], np.int32))
    assert lines(rows, "name") == [("leaf",), ("load",)]


def test_find_looks_at_names_and_files(scope: Scope) -> None:
    rows = FunctionRows(FunctionTable(scope, 0), sort="self")
    assert [rows.function(int(row)) for row in rows.find("LO")] == [1]
    assert len(rows.find("app/step")) == 1


def test_a_record_speaks_base_units(scope: Scope) -> None:
    rows = FunctionRows(FunctionTable(scope, 0), sort="self")
    assert rows.record(0) == {
        "id": 3, "name": "step", "file": "/srv/app/step.py", "line": 13, "module": "srv.app.step",
        "calls": None, "primitive_calls": None, "self": {"time": 0.005}, "inclusive": {"time": 0.01},
        "mark": "", "cycle": False,
    }  # fmt: skip
