"""Trees that pyinstrument has rendered: of frames with their inclusive times."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from proftui.errors import Malformed
from proftui.formats.folded.owners import NOBODY
from proftui.formats.pyinstrument.document import RenderedFrame, TreeFrame
from proftui.formats.pyinstrument.frames import FrameTable, Identity, identified
from proftui.formats.pyinstrument.stacks import Stacks

SELF, ROOT = Identity("[self]"), Identity("[root]")
"""The frames of what a frame costs itself, and of what is above several roots."""

_ROUNDING = 0.5e-6
"""Times are written in whole microseconds."""

Node = RenderedFrame | TreeFrame


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of a frame's time when its children are done."""

    row: int
    seconds: float


def stacks_of_tree(root: Node | None) -> Stacks:
    """The stacks of a tree, in its order. Raises Malformed.

    What a frame has beyond its children is its own, unless that may come of rounding.
    """
    table = FrameTable()
    stacks = Stacks(table)
    todo: list[tuple[Node, int] | _Left] = [(root, stacks.of(NOBODY))] if root is not None else []
    while todo:
        doing = todo.pop()
        if isinstance(doing, _Left):
            stacks.spend(doing.row, doing.seconds)
            continue
        node, above = doing
        identity = _identity(node)
        if identity == SELF:
            stacks.spend(above, node.time)
            continue
        row = _row(stacks, table, node, identity, above)
        if (left := _left(node)) > 0:
            todo.append(_Left(row, left))
        children: Sequence[Node] = node.children
        todo += [(child, row) for child in reversed(children)]
    return stacks


def _row(stacks: Stacks, table: FrameTable, node: Node, identity: Identity, above: int) -> int:
    if identity == ROOT:
        return above
    owner = identity.owner if above < 0 else None
    return stacks.row(above, table.of(identity, _attributes(node))) if owner is None else stacks.of(owner)


def _identity(node: Node) -> Identity:
    if isinstance(node, TreeFrame):
        return identified(node.identifier)
    return Identity.of(node.function, node.file_path or "", str(node.line_no or ""))


def _attributes(node: Node) -> list[str]:
    """As a session has them."""
    if isinstance(node, TreeFrame):
        return list(node.attributes)
    return [f"c{node.class_name}"] if node.class_name else []


def _left(node: Node) -> float:
    """What a frame has beyond its children; 0 where that may come of rounding."""
    left = node.time - sum(child.time for child in node.children)
    if not (node.time >= 0 and math.isfinite(left)):
        raise Malformed("a time is below zero or too large")
    return left if not node.children or left > _ROUNDING * (len(node.children) + 2) else 0.0
