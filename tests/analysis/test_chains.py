"""All callers and callees, against stacks looked at one at a time."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.chains import Chains, Side, chains_of
from proftui.analysis.condense import Condensed, condense
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.exact import ExactTree
from proftui.analysis.scope import MARKS, Figures
from proftui.model import CallGraph, CallTree, merge
from tests.analysis.test_estimate import FUNCTIONS, Run, graph_of, graphs, profile_of, runs
from tests.analysis.test_estimate import stack as stack_of
from tests.analysis.test_exact import FRAMES, Stacks, stacks


def seen(stack: tuple[int, ...], focus: int, side: Side) -> dict[int, int]:
    """The functions above or below the focus on a stack, and the fewest calls between."""
    found: dict[int, int] = {}
    for low in range(len(stack)):
        for high in range(low):
            caller, callee = stack[high], stack[low]
            if (callee if side == "callers" else caller) == focus:
                other = caller if side == "callers" else callee
                found[other] = min(found.get(other, low - high), low - high)
    return found


def exact(chains: Chains) -> dict[int, tuple[int, float, float]]:
    columns = (chains.function, chains.distance, chains.inclusive.value, chains.self_cost.value)
    return {row[0]: (row[1], row[2], row[3]) for row in zip(*(column.tolist() for column in columns), strict=True)}


@pytest.mark.parametrize("side", ["callers", "callees"])
@given(st.lists(stacks, min_size=1, max_size=3), st.integers(0, 3))
def test_each_sample_counts_once_for_each_caller_and_callee(side: Side, recorded: list[Stacks], focus: int) -> None:
    tree = ExactTree(tuple((CallTree.of_stacks(some, FRAMES), 0) for some in recorded))
    distance: dict[int, int] = {}
    inclusive: Counter[int] = Counter()
    own: Counter[int] = Counter()
    for frames, (cost,) in [pair for some in recorded for pair in some]:
        stack = tuple(int(FRAMES.function[frame]) for frame in frames)
        for function, calls in seen(stack, focus, side).items():
            distance[function] = min(distance.get(function, calls), calls)
            inclusive[function] += int(cost)
            spends = stack[-1] == (focus if side == "callers" else function)
            own[function] += int(cost) if spends and function in leaf_chain(stack, focus, side) else 0
    found = exact(chains_of(tree, focus, side))
    assert found == {function: (distance[function], inclusive[function], own[function]) for function in distance}


def leaf_chain(stack: tuple[int, ...], focus: int, side: Side) -> set[int]:
    """What is above the focus where it is the leaf; the leaf where the focus is above it."""
    if side == "callers":
        return set(stack[:-1]) if stack[-1] == focus else set()
    return {stack[-1]} if focus in stack[:-1] else set()


def truth(parts: list[Run], shape: Condensed, focus: int, side: Side) -> tuple[Counter[int], Counter[int]]:
    """What passes through each other node, by its key; of the focus's own cycle nothing is said."""
    inclusive: Counter[int] = Counter()
    own: Counter[int] = Counter()
    for run in parts:
        for index, activation in enumerate(run):
            stack = tuple(stack_of(run, index))
            for key in {key_of(function, shape) for function in seen(stack, focus, side)}:
                inclusive[key] += activation.cost
            for key in {key_of(function, shape) for function in leaf_chain(stack, focus, side)}:
                own[key] += activation.cost
    return inclusive, own


def key_of(function: int, shape: Condensed) -> int:
    row = shape.graph.row_of(function)
    assert row is not None
    return int(shape.key[shape.node[row]])


def assert_holds(known: Figures, at: int, truth: float, scale: float) -> None:
    low, value, high = (float(column[at]) for column in (known.low, known.value, known.high))
    assert low <= value <= high
    assert low - 1e-9 * scale <= truth <= high + 1e-9 * scale
    if MARKS[known.mark[at]] == "":
        assert value == pytest.approx(truth, abs=1e-9 * scale)


@pytest.mark.parametrize("side", ["callers", "callees"])
@given(st.lists(runs, min_size=1, max_size=3), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_the_truth_lies_inside_the_bounds(
    side: Side, parts: list[Run], calls: bool, arc_self: bool, arc_cost: bool, cycles: bool
) -> None:
    measured = [graph_of(run, calls=calls, arc_self=arc_self, arc_cost=arc_cost) for run in parts]
    graph = merge(profile_of(measured))
    tree = EstimatedTree.over(condense(graph, cycles=cycles), [(part, 0) for part in measured])
    shape = condense(graph)
    for focus in graph.function.tolist():
        chains = chains_of(tree, focus, side)
        inclusive, own = truth(parts, shape, focus, side)
        keys = [
            int(shape.key[cycle]) if cycle >= 0 else function
            for cycle, function in zip(chains.cycle.tolist(), chains.function.tolist(), strict=True)
        ]
        missing = {key for key, cost in inclusive.items() if cost} - set(keys)
        assert missing <= {focus}, "a function's own recursion is no chain of others"
        for at, key in enumerate(keys):
            if key == key_of(focus, shape):
                continue
            assert_holds(chains.inclusive, at, inclusive[key], max(tree.total, 1))
            assert_holds(chains.self_cost, at, own[key], max(tree.total, 1))


@given(graphs(), st.booleans())
def test_nonsense_gives_rows_all_the_same(graph: CallGraph, signed: bool) -> None:
    tree = EstimatedTree.over(condense(graph), [(graph, 0)], signed=signed)
    for focus in range(min(len(graph), FUNCTIONS)):
        for side in ("callers", "callees"):
            known = chains_of(tree, focus, side).inclusive
            assert signed or bool((known.low <= known.high).all())


def test_a_hand_count() -> None:
    """0 calls 1 and 2, which both call 3: 4 and 8 of 3 pass through them."""
    tree = CallTree.of_stacks([([0, 1, 3], [4.0]), ([0, 2, 3], [8.0]), ([0, 2], [1.0])], FRAMES)
    for source in (ExactTree(((tree, 0),)), EstimatedTree.over(condense(tree.to_graph()), [(tree.to_graph(), 0)])):
        assert exact(chains_of(source, 3, "callers")) == {0: (2, 12, 12), 1: (1, 4, 4), 2: (1, 8, 8)}
        assert exact(chains_of(source, 0, "callees")) == {1: (1, 4, 0), 2: (1, 9, 1), 3: (2, 12, 12)}
