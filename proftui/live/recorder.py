"""A recording that grows: samplers' windows become rows of one tree, to which rows are only ever added."""

from __future__ import annotations

import itertools
import threading
from array import array
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from proftui.live.sampling import Frame, Sampled, Stack
from proftui.model import NO_LINE, Frames, Functions, Moment, Recording, Thread, Windows, grouped
from proftui.model.column import Column
from proftui.model.layout import Newest

MEMORY_LIMIT = 96 << 20
"""Bytes that a recorder may hold, by its own estimate; older windows are then merged by twos."""

MOST_ROWS = 400_000
"""Calling contexts that are kept apart; a stack that needs more ends in NOT_KEPT below what is known of it."""

NOT_KEPT = Frame("<more contexts than are kept apart>")

MOST_THREADS = 2_000
"""Threads that are kept apart; those of any that come later are one, OTHERS."""

OTHERS = Thread(None, None, "<more threads than are kept apart>")

ALL_THREADS = "all threads"
"""What they are called where they are not told apart."""

REMEMBERED = 20_000
"""Stacks whose row is remembered: a program is in few different ones within a few windows."""

ROW_BYTES, ENTRY_BYTES, WINDOW_BYTES = 150, 8, 72
"""A row with what its layout and a profile of it take."""


class Recorder:
    """Takes windows from one thread; any thread may ask for what there is so far."""

    def __init__(
        self,
        about: Mapping[str, str],
        *,
        threads: bool = True,
        limit: int = MEMORY_LIMIT,
        most_rows: int = MOST_ROWS,
    ) -> None:
        """`about` is what `Recording.about` holds; `threads` are told apart or not; `limit` is in bytes."""
        self._apart = threads
        self.about = dict(about)
        self._limit, self._most_rows = limit, most_rows
        self._lock = threading.Lock()
        self._functions: dict[tuple[str, str, str], int] = {}
        self._frames: dict[Frame, int] = {}
        self._threads: dict[Thread, int] = {}
        self._named_threads: list[Thread] = []
        self._numbered: dict[tuple[int | None, int | None], int] = {}
        self._roots: dict[int, int] = {}
        # nearly all rows have one child at most; only what further ones there are takes entries of a dictionary
        self._child, self._kind = array("i"), array("i")
        self._younger: dict[int, int] = {}
        self._seen: dict[Stack, int] = {}
        self._seen_before: dict[Stack, int] = {}
        self._frame_function, self._frame_line = Column(np.int32), Column(np.int32)
        self._frame, self._parent, self._thread = Column(np.int32), Column(np.int32), Column(np.int32)
        self._marks: list[Moment] = []
        self._named = Functions.of(())
        self._newest = Newest()
        self._forget()

    def _forget(self) -> None:
        self._start, self._seconds = Column(np.float64), Column(np.float64)
        self._errors, self._sampler = Column(np.float64), Column(np.float64)
        self._cpu, self._memory = Column(np.float64), Column(np.float64)
        self._entries, self._leaf, self._count = Column(np.int64), Column(np.int32), Column(np.int32)
        self._entries.append(0)

    def add(self, window: Sampled, cpu: float = float("nan"), memory: float = float("nan")) -> None:
        """Take a window in; `cpu` (seconds) and `memory` (bytes) of the target go with it."""
        with self._lock:
            counts: dict[int, int] = {}
            for stack, count in window.stacks:
                leaf = self._leaf_of(stack)
                counts[leaf] = counts.get(leaf, 0) + count
            self._leaf.extend(list(counts))
            self._count.extend(list(counts.values()))
            self._entries.append(len(self._leaf))
            for column, value in (
                (self._start, window.start), (self._seconds, window.seconds), (self._errors, window.errors),
                (self._sampler, window.sampler), (self._cpu, cpu), (self._memory, memory),
            ):  # fmt: skip
                column.append(value)
            if self.memory > self._limit:
                self._halve()

    def mark(self, label: str = "") -> Moment:
        """Mark the end of the newest window."""
        with self._lock:
            end = float(self._start.view[-1] + self._seconds.view[-1]) if len(self._start) else 0.0
            moment = Moment(end, label)
            self._marks.append(moment)
            return moment

    def reset(self) -> None:
        """Forget all windows and marks; function ids stay."""
        with self._lock:
            self._forget()
            self._marks = []

    @property
    def memory(self) -> int:
        """Bytes that are held, about."""
        return len(self._frame) * ROW_BYTES + len(self._leaf) * ENTRY_BYTES + len(self._start) * WINDOW_BYTES

    def recording(self) -> Recording:
        """What there is so far; it does not change any more."""
        with self._lock:
            windows = Windows(
                self._start.view, self._seconds.view, self._entries.view, self._leaf.view, self._count.view,
                self._errors.view, self._cpu.view, self._memory.view, self._sampler.view,
            )  # fmt: skip
            if len(self._named) != len(self._functions):
                self._named = Functions.of((name, file, NO_LINE, binary) for name, file, binary in self._functions)
            return Recording(
                self._named, Frames(self._frame_function.view, self._frame_line.view), tuple(self._named_threads),
                self._frame.view, self._parent.view, self._thread.view, windows, tuple(self._marks), dict(self.about),
                self._newest,
            )  # fmt: skip

    # ------------------------------------------------------------------ rows

    def _leaf_of(self, stack: Stack) -> int:
        leaf = self._seen.get(stack)
        if leaf is None:
            leaf = self._seen_before.get(stack)
            if leaf is None:
                leaf = self._row_of(stack)
            if len(self._seen) >= REMEMBERED:
                self._seen, self._seen_before = {}, self._seen
            self._seen[stack] = leaf
        return leaf

    def _row_of(self, stack: Stack) -> int:
        thread = self._thread_of(stack.thread)
        row = -1
        for frame in stack.frames:
            below = self._known(thread, row, self._frames.get(frame))
            if below is None:
                if len(self._kind) >= self._most_rows:
                    last = self._frame_of(NOT_KEPT)
                    below = self._known(thread, row, last)
                    return self._grow(thread, row, last) if below is None else below
                below = self._grow(thread, row, self._frame_of(frame))
            row = below
        return row

    def _thread_of(self, thread: Thread) -> int:
        if not self._apart:
            thread = Thread(thread.pid, None, ALL_THREADS, thread.process)
        known = self._threads.get(thread)
        if known is None:
            known = self._unnamed(thread)
            if known is None:
                kept = thread if len(self._named_threads) < MOST_THREADS else OTHERS
                known = self._threads.setdefault(kept, len(self._named_threads))
                if known == len(self._named_threads):
                    self._named_threads.append(kept)
            self._threads[thread] = self._numbered[thread.pid, thread.tid] = known
        return known

    def _unnamed(self, thread: Thread) -> int | None:
        """The thread of the same number of which one is not named: a program's names are known once it has them."""
        same = None if thread.tid is None else self._numbered.get((thread.pid, thread.tid))
        if same is None or (thread.name and self._named_threads[same].name):
            return None
        if thread.name:
            self._named_threads[same] = thread
        return same

    def _known(self, thread: int, parent: int, frame: int | None) -> int | None:
        """The row of a frame below another row, or below none of a thread."""
        if frame is None:
            return None
        if parent < 0:
            return self._roots.get(thread << 32 | frame)
        child = self._child[parent]
        if child < 0 or self._kind[child] == frame:
            return child if child >= 0 else None
        return self._younger.get(parent << 32 | frame)

    def _grow(self, thread: int, parent: int, frame: int) -> int:
        row = len(self._kind)
        if parent < 0:
            self._roots[thread << 32 | frame] = row
        elif self._child[parent] < 0:
            self._child[parent] = row
        else:
            self._younger[parent << 32 | frame] = row
        self._child.append(-1)
        self._kind.append(frame)
        self._frame.append(frame)
        self._parent.append(parent)
        self._thread.append(thread)
        return row

    def _frame_of(self, frame: Frame) -> int:
        known = self._frames.get(frame)
        if known is None:
            known = self._frames[frame] = len(self._frames)
            identity = (frame.name, frame.file, frame.object)
            self._frame_function.append(self._functions.setdefault(identity, len(self._functions)))
            self._frame_line.append(frame.line)
        return known

    # ------------------------------------------------------------------ forgetting detail

    def _halve(self) -> None:
        """Merge the older half of the windows by twos; a pair with a mark between them stays apart."""
        start, entries = self._start.view, self._entries.view
        marks = np.sort([moment.seconds for moment in self._marks])
        marked = np.searchsorted(marks - 1e-9, start, side="right").tolist()
        old, firsts = len(start) // 2, [0]
        while firsts[-1] < old:
            window = firsts[-1]
            paired = window + 1 < old and marked[window] == marked[window + 1]
            firsts.append(window + 1 + paired)
        if len(firsts) == old + 1:
            return
        leaf: list[npt.NDArray[np.int32]] = []
        count: list[npt.NDArray[np.number]] = []
        kept = [0]
        for first, last in itertools.pairwise(entries[firsts].tolist()):
            one, which = grouped(self._leaf.view[first:last])
            leaf.append(self._leaf.view[first:last][one])
            count.append(np.bincount(which, self._count.view[first:last], len(one)))
            kept.append(kept[-1] + len(one))
        rest = entries[old]
        leaf.append(self._leaf.view[rest:])
        count.append(self._count.view[rest:])
        firsts = [*firsts, *range(old + 1, len(start))]
        lasts = np.append(firsts[1:], len(start)) - 1
        columns = {
            "_start": start[firsts],
            "_seconds": np.add.reduceat(self._seconds.view, firsts),
            "_errors": np.add.reduceat(self._errors.view, firsts),
            "_sampler": np.add.reduceat(self._sampler.view, firsts),
            "_cpu": np.add.reduceat(self._cpu.view, firsts),
            "_memory": self._memory.view[lasts],
            "_leaf": np.concatenate(leaf),
            "_count": np.concatenate(count),
            "_entries": np.concatenate([kept[1:], entries[old + 1 :] - rest + kept[-1]]),
        }
        self._forget()
        for name, values in columns.items():
            getattr(self, name).extend(values)
