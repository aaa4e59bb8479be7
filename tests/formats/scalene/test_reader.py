"""Scalene's files, by the figures in them and the functions that Python's parser finds in their source."""

from __future__ import annotations

import ast
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.errors import Malformed
from proftui.formats import detect, load
from proftui.formats.source import Source
from proftui.model import Profile

DATA = Path(__file__).parents[2] / "data" / "scalene"
FILES = sorted(path.name for path in DATA.iterdir())
MEGABYTE = 1 << 20


def document(name: str) -> dict[str, Any]:
    data = (DATA / name).read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(data) if name.endswith(".gz") else data)
    return found


def by_name(profile: Profile, metric: str) -> dict[str, float]:
    """Self cost of each function."""
    graph = profile.parts[0].graph
    at = profile.metric(metric)
    assert at is not None
    names = [profile.functions.name[function] for function in graph.function]
    return dict(zip(names, graph.self_cost[at].tolist(), strict=True))


MEMBERS = {
    "python": "n_cpu_percent_python",
    "native": "n_cpu_percent_c",
    "system": "n_sys_percent",
    "allocated": "n_malloc_mb",
}


@pytest.mark.parametrize("metric", MEMBERS)
@pytest.mark.parametrize("name", FILES)
def test_functions_have_the_sums_of_their_lines(name: str, metric: str) -> None:
    """Which are theirs Python's parser tells. Scalene's own sums leave out some lines."""
    profile, told = load(DATA / name), document(name)
    (content,) = told["files"].values()
    unit = MEGABYTE if metric == "allocated" else told["elapsed_time_sec"] * 1e7
    source = ast.parse("".join(line["line"] for line in content["lines"]).replace("\\u003e", ">"))
    found = by_name(profile, metric)
    for node in ast.walk(source):
        if isinstance(node, ast.FunctionDef):
            costs = [cost for own, cost in found.items() if own.rpartition(".")[2] == node.name]
            inside = [line for line in content["lines"] if node.lineno <= line["lineno"] <= (node.end_lineno or 0)]
            assert sum(costs) == pytest.approx(sum(line[MEMBERS[metric]] for line in inside) * unit, abs=100)


@pytest.mark.parametrize("name", FILES)
def test_the_total_is_the_share_of_the_run_that_scalene_says(name: str) -> None:
    profile, told = load(DATA / name), document(name)
    (content,) = told["files"].values()
    total = profile.parts[0].graph.self_cost[0].sum()
    assert total == pytest.approx(content["percent_cpu_time"] / 100 * told["elapsed_time_sec"] * 1e9, rel=1e-6)
    assert np.isnan(profile.parts[0].graph.inclusive).all()


def test_lines_cost_what_scalene_says() -> None:
    profile, told = load(DATA / "shop_1.5.51.json", lines=True), document("shop_1.5.51.json")
    lines = profile.parts[0].lines
    assert lines is not None
    found = dict(zip(lines.line.tolist(), lines.cost[4].tolist(), strict=True))
    (content,) = told["files"].values()
    expected = {line["lineno"]: line["n_malloc_mb"] * MEGABYTE for line in content["lines"] if line["n_malloc_mb"]}
    assert {line: cost for line, cost in found.items() if cost} == pytest.approx(expected)


def test_memory_is_told_over_time() -> None:
    profile, told = load(DATA / "keep_1.5.51.json"), document("keep_1.5.51.json")
    (series,) = profile.series
    assert series.value.max() == pytest.approx(told["max_footprint_mb"] * MEGABYTE)
    assert len(series.seconds) == len(told["samples"])
    assert 0 < series.seconds[0] < series.seconds[-1] < told["elapsed_time_sec"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_known_by_its_members_in_any_order(name: str, tmp_path: Path) -> None:
    path = tmp_path / "unknown"
    path.write_text(json.dumps(dict(reversed(document(name).items()))))
    assert detect(Source(str(path))).name == "scalene"
    assert detect(Source(str(DATA / name))).name == "scalene"


def text(**members: Any) -> str:
    return json.dumps({"alloc_samples": 0, "args": ["a.py"], "elapsed_time_sec": 2.0, **members})


def test_lines_belong_to_what_they_are_indented_in(tmp_path: Path) -> None:
    """An inner function, a line behind it that is its outer one's, a bracket at the margin, and the module."""
    source = ["def outer():", "    def inner():", "        x()", "", "    y(", ")", "z()"]
    lines = [{"lineno": at, "line": f"{line}\n", "n_cpu_percent_python": at} for at, line in enumerate(source, 1)]
    functions = [{"lineno": 1, "line": "outer"}, {"lineno": 2, "line": "outer.inner"}]
    path = tmp_path / "a.json"
    path.write_text(text(files={"a.py": {"lines": lines, "functions": functions}}))
    shares = {name: cost / 2e7 for name, cost in by_name(load(path), "time").items()}
    assert shares == pytest.approx({"outer": 1 + 5 + 6, "outer.inner": 2 + 3 + 4, "<module>": 7})


def test_memory_over_more_than_a_day(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(text(files={}, samples=[[0, 1.5], [10**14, 2], [1.5e14, 1]]))
    (series,) = load(path).series
    assert series.seconds.tolist() == [0, 100_000, 150_000]


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (text(files=[]), "expected"),
        (text(), "'files' is missing"),
        (text(files={"a": {"lines": [{"lineno": -1}]}}), "expected"),
        (text(files={"a": {"lines": [{"lineno": 1, "n_malloc_mb": 1e300}]}}), "expected"),
        (text(files={"a": {"lines": [{"lineno": 1, "n_cpu_percent_c": -5}]}}), "expected"),
        (text(files={"a": {"lines": []}})[:-3], "ends too early"),
        (text(files={"a": {"lines": []}}, samples=[[0, 1e300]]), "expected"),
        (text(files={"a": {"lines": []}}, samples=[[10**400, 1]]), "too large"),
    ],
)
def test_what_is_not_sound_is_refused(said: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(said)
    with pytest.raises(Malformed, match=what):
        load(path)


def test_a_file_of_nothing_is_an_empty_profile(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(text(files={}))
    profile = load(path)
    assert len(profile.functions) == 0
    assert profile.series == ()
