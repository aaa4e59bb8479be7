"""Folded stacks made on the spot, and what a profile says in the words of its file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from proftui.formats import load
from proftui.model import NO_LINE, Part, Profile

DATA = Path(__file__).parents[2] / "data" / "folded"

Row = tuple[str, ...]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Profile]:
    """The profile in the bytes of a file whose name says nothing."""

    def reading(data: bytes) -> Profile:
        path = tmp_path / "unknown"
        path.write_bytes(data)
        return load(path)

    return reading


def frame_text(profile: Profile, part: Part, row: int) -> str:
    """Name, file and current line of a row, as "name file:line"; just the name without a file."""
    assert part.tree is not None
    frame = part.tree.frame[row]
    name, file, _, binary = profile.functions.identity(int(part.tree.frames.function[frame]))
    line = int(part.tree.frames.line[frame])
    where = file + (f":{line}" if line != NO_LINE else "") + (f"[{binary}]" if binary else "")
    return f"{name} {where}" if where else name


def stacks(profile: Profile, part: Part, metric: int = 0) -> dict[Row, float]:
    """The stacks that cost something, from root to leaf, with what they cost."""
    assert part.tree is not None
    found: dict[Row, float] = {}
    for row in np.flatnonzero(part.tree.self_cost[metric]).tolist():
        path, at = [], row
        while at >= 0:
            path.append(frame_text(profile, part, at))
            at = int(part.tree.parent[at])
        found[tuple(path[::-1])] = found.get(tuple(path[::-1]), 0) + float(part.tree.self_cost[metric, row])
    return found
