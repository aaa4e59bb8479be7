"""Where in the tree a function is found."""

from __future__ import annotations

from dataclasses import replace

from proftui.analysis.calltree import call_tree
from proftui.analysis.scope import Scope
from proftui.analysis.treenode import INSIDE_KEY
from proftui.model import Profile
from proftui.report.calltree import Path, TreeRows
from proftui.tui.views.tree import way_to

MAIN, LOAD, WALK, STEP, LEAF, HOSTILE, WIDE = range(7)


def way(scope: Scope, function: int) -> Path:
    return way_to(call_tree(scope, 0), scope, function) or ()


def test_the_way_goes_by_the_heaviest_caller(single: Profile) -> None:
    scope = Scope(single)
    assert way(scope, LOAD) == (MAIN, LOAD)
    assert way(scope, MAIN) == (MAIN,)


def test_members_of_a_cycle_are_found_in_it(single: Profile) -> None:
    assert way(Scope(single), STEP) == (MAIN, WALK, INSIDE_KEY, STEP), "a cycle goes by its smallest member"
    assert way(Scope(single), LEAF) == (MAIN, WALK, LEAF)


def test_without_cycles_as_units_no_function_is_passed_twice(single: Profile) -> None:
    assert way(Scope(single, cycles=False), STEP) == (MAIN, WALK, STEP)


def test_what_is_not_there_has_no_way(profile: Profile) -> None:
    assert way(Scope(profile, (1,)), STEP) == ()


def test_rows_on_the_way_are_opened(single: Profile) -> None:
    scope = Scope(single)
    rows = TreeRows(call_tree(scope, 0), scope, 0)
    row = rows.reveal(way(scope, LEAF))
    assert rows.key(row) == (MAIN, WALK, LEAF)
    assert rows.reveal((MAIN, 99)) == 0, "as much of the way as there is"
    assert rows.reveal(()) == 0


def test_a_row_beyond_the_cut_off_is_found(single: Profile) -> None:
    import numpy as np

    from proftui.model import CallGraph, Functions, Part

    count = 1000
    callee = np.arange(1, count, dtype=np.int32)
    cost = np.arange(count, dtype=np.float64)[None]
    inclusive = cost.copy()
    inclusive[0, 0] = cost.sum()
    graph = CallGraph(
        np.arange(count, dtype=np.int32), cost, inclusive, np.zeros(count - 1, np.int32), callee, cost[:, 1:]
    )
    functions = Functions.of((f"f{at}", "x.py", at, "") for at in range(count))
    wide = replace(single, metrics=single.metrics[:1], functions=functions, parts=(Part("wide", graph),))
    scope = Scope(wide)
    rows = TreeRows(call_tree(scope, 0), scope, 0)
    row = rows.reveal(way(scope, 1))
    assert rows.function(row) == 1, "the lightest of 999 callees"
    assert len(rows) < 220, "not all that come before it are made"
