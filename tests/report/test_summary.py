"""The summary's figures, added up by hand (see conftest: main, load, walk and step in a cycle, leaf; 15 ms)."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proftui.analysis.filters import MyCode
from proftui.analysis.packages import BUILT_IN, package_costs
from proftui.analysis.scope import Scope
from proftui.analysis.whose import WHOSE, whose
from proftui.model import WALL_TIME, CallGraph, CallTree, Frames, Functions, Origin, Part, Profile
from proftui.report.summary import Summary, deepest, written_at
from tests.report.conftest import LEAF, LOAD, MAIN, MS, STEP, WALK


def test_self_cost_from_the_largest_down(scope: Scope) -> None:
    assert [(top.function, top.cost / MS) for top in Summary(scope, 0).self_cost] == [
        (STEP, 5), (LEAF, 4), (WALK, 3), (LOAD, 2), (MAIN, 1),
    ]  # fmt: skip


def test_inclusive_cost_from_the_largest_down(scope: Scope) -> None:
    """main has a fifteenth of its own: too much to only pass on."""
    summary = Summary(scope, 0)
    assert [(top.function, top.cost / MS) for top in summary.inclusive] == [
        (MAIN, 15), (WALK, 12), (STEP, 10), (LEAF, 4), (LOAD, 2),
    ]  # fmt: skip
    assert len(summary.wrappers) == 0


def stacked(*stacks: tuple[tuple[int, ...], float]) -> Profile:
    count = 1 + max(function for stack, _ in stacks for function in stack)
    frames = Frames(np.arange(count, dtype=np.int32), np.full(count, -1, np.int32))
    tree = CallTree.of_stacks([(stack, (cost * MS,)) for stack, cost in stacks], frames)
    functions = Functions.of((f"f{at}", f"/srv/app/{at}.py", at, "") for at in range(count))
    part = Part("run", tree.to_graph(), tree=tree)
    return Profile("run", Origin("run", "test", "sampled"), (WALL_TIME,), functions, (part,))


def test_those_that_only_pass_on_are_left_out_and_named() -> None:
    summary = Summary(Scope(stacked(((0, 1, 2), 60), ((0, 1, 3), 40))), 0)
    assert summary.wrappers.tolist() == [0, 1]
    assert [top.function for top in summary.inclusive] == [2, 3]


def test_those_that_pass_most_on_to_one_callee_are_left_out_too() -> None:
    """Of 100 ms, 60 go through 0 and 1 to 2, which shares them out."""
    summary = Summary(Scope(stacked(((0, 1, 2, 3), 30), ((0, 1, 2, 4), 30), ((5,), 40))), 0)
    assert summary.wrappers.tolist() == [0, 1]
    assert [(top.function, top.cost / MS) for top in summary.inclusive] == [(2, 60), (5, 40), (3, 30), (4, 30)]


def test_of_those_that_pass_on_to_each_other_nobody_is_left_out() -> None:
    arcs = [(0, 1, 60.0), (1, 0, 59.5), (1, 2, 58.0)]
    own = np.array([[1.0, 1.0, 58.0, 40.0]])
    graph = CallGraph(
        np.arange(4, dtype=np.int32), own, np.array([[60.0, 60.0, 58.0, 40.0]]),
        np.array([arc[0] for arc in arcs], np.int32), np.array([arc[1] for arc in arcs], np.int32),
        np.array([[arc[2] for arc in arcs]]),
    )  # fmt: skip
    functions = Functions.of((f"f{at}", "/srv/a.py", at, "") for at in range(4))
    summary = Summary(Scope(Profile("p", Origin("p", "test"), (WALL_TIME,), functions, (Part("p", graph),))), 0)
    assert [top.function for top in summary.inclusive] == [0, 1, 2, 3]


def test_a_long_way_to_the_point_is_one_step() -> None:
    summary = Summary(Scope(stacked(((0, 1, 2, 3, 4), 60), ((0, 1, 2, 3, 5), 40))), 0)
    assert [(step.node.function, step.skipped) for step in summary.path] == [(0, 2), (3, 0), (4, 0)]
    assert summary.depth == 5


def test_the_heaviest_path_follows_the_costs(scope: Scope) -> None:
    assert [(step.node.function, step.node.inclusive.value / MS) for step in Summary(scope, 0).path] == [
        (MAIN, 15), (WALK, 12), (STEP, 10), (WALK, 5), (LEAF, 4),
    ]  # fmt: skip


def test_how_deep_stacks_are(profile: Profile) -> None:
    tree = profile.parts[0].tree
    assert tree is not None
    assert deepest(tree) == 5
    without = replace(profile, parts=(*profile.parts, replace(profile.parts[0], tree=None)))
    assert Summary(Scope(without), 0).depth is None


def test_what_was_not_counted_is_not_known(scope: Scope) -> None:
    summary = Summary(scope, 0)
    assert (summary.calls, summary.primitive_calls) == (None, None)


def test_when_the_file_was_written(tmp_path: Path) -> None:
    path = tmp_path / "run.prof"
    path.write_bytes(b"")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert written_at(Origin(str(path), "pstats")) == 1_700_000_000
    assert written_at(Origin("-", "pstats")) is None
    assert written_at(Origin("a\0b", "pstats")) is None


PACKAGES = [
    ("work", "/srv/app/views.py", 10.0, "srv.app", "yours"),
    ("mean", "/venv/lib/python3.12/site-packages/numpy/core.py", 20.0, "numpy", "installed"),
    ("<built-in method numpy.dot>", "~", 5.0, "numpy", "installed"),
    ("dumps", "/usr/lib/python3.12/json/__init__.py", 8.0, "json", "standard"),
    ("<built-in method time.sleep>", "~", 3.0, BUILT_IN, "built-in"),
    ("<method 'append' of 'list' objects>", "~", 4.0, BUILT_IN, "built-in"),
]


def test_packages_add_up_to_the_total_and_say_whose_they_are() -> None:
    none, cost = np.zeros(0, np.int32), np.array([[row[2] for row in PACKAGES]])
    functions = Functions.of((name, file, 1, "") for name, file, *_ in PACKAGES)
    graph = CallGraph(np.arange(len(PACKAGES), dtype=np.int32), cost, cost, none, none, np.zeros((1, 0)))
    profile = Profile("p", Origin("p", "test"), (WALL_TIME,), functions, (Part("p", graph),))
    expected: dict[tuple[str, str], float] = {}
    for _, _, own, package, kind in PACKAGES:
        expected[package, kind] = expected.get((package, kind), 0) + own
    found = package_costs(Scope(profile), 0, MyCode())
    assert {(package.name, package.whose): package.cost for package in found} == expected
    assert [package.name for package in found] == ["numpy", "srv.app", "json", BUILT_IN]
    assert sum(package.cost for package in found) == cost.sum()
    assert package_costs(Scope(profile), 0, MyCode(mine=("numpy",)))[0].whose == "yours"


MODULES = [
    ("email.message", "email", "standard"),
    ("email.utils", "email", "standard"),
    ("certifi.core", "certifi", "module"),
    ("__main__", "__main__", "yours"),
    ("libc.so.6", "libc.so.6", "binary"),
]


def test_modules_without_a_file_belong_to_packages() -> None:
    none, cost = np.zeros(0, np.int32), np.array([[1.0, 2.0, 4.0, 8.0, 16.0]])
    functions = Functions.of((f"f{at}", "", -1, module) for at, (module, *_) in enumerate(MODULES))
    graph = CallGraph(np.arange(len(MODULES), dtype=np.int32), cost, cost, none, none, np.zeros((1, 0)))
    profile = Profile("p", Origin("p", "test"), (WALL_TIME,), functions, (Part("p", graph),))
    found = package_costs(Scope(profile), 0, MyCode())
    assert [(package.name, package.whose, package.cost) for package in found] == [
        ("libc.so.6", "binary", 16), ("__main__", "yours", 8), ("certifi", "module", 4), ("email", "standard", 3),
    ]  # fmt: skip


def test_a_program_is_no_module() -> None:
    functions = Functions.of([("main", "", -1, "app"), ("malloc", "", -1, "libc.so.6")])
    assert [WHOSE[at] for at in whose(functions, MyCode())] == ["binary", "binary"]


@pytest.mark.parametrize("size", [3, 200])
def test_the_largest_come_in_order_whatever_the_number(size: int) -> None:
    rng = np.random.default_rng(1)
    cost = rng.permutation(np.arange(1, size + 1, dtype=np.float64))[None]
    none = np.zeros(0, np.int32)
    graph = CallGraph(np.arange(size, dtype=np.int32), cost, cost, none, none, np.zeros((1, 0)))
    functions = Functions.of((f"f{at}", "/srv/a.py", at, "") for at in range(size))
    scope = Scope(Profile("p", Origin("p", "test"), (WALL_TIME,), functions, (Part("p", graph),)))
    costs = [top.cost for top in Summary(scope, 0).self_cost]
    assert costs == sorted(cost[0].tolist(), reverse=True)[:20]
