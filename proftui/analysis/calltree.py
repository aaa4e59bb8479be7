"""The call tree of what is being looked at: exact where one was recorded, else estimated from the call graph."""

from __future__ import annotations

from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.exact import ExactTree
from proftui.analysis.scope import Scope
from proftui.analysis.treenode import Figure, NodeKind, TreeNode, TreeSource

__all__ = ["Figure", "NodeKind", "TreeNode", "TreeSource", "call_tree", "has_trees"]


def call_tree(scope: Scope, metric: int) -> ExactTree | EstimatedTree:
    """The lazy call tree of one metric; of parts with and without recorded trees, that of their graphs' sum."""
    return ExactTree.of(scope, metric) if has_trees(scope, metric) else EstimatedTree.of(scope, metric)


def has_trees(scope: Scope, metric: int) -> bool:
    """Whether each of the chosen parts that measure a metric recorded a call tree."""
    parts = scope.profile.parts if scope.parts is None else [scope.profile.parts[part] for part in scope.parts]
    recorded = [part.tree is not None for part in parts if metric in part.metrics]
    return bool(recorded) and all(recorded)
