"""Call trees turned over: recorded ones against stacks inverted one at a time, estimated ones against programs."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.bottom_up import ExactBottomUp, bottom_up
from proftui.analysis.bottom_up_estimate import EstimatedBottomUp
from proftui.analysis.condense import Condensed, condense
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.scope import Scope
from proftui.analysis.treenode import TreeNode, TreeSource
from proftui.model import CallGraph, CallTree, Part, merge
from tests.analysis.test_estimate import Run, assert_holds, assert_sane, graph_of, graphs, profile_of, runs
from tests.analysis.test_estimate import stack as stack_of
from tests.analysis.test_exact import FRAMES, Stacks, profile, stacks

Path = tuple[int, ...]


def walk(tree: TreeSource, depth: int, most: int = 150) -> Iterator[TreeNode]:
    """The nodes down to a depth, level by level; not more of them than `most`."""
    pending = deque(tree.roots())
    while pending and most > 0:
        node = pending.popleft()
        yield node
        most -= 1
        if node.depth < depth:
            below = tree.children(node)
            assert node.expandable or not below
            pending.extend(below)


def naive(samples: list[tuple[Path, float]]) -> tuple[Counter[Path], Counter[Path]]:
    """The self and inclusive cost of every chain of callers, from stacks (root first) one at a time."""
    own: Counter[Path] = Counter()
    inclusive: Counter[Path] = Counter()
    for stack, cost in samples:
        chains = {stack[first : last + 1][::-1] for last in range(len(stack)) for first in range(last + 1)}
        for chain in chains:
            inclusive[chain] += int(cost)
        for first in range(len(stack)):
            own[stack[first:][::-1]] += int(cost)
    return own, inclusive


@given(st.lists(stacks, min_size=1, max_size=3))
def test_every_chain_of_callers_costs_what_its_samples_do(recorded: list[Stacks]) -> None:
    tree = ExactBottomUp(tuple((CallTree.of_stacks(some, FRAMES), 0) for some in recorded))
    samples = [
        (tuple(int(FRAMES.function[frame]) for frame in stack), cost) for some in recorded for stack, (cost,) in some
    ]
    own, inclusive = naive(samples)
    found = {node.path: node for node in walk(tree, 10, most=10_000)}
    assert {path: node.inclusive.value for path, node in found.items()} == inclusive
    assert {path: node.self_cost.value for path, node in found.items()} == {path: own[path] for path in inclusive}
    assert sum(root.self_cost.value for root in tree.roots()) == tree.total == sum(cost for _, cost in samples)
    for path, node in found.items():
        again = tree.at(path)
        assert again is not None
        assert again.self_cost == node.self_cost
        below = [(child.self_cost.value, child.inclusive.value) for child in tree.children(node)]
        assert below == sorted(below, reverse=True)


def test_the_callers_of_a_recursive_function_counted_by_hand() -> None:
    """0 calls 1, which calls itself and 2: 1 pays 5 outside and 3 inside of its recursion, 2 pays 4 below."""
    tree = ExactBottomUp(
        ((CallTree.of_stacks([([0, 1], [5.0]), ([0, 1, 1], [3.0]), ([0, 1, 1, 2], [4.0])], FRAMES), 0),)
    )
    assert [(node.function, node.self_cost.value, node.inclusive.value) for node in tree.roots()] == [
        (1, 8, 12), (2, 4, 4), (0, 0, 12),
    ]  # fmt: skip
    one = tree.at((1,))
    assert one is not None
    assert [(node.path, node.self_cost.value, node.inclusive.value) for node in tree.children(one)] == [
        ((1, 0), 5, 12), ((1, 1), 3, 7),
    ]  # fmt: skip
    twice = tree.at((1, 1, 0))
    assert twice is not None
    assert (twice.self_cost.value, twice.inclusive.value, twice.expandable) == (3, 7, False)
    assert tree.path_to(2) == (2,)
    assert tree.path_to(4) is None


def test_what_is_cut_off_of_the_functions_is_found_all_the_same() -> None:
    tree = ExactBottomUp(((CallTree.of_stacks([([at % 4], [float(at)]) for at in range(5)], FRAMES), 0),))
    first, rest = tree.roots(limit=1)
    assert (first.function, rest.count, rest.self_cost.value) == (0, 3, 6), "4 + 0; 3 + 2 + 1"
    assert [node.function for node in tree.around(rest, 1)] == [3, 2, 1]
    assert tree.around(rest, 0) == ()


def chain_truth(runs: list[Run], shape: Condensed) -> tuple[Counter[Path], Counter[Path]]:
    """Self and inclusive cost of each chain of callers in a run, cycles passed as one.

    A function in a cycle is below the cycle; consecutive activations in one cycle are one.
    """
    own: Counter[Path] = Counter()
    inclusive: Counter[Path] = Counter()
    for run in runs:
        for index, activation in enumerate(run):
            functions = stack_of(run, index)
            chains = [chain for last in range(len(functions)) for chain in chains_up(functions[: last + 1], shape)]
            for chain in set(chains):
                inclusive[chain] += activation.cost
            for chain in chains_up(functions, shape):
                own[chain] += activation.cost
    return own, inclusive


def direct_truth(parts: list[Run]) -> tuple[Counter[Path], Counter[Path]]:
    """Self and inclusive cost of each (function, direct caller), whatever cycles they are in."""
    own: Counter[Path] = Counter()
    inclusive: Counter[Path] = Counter()
    for run in parts:
        for index, activation in enumerate(run):
            functions = stack_of(run, index)
            for call in set(zip(functions[1:], functions, strict=False)):
                inclusive[call] += activation.cost
            if len(functions) > 1:
                own[functions[-1], functions[-2]] += activation.cost
    return own, inclusive


def chains_up(functions: list[int], shape: Condensed) -> Iterator[Path]:
    """The chains that begin at the last of some functions on a stack."""
    chain: Path = (functions[-1],)
    yield chain
    node = node_of(functions[-1], shape)
    if shape.is_cycle(node):
        chain = (*chain, int(shape.key[node]))
        yield chain
    for function in functions[-2::-1]:
        caller = node_of(function, shape)
        if caller == node and not shape.recurs[node]:
            continue
        node = caller
        chain = (*chain, int(shape.key[node]))
        yield chain


def node_of(function: int, shape: Condensed) -> int:
    row = shape.graph.row_of(function)
    assert row is not None
    return int(shape.node[row])


def assert_true(tree: EstimatedBottomUp, parts: list[Run], shape: Condensed) -> None:
    own, inclusive = chain_truth(parts, shape)
    scale = max(tree.total, 1)
    for path, cost in own.items():
        if cost:
            node = tree.at(path)
            assert node is not None
            assert node.path == path
    own_of_call, inclusive_of_call = direct_truth(parts)
    for node in walk(tree, depth=5):
        if node.kind == "inside":
            continue
        if node.kind == "member":
            again = tree.at(node.path)
            assert again is not None
            assert again.self_cost == node.self_cost
            call = node.path[0], node.path[-1]
            assert_holds(node.self_cost, own_of_call[call], scale)
            assert_holds(node.inclusive, inclusive_of_call[call], scale)
            continue
        assert_holds(node.self_cost, own[node.path], scale)
        assert_holds(node.inclusive, inclusive[node.path], scale)


@pytest.mark.parametrize("cycles", [True, False], ids=["condensed", "cycles off"])
@given(st.lists(runs, min_size=1, max_size=3), st.booleans(), st.booleans())
def test_the_truth_lies_inside_the_bounds(cycles: bool, parts: list[Run], calls: bool, arc_self: bool) -> None:
    measured = [graph_of(run, calls=calls, arc_self=arc_self) for run in parts]
    shape = condense(merge(profile_of(measured)), cycles=cycles)
    tree = EstimatedTree.over(shape, [(graph, 0) for graph in measured])
    assert_true(EstimatedBottomUp.inverting(tree), parts, shape)


@pytest.mark.parametrize("cycles", [True, False], ids=["condensed", "cycles off"])
@given(runs, st.booleans())
def test_it_does_where_arcs_carry_calls_alone(cycles: bool, run: Run, calls: bool) -> None:
    graph = graph_of(run, calls=calls, arc_cost=False)
    shape = condense(graph, cycles=cycles)
    assert_true(EstimatedBottomUp.inverting(EstimatedTree.over(shape, [(graph, 0)])), [run], shape)


@given(runs)
def test_self_costs_are_exact_one_hop_away_where_arcs_carry_them(run: Run) -> None:
    graph = graph_of(run)
    tree = EstimatedBottomUp.inverting(EstimatedTree.over(condense(graph, cycles=False), [(graph, 0)]))
    own, _ = chain_truth([run], tree.condensed)
    for root in tree.roots():
        for caller in tree.children(root):
            assert caller.self_cost.mark == ""
            assert caller.self_cost.value == pytest.approx(own[caller.path])


@given(graphs(), st.booleans(), st.booleans())
def test_nonsense_gives_rows_all_the_same(graph: CallGraph, cycles: bool, signed: bool) -> None:
    tree = EstimatedTree.over(condense(graph, cycles=cycles), [(graph, 0)], signed=signed)
    for node in walk(EstimatedBottomUp.inverting(tree), depth=3):
        if not signed:
            assert_sane(node.self_cost)
            assert_sane(node.inclusive)


def test_a_member_of_a_cycle_is_called_through_the_cycle() -> None:
    """0 calls 1 and 2; 1 and 2 call each other, and 2 calls 3."""
    tree = CallTree.of_stacks([([0, 1], [1.0]), ([0, 1, 2], [2.0]), ([0, 2, 1], [4.0]), ([0, 2, 3], [8.0])], FRAMES)
    source = bottom_up(Scope(profile(Part("graph", tree.to_graph()))), 0)
    two = source.at((2,))
    assert two is not None
    (cycle,) = source.children(two)
    assert (cycle.kind, cycle.self_cost.value, cycle.self_cost.mark) == ("cycle", 2, "")
    inside, main = source.children(cycle)
    assert [(member.function, member.self_cost.value, member.self_cost.mark) for member in source.children(inside)] == [
        (1, 2, ""),
    ]  # fmt: skip
    assert (main.function, main.self_cost.value, main.self_cost.mark) == (0, 2, "")
    three = source.at((3, 1, 0))
    assert three is not None
    assert (three.self_cost.value, three.self_cost.mark) == (8, "")


def test_cost_is_shared_out_among_the_ways_into_a_caller() -> None:
    """0 and 1 call 2, which calls 3: the chains above 3 are estimated by what 2 costs for each of them."""
    tree = CallTree.of_stacks([([0, 2], [1.0]), ([0, 2, 3], [5.0]), ([1, 2], [1.0]), ([1, 2, 3], [15.0])], FRAMES)
    source = bottom_up(Scope(profile(Part("graph", tree.to_graph()))), 0)
    by_one, by_zero = source.at((3, 2, 1)), source.at((3, 2, 0))
    assert by_one is not None
    assert by_zero is not None
    assert (by_one.self_cost.value, by_zero.self_cost.value) == (15, 5), (
        "arcs carry the self cost of 2: no doubt is left"
    )
    assert (by_one.self_cost.mark, by_zero.inclusive.mark) == ("", "")
    assert np.isnan(source.roots(limit=1)[-1].inclusive.value)
