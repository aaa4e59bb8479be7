"""The calls of watched functions as a tree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from proftui.formats.frame_ids import FrameIds
from proftui.formats.mprof.lines import MIB, Call
from proftui.model import CallTree, Floats, Functions
from proftui.model.forest import rooted


def tree_of(calls: Sequence[Call], since: float) -> tuple[Functions, CallTree, Floats, int]:
    """(functions, tree, calls of each row, how many calls overlap in time as those of threads do).

    The tree's metrics are the memory that a call came to hold, in bytes, and its time. A call lies in the innermost one
    that lasts at least as long; where levels of the stack are told, in one of a lower level. Both metrics of a row are
    what is left when those in it are taken off.
    """
    calls = sorted(calls, key=lambda call: (call.begin, call.level, -call.end))
    times = np.rint((np.array([(call.begin, call.end) for call in calls]).reshape(-1, 2) - since) * 1e6) * 1e3
    memory = np.rint(np.array([(call.before, call.after) for call in calls]).reshape(-1, 2) * MIB)
    inclusive = np.stack([memory[:, 1] - memory[:, 0], times[:, 1] - times[:, 0]])
    parent, overlapping = _parents(calls)
    within = parent >= 0
    own = inclusive.copy()
    for metric in range(2):
        own[metric] -= np.bincount(parent[within], inclusive[metric, within], len(calls))
    own[1] = np.maximum(own[1], 0.0)
    ids = FrameIds()
    frame = np.array([ids.frame(ids.function(*_identity(call.name))) for call in calls], np.int32)
    tree, row = rooted(ids.frames(), frame, parent, own)
    return ids.functions(), tree, np.bincount(row, minlength=len(tree)).astype(np.float64), overlapping


def _identity(name: str) -> tuple[str, str, int, str]:
    """A function is written with its module, a block of code without."""
    module, _, own = name.rpartition(".")
    return own or name, "", -1, module if own else ""


def _parents(calls: Sequence[Call]) -> tuple[np.ndarray[tuple[int], np.dtype[np.int32]], int]:
    """For each call the one that it lies in, -1 for none; and how many begin within one that ends before them."""
    parent = np.full(len(calls), -1, np.int32)
    around: list[int] = []
    overlapping = 0
    for at, call in enumerate(calls):
        while around and not _holds(calls[around[-1]], call):
            overlapping += calls[around.pop()].end > call.begin
        if around:
            parent[at] = around[-1]
        around.append(at)
    return parent, overlapping


def _holds(outer: Call, inner: Call) -> bool:
    return outer.end >= inner.end and outer.end > inner.begin and (inner.level < 0 or outer.level < inner.level)
