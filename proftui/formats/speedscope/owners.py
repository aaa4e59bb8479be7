"""Whose stacks a profile has: as its name says it, and the frames at the root that say it again.

Thread TID "NAME", Process PID Thread TID "NAME"   py-spy, with frames "process PID: ..." and "thread (TID): ..."
NAME (pid PID), NAME (tid TID); pid PID, tid TID   speedscope, of what it read as Chrome's trace events
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from proftui.formats.folded.frames import raw_of
from proftui.formats.folded.owners import NOBODY, Owner, Owners
from proftui.formats.speedscope.frames import FrameTable
from proftui.model import CallTree, Samples, Timeline

_ID = r"(0x[0-9A-Fa-f]{1,15}|[0-9]{1,18})"
_PYSPY = re.compile(rf'(?:Process {_ID} )?Thread {_ID} "(.*)"', re.DOTALL)
_PID = re.compile(rf"(?:\A| \()pid {_ID}\)?, ")
_TID = re.compile(rf"(?:(.*) \()?tid {_ID}\)?", re.DOTALL)


def owner_of(name: str) -> Owner:
    """The thread or process that a profile's name tells."""
    if match := _PYSPY.fullmatch(name):
        return Owner(_number(match[1]), _number(match[2]), match[3])
    # not by one regular expression, whose time would grow with the square of the name's length
    processes = list(_PID.finditer(name))
    if processes and (match := _TID.fullmatch(name, processes[-1].end())):
        return Owner(_number(processes[-1][1]), _number(match[2]), match[1] or "")
    return NOBODY


def _number(text: str | None) -> int | None:
    return None if text is None else int(text, 0) if text.startswith("0x") else int(text)


def without_owners(tree: CallTree, table: FrameTable) -> CallTree:
    """A tree without what names a thread or a process at its root; what these frames cost themselves has no stack."""
    cut, cost = 0, np.zeros((len(tree.self_cost), 1))
    owner: Owner | None = NOBODY
    while cut < len(tree) and tree.end[cut] == len(tree):
        name = table.name(int(tree.frame[cut]))
        owner = Owners().entered(owner or NOBODY, raw_of(name), alone=False)
        if owner is None:
            break
        cost = cost + tree.self_cost[:, cut : cut + 1]
        cut += 1
    if not cut:
        return tree
    alone = np.array([table.no_stack] * bool(cost.any()), np.int32)
    rows = len(tree) - cut
    return CallTree(
        tree.frames,
        np.concatenate([tree.frame[cut:], alone]),
        np.concatenate([np.maximum(tree.parent[cut:] - cut, -1), np.full(len(alone), -1)]).astype(np.int32),
        np.concatenate([tree.end[cut:] - cut, np.full(len(alone), rows + 1)]).astype(np.int32),
        np.concatenate([tree.self_cost[:, cut:], cost[:, : len(alone)]], axis=1),
        tree.timeline and _below(tree.timeline, cut),
        tree.samples and _sampled_below(tree.samples, cut, rows if len(alone) else -1),
    )


def _below(timeline: Timeline, cut: int) -> Timeline:
    """The activations of the rows from `cut` on."""
    kept = timeline.row >= cut
    return replace(timeline, row=timeline.row[kept] - cut, start=timeline.start[kept], end=timeline.end[kept])


def _sampled_below(samples: Samples, cut: int, alone: int) -> Samples:
    """The samples with rows from `cut` on; of rows before that they are in the row `alone`."""
    leaf = np.where(samples.leaf >= cut, samples.leaf - cut, np.where(samples.leaf < 0, -1, alone))
    return replace(samples, leaf=leaf.astype(np.int32))
