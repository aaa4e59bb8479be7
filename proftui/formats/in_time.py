"""The time line of stacks that were sampled at known times."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from proftui.model import Floats, Ids, Timeline


def timeline_of(leaf: Ids, start: Floats, end: Floats, parent: Ids) -> Timeline | None:
    """From N samples that do not overlap: the leaves (-1 for no stack), and from when to when each stands for.

    `parent` is that of the tree's rows. Starts ascend; what lies between samples is a gap.
    """
    before = np.diff(start, prepend=0.0)
    before[1:] = start[1:] - end[:-1]
    leaves = np.stack([np.full(len(leaf), -1, np.int32), leaf.astype(np.int32)], axis=1).reshape(-1)
    weights = np.stack([np.maximum(before, 0.0), end - start], axis=1).reshape(-1)
    kept = weights > 0
    timeline = Timeline.of_samples(leaves[kept], weights[kept], parent)
    return timeline and replace(timeline, gaps=bool((before > 0).any()))
