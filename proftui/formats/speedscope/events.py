"""The call tree of frames that are opened and closed in time.

What speedscope itself refuses is refused here: a frame that is closed but not on top of the stack, one that is left
open, and time that runs backwards. Events of other types it leaves out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed
from proftui.formats.json_arrays import BETWEEN_OBJECTS, Array
from proftui.formats.speedscope.document import Event, Evented, Number
from proftui.formats.speedscope.measures import Measure
from proftui.formats.speedscope.stacks import MOST_DEPTH
from proftui.model import CallTree, Floats, Frames, Ids, Timeline
from proftui.model.forest import rooted

_EVENTS = msgspec.json.Decoder(list[Event])
_EXACT = 1 << 62
_STEPS = {"O": 1, "C": -1}
_LETTERS = frozenset(_STEPS)

Steps = npt.NDArray[np.int8]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Events:
    """N events: +1 where a frame is opened, -1 where it is closed; which frame; when, since the profile's start.

    place       of the array in the file; `number`, N, is where in it each event is
    outside     how long the profile is before the first event and behind the last
    left_out    how many events of other types there are
    """

    step: Steps
    frame: Ids
    at: Floats
    number: Places
    place: str
    outside: float
    left_out: int

    def tree(self, frames: Frames) -> tuple[CallTree, float]:
        """The call tree with its time line, and what passed with no frame open. Raises Malformed."""
        level = np.cumsum(self.step, dtype=np.int64) + (self.step < 0)
        pairs = self._pairs(level)
        opened = np.cumsum(self.step > 0) - 1
        parent = self._parents(level, pairs[:, 0], opened)
        top = opened.copy()
        top[pairs[:, 1]] = parent[opened[pairs[:, 0]]]
        cost = np.bincount(top[:-1] + 1, np.diff(self.at), len(pairs) + 1).astype(np.float64, copy=False)
        frame = self.frame[self.step > 0]
        tree, row = rooted(frames, frame, parent.astype(np.int32), cost[None, 1:])
        end = np.empty(len(pairs))
        end[opened[pairs[:, 0]]] = self.at[pairs[:, 1]]
        timeline = Timeline(row.astype(np.int32), self.at[self.step > 0], end)
        return replace(tree, timeline=timeline), float(cost[0]) + self.outside

    def _pairs(self, level: Places) -> Places:
        """The events that open and close a frame, by how deep it is and then by time."""
        if not len(level):
            return np.zeros((0, 2), np.int64)
        self._refuse(level < 1, "closes a frame where none is open")
        self._refuse(level > MOST_DEPTH, f"is more than {MOST_DEPTH:,} frames deep")
        self._refuse(np.append(False, self.at[1:] < self.at[:-1]), "is earlier than the event before it")
        if left := int(self.step.sum(dtype=np.int64)):
            raise Malformed(f"{left:,} frame{'s are' if left > 1 else ' is'} still open at the end", self.place)
        narrow = level.astype(np.uint16) if level.max() < 1 << 16 else level  # 16 bits are sorted by radix
        order = np.argsort(narrow, kind="stable")
        pairs = order.reshape(-1, 2)
        other = np.zeros(len(level), np.bool_)
        other[pairs[:, 1]] = self.frame[pairs[:, 0]] != self.frame[pairs[:, 1]]
        self._refuse(other, "closes another frame than the one on top")
        return pairs

    def _refuse(self, wrong: npt.NDArray[np.bool_], what: str) -> None:
        if wrong.any():
            raise Malformed(f"an event {what}", f"{self.place}[{self.number[np.argmax(wrong)]}]")

    def _parents(self, level: Places, opening: Places, opened: Places) -> Places:
        """For each opened frame in time which one it is called by, or -1: the last one opened a level higher."""
        size = len(level)
        keys = level[opening] * size + opening
        above = np.searchsorted(keys, keys - size) - 1  # what is looked for ascends, too: that is faster
        parent = np.empty(len(opening), np.int64)
        parent[opened[opening]] = np.where(level[opening] > 1, opened[opening[above]], -1)
        return parent


def events_of(profile: Evented, place: str, measure: Measure, which: Ids, report: Callable[[int], None]) -> Events:
    """The events of a profile, in the frames that `which` has for the file's. Raises Malformed."""
    steps, frames, times = [np.zeros(0, np.int8)], [np.zeros(0, np.int32)], [np.zeros(0)]
    start = profile.start
    for events in Array(profile.events, place, BETWEEN_OBJECTS, report).items(_EVENTS):
        if start is None and events:
            start = events[0].at
        steps.append(_steps([event.type for event in events]))
        frames.append(np.array([event.frame for event in events], np.int32))
        times.append(measure.stored(_since(start or 0, [event.at for event in events], place)))
    step, frame, at = np.concatenate(steps), np.concatenate(frames), measure.rounded(np.concatenate(times))
    if len(frame) and int(frame.max()) >= len(which):
        raise Malformed(f"there is no frame {int(frame.max()):,}", f"{place}[{int(np.argmax(frame))}]")
    if not np.isfinite(at).all():
        raise Malformed("a time is too large", place)
    number = np.flatnonzero(step)
    if len(at) and at[0] < 0:
        raise Malformed("an event is earlier than the start", f"{place}[0]")
    outside = _outside(profile, at, measure, place) if profile.start is not None else 0.0
    return Events(step[number], which[frame[number]], at[number], number, place, outside, len(step) - len(number))


def _outside(profile: Evented, at: Floats, measure: Measure, place: str) -> float:
    """How long a profile goes on before its first event, and behind its last. Raises Malformed."""
    start = profile.start or 0
    end = start if profile.end is None else profile.end
    whole = measure.rounded(measure.stored(_since(start, [end], place)))
    if not np.isfinite(whole).all():
        raise Malformed("a time is too large", place)
    first, last = (at[0], at[-1]) if len(at) else (0.0, 0.0)
    return float(first + max(float(whole[0]) - last, 0.0))


def _steps(types: list[str]) -> Steps:
    """What events of these types do."""
    if _LETTERS.issuperset(types):  # nearly always, and in half the time
        letters = np.frombuffer("".join(types).encode(), np.int8)
        steps: Steps = 2 * (letters == ord("O")).astype(np.int8) - 1
        return steps
    return np.array([_STEPS.get(kind, 0) for kind in types], np.int8)


def _since(start: Number, times: list[Number], place: str) -> Floats:
    """Times since `start`; of whole numbers the differences are exact."""
    if isinstance(start, int) and abs(start) < _EXACT:
        whole = np.array(times) if all(type(time) is int for time in times) else np.zeros(0)
        if whole.dtype == np.int64 and len(whole) and int(whole.max()) < _EXACT and int(whole.min()) > -_EXACT:
            return (whole - start).astype(np.float64)
    try:
        with np.errstate(over="ignore"):
            return np.array(times, np.float64) - float(start)
    except OverflowError:
        raise Malformed("a time is too large", place) from None
