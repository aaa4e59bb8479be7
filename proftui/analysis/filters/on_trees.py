"""Filters on recorded call trees, which are exact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proftui.analysis.filters.expressions import Word
from proftui.model import Bools, CallTree, Ids
from proftui.model.forest import planted


def tree_filtered(tree: CallTree, word: Word, matches: Bools) -> CallTree:
    """`tree` as a filter leaves it; `matches` says of each function of the profile whether the condition is true.

    Rows below which no cost is left are gone.
    """
    found = matches[tree.function]
    if word in ("focus", "ignore"):
        covered = _below(tree, found)
        return _pruned(tree, np.where(covered == (word == "focus"), tree.self_cost, 0.0))
    if word == "show-from":
        return _without(tree, ~_below(tree, found))
    return _without(tree, ~found if word == "show" else found)


def _below(tree: CallTree, found: Bools) -> Bools:
    """N: whether the row or one above it was found; in preorder that is a sum over where subtrees begin and end."""
    rows = np.flatnonzero(found)
    change = np.bincount(rows, minlength=len(tree) + 1) - np.bincount(tree.end[rows], minlength=len(tree) + 1)
    covered: Bools = np.cumsum(change)[:-1] > 0
    return covered


def _without(tree: CallTree, hidden: Bools) -> CallTree:
    """The tree without hidden rows; their cost is the nearest other row's above, or dropped where there is none."""
    if not hidden.any():
        return _pruned(tree, tree.self_cost)
    heir = np.append(np.where(hidden, tree.parent, np.arange(len(tree))), -1)  # the last one stands for "none above"
    while (hidden & (heir[:-1] >= 0) & hidden[heir[:-1]]).any():
        heir = heir[heir]
    shown = np.flatnonzero(~hidden)
    row = np.full(len(tree) + 1, -1, np.int32)
    row[shown] = np.arange(len(shown), dtype=np.int32)
    own = np.zeros((len(tree.self_cost), len(shown)))
    heirs = row[heir[:-1]]
    kept = heirs >= 0
    for costs, handed in zip(own, tree.self_cost[:, kept], strict=True):
        costs += np.bincount(heirs[kept], handed, len(shown))
    above = tree.parent[shown]
    parent = np.where(above < 0, -1, heirs[above]).astype(np.int32)
    return _pruned_rows(tree, tree.frame[shown], parent, own)


def _pruned(tree: CallTree, self_cost: np.ndarray) -> CallTree:
    """The tree with other self costs and without the rows below which none is left."""
    having = np.concatenate([[0], np.cumsum((self_cost != 0).any(axis=0))])
    alive = having[tree.end] > having[:-1]
    if alive.all():
        return replace(tree, self_cost=self_cost)
    row = np.cumsum(alive, dtype=np.int32) - 1
    gone = np.concatenate([[0], np.cumsum(~alive)])
    above = tree.parent[alive]
    return CallTree(
        frames=tree.frames,
        frame=tree.frame[alive],
        parent=np.where(above < 0, -1, row[above]).astype(np.int32),
        end=(tree.end - gone[tree.end])[alive].astype(np.int32),
        self_cost=np.ascontiguousarray(self_cost[:, alive]),
    )


def _pruned_rows(tree: CallTree, frame: Ids, parent: Ids, self_cost: np.ndarray) -> CallTree:
    planted_tree = planted(tree.frames, frame, parent, self_cost)
    return _pruned(planted_tree, planted_tree.self_cost)
