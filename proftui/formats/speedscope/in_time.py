"""The stacks of a recording in the order of its windows: what a time line shows, where a tree holds only the sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from proftui.formats.speedscope.stack_texts import Sample
from proftui.model import Floats, Frames, Ids, Profile, Recording

Numbers = Callable[[Frames, Ids], list[int]]
"""(frames, ids of frames) -> the frames' numbers in the file."""


def recorded_stacks(profile: Profile, numbers: Numbers) -> list[Iterator[Sample]] | None:
    """What was sampled for each part; None of a profile that is not what its recording is in all.

    Stacks of one window are in the order of the tree. Equal stacks that follow each other are one.
    """
    recording = profile.recording
    if recording is None or len(profile.metrics) != 1 or not _is_all_of(profile, recording):
        return None
    place = np.empty(len(recording), np.int64)
    place[recording.layout.order] = np.arange(len(recording))
    windows = recording.windows
    window = np.repeat(np.arange(len(windows)), np.diff(windows.entries))
    order = np.lexsort((place[windows.leaf], window))
    leaf, count = windows.leaf[order], windows.count[order].astype(np.float64)
    stacks = _stacks(recording, leaf, numbers)
    thread = recording.thread[leaf]
    samples: list[Iterator[Sample]] = []
    for own in range(len(recording.threads)):
        rows, weights = leaf[thread == own], count[thread == own]
        begins = np.flatnonzero(np.diff(rows, prepend=-1))
        weights = np.add.reduceat(weights, begins) if len(begins) else weights
        samples.append(zip(map(stacks.__getitem__, rows[begins].tolist()), weights.tolist(), strict=True))
    return samples


def _is_all_of(profile: Profile, recording: Recording) -> bool:
    """Whether the parts are the recording's threads, and cost what was sampled of them."""
    if len(profile.parts) != len(recording.threads):
        return False
    own = recording.windows.sampled(0, len(recording.windows), len(recording))
    return all(
        part.tree is not None and np.array_equal(_sorted(part.tree.self_cost), _sorted(own[recording.thread == thread]))
        for thread, part in enumerate(profile.parts)
    )


def _sorted(costs: Floats) -> Floats:
    return np.sort(costs[costs > 0])


def _stacks(recording: Recording, leaf: Ids, numbers: Numbers) -> dict[int, list[int]]:
    """The stack of each of these rows, and of all above them."""
    rows = np.array(sorted(_with_callers(recording.parent, leaf)), np.int32)
    stacks: dict[int, list[int]] = {}
    columns = (rows.tolist(), recording.parent[rows].tolist(), numbers(recording.frames, recording.frame[rows]))
    for row, parent, frame in zip(*columns, strict=True):
        stacks[row] = [*stacks[parent], frame] if parent >= 0 else [frame]
    return stacks


def _with_callers(parent: Ids, rows: Ids) -> Iterator[int]:
    """The rows and all above them, each once."""
    seen = np.zeros(len(parent) + 1, np.bool_)  # the last one is what -1 means
    seen[-1] = True
    while len(rows):
        rows = rows[~seen[rows]]
        seen[rows] = True
        rows = parent[rows]
    yield from np.flatnonzero(seen[:-1]).tolist()
