"""Stacks that were sampled at known times, as a tree's samples."""

from __future__ import annotations

import numpy as np

from proftui.model import Floats, Ids
from proftui.model.timeline import Samples


def samples_at(leaf: Ids, start: Floats, end: Floats) -> Samples:
    """From N samples that do not overlap: the leaves (-1 for no stack), and from when to when each stands for.

    Starts ascend; between samples there is no stack. Neighbours that are alike are one.
    """
    before = start.copy()
    before[1:] -= end[:-1]
    leaves = np.stack([np.full(len(leaf), -1, np.int32), leaf.astype(np.int32)], axis=1).reshape(-1)
    weights = np.stack([np.maximum(before, 0.0), end - start], axis=1).reshape(-1)
    lasting = weights > 0
    leaves, weights = leaves[lasting], weights[lasting]
    begins = np.flatnonzero(np.diff(leaves, prepend=-2))
    return Samples(leaves[begins], np.add.reduceat(weights, begins) if len(begins) else weights)
