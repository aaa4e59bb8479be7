"""The preorder of rows in order of appearance, against walking down from the roots."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from proftui.model.preorder import BROAD, preorder

forests = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 3)), max_size=80).map(
    lambda drawn: [(where % (row + 1) - 1, owner) for row, (where, owner) in enumerate(drawn)]
)
"""(parent, owner) of each row."""


def ordered(parent: list[int], owner: list[int]) -> tuple[list[int], list[int]]:
    order, size = preorder(np.array(parent, np.int32), np.array(owner, np.int32))
    return order.tolist(), size.tolist()


def walked(parent: list[int], owner: list[int]) -> list[int]:
    order: list[int] = []
    waiting = sorted((row for row, above in enumerate(parent) if above < 0), key=lambda row: (owner[row], row))[::-1]
    while waiting:
        order.append(waiting.pop())
        waiting += [row for row, above in enumerate(parent) if above == order[-1]][::-1]
    return order


def test_no_rows() -> None:
    assert ordered([], []) == ([], [])


def test_roots_by_owner_and_children_as_they_come() -> None:
    """Rows 0 and 2 are roots of owner 1, row 1 of owner 0; rows 3 and 5 are below 0, and 4 is below 3."""
    assert ordered([-1, -1, -1, 0, 3, 0], [1, 0, 1, 1, 1, 1]) == ([1, 0, 3, 4, 5, 2], [4, 1, 1, 2, 1, 1])


@given(forests)
def test_as_walked(forest: list[tuple[int, int]]) -> None:
    parent, owner = [above for above, _ in forest], [owner for _, owner in forest]
    order, size = ordered(parent, owner)
    assert order == walked(parent, owner)
    below = [1] * len(parent)
    for row in reversed(range(len(parent))):
        if parent[row] >= 0:
            below[parent[row]] += below[row]
    assert size == below


@given(forests)
def test_broad_trees_as_walked(forest: list[tuple[int, int]]) -> None:
    """Further roots make the tree broad enough to be worked on depth by depth."""
    more = BROAD * (len(forest) + 1)
    parent, owner = [above for above, _ in forest] + [-1] * more, [owner for _, owner in forest] + [9] * more
    order, size = ordered(parent, owner)
    assert order == walked(parent, owner)
    narrow = ordered(parent[: len(forest)], owner[: len(forest)])
    assert (order[: len(forest)], size[: len(forest)]) == narrow


def test_a_stack_of_a_hundred_thousand_frames() -> None:
    """As deep as it is large: nothing takes a step for each depth and all rows."""
    deep = 100_000
    assert ordered(list(range(-1, deep - 1)), [0] * deep) == (list(range(deep)), list(range(deep, 0, -1)))
