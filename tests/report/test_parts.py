"""Parts as rows, and functions by how they spread over parts, by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import numpy as np
import pytest

from proftui.analysis.scope import Scope
from proftui.analysis.spread import spread
from proftui.model import WALL_TIME, CallGraph, Functions, Metric, Origin, Part, PartKind, Profile
from proftui.report.documents import DOCUMENTS, Style, report_of
from proftui.report.matrix import MatrixRows
from proftui.report.part_table import PartTable
from proftui.report.parts import PartRows
from proftui.report.rows import Rows
from proftui.report.wanted import View, Wanted
from proftui.units import BYTES

SCHEMA: dict[str, Any] = json.loads(files("proftui.report").joinpath("schema/report-1.json").read_text("utf-8"))

MS = 1e6
NONE = np.zeros(0, np.int32)


def part_of(
    label: str, costs: dict[int, float], kind: PartKind = "thread", pid: int | None = None, tid: int | None = None
) -> Part:
    own = np.array([list(costs.values())]) * MS
    function = np.array(list(costs), np.int32)
    graph = CallGraph(function, own, own, NONE, NONE, np.zeros((1, 0)), calls=np.ones(len(costs)))
    return Part(label, graph, kind=kind, pid=pid, tid=tid)


@pytest.fixture
def pool() -> Profile:
    """A process of two threads (3 + 5 ms), one of one (10 ms), and a file (2 ms) without either."""
    parts = (
        part_of("main", {0: 1, 1: 2}, pid=7, tid=70),
        part_of("lone", {0: 1, 2: 9}, pid=8, tid=80),
        part_of("second", {1: 5}, pid=7, tid=71),
        part_of("out.prof", {0: 2}, kind="file"),
    )
    functions = Functions.of((name, f"/srv/{name}.py", 3, "") for name in ("init", "work", "wait"))
    return Profile("pool", Origin("pool", "made"), (WALL_TIME,), functions, parts)


def lines(rows: Rows, *keys: str) -> list[tuple[str, ...]]:
    wanted = [next(at for at, column in enumerate(rows.columns) if column.key == key) for key in keys]
    return [tuple(rows.cells(row)[at].text for at in wanted) for row in range(len(rows))]


def test_processes_with_their_threads_by_total(pool: Profile) -> None:
    rows = PartRows(PartTable(pool, 0))
    assert lines(rows, "name", "share", "total", "functions", "calls", "kind", "pid", "tid") == [
        ("lone", "50.0%", "10.00 ms", "2", "2", "thread", "8", "80"),
        ("process 7", "40.0%", "8.000 ms", "", "3", "process", "7", ""),
        ("second", "25.0%", "5.000 ms", "1", "1", "thread", "7", "71"),
        ("main", "15.0%", "3.000 ms", "2", "2", "thread", "7", "70"),
        ("out.prof", "10.0%", "2.000 ms", "1", "1", "file", "", ""),
    ]
    assert [rows.depth(row) for row in range(5)] == [0, 0, 1, 1, 0]
    assert [rows.parts(row) for row in range(5)] == [[1], [0, 2], [2], [0], [3]]
    assert [rows.key(row) for row in range(2)] == [("part", 1), ("process", 7)]
    assert rows.row_of(("process", 7)) == 1
    assert rows.row_of(None) is None


def test_a_name_that_tells_process_and_thread_needs_no_further_words(pool: Profile) -> None:
    part = part_of("thread 80 [8]", {2: 9}, pid=8, tid=80)
    rows = PartRows(PartTable(replace(pool, parts=(part,)), 0))
    assert rows.detail(0) == "thread 80 [8]  most self cost, 9.000 ms: wait  wait.py:3"


def test_what_costs_most_in_a_part(pool: Profile) -> None:
    rows = PartRows(PartTable(pool, 0))
    assert [text.split() for (text,) in lines(rows, "largest")] == [
        ["90.0%", "wait"], [], ["100.0%", "work"], ["66.7%", "work"], ["100.0%", "init"],
    ]  # fmt: skip
    assert [rows.function(row) for row in range(5)] == [2, None, 1, 1, 0]
    assert rows.detail(0) == "lone  thread  process 8  thread 80  most self cost, 9.000 ms: wait  wait.py:3"
    assert rows.detail(1) == "process 7  2 parts together"


@pytest.mark.parametrize(
    ("sort", "descending", "names"),
    [
        ("name", False, ["lone", "out.prof", "process 7", "main", "second"]),
        ("tid", True, ["lone", "out.prof", "process 7", "second", "main"]),
        ("functions", False, ["out.prof", "lone", "process 7", "second", "main"]),
        ("total", False, ["out.prof", "process 7", "main", "second", "lone"]),
        ("largest", False, ["process 7", "main", "second", "out.prof", "lone"]),
    ],
)
def test_threads_are_sorted_within_their_process(pool: Profile, sort: str, descending: bool, names: list[str]) -> None:
    rows = PartRows(PartTable(pool, 0), sort, descending=descending)
    assert [name for (name,) in lines(rows, "name")] == names


def test_chosen_and_marked_parts_are_told_without_colour(pool: Profile) -> None:
    rows = PartRows(PartTable(pool, 0), chosen=(0, 2), choosing=True)
    rows.marked |= {1, 2}
    assert [text for (text,) in lines(rows, "choice")] == [" •", "✓", "✓•", "✓", " "]
    tones = [rows.cells(row)[[c.key for c in rows.columns].index("name")].tone for row in range(5)]
    assert tones == ["dim", "normal", "normal", "normal", "dim"]
    assert "choice" not in [column.key for column in PartRows(PartTable(pool, 0)).columns]


def test_a_part_that_does_not_measure_a_metric_is_blank_there(pool: Profile) -> None:
    memory = Part("heap", part_of("", {1: 1}).graph, (1,))
    profile = Profile("two", pool.origin, (WALL_TIME, Metric("memory", BYTES)), pool.functions, (*pool.parts, memory))
    rows = PartRows(PartTable(profile, 0))
    assert lines(rows, "name", "share", "total", "total_1")[-1] == ("heap", "", "", "976.6 KiB")
    assert rows.detail(5) == "heap  file  does not measure time"
    assert PartRows(PartTable(profile, 0), "total_1").key(0) == ("part", 4)
    assert PartRows(PartTable(profile, 0), absolute=True).columns[0].key == "total"


def test_search_in_labels_and_numbers(pool: Profile) -> None:
    rows = PartRows(PartTable(pool, 0))
    assert rows.find("prof").tolist() == [4]
    assert rows.find("process").tolist() == [1]
    assert rows.find("71").tolist() == [2]


def matrix_of(profile: Profile, sort: str = "excess", *, descending: bool = True) -> MatrixRows:
    scope = Scope(profile)
    return MatrixRows(scope, 0, "self", spread(scope, 0, "self"), sort, descending=descending)


def test_what_stands_out_most_in_cost_comes_first(pool: Profile) -> None:
    rows = matrix_of(pool)
    # totals 3, 10, 5, 2: a typical part has 4, a deviation at least 4 us; init 1, 1, 0, 2: the MAD is 0.5
    assert lines(rows, "name", "excess", "deviations", "median", "most", "least", "touched", "part") == [
        ("wait", "+9.000 ms", "+2,250", "0", "9.000 ms", "0", "1", "lone"),
        ("work", "", "+2.7", "1.000 ms", "5.000 ms", "0", "2", ""),
        ("init", "", "+1.3", "1.000 ms", "2.000 ms", "0", "3", ""),
    ]
    assert rows.detail(0).startswith("lone stands out: 9.000 ms, median 0, in 1 of 4 parts  wait")
    assert "is farthest off, but does not stand out" in rows.detail(1)
    assert (rows.part(0), rows.function(0), rows.row_of(2), rows.row_of(77)) == (1, 2, 0, None)


def test_the_matrix_is_sorted_and_searched(pool: Profile) -> None:
    def names(rows: MatrixRows) -> list[str]:
        return [name for (name,) in lines(rows, "name")]

    assert names(matrix_of(pool, "touched")) == ["init", "work", "wait"]
    assert names(matrix_of(pool, "name", descending=False)) == ["init", "wait", "work"]
    assert names(matrix_of(pool, "most", descending=False)) == ["init", "work", "wait"]
    assert matrix_of(pool).find("lone").tolist() == [0]
    assert matrix_of(pool).find("/srv/i").tolist() == [2]


def test_two_parts_compare_with_nothing(pool: Profile) -> None:
    profile = Profile("two", pool.origin, pool.metrics, pool.functions, pool.parts[:2])
    rows = matrix_of(profile)
    assert rows.detail(0).startswith("of 2 parts none stands out; in 1 of 2 parts  wait")
    assert {text for (text,) in lines(rows, "part")} == {""}


def printed(scope: Scope, wanted: Wanted) -> dict[str, Any]:
    report: dict[str, Any] = json.loads("\n".join(DOCUMENTS["json"].lines(report_of(scope, wanted), Style())))
    jsonschema.validate(report, SCHEMA)
    return report


def test_reports_of_parts(pool: Profile) -> None:
    report = printed(Scope(pool), Wanted("parts"))
    assert [(row["name"], row["part"], row["self"]["time"]) for row in report["rows"]] == [
        ("lone", 2, 0.010), ("process 7", None, 0.008), ("second", 3, 0.005), ("main", 1, 0.003),
        ("out.prof", 4, 0.002),
    ]  # fmt: skip
    assert report["rows"][0]["largest"]["name"] == "wait"
    chosen = printed(Scope(pool, (0, 3)), Wanted("parts", top=1))
    assert [row["name"] for row in chosen["rows"]] == ["main"]
    assert chosen["truncated"] == {"shown": 1, "of": 2}
    text = "\n".join(DOCUMENTS["text"].lines(report_of(Scope(pool, (0, 3)), Wanted("parts")), Style()))
    assert "60.0%  3.000 ms" in text


def test_reports_of_the_matrix(pool: Profile) -> None:
    report = printed(Scope(pool), Wanted("matrix", sort="inclusive", top=1))
    (row,) = report["rows"]
    assert report["sort"] == row["of"] == "inclusive"
    assert (row["name"], row["label"], row["part"], row["parts"], row["touched"]) == ("wait", "lone", 2, 4, 1)
    assert (row["least"], row["median"], row["most"], row["cost"], row["stands_out"]) == (0, 0, 0.009, 0.009, True)
    assert printed(Scope(pool), Wanted("matrix", sort="name"))["rows"][0]["name"] == "init"


@pytest.mark.parametrize("view", ["parts", "matrix"])
@pytest.mark.parametrize("document", ["text", "csv", "markdown"])
def test_every_document_writes_them(pool: Profile, view: View, document: str) -> None:
    written = list(DOCUMENTS[document].lines(report_of(Scope(pool), Wanted(view)), Style()))
    assert any("wait" in line for line in written)
    if document == "csv":
        assert {line.count(",") for line in written} == {written[0].count(",")}
