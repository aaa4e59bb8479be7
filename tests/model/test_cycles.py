"""Strongly connected components against reachability, which defines them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from proftui.model import Ids
from proftui.model.cycles import components

graphs = st.integers(1, 12).flatmap(
    lambda size: st.tuples(
        st.just(size), st.sets(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=30)
    )
)


def columns(arcs: list[tuple[int, int]]) -> tuple[Ids, Ids]:
    table = np.array(sorted(arcs), np.int32).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def reachable(size: int, arcs: set[tuple[int, int]]) -> npt.NDArray[np.bool_]:
    """Whether a path leads from row to column, the empty one too."""
    reach = np.eye(size, dtype=np.bool_)
    for caller, callee in arcs:
        reach[caller, callee] = True
    for _ in range(size):
        reach = reach @ reach
    return reach


@given(graphs)
def test_members_reach_each_other(graph: tuple[int, set[tuple[int, int]]]) -> None:
    size, arcs = graph
    component = components(size, *columns(list(arcs)))
    reach = reachable(size, arcs)
    assert ((component[:, None] == component[None]) == (reach & reach.T)).all()


@given(graphs)
def test_callers_come_before_callees(graph: tuple[int, set[tuple[int, int]]]) -> None:
    size, arcs = graph
    component = components(size, *columns(list(arcs)))
    assert sorted(set(component.tolist())) == list(range(component.max() + 1))
    assert all(component[caller] <= component[callee] for caller, callee in arcs)


def test_a_call_to_itself_makes_no_cycle() -> None:
    assert components(2, *columns([(0, 0), (0, 1)])).tolist() == [0, 1]


def test_nothing_has_no_components() -> None:
    assert components(0, *columns([])).tolist() == []


def test_depth_does_not_matter() -> None:
    """A ring of 50,000 functions is one cycle, a chain of them is none."""
    ring = np.arange(50_000, dtype=np.int32)
    assert components(50_000, ring, np.roll(ring, -1)).max() == 0
    assert components(50_000, ring[:-1], ring[1:]).tolist() == ring.tolist()
