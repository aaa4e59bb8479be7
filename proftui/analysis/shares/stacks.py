"""The stacks of a recording as filters leave them, and how often functions are in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from proftui.analysis.filters import Word
from proftui.model import Bools, Floats, Ids, Recording
from proftui.model.column import Column

DROPPED = -1
"""The own function of a stack of which filters leave nothing."""

AT_ONCE = 4096
"""So many stacks are walked at once, which bounds the memory that it takes."""

MANY = 8
"""Where there is more than one entry for so many stacks, entries of the same stack are first added up."""

Step = tuple[Word, Bools]
"""A filter's word, and for each function whether its condition is true of it."""


class Counted(NamedTuple):
    """Samples of the F functions, self (0) and inclusive (1), out of the `total` of thread samples that are left."""

    samples: Floats
    total: float


class Stacks:
    """What each row that samples end in stands for: the function that is on top, and all that are in the stack, each
    once however deep the recursion. Rows are looked at when a sample ends in them for the first time.
    """

    def __init__(self, steps: Sequence[Step] = ()) -> None:
        """`steps` apply one after the other, as `analysis.filters` has it."""
        self.steps = tuple(steps)
        self._place = np.full(1024, -1, np.int32)  # of a row among the columns below
        self._own, self._thread = Column(np.int32), Column(np.int32)
        self._begin, self._within = Column(np.int64), Column(np.int32)
        self._begin.append(0)

    def renewed(self, steps: Sequence[Step]) -> Stacks:
        """These stacks with filters that may tell of more functions; new ones where filters differ on the old."""
        same = [word for word, _ in steps] == [word for word, _ in self.steps] and all(
            np.array_equal(found[: len(before)], before)
            for (_, found), (_, before) in zip(steps, self.steps, strict=True)
        )
        if not same:
            return Stacks(steps)
        self.steps = tuple(steps)
        return self

    def counted(self, recording: Recording, first: int, last: int, chosen: Bools) -> Counted:
        """The samples of the windows from `first` to before `last`, of the threads that are `chosen` (one for each)."""
        entries = recording.windows.entries
        entry = slice(int(entries[first]), int(entries[last]))
        leaf = recording.windows.leaf[entry]
        self._learn(recording, leaf)
        place, counts = self._place[leaf], recording.windows.count[entry].astype(np.float64)
        if len(place) > len(self._own) // MANY:
            together = np.bincount(place, counts).astype(np.float64, copy=False)
            place = np.flatnonzero(together).astype(np.int32)
            counts = together[place]
        there = chosen[self._thread.view[place]] & (self._own.view[place] != DROPPED)
        kept, weight, size = place[there], counts[there], len(recording.functions)
        begin = self._begin.view[kept]
        length = self._begin.view[kept + 1] - begin
        within = self._within.view[_ranges(begin, length)]
        samples = np.empty((2, size))
        samples[0] = np.bincount(self._own.view[kept], weight, size)
        samples[1] = np.bincount(within, np.repeat(weight, length), size)
        return Counted(samples, float(weight.sum()))

    def _learn(self, recording: Recording, leaf: Ids) -> None:
        """Take in the rows of `leaf` that are not known yet."""
        if len(recording) > len(self._place):
            place = np.full(2 * len(recording), -1, np.int32)
            place[: len(self._place)] = self._place
            self._place = place
        new = leaf[self._place[leaf] < 0]
        if not len(new):
            return
        first = np.ones(len(new), np.bool_)
        new = np.sort(new)
        first[1:] = new[1:] != new[:-1]
        new = new[first]
        for begin in range(0, len(new), AT_ONCE):
            self._take(recording, new[begin : begin + AT_ONCE])

    def _take(self, recording: Recording, rows: Ids) -> None:
        stack, function = self._filtered(*_walked(recording, rows), len(rows))
        own = np.full(len(rows), DROPPED, np.int32)
        # what is nearest to the leaf comes first, and of equal places the last is set
        own[stack[::-1]] = function[::-1]
        functions = len(recording.functions)
        pair = np.sort(stack * functions + function)
        pair = pair[np.concatenate([[True], pair[1:] != pair[:-1]])] if len(pair) else pair
        ends = np.cumsum(np.bincount(pair // functions, minlength=len(rows)))
        self._place[rows] = np.arange(len(self._own), len(self._own) + len(rows))
        self._begin.extend(len(self._within) + ends)
        self._within.extend(pair % functions)
        self._own.extend(own)
        self._thread.extend(recording.thread[rows])

    def _filtered(self, stack: npt.NDArray[np.int64], function: Ids, count: int) -> tuple[npt.NDArray[np.int64], Ids]:
        """What is left of `count` stacks: pairs (which stack, function) in an order that has callees before callers."""
        for word, matches in self.steps:
            found = matches[function]
            if word in ("focus", "ignore"):
                having = np.bincount(stack[found], minlength=count) > 0
                kept = having[stack] == (word == "focus")
            elif word == "show-from":
                outermost = np.full(count, -1)
                outermost[stack[found]] = np.flatnonzero(found)  # of equal places the last is set
                kept = np.arange(len(stack)) <= outermost[stack]
            else:
                kept = found if word == "show" else ~found
            stack, function = stack[kept], function[kept]
        return stack, function


def _walked(recording: Recording, rows: Ids) -> tuple[npt.NDArray[np.int64], Ids]:
    """The stacks that end in `rows` as pairs (which of the rows, function): first all leaves, then all their callers,
    and so on.
    """
    stack, stacks, functions = np.arange(len(rows)), [], []
    of_frame = recording.frames.function
    while len(rows):
        stacks.append(stack)
        functions.append(of_frame[recording.frame[rows]])
        rows = recording.parent[rows]
        called = rows >= 0
        if not called.all():
            stack, rows = stack[called], rows[called]
    return np.concatenate(stacks), np.concatenate(functions)


def _ranges(begin: npt.NDArray[np.int64], length: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The numbers of each range from `begin` on, one range after the other."""
    end = np.cumsum(length)
    numbers: npt.NDArray[np.int64] = np.arange(int(end[-1]) if len(end) else 0) + np.repeat(
        begin - (end - length), length
    )
    return numbers
