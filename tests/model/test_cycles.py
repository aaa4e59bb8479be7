"""Components of call graphs, against the definition: two functions are in one when each reaches the other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from proftui.model.cycles import components

ARCS = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30)


def reached(size: int, arcs: set[tuple[int, int]]) -> list[list[bool]]:
    """Warshall's transitive closure; each node reaches itself."""
    reach = [[a == b or (a, b) in arcs for b in range(size)] for a in range(size)]
    for via in range(size):
        for a in range(size):
            for b in range(size):
                reach[a][b] |= reach[a][via] and reach[via][b]
    return reach


def of(size: int, arcs: set[tuple[int, int]]) -> list[int]:
    ordered = sorted(arcs)
    caller, callee = (np.array([arc[end] for arc in ordered], np.int32) for end in (0, 1))
    return [int(number) for number in components(size, caller, callee)]


@given(ARCS)
def test_members_reach_each_other_and_callers_come_first(arcs: set[tuple[int, int]]) -> None:
    reach, component = reached(12, arcs), of(12, arcs)
    for a in range(12):
        for b in range(12):
            assert (component[a] == component[b]) == (reach[a][b] and reach[b][a])
            assert not reach[a][b] or component[a] <= component[b]
    assert set(component) == set(range(len(set(component))))


def test_a_graph_deeper_than_any_program() -> None:
    """A thousand functions in a row, called in the order 0, 999, 998, ... 1, the last two in a cycle."""
    chain = [0, *range(999, 0, -1)]
    arcs = {*pairwise(chain), (1, 2)}
    component = of(1000, arcs)
    assert [component[node] for node in chain] == [*range(999), 998]
