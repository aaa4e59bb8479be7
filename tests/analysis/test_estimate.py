"""Random programs, their call graphs, and whether what the estimate says of each calling context is true of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.condense import Condensed, condense
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.treenode import Figure, TreeNode
from proftui.model import (
    WALL_TIME,
    CallGraph,
    CallTree,
    Floats,
    Frames,
    Functions,
    Metric,
    Origin,
    Part,
    Profile,
    merge,
)

FUNCTIONS = 8
Path = tuple[int, ...]


@dataclass(frozen=True)
class Activation:
    """One call of a function: its self cost, and the index of the activation that made it or -1."""

    function: int
    cost: int
    parent: int


Run = list[Activation]


def run_of(steps: list[tuple[int, int, int]], shape: str) -> Run:
    """Activations in order: each step returns from so many calls, then calls a function that costs so much.

    Shapes: "recursive"; "ordered", where a function only calls later ones; "layered", where the depth leaves a choice
    of two functions, so that many contexts share each arc.
    """
    run: Run = []
    stack: list[int] = []
    for returns, function, cost in steps:
        del stack[len(stack) - min(returns, len(stack)) :]
        if shape == "layered":
            del stack[FUNCTIONS // 2 - 1 :]
            function = 2 * len(stack) + function % 2
        while shape == "ordered" and stack and run[stack[-1]].function >= function:
            stack.pop()
        run.append(Activation(function, cost, stack[-1] if stack else -1))
        stack.append(len(run) - 1)
    return run


moves = st.tuples(st.integers(0, 3), st.integers(0, FUNCTIONS - 1), st.sampled_from([0, 0, 1, 3, 20, 100]))
runs = st.builds(run_of, st.lists(moves, min_size=1, max_size=40), st.sampled_from(["recursive", "ordered", "layered"]))


def graph_of(run: Run, *, calls: bool = True, arc_self: bool = True, arc_cost: bool = True) -> CallGraph:
    """The call graph of a run, with as much as a profiler keeps of it."""
    tree = CallTree.of_stacks(
        [(stack(run, index), [float(run[index].cost)]) for index in range(len(run))],
        Frames(np.arange(FUNCTIONS, dtype=np.int32), np.full(FUNCTIONS, -1, np.int32)),
    )
    graph = tree.to_graph()
    if not arc_self:
        graph = replace(graph, arc_self=None)
    if not arc_cost:
        graph = replace(graph, arc_self=None, arc_cost=np.full_like(graph.arc_cost, np.nan))
    if not calls:
        return graph
    made = Counter(activation.function for activation in run)
    along = Counter((run[a.parent].function, a.function) for a in run if a.parent >= 0)
    function = graph.function.tolist()
    arcs = zip(graph.caller.tolist(), graph.callee.tolist(), strict=True)
    return replace(
        graph,
        calls=np.array([made[f] for f in function], float),
        arc_calls=np.array([along[function[a], function[b]] for a, b in arcs], float),
    )


def stack(run: Run, index: int) -> list[int]:
    functions: list[int] = []
    while index >= 0:
        functions.append(run[index].function)
        index = run[index].parent
    return functions[::-1]


@dataclass(frozen=True)
class Truth:
    """What each calling context really cost: its inclusive cost, its self cost, and the calls that made it; and the
    self cost of each function of a cycle there. Contexts that never were cost nothing.
    """

    inclusive: Counter[Path]
    self_cost: Counter[Path]
    calls: Counter[Path]
    members: Counter[tuple[Path, int]]

    @classmethod
    def of(cls, runs: list[Run], shape: Condensed) -> Truth:
        truth = cls(Counter(), Counter(), Counter(), Counter())
        for run in runs:
            truth._add(run, shape)
        return truth

    def _add(self, run: Run, shape: Condensed) -> None:
        """Consecutive activations in one cycle are one context: only the first of them enters it."""
        below = [activation.cost for activation in run]
        for index in range(len(run) - 1, -1, -1):
            if run[index].parent >= 0:
                below[run[index].parent] += below[index]
        paths: list[Path] = []
        for index, activation in enumerate(run):
            row = shape.graph.row_of(activation.function)
            assert row is not None
            key = int(shape.key[shape.node[row]])
            above = paths[activation.parent] if activation.parent >= 0 else ()
            caller = run[activation.parent].function if activation.parent >= 0 else None
            inside = caller is not None and shape.node[row] == shape.node[shape.graph.row_of(caller)]
            inside = inside and not shape.recurs[shape.node[row]]
            paths.append(above if inside else (*above, key))
            if not inside:
                self.inclusive[paths[index]] += below[index]
                self.calls[paths[index]] += 1
            self.self_cost[paths[index]] += activation.cost
            self.members[paths[index], activation.function] += activation.cost


def profile_of(graphs: list[CallGraph], metric: Metric = WALL_TIME) -> Profile:
    functions = Functions.of((f"f{index}", "f.py", index, "") for index in range(FUNCTIONS))
    parts = tuple(Part(str(index), graph) for index, graph in enumerate(graphs))
    return Profile("test", Origin("", "test"), (metric,), functions, parts)


def walk(tree: EstimatedTree, depth: int) -> Iterator[TreeNode]:
    """Every node down to a depth; below that one child each is enough."""
    pending = list(tree.roots())
    while pending:
        node = pending.pop()
        yield node
        if node.depth < depth and node.kind in ("function", "cycle"):
            pending.extend(tree.children(node))


def assert_holds(figure: Figure, truth: float, scale: float) -> None:
    assert figure.low <= figure.value <= figure.high
    assert figure.low - 1e-9 * scale <= truth <= figure.high + 1e-9 * scale
    if figure.mark == "":
        assert figure.value == pytest.approx(truth, abs=1e-9 * scale)


def assert_true(tree: EstimatedTree, truth: Truth) -> None:
    """What the tree says of every context that was, and of those that only could have been, holds."""
    scale = max(tree.total, 1)
    for path, cost in truth.inclusive.items():
        if cost == 0:
            continue  # without calls nothing tells that a function which cost nothing was called from outside
        node = tree.at(path)
        assert node is not None
        assert node.path == path
    for node in walk(tree, depth=7):
        if node.kind == "inside":
            for member in tree.children(node):
                assert member.function is not None
                assert_holds(member.self_cost, truth.members[node.path[:-1], member.function], scale)
            continue
        assert_holds(node.inclusive, truth.inclusive[node.path], scale)
        assert_holds(node.self_cost, truth.self_cost[node.path], scale)
        if node.calls is not None:
            assert_holds(node.calls, truth.calls[node.path], scale)


@pytest.mark.parametrize("cycles", [True, False], ids=["condensed", "cycles off"])
@given(st.lists(runs, min_size=1, max_size=3), st.booleans(), st.booleans())
def test_the_truth_lies_inside_the_bounds(cycles: bool, parts: list[Run], calls: bool, arc_self: bool) -> None:
    graphs = [graph_of(run, calls=calls, arc_self=arc_self) for run in parts]
    shape = condense(merge(profile_of(graphs)), cycles=cycles)
    assert_true(EstimatedTree.over(shape, [(graph, 0) for graph in graphs]), Truth.of(parts, shape))


@pytest.mark.parametrize("cycles", [True, False], ids=["condensed", "cycles off"])
@given(runs, st.booleans())
def test_it_does_where_arcs_carry_calls_alone(cycles: bool, run: Run, calls: bool) -> None:
    graph = graph_of(run, calls=calls, arc_cost=False)
    shape = condense(graph, cycles=cycles)
    assert_true(EstimatedTree.over(shape, [(graph, 0)]), Truth.of([run], shape))


def assert_sane(figure: Figure) -> None:
    if figure.mark != "?":
        assert 0 <= figure.low <= figure.value <= figure.high


numbers = st.one_of(st.integers(0, 50), st.floats(0, 1e12).map(lambda number: round(number, 3)))


@st.composite
def graphs(draw: st.DrawFn) -> CallGraph:
    """Any numbers on any arcs: no program has such a profile, but a file may hold it."""
    count = draw(st.integers(1, FUNCTIONS))
    arcs = sorted(draw(st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=12)))
    ends = np.array(arcs, np.int32).reshape(-1, 2)

    def column(length: int, of: st.SearchStrategy[float]) -> Floats:
        return np.array(draw(st.lists(of, min_size=length, max_size=length)), float)

    unknown = st.just(float("nan"))
    counted = draw(st.booleans())
    return CallGraph(
        function=np.arange(count, dtype=np.int32), self_cost=column(count, numbers)[None],
        inclusive=column(count, numbers)[None], caller=ends[:, 0], callee=ends[:, 1],
        arc_cost=column(len(arcs), draw(st.sampled_from([numbers, st.one_of(numbers, unknown)])))[None],
        arc_self=column(len(arcs), numbers)[None] if draw(st.booleans()) else None,
        calls=column(count, st.integers(0, 9)) if counted else None,
        arc_calls=column(len(arcs), st.integers(0, 9)) if counted else None,
    )  # fmt: skip


@given(graphs(), st.booleans(), st.booleans())
def test_nonsense_gives_rows_all_the_same(graph: CallGraph, cycles: bool, signed: bool) -> None:
    tree = EstimatedTree.over(condense(graph, cycles=cycles), [(graph, 0)], signed=signed)
    assert tree.roots() or not len(graph)
    for node in walk(tree, depth=4):
        if not signed:
            assert_sane(node.inclusive)
            assert_sane(node.self_cost)


@given(runs)
def test_estimates_share_out_what_there_is(run: Run) -> None:
    """Of each context: its own cost, and its callees' best guesses, are its own best guess.

    Where arcs carry self costs the guesses are nearer to the truth one by one, and need not add up.
    """
    graph = graph_of(run, arc_self=False)
    tree = EstimatedTree.over(condense(graph), [(graph, 0)])
    assert sum(root.inclusive.value for root in tree.roots()) == pytest.approx(tree.total)
    for node in walk(tree, depth=5):
        if node.kind in ("function", "cycle"):
            below = [child for child in tree.children(node) if child.kind != "inside"]
            parts = node.self_cost.value + sum(child.inclusive.value for child in below)
            assert parts == pytest.approx(node.inclusive.value)
            assert below == sorted(below, key=lambda child: -child.inclusive.value)


@given(st.lists(runs, min_size=1, max_size=3), st.integers(0, 3), st.booleans())
def test_a_rest_holds_what_it_stands_for(parts: list[Run], limit: int, cycles: bool) -> None:
    graphs = [graph_of(run) for run in parts]
    shape = condense(merge(profile_of(graphs)), cycles=cycles)
    tree = EstimatedTree.over(shape, [(graph, 0) for graph in graphs])
    truth = Truth.of(parts, shape)
    for node in walk(tree, depth=3):
        if node.kind not in ("function", "cycle"):
            continue
        rows = tree.children(node, limit=limit)
        for rest in rows[limit + (node.kind == "cycle") :]:
            hidden = [child.path for child in tree.children(rest)]
            assert rest.count == len(hidden)
            assert_holds(rest.inclusive, sum(truth.inclusive[path] for path in hidden), max(tree.total, 1))
            assert_holds(rest.self_cost, sum(truth.self_cost[path] for path in hidden), max(tree.total, 1))
