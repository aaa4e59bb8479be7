"""Profiles made by hand: functions with their costs, and who calls whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from proftui.analysis.scope import Scope
from proftui.model import WALL_TIME, CallGraph, CallTree, Frames, Functions, Metric, Origin, Part, Profile

MS = 1e6
LIB = "/usr/lib/python3.12"

FILES = {
    "json": f"{LIB}/json/__init__.py", "json.encoder": f"{LIB}/json/encoder.py", "copy": f"{LIB}/copy.py",
    "logging": f"{LIB}/logging/__init__.py", "re._compiler": f"{LIB}/re/_compiler.py", "": "~",
    "importlib._bootstrap": "<frozen importlib._bootstrap>", "app": "/srv/app.py", "queue": f"{LIB}/queue.py",
}  # fmt: skip


def functions_of(names: Sequence[str]) -> Functions:
    """Functions named "module:name"; without a module they are built in."""
    rows = [name.rpartition(":") for name in names]
    return Functions.of((own, FILES[module], 10 + at if module else -1, "") for at, (module, _, own) in enumerate(rows))


Row = tuple[float, float, float]
"""Self and inclusive milliseconds, and calls (all of them primitive)."""

Arc = tuple[float, float]
"""Milliseconds and calls."""


def traced(
    rows: Mapping[str, Row], arcs: Mapping[tuple[str, str], Arc], primitive: Mapping[str, float] | None = None
) -> Scope:
    names = list(rows)
    own, inclusive, calls = (np.array(column, np.float64) for column in zip(*rows.values(), strict=True))
    pairs = sorted((names.index(caller), names.index(callee)) for caller, callee in arcs)
    figures = [arcs[names[caller], names[callee]] for caller, callee in pairs]
    graph = CallGraph(
        function=np.arange(len(names), dtype=np.int32), self_cost=own[None] * MS, inclusive=inclusive[None] * MS,
        caller=np.array([caller for caller, _ in pairs], np.int32),
        callee=np.array([callee for _, callee in pairs], np.int32),
        arc_cost=np.array([[cost * MS for cost, _ in figures]]).reshape(1, -1), calls=calls,
        primitive_calls=np.array([(primitive or {}).get(name, rows[name][2]) for name in names]),
        arc_calls=np.array([count for _, count in figures], np.float64),
    )  # fmt: skip
    profile = Profile("p", Origin("p", "test"), (WALL_TIME,), functions_of(names), (Part("p", graph),))
    return Scope(profile)


def sampled(stacks: Mapping[tuple[str, ...], float], metric: Metric = WALL_TIME, scale: float = MS) -> Scope:
    """From stacks, root first, and their costs in milliseconds (or in stored units, with a scale of 1)."""
    names = list(dict.fromkeys(name for stack in stacks for name in stack))
    frames = Frames(np.arange(len(names), dtype=np.int32), np.full(len(names), -1, np.int32))
    tree = CallTree.of_stacks(
        [([names.index(name) for name in stack], (cost * scale,)) for stack, cost in stacks.items()], frames
    )
    part = Part("p", tree.to_graph(), tree=tree)
    origin = Origin("p", "test", "sampled")
    return Scope(Profile("p", origin, (metric,), functions_of(names), (part,)))


@pytest.fixture(name="traced")
def traced_fixture() -> Callable[..., Scope]:
    return traced


@pytest.fixture(name="sampled")
def sampled_fixture() -> Callable[..., Scope]:
    return sampled
