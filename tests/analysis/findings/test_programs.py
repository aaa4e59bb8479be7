"""Each rule on a program that it is about, and on one that does a little less of the same."""

from __future__ import annotations

import cProfile
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from proftui.analysis.findings import RULES, find
from proftui.analysis.scope import Scope
from proftui.formats import load

PROGRAMS = Path(__file__).parents[2] / "programs" / "stand_out.py"


def programs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("stand_out", PROGRAMS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


STAND_OUT = programs()


def sentences(program: Callable[[], object], folder: Path) -> dict[str, str]:
    """What is found in a profile of the program, by rule."""
    profiler = cProfile.Profile()
    profiler.runcall(program)
    path = folder / "program.prof"
    profiler.dump_stats(path)
    profile = load(path)
    found = find(Scope(profile), 0, most=len(RULES))
    return {finding.rule.key: finding.sentence(profile.functions, profile.metrics[0].unit) for finding in found}


def test_every_rule_has_both() -> None:
    keys = [rule.key for rule in RULES]
    assert sorted(STAND_OUT.FIRES) == sorted(STAND_OUT.MISSES) == sorted(keys)


@pytest.mark.parametrize("rule", [rule.key for rule in RULES])
def test_it_fires_with_its_figures(rule: str, tmp_path: Path) -> None:
    program, says = STAND_OUT.FIRES[rule]
    found = sentences(program, tmp_path)
    assert says in found.get(rule, ""), found


@pytest.mark.parametrize("rule", [rule.key for rule in RULES])
def test_it_is_silent_on_a_near_miss(rule: str, tmp_path: Path) -> None:
    found = sentences(STAND_OUT.MISSES[rule], tmp_path)
    assert rule not in found, found
