"""Who pays for hidden functions, and what each of the payers has of what these spend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proftui.analysis.filters.levels import Places
from proftui.analysis.filters.spans import Span, beside, summed
from proftui.model import Bools, Floats, grouped
from proftui.model.inclusive import sums

MOST_SHARES = 400_000
"""Owners times arcs of a level's units, times metrics; beyond, the owners of least cost are taken as one."""

FEWEST = 8
"""So many owners of a unit stay apart in any case."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """What owners pay for in units: cost, and self cost as far as it is known one hop away. Sorted by unit, owner."""

    unit: Places
    owner: Places
    cost: Span
    own: Span


def gathered(pairs: list[Pairs], owners: int) -> Pairs:
    """One pair for each unit and owner."""
    unit = np.concatenate([some.unit for some in pairs])
    owner = np.concatenate([some.owner for some in pairs])
    first, which = grouped(unit * owners + owner)
    cost, own = beside([some.cost for some in pairs]), beside([some.own for some in pairs])
    return Pairs(unit[first], owner[first], summed(which, cost, len(first)), summed(which, own, len(first)))


@dataclass(frozen=True, eq=False)
class Units:
    """Some units: `spent` is their self cost, `whole` at most their inclusive cost.

    mixed: they lie in cycles with functions that stay, so that what one owner pays for may lie within what another
    pays for; nothing is sure then but that nobody pays for more than enters through his calls.
    """

    mixed: Bools
    whole: Floats
    spent: Span

    def __len__(self) -> int:
        return len(self.mixed)

    def sums(self, pairs: Pairs, column: Floats) -> Floats:
        """For each pair the sum of a column over all owners of its unit."""
        total: Floats = sums(pairs.unit, column, len(self))[:, pairs.unit]
        return total

    def others(self, pairs: Pairs, column: Floats) -> Floats:
        """For each pair the sum of a column over the other owners of its unit."""
        return np.maximum(self.sums(pairs, column) - column, 0)


@dataclass(frozen=True, eq=False)
class Shares:
    """For each pair: the self cost of its unit that the owner pays for; what it spends in the unit's callees; at most
    so much of that all other owners spend; and which part of it all this probably is.
    """

    own: Span
    below: Span
    others: Floats
    part: Floats


def shares(units: Units, pairs: Pairs) -> Shares:
    """How the units' self costs and what they spend in their callees are split among the owners."""
    unit, cost, told = pairs.unit, pairs.cost, pairs.own
    spent, mixed = units.spent.at(unit), units.mixed[unit]
    sure = np.where(mixed, 0, cost.low)
    others = np.minimum(units.others(pairs, cost.high), np.maximum(units.whole[:, unit] - sure, 0))
    inner = np.maximum(spent.high - units.sums(pairs, told.low), 0)
    inner_guess = np.maximum(spent.guess - units.sums(pairs, told.guess), 0)
    high = np.minimum(np.minimum(told.high + inner, cost.high), spent.high)
    low = np.maximum(told.low, spent.low - np.minimum(units.others(pairs, high), others))
    part = _part(units, pairs, cost.guess)
    own = Span(told.guess + inner_guess * part, np.maximum(low, 0), high).settled()
    below = Span(np.maximum(cost.guess - own.guess, 0), np.zeros_like(high), np.maximum(cost.high - own.low, 0))
    spare = np.where(mixed, np.inf, np.maximum(others - units.others(pairs, own.low), 0))
    return Shares(own, below, np.minimum(units.others(pairs, below.high), spare), _part(units, pairs, below.guess))


def _part(units: Units, pairs: Pairs, column: Floats) -> Floats:
    """Each owner's part of the sum over its unit; of nothing, all have the same."""
    total = units.sums(pairs, column)
    alike = 1 / np.bincount(pairs.unit, minlength=len(units))[pairs.unit]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total != 0, column / total, alike)


def least_paying(pairs: Pairs, leaving: Places, most: int) -> Bools:
    """The pairs beyond the most that can be split among a level's arcs, those of least cost; `leaving` is the number of
    arcs that leave each pair's unit, and only owners below `most` are ever taken as one with others.
    """
    metrics = len(pairs.cost.high)
    units = int((np.diff(pairs.unit, prepend=-1) > 0).sum())
    if float((leaving + 1).sum()) * metrics <= MOST_SHARES:
        return np.zeros(len(leaving), np.bool_)
    allowed = np.maximum(MOST_SHARES / metrics / max(units, 1) // (leaving + 1), FEWEST)
    order = np.lexsort((-np.nan_to_num(pairs.cost.high).max(axis=0), pairs.unit))
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order)) - np.searchsorted(pairs.unit, pairs.unit[order])
    folded: Bools = (rank >= allowed) & (pairs.owner < most)
    return folded
