"""The parts of a profile, one for each thread that has calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from proftui.errors import Malformed
from proftui.formats.trace.columns import Columns, Thread
from proftui.formats.trace.document import PLACE
from proftui.formats.trace.nesting import Nest, nested
from proftui.formats.trace.pairs import Calls, calls_of
from proftui.model import Bools, CallTree, Floats, Frames, Ids, Timeline
from proftui.model.forest import rooted

MICROSECOND = 1e3

_ROUNDED = 2.0
"""By how much rounding to whole nanoseconds may make a call longer than the one around it."""


@dataclass(frozen=True, eq=False)
class Clock:
    """Stored units of a file's times: `since` a time in the file, one unit of which is `scale` stored ones."""

    since: float
    scale: float = MICROSECOND

    def spans(self, calls: Calls) -> tuple[Floats, Floats]:
        """When calls start and end. Raises Malformed for what is too large to be added up."""
        with np.errstate(over="ignore", invalid="ignore"):
            start, lasts = (calls.start - self.since) * self.scale, calls.lasts * self.scale
            if self.scale == MICROSECOND:
                start, lasts = np.rint(start), np.rint(lasts)
            end = start + lasts
            if not np.isfinite(end.sum()):
                raise Malformed("a time is too large", PLACE)
        return start, end

    def slack(self, calls: Calls) -> float:
        """What ends may be wrong by: times in whole microseconds are cut, and large ones have few digits left."""
        digits = 4 * float(np.spacing(np.abs(calls.start).max(initial=0.0))) * self.scale
        whole = self.scale == MICROSECOND and bool(
            (calls.start == np.rint(calls.start)).all() and (calls.lasts == np.rint(calls.lasts)).all()
        )
        return max(digits, MICROSECOND if whole else _ROUNDED)


@dataclass
class Remains:
    """How many calls have no end, ends no call, calls no duration and calls overlap; and what is lost of those."""

    unended: int = 0
    lost_ends: int = 0
    timeless: int = 0
    overlaps: int = 0
    lost: float = 0.0

    def add(self, calls: Calls, nest: Nest) -> None:
        """Add those of a thread."""
        self.unended += calls.unended
        self.lost_ends += calls.lost_ends
        self.timeless += calls.timeless
        self.overlaps += nest.overlaps
        self.lost += nest.lost


@dataclass(eq=False)
class Growing:
    """Makes the trees of threads. `frame` has that of each kind, -1 for those that are left out."""

    columns: Columns
    frames: Frames
    frame: Ids
    unnamed: int
    clock: Clock
    details: tuple[str, ...]
    remains: Remains = field(default_factory=Remains)

    def trees(self, report: Callable[[float], None]) -> Iterator[tuple[int, CallTree, Floats]]:
        """For each of the file's threads its number, its tree with a time line, and how often each row was called.

        `report` is told which share of the work is done. Raises Malformed.
        """
        owner = self.columns.owner
        narrow = owner.astype(np.uint16) if len(owner) and owner.max() < 1 << 16 else owner
        order = np.argsort(narrow, kind="stable")
        ends = np.cumsum(np.bincount(owner)).tolist() if len(owner) else []
        begin = 0
        for number, end in enumerate(ends):
            yield (number, *self._tree(calls_of(self.columns, order[begin:end], self.unnamed)))
            begin = end
            report(end / len(owner))

    def _tree(self, calls: Calls) -> tuple[CallTree, Floats]:
        calls = _where(calls, self.frame[calls.kind] >= 0)
        start, end = self.clock.spans(calls)
        nest = nested(start, end, self.clock.slack(calls))
        self.remains.add(calls, nest)
        own = np.maximum(nest.own, 0.0)
        tree, row = rooted(self.frames, self.frame[calls.kind[nest.call]], nest.parent, own[None])
        detail = calls.detail[nest.call]
        told = bool((detail >= 0).any())
        timeline = Timeline(
            row.astype(np.int32), nest.start, nest.end, self.details if told else (), detail if told else None
        )
        times = np.bincount(row[nest.first], minlength=len(tree)).astype(np.float64)
        return replace(tree, timeline=timeline), times


def _where(calls: Calls, kept: Bools) -> Calls:
    if kept.all():
        return calls
    columns = {name: getattr(calls, name)[kept] for name in ("start", "lasts", "kind", "detail")}
    return replace(calls, **columns)


def in_order(threads: list[Thread], first: list[float]) -> list[int]:
    """The numbers of threads: by process; in each the main thread, which has its number, and then by `first` call."""

    def place(number: int) -> tuple[bool, float, str, bool, float]:
        pid, tid = threads[number]
        is_number = isinstance(pid, int | float)
        return not is_number, pid if isinstance(pid, int | float) else 0, str(pid), tid != pid, first[number]

    return sorted(range(len(threads)), key=place)
