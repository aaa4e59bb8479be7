"""How much of one finding's cost is part of another one's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from heapq import heappop, heappush

import numpy as np

from proftui.analysis.findings.evidence import Evidence, outermost_rows, rows_of
from proftui.analysis.findings.finding import Finding
from proftui.model import CallTree, Ids

MOSTLY = 0.5
"""From which share on a finding is told as part of another one."""

STEPS = 400
"""How many callers are looked at on the way up."""

LEAST = 1e-3
"""The share of a finding below which its way up is not followed."""

NOT_CONTAINERS = ("recursion", "explosion")
"""Detectors of findings that are about a function's self cost: what it calls is no part of them."""


def told_once(found: Sequence[Finding], evidence: Evidence, most: int) -> tuple[Finding, ...]:
    """At most `most` findings, the costliest first; those that are mostly part of another one come last and say so."""
    found = sorted(found, key=lambda finding: -finding.cost.low)
    within: list[int | None] = []
    for place, finding in enumerate(found):
        containers = [
            other for other in range(place)
            if within[other] is None and found[other].rule.detector not in NOT_CONTAINERS
        ]  # fmt: skip
        shares = _shares(finding, [found[other] for other in containers], evidence)
        inside = max(range(len(shares)), key=shares.__getitem__, default=None)
        within.append(containers[inside] if inside is not None and shares[inside] >= MOSTLY else None)
    order = sorted(range(len(found)), key=lambda place: within[place] is not None)[:most]
    place_of = {old: new for new, old in enumerate(order)}
    told = []
    for old in order:
        container = within[old]
        told.append(replace(found[old], within=None if container is None else place_of.get(container)))
    return tuple(told)


def _shares(finding: Finding, containers: Sequence[Finding], evidence: Evidence) -> list[float]:
    """Which share of a finding lies below each of the containers: exact with trees, else estimated."""
    if not containers:
        return []
    if evidence.trees:
        return [_share_below(finding, container, evidence) for container in containers]
    return _share_estimated(finding, containers, evidence)


def _share_below(finding: Finding, container: Finding, evidence: Evidence) -> float:
    ids = evidence.graph.function
    whole = inside = 0.0
    for tree, metric in evidence.trees:
        running = np.concatenate([[0.0], np.cumsum(np.nan_to_num(tree.self_cost[metric]))])
        rows = outermost_rows(tree, rows_of(tree, ids[finding.rows]))
        cost = running[tree.end[rows]] - running[rows]
        whole += float(cost.sum())
        inside += float(cost[_below(tree, rows, ids[container.rows])].sum())
    return inside / whole if whole else 0.0


def _below(tree: CallTree, rows: Ids, functions: Ids) -> Ids:
    """Which of some rows, ascending, lie in a subtree of one of the functions."""
    above = outermost_rows(tree, rows_of(tree, functions))
    at = np.searchsorted(above, rows, side="right") - 1
    if not len(above):
        return above
    return np.flatnonzero((at >= 0) & (rows < tree.end[above[np.maximum(at, 0)]])).astype(np.int32)


def _share_estimated(finding: Finding, containers: Sequence[Finding], evidence: Evidence) -> list[float]:
    """The finding's cost goes up from callee to callers, to each in proportion, until it meets a container.

    What costs more than any container is not below one: there it ends.
    """
    largest = max(container.cost.high for container in containers)
    owner = {int(row): place for place, container in enumerate(containers) for row in container.rows}
    shares = [0.0] * len(containers)
    own = {int(row) for row in finding.rows}
    waiting: dict[int, float] = defaultdict(float)
    queue: list[tuple[float, int]] = []

    def rise(callers: Sequence[tuple[int, float]], share: float) -> None:
        whole = sum(cost for _, cost in callers)
        for row, cost in callers:
            part = share * cost / whole if whole else 0.0
            if row in owner:
                shares[owner[row]] += part
            elif part >= LEAST and row not in own and evidence.inclusive[row] <= largest:
                waiting[row] += part
                heappush(queue, (-waiting[row], row))

    if all(row in owner for row in own):
        shares[owner[next(iter(own))]] = 1.0
        return shares
    rise([(caller.row, caller.cost) for caller in evidence.callers(finding.rows)], 1.0)
    for _ in range(STEPS):
        if not queue:
            break
        _, row = heappop(queue)
        if (share := waiting.pop(row, 0.0)) > 0:
            rise(_callers(row, evidence), share)
    return shares


def _callers(row: int, evidence: Evidence) -> list[tuple[int, float]]:
    """Who else calls a row, and what that cost."""
    graph = evidence.graph
    arcs = graph.callers_of(row)
    cost = np.nan_to_num(graph.arc_cost[evidence.metric, arcs])
    return [
        (caller, spent)
        for caller, spent in zip(graph.caller[arcs].tolist(), cost.tolist(), strict=True)
        if caller != row
    ]
