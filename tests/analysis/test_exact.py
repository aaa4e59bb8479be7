"""Recorded call trees as rows, against stacks counted one at a time."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.calltree import call_tree
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.exact import ExactTree
from proftui.analysis.scope import Scope
from proftui.analysis.treenode import TreeNode
from proftui.model import NO_LINE, WALL_TIME, CallTree, Frames, Functions, Origin, Part, Profile

Stacks = list[tuple[list[int], list[float]]]

FRAMES = Frames(np.array([0, 1, 2, 3, 3], np.int32), np.array([NO_LINE, 5, 9, 1, 2], np.int32))
"""Frames 3 and 4 are two lines of function 3: one context."""

stacks = st.lists(
    st.tuples(st.lists(st.integers(0, 4), min_size=1, max_size=6), st.integers(0, 9).map(lambda cost: [float(cost)])),
    min_size=1,
    max_size=10,
)


def tree_of(*recorded: Stacks) -> ExactTree:
    return ExactTree(tuple((CallTree.of_stacks(some, FRAMES), 0) for some in recorded))


@given(st.lists(stacks, min_size=1, max_size=3))
def test_every_context_costs_what_its_stacks_do(recorded: list[Stacks]) -> None:
    tree = tree_of(*recorded)
    inclusive: Counter[tuple[int, ...]] = Counter()
    own: Counter[tuple[int, ...]] = Counter()
    for stack, (cost,) in [pair for some in recorded for pair in some]:
        functions = tuple(int(FRAMES.function[frame]) for frame in stack)
        own[functions] += int(cost)
        for length in range(1, len(functions) + 1):
            inclusive[functions[:length]] += int(cost)
    found: dict[tuple[int, ...], TreeNode] = {}
    pending = list(tree.roots())
    while pending:
        node = pending.pop()
        assert node.path not in found
        found[node.path] = node
        below = tree.children(node)
        assert node.expandable == bool(below)
        assert list(below) == sorted(below, key=lambda child: -child.inclusive.value)
        pending.extend(below)
    assert {path: node.inclusive.value for path, node in found.items()} == inclusive
    assert {path: node.self_cost.value for path, node in found.items()} == {path: own[path] for path in inclusive}
    assert all(node.recursive == (path[-1] in path[:-1]) for path, node in found.items())
    assert tree.total == sum(own.values())
    for path, node in found.items():
        again = tree.at(path)
        assert again is not None
        assert again.inclusive == node.inclusive


def test_what_is_cut_off_stays_as_a_row() -> None:
    tree = tree_of([([0], [8.0]), ([1, 0], [5.0]), ([2], [1.0])], [([1], [4.0])])
    first, rest = tree.roots(limit=1)
    assert (first.function, first.inclusive.value, first.depth) == (1, 9, 0)
    assert (rest.kind, rest.count, rest.inclusive.value, rest.self_cost.value) == ("rest", 2, 9, 9)
    assert [node.function for node in tree.children(rest)] == [0, 2]
    assert [node.kind for node in tree.roots(at_least=8)] == ["function", "function", "rest"]
    assert tree.at((2, 0)) is None


def profile(*parts: Part) -> Profile:
    functions = Functions.of((f"f{index}", "", NO_LINE, "") for index in range(5))
    return Profile("", Origin("", ""), (WALL_TIME,), functions, parts)


def test_a_tree_is_exact_where_every_part_recorded_one() -> None:
    tree = CallTree.of_stacks([([0, 1], [3.0])], FRAMES)
    with_tree, without = Part("with", tree.to_graph(), tree=tree), Part("without", tree.to_graph())
    assert isinstance(call_tree(Scope(profile(with_tree, with_tree)), 0), ExactTree)
    mixed = profile(with_tree, without)
    assert isinstance(call_tree(Scope(mixed), 0), EstimatedTree)
    assert isinstance(call_tree(Scope(mixed, (0,)), 0), ExactTree)
    assert call_tree(Scope(mixed), 0).total == 6


def test_recursion_is_told_at_any_depth_without_looking_at_each_path() -> None:
    """Paths of 3,000 functions, each looked at at each of 3,000 depths, would be 4.5 million steps."""
    depth = 3000
    frames = Frames(np.arange(depth, dtype=np.int32), np.full(depth, NO_LINE, np.int32))
    stack = [*range(depth - 1), 7]
    tree = ExactTree(((CallTree.of_stacks([(stack, [1.0])], frames), 0),))
    nodes = [tree.roots()[0]]
    while below := tree.children(nodes[-1]):
        nodes.append(below[0])
    assert [node.key for node in nodes] == stack
    assert [node.recursive for node in nodes] == [False] * (depth - 1) + [True]
