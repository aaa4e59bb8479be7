"""The heaviest context of a node of a call graph: up its callers, the most promising way first."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from proftui.analysis.condense import Condensed
from proftui.analysis.flow import Flow
from proftui.analysis.partcosts import ratio


def heaviest_path(condensed: Condensed, flow: Flow, node: int) -> list[int]:
    """The nodes from a root to `node` along which the call tree estimates its cost highest; empty where nothing is.

    A context is estimated as the cost of its last arc, times, for each node on the way, the share of what the node
    spends in callees that came to it this way. These shares do not grow a product, so the first way that reaches a
    root is the best one, and passes no node twice. All of it lies in the part where the node costs most, as a way
    through arcs of different parts would be none.
    """
    part = int(np.argmax(np.nan_to_num(flow.inclusive[:, node])))
    present = flow.present[part]
    cost = np.nan_to_num(np.abs(flow.cost.sum(axis=0)))
    through = np.nan_to_num(np.abs(flow.below_cost.sum(axis=0)))
    total = np.nan_to_num(np.abs(flow.below_cost_total.sum(axis=0)))
    waiting: list[tuple[float, int, int, tuple[int, ...]]] = []
    number = 0

    def offer(at: int, way: tuple[int, ...], weight: float) -> None:
        """The ways into the first node of `way`."""
        nonlocal number
        arcs = condensed.by_callee[condensed.incoming[at] : condensed.incoming[at + 1]]
        entries = np.append(arcs[present[arcs]], condensed.arcs + at if present[condensed.arcs + at] else -1)
        entries = entries[entries >= 0]
        worth = cost[entries] if at == node else weight * ratio(through[entries], total[at])
        for entry, value in zip(entries.tolist(), np.minimum(worth, weight).tolist(), strict=True):
            number += 1
            caller = -1 if entry >= condensed.arcs else int(condensed.caller[entry])
            heappush(waiting, (-value, number, caller, way))

    offer(node, (node,), float("inf"))
    done = {node}
    while waiting:
        weight, _, caller, way = heappop(waiting)
        if caller < 0:
            return list(way)
        if caller not in done:
            done.add(caller)
            offer(caller, (caller, *way), -weight)
    return []
