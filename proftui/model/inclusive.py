"""Inclusive cost out of self and arc costs, for formats that record no inclusive cost of a function."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proftui.model.arrays import Floats, Ids
from proftui.model.cycles import components


@dataclass(frozen=True, slots=True)
class Inclusive:
    """Inclusive costs, M x n: `high` is exact outside cycles, and an upper bound for a member of one.

    `low` is the members' lower bound, equal to `high` elsewhere; None when the graph has no cycle.
    """

    high: Floats
    low: Floats | None


def derive_inclusive(self_cost: Floats, caller: Ids, callee: Ids, arc_cost: Floats) -> Inclusive:
    """Inclusive cost of each function from `self_cost` (M x n) and the arcs' inclusive costs (M x a).

    Outside cycles it is max(sum of incoming, self + sum of outgoing), calls to itself left out: what KCachegrind
    shows, but never less than what the function and its callees are known to cost. A cycle as a whole has the
    larger of what enters it and its members' self cost plus what leaves it. A member has at least its self cost
    plus what it sends out of the cycle, and at most the cycle's own cost.
    """
    size = self_cost.shape[1]
    component = components(size, caller, callee)
    count = int(component.max()) + 1 if size else 0
    crossing = component[caller] != component[callee]
    tail, head, cost = caller[crossing], callee[crossing], arc_cost[:, crossing]
    whole_self = sums(component, self_cost, count)
    incoming = sums(component[head], cost, count)
    outgoing = sums(component[tail], cost, count)
    whole = np.maximum(incoming, whole_self + outgoing)
    high: Floats = whole[:, component]
    members = np.bincount(component, minlength=count)
    if not (members > 1).any():
        return Inclusive(high, None)
    low = np.where(members[component] > 1, np.minimum(self_cost + sums(tail, cost, size), high), high)
    return Inclusive(high, low)


def sums(group: npt.NDArray[np.integer], values: Floats, count: int) -> Floats:
    """`values` (M x k) added up by `group` (k ids below `count`): M x count."""
    return np.stack([np.bincount(group, row, count) for row in values]) if len(values) else np.zeros((0, count))
