"""The rows of estimated trees, counted by hand.

main (self 1) calls a and b; a (2) and b (3) call c; c calls d and e
under a: c 10, d  5              c costs 15 there
under b: c 20, d 15, e 10        c costs 45 there
"""

from __future__ import annotations

import numpy as np
import pytest

from proftui.analysis.condense import condense
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.scope import Scope
from proftui.analysis.treenode import Figure, TreeNode
from proftui.model import WALL_TIME, CallGraph, Floats, Functions, Metric, Origin, Part, Profile
from proftui.units import BYTES

MAIN, A, B, C, D, E = range(6)


def graph(
    self_cost: list[float],
    arcs: dict[tuple[int, int], tuple[float, float]],
    *,
    inclusive: list[float],
    calls: list[float] | None = None,
    arc_calls: list[float] | None = None,
    arc_self: bool = True,
) -> CallGraph:
    """A measured graph; `arcs` are (inclusive, self) by (caller, callee)."""
    ends = np.array(sorted(arcs), np.int32).reshape(-1, 2)
    costs: Floats = np.array([arcs[arc] for arc in sorted(arcs)], float).reshape(-1, 2).T
    return CallGraph(
        function=np.arange(len(self_cost), dtype=np.int32), self_cost=np.array([self_cost], float),
        inclusive=np.array([inclusive], float), caller=ends[:, 0], callee=ends[:, 1], arc_cost=costs[:1],
        arc_self=costs[1:] if arc_self else None, calls=None if calls is None else np.array(calls, float),
        arc_calls=None if arc_calls is None else np.array(arc_calls, float),
    )  # fmt: skip


def example(*, arc_self: bool = True) -> CallGraph:
    return graph(
        [1, 2, 3, 30, 20, 10],
        {
            (MAIN, A): (17, 2), (MAIN, B): (48, 3), (A, C): (15, 10), (B, C): (45, 20), (C, D): (20, 20),
            (C, E): (10, 10),
        },
        inclusive=[66, 17, 48, 60, 20, 10], calls=[1, 1, 1, 3, 4, 1], arc_calls=[1, 1, 1, 2, 4, 1], arc_self=arc_self,
    )  # fmt: skip


def tree_of(graph: CallGraph, *, cycles: bool = True) -> EstimatedTree:
    return EstimatedTree.over(condense(graph, cycles=cycles), [(graph, 0)])


def at(tree: EstimatedTree, *path: int) -> TreeNode:
    node = tree.at(path)
    assert node is not None
    assert node.path == path
    return node


def test_no_part_that_is_estimated_exceeds_its_whole() -> None:
    assert Figure(500.0, 0.0, 2169.0, "<=").part_of(506.0) == 506.0
    assert Figure(507.0, 300.0, 900.0, "~").part_of(506.0) == 506.0
    assert Figure(300.0, 0.0, 400.0, "<=").part_of(506.0) == 400.0
    assert Figure(507.0, 507.0, 507.0, "").part_of(506.0) == 507.0, "what was measured is not mended here"
    assert Figure(-3.0, -9.0, -1.0, "~").part_of(-2.0) == -3.0, "differences have no whole"


def assert_near(figure: Figure | None, expected: Figure) -> None:
    assert figure is not None
    assert figure[:3] == pytest.approx(expected[:3])
    assert figure.mark == expected.mark


def test_what_has_one_way_is_exact() -> None:
    tree = tree_of(example())
    (main,) = tree.roots()
    assert main.inclusive == Figure(66, 66, 66, "")
    assert [child.function for child in tree.children(main)] == [B, A]
    c = at(tree, MAIN, B, C)
    assert (c.inclusive, c.self_cost, c.calls) == (Figure(45, 45, 45, ""), Figure(20, 20, 20, ""), Figure(2, 2, 2, ""))
    assert c.depth == 2
    assert c.parent is not None
    assert c.parent.function == B


def test_shares_of_what_has_two_ways_are_bounded() -> None:
    """Of what c spends below itself, 30, it spends 25 under b, and d costs 20 of it: 15 at least."""
    tree = tree_of(example())
    d, e = tree.children(at(tree, MAIN, B, C))
    assert (d.function, e.function) == (D, E)
    assert_near(d.inclusive, Figure(20 * 25 / 30, 15, 20, "~"))
    assert_near(e.inclusive, Figure(10 * 25 / 30, 5, 10, "~"))
    assert_near(d.calls, Figure(4 * 25 / 30, 0, 4, "~"))
    d = at(tree, MAIN, A, C, D)
    assert_near(d.inclusive, Figure(20 * 5 / 30, 0, 5, "<="))
    assert d.inclusive.shown == 5


def test_without_self_costs_of_arcs_less_is_known() -> None:
    """Then c's self cost may have been anywhere: 20 - (60 - 45) for d under b, and nothing of d under a."""
    tree = tree_of(example(arc_self=False))
    assert at(tree, MAIN, B, C, D).inclusive == Figure(15, 5, 20, "~")
    assert at(tree, MAIN, A, C, D).inclusive == Figure(5, 0, 15, "?")
    assert np.isnan(at(tree, MAIN, A, C, D).inclusive.shown)
    assert at(tree, MAIN, B, C).self_cost == Figure(22.5, 15, 30, "~")


def test_parts_are_bounded_apart() -> None:
    """As two parts the same costs are known exactly."""
    under_a = graph(
        [1, 2, 0, 10, 5, 0], {(MAIN, A): (17, 2), (A, C): (15, 10), (C, D): (5, 5)}, inclusive=[18, 17, 0, 15, 5, 0]
    )
    under_b = graph(
        [0, 0, 3, 20, 15, 10],
        {(MAIN, B): (48, 3), (B, C): (45, 20), (C, D): (15, 15), (C, E): (10, 10)},
        inclusive=[48, 0, 48, 45, 15, 10],
    )
    functions = Functions.of((name, "", -1, "") for name in ("main", "a", "b", "c", "d", "e"))
    both = Profile("both", Origin("", ""), (WALL_TIME,), functions, (Part("a", under_a), Part("b", under_b)))
    tree = EstimatedTree.of(Scope(both), 0)
    assert tree.total == 66
    assert at(tree, MAIN).inclusive == Figure(66, 66, 66, "")
    assert at(tree, MAIN, A, C, D).inclusive == Figure(5, 5, 5, "")
    assert at(tree, MAIN, B, C, D).inclusive == Figure(15, 15, 15, "")
    assert tree.at((MAIN, A, C, E)) is None
    assert tree_of(Scope(both).graph).at((MAIN, A, C, E)) is not None
    assert EstimatedTree.of(Scope(both, (0,)), 0).total == 18


def test_what_no_part_measures_has_no_rows() -> None:
    functions = Functions.of((name, "", -1, "") for name in ("main", "a", "b", "c", "d", "e"))
    whole = Profile("", Origin("", ""), (WALL_TIME, Metric("heap", BYTES)), functions, (Part("", example()),))
    assert EstimatedTree.of(Scope(whole), 1).roots() == ()
    assert len(EstimatedTree.of(Scope(whole), 0).roots()) == 1


def test_what_is_cut_off_stays_as_a_row() -> None:
    """d and e together are known exactly under b: c spends 25 below itself there."""
    tree = tree_of(example())
    c = at(tree, MAIN, B, C)
    (rest,) = tree.children(c, at_least=1000)
    assert (rest.kind, rest.count, rest.function) == ("rest", 2, None)
    assert rest.inclusive == Figure(25, 25, 25, "")
    d, rest = tree.children(c, limit=1)
    assert (d.function, rest.count, rest.depth) == (D, 1, d.depth)
    (e,) = tree.children(rest)
    assert (e.function, e.path) == (E, (MAIN, B, C, E))
    assert [node.function for node in tree.children(c, limit=2)] == [D, E]
    assert tree.children(d) == ()
    assert not d.expandable


def test_paths_that_do_not_exist_have_no_node() -> None:
    tree = tree_of(example())
    assert tree.at(()) is None
    assert tree.at((A,)) is None
    assert tree.at((MAIN, C)) is None


def cyclic() -> CallGraph:
    """main (1) calls f (10) for 65, of which 26 went by g (20) and back; g calls h (30) and f h for 5."""
    return graph(
        [1, 10, 20, 35], {(0, 1): (65, 6), (1, 2): (50, 20), (2, 1): (26, 4), (1, 3): (5, 5), (2, 3): (30, 30)},
        inclusive=[66, 65, 50, 35], calls=[1, 3, 2, 4], arc_calls=[1, 2, 1, 2, 3],
    )  # fmt: skip


def test_a_cycle_is_one_row_with_its_members_inside() -> None:
    tree = tree_of(cyclic())
    (main,) = tree.roots()
    (cycle,) = tree.children(main)
    assert (cycle.kind, cycle.key, cycle.count, cycle.function) == ("cycle", 1, 2, None)
    assert cycle.inclusive == Figure(65, 65, 65, "")
    assert cycle.self_cost == Figure(30, 30, 30, "")
    inside, h = tree.children(cycle)
    assert (inside.kind, inside.count, inside.inclusive) == ("inside", 2, Figure(30, 30, 30, ""))
    assert (h.function, h.inclusive) == (3, Figure(35, 35, 35, ""))
    members = tree.children(inside)
    assert [(member.function, member.self_cost.value, member.kind) for member in members] == [
        (2, 20, "member"), (1, 10, "member"),
    ]  # fmt: skip
    assert tree.children(members[0]) == ()
    g, rest = tree.children(inside, limit=1)
    assert (rest.kind, rest.count, rest.self_cost.value) == ("rest", 1, 10)
    assert [member.path for member in tree.children(rest)] == [(0, 1, -1, 1)]
    assert at(tree, 0, 1, -1, 2).self_cost == g.self_cost


def test_with_cycles_off_members_have_upper_bounds() -> None:
    tree = tree_of(cyclic(), cycles=False)
    assert at(tree, 0, 1).inclusive == Figure(65, 65, 65, "")
    g = at(tree, 0, 1, 2)
    assert g.inclusive == Figure(50, 0, 50, "<=")
    again = at(tree, 0, 1, 2, 1)
    assert again.inclusive == Figure(26, 0, 26, "<=")
    assert (g.recursive, again.recursive) == (False, True)
    assert at(tree, 0, 1, 2, 1, 2, 1, 2, 1).inclusive.high == 26


@pytest.mark.parametrize(("calls", "roots"), [(1.0, [0]), (2.0, [0, 1])])
def test_calls_that_no_arc_accounts_for_make_a_root(calls: float, roots: list[int]) -> None:
    """1 costs half a percent more than its arc brings in: noise, unless it was called once more."""
    one = graph([100, 1005], {(0, 1): (1000, 1000)}, inclusive=[1100, 1005], calls=[1, calls], arc_calls=[1])
    assert [root.function for root in tree_of(one).roots()] == roots


def test_cost_that_no_arc_brings_in_makes_a_root() -> None:
    """Without calls any such cost does, and calls or not, more than the profiler's own arithmetic."""
    little = graph([100, 1005], {(0, 1): (1000, 1000)}, inclusive=[1100, 1005])
    assert {root.function: root.inclusive.value for root in tree_of(little).roots()} == {0: 1100, 1: 5}
    much = graph([100, 1500], {(0, 1): (1000, 1000)}, inclusive=[1100, 1500], calls=[1, 1], arc_calls=[1])
    assert {root.function: root.inclusive.value for root in tree_of(much).roots()} == {0: 1100, 1: 500}


def test_nothing_costs_more_than_the_total() -> None:
    """Profilers' own arithmetic is cut; far more than the total is not known."""
    slightly = graph([100], {}, inclusive=[100.5])
    assert tree_of(slightly).roots()[0].inclusive == Figure(100, 100, 100, "")
    absurd = tree_of(graph([100], {}, inclusive=[4800])).roots()[0]
    assert (absurd.inclusive.mark, absurd.contradictory) == ("?", True)


def test_contradictory_costs_are_unknown() -> None:
    """f cost 10 in all and called g for 40, of 100 in all."""
    muddle = graph(
        [50, 10, 40], {(0, 1): (5, 5), (1, 2): (40, 40)}, inclusive=[100, 10, 40], calls=[1, 2, 1], arc_calls=[1, 1]
    )  # fmt: skip
    g = at(tree_of(muddle), 0, 1, 2)
    assert (g.inclusive.mark, g.contradictory) == ("?", True)
    assert not at(tree_of(muddle), 0, 1).contradictory


def test_signed_metrics_have_estimates_without_bounds() -> None:
    """main gained 10 under a and lost 30 under b; c is called by both and calls d."""
    change = graph(
        [0, 4, -20, -2, -2],
        {(MAIN, A): (10, 4), (MAIN, B): (-30, -20), (A, C): (6, 1), (B, C): (-10, -5), (C, D): (-2, -2)},
        inclusive=[-20, 10, -30, -4, -2],
    )
    functions = Functions.of((name, "", -1, "") for name in ("main", "a", "b", "c", "d"))
    metric = Metric("change", BYTES, signed=True)
    tree = EstimatedTree.of(Scope(Profile("", Origin("", ""), (metric,), functions, (Part("", change),))), 0)
    assert at(tree, MAIN).inclusive == Figure(-20, -20, -20, "")
    assert at(tree, MAIN, B).inclusive == Figure(-30, -30, -30, "")
    assert at(tree, MAIN, A, C).inclusive == Figure(6, 6, 6, "")
    d = at(tree, MAIN, B, C, D).inclusive
    assert (d.value, d.mark) == (-2 * -10 / -4, "~")
    assert np.isnan([d.low, d.high]).all()
