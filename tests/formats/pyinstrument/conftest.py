"""pyinstrument's files made on the spot, and what a profile says of its functions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proftui.formats import load
from proftui.model import Part, Profile

DATA = Path(__file__).parents[2] / "data" / "pyinstrument"

Json = dict[str, Any]
Read = Callable[["bytes | Json"], Profile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The profile in the bytes of a file whose name says nothing, or in a JSON document."""

    def reading(data: bytes | Json) -> Profile:
        path = tmp_path / "unknown"
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        return load(path)

    return reading


def session(*records: tuple[str, float], **more: object) -> Json:
    """A session of stacks, each as "frame;frame" with "|" between the parts of a frame."""
    written = [[stack.replace("|", "\0").split(";") if stack else [], seconds] for stack, seconds in records]
    return {"start_time": 0, "duration": 1, "sample_count": len(records), "frame_records": written, **more}


def seconds(profile: Profile, part: Part | None = None) -> dict[str, tuple[float, float]]:
    """Self and inclusive seconds by the name of the function."""
    graph = (part or profile.parts[0]).graph
    names = [profile.functions.name[function] for function in graph.function.tolist()]
    assert len(set(names)) == len(names)
    return {
        name: (own / 1e9, inclusive / 1e9)
        for name, own, inclusive in zip(names, graph.self_cost[0], graph.inclusive[0], strict=True)
    }


def activations(profile: Profile, part: Part) -> list[tuple[str, float, float]]:
    """The names, starts and ends in seconds of what a time line has."""
    assert part.tree is not None
    timeline = part.tree.in_time()
    assert timeline is not None
    names = [profile.functions.name[function] for function in part.tree.function[timeline.row].tolist()]
    return list(zip(names, (timeline.start / 1e9).tolist(), (timeline.end / 1e9).tolist(), strict=True))
