"""Statistics pickled as line_profiler does, without line_profiler."""

from __future__ import annotations

import pickle
import sys
from types import ModuleType
from unittest.mock import patch

Timings = dict[tuple[str, int, str], list[tuple[int, int, int]]]


def dumped(
    timings: object, unit: object = 1e-9, *, module: str = "line_profiler.line_profiler", protocol: int = 5
) -> bytes:
    """The bytes of an instance of a module's LineStats."""
    kind = type("LineStats", (), {"__module__": module})
    there = {name: ModuleType(name) for name in (module.partition(".")[0], module)}
    vars(there[module])["LineStats"] = kind
    stats = kind()
    vars(stats).update(timings=timings, unit=unit)
    with patch.dict(sys.modules, there):
        return pickle.dumps(stats, protocol)
