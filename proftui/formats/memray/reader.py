"""Reads captures of memray into a profile with a call tree for each thread."""

from __future__ import annotations

import contextlib
import glob
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from proftui.errors import Malformed
from proftui.formats.base import ReadOptions
from proftui.formats.memray.capture import Capture, Numbers, capture_of
from proftui.formats.memray.process import answer_of
from proftui.formats.source import Source
from proftui.model import NO_LINE, CallGraph, CallTree, Floats, Frames, Functions, Metric, Origin, Part, Profile, Series
from proftui.model.inclusive import sums
from proftui.units import BYTES, COUNT, counted

METRICS = {
    "high_watermark": (Metric("peak", BYTES, "memory at the peak"), Metric("peak allocations", COUNT)),
    "leaked": (Metric("leaked", BYTES, "memory never freed"), Metric("leaked allocations", COUNT)),
    "temporary": (Metric("temporary", BYTES, "temporary memory"), Metric("temporary allocations", COUNT)),
}
"""Bytes and allocations of each kind of figures."""

MOST_PARTS = 20_000

NO_STACK = "<no stack>"
"""What stands for where memray knows none, as of threads that run no Python."""


def read(source: Source, options: ReadOptions) -> Profile:
    """The profile in a capture, with a part for each thread; native frames where the capture has them.

    A frame's line is the current one; where functions begin memray does not tell. Raises ProftuiError where memray is
    not installed, and Malformed.
    """
    del options
    capture = capture_of(answer_of(source))
    header = capture.header
    functions, frames = _frames(capture)
    metrics = tuple(metric for kind in header.kinds for metric in METRICS[kind])
    return Profile(
        name=source.name,
        origin=Origin(source.path, "memray", "traced", "memray", header.command),
        metrics=metrics,
        functions=functions,
        parts=tuple(_parts(capture, frames, source.name)),
        notes=tuple(_notes(capture, source)),
        series=tuple(_series(capture.snapshots)),
    ).checked()


def _frames(capture: Capture) -> tuple[Functions, Frames]:
    texts = capture.header.texts
    ids: dict[tuple[str, str, int, str], int] = {}
    name, file, line = capture.frames
    function = [
        ids.setdefault((texts[name] or NO_STACK, texts[file], NO_LINE, ""), len(ids))
        for name, file in zip(name.tolist(), file.tolist(), strict=True)
    ]
    return Functions.of(ids), Frames(np.array(function, np.int32), np.where(line > 0, line, NO_LINE).astype(np.int32))


def _parts(capture: Capture, frames: Frames, name: str) -> Iterator[Part]:
    header = capture.header
    if len(header.threads) > MOST_PARTS:
        raise Malformed(f"holds more than {MOST_PARTS:,} threads")
    columns = 2 * len(header.kinds)
    metrics = tuple(range(columns))
    if not header.threads:
        yield Part(name, CallGraph.empty(columns), metrics, "thread", header.pid)
        return
    thread, caller, frame = capture.rows
    costs = _costs(capture)
    order = np.argsort(thread, kind="stable")
    place = np.empty_like(order)
    ends = np.cumsum(np.bincount(thread, minlength=len(header.threads))).tolist()
    begin = 0
    for (tid, called), end in zip(header.threads, ends, strict=True):
        rows = order[begin:end]
        place[rows] = np.arange(end - begin)
        above = caller[rows]
        parent = np.where(above < 0, -1, place[above]).astype(np.int32)
        tree = CallTree.of_rows(frames, frame[rows], parent, costs[:, rows])
        label = called or ("main thread" if tid == header.main_thread else f"thread {tid}")
        yield Part(label, tree.to_graph(), metrics, "thread", header.pid, tid, tree)
        begin = end


def _costs(capture: Capture) -> Floats:
    """Bytes and allocations of each kind, by row."""
    kind, row, size, count = capture.records
    kinds, rows = len(capture.header.kinds), capture.rows.shape[1]
    at = kind * rows + row
    by_kind = sums(at, np.stack([size, count]).astype(np.float64), kinds * rows).reshape(2, kinds, rows)
    costs: Floats = by_kind.swapaxes(0, 1).reshape(2 * kinds, rows)
    return costs


def _series(snapshots: Numbers) -> Iterator[Series]:
    milliseconds, resident, heap = snapshots
    if len(milliseconds) > 1 and (np.diff(milliseconds) >= 0).all():
        seconds = (milliseconds - milliseconds[0]) / 1e3
        yield Series("resident memory", BYTES, seconds, resident.astype(np.float64))
        yield Series("memory on the heap", BYTES, seconds, heap.astype(np.float64))


def _notes(capture: Capture, source: Source) -> Iterator[str]:
    header = capture.header
    if len(header.kinds) < len(METRICS):
        yield "an aggregated capture does not tell which allocations were temporary"
    if header.allocator == "pymalloc" and not header.traces_allocators:
        yield (
            "Python's own allocator was not traced: an allocation is often a pool for many objects, and what is kept"
            " for reuse counts as never freed"
        )
    if header.native:
        yield "native frames are named by the libraries of this machine, which may be others than those of the run"
    if source.is_file and (forks := _of_forks(source.path)):
        yield f"{counted(forks, 'capture')} of forked processes beside it, by the same name with a number"


def _of_forks(path: str) -> int:
    """How many captures of `--follow-fork` lie beside a capture, as far as one may look."""
    if path == "-":
        return 0
    begin = Path(path).name + "."
    with contextlib.suppress(OSError):
        beside = [
            other.name.removeprefix(begin) for other in Path(path).absolute().parent.glob(f"{glob.escape(begin)}*")
        ]
        return sum(name.isdigit() for name in beside)
    return 0
