"""The order of components in a graph deeper than is worked off in waves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from proftui.model.cycles import components


def test_a_graph_deeper_than_any_program() -> None:
    """A thousand functions in a row, called in the order 0, 999, 998, ... 1, the last two in a cycle."""
    chain = [0, *range(999, 0, -1)]
    arcs = sorted([*pairwise(chain), (1, 2)])
    caller, callee = (np.array([arc[end] for arc in arcs], np.int32) for end in (0, 1))
    component = components(1000, caller, callee)
    assert component[chain].tolist() == [*range(999), 998]
