"""Source lines as rows, over a program of eleven lines whose figures are added up by hand.

work (self 1 ms) calls load once (2 ms, line 5) and step three times on one of two lines (4 ms, lines 6 and 7), and
hook (8 ms), which its text does not name. Total 15 ms.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proftui.analysis.line_figures import LineFigures
from proftui.analysis.scope import Scope
from proftui.model import WALL_TIME, CallGraph, Functions, Origin, Part, Profile
from proftui.report.documents import DOCUMENTS, Style, report_of, source_view
from proftui.report.source import Sources
from proftui.report.source_page import file_figures, moved_away, remarks, source_rows, window_of
from proftui.report.source_rows import SourceRows
from proftui.report.wanted import Wanted

PROGRAM = """\
import sys


def work(x):
    load(x)
    step(x, 1)
    step(x, 2)
    return x


last = 1
"""
WORK, LOAD, STEP, HOOK = range(4)
MS = 1e6


def made(folder: Path, *, file: str = "app.py", line: int = 4) -> Scope:
    functions = Functions.of(
        [
            ("work", str(folder / file), line, ""),
            ("load", "/srv/load.py", 1, ""),
            ("step", "/srv/step.py", 1, ""),
            ("hook\x1b[31m", "/srv/hook.py", 7, ""),
        ]
    )
    graph = CallGraph(
        function=np.arange(4, dtype=np.int32),
        self_cost=np.array([[1, 2, 4, 8.0]]) * MS,
        inclusive=np.array([[15, 2, 4, 8.0]]) * MS,
        calls=np.array([1, 1, 3, 1.0]),
        caller=np.zeros(3, np.int32),
        callee=np.array([1, 2, 3], np.int32),
        arc_cost=np.array([[2, 4, 8.0]]) * MS,
        arc_calls=np.array([1, 3, 1.0]),
    )
    origin = Origin(str(folder / "out.prof"), "pstats")
    return Scope(Profile("out.prof", origin, (WALL_TIME,), functions, (Part("run", graph),)))


@pytest.fixture
def scope(tmp_path: Path) -> Scope:
    (tmp_path / "app.py").write_text(PROGRAM)
    (tmp_path / "out.prof").write_bytes(b"")
    os.utime(tmp_path / "app.py", (1_000_000, 1_000_000))
    return made(tmp_path)


@pytest.fixture
def rows(scope: Scope) -> SourceRows:
    return source_rows(scope, 0, WORK, Sources(scope.profile.origin.path))


def drawn(rows: SourceRows, row: int) -> dict[str, str]:
    return {column.key: cell.text for column, cell in zip(rows.columns, rows.cells(row), strict=True) if cell.text}


def test_lines_and_a_block_below_the_function(rows: SourceRows) -> None:
    texts = [rows.text(row) for row in range(len(rows))]
    assert texts[:8] == PROGRAM.splitlines()[:8]
    assert texts[8] == "work also calls 1 callee on lines that are not known:"
    assert texts[9] == "  hook␛[31m  /srv/hook.py:7"
    assert texts[10:] == PROGRAM.splitlines()[8:]
    assert [rows.row(row).line for row in (0, 7, 8, 9, 10)] == [1, 8, 0, 0, 9]


def test_figures_of_lines(rows: SourceRows) -> None:
    assert drawn(rows, 3) == {"self_share": "Σ6.7%", "self": "Σ1.000 ms", "line": "4", "text": "def work(x):"}
    assert drawn(rows, 4) == {
        "callees_share": "13.3%", "callees": "2.000 ms", "calls": "1", "line": "5", "text": "    load(x)",
    }  # fmt: skip
    for row in (5, 6):
        figures = drawn(rows, row)
        assert (figures["callees_share"], figures["callees"], figures["calls"]) == ("<=26.7%", "<=4.000 ms", "<=3")
    assert drawn(rows, 7) == {"line": "8", "text": "    return x"}
    assert drawn(rows, 9)["callees"] == "8.000 ms"


def test_costs_alone(scope: Scope) -> None:
    rows = source_rows(scope, 0, WORK, Sources(), base="absolute")
    assert [column.key for column in rows.columns] == ["self", "callees", "calls", "line", "text"]


def test_details_say_what_is_known(rows: SourceRows) -> None:
    assert rows.detail(3) == "line 4: self 1.000 ms is all of the function's: its lines were not measured"
    assert rows.detail(4) == "line 5: load 2.000 ms in 1 call"
    assert rows.detail(5) == "line 6: step 4.000 ms in 3 calls, on one of lines 6, 7"
    assert rows.detail(9) == "not known where: hook␛[31m 8.000 ms in 1 call"
    assert rows.detail(0).endswith("app.py:1")


def test_rows_and_their_keys(rows: SourceRows, scope: Scope) -> None:
    file = scope.functions.file[WORK]
    assert (rows.row_of(WORK), rows.row_of_line(9), rows.key(10)) == (3, 10, (file, 9))
    for row in (0, 7, 10):
        assert rows.row_at(rows.key(row)) == row
    assert [rows.row_at(key) for key in (None, 3, ("/other.py", 3), rows.key(9))] == [None] * 4
    assert [rows.function(row) for row in (0, 3, 7, 9, 10)] == [None, WORK, WORK, WORK, None]
    assert [call.callee for row in (4, 5, 9) for call in rows.calls(row)] == [LOAD, STEP, HOOK]


def test_the_costliest_lines_in_order(rows: SourceRows) -> None:
    """What is on one of two lines counts half on each; where the function begins stands no cost of that line."""
    assert rows.hot.tolist() == [4, 5, 6]
    assert rows.hot_around(3).tolist() == [4, 5, 6]


def test_search_is_in_the_text(rows: SourceRows) -> None:
    assert rows.find("STEP(").tolist() == [5, 6]
    assert rows.find("hook").tolist() == [9]


def test_records_are_in_seconds(rows: SourceRows, scope: Scope) -> None:
    record = rows.record(5)
    assert (record["name"], record["source_line"], record["text"], record["calls"]) == ("work", 6, "    step(x, 1)", 3)
    assert record["self"] == {"time": None}
    [callee] = record["callees"]
    assert (callee["lines"], callee["certain"], callee["inclusive"]) == ([6, 7], False, {"time": 0.004})
    assert rows.record(3)["self"] == {"time": 0.001}
    assert rows.record(3)["self_of"] == "function"
    assert rows.record(9)["callees"][0]["callee"]["name"] == "hook\x1b[31m", "data is not made safe"


def test_a_cost_above_the_total_is_unknown(rows: SourceRows) -> None:
    [load, *others] = rows.figures.calls
    above = replace(rows.figures, calls=(replace(load, cost=load.cost * 20), *others))
    assert drawn(replace(rows, figures=above), 4)["callees_share"] == "?"


def test_estimates_are_marked(rows: SourceRows) -> None:
    estimated = replace(rows, figures=replace(rows.figures, estimated=True))
    assert drawn(estimated, 3)["self_share"] == "~Σ6.7%"
    assert drawn(estimated, 5)["callees_share"] == "~26.7%"


def test_without_the_source_there_are_the_lines_that_have_figures(scope: Scope, tmp_path: Path) -> None:
    (tmp_path / "app.py").unlink()
    rows = source_rows(scope, 0, WORK, Sources())
    texts = [rows.text(row) for row in range(len(rows))]
    assert "is not here; --source-map" in " ".join(texts[:3])
    assert [rows.row(row).line for row in range(len(rows)) if rows.row(row).line] == [4]
    assert [call.callee for row in range(len(rows)) for call in rows.calls(row)] == [HOOK, STEP, LOAD]
    assert rows.detail(0) == texts[0]


# ------------------------------------------------------------------ what one should know about the file


def test_a_file_that_changed_is_told(scope: Scope, tmp_path: Path) -> None:
    sources = Sources(scope.profile.origin.path)
    assert remarks(source_rows(scope, 0, WORK, sources), sources) == []
    (tmp_path / "app.py").write_text("\n" + PROGRAM)
    os.utime(tmp_path / "app.py", (4e9, 4e9))
    sources.forget()
    rows = source_rows(scope, 0, WORK, sources)
    moved, newer = remarks(rows, sources)
    assert moved == "app.py has changed since the profile was made: line 4 does not begin work"
    assert newer.endswith("lines may have moved")
    assert rows.figures.calls_on == {}, "nothing is placed in a text that is not the function's"
    assert len(rows.figures.unplaced(WORK)) == 3


def test_a_file_that_is_shorter_now_is_told(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("x = 1\n")
    scope = made(tmp_path)
    assert moved_away(source_rows(scope, 0, WORK, Sources()), WORK).endswith("it has only 1 line now")


def test_a_text_that_is_no_python_places_nothing(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(PROGRAM + "print 'old'\n")
    sources = Sources()
    rows = source_rows(made(tmp_path), 0, WORK, sources)
    [remark] = remarks(rows, sources)
    assert "calls are not placed" in remark
    assert "(line 12)" in remark
    assert rows.text(rows.row_of(WORK)) == "def work(x):"


# ------------------------------------------------------------------ documents


def printed(scope: Scope, name: str) -> list[str]:
    return list(DOCUMENTS[name].lines(report_of(scope, Wanted("source", top=1, sort="inclusive")), Style()))


def test_a_document_shows_the_function_and_some_lines_around_it(scope: Scope) -> None:
    text = printed(scope, "text")
    numbers = [line.split("  ")[-2:] for line in text if "step(x" in line]
    assert len(numbers) == 2
    assert any(line.startswith("work  ") for line in text)
    assert any("<=26.7%" in line and "6      step(x, 1)" in line for line in text)
    rows = source_rows(scope, 0, WORK, Sources())
    assert window_of(rows, WORK) == (1, 11)


def test_json_and_csv_have_a_row_for_each_line(scope: Scope) -> None:
    rows = json.loads("\n".join(printed(scope, "json")))["rows"]
    assert [row["source_line"] for row in rows] == [1, 2, 3, 4, 5, 6, 7, 8, None, None, 9, 10, 11]
    table = printed(scope, "csv")
    assert table[0].endswith("mark,source_file,source_line,self_of,text")
    assert len(table) == 14


def test_the_figures_of_a_file_are_made_once(scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(scope: Scope, metric: int, file: str, sources: Sources) -> LineFigures:
        asked.append(file)
        return file_figures(scope, metric, file, sources)

    monkeypatch.setattr(source_view, "file_figures", counted)
    names = replace(scope.functions, file=(scope.functions.file[WORK],) * 4)
    same = Scope(replace(scope.profile, functions=names))
    assert len(report_of(same, Wanted("source")).sections) == 4
    assert asked == [scope.functions.file[WORK]]
