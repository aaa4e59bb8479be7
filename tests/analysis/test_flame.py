"""Boxes of flame graphs: of random trees, exact and estimated, and one by hand."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.condense import condense
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.exact import ExactTree
from proftui.analysis.flame import Box, Flame, Path
from proftui.analysis.treenode import REST_KEY, TreeNode, TreeSource
from proftui.model import NO_LINE, CallTree, Frames

Stacks = list[tuple[list[int], list[float]]]

FRAMES = Frames(np.arange(6, dtype=np.int32), np.full(6, NO_LINE, np.int32))

stacks = st.lists(
    st.tuples(st.lists(st.integers(0, 5), min_size=1, max_size=7), st.integers(0, 9).map(lambda cost: [float(cost)])),
    min_size=1,
    max_size=15,
)
cells = st.sampled_from([1, 3, 10, 80, 1000])

MAIN, LOAD, WALK, STEP, LEAF = range(5)
BY_HAND: Stacks = [([MAIN], [10.0]), ([MAIN, LOAD], [20.0]), ([MAIN, WALK], [5.0]), ([MAIN, WALK, STEP], [45.0]),
                   ([MAIN, WALK, LEAF], [6.0]), ([MAIN, WALK, LOAD], [4.0]), ([LEAF], [10.0])]  # fmt: skip
"""In percent: main 90 (load 20, walk 60 (step 45, leaf 6, load 4)), leaf 10."""


def tree(recorded: Stacks) -> ExactTree:
    return ExactTree(((CallTree.of_stacks(recorded, FRAMES), 0),))


def estimate(recorded: Stacks, *, cycles: bool = True) -> EstimatedTree:
    graph = CallTree.of_stacks(recorded, FRAMES).to_graph()
    return EstimatedTree.over(condense(graph, cycles=cycles), [(graph, 0)])


def whole(source: TreeSource, least: float, *, zoom: tuple[int, ...] = (), circles: bool = False) -> Flame:
    flame = Flame(source, zoom, least, circles=circles)
    flame.grow(100)
    return flame


def inside(flame: Flame, box: Box) -> list[Box]:
    return [other for other in flame.row(box.row + 1) if other.above is box]


def assert_nested(flame: Flame) -> None:
    """Boxes of a row lie side by side, each within the one above it, heaviest first and what is left over last."""
    for row, boxes in enumerate(flame.rows):
        for left, right in pairwise(boxes):
            assert left.end <= right.x
        for box in boxes:
            assert box.row == row
            assert 0 <= box.x <= box.end <= 1
            if box.above is not None:
                assert box.above.x <= box.x
                assert box.end <= box.above.end
        for above in {box.above for box in boxes}:
            beside = [box for box in boxes if box.above is above]
            widths = [box.node.inclusive.value for box in beside if box.node.kind != "rest"]
            assert widths == sorted(widths, reverse=True)
            assert all(box.node.kind != "rest" for box in beside[:-1])
            assert beside[0].x == (above.x if above else 0)
            assert len({box.path for box in beside}) == len(beside)


@given(stacks, cells)
def test_boxes_of_a_recorded_tree_are_as_wide_as_what_they_cost(recorded: Stacks, across: int) -> None:
    source = tree(recorded)
    flame = whole(source, 1 / across)
    assert_nested(flame)
    inclusive: Counter[tuple[int, ...]] = Counter()
    own: Counter[tuple[int, ...]] = Counter()
    for stack, (cost,) in recorded:
        own[tuple(stack)] += int(cost)
        for length in range(1, len(stack) + 1):
            inclusive[tuple(stack[:length])] += int(cost)
    total = sum(own.values())
    drawn = {box.path: box for boxes in flame.rows for box in boxes if box.node.kind != "rest"}
    wide_enough = {path for path, cost in inclusive.items() if cost and cost * across >= total}
    assert set(drawn) == wide_enough
    for path, box in drawn.items():
        assert box.width == pytest.approx(inclusive[path] / total)
        below = inside(flame, box)
        assert box.width - sum(other.width for other in below) == pytest.approx(own[path] / total, abs=1e-9)
    hidden = [box for boxes in flame.rows for box in boxes if box.node.kind == "rest"]
    for box in hidden:
        above = box.path[:-1]
        thin = [path for path in inclusive if path[:-1] == above and path not in drawn]
        assert box.node.count == len(thin)
        assert box.width == pytest.approx(sum(inclusive[path] for path in thin) / total)


@given(stacks, cells, st.booleans())
def test_boxes_of_an_estimate_nest_whatever_its_guesses_add_up_to(recorded: Stacks, across: int, cycles: bool) -> None:
    source = estimate(recorded, cycles=cycles)
    flame = whole(source, 1 / across, circles=not cycles)
    assert_nested(flame)
    for boxes in flame.rows:
        for box in boxes:
            below = inside(flame, box)
            guesses = sum(other.node.inclusive.value for other in below)
            if below and guesses > box.node.inclusive.value:  # narrowed in proportion: they fill the box
                assert below[-1].end == pytest.approx(box.end)
            for other in below:
                narrowed = min(1.0, box.node.inclusive.value / guesses) if guesses else 1.0
                share = other.node.inclusive.value / box.node.inclusive.value * narrowed
                assert other.width == pytest.approx(box.width * share)


@given(stacks, st.sampled_from([3, 10, 80]), st.data())
def test_what_is_zoomed_into_takes_the_width(recorded: Stacks, across: int, data: st.DataObject) -> None:
    source = tree(recorded)
    boxes = [box for row in whole(source, 1 / across).rows for box in row]
    if not boxes:
        return
    chosen = data.draw(st.sampled_from(boxes))
    flame = whole(source, 1 / across, zoom=chosen.path)
    assert_nested(flame)
    assert flame.zoomed is not None
    assert flame.zoomed.path == chosen.path
    assert flame.zoomed.node.inclusive == chosen.node.inclusive
    assert [box.path for row in flame.rows[: flame.zoomed.row] for box in row] == [
        chosen.path[: length + 1] for length in range(flame.zoomed.row)
    ]
    assert all((box.x, box.end) == (0, 1) for row in flame.rows[: flame.zoomed.row + 1] for box in row)
    for row in flame.rows:
        for box in row:
            assert flame.find(box.path) is box


def test_a_rest_opens_into_what_it_stands_for() -> None:
    source = tree([([0], [50.0]), ([1], [20.0]), ([2], [16.0]), ([3], [7.0]), ([4], [4.0]), ([5], [3.0])])
    flame = whole(source, 0.3)
    assert [(box.path, box.node.count) for box in flame.row(0)] == [((0,), 1), ((REST_KEY - 1,), 5)]
    opened = whole(source, 0.3, zoom=(REST_KEY - 1,))
    assert [[box.path for box in row] for row in opened.rows] == [
        [(REST_KEY - 1,)],
        [(1,), (2,), (REST_KEY - 3,)],
    ]
    assert [box.width for box in opened.row(1)] == pytest.approx([0.4, 0.32, 0.28])
    again = whole(source, 0.3, zoom=(REST_KEY - 3,))
    assert [box.path for box in again.row(1)] == [(3,), (REST_KEY - 4,)]
    assert opened.find((2,)) is opened.row(1)[1]
    assert opened.find((4,)) is opened.row(1)[2]


def test_a_rest_of_nothing_but_thin_frames_stays_closed() -> None:
    source = tree([([function], [1.0]) for function in range(6)])
    assert [box.node.count for box in whole(source, 0.3).row(0)] == [6]
    assert len(whole(source, 0.3, zoom=(REST_KEY,)).rows) == 1


def test_boxes_by_hand() -> None:
    flame = whole(tree(BY_HAND), 0.05)
    assert [[(box.key, round(box.x, 9), round(box.end, 9)) for box in row] for row in flame.rows] == [
        [(MAIN, 0, 0.9), (LEAF, 0.9, 1)],
        [(WALK, 0, 0.6), (LOAD, 0.6, 0.8)],
        [(STEP, 0, 0.45), (LEAF, 0.45, 0.51), (REST_KEY - 2, 0.51, 0.55)],
    ]
    assert flame.ended


def test_going_from_box_to_box() -> None:
    flame = Flame(tree(BY_HAND), least=0.05)
    assert len(flame.rows) == 1
    main, leaf = flame.row(0)
    walk = flame.heaviest(main)
    assert walk is not None
    assert walk.path == (MAIN, WALK)
    assert flame.heaviest(None) is main
    assert (flame.beside(main, 1), flame.beside(leaf, 1), flame.beside(main, -1)) == (leaf, None, None)
    step = flame.heaviest(walk)
    assert step is not None
    assert flame.heaviest(step) is None
    assert (flame.at(0, 0.95), flame.at(1, 0.95), flame.at(1, 0.55), flame.at(7, 0)) == (leaf, None, walk, None)


def test_what_is_not_there_is_found_as_near_as_can_be() -> None:
    flame = whole(tree(BY_HAND), 0.05)
    main, walk = flame.row(0)[0], flame.row(1)[0]
    assert flame.find((MAIN, LOAD, STEP)) is flame.row(1)[1]
    assert flame.find((MAIN, WALK, LOAD)) is flame.row(2)[-1]  # too thin: among the rest
    assert flame.find((MAIN, 5)) is main
    assert flame.find((5,)) is None
    zoomed = whole(tree(BY_HAND), 0.05, zoom=(MAIN, WALK, 5, 5))
    assert zoomed.zoomed is not None
    assert zoomed.zoomed.path == walk.path
    assert whole(tree(BY_HAND), 0.05, zoom=(5, 5)).zoomed is None


def test_rows_are_made_as_far_as_they_are_asked_for() -> None:
    made: list[tuple[Path, float]] = []

    class Counting(ExactTree):
        def children(self, node: TreeNode, limit: int = 200, at_least: float = 0.0) -> tuple[TreeNode, ...]:
            made.append((node.path, at_least))
            return super().children(node, limit, at_least)

    recorded = [([0], [1.0]), ([1] * 400 + [2], [99.0])]
    flame = Flame(Counting(tree(recorded).trees), least=0.1)
    assert made == []
    assert flame.grow(10)
    assert len(flame.rows) == 10
    assert [path for path, _ in made] == [(1,) * length for length in range(1, 10)]
    assert [at_least for _, at_least in made] == pytest.approx([10] * 9)
    assert not flame.grow(400, seconds=0)
    assert flame.grow(1000)
    assert len(flame.rows) == 401


def test_recursion_that_is_left_as_it_is_ends_somewhere() -> None:
    recorded: Stacks = [([0, 1, 0, 1, 0, 1], [10.0])]
    assert len(whole(estimate(recorded, cycles=False), 0.001, circles=True).rows) == 3
    opened = whole(estimate(recorded, cycles=False), 0.001, zoom=(0, 1, 0), circles=True)
    assert [row[0].path for row in opened.rows] == [(0,), (0, 1), (0, 1, 0), (0, 1, 0, 1)]


def test_a_cycle_is_drawn_with_what_is_inside_of_it() -> None:
    """walk and step call each other; leaf, which they call, is outside."""
    recorded: Stacks = [([MAIN, WALK], [30.0]), ([MAIN, WALK, STEP], [20.0]), ([MAIN, WALK, STEP, WALK, LEAF], [50.0])]
    flame = whole(estimate(recorded), 0.01)
    kinds = [[(box.node.kind, round(box.width, 9)) for box in row] for row in flame.rows]
    assert kinds == [
        [("function", 1)], [("cycle", 1)], [("inside", 0.5), ("function", 0.5)], [("member", 0.3), ("member", 0.2)]
    ]  # fmt: skip


def test_nothing_is_drawn_of_nothing() -> None:
    flame = whole(tree([([0, 1], [0.0])]), 0.01)
    assert flame.rows == [[]]
    assert flame.heaviest(None) is None
    assert flame.find((0,)) is None
