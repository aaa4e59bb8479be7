"""A recording: samples of stacks over time, in windows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from proftui import units
from proftui.model.arrays import Bools, Floats, Ids
from proftui.model.functions import Functions
from proftui.model.graph import CallGraph
from proftui.model.layout import Layout, Newest
from proftui.model.metric import Metric
from proftui.model.part import Part
from proftui.model.profile import Origin, Profile
from proftui.model.tree import CallTree, Frames

SAMPLES = Metric("samples", units.SAMPLES)
"""A sample is one thread's stack at one instant."""

Span = tuple[float, "float | None"]
"""A range of time in seconds since the recording's start; None as its end is now, however far that moves."""


_PIECE = 1 << 18
"""Entries that are counted at once: numpy takes copies of them in 64 bits."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread that was sampled; `process` is the process's command line where it is known."""

    pid: int | None
    tid: int | None
    name: str = ""
    process: str = ""

    @property
    def label(self) -> str:
        """What the parts view calls it."""
        return self.name or ("thread" if self.tid is None else f"thread {self.tid}")


@dataclass(frozen=True, eq=False)
class Windows:
    """W windows of time in ascending order, and what was sampled in each.

    start, seconds    when it began, in seconds since the recording's start, and how long samples were taken
    entries           W + 1: window w has the entries entries[w] to entries[w + 1]
    leaf, count       E: the row that a sampled stack ends in, and how many samples had that stack
    errors            samples that failed
    cpu, memory       of the target's processes: seconds of processor time, and resident bytes at the window's end
    sampler           seconds of processor time that the sampling itself took
    NaN in the last three is not known.
    """

    start: Floats
    seconds: Floats
    entries: npt.NDArray[np.int64]
    leaf: Ids
    count: Ids
    errors: Floats
    cpu: Floats
    memory: Floats
    sampler: Floats

    def __len__(self) -> int:
        return len(self.start)

    @property
    def end(self) -> Floats:
        """W: when each window ended, in seconds since the recording's start."""
        end: Floats = self.start + self.seconds
        return end

    @cached_property
    def samples(self) -> Floats:
        """W: the thread samples of each window."""
        running = np.concatenate([[0.0], np.cumsum(self.count, dtype=np.float64)])
        samples: Floats = np.diff(running[self.entries])
        return samples

    def sampled(self, first: int, last: int, rows: int) -> Floats:
        """The samples that end in each of so many rows, in the windows from the first to the one before the last."""
        begin, end = int(self.entries[first]), int(self.entries[last])
        sampled = np.zeros(rows)
        for low in range(begin, end, _PIECE):
            piece = slice(low, min(low + _PIECE, end))
            sampled += np.bincount(self.leaf[piece], self.count[piece], rows)
        return sampled

    def cut(self, first: int, last: int) -> Windows:
        """The windows from the first to the one before the last."""
        low, high = self.entries[first], self.entries[last]
        own = slice(first, last)
        return Windows(
            self.start[own], self.seconds[own], self.entries[first : last + 1] - low, self.leaf[low:high],
            self.count[low:high], self.errors[own], self.cpu[own], self.memory[own], self.sampler[own],
        )  # fmt: skip

    def of_leaves(self, wanted: Bools) -> Windows:
        """These windows with nothing but the wanted ones of the E entries."""
        before = np.concatenate([[0], np.cumsum(wanted)])
        return replace(self, entries=before[self.entries], leaf=self.leaf[wanted], count=self.count[wanted])

    def within(self, span: Span | None) -> tuple[int, int]:
        """The windows that begin in a span of time, as (first, one past the last); all for None."""
        if span is None:
            return 0, len(self)
        first = int(np.searchsorted(self.start, span[0] - 1e-9))
        last = len(self) if span[1] is None else int(np.searchsorted(self.start, span[1] - 1e-9))
        return first, max(first, last)


@dataclass(frozen=True, slots=True)
class Moment:
    """A marked moment, in seconds since the recording's start."""

    seconds: float
    label: str = ""


@dataclass(frozen=True, eq=False)
class Recording:
    """Samples in windows over R tree rows that come in order of appearance: parents before their children.

    frame, parent, thread   R: what each row is (an id into `frames`), the row that called it (-1 for a root), and
                            whose it is (an index into `threads`); no two rows are the same in all three
    about                   what is known of the target and how it was sampled, as texts by name: "command", "python",
                            "pid", "rate" (Hz asked for), "sampler", "options", "started" (ISO 8601), "ended" (why)
    newest                  shared by recordings of which each has the rows of the one before, and more
    """

    functions: Functions
    frames: Frames
    threads: tuple[Thread, ...]
    frame: Ids
    parent: Ids
    thread: Ids
    windows: Windows
    marks: tuple[Moment, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    newest: Newest = field(default_factory=Newest)

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def layout(self) -> Layout:
        """What follows from the rows alone."""
        return self.newest.layout(self.parent, self.thread, self.frames.function[self.frame])

    def saying(self, **about: str) -> Recording:
        """This recording with more said about it."""
        return replace(self, about={**self.about, **about})

    def cut(self, span: Span | None, threads: Sequence[int] | None = None) -> Recording:
        """This recording with nothing but the windows that begin in a span of time, and the marks in these; of
        `threads`, which are indices, nothing but their samples. Ids are the same.
        """
        first, last = self.windows.within(span)
        windows = self.windows.cut(first, last)
        if threads is not None:
            windows = windows.of_leaves(np.isin(self.thread[windows.leaf], threads))
        if span is None:
            return replace(self, windows=windows)
        begin, end = (windows.start[0], windows.end[-1] + 1e-9) if len(windows) else (0.0, -1.0)
        inside = tuple(mark for mark in self.marks if begin <= mark.seconds <= end)
        return replace(self, windows=windows, marks=inside)

    def profile(self, span: Span | None = None, name: str = "", origin: Origin | None = None) -> Profile:
        """The profile of a span of time, all of it for None: a part for each thread that was seen at all.

        Function ids and parts are those of the recording, whatever the span.
        """
        first, last = self.windows.within(span)
        own = self.windows.sampled(first, last, len(self))
        order = self.layout.order
        cost, size = own[order], self.layout.size[order]
        ordered = np.concatenate([[0.0], np.cumsum(cost)])
        inclusive = np.empty(len(self))
        inclusive[order] = ordered = ordered[np.arange(len(self), dtype=np.int32) + size] - ordered[:-1]
        trees = self._trees(order, size, cost, ordered > 0)
        del ordered
        graphs = self.layout.graphs(own, inclusive, len(self.threads))
        parts = tuple(
            self._part(thread, tree, graph) for thread, tree, graph in zip(self.threads, trees, graphs, strict=True)
        )
        of = origin or Origin("", "session", "sampled", self.about.get("sampler", ""), self.about.get("command", ""))
        return Profile(name, of, (SAMPLES,), self.functions, parts, recording=self)

    def _trees(self, order: Ids, size: Ids, cost: Floats, alive: Bools) -> Iterator[CallTree]:
        """The tree of each thread: what is alive of the rows in preorder, which have these sizes and costs."""
        kept = np.concatenate([[0], np.cumsum(alive, dtype=np.int32)])
        shown = np.flatnonzero(alive)
        rows = order[shown]
        place = np.full(len(self) + 1, -1, np.int32)  # the last one is what -1 means
        place[rows] = np.arange(len(shown), dtype=np.int32)
        frame, parent, cost = self.frame[rows], place[self.parent[rows]], cost[shown]
        end = kept[shown + size[shown]]
        starts = np.searchsorted(self.thread[rows], np.arange(len(self.threads) + 1)).tolist()
        for low, high in itertools.pairwise(starts):
            above = np.maximum(parent[low:high] - np.int32(low), -1)
            yield CallTree(self.frames, frame[low:high], above, end[low:high] - np.int32(low), cost[None, low:high])

    def _part(self, thread: Thread, tree: CallTree, graph: CallGraph) -> Part:
        """A thread; where there are several processes its label ends in the number of its own."""
        label = thread.label if self._one_process else f"{thread.label} [{thread.pid}]"
        return Part(label, graph, (0,), "thread", thread.pid, thread.tid, tree)

    @cached_property
    def _one_process(self) -> bool:
        return len({thread.pid for thread in self.threads}) < 2
