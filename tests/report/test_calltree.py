"""A call tree as rows, against the figures of the hand-made profile."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from proftui.analysis.bottom_up import bottom_up
from proftui.analysis.calltree import call_tree
from proftui.analysis.scope import Scope
from proftui.report.calltree import TreeRows
from proftui.report.neighbours import Base


@pytest.fixture
def graph_scope(scope: Scope) -> Scope:
    """The same profile as a call graph alone, as pstats would have it."""
    parts = tuple(replace(part, tree=None) for part in scope.profile.parts)
    return Scope(replace(scope.profile, parts=parts))


def tree(scope: Scope, base: Base = "total", expansion: frozenset[tuple[int, ...]] = frozenset()) -> TreeRows:
    return TreeRows(call_tree(scope, 0), scope, 0, base, expansion)


def drawn(rows: TreeRows) -> list[str]:
    keys = [column.key for column in rows.columns]
    at, name = 0, keys.index("name")
    return [
        f"{'  ' * rows.depth(row)}{rows.cells(row)[name].text} {rows.cells(row)[at].text}" for row in range(len(rows))
    ]


def test_a_recorded_tree_is_exact(scope: Scope) -> None:
    rows = tree(scope)
    assert drawn(rows) == ["main 100.0%"]
    rows.expand_all(0)
    assert drawn(rows) == [
        "main 100.0%",
        "  walk 80.0%",
        "    step 66.7%",
        "      walk ↻ 33.3%",
        "        leaf 26.7%",
        "  load 13.3%",
    ]


def test_a_graph_shows_its_cycle_as_one_row(graph_scope: Scope) -> None:
    rows = tree(graph_scope)
    rows.expand_all(0)
    assert drawn(rows)[:3] == ["main 100.0%", "  <cycle: step, walk> 80.0%", "    (inside the cycle) 53.3%"]
    assert "    leaf 26.7%" in drawn(rows)
    assert drawn(rows)[-1] == "  load 13.3%"


def test_shares_of_the_caller(scope: Scope) -> None:
    rows = tree(scope, "parent")
    rows.expand_all(0)
    assert drawn(rows)[2] == "    step 83.3%"


def test_collapsing_remembers_what_was_open_below(scope: Scope) -> None:
    rows = tree(scope)
    rows.expand_all(0)
    everything = drawn(rows)
    rows.collapse(0)
    assert len(rows) == 1
    rows.expand(0)
    assert drawn(rows) == everything


def test_the_heaviest_path_is_followed_to_its_end(scope: Scope) -> None:
    rows = tree(scope)
    end = rows.expand_heaviest(0)
    assert rows.key(end) == (0, 2, 3, 2, 4)


def test_the_heaviest_path_ends_where_a_cycle_that_is_switched_off_closes(graph_scope: Scope) -> None:
    rows = tree(replace(graph_scope, cycles=False))
    end = rows.expand_heaviest(0)
    assert rows.key(end) == (0, 2, 3, 2)
    assert rows.cells(end)[-2].text == "walk ↻"


def test_expanding_all_stops_at_the_limit(scope: Scope) -> None:
    rows = tree(scope)
    assert rows.expand_all(0, most=2) == 2
    assert len(rows) == 3


def test_a_key_is_found_again_and_its_ancestors_opened(scope: Scope) -> None:
    rows = tree(scope)
    row = rows.row_of((0, 2, 3))
    assert row is not None
    assert (rows.function(row), rows.parent(row)) == (3, 1)
    assert rows.row_of((0, 4)) is None


def test_the_expansion_carries_over_to_new_rows(scope: Scope) -> None:
    rows = tree(scope)
    rows.expand_all(0)
    assert drawn(tree(scope, expansion=rows.expansion)) == drawn(rows)


def test_find_looks_at_the_open_rows(scope: Scope) -> None:
    rows = tree(scope)
    assert rows.find("leaf").tolist() == []
    rows.expand_all(0)
    assert rows.find("leaf").tolist() == [4]


def test_a_record_has_the_bounds(graph_scope: Scope) -> None:
    rows = tree(graph_scope)
    rows.expand(0)
    record = rows.record(2)
    assert (record["name"], record["depth"], record["mark"], record["caller"]["id"]) == (
        "load", 1, "", 0,
    )  # fmt: skip
    assert (record["low"], record["high"], record["inclusive"]) == (0.002, 0.002, {"time": 0.002})


def test_no_share_of_the_caller_exceeds_all_of_it(graph_scope: Scope) -> None:
    rows = tree(replace(graph_scope, cycles=False), "parent")
    rows.expand_all(0, most=60)
    shares = [float(rows.cells(row)[0].text.strip("<=~%?") or 0) for row in range(len(rows))]
    assert len(shares) == 6
    assert max(shares) <= 100


def test_a_tree_turned_over_leads_with_self_costs(scope: Scope) -> None:
    rows = TreeRows(bottom_up(scope, 0), scope, 0)
    assert [column.key for column in rows.columns[:4]] == ["self_share", "inclusive_share", "self", "inclusive"]
    rows.expand(1)
    assert drawn(rows) == ["step 33.3%", "leaf 26.7%", "  walk 26.7%", "walk 20.0%", "load 13.3%", "main 6.7%"]
    record = rows.record(2)
    assert (record["name"], record["callee"]["name"], record["self"], record["self_mark"]) == (
        "walk", "leaf", {"time": 0.004}, "",
    )  # fmt: skip
    assert "caller" not in record
    end = rows.expand_heaviest(1)
    assert rows.key(end) == (4, 2, 3, 2, 0), "leaf, walk, step, walk, main"


def test_rows_behind_the_cut_off_are_made_near_the_one_that_is_wanted(scope: Scope) -> None:
    rows = tree(scope)
    (main,) = rows.source.roots()
    *_, rest = rows.source.children(main, limit=0)
    assert [node.path for node in rows.source.around(rest, 1)] == [(0, 2), (0, 1)]
    assert rows.source.around(rest, 4) == ()


def test_a_copy_is_opened_apart(scope: Scope) -> None:
    rows = tree(scope)
    other = rows.copy()
    assert other.reveal((0, 2, 3)) == 2
    assert (len(rows), len(other)) == (1, 4)
    other.close({(0,)})
    assert len(other) == 1
    assert other.expansion == {(0, 2)}, "what was open below stays so"


def test_a_search_knows_rows_that_are_not_open(scope: Scope, graph_scope: Scope) -> None:
    found = tree(scope).search("WALK")
    assert found is not None
    assert [found.path(at) for at in range(len(found))] == [(0, 2), (0, 2, 3, 2)]
    assert found.before((0, 2, 3)) == 1
    estimated = tree(graph_scope).search("step")
    assert estimated is not None
    assert [estimated.path(at) for at in range(len(estimated))] == [(0, 2, -1, 3)], "in its cycle"
    assert tree(scope).search("") is None


def test_calls_have_no_column_where_contexts_do_not_count_them(scope: Scope) -> None:
    calls = np.array([1.0, 1, 2, 1, 1])
    parts = tuple(replace(part, graph=replace(part.graph, calls=calls)) for part in scope.profile.parts)
    counted = Scope(replace(scope.profile, parts=parts))
    assert "calls" not in [column.key for column in tree(counted).columns]
    assert "calls" not in [column.key for column in TreeRows(bottom_up(counted, 0), counted, 0).columns]
    estimated = Scope(replace(scope.profile, parts=tuple(replace(part, tree=None) for part in parts)))
    assert "calls" in [column.key for column in tree(estimated).columns]
