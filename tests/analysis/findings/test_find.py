"""Findings in profiles whose figures can be added up by hand, at the rules' thresholds and beyond."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from proftui.analysis.findings import Finding, find
from proftui.analysis.scope import Scope
from proftui.model import Metric
from proftui.units import BYTES, COUNT, SAMPLES

Make = Callable[..., Scope]


def keys(scope: Scope) -> list[str]:
    return [finding.rule.key for finding in find(scope, 0)]


def only(scope: Scope) -> Finding:
    (finding,) = find(scope, 0)
    return finding


@pytest.mark.parametrize(("cost", "found"), [(9.9, []), (10.0, ["json"])])
def test_a_share_below_the_threshold_is_silent(traced: Make, cost: float, found: list[str]) -> None:
    rows = {"app:main": (100 - cost, 100, 1), "json:dumps": (cost, cost, 4)}
    assert keys(traced(rows, {("app:main", "json:dumps"): (cost, 4)})) == found


def test_what_is_found_names_its_proof(traced: Make) -> None:
    rows = {"app:main": (60, 100, 1), "json:dumps": (10, 40, 4), "json.encoder:encode": (30, 30, 4)}
    arcs = {("app:main", "json:dumps"): (40, 4), ("json:dumps", "json.encoder:encode"): (30, 4)}
    scope = traced(rows, arcs)
    finding = only(scope)
    assert finding.sentence(scope.functions, scope.metrics[0].unit) == (
        "4 calls into json took 40.00 ms (40.0%), 10.00 ms each"
    )
    assert (finding.function, finding.caller, finding.times) == (1, 0, 4)


def test_less_than_a_millisecond_is_nothing(traced: Make) -> None:
    rows = {"app:main": (0.5, 1.4, 1), "json:dumps": (0.9, 0.9, 4)}
    assert keys(traced(rows, {("app:main", "json:dumps"): (0.9, 4)})) == []


@pytest.mark.parametrize(("calls", "each", "found"), [
    (100_000, 0.0002, ["explosion"]), (99_999, 0.0002, []), (100_000, 0.0021, []),
])  # fmt: skip
def test_tiny_functions_called_very_often(traced: Make, calls: float, each: float, found: list[str]) -> None:
    own = calls * each
    rows = {"app:main": (50, 50 + own, 1), "app:tiny": (own, own, calls)}
    assert keys(traced(rows, {("app:main", "app:tiny"): (own, calls)})) == found


@pytest.mark.parametrize(("calls", "begun", "found"), [
    (10_000, 1, ["recursion"]), (9_999, 1, []), (10_000, 500, ["recursion"]), (10_000, 501, []),
])  # fmt: skip
def test_recursion(traced: Make, calls: float, begun: float, found: list[str]) -> None:
    rows = {"app:main": (70, 100, 1), "app:walk": (30, 30, calls)}
    arcs = {("app:main", "app:walk"): (30, begun), ("app:walk", "app:walk"): (20, calls - begun)}
    assert keys(traced(rows, arcs, {"app:walk": begun})) == found


def test_a_recursive_function_is_not_told_as_tiny_too(traced: Make) -> None:
    rows = {"app:main": (70, 100, 1), "app:walk": (30, 30, 200_000)}
    arcs = {("app:main", "app:walk"): (30, 1), ("app:walk", "app:walk"): (20, 199_999)}
    assert keys(traced(rows, arcs, {"app:walk": 1})) == ["recursion"]


QUERY = ":<method 'execute' of 'sqlite3.Cursor' objects>"


@pytest.mark.parametrize(("calls", "loops", "found"), [
    (500, 10, ["repeated-query"]), (500, 11, []), (499, 1, []),
])  # fmt: skip
def test_one_query_an_item(traced: Make, calls: float, loops: float, found: list[str]) -> None:
    """The loop is found two callers up: fetch runs one query a call, show calls fetch for each item."""
    rows = {"app:show": (40, 100, loops), "app:fetch": (10, 60, calls), QUERY: (50, 50, calls)}
    arcs = {("app:show", "app:fetch"): (60, calls), ("app:fetch", QUERY): (50, calls)}
    scope = traced(rows, arcs)
    assert keys(scope) == found
    if found:
        assert only(scope).sentence(scope.functions, scope.metrics[0].unit) == (
            "500 database calls took 50.00 ms (50.0%): show called fetch 500 times"
        )


def test_import_time_is_that_of_the_outermost(traced: Make) -> None:
    find_and_load, module = "importlib._bootstrap:_find_and_load", "json:<module>"
    rows = {"app:<module>": (60, 100, 1), find_and_load: (5, 40, 7), module: (35, 35, 1)}
    arcs = {("app:<module>", find_and_load): (40, 3), (find_and_load, module): (35, 1), (module, find_and_load): (9, 4)}
    scope = traced(rows, arcs)
    assert only(scope).sentence(scope.functions, scope.metrics[0].unit) == (
        "40.00 ms (40.0%) went into importing; the heaviest: json"
    )


def test_a_finding_within_another_one_says_so(traced: Make) -> None:
    find_and_load, module, compile_ = "importlib._bootstrap:_find_and_load", "json:<module>", "re._compiler:compile"
    rows = {
        "app:<module>": (60, 100, 1), find_and_load: (5, 40, 1), module: (15, 35, 1), compile_: (20, 20, 5),
    }  # fmt: skip
    arcs = {
        ("app:<module>", find_and_load): (40, 1), (find_and_load, module): (35, 1), (module, compile_): (20, 5),
    }  # fmt: skip
    assert [(f.rule.key, f.within) for f in find(traced(rows, arcs), 0)] == [("imports", None), ("regex", 0)]


def test_the_same_elsewhere_is_a_finding_of_its_own(traced: Make) -> None:
    find_and_load, compile_ = "importlib._bootstrap:_find_and_load", "re._compiler:compile"
    rows = {"app:<module>": (40, 100, 1), find_and_load: (40, 40, 1), compile_: (20, 20, 5)}
    arcs = {("app:<module>", find_and_load): (40, 1), ("app:<module>", compile_): (20, 5)}
    assert [(f.rule.key, f.within) for f in find(traced(rows, arcs), 0)] == [("imports", None), ("regex", None)]


def test_importing_a_library_is_not_using_it(traced: Make) -> None:
    """The code of the module itself, run when it is imported, is no call into it."""
    rows = {"app:main": (60, 100, 1), "json:<module>": (40, 40, 1)}
    assert keys(traced(rows, {("app:main", "json:<module>"): (40, 1)})) == []


def test_calls_that_may_lie_in_each_other_are_told_as_at_least(traced: Make) -> None:
    """encode calls back into the program, which calls dumps again: 45 + 25 ms, of which the 25 may be in the 45."""
    rows = {
        "app:main": (30, 100, 1), "json:dumps": (20, 45, 3), "json.encoder:encode": (25, 35, 2),
        "app:default": (25, 50, 2),
    }  # fmt: skip
    arcs = {
        ("app:main", "json:dumps"): (45, 1), ("app:default", "json:dumps"): (25, 2),
        ("json:dumps", "json.encoder:encode"): (35, 2), ("json.encoder:encode", "app:default"): (10, 1),
        ("app:main", "app:default"): (25, 1),
    }  # fmt: skip
    (finding,) = (found for found in find(traced(rows, arcs), 0) if found.rule.key == "json")
    assert (finding.cost.low / 1e6, finding.cost.high / 1e6) == (45, 70)
    assert not finding.cost.exact


# ------------------------------------------------------------------ sampled data


def test_with_stacks_each_sample_counts_once(sampled: Make) -> None:
    """40 of 100 ms have json on the stack, 10 of them twice with the program in between."""
    scope = sampled({
        ("app:main",): 60, ("app:main", "json:dumps"): 30,
        ("app:main", "json:dumps", "json.encoder:encode", "app:default", "json:dumps"): 10,
    })  # fmt: skip
    finding = only(scope)
    assert (finding.cost.low, finding.cost.high, finding.calls) == (40e6, 40e6, None)
    assert finding.sentence(scope.functions, scope.metrics[0].unit) == "encoding and decoding JSON: 40.00 ms (40.0%)"


def test_rules_on_counts_are_silent_without_counts(sampled: Make) -> None:
    assert keys(sampled({("app:main",): 10, ("app:main", "app:tiny"): 90})) == []
    assert keys(sampled({("app:main", QUERY): 90, ("app:main",): 10})) == []


def test_samples_in_the_collector(sampled: Make) -> None:
    scope = sampled({("app:main",): 80, ("app:main", ":<GC>"): 20}, Metric("samples", SAMPLES), 1)
    finding = only(scope)
    assert finding.sentence(scope.functions, scope.metrics[0].unit) == "collecting garbage: 20 (20.0%)"


def test_a_few_samples_prove_nothing(sampled: Make) -> None:
    assert keys(sampled({("app:main",): 8, ("app:main", "json:dumps"): 8}, Metric("samples", SAMPLES), 1)) == []


def test_deep_recursion_on_stacks(sampled: Make) -> None:
    assert keys(sampled({("app:main", *["app:walk"] * 99): 50})) == []
    scope = sampled({("app:main", *["app:walk"] * 100): 50, ("app:main",): 50})
    assert only(scope).sentence(scope.functions, scope.metrics[0].unit) == (
        "walk is up to 100 times on one stack; its own cost is 50.00 ms (50.0%)"
    )


@pytest.mark.parametrize("unit", [BYTES, COUNT])
def test_bytes_and_instructions_are_not_judged(sampled: Make, unit: object) -> None:
    assert keys(sampled({("app:main", "json:dumps"): 90, ("app:main",): 10}, Metric("cost", unit))) == []  # type: ignore[arg-type]


def test_at_most_so_many_are_told(traced: Make) -> None:
    assert (
        len(
            find(
                traced({"app:main": (60, 100, 1), "json:dumps": (40, 40, 4)}, {("app:main", "json:dumps"): (40, 4)}),
                0,
                most=0,
            )
        )
        == 0
    )
