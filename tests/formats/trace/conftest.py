"""Traces made on the spot, and what a profile says of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proftui.formats import load
from proftui.model import Part, Profile

DATA = Path(__file__).parents[2] / "data" / "trace"

Json = dict[str, Any]
Read = Callable[["bytes | Json | list[Json]"], Profile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The profile in the bytes of a file whose name says nothing, or in JSON."""

    def reading(data: bytes | Json | list[Json]) -> Profile:
        path = tmp_path / "unknown"
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        return load(path)

    return reading


def call(name: str, start: float, lasts: float, **more: Any) -> Json:
    """An event that is a whole call."""
    return {"ph": "X", "pid": 1, "tid": 1, "name": name, "ts": start, "dur": lasts, **more}


def begin(name: str, at: float, **more: Any) -> Json:
    """An event that begins a call."""
    return {"ph": "B", "pid": 1, "tid": 1, "name": name, "ts": at, **more}


def end(name: str, at: float, **more: Any) -> Json:
    """An event that ends one."""
    return {"ph": "E", "pid": 1, "tid": 1, "name": name, "ts": at, **more}


def stacks(profile: Profile, part: Part) -> dict[str, tuple[float, int]]:
    """For each calling context what it costs itself in microseconds, and how often it was begun in the time line."""
    tree = part.tree
    assert tree is not None
    paths: list[str] = []
    for function, parent in zip(tree.function.tolist(), tree.parent.tolist(), strict=True):
        name = profile.functions.name[function]
        paths.append(f"{paths[parent]};{name}" if parent >= 0 else name)
    times = [0] * len(paths)
    if tree.timeline is not None:
        for row in tree.timeline.row.tolist():
            times[row] += 1
    costs = (tree.self_cost[0] / 1000).tolist()
    return {path: (cost, count) for path, cost, count in zip(paths, costs, times, strict=True)}


def calls(profile: Profile) -> dict[str, int]:
    """How often each function was called, by name."""
    found: dict[str, int] = {}
    for part in profile.parts:
        assert part.graph.calls is not None
        for function, times in zip(part.graph.function.tolist(), part.graph.calls.tolist(), strict=True):
            name = profile.functions.name[function]
            found[name] = found.get(name, 0) + int(times)
    return found


def details(part: Part) -> list[str]:
    """What is known of each activation, "" for nothing."""
    assert part.tree is not None
    timeline = part.tree.timeline
    assert timeline is not None
    if timeline.detail is None:
        return [""] * len(timeline)
    return [timeline.details[number] if number >= 0 else "" for number in timeline.detail.tolist()]
