"""Each breach of an invariant gives a sentence, and a sound profile none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from proftui.errors import Malformed
from proftui.model import WALL_TIME, CallGraph, Functions, Origin, Part, Profile


def a_profile(**changes: Any) -> Profile:
    """f (self 1, inclusive 3) calls g (self 2)."""
    graph = CallGraph(
        function=np.array([0, 1], np.int32),
        self_cost=np.array([[1.0, 2.0]]),
        inclusive=np.array([[3.0, 2.0]]),
        calls=np.array([1.0, 4.0]),
        primitive_calls=np.array([1.0, 4.0]),
        caller=np.array([0], np.int32),
        callee=np.array([1], np.int32),
        arc_cost=np.array([[2.0]]),
    )
    functions = Functions.of([("f", "a.py", 1, ""), ("g", "a.py", 2, "")])
    part = Part("p", replace(graph, **changes))
    return Profile("p", Origin("p", "test"), (WALL_TIME,), functions, (part,))


def test_a_sound_profile_has_no_breach() -> None:
    assert a_profile().check() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"calls": np.array([1.0])}, "column calls has 1 rows for 2 functions"),
        ({"arc_cost": np.zeros((1, 2))}, "column arc_cost has 2 rows for 1 arcs"),
        ({"function": np.array([0, 7], np.int32)}, "a function id is out of range"),
        ({"function": np.array([1, 0], np.int32)}, "function ids are not ascending"),
        ({"callee": np.array([5], np.int32)}, "an arc names a function that does not exist"),
        ({"inclusive": np.array([[0.5, 2.0]])}, "time: inclusive cost is below self cost for 1 function"),
        ({"inclusive": np.array([[3.1, 2.0]])}, "above the total for 1 function"),
        ({"self_cost": np.array([[-1.0, 4.0]])}, "time: self cost is below zero for 1 function"),
        ({"primitive_calls": np.array([2.0, 5.0])}, "primitive calls exceed calls for 2 functions"),
        ({"self_cost": np.array([[1.0, 2.0**54]]), "inclusive": np.array([[2.0**54 + 1, 2.0**54]])}, "rounded"),
    ],
)
def test_a_breach_is_said(changes: dict[str, Any], said: str) -> None:
    assert any(said in breach for breach in a_profile(**changes).check())


def test_one_percent_of_slack_is_the_profilers_own() -> None:
    assert a_profile(inclusive=np.array([[3.02, 2.0]])).check() == []


def test_arcs_must_be_unique() -> None:
    twice = a_profile(
        caller=np.array([0, 0], np.int32), callee=np.array([1, 1], np.int32), arc_cost=np.array([[1.0, 1.0]])
    )
    assert any("not sorted and unique" in breach for breach in twice.check())


def test_costs_that_cannot_be_added_up_are_refused() -> None:
    with np.errstate(over="ignore"), pytest.raises(Malformed, match=r"costs above 1e\+300"):
        a_profile(self_cost=np.array([[1e308, 1e308]]), inclusive=np.array([[1e308, 1e308]])).checked()


def test_checked_profiles_carry_their_breaches_as_notes() -> None:
    assert a_profile(inclusive=np.array([[9.0, 2.0]])).checked().notes != ()
