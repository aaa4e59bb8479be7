"""What functions cost together, against stacks counted one at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.calltree import call_tree
from proftui.analysis.cover import Cover, cover
from proftui.analysis.filters import filtered, parse
from proftui.analysis.scope import Scope
from proftui.model import NO_LINE, WALL_TIME, CallTree, Frames, Functions, Origin, Part, Profile

Stacks = list[tuple[list[int], list[float]]]

FRAMES = Frames(np.arange(6, dtype=np.int32), np.full(6, NO_LINE, np.int32))

stacks = st.lists(
    st.tuples(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.integers(0, 9).map(lambda cost: [float(cost)])),
    min_size=1,
    max_size=12,
)


def scope_of(*recorded: Stacks, tree: bool = True, cycles: bool = True) -> Scope:
    trees = [CallTree.of_stacks(some, FRAMES) for some in recorded]
    parts = tuple(Part(f"{at}", one.to_graph(), tree=one if tree else None) for at, one in enumerate(trees))
    functions = Functions.of((f"f{index}", "", NO_LINE, "") for index in range(6))
    return Scope(Profile("", Origin("", ""), (WALL_TIME,), functions, parts), cycles=cycles)


def covered(scope: Scope, *functions: int) -> Cover:
    return cover(call_tree(scope, 0), scope, 0, np.array(functions, np.int32))


@given(st.lists(stacks, min_size=1, max_size=2), st.sets(st.integers(0, 5), min_size=1), st.booleans())
def test_each_stack_counts_once(recorded: list[Stacks], functions: set[int], cycles: bool) -> None:
    truth = sum(cost for some in recorded for stack, (cost,) in some if functions & set(stack))
    found = covered(scope_of(*recorded), *functions)
    assert found == Cover(truth, truth)
    bounds = covered(scope_of(*recorded, tree=False, cycles=cycles), *functions)
    assert bounds.low <= truth + 1e-9
    assert bounds.high >= truth - 1e-9
    reached = {called for some in recorded for stack, _ in some for called in stack}
    if len(functions & reached) == 1 and scope_of(*recorded).graph.inclusive_low is None:
        assert bounds.high == truth


def test_functions_that_do_not_call_each_other_add_up() -> None:
    """f1 and f2 share no stack; f3 is below f1, which may have had all or nothing of it."""
    recorded: Stacks = [([0, 1], [10.0]), ([0, 1, 3], [20.0]), ([0, 2], [30.0]), ([0, 2, 3], [40.0])]
    scope = scope_of(recorded, tree=False)
    assert covered(scope, 1, 2) == Cover(100, 100)
    assert covered(scope, 2) == Cover(70, 70)
    assert covered(scope, 1, 3) == Cover(70, 90)
    assert covered(scope, 1, 3).exact is False
    assert covered(scope_of(recorded), 1, 3) == Cover(70, 70)
    assert covered(scope) == Cover(0, 0)
    assert covered(scope, 5) == Cover(0, 0)


@pytest.mark.parametrize("cycles", [True, False])
def test_functions_of_one_cycle_cost_no_more_than_the_cycle(cycles: bool) -> None:
    recorded: Stacks = [([0, 1], [10.0]), ([0, 1, 2, 1], [20.0]), ([0, 2, 1], [30.0]), ([0, 3], [40.0])]
    found = covered(scope_of(recorded, tree=False, cycles=cycles), 1, 2)
    assert found == Cover(60, 60)


@given(stacks, st.sets(st.integers(0, 4), min_size=1))
def test_filtered_graphs_bound_it_too(recorded: Stacks, functions: set[int]) -> None:
    kept = [(stack, cost) for stack, (cost,) in recorded if 5 not in stack]
    truth = sum(cost for stack, cost in kept if functions & set(stack))
    scope = scope_of(recorded, tree=False)
    scope = Scope(filtered(scope.profile, (parse("ignore:^f5$"),)).profile)
    bounds = covered(scope, *functions)
    assert bounds.low <= truth + 1e-6
    assert bounds.high >= truth - 1e-6
