"""A part: one thread, process, dump or input file within a profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from proftui.model.graph import CallGraph
from proftui.model.lines import LineCosts
from proftui.model.tree import CallTree

PartKind = Literal["file", "process", "thread", "dump"]


@dataclass(frozen=True, eq=False)
class Part:
    """`metrics` are indices into the profile's metrics, one for each row of the part's cost tables.

    The tables hold only the functions that the part touches; function ids are those of the profile.
    A part whose `tree` is not None has a `graph` made from it.
    """

    label: str
    graph: CallGraph
    metrics: tuple[int, ...] = (0,)
    kind: PartKind = "file"
    pid: int | None = None
    tid: int | None = None
    tree: CallTree | None = None
    lines: LineCosts | None = None
