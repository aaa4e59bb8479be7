"""Files of the Firefox Profiler made on the spot, and what a profile says in their words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proftui.formats import load
from proftui.model import Part, Profile

DATA = Path(__file__).parents[2] / "data" / "gecko"

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


def document(prefix: list[int | None], *threads: Json, **meta: object) -> Json:
    """A processed file of one interval of 1 ms whose stacks are rows with these prefixes, of functions a, b, c, ..."""
    names = [chr(ord("a") + row) for row in range(len(prefix))]
    indices = list(range(len(prefix)))
    tables = {
        "stringArray": names,
        "funcTable": {"name": indices, "length": len(prefix)},
        "frameTable": {"func": indices, "length": len(prefix)},
        "stackTable": {"frame": indices, "prefix": prefix, "length": len(prefix)},
    }
    return {
        "meta": {"interval": 1, "processType": 0, "preprocessedProfileVersion": 50, **meta},
        "threads": [{"name": "t", "pid": "1", "tid": 2, **tables, **thread} for thread in threads],
    }


def costs(profile: Profile, part: Part, metric: str = "samples") -> dict[str, tuple[float, float]]:
    """Self and inclusive cost by the name of the function."""
    index = profile.metric(metric)
    assert index is not None
    row = part.metrics.index(index)
    names = [profile.functions.name[function] for function in part.graph.function.tolist()]
    return dict(
        zip(
            names,
            zip(part.graph.self_cost[row].tolist(), part.graph.inclusive[row].tolist(), strict=True),
            strict=True,
        )
    )


def activations(profile: Profile, part: Part) -> list[tuple[str, float, float]]:
    """The names, starts and ends of what a time line has, in milliseconds where they are times."""
    assert part.tree is not None
    timeline = part.tree.in_time()
    assert timeline is not None
    names = [profile.functions.name[function] for function in part.tree.function[timeline.row].tolist()]
    scale = 1e6 if profile.metrics[part.metrics[0]].name == "time" else 1.0
    return list(zip(names, (timeline.start / scale).tolist(), (timeline.end / scale).tolist(), strict=True))
