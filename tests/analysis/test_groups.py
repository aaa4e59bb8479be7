"""Groups of functions: by hand, on recorded trees, and bounds on graphs against the trees that these were made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis import returns
from proftui.analysis.groupbounds import group_bounds
from proftui.analysis.groupkeys import Grouping, grouping
from proftui.analysis.groups import GroupCosts, group_costs
from proftui.analysis.scope import MARKS, Scope
from proftui.model import (
    NO_LINE,
    WALL_TIME,
    CallGraph,
    CallTree,
    Floats,
    Frames,
    Functions,
    Ids,
    Metric,
    Origin,
    Part,
    Profile,
)
from proftui.model.graph import GraphBounds

Stack = tuple[list[int], list[float]]


def profile_of(functions: Functions, *graphs: CallGraph, trees: tuple[CallTree, ...] = ()) -> Profile:
    parts = [Part(f"graph {at}", graph) for at, graph in enumerate(graphs)]
    parts += [Part(f"tree {at}", tree.to_graph(), tree=tree) for at, tree in enumerate(trees)]
    return Profile("made", Origin("made", "made"), (WALL_TIME,), functions, tuple(parts))


def files_of(names: str) -> Functions:
    """One function for each letter, in the file of that letter."""
    return Functions.of((f"f{at}", f"/app/{letter}.py", at, "") for at, letter in enumerate(names))


def tree_of(stacks: list[Stack], count: int) -> CallTree:
    frames = Frames(np.arange(count, dtype=np.int32), np.full(count, NO_LINE, np.int32))
    return CallTree.of_stacks(stacks, frames)


def by_name(costs: GroupCosts) -> dict[str, tuple[float, float, str, int]]:
    """self, inclusive, mark and members of each group, by the last word of its name."""
    figures = costs.inclusive[0]
    rows = zip(costs.group, costs.own[0].value, figures.shown, figures.mark, costs.members, strict=True)
    names = costs.grouping.names
    return {
        names[group].rpartition("/")[2]: (own, inclusive, MARKS[mark], int(members))
        for group, own, inclusive, mark, members in rows
    }


# f0 and f2 are in a, f1 in b, f3 in c. Way there and back: a calls b calls a.
STACKS: list[Stack] = [([0], [1]), ([0, 1], [2]), ([0, 1, 2], [4]), ([0, 3], [8]), ([1], [16]), ([1, 2, 3], [32])]
RETURNING = files_of("abac")


def test_an_activation_inside_of_another_one_of_its_group_counts_once() -> None:
    profile = profile_of(RETURNING, trees=(tree_of(STACKS, 4),))
    found = by_name(group_costs(Scope(profile), grouping(profile.functions, "file")))
    # a: all below 0 (1 + 2 + 4 + 8), and 1;2 (32); b: 2 + 4 below 0;1, and 16 + 32; c: 8 and 32
    assert found == {"a.py": (5, 47, "", 2), "b.py": (18, 54, "", 1), "c.py": (40, 40, "", 1)}


def test_a_graph_tells_exactly_what_no_path_comes_back_to_and_bounds_the_rest() -> None:
    profile = profile_of(RETURNING, tree_of(STACKS, 4).to_graph())
    costs = group_costs(Scope(profile), grouping(profile.functions, "file"))
    found = by_name(costs)
    # b has one function, whose cost was measured; c calls nothing. a's f2 costs 36, some of it below f0 (15):
    # at most the arcs out of it, 6 + 8 + 32, and its own 5 (51), or what enters it from b (36) and f0 as a root (15)
    assert found["b.py"] == (18, 54, "", 1)
    assert found["c.py"] == (40, 40, "", 1)
    assert found["a.py"] == (5, 51, "<=", 2)
    # at least what f2 costs, or its own 5, the calls of c (8 + 32), and b's own cost when called by it (2)
    assert costs.inclusive[0].low[list(costs.group).index(0)] == 47


def test_parts_are_chosen_and_trees_of_several_add_up() -> None:
    profile = profile_of(RETURNING, trees=(tree_of(STACKS, 4), tree_of([([2, 1, 0], [3])], 4)))
    groups = grouping(profile.functions, "file")
    assert by_name(group_costs(Scope(profile), groups))["a.py"] == (8, 50, "", 2)
    assert by_name(group_costs(Scope(profile, (1,)), groups)) == {"a.py": (3, 3, "", 2), "b.py": (0, 3, "", 1)}


def test_calls_come_from_outside_of_the_group_or_of_the_profile() -> None:
    graph = CallGraph(
        function=np.arange(3, dtype=np.int32), self_cost=np.array([[1.0, 2, 3]]), inclusive=np.array([[6.0, 5, 3]]),
        caller=np.array([0, 0, 1], np.int32), callee=np.array([1, 2, 2], np.int32), arc_cost=np.array([[5.0, 1, 2]]),
        calls=np.array([1.0, 10, 70]), arc_calls=np.array([10.0, 20, 50]),
    )  # fmt: skip
    profile = profile_of(files_of("aab"), graph)
    costs = group_costs(Scope(profile), grouping(profile.functions, "file"))
    assert costs.calls is not None
    assert costs.calls.tolist() == [1, 70]
    assert group_costs(Scope(profile_of(files_of("aab"), replace(graph, calls=None))), costs.grouping).calls is None


def test_a_metric_that_a_part_does_not_measure_is_unknown_alone() -> None:
    tree = tree_of(STACKS, 4)
    profile = profile_of(RETURNING, trees=(tree,))
    profile = replace(profile, metrics=(WALL_TIME, Metric("memory")))
    costs = group_costs(Scope(profile), grouping(profile.functions, "file"))
    assert by_name(costs)["a.py"] == (5, 47, "", 2)
    assert np.isnan(costs.inclusive[1].shown).all()
    assert {MARKS[mark] for mark in costs.inclusive[1].mark} == {"?"}


@st.composite
def grouped_trees(draw: st.DrawFn) -> tuple[CallTree, Ids, int]:
    count = draw(st.integers(2, 9))
    function = st.integers(0, count - 1)
    stack = st.tuples(st.lists(function, min_size=1, max_size=8), st.integers(0, 9).map(lambda cost: [float(cost)]))
    tree = tree_of(draw(st.lists(stack, min_size=1, max_size=14)), count)
    groups = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    return tree, np.array(groups, np.int32), count


def truth_of(tree: CallTree, group: Ids, count: int) -> Floats:
    """Each group's inclusive cost, by walking up from every row."""
    total = np.zeros(count)
    for row in range(len(tree)):
        groups = set()
        at = row
        while at >= 0:
            groups.add(int(group[tree.function[at]]))
            at = int(tree.parent[at])
        for each in groups:
            total[each] += tree.self_cost[0, row]
    return total


@given(grouped_trees(), st.booleans(), st.booleans())
def test_bounds_hold_the_truth_and_exact_is_exact(
    made: tuple[CallTree, Ids, int], with_arc_self: bool, unreached: bool
) -> None:
    tree, group, _ = made
    graph = tree.to_graph()
    if not with_arc_self:
        graph = replace(graph, arc_self=None)
    used, of_row = np.unique(group[graph.function], return_inverse=True)
    truth = truth_of(tree, group, 4)[used]
    with pytest.MonkeyPatch.context() as patch:
        if unreached:
            patch.setattr(returns, "MOST_WORDS", 0)
        bounds = group_bounds(graph, of_row.astype(np.int32), len(used), [False])
    slack = 1e-9 * max(1.0, float(truth.sum()))
    assert (bounds.low[0] <= truth + slack).all()
    assert (bounds.high[0] >= truth - slack).all()
    assert np.allclose(bounds.high[0][bounds.exact], truth[bounds.exact])
    profile = profile_of(files_of("abcdefghi"), trees=(tree,))
    groups = Grouping("file", ("a", "b", "c", "d"), ("",) * 4, np.resize(group, 9), None)
    assert np.allclose(group_costs(Scope(profile), groups).inclusive[0].shown, truth)


@given(grouped_trees(), st.integers(0, 1 << 30))
def test_bounds_of_estimated_graphs_hold_the_truth(made: tuple[CallTree, Ids, int], seed: int) -> None:
    tree, group, _ = made
    true = tree.to_graph()
    assert true.arc_self is not None
    random = np.random.default_rng(seed)

    def ends(cost: Floats) -> tuple[Floats, Floats, Floats]:
        low, high = cost * random.uniform(0, 1, cost.shape), cost + random.uniform(0, 3, cost.shape)
        return low, high, random.uniform(low, high)

    own, arc, inclusive = ends(true.self_cost), ends(true.arc_cost), ends(true.inclusive)
    arc_self = ends(true.arc_self)
    known = GraphBounds(*own[:2], *inclusive[:2], *arc[:2], inclusive[1], *arc_self[:2])
    graph = replace(true, self_cost=own[2], arc_cost=arc[2], inclusive=inclusive[2], arc_self=arc_self[2], bounds=known)
    used, of_row = np.unique(group[graph.function], return_inverse=True)
    bounds = group_bounds(graph, of_row.astype(np.int32), len(used), [False])
    truth = truth_of(tree, group, 4)[used]
    assert (bounds.low[0] <= truth + 1e-9).all()
    assert (bounds.high[0] >= truth - 1e-9).all()
    costs = _costs_of(graph)
    summed = np.bincount(_FILES[true.function], true.self_cost[0], 4)[costs.group]
    assert (costs.own[0].low <= summed + 1e-9).all()
    assert (costs.own[0].high >= np.minimum(summed, graph.totals[0]) - 1e-9).all()


_FILES = np.array([0, 1, 2, 3, 0, 1, 2, 3, 0])


def _costs_of(graph: CallGraph) -> GroupCosts:
    profile = profile_of(files_of("abcdabcda"), graph)
    return group_costs(Scope(profile), grouping(profile.functions, "file"))


@given(grouped_trees())
def test_without_a_way_back_a_group_is_exact(made: tuple[CallTree, Ids, int]) -> None:
    tree, group, _ = made
    # a tree whose stacks visit each group's functions in one go: no path leaves a group and comes back
    rows = [row for row in range(len(tree)) if tree.end[row] == row + 1]
    stacks: list[Stack] = []
    for row in rows:
        functions: list[int] = []
        at = row
        while at >= 0:
            functions.insert(0, int(tree.function[at]))
            at = int(tree.parent[at])
        stacks.append((sorted(functions, key=lambda function: int(group[function])), [1.0]))
    sorted_tree = tree_of(stacks, 9)
    graph = sorted_tree.to_graph()
    used, of_row = np.unique(group[graph.function], return_inverse=True)
    bounds = group_bounds(graph, of_row.astype(np.int32), len(used), [False])
    assert bounds.exact.all()
    assert np.allclose(bounds.low[0], truth_of(sorted_tree, group, 4)[used])


def test_a_signed_metric_takes_no_bounds() -> None:
    graph = tree_of([([0, 1, 2], [-4]), ([2, 1], [3]), ([3], [5])], 4).to_graph()
    group = np.array([0, 1, 0, 2], np.int32)
    bounds = group_bounds(graph, group, 3, [True])
    assert np.isnan(bounds.low[0, 0])
    assert bounds.high[0, 1:].tolist() == [-1, 5]
