"""Reads a capture with memray and writes what is in it to standard output: a program, run by `process`.

    python -I child.py CAPTURE BYTES_OF_MEMORY SECONDS_OF_WORK SYS_PATH

It needs nothing but memray, and is a process of its own as memray's reader may crash on damaged files. What it writes
is a line of JSON, {"error": ...} or a header, and behind a header the columns that it tells, in the machine's order of
bytes.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from array import array
from collections.abc import Iterator
from importlib import import_module
from typing import Any

KINDS = ("high_watermark", "leaked", "temporary")


def main(capture: str, memory: str, seconds: str, path: str) -> None:
    """Write the figures of a capture; memray's own messages go nowhere."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit(resource.RLIMIT_AS, int(memory))
    limit(resource.RLIMIT_CPU, int(seconds))
    limit(resource.RLIMIT_CORE, 0)
    sys.path += [folder for folder in json.loads(path) if folder not in sys.path]
    try:
        memray = import_module("memray")
    except ImportError:
        answer = [to_json({"error": "missing"})]
    else:
        try:
            answer = figures(memray, capture)
        except Exception as error:  # what memray's reader raises is not told anywhere
            answer = [to_json({"error": kind_of(error), "memray": memray.__version__})]
    output.writelines(answer)
    output.flush()
    os._exit(0)


def kind_of(error: Exception) -> str:
    """What is wrong: memory, the version of the file, or the file."""
    if isinstance(error, MemoryError):
        return "memory"
    return "version" if "incompatible" in str(error) else "damaged"


def limit(which: int, most: int) -> None:
    """Lower one of the limits of this process."""
    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS does not know each limit
        resource.setrlimit(which, (most, hard))


def to_json(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer).encode() + b"\n"


class Stacks:
    """The different stacks of threads, as rows that each have the row of their caller."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}
        self.threads: dict[int, tuple[int, str]] = {}
        self.frames: dict[tuple[int, int, int], int] = {}
        self.rows: dict[tuple[int, int, int], int] = {}

    def row(self, thread: int, stack: list[tuple[str, str, int]]) -> int:
        """The row of the most recent call of a stack, which comes first in it."""
        texts, frames, rows = self.texts, self.frames, self.rows
        at = -1
        for name, file, line in reversed(stack or [("", "", 0)]):
            key = texts.setdefault(name, len(texts)), texts.setdefault(file, len(texts)), max(0, min(line, 2**31 - 1))
            frame = frames.setdefault(key, len(frames))
            at = rows.setdefault((thread, at, frame), len(rows))
        return at

    def thread(self, record: Any) -> int:
        """The number of a record's thread."""
        return self.threads.setdefault(record.tid, (len(self.threads), record.thread_name))[0]


def figures(memray: Any, capture: str) -> list[bytes]:
    """The whole answer on a capture."""
    reader = memray.FileReader(capture, report_progress=False)
    metadata = reader.metadata
    stacks = Stacks()
    records = array("q")  # kind, row, bytes, allocations
    kinds = []
    for number, kind in enumerate(KINDS):
        try:
            for row, size, count in records_of(reader, kind, stacks, native=metadata.has_native_traces):
                records.extend((number, row, size, count))
        except NotImplementedError:  # a capture that was aggregated does not tell it
            continue
        kinds.append(kind)
    snapshots = array("q")
    for snapshot in reader.get_memory_snapshots():
        snapshots.extend((snapshot.time, snapshot.rss, snapshot.heap))
    columns = {
        "frames": flat("i", stacks.frames),
        "rows": flat("i", stacks.rows),
        "records": records,
        "snapshots": snapshots,
    }
    header = {
        "memray": memray.__version__,
        "pid": metadata.pid,
        "main_thread": metadata.main_thread_id,
        "command": metadata.command_line,
        "allocator": metadata.python_allocator,
        "native": metadata.has_native_traces,
        "traces_allocators": metadata.trace_python_allocators,
        "peak": metadata.peak_memory,
        "kinds": kinds,
        "threads": [[tid, name] for tid, (_, name) in stacks.threads.items()],
        "texts": list(stacks.texts),
        "columns": {name: len(column) for name, column in columns.items()},
    }
    return [to_json(header), *(column.tobytes() for column in columns.values())]


def records_of(reader: Any, kind: str, stacks: Stacks, *, native: bool) -> Iterator[tuple[int, int, int]]:
    """(row of the stack, bytes, allocations) of what was allocated in each place."""
    known: dict[tuple[int, int, int, int], int] = {}
    for record in getattr(reader, f"get_{kind}_allocation_records")(merge_threads=False):
        key = record.tid, record.stack_id, record.native_stack_id, record.native_segment_generation
        row = known.get(key)
        if row is None:
            stack = record.hybrid_stack_trace() if native else record.stack_trace()
            row = known[key] = stacks.row(stacks.thread(record), stack)
        yield row, record.size, record.n_allocations


def flat(code: str, rows: Any) -> array[Any]:
    """Tuples one behind the other."""
    column = array(code)
    for row in rows:
        column.extend(row)
    return column


if __name__ == "__main__":
    main(*sys.argv[1:])
