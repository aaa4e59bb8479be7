"""Recordings of a few stacks, and what a count over the stacks says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from proftui.model import NO_LINE, Frames, Functions, Moment, Recording, Thread, Windows

Sample = tuple[int, tuple[int, ...], int]
"""(thread, frames from root to leaf, how many samples)."""

THREADS = (Thread(1, 10, "main"), Thread(1, 11, "worker"), Thread(2, 20, "main"))

FUNCTIONS = Functions.of([("a", "a.py", NO_LINE, ""), ("b", "b.py", NO_LINE, ""), ("c", "", NO_LINE, "libc")])

FRAMES = Frames(np.array([0, 1, 2, 1], np.int32), np.array([3, 5, NO_LINE, 6], np.int32))
"""Frames 1 and 3 are two lines of function 1."""

samples = st.tuples(
    st.integers(0, len(THREADS) - 1),
    st.lists(st.integers(0, 3), min_size=1, max_size=6).map(tuple),
    st.integers(1, 9),
)
windows = st.lists(st.lists(samples, max_size=8), max_size=7)


def recording(sampled: Sequence[Sequence[Sample]], marks: Sequence[float] = ()) -> Recording:
    """One window a second, each of 0.9 s; rows come in order of appearance."""
    rows: dict[tuple[int, tuple[int, ...]], int] = {}
    frame, parent, thread, entries, leaf, count = [], [], [], [0], [], []
    for window in sampled:
        for owner, stack, number in window:
            for length in range(1, len(stack) + 1):
                if (owner, stack[:length]) not in rows:
                    rows[owner, stack[:length]] = len(rows)
                    frame.append(stack[length - 1])
                    parent.append(rows.get((owner, stack[: length - 1]), -1))
                    thread.append(owner)
            leaf.append(rows[owner, stack])
            count.append(number)
        entries.append(len(leaf))
    size = len(sampled)
    unknown = np.full(size, np.nan)
    return Recording(
        FUNCTIONS, FRAMES, THREADS, np.array(frame, np.int32), np.array(parent, np.int32), np.array(thread, np.int32),
        Windows(
            np.arange(size, dtype=float), np.full(size, 0.9), np.array(entries, np.int64), np.array(leaf, np.int32),
            np.array(count, np.int32), np.arange(size, dtype=float), np.arange(size) / 8, unknown, unknown,
        ),
        tuple(Moment(seconds, f"at {seconds}") for seconds in marks), {"command": "python app.py", "rate": "100"},
    )  # fmt: skip


def stacks_of(recording: Recording, first: int = 0, last: int | None = None) -> Counter[tuple[object, ...]]:
    """The samples of each stack in some windows: (thread, (name, file, object, line) of each frame)."""
    functions, frames = recording.functions, recording.frames
    counts: Counter[tuple[object, ...]] = Counter()
    begin, end = (
        recording.windows.entries[first],
        recording.windows.entries[len(recording.windows) if last is None else last],
    )
    entries = zip(recording.windows.leaf[begin:end].tolist(), recording.windows.count[begin:end].tolist(), strict=True)
    for leaf, count in entries:
        path: list[object] = []
        row = leaf
        while row >= 0:
            frame = int(recording.frame[row])
            name, file, _, binary = functions.identity(int(frames.function[frame]))
            path.append((name, file, binary, int(frames.line[frame])))
            row = int(recording.parent[row])
        stack = (recording.threads[recording.thread[leaf]], *reversed(path))
        counts[stack] += count
    return counts
