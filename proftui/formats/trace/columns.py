"""The events of a file as columns."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed
from proftui.formats.trace.arguments import Arguments
from proftui.formats.trace.counters import Counters
from proftui.formats.trace.document import PLACE, Batch, Event, Owner
from proftui.formats.trace.names import Kind, Numbered, Telling
from proftui.formats.trace.owners import Names
from proftui.model import Floats, Ids

MOST_OWNERS = 20_000

BEGIN, END, COMPLETE = ord("B"), ord("E"), ord("X")

_CALLS = {chr(phase): phase for phase in (BEGIN, END, COMPLETE)}

Phases = npt.NDArray[np.uint8]
Thread = tuple[Owner, Owner]
"""What a file calls a process, and a thread in it."""


@dataclass(frozen=True, eq=False)
class Columns:
    """N events that begin, end or are calls, in the order of the file.

    at, lasts    microseconds, as they are in the file; what the end of a call lasts is NaN
    kind         index into the kinds; owner: into the threads; detail: the number of the arguments, -1 for none
    """

    phase: Phases
    at: Floats
    lasts: Floats
    kind: Ids
    owner: Ids
    detail: Ids


@dataclass(eq=False)
class Gathering:
    """Grows batch by batch.

    left_out    how many events of each phase are no calls
    timeless    how many that are calls have no time
    """

    telling: Telling | None
    ours: bool
    arguments: Arguments = field(default_factory=Arguments)
    counters: Counters = field(default_factory=Counters)
    names: Names = field(default_factory=Names)
    left_out: Counter[str] = field(default_factory=Counter)
    timeless: int = 0
    _kinds: defaultdict[Kind, int] = field(default_factory=lambda: defaultdict(itertools.count().__next__))
    _owners: defaultdict[Thread, int] = field(default_factory=lambda: defaultdict(itertools.count().__next__))
    _batches: list[Columns] = field(default_factory=list)

    @property
    def kinds(self) -> list[Kind]:
        """What events said of their functions."""
        return list(self._kinds)

    @property
    def threads(self) -> list[Thread]:
        """Whose calls there are."""
        return list(self._owners)

    def add(self, batch: Batch) -> None:
        """Take up some events. Raises Malformed for too many threads."""
        events, phase = self._calls(batch.events)
        if not events:
            return
        size = len(events)
        at = np.fromiter([event.ts for event in events], np.float64, size)
        if np.isnan(at).any():
            timed = ~np.isnan(at)
            self.timeless += size - int(timed.sum())
            events, phase = [event for event, kept in zip(events, timed.tolist(), strict=True) if kept], phase[timed]
            at, size = at[timed], len(events)
        lasts = np.fromiter([event.dur for event in events], np.float64, size)
        if np.isnan(lasts).any() and b'"tdur"' in batch.text:
            lasts = np.where(np.isnan(lasts), [event.tdur for event in events], lasts)
        self._batches.append(
            Columns(
                phase, at, lasts,
                np.fromiter(map(self._kinds.__getitem__, self._said(events)), np.int32, size),
                self._owned(events),
                self.arguments.numbers([] if self.telling else [event.args for event in events], size),
            )
        )  # fmt: skip

    def _calls(self, events: list[Event]) -> tuple[list[Event], Phases]:
        """The events that are calls, and their phases; the others are dealt with."""
        phase = np.array([_CALLS.get(event.ph, 0) for event in events], np.uint8)
        kept = phase > 0
        if kept.all():
            return events, phase
        for number in np.flatnonzero(~kept).tolist():
            self._other(events[number])
        return [events[number] for number in np.flatnonzero(kept).tolist()], phase[kept]

    def _other(self, event: Event) -> None:
        if event.ph == "M":
            self.names.take(event)
        elif event.ph == "C":
            self.counters.take(event)
        elif event.ph:
            self.left_out[event.ph[:1]] += 1

    def _said(self, events: list[Event]) -> Sequence[Kind]:
        if self.telling is not None:
            return [self.telling(event) for event in events]
        if self.ours:
            return [
                event.name or "" if event.frame < 0 else Numbered(event.name or "", event.frame) for event in events
            ]
        return [event.name or "" for event in events]

    def _owned(self, events: list[Event]) -> Ids:
        pairs = zip([event.pid for event in events], [event.tid for event in events], strict=True)
        owners = np.fromiter(map(self._owners.__getitem__, pairs), np.int32, len(events))
        if len(self._owners) > MOST_OWNERS:
            raise Malformed(f"has more than {MOST_OWNERS:,} threads", PLACE)
        return owners

    def columns(self) -> Columns:
        """All of it."""
        batches = self._batches or [_EMPTY]
        columns = ([getattr(batch, name) for batch in batches] for name in Columns.__dataclass_fields__)
        return Columns(*(np.concatenate(column) for column in columns))


_EMPTY = Columns(
    np.zeros(0, np.uint8), np.zeros(0), np.zeros(0), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int32)
)
