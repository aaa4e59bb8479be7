"""Benchmarks show what pytest-benchmark printed, and cProfile's dumps of the same run."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.errors import Malformed, ProftuiError
from proftui.formats import FORMATS, Source, detect, load
from proftui.formats.benchmark.rows import LEFT_OUT
from proftui.model import NO_LINE, Part, Profile

DATA = Path(__file__).parents[2] / "data" / "pytest-benchmark"
CPROFILE, ROUNDS = DATA / "cprofile.json", DATA / "rounds.json"

Json = dict[str, Any]

STATS = {"mean": 2e-6, "median": 2e-6, "min": 1e-6, "max": 3e-6, "rounds": 3, "iterations": 1}

Figures = tuple[float, float, float, float]


def figures(profile: Profile, part: Part) -> dict[tuple[str, int], Figures]:
    """{(name, line): (primitive calls, calls, self, inclusive)} of a part, times in nanoseconds."""
    graph = part.graph
    assert graph.calls is not None
    assert graph.primitive_calls is not None
    columns = np.stack([graph.primitive_calls, graph.calls, graph.self_cost[0], graph.inclusive[0]]).T.tolist()
    names = [profile.functions.identity(function) for function in graph.function.tolist()]
    return {(name, line): tuple(row) for (name, _, line, _), row in zip(names, columns, strict=True)}


def row(function: str, calls: str = "1", own: float = 1e-6, inclusive: float = 1e-6) -> Json:
    return {"function_name": function, "ncalls_recursion": calls, "tottime": own, "cumtime": inclusive}


def document(*benchmarks: Json) -> Json:
    return {"machine_info": {}, "commit_info": {}, "benchmarks": list(benchmarks), "version": "5.3.1"}


def benchmark(name: str = "test_a", **more: object) -> Json:
    return {"name": name, "fullname": f"tests/test_it.py::{name}", "stats": STATS, **more}


def loaded(folder: Path, content: Json) -> Profile:
    path = folder / "unknown"
    path.write_text(json.dumps(content))
    return load(path)


def test_the_functions_are_those_of_cprofiles_dump() -> None:
    """What `--benchmark-cprofile-dump` wrote in the same run, read with pstats."""
    profile = load(CPROFILE)
    assert [part.label for part in profile.parts] == [
        "test_sorting.py::test_quicksort", "test_sorting.py::test_sorted[50]", "test_sorting.py::test_sorted[100]",
    ]  # fmt: skip
    assert figures(profile, profile.parts[0]) == {
        ("quicksort", 12): (1, 335, 166973, 442451),
        ("partition", 5): (167, 167, 121002, 260937),
        ("<listcomp>", 7): (167, 167, 73392, 73392),
        ("<listcomp>", 8): (167, 167, 66543, 66543),
        ("<method 'disable' of '_lsprof.Profiler' objects>", NO_LINE): (1, 1, 130, 130),
        ("<built-in method builtins.len>", NO_LINE): (335, 335, 14541, 14541),
    }
    assert [float(part.graph.totals[0]) for part in profile.parts] == [442581, 1369, 2354]
    assert profile.origin.kind == "traced"
    assert profile.origin.creator == "pytest-benchmark 5.3.1"
    assert profile.check() == []


def test_without_cprofile_the_benchmarks_are_functions() -> None:
    """What pytest printed: `test_quicksort  143.4410  185.6130  155.8159` µs for min, max and mean, median 146.4870."""
    profile = load(ROUNDS)
    (part,) = profile.parts
    assert profile.functions.name == ("test_quicksort", "test_sorted[50]", "test_sorted[100]")
    assert set(profile.functions.file) == {"test_sorting.py"}
    assert [metric.name for metric in profile.metrics] == ["mean", "median", "min", "max"]
    assert part.graph.self_cost[:, 0].tolist() == [155_816, 146_487, 143_441, 185_613]
    assert part.graph.self_cost[0].tolist() == [155_816, 1_724, 3_152]
    assert part.graph.calls is None
    assert "--benchmark-cprofile=tottime" in profile.notes[0]
    assert "totals are sums" in profile.notes[0]
    assert profile.check() == []


def test_tests_of_one_name_in_several_classes(tmp_path: Path) -> None:
    names = [f"tests/test_it.py::{name}::test_a" for name in ("TestOne", "TestTwo")]
    profile = loaded(tmp_path, document(*(benchmark(fullname=name) for name in names)))
    assert profile.functions.name == ("TestOne::test_a", "TestTwo::test_a")
    assert set(profile.functions.file) == {"tests/test_it.py"}


def test_what_is_not_among_the_foremost_functions_is_a_row(tmp_path: Path) -> None:
    rows = [row("a.py:1(main)", own=1e-6, inclusive=10e-6), row("a.py:9(work)", own=2e-6, inclusive=2e-6)]
    profile = loaded(tmp_path, document(benchmark(cprofile=rows)))
    own, inclusive = figures(profile, profile.parts[0])[LEFT_OUT, NO_LINE][2:]
    assert own == 7_000
    assert np.isnan(inclusive)  # they may call those that are rows
    assert profile.parts[0].graph.totals[0] == 10_000
    assert profile.check() == []


def test_a_benchmark_that_cprofile_did_not_see_is_told(tmp_path: Path) -> None:
    profile = loaded(tmp_path, document(benchmark("test_a", cprofile=[row("a.py:1(f)")]), benchmark("test_b")))
    assert [part.label for part in profile.parts] == ["tests/test_it.py::test_a"]
    assert "1 benchmark without cProfile's figures left out" in profile.notes
    assert "test_a without cProfile: mean 2.000 µs, min 1.000 µs, max 3.000 µs, 3 rounds of 1 call" in profile.notes


def test_names_and_places(tmp_path: Path) -> None:
    names = (r"C:\x.py:3(f)", "a:1.py:4(g(1)(2))", "strange", "~:0(<built-in method len>)")
    profile = loaded(tmp_path, document(benchmark(cprofile=[row(name) for name in names])))
    assert profile.functions.identities() == [
        ("f", r"C:\x.py", 3, ""), ("g(1)(2)", "a:1.py", 4, ""), ("strange", "", NO_LINE, ""),
        ("<built-in method len>", "~", NO_LINE, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (document(), r"holds no benchmarks \(benchmarks\)"),
        (document(benchmark(), benchmark()), r"a benchmark is there twice \(benchmarks\[1\]\)"),
        (document(benchmark(cprofile=[row("f", calls="1/2/3")])), r"calls is none \(benchmarks\[0\]\.cprofile"),
        (document(benchmark(cprofile=[row("f", own=-1.0)])), "a time is below zero"),
        (document(benchmark(cprofile=[row("f", own=1e300)])), "above 104 days"),
        (document(benchmark(stats={**STATS, "mean": 10**400})), "above 104 days"),
        (document({"name": "a"}), "'fullname' is missing"),
        ({**document(), "benchmarks": 3}, "expected array, got int"),
    ],
)  # fmt: skip
def test_damage_is_one_sentence(tmp_path: Path, content: Json, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        loaded(tmp_path, content)


def test_members_may_come_in_any_order(tmp_path: Path) -> None:
    turned = dict(reversed(document(benchmark(extra_info={"x": "y" * 100_000})).items()))
    assert loaded(tmp_path, turned).origin.format == "pytest-benchmark"


@pytest.mark.parametrize("path", [CPROFILE, ROUNDS], ids=lambda path: str(path.name))
def test_one_format_recognises_them(path: Path, tmp_path: Path) -> None:
    head = path.read_bytes()[: 1 << 16]
    assert [known.name for known in FORMATS if known.sniff(head, "unknown")] == ["pytest-benchmark"]
    packed = tmp_path / "unknown"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert detect(Source(str(packed))).name == "pytest-benchmark"


@pytest.mark.parametrize(
    "content",
    [{"context": {}, "benchmarks": []}, {"benchmarks": [], "metadata": {}, "version": "1.0"}, {"machine_info": {}}],
)
def test_other_benchmarks_are_not_taken_for_it(tmp_path: Path, content: Json) -> None:
    with pytest.raises(ProftuiError):
        loaded(tmp_path, content)
