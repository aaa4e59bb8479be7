"""Shares of a recording that grows, of which only what is new is worked through."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from proftui.analysis.filters import Filter, MyCode
from proftui.analysis.filters.expressions import Figure
from proftui.analysis.filters.matching import matching
from proftui.analysis.filters.my_code import AS_PATHS_TELL
from proftui.analysis.shares.batches import Batches
from proftui.analysis.shares.figures import INCLUSIVE, Change, Shares
from proftui.analysis.shares.recent import Recent
from proftui.analysis.shares.spread import half_widths, least_widths
from proftui.analysis.shares.stacks import Stacks, Step
from proftui.model import SAMPLES, CallGraph, Moment, Origin, Part, Profile, Recording, Span, Windows

Parts = tuple[int, ...] | None

_Range = tuple[int, int | None]
"""The first window and one past the last, None for as many as there are."""


class Tally:
    """Keeps up with a recording. Any thread may ask; one is answered at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: _Asked | None = None
        self._shares: Shares | None = None
        self._conditions = _Conditions()
        self._stacks = Stacks()
        self._forget()

    def update(
        self,
        recording: Recording,
        span: Span | None = None,
        parts: Parts = None,
        filters: Sequence[Filter] = (),
        my_code: MyCode = AS_PATHS_TELL,
    ) -> Shares:
        """The shares in a span of time, of all parts for None or of some (indices into the recording's threads),
        through `filters`: the figures that `Recording.profile`, `filtered` and `Scope` lead to.

        Where `recording` is the one of before with more windows, only these are looked at.
        """
        asked = _Asked(recording, span, parts, tuple(filters), my_code)
        with self._lock:
            if self._shares is None or asked != self._asked:
                self._renew(asked)
                self._shares = self._made(recording, *recording.windows.within(span))
            return self._shares

    def _renew(self, asked: _Asked) -> None:
        """Forget what does not hold any more."""
        before, self._asked = self._asked, asked
        recording, windows = asked.recording, asked.recording.windows
        steps = self._conditions.steps(asked)
        known = self._stacks
        self._stacks = known.renewed(steps) if before and _more_rows(before.recording, recording) else Stacks(steps)
        goes_on = before and before.parts == asked.parts and _more_windows(before.recording.windows, windows)
        if self._stacks is not known or not goes_on:
            self._forget()
        self._chosen = np.full(len(recording.threads), asked.parts is None, np.bool_)
        if asked.parts is not None:
            self._chosen[list(asked.parts)] = True

    def _forget(self) -> None:
        self._batches: dict[_Range, Batches] = {}
        self._recent, self._recent_first, self._recent_last = Recent(), -1, 0

    def _made(self, recording: Recording, first: int, last: int) -> Shares:
        split = _split(recording, first, last)
        wanted = {(first, None)} if split is None else {(first, None), *split.sides}
        self._batches = {span: batches for span, batches in self._batches.items() if span in wanted}
        change = None if split is None else self._change(recording, split, last)
        count = len(recording.functions)
        batches, recent = self._caught_up(recording, (first, None), last), self._recently(recording, first, last)
        by_batch, totals = batches.samples(count), batches.totals
        samples, total = by_batch.sum(axis=0), float(totals.sum())
        ids = np.flatnonzero(samples[INCLUSIVE] > 0).astype(np.int32)
        samples = samples[:, ids]
        return Shares(
            recording.functions, ids, samples, total, last - first,
            half_widths(by_batch, totals)[:, ids], least_widths(samples, total),
            recent.last_shares(count)[:, ids], recent.last.total, recent.step(count)[:, ids],
            recent.trend(count)[:, ids], recent.minute(count)[:, :, ids],
            change if change is None else Change(change.moment, change.share[:, ids], change.half[:, ids]),
        )  # fmt: skip

    def _caught_up(self, recording: Recording, span: _Range, last: int) -> Batches:
        """The windows of a range in batches, those before `last` where it has no end."""
        first, end = span
        last = last if end is None else end
        batches = self._batches.get(span)
        if batches is None or batches.windows > last - first:
            batches = self._batches[span] = Batches()
        batches.prepare(last - first)
        while (at := first + batches.windows) < last:
            until = min(last, at + batches.room)
            batches.add(self._stacks.counted(recording, at, until, self._chosen), until - at)
        return batches

    def _recently(self, recording: Recording, first: int, last: int) -> Recent:
        """The last of those windows, one by one."""
        start = recording.windows.start
        needed = max(first, Recent.first(start, last)) if last > first else last
        if self._recent_first != first or not needed <= self._recent_last <= last:
            self._recent, self._recent_first, self._recent_last = Recent(), first, needed
        for window in range(self._recent_last, last):
            counted = self._stacks.counted(recording, window, window + 1, self._chosen)
            self._recent.add(float(start[window]), counted)
        self._recent_last = last
        return self._recent

    def _change(self, recording: Recording, split: _Split, last: int) -> Change | None:
        """How shares differ, of all functions."""
        sides = []
        for side in split.sides:
            batches = self._caught_up(recording, side, last)
            samples, totals = batches.samples(len(recording.functions)), batches.totals
            if not totals.any():
                return None
            sides.append((samples.sum(axis=0) / totals.sum(), half_widths(samples, totals)))
        (before, unsure), (after, unsure_after) = sides
        return Change(split.moment, after - before, np.hypot(unsure, unsure_after))


class _Asked(NamedTuple):
    """What `update` was asked for; recordings are equal when they are the same."""

    recording: Recording
    span: Span | None
    parts: Parts
    filters: tuple[Filter, ...]
    my_code: MyCode


class _Conditions:
    """Of which functions the conditions of filters are true."""

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._steps: tuple[Step, ...] = ()
        self._whole: Tally | None = None

    def steps(self, asked: _Asked) -> tuple[Step, ...]:
        """The filters that were asked for; figures are those of all parts before any filter."""
        functions, figures = asked.recording.functions, any(isinstance(it.condition, Figure) for it in asked.filters)
        of = (functions, asked.filters, asked.my_code)
        if figures or of != self._of:
            profile = self._profile(asked, figures=figures)
            self._of, self._steps = (
                of,
                tuple(
                    (
                        it.word,
                        ~asked.my_code.among(functions) if it.condition is None else matching(profile, it.condition),
                    )
                    for it in asked.filters
                ),
            )
        return self._steps

    def _profile(self, asked: _Asked, *, figures: bool) -> Profile:
        """The functions, and if need be their figures."""
        parts: tuple[Part, ...] = ()
        if figures:
            self._whole = self._whole or Tally()
            whole = self._whole.update(asked.recording, asked.span)
            none, nothing = np.zeros(0, np.int32), np.zeros((1, 0))
            graph = CallGraph(whole.function, whole.samples[:1], whole.samples[1:], none, none, nothing)
            parts = (Part("", graph),)
        return Profile("", Origin("", "", "sampled"), (SAMPLES,), asked.recording.functions, parts)


class _Split(NamedTuple):
    """A marked moment, and the windows before it and after it."""

    moment: Moment
    sides: tuple[_Range, _Range]


def _split(recording: Recording, first: int, last: int) -> _Split | None:
    """The newest mark with windows of `first` to `last` behind it.

    Where they begin with the mark, as when all since a mark is shown, it is compared with what was before them.
    """
    moments = sorted(recording.marks, key=lambda moment: moment.seconds)
    places = [recording.windows.within((moment.seconds, None))[0] for moment in moments]
    for moment, at in zip(reversed(moments), reversed(places), strict=True):
        if at > 0 and first <= at < last:
            begin = first if first < at else max((place for place in places if place < at), default=0)
            return _Split(moment, ((begin, at), (at, None)))
    return None


def _more_rows(before: Recording, after: Recording) -> bool:
    """Whether the rows and functions of the one are the first of the other."""
    rows, old, new = len(before), before.functions, after.functions
    if old is not new and (old.name != new.name[: len(old)] or old.file != new.file[: len(old)]):
        return False
    columns = (
        (before.frame, after.frame),
        (before.parent, after.parent),
        (before.thread, after.thread),
    )
    return all(np.array_equal(column, longer[:rows]) for column, longer in columns)


def _more_windows(before: Windows, after: Windows) -> bool:
    """Whether the windows of the one are the first of the other: not where all were forgotten, or old ones merged."""
    return np.array_equal(before.start, after.start[: len(before)]) and np.array_equal(
        before.entries, after.entries[: len(before.entries)]
    )
