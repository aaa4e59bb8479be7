"""Keeps some memory, and dumps what tracemalloc saw of it: in two domains where Python's own test module is there.

    python -c "exec(compile(open('keeps.py').read(), 'keeps.py', 'exec'))" SNAPSHOT >REPORT

so that each Python names the file the same. The report has a row for each different traceback, the oldest call first,
with its domain, bytes and blocks, as that Python's own tracemalloc tells them.
"""

import contextlib
import json
import sys
import tracemalloc
from importlib import import_module

tracemalloc.start(4)


def leaf(size: int) -> bytearray:
    return bytearray(size)


def twice(size: int) -> "list[bytearray]":
    return [leaf(size), leaf(size)]


def deep(depth: int) -> "list[bytearray]":
    if depth:
        return deep(depth - 1)
    return twice(5000)


kept = [leaf(1000), twice(2000), deep(1), deep(6)]
with contextlib.suppress(ImportError, AttributeError):
    import_module("_testcapi").tracemalloc_track(77, 4096, 30000)
snapshot = tracemalloc.take_snapshot()
tracemalloc.stop()
snapshot = snapshot.filter_traces([tracemalloc.Filter(True, "keeps.py")])
snapshot.dump(sys.argv[1])

rows: "dict[str, list[int]]" = {}
for trace in snapshot.traces:
    frames = [[frame.filename, frame.lineno] for frame in trace.traceback]
    if sys.version_info < (3, 7):  # noqa: UP036  # it is for older Pythons too
        frames.reverse()
    row = rows.setdefault(json.dumps([getattr(trace, "domain", 0), frames]), [0, 0])
    row[0] += trace.size
    row[1] += 1
print("[\n" + ",\n".join(json.dumps(json.loads(key) + row) for key, row in sorted(rows.items())) + "\n]")
