"""How far a share of samples is known, from how much it differs from batch to batch."""

from __future__ import annotations

import numpy as np

from proftui.analysis.shares.student import quantile
from proftui.model import Bools, Floats

LEAST = 8
"""With fewer batches than this there is no interval."""

MOST_RELATED = 0.99
"""More than this correlation of neighbours is not told apart from a drift without end."""


def half_widths(samples: Floats, totals: Floats) -> Floats:
    """2 x n: half the width of the 95 % interval of each share, as a share; NaN where the batches tell none.

    `samples` are k x 2 x n (batch, self or inclusive, function), `totals` the k batches' thread samples.

    Samples of one window are not independent: a program has phases. So the batch is the unit (ratio estimator with
    batches as clusters: Cochran, Sampling Techniques, 3.12), and t has as many degrees of freedom as batches tell.
    Where phases are longer than batches, neighbours are alike and k batches tell no more than k (1 - r) / (1 + r)
    independent ones, with r the correlation of neighbours: that of all functions together, as they share the phases,
    and with what short series take from it given back (Marriott and Pope, Biometrika 41, 1954). Where that is next to
    nothing, batches are merged by twos as long as enough are left.
    """
    seen = totals > 0
    samples, totals = samples[seen], totals[seen]
    if len(totals) < LEAST:
        return np.full(samples.shape[1:], np.nan)
    widths = _between(samples, totals)
    while len(totals) >= 2 * LEAST - 1 and np.isnan(widths).any():
        samples, totals = _by_twos(samples), _by_twos(totals)
        widths = np.where(np.isnan(widths), _between(samples, totals), widths)
    return widths


def _by_twos(batches: Floats) -> Floats:
    """Batches merged by twos; of an odd number the last stays as it is."""
    merged: Floats = batches[::2].copy()
    merged[: len(batches) // 2] += batches[1::2]
    return merged


def _between(samples: Floats, totals: Floats) -> Floats:
    """The same from batches as they are; NaN where they tell no more than two would."""
    count, whole = len(totals), float(totals.sum())
    residual = samples - samples.sum(axis=0) / whole * totals[:, None, None]
    squares = np.einsum("kqn,kqn->qn", residual, residual)
    follow = np.einsum("kqn,kqn->q", residual[1:], residual[:-1])
    likeness = np.divide(follow, squares.sum(axis=1), out=np.zeros(2), where=squares.sum(axis=1) > 0)
    related = np.clip(likeness + (1 + 3 * likeness) / count, 0, MOST_RELATED)
    independent = count * (1 - related) / (1 + related)
    variance = squares * (count / (count - 1) * (1 + related) / (1 - related))[:, None]
    reach = quantile(np.maximum(independent - 1, 1))
    widths: Floats = reach[:, None] * np.sqrt(variance) / whole
    return np.where(independent[:, None] >= 2, widths, np.nan)


def least_widths(samples: Floats, total: float) -> Floats:
    """Half the width of the 95 % interval that shares had if samples were independent, which is the least it can be:
    Wilson's (Journal of the American Statistical Association 22, 1927).
    """
    if not total:
        return np.full(samples.shape, np.nan)
    share, square = samples / total, 1.96**2
    widths: Floats = 1.96 * np.sqrt(share * (1 - share) / total + square / (4 * total**2)) / (1 + square / total)
    return widths


def settled(share: Floats, half: Floats) -> Bools:
    """n: of shares in the order in which they are shown, whether the interval of each is apart from its neighbours'."""
    low, high = share - half, share + half
    apart = (low[:-1] > high[1:]) | (high[:-1] < low[1:])
    edge = ~np.isnan(half[:1])
    both: Bools = np.concatenate([edge, apart]) & np.concatenate([apart, edge])
    return both
