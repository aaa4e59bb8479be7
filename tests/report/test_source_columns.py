"""The columns beside source lines, with figures that line_profiler 5.1.0 itself printed of its file `lines.lprof`.

Line #      Hits         Time  Per Hit   % Time  (time in µs)
14     35519      11954.7      0.3     32.1
15     35485      14786.5      0.4     39.7
16         1      10239.8  10239.8     27.5
23        40      29279.3    732.0     95.0
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from proftui.analysis.scope import Scope
from proftui.formats import load
from proftui.report.documents import DOCUMENTS, Style, report_of
from proftui.report.source import Sources
from proftui.report.source_page import source_rows
from proftui.report.source_rows import SourceRows
from proftui.report.wanted import Wanted

DATA = Path(__file__).parents[1] / "data"
PRIMES = 0


@pytest.fixture
def scope() -> Scope:
    return Scope(load(DATA / "lprof" / "lines.lprof"))


def drawn(rows: SourceRows, line: int) -> dict[str, str]:
    cells = rows.cells(rows.row_of_line(line))
    return {column.title: cell.text for column, cell in zip(rows.columns, cells, strict=True)}


@pytest.mark.parametrize(
    ("line", "hits", "time", "each", "share"),
    [
        (14, "35,519", "11.95 ms", "336.6 ns", "32.1%"),
        (15, "35,485", "14.79 ms", "416.7 ns", "39.7%"),
        (16, "1", "10.24 ms", "10.24 ms", "27.5%"),
        (23, "40", "29.28 ms", "732.0 µs", "95.0%"),
    ],
)
def test_what_line_profiler_prints(scope: Scope, line: int, hits: str, time: str, each: str, share: str) -> None:
    rows = source_rows(scope, 0, PRIMES, Sources(), second=1)
    figures = drawn(rows, line)
    assert (figures["hits"], figures["Cost"], figures["Per hit"], figures["Func%"]) == (hits, time, each, share)


def test_hits_stand_beside_time_unasked(scope: Scope) -> None:
    assert scope.profile.beside == 1
    text = "\n".join(DOCUMENTS["text"].lines(report_of(scope, Wanted("source")), Style()))
    assert [line.split() for line in text.splitlines() if "35,485" in line] == [
        ["21.7%", "39.7%", "14.79", "ms", "35,485", "416.7", "ns", "15"]
    ]


def test_hits_themselves_have_nothing_beside_them(scope: Scope) -> None:
    text = "\n".join(DOCUMENTS["text"].lines(report_of(scope, Wanted("source", metric=1)), Style()))
    assert "hits" not in [word for line in text.splitlines() if "Func%" in line for word in line.split()]
    assert "Per hit" not in text


def test_nothing_to_call_is_no_column(scope: Scope) -> None:
    titles = [column.title for column in source_rows(scope, 0, PRIMES, Sources()).columns]
    assert titles == ["Total%", "Func%", "Cost", "Line", "Source"]
    absolute = source_rows(scope, 0, PRIMES, Sources(), base="absolute", second=1)
    assert [column.title for column in absolute.columns] == ["Cost", "hits", "Per hit", "Line", "Source"]


def test_a_line_of_two_functions_has_no_share_of_one(scope: Scope) -> None:
    """Line 23 with twice its time, as if another function's were on it: more than all of `allocate`."""
    rows = source_rows(scope, 0, PRIMES, Sources())
    shared = replace(rows.figures, self_cost=np.where(rows.figures.line == 23, 2.0, 1.0) * rows.figures.self_cost)
    assert drawn(replace(rows, figures=shared), 23)["Func%"] == ""


def test_any_second_metric_stands_beside_the_first(tmp_path: Path) -> None:
    """main's own lines 3 and 4, the second of which calls sub."""
    dump = "events: Ir Dr\nfl=app.c\nfn=main\n3 100 40\n4 50 5\ncfn=sub\ncalls=2 9\n4 300 70\nfn=sub\n9 300 70\n"
    (tmp_path / "callgrind.out").write_text(dump)
    scope = Scope(load(tmp_path / "callgrind.out", lines=True))
    rows = source_rows(scope, 0, PRIMES, Sources(), second=1)
    assert [column.title for column in rows.columns] == [
        "Self%", "Self", "Calls%", "In calls", "Dr", "Calls", "Line", "Source"
    ]  # fmt: skip
    assert [(drawn(rows, line)["Self"], drawn(rows, line)["Dr"]) for line in (3, 4, 9)] == [
        ("100", "40"), ("50", "5"), ("300", "70")
    ]  # fmt: skip
    assert scope.profile.beside is None


def test_costs_of_whole_functions_have_no_share_of_themselves() -> None:
    """Benchmarks know no lines and no calls: their times stand where they begin."""
    scope = Scope(load(DATA / "pytest-benchmark" / "rounds.json"))
    rows = source_rows(scope, 0, 0, Sources())
    assert [column.title for column in rows.columns] == ["Self%", "Self", "Line", "Source"]
