"""Call stacks of a profile for formats that hold nothing else: recorded ones, else estimated from the call graph."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.scope import Scope
from proftui.analysis.treenode import TreeNode
from proftui.errors import ProftuiError
from proftui.model import NO_LINE, CallTree, Frames, Functions, Part, Profile
from proftui.model.forest import planted

LEAST = 1e-4
"""The share of the total below which a context is part of its caller."""

MOST_ROWS = 50_000
"""How many contexts are estimated, in all parts together: those that cost most."""

_LARGE = 1e6
"""A sum from which on fractions do not matter."""

CUT_OFF = ("(cut off)", "", NO_LINE, "")
"""The function of what is part of no context: roots that cost too little, and what no root accounts for."""

ESTIMATED_STACKS = (
    "the stacks are estimated: a call graph does not determine them;"
    f" contexts under {LEAST:.2%} of the total are part of their callers"
)


ALONE = "each function is a stack of its own: what calls what is not in the profile"


def with_stacks(profile: Profile, least: float = LEAST, most: int = MOST_ROWS) -> Profile:
    """`profile` if all of its parts have recorded call trees, or none has functions; else its first metric alone, each
    part that measures it with a tree and a graph made from that, and ESTIMATED_STACKS among the notes where trees are
    estimated.

    An estimated tree holds the contexts that cost at least `least` of the total, at most `most` in all parts. What is
    cut off stays with the caller as its own cost, so that each part's total is what it was, in whole numbers if it was.
    A cycle is one function by its label that calls its members: each costs what it spends itself, and what
    they call outside of the cycle is called by the cycle. Of a part whose graph has no arcs each function is a context
    with its self cost, and ALONE is among the notes. Raises ProftuiError for metrics that may be below zero.
    """
    if profile.only_over_time or all(part.tree is not None for part in profile.parts):
        return profile
    metric = profile.metrics[0]
    if metric.signed:
        raise ProftuiError(f"{metric.label} can be below zero, which stacks cannot be drawn or written with")
    measuring = [index for index, part in enumerate(profile.parts) if 0 in part.metrics]
    totals = [float(profile.parts[index].graph.totals[profile.parts[index].metrics.index(0)]) for index in measuring]
    register = _Register(profile.functions)
    without = [index for index in measuring if profile.parts[index].tree is None]
    alone = {index: _alone(part) for index in without if not len((part := profile.parts[index]).graph.caller)}
    estimated = {
        index: _estimated(Scope(profile, (index,)), least * sum(totals), max(most // len(measuring), 1), register)
        for index in without
        if index not in alone
    }
    rows = {**alone, **estimated}
    functions = register.functions()
    parts = []
    for index in measuring:
        part = profile.parts[index]
        if part.tree is None:
            tree = _tree(rows[index], len(functions), part)
        else:
            tree = _only(part.tree, part.metrics.index(0))
        parts.append(replace(part, tree=tree, graph=tree.to_graph(), metrics=(0,), lines=None))
    notes = (*profile.notes, *[ESTIMATED_STACKS] * bool(estimated), *[ALONE] * bool(alone))
    return replace(profile, metrics=(metric,), functions=functions, parts=tuple(parts), notes=notes)


def remarks(made: Profile) -> list[str]:
    """What there is to say of a profile that is written as stacks: how far these are estimates."""
    return [note for note in (ESTIMATED_STACKS, ALONE) if note in made.notes]


def in_one_part(profile: Profile) -> Profile:
    """A profile whose parts all have trees of the same metrics, with the stacks of all parts in one."""
    trees = [part.tree for part in profile.parts if part.tree is not None]
    if len(trees) < 2:
        return profile
    kinds = np.concatenate([np.stack([tree.frames.function, tree.frames.line]) for tree in trees], axis=1)
    starts = np.cumsum([0] + [len(tree.frames.function) for tree in trees]).tolist()
    rows = np.cumsum([0] + [len(tree) for tree in trees]).tolist()
    distinct, which = np.unique(kinds, axis=1, return_inverse=True)
    tree = planted(
        Frames(distinct[0], distinct[1]),
        np.concatenate([which[tree.frame + start] for tree, start in zip(trees, starts, strict=False)]).astype(
            np.int32
        ),
        np.concatenate(
            [np.where(tree.parent < 0, -1, tree.parent + row) for tree, row in zip(trees, rows, strict=False)]
        ).astype(np.int32),
        np.concatenate([tree.self_cost for tree in trees], axis=1),
    )
    return replace(profile, parts=(Part(profile.name, tree.to_graph(), profile.parts[0].metrics, tree=tree),))


class _Register:
    """The functions of a profile, and further ones behind them."""

    def __init__(self, functions: Functions) -> None:
        self._first = functions
        self._further: dict[tuple[str, str, int, str], int] = {}

    def id_of(self, identity: tuple[str, str, int, str]) -> int:
        """The id of one of the further functions."""
        return self._further.setdefault(identity, len(self._first) + len(self._further))

    def functions(self) -> Functions:
        """All functions."""
        return Functions.of([*self._first.identities(), *self._further]) if self._further else self._first


@dataclass
class _Rows:
    """Contexts, callers before callees: of each its function, the row above, and its own cost."""

    function: list[int] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    def add(self, function: int, parent: int, cost: float) -> int:
        """The number of a new row; `cost` is its own as long as nothing below it takes of that."""
        self.function.append(function)
        self.parent.append(parent)
        self.own.append(cost)
        return len(self.own) - 1


def _alone(part: Part) -> _Rows:
    """The functions of a part that cost something themselves."""
    own = np.nan_to_num(part.graph.self_cost[part.metrics.index(0)])
    used = np.flatnonzero(own)
    return _Rows(part.graph.function[used].tolist(), [-1] * len(used), own[used].tolist())


def _estimated(scope: Scope, at_least: float, most: int, register: _Register) -> _Rows:
    """The contexts of one part's estimate, the heaviest ones opened first.

    A context has what its caller has left for it: guesses that come to more are narrowed in proportion.
    """
    source = EstimatedTree.of(scope, 0)
    rows = _Rows()
    order = itertools.count()
    pending: list[tuple[float, int, int, TreeNode]] = []

    def put(nodes: Sequence[TreeNode], parent: int, available: float) -> float:
        """Rows for sibling contexts, and what they leave of what is available."""
        guesses = [max(node.inclusive.value, 0.0) if np.isfinite(node.inclusive.value) else 0.0 for node in nodes]
        scale = min(1.0, available / whole) if (whole := sum(guesses)) > 0 else 0.0
        for node, guess in zip(nodes, guesses, strict=True):
            function = node.function
            if function is None and node.cycle is not None:
                function = register.id_of((scope.condensed.label(node.cycle, scope.functions), "", NO_LINE, ""))
            row = rows.add(register.id_of(CUT_OFF) if function is None else function, parent, guess * scale)
            if node.expandable and guess > 0:
                heapq.heappush(pending, (-guess * scale, next(order), row, node))
        return max(available - whole * scale, 0.0)

    roots = [node for node in source.roots(most, at_least) if node.kind != "rest"]
    left = put(roots, -1, source.total)
    if left > 1e-9 * source.total:
        rows.add(register.id_of(CUT_OFF), -1, left)
    while pending and len(rows.own) < most:
        cost, _, row, node = heapq.heappop(pending)
        rows.own[row] = put(_below(source, node, most - len(rows.own), at_least), row, -cost)
    return rows


def _below(source: EstimatedTree, node: TreeNode, limit: int, at_least: float) -> list[TreeNode]:
    """What a context calls, and the members of a cycle."""
    below: list[TreeNode] = []
    for child in source.children(node, limit, at_least):
        if child.kind == "inside":
            below += [member for member in source.children(child, limit, at_least) if member.kind == "member"]
        elif child.kind != "rest":
            below.append(child)
    return below


def _tree(rows: _Rows, functions: int, part: Part) -> CallTree:
    """The rows as a tree that costs what the part does: in whole numbers where the part does, or is a large sum.

    They are rounded so that every beginning of the tree is less than one away from its sum: speedscope leaves out
    lines with fractions.
    """
    frames = Frames(np.arange(functions, dtype=np.int32), np.full(functions, NO_LINE, np.int32))
    function, parent = np.array(rows.function, np.int32), np.array(rows.parent, np.int32)
    tree = CallTree.of_rows(frames, function, parent, np.array([rows.own]))
    measured = np.nan_to_num(part.graph.self_cost[part.metrics.index(0)])
    cost = tree.self_cost[0]
    total = measured.sum()
    if total >= _LARGE or (measured == np.round(measured)).all():
        total, cost = np.round(total), np.diff(np.round(np.cumsum(cost)), prepend=0.0)
    if len(cost):
        cost[np.argmax(cost)] += total - cost.sum()
    return replace(tree, self_cost=cost[None])


def _only(tree: CallTree, row: int) -> CallTree:
    """A tree with one of its rows of cost."""
    return replace(tree, self_cost=tree.self_cost[row : row + 1])
