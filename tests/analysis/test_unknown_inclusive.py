"""Trees of profiles without callers, where inclusive costs are unknown or only bounded."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import numpy as np
import pytest

from proftui.analysis.bottom_up import bottom_up
from proftui.analysis.calltree import TreeNode, TreeSource, call_tree
from proftui.analysis.scope import MARKS, Scope
from proftui.formats import load
from proftui.model import WALL_TIME, CallGraph, Functions, Origin, Part, Profile

DATA = Path(__file__).parents[1] / "data"


def lone(own: list[float], inclusive: list[float], low: list[float] | None = None) -> Scope:
    """Functions of which none is known to call another."""
    none, nothing = np.zeros(0, np.int32), np.zeros((1, 0))
    graph = CallGraph(
        np.arange(len(own), dtype=np.int32), np.array([own]), np.array([inclusive]), none, none, nothing,
        inclusive_low=None if low is None else np.array([low]),
    )  # fmt: skip
    functions = Functions.of((f"f{at}", "", 0, "") for at in range(len(own)))
    return Scope(Profile("run", Origin("", "test", "sampled"), (WALL_TIME,), functions, (Part("run", graph),)))


def roots(tree: TreeSource, limit: int = 9) -> dict[int | None, TreeNode]:
    return {node.function: node for node in tree.roots(limit)}


@pytest.mark.parametrize("turned", [False, True])
def test_an_unknown_inclusive_cost_leaves_the_self_cost_known(turned: bool) -> None:
    scope = lone([30, 10, 0], [np.nan, np.nan, np.nan])
    tree = (bottom_up if turned else call_tree)(scope, 0)
    found = roots(tree)
    assert [found[at].self_cost for at in range(3)] == [(cost, cost, cost, "") for cost in (30, 10, 0)]
    assert {node.inclusive.mark for node in found.values()} == {"?"}
    assert all(isnan(node.inclusive.shown) for node in found.values())


def test_what_is_known_of_other_functions_stays_so() -> None:
    found = roots(bottom_up(lone([30, 10], [np.nan, 25]), 0))
    assert (found[0].inclusive.mark, found[1].inclusive) == ("?", (25, 25, 25, ""))


def test_the_self_costs_of_scalene_are_those_of_its_functions() -> None:
    scope = Scope(load(DATA / "scalene/shop_1.5.51.json"))
    own = scope.graph.self_cost[0]
    assert {node.function: node.self_cost.shown for node in call_tree(scope, 0).roots()} == pytest.approx(
        dict(zip(scope.graph.function.tolist(), own.tolist(), strict=True))
    )


def test_a_root_is_bounded_as_its_function_is() -> None:
    found = roots(call_tree(lone([10, 20], [28, 20], [25, 20]), 0))
    assert found[0].inclusive == (28, 25, 28, "<=")
    assert found[1].inclusive == (20, 20, 20, "")
    assert found[0].self_cost == (10, 10, 10, "")


def test_so_are_roots_that_are_cut_off() -> None:
    (*_, rest) = call_tree(lone([10, 20, 20], [20, 20, 50], [15, 20, 50]), 0).roots(1)
    assert (rest.kind, rest.inclusive) == ("rest", (40, 35, 40, "<="))


def test_the_roots_of_counted_lines_have_the_marks_of_their_functions() -> None:
    scope = Scope(load(DATA / "tachyon/app.jsonl"))
    names = scope.functions.name
    marks = dict(zip(scope.graph.function.tolist(), scope.marks(0).tolist(), strict=True))
    found = roots(call_tree(scope, 0), 99)
    assert {at: node.inclusive.mark for at, node in found.items()} == {at: MARKS[mark] for at, mark in marks.items()}
    assert found[names.index("dive")].inclusive.mark == "<="
