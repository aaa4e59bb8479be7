"""How rules are tried: from a rule and the evidence to what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from proftui.analysis.findings.directory import Directory
from proftui.analysis.findings.evidence import Amount, Caller, Evidence, rows_of
from proftui.analysis.findings.finding import MODULE, Finding
from proftui.analysis.findings.rules import DEEP, LOOP, RECURSION, TINY, Detector, Rule
from proftui.model import CallTree, Ids

MOST_EXPLOSIONS = 2
"""Tiny functions that are told of at most: the third says the same again."""

HEAVY = 0.05
"""The least share in what several targets cost together for one of them to count."""

STEPS = 12
"""How many callers a loop is looked for upwards."""


def detect(rule: Rule, evidence: Evidence, directory: Directory) -> Iterator[Finding]:
    """What a rule finds; most often nothing."""
    rows = directory.find(rule.targets)
    if len(rows) or not rule.targets:
        yield from _DETECTORS[rule.detector](rule, evidence, rows)


def _enough(rule: Rule, evidence: Evidence, cost: Amount, calls: float | None) -> bool:
    """Whether share, calls and cost of a call reach the rule's thresholds."""
    if not cost.low >= rule.share * evidence.total > 0:
        return False
    if calls is None:
        return bool(rule.uncounted)
    return calls >= max(rule.calls, 1) and cost.low >= rule.each * calls


def _of_set(rule: Rule, evidence: Evidence, rows: Ids) -> Iterator[Finding]:
    """All that happens below the targets."""
    cost, calls = evidence.cost(rows), evidence.entering(rows)
    if _enough(rule, evidence, cost, calls):
        heaviest = rows[np.argmax(np.nan_to_num(evidence.inclusive[rows]))]
        yield _finding(rule, evidence, rows, heaviest, cost, calls, evidence.mostly_for(rows))


def _leaf(rule: Rule, evidence: Evidence, rows: Ids) -> Iterator[Finding]:
    """The self cost of the targets; of several only those that matter, so that their calls mean something."""
    own = np.nan_to_num(evidence.graph.self_cost[evidence.metric, rows])
    rows = rows[own >= HEAVY * own.sum()]
    cost, calls = evidence.own(rows), evidence.all_calls(rows)
    if _enough(rule, evidence, cost, calls):
        heaviest = rows[np.argmax(np.nan_to_num(evidence.graph.self_cost[evidence.metric, rows]))]
        yield _finding(rule, evidence, rows, heaviest, cost, calls, evidence.mostly_for(rows))


def _imports(rule: Rule, evidence: Evidence, rows: Ids) -> Iterator[Finding]:
    """What importing cost; the rows are the machinery and the modules, the function is the heaviest module."""
    # one of them is below the others: together they could not be told as exactly
    rows = rows[[np.argmax(np.nan_to_num(evidence.inclusive[rows]))]]
    cost, calls = evidence.cost(rows), evidence.entering(rows)
    if not cost.low >= rule.share * evidence.total > 0:
        return
    functions, ids = evidence.scope.functions, evidence.graph.function.tolist()
    modules = np.array([row for row, function in enumerate(ids) if functions.name[function] == MODULE], np.int32)
    # the program's own <module> costs more than what it imports
    modules = modules[np.nan_to_num(evidence.inclusive[modules], nan=np.inf) < cost.low]
    heaviest = modules[np.argmax(evidence.inclusive[modules])] if len(modules) else rows[0]
    yield _finding(rule, evidence, np.concatenate([rows, modules]), heaviest, cost, calls, None)


def _explosion(rule: Rule, evidence: Evidence, rows: Ids) -> Iterator[Finding]:
    """Functions with next to no cost a call, and very many calls."""
    graph = evidence.graph
    if graph.calls is None:
        return
    own = evidence.limits.self_low[evidence.metric]
    calls = np.nan_to_num(graph.calls)
    many = (calls >= rule.calls) & (own >= rule.share * evidence.total) & (own <= TINY * calls)
    rows = np.flatnonzero(many).astype(np.int32)
    for row in rows[np.argsort(-own[rows], kind="stable")][:MOST_EXPLOSIONS]:
        alone = np.array([row], np.int32)
        caller = evidence.mostly_for(alone, climb=False)
        yield _finding(rule, evidence, alone, row, evidence.own(alone), evidence.calls(int(row)), caller)


def _repeated(rule: Rule, evidence: Evidence, rows: Ids) -> Iterator[Finding]:
    """One function that calls another one in a loop, at whose end each time is one of the targets."""
    cost, calls = evidence.cost(rows), evidence.entering(rows)
    if calls is None or not _enough(rule, evidence, cost, calls):
        return
    callee = int(rows[np.argmax(np.nan_to_num(evidence.inclusive[rows]))])
    at = rows
    for _ in range(STEPS):
        callers = [caller for caller in evidence.callers(at) if caller.calls]
        most = max(callers, key=lambda caller: caller.calls or 0, default=None)
        if most is None or most.calls is None or most.calls < rule.calls:
            return
        begun = evidence.calls(most.row)
        if begun and most.calls >= LOOP * begun:
            yield _finding(rule, evidence, rows, callee, cost, calls, most)
            return
        callee, at = most.row, np.array([most.row], np.int32)


def _recursion(rule: Rule, evidence: Evidence, rows: Ids) -> Iterator[Finding]:
    """The function with the most self cost among those that recur very often, or very deep where stacks are known."""
    graph = evidence.graph
    own = np.nan_to_num(evidence.limits.self_low[evidence.metric])
    rows = np.flatnonzero(own >= rule.share * evidence.total).astype(np.int32)
    rows = rows[np.argsort(-own[rows], kind="stable")]
    for row in rows:
        alone = np.array([row], np.int32)
        cost = evidence.own(alone)
        if graph.calls is not None and graph.primitive_calls is not None:
            begun, calls = float(graph.primitive_calls[row]), float(graph.calls[row])
            if begun >= 1 and calls >= max(rule.calls, RECURSION * begun):
                yield _finding(rule, evidence, alone, row, cost, calls, Caller(int(row), begun, 0.0))
                return
        else:
            function = int(graph.function[row])
            depth = max((deepest(tree, function) for tree, _ in evidence.trees), default=0)
            if depth >= DEEP:
                yield _finding(rule, evidence, alone, row, cost, None, Caller(int(row), depth, 0.0))
                return


def deepest(tree: CallTree, function: int) -> int:
    """How many times a function is on one stack at most: of its rows begun so far, those whose subtree goes on."""
    rows = np.flatnonzero(rows_of(tree, np.array([function], np.int32)))
    ended = np.searchsorted(np.sort(tree.end[rows]), rows, side="right")
    return int((np.arange(1, len(rows) + 1) - ended).max(initial=0))


def _finding(
    rule: Rule, evidence: Evidence, rows: Ids, row: int, cost: Amount, calls: float | None, caller: Caller | None
) -> Finding:
    ids = evidence.graph.function
    return Finding(
        rule, rows, int(ids[row]), cost, evidence.total, calls,
        None if caller is None else int(ids[caller.row]), None if caller is None else caller.calls,
    )  # fmt: skip


_DETECTORS: dict[Detector, Callable[[Rule, Evidence, Ids], Iterator[Finding]]] = {
    "set": _of_set,
    "leaf": _leaf,
    "imports": _imports,
    "explosion": _explosion,
    "repeated": _repeated,
    "recursion": _recursion,
}
