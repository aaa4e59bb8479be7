"""What changed since a profile was read before: leaf got slower, step faster, load went and save came."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from proftui.analysis.filters import filtered, parse
from proftui.analysis.scope import Scope
from proftui.model import CallGraph, CallTree, Frames, Functions, Metric, Profile
from proftui.model.translate import translate
from proftui.report.changes import Before
from proftui.report.function_table import FunctionTable
from proftui.report.functions import FunctionRows
from proftui.units import SAMPLES

MS = 1e6


@pytest.fixture
def after(profile: Profile) -> Profile:
    """save 3 ms in place of load, walk 2 ms, step 1 ms, leaf 9 ms, which main calls too; ids are others, and lines."""
    names = ("leaf", "save", "main", "step", "walk")
    functions = Functions.of((name, f"/srv/app/{name}.py", 40 + at, "") for at, name in enumerate(names))
    leaf, save, main, step, walk = range(5)
    stacks = [
        ((main,), (1 * MS,)),
        ((main, save), (3 * MS,)),
        ((main, walk), (2 * MS,)),
        ((main, walk, step), (1 * MS,)),
        ((main, walk, leaf), (4 * MS,)),
        ((main, leaf), (5 * MS,)),
    ]
    tree = CallTree.of_stacks(stacks, Frames(np.arange(5, dtype=np.int32), np.full(5, -1, np.int32)))
    return replace(profile, functions=functions, parts=(replace(profile.parts[0], graph=tree.to_graph(), tree=tree),))


@pytest.fixture
def table(profile: Profile, after: Profile) -> FunctionTable:
    now = Scope(after)
    old_of = translate(profile.functions, after.functions).old_of
    return FunctionTable(now, 0, before=Before(now, Scope(profile), 0, old_of))


def test_changes_carry_their_sign(table: FunctionTable) -> None:
    rows = FunctionRows(table, sort="self_change")
    at = {column.key: index for index, column in enumerate(rows.columns)}
    assert [
        tuple(rows.cells(row)[at[key]].text for key in ("name", "self_change", "inclusive_change"))
        for row in range(len(rows))
    ] == [
        ("leaf", "+5.000 ms", "+5.000 ms"),
        ("save", "new", "new"),
        ("main", "0", "+1.000 ms"),
        ("walk", "-1.000 ms", "-5.000 ms"),  # 12 ms before, of which leaf 4; 7 ms now
        ("step", "-4.000 ms", "-9.000 ms"),
    ]


def test_self_changes_and_what_is_gone_add_up_to_the_change_of_the_total(table: FunctionTable) -> None:
    assert table.before is not None
    gone = sum(2 * MS for name in table.before.gone.tolist() if table.before.scope.functions.name[name] == "load")
    assert np.nansum(table.values["self_change"]) - gone == 16 * MS - 15 * MS


def test_what_is_gone(table: FunctionTable) -> None:
    assert table.before is not None
    assert [table.before.scope.functions.name[function] for function in table.before.gone.tolist()] == ["load"]
    assert [table.names[at] for at in range(table.size) if table.is_new(at)] == ["save"]


def test_the_record_has_base_units(table: FunctionTable) -> None:
    rows = FunctionRows(table, sort="self_change")
    assert {key: value for key, value in rows.record(3).items() if "change" in key or key == "new"} == {
        "self_change": -0.001, "inclusive_change": -0.005, "self_change_mark": "", "inclusive_change_mark": "",
        "new": False,
    }  # fmt: skip
    assert rows.record(1)["new"] is True


def test_what_is_not_known_has_no_change(profile: Profile, after: Profile) -> None:
    part = profile.parts[0]
    inclusive = part.graph.inclusive.copy()
    inclusive[0, 4] = 48 * 15e6  # leaf: far above the total
    graph = replace(part.graph, inclusive=inclusive)
    before = Scope(replace(profile, parts=(replace(part, graph=graph, tree=None),)))
    now = Scope(after)
    old_of = translate(profile.functions, after.functions).old_of
    table = FunctionTable(now, 0, before=Before(now, before, 0, old_of))
    assert np.isnan(table.values["inclusive_change"][table.names.index("leaf")])
    assert table.values["self_change"][table.names.index("leaf")] == 5 * MS


def shown(rows: FunctionRows, key: str) -> dict[str, str]:
    """The texts of a column by name."""
    at = {column.key: index for index, column in enumerate(rows.columns)}
    return {rows.cells(row)[at["name"]].text: rows.cells(row)[at[key]].text for row in range(len(rows))}


def test_a_change_between_bounds_is_marked(profile: Profile, after: Profile) -> None:
    """walk cost at most 12 ms, as callgrind tells of members of cycles: by how much it fell is not known exactly."""
    part = profile.parts[0]
    low = part.graph.inclusive.copy()
    low[0, 2] = 6 * MS
    before = Scope(replace(profile, parts=(replace(part, graph=replace(part.graph, inclusive_low=low), tree=None),)))
    now = Scope(after)
    old_of = translate(profile.functions, after.functions).old_of
    rows = FunctionRows(FunctionTable(now, 0, before=Before(now, before, 0, old_of)))
    assert shown(rows, "inclusive_change")["walk"] == "~-5.000 ms"
    assert shown(rows, "self_change")["walk"] == "-1.000 ms", "what it cost itself is known"
    record = next(rows.record(row) for row in range(len(rows)) if rows.record(row)["name"] == "walk")
    assert (record["inclusive_change_mark"], record["self_change_mark"]) == ("~", "")


def test_changes_of_estimates_are_estimates(profile: Profile) -> None:
    """shared has two callers and two callees: for which of its callers deep cost how much, a graph does not tell."""
    main, one, other, shared, deep, more = range(6)
    names = ("main", "one", "other", "shared", "deep", "more")
    functions = Functions.of((name, "/srv/a.py", 1 + at, "") for at, name in enumerate(names))
    frames = Frames(np.arange(6, dtype=np.int32), np.full(6, -1, np.int32))

    def through_one(milliseconds: float) -> Scope:
        stacks = [
            ((main, one, shared), (2 * MS,)), ((main, other, shared), (3 * MS,)),
            ((main, one, shared, deep), (milliseconds * MS,)), ((main, other, shared, deep), (4 * MS,)),
            ((main, one, shared, more), (3 * MS,)), ((main, other, shared, more), (2 * MS,)),
        ]  # fmt: skip
        graph = CallTree.of_stacks(stacks, frames).to_graph()
        part = replace(profile.parts[0], graph=graph, tree=None)
        return Scope(filtered(replace(profile, functions=functions, parts=(part,)), (parse("focus:one"),)).profile)

    now, then = through_one(6), through_one(1)
    rows = FunctionRows(FunctionTable(now, 0, before=Before(now, then, 0, np.arange(6, dtype=np.int32))))
    assert shown(rows, "self_change")["deep"].startswith("~+")
    assert shown(rows, "self_change")["main"] == "0"


def test_a_profile_that_was_empty(profile: Profile, after: Profile) -> None:
    part, none = profile.parts[0], np.zeros(0, np.int32)
    empty = CallGraph(none, np.zeros((1, 0)), np.zeros((1, 0)), none, none, np.zeros((1, 0)))
    before = Scope(replace(profile, parts=(replace(part, graph=empty, tree=None),)))
    now = Scope(after)
    old_of = translate(profile.functions, after.functions).old_of
    table = FunctionTable(now, 0, before=Before(now, before, 0, old_of))
    assert all(table.is_new(at) for at in range(table.size) if not table.is_cycle(at))
    assert table.before is not None
    assert len(table.before.gone) == 0


def test_without_anything_before_there_are_no_such_columns(scope: Scope) -> None:
    rows = FunctionRows(FunctionTable(scope, 0), sort="self_change")
    assert "self_change" not in [column.key for column in rows.columns]
    assert "new" not in rows.record(0)
    assert rows.order.tolist() == FunctionRows(FunctionTable(scope, 0)).order.tolist()


def test_counts_have_signs_too(profile: Profile) -> None:
    part = profile.parts[0]
    metric = (Metric("samples", SAMPLES),)
    old = replace(profile, metrics=metric, parts=(replace(part, graph=replace(part.graph, inclusive_low=None)),))
    now = Scope(old)
    same = translate(profile.functions, profile.functions).old_of
    rows = FunctionRows(FunctionTable(now, 0, before=Before(now, now, 0, same)))
    at = next(index for index, column in enumerate(rows.columns) if column.key == "self_change")
    assert {rows.cells(row)[at].text for row in range(len(rows))} <= {"0", ""}


def test_columns_that_are_wanted(scope: Scope, table: FunctionTable) -> None:
    def keys(rows: FunctionRows) -> list[str]:
        return [column.key for column in rows.columns]

    assert keys(FunctionRows(FunctionTable(scope, 0), wanted=("name", "self"))) == ["name", "self"]
    assert keys(FunctionRows(FunctionTable(scope, 0), wanted=("self", "calls"))) == ["self", "name"], "no calls here"
    assert keys(FunctionRows(table, wanted=("self", "name"))) == ["self_change", "inclusive_change", "self", "name"]
    assert keys(FunctionRows(table, wanted=("name", "self_change"))) == ["inclusive_change", "name", "self_change"]


def test_bookmarks_have_a_column_of_their_own(scope: Scope) -> None:
    rows = FunctionRows(FunctionTable(scope, 0), marked=frozenset([4]))
    assert rows.columns[0].key == "bookmark"
    assert [rows.function(row) for row in range(len(rows)) if rows.cells(row)[0].text == "★"] == [4]
    assert len(rows.cells(0)) == len(rows.columns)
