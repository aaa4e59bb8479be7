"""One small profile with figures that can be added up by hand.

main 1 ms -> load 2 ms; main -> walk 3 ms <-> step 5 ms (they call each other) -> leaf 4 ms. Total 15 ms.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from proftui.analysis.scope import Scope
from proftui.formats import load
from proftui.model import (
    WALL_TIME,
    CallGraph,
    CallTree,
    Frames,
    Functions,
    Metric,
    Origin,
    Part,
    Profile,
    Series,
)
from proftui.units import BYTES

MAIN, LOAD, WALK, STEP, LEAF = range(5)
MS = 1e6


@pytest.fixture
def profile() -> Profile:
    frames = Frames(np.arange(5, dtype=np.int32), np.full(5, -1, np.int32))
    stacks = [
        ((MAIN,), (1 * MS,)),
        ((MAIN, LOAD), (2 * MS,)),
        ((MAIN, WALK), (2 * MS,)),
        ((MAIN, WALK, STEP), (5 * MS,)),
        ((MAIN, WALK, STEP, WALK), (1 * MS,)),
        ((MAIN, WALK, STEP, WALK, LEAF), (4 * MS,)),
    ]
    tree = CallTree.of_stacks(stacks, frames)
    names = ("main", "load", "walk", "step", "leaf")
    functions = Functions.of((name, f"/srv/app/{name}.py", 10 + at, "") for at, name in enumerate(names))
    part = Part("run", tree.to_graph(), tree=tree)
    return Profile("run", Origin("run.prof", "test", "sampled"), (WALL_TIME,), functions, (part,))


CYCLE = """\
events: Ir
fl=a.c
fn=main
1 1
cfn=one
calls=1 2
1 30
fn=one
2 10
cfn=two
calls=2 3
2 45
fn=two
3 20
cfn=one
calls=1 2
3 20
"""


@pytest.fixture
def cycle(tmp_path: Path) -> Profile:
    """main 1 -> one 10 <-> two 20. Total 31: the file has more for one -> two, each time round is added; and 20 for
    two -> one, which is no more than an upper bound for the same reason.
    """
    path = tmp_path / "callgrind.out.cycle"
    path.write_text(CYCLE)
    return load(path)


@pytest.fixture
def flat(tmp_path: Path) -> Profile:
    """one 10 and two 30 of 40, without calls."""
    path = tmp_path / "callgrind.out.flat"
    path.write_text("events: Ir\nfn=one\n1 10\nfn=two\n2 30\n")
    return load(path)


@pytest.fixture
def over_time() -> Profile:
    """3 MiB at most, and nothing else."""
    memory = Series("memory", BYTES, np.array([0.0, 1.0]), np.array([1.0, 3.0]) * 2**20)
    origin = Origin("m.dat", "mprof", "sampled")
    return Profile("m.dat", origin, (Metric("memory", BYTES),), Functions.of([]), (Part("m.dat", CallGraph.empty(1)),),
                   series=(memory,))  # fmt: skip


@pytest.fixture
def scope(profile: Profile) -> Scope:
    return Scope(profile)
