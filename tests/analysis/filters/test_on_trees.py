"""Filters on recorded trees: pprof's documented examples, hand counts, and one stack after the other."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.filters.expressions import Word
from proftui.analysis.filters.on_trees import tree_filtered
from tests.analysis.filters.runs import Stack, Stacks, filtered_stacks, founds, mask, stacks, stacks_in, tree_of, words

A, B, C, D, E = range(5)


def of(*stacks: tuple[Stack, int]) -> Stacks:
    return Counter(dict(stacks))


@pytest.mark.parametrize(
    ("found", "left"),
    [
        ({A}, (A, B, C, B)),
        ({B}, (B, C, B)),
        ({C}, (C, B)),
        ({D}, ()),
    ],
)
def test_show_from_as_the_documentation_of_pprof_has_it(found: set[int], left: Stack) -> None:
    """The examples at ShowFrom in filter.go: a sample with frames [A, B, C, B], where A is the root."""
    tree = tree_filtered(tree_of(of(((A, B, C, B), 1))), "show-from", mask(found))
    assert stacks_in(tree) == (Counter({left: 1}) if left else Counter())


RUN = of(((A,), 1), ((A, B), 2), ((A, B, C), 4), ((A, C), 8), ((D, C), 16), ((D, B, E), 32))
"""A calls B and C, B calls C; D calls C, and B that calls E."""


@pytest.mark.parametrize(
    ("word", "found", "left"),
    [
        ("focus", {B}, of(((A, B), 2), ((A, B, C), 4), ((D, B, E), 32))),
        ("ignore", {B}, of(((A,), 1), ((A, C), 8), ((D, C), 16))),
        ("hide", {B}, of(((A,), 3), ((A, C), 12), ((D, C), 16), ((D, E), 32))),
        ("hide", {A, B}, of(((C,), 12), ((D, C), 16), ((D, E), 32))),
        ("show", {A, E}, of(((A,), 15), ((E,), 32))),
        ("show-from", {B, C}, of(((B,), 2), ((B, C), 4), ((C,), 24), ((B, E), 32))),
        ("focus", set(), of()),
        ("ignore", set(), RUN),
        ("hide", {A, B, C, D, E}, of()),
    ],
)
def test_hand_counts(word: Word, found: set[int], left: Stacks) -> None:
    assert stacks_in(tree_filtered(tree_of(RUN), word, mask(found))) == left


@given(stacks, st.lists(st.tuples(words, founds), min_size=1, max_size=3))
def test_same_as_stack_by_stack(run: Stacks, steps: list[tuple[Word, set[int]]]) -> None:
    tree = tree_of(run)
    for word, found in steps:
        tree = tree_filtered(tree, word, mask(found))
        run = filtered_stacks(run, word, found)
    assert stacks_in(tree) == run
    pairs = list(zip(tree.parent.tolist(), tree.frame.tolist(), strict=True))
    assert len(pairs) == len(set(pairs)), "at most one child for each parent and frame"
    assert (tree.inclusive() > 0).all(), "no row is empty"
    assert_preorder(tree.parent.tolist(), tree.end.tolist())


def assert_preorder(parent: list[int], end: list[int]) -> None:
    for row, above in enumerate(parent):
        assert above < row < end[row] <= (end[above] if above >= 0 else len(parent))
        assert above < 0 or all(parent[between] >= above for between in range(above + 1, row + 1))
