"""Inclusive costs that follow from arcs: hand counts, and random programs whose inclusive cost is known."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from proftui.model import CallTree, Floats, Frames, Ids
from proftui.model.cycles import components
from proftui.model.inclusive import derive_inclusive

Stacks = list[tuple[list[int], list[float]]]
FRAMES = Frames(np.arange(5, dtype=np.int32), np.full(5, -1, np.int32))

stacks = st.lists(
    st.tuples(st.lists(st.integers(0, 4), min_size=1, max_size=7), st.integers(0, 9).map(lambda cost: [float(cost)])),
    min_size=1,
    max_size=12,
)


def tables(self_cost: list[float], arcs: dict[tuple[int, int], float]) -> tuple[Floats, Ids, Ids, Floats]:
    ends = np.array(sorted(arcs), np.int32).reshape(-1, 2)
    return np.array([self_cost]), ends[:, 0], ends[:, 1], np.array([[arcs[arc] for arc in sorted(arcs)]])


def test_a_root_costs_itself_and_its_callees() -> None:
    found = derive_inclusive(*tables([1, 2, 4], {(0, 1): 6, (1, 2): 4}))
    assert found.high.tolist() == [[7, 6, 4]]
    assert found.low is None


def test_what_callers_bring_counts_where_it_is_more() -> None:
    """1's own calls were not all recorded: its callers measured 10."""
    assert derive_inclusive(*tables([1, 2], {(0, 1): 10})).high.tolist() == [[11, 10]]


def test_what_is_spent_counts_where_callers_bring_less() -> None:
    """Callers of 1 account for 72, while its callee alone cost 927,478."""
    found = derive_inclusive(*tables([5, 3, 0], {(0, 1): 72, (1, 2): 927_478}))
    assert found.high.tolist() == [[77, 927_481, 927_478]]


def test_calls_to_itself_are_left_out() -> None:
    assert derive_inclusive(*tables([1, 6], {(0, 1): 6, (1, 1): 20})).high.tolist() == [[7, 6]]


def test_members_of_a_cycle_lie_between_their_own_and_all_of_it() -> None:
    """0 calls 1, which calls 2 and is called back by it; 2 calls 3."""
    found = derive_inclusive(*tables([1, 10, 20, 5], {(0, 1): 35, (1, 2): 60, (2, 1): 40, (2, 3): 5}))
    assert found.high.tolist() == [[36, 35, 35, 5]]
    assert found.low is not None
    assert found.low.tolist() == [[36, 10, 25, 5]]


@given(stacks)
def test_the_truth_lies_inside(recorded: Stacks) -> None:
    """Outside of cycles the arcs give what the tree says; a member's inclusive cost is within its bounds."""
    graph = CallTree.of_stacks(recorded, FRAMES).to_graph()
    found = derive_inclusive(graph.self_cost, graph.caller, graph.callee, graph.arc_cost)
    low = found.high if found.low is None else found.low
    assert (low <= graph.inclusive).all()
    assert (graph.inclusive <= found.high).all()
    component = components(len(graph), graph.caller, graph.callee)
    alone = np.bincount(component)[component] == 1
    assert found.high[:, alone].tolist() == graph.inclusive[:, alone].tolist()
    assert (found.low is None) == bool(alone.all())
