"""speedscope's files made on the spot, and what a profile says in the words of its file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.formats import load
from proftui.model import NO_LINE, Part, Profile

DATA = Path(__file__).parents[2] / "data" / "speedscope"
SCHEMA = "https://www.speedscope.app/file-format-schema.json"

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


def document(*profiles: Json, frames: str = "abcd", **more: object) -> Json:
    """A file with these profiles, whose frames have letters for names."""
    shared = {"frames": [{"name": letter} for letter in frames]}
    return {"$schema": SCHEMA, "shared": shared, "profiles": list(profiles), **more}


def sampled(samples: list[Any], weights: list[Any], **more: object) -> Json:
    return {
        "type": "sampled", "name": "p", "unit": "none", "startValue": 0, "endValue": 0, "samples": samples,
        "weights": weights, **more,
    }  # fmt: skip


def evented(events: str, **more: object) -> Json:
    """A profile of events, each as "Oa0" or "Ca1.5": what, the letter of the frame, and when."""
    listed = [
        {"type": event[0], "frame": "abcd".index(event[1]), "at": json.loads(event[2:])} for event in events.split()
    ]
    return {"type": "evented", "name": "p", "unit": "none", "startValue": 0, "endValue": 0, "events": listed, **more}


def frame_text(profile: Profile, part: Part, row: int) -> str:
    """Name, file and current line of a row, as "name file:line"; just the name without a file."""
    assert part.tree is not None
    frame = part.tree.frame[row]
    name, file, defined, binary = profile.functions.identity(int(part.tree.frames.function[frame]))
    line = int(part.tree.frames.line[frame])
    lines = "".join(f":{number}" for number in (line, defined) if number != NO_LINE)
    return f"{name} {file}{lines}{binary and f'[{binary}]'}".rstrip()


def stacks(profile: Profile, number: int = 0, metric: int = 0) -> dict[str, float]:
    """The stacks of a part that cost something, each as "a;b", with what they cost."""
    part = profile.parts[number]
    assert part.tree is not None
    paths: list[str] = []
    for row, parent in enumerate(part.tree.parent.tolist()):
        text = frame_text(profile, part, row)
        paths.append(f"{paths[parent]};{text}" if parent >= 0 else text)
    cost = part.tree.self_cost[metric]
    assert len(set(paths)) == len(paths)
    return {paths[row]: float(cost[row]) for row in np.flatnonzero(cost).tolist()}
