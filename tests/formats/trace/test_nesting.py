"""Calls are nested as a slow and plain account of the same has it."""

from __future__ import annotations

from collections import defaultdict
from random import Random
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from proftui.formats.trace.nesting import nested
from proftui.formats.trace.parts import Clock

spans = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 25)), max_size=25)


@given(spans)
def test_every_call_lasts_as_it_should_and_nothing_counts_twice(calls: list[tuple[int, int]]) -> None:
    start = np.array([begin for begin, _ in calls], np.float64)
    lasts = np.array([length for _, length in calls], np.float64)
    nest = nested(start, start + lasts, 0.0)
    lasting: defaultdict[int, float] = defaultdict(float)
    for call, begin, end in zip(nest.call.tolist(), nest.start.tolist(), nest.end.tolist(), strict=True):
        lasting[call] += end - begin
    assert nest.lost > 0 or [lasting[call] for call in range(len(calls))] == lasts.tolist()
    assert sorted(nest.call[nest.first].tolist()) == list(range(len(calls)))
    assert (np.diff(nest.start) >= 0).all()
    inner = nest.parent >= 0
    assert (nest.parent[inner] < np.flatnonzero(inner)).all()
    assert (nest.start[inner] >= nest.start[nest.parent[inner]]).all()
    assert (nest.end[inner] <= nest.end[nest.parent[inner]]).all()
    assert (nest.own >= 0).all()
    if not nest.lost:
        covered = {time for begin, length in calls for time in range(begin, begin + length)}
        assert nest.own.sum() == len(covered)


trees: st.SearchStrategy[list[Any]] = st.recursive(
    st.just([]), lambda inner: st.lists(inner, max_size=4), max_leaves=20
)


@given(trees, st.randoms(use_true_random=False))
def test_calls_in_any_order_are_the_tree_that_they_were(tree: list[Any], chance: Random) -> None:
    found: list[tuple[int, int, int]] = []

    def grow(node: list[Any], parent: int, at: int) -> int:
        number = len(found)
        found.append((at, 0, parent))
        at += 1
        for inner in node:
            at = grow(inner, number, at) + 1
        found[number] = (found[number][0], at, parent)
        return at

    grow(tree, -1, 0)
    order = list(range(len(found)))
    chance.shuffle(order)
    start = np.array([found[number][0] for number in order], np.float64)
    end = np.array([found[number][1] for number in order], np.float64)
    nest = nested(start, end, 0.0)
    number_of = [order[call] for call in nest.call.tolist()]
    parents = {number_of[row]: number_of[parent] if parent >= 0 else -1 for row, parent in enumerate(nest.parent)}
    assert parents == {number: parent for number, (_, _, parent) in enumerate(found)}
    assert nest.overlaps == 0


def test_many_calls_that_overlap_take_time_in_proportion() -> None:
    start = np.arange(20_000.0)
    nest = nested(start, start + 1000.5, 0.0)
    assert len(nest.call) <= 4 * len(start)
    assert nest.lost > 0


def test_a_clock_with_few_digits_left_is_given_slack() -> None:
    from proftui.formats.trace.pairs import Calls

    none = np.zeros(2, np.int32)
    calls = Calls(np.array([1.7e15 + 0.25, 1.7e15]), np.array([1.5, 1.0]), none, none)
    assert Clock(0.0).slack(calls) >= 250
    calls = Calls(np.array([81995533209.122, 0.0]), np.array([1.5, 1.0]), none, none)
    assert Clock(0.0).slack(calls) == 2
