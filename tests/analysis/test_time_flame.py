"""Boxes in the order of time: where they lie, that none is left out, and that rests open to what they stand for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.exact import ExactTree
from proftui.analysis.flame import Box
from proftui.analysis.time_flame import Activations, TimeFlame
from proftui.model import CallTree, Frames, Samples

FRAMES = Frames(np.arange(4, dtype=np.int32), np.full(4, -1, np.int32))

Stacks = list[tuple[list[int], float]]

stacks = st.lists(
    st.tuples(st.lists(st.integers(0, 3), min_size=1, max_size=5), st.integers(1, 9).map(float)),
    min_size=1,
    max_size=40,
)


def recorded(samples: Stacks) -> tuple[ExactTree, Activations]:
    """What stacks in order with their weights make."""
    tree = CallTree.of_stacks([(stack, [weight]) for stack, weight in samples], FRAMES)
    paths: dict[tuple[int, ...], int] = {}
    for row, parent in enumerate(tree.parent.tolist()):
        above = next((path for path, other in paths.items() if other == parent), ())
        path = (*above, int(tree.frame[row]))
        paths[path] = row
    leaf = np.array([paths[tuple(stack)] for stack, _ in samples], np.int32)
    weight = np.array([weight for _, weight in samples])
    kept = CallTree(tree.frames, tree.frame, tree.parent, tree.end, tree.self_cost, samples=Samples(leaf, weight))
    timeline = kept.in_time()
    assert timeline is not None
    return ExactTree(((tree, 0),)), Activations(kept, timeline)


def flame_of(samples: Stacks, least: float, zoom: tuple[int, ...] = ()) -> TimeFlame:
    source, activations = recorded(samples)
    flame = TimeFlame(source, activations, zoom, least)
    flame.grow(100)
    return flame


@given(stacks, st.sampled_from([0.001, 0.05, 0.3]))
def test_boxes_lie_beside_each_other_in_those_above(samples: Stacks, least: float) -> None:
    flame = flame_of(samples, least)
    for row in flame.rows:
        edges = [edge for box in row for edge in (box.x, box.end)]
        assert all(before <= after + 1e-9 for before, after in pairwise(edges))
        for box in row:
            if box.above is not None:
                assert box.above.x - 1e-9 <= box.x
                assert box.end <= box.above.end + 1e-9


@given(stacks, st.sampled_from([0.001, 0.05, 0.3]))
def test_no_activation_is_left_out(samples: Stacks, least: float) -> None:
    flame = flame_of(samples, least)
    made = flame.activations
    for box in (None, *(box for row in flame.rows for box in row)):
        inside = flame.inside(box)
        if box is None or (inside and box.node.kind == "function"):
            assert sum(each.node.count for each in inside) == len(made.within(-1 if box is None else box.key))
            spent = sum(made.spent[made.within(-1 if box is None else box.key)])
            assert sum(each.node.inclusive.value for each in inside) == spent


@given(stacks, st.sampled_from([0.05, 0.3]))
def test_boxes_are_found_by_their_paths_and_opened_by_zooming(samples: Stacks, least: float) -> None:
    flame = flame_of(samples, least)
    for box in [box for row in flame.rows for box in row]:
        assert flame.find(box.path) is box
        zoomed = flame_of(samples, least, box.path)
        assert zoomed.zoomed is not None
        assert (zoomed.zoomed.width, zoomed.zoomed.key, zoomed.zoomed.node.count) == (1.0, box.key, box.node.count)
        opened = zoomed.inside(zoomed.zoomed)
        if box.node.kind == "rest":
            assert sum(each.node.count for each in opened) == box.node.count
            assert len(opened) > 1


def test_the_longest_call_is_the_heaviest_though_a_rest_is_wider() -> None:
    """Of 100, 1 takes 20; 2 and 3 by turns, 1 each, take 60 and are one box at a least width of 5."""
    samples = [([0], 20.0), *[([0, 2 + number % 2], 1.0) for number in range(60)], ([0, 1], 20.0)]
    flame = flame_of(samples, 0.05)
    (main,) = flame.rows[0]
    assert [(box.node.kind, round(box.width, 6)) for box in flame.inside(main)] == [("rest", 0.6), ("function", 0.2)]
    heaviest = flame.heaviest(main)
    assert isinstance(heaviest, Box)
    assert heaviest.node.function == 1
    alone = flame_of(samples[:-1], 0.05)
    rest = alone.heaviest(alone.rows[0][0])
    assert rest is not None
    assert rest.node.count == 60
