"""The live table of functions in one order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from proftui.analysis.shares import INCLUSIVE, SELF, Shares, settled
from proftui.model import Bools, Floats, Functions, Ids
from proftui.report.rows import Haystack


@dataclass(frozen=True)
class TopTable:
    """The functions of `shares` by a sort key, equal ones by inclusive share and then by name."""

    shares: Shares
    sort: str = "self"
    descending: bool = True

    @cached_property
    def values(self) -> dict[str, Floats]:
        """n: the numbers of each sort key."""
        shares = self.shares
        values = {
            "self": shares.share[SELF],
            "inclusive": shares.share[INCLUSIVE],
            "samples": shares.samples[SELF],
            "recent": shares.recent[SELF],
            "recent_inclusive": shares.recent[INCLUSIVE],
            "trend": shares.step[SELF],
        }
        return values if shares.change is None else {**values, "change": shares.change.share[SELF]}

    @cached_property
    def order(self) -> Ids:
        """The places in `shares` in the order in which they are shown; what was not measured comes last either way.

        A key that is not there, or not any more, is as good as "self".
        """
        functions, ids = self.shares.functions, self.shares.function
        names = ranks(functions, "name")[ids]
        texts = self.sort in ("name", "location", "module")
        values = ranks(functions, self.sort)[ids] if texts else self.values.get(self.sort, self.values["self"])
        inclusive = self.shares.samples[INCLUSIVE]
        return np.lexsort((names, -inclusive, -values if self.descending else values)).astype(np.int32)

    @cached_property
    def place(self) -> Ids:
        """Where each function is shown, by id; -1 where it is not."""
        place = np.full(len(self.shares.functions), -1, np.int32)
        place[self.shares.function[self.order]] = np.arange(len(self.order), dtype=np.int32)
        return place

    @property
    def by(self) -> int:
        """Which of the shares counts, SELF or INCLUSIVE: the one sorted by."""
        return INCLUSIVE if self.sort in ("inclusive", "recent_inclusive") else SELF

    @cached_property
    def settled(self) -> Bools:
        """n: whether more samples will hardly change a function's place; by sort keys without intervals, all are."""
        known = np.ones(len(self.shares), np.bool_)
        if self.sort in ("self", "samples", "inclusive"):
            share, half = self.shares.share[self.by], self.shares.half[self.by]
            known[self.order] = settled(share[self.order], half[self.order])
        return known


@lru_cache(maxsize=8)
def ranks(functions: Functions, by: str) -> Ids:
    """F: where each function stands by name, module, or file and line."""
    if by == "location":
        order = sorted(range(len(functions)), key=lambda at: (functions.file[at], int(functions.line[at])))
    else:
        order = sorted(range(len(functions)), key=(functions.name if by == "name" else functions.module).__getitem__)
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank


@lru_cache(maxsize=2)
def haystack(functions: Functions) -> Haystack:
    """Names and files, for searching."""
    return Haystack([f"{name}\t{file}" for name, file in zip(functions.name, functions.file, strict=True)])
