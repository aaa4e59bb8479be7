"""The summary as text, Markdown and JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from proftui.analysis.scope import Scope
from proftui.formats import load
from proftui.model import Series
from proftui.report.documents import DOCUMENTS, Style, report_of
from proftui.report.wanted import Wanted
from proftui.units import BYTES

DATA = Path(__file__).parents[2] / "data"

SCHEMA: dict[str, Any] = json.loads(files("proftui.report").joinpath("schema/report-1.json").read_text("utf-8"))


def lines(scope: Scope, name: str, style: Style | None = None) -> list[str]:
    return list(DOCUMENTS[name].lines(report_of(scope, Wanted("summary")), style or Style()))


def test_text_has_every_section(scope: Scope) -> None:
    text = lines(scope, "text")
    titles = ("Most self cost  5 of 5 functions", "Most inclusive cost", "Heaviest path", "Findings")
    assert [title for title in titles if title not in text] == []
    assert "   33.3%   5.000 ms  step                                     /srv/app/step.py:13" in text
    assert max(map(len, text)) <= 100


def test_text_fits_the_terminal(scope: Scope) -> None:
    assert max(map(len, lines(scope, "text", Style(60)))) <= 60


def test_json_holds_the_figures_in_seconds(scope: Scope) -> None:
    report = json.loads("\n".join(lines(scope, "json")))
    jsonschema.validate(report, SCHEMA)
    summary = report["summary"]
    assert [(top["name"], top["cost"]) for top in summary["self"][:2]] == [("step", 0.005), ("leaf", 0.004)]
    assert [(step["name"], step["inclusive"], step["mark"]) for step in summary["path"]][:2] == [
        ("main", 0.015, ""), ("walk", 0.012, ""),
    ]  # fmt: skip
    assert (summary["depth"], summary["passing_on"], summary["written"]) == (5, 0, None)
    assert sum(package["self"] for package in summary["packages"]) == pytest.approx(0.015)
    assert [row["name"] for row in report["rows"]][:2] == ["step", "leaf"]


def test_a_summary_belongs_to_its_view_alone(scope: Scope) -> None:
    report = json.loads("\n".join(lines(scope, "json")))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**report, "view": "functions"}, SCHEMA)
    del report["summary"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, SCHEMA)


def test_markdown_has_tables(scope: Scope) -> None:
    text = lines(scope, "markdown")
    assert "#### Heaviest path" in text
    assert "| 33.3% | 5.000 ms | `step` | /srv/app/step.py:13 |" in text


def test_quantities_over_time_are_in_each_form(scope: Scope) -> None:
    memory = Series("memory", BYTES, np.array([0.0, 1.5, 2.0]), np.array([1.0, 3.0, 2.0]) * 2**20)
    over = Scope(replace(scope.profile, series=(memory,)))
    report = json.loads("\n".join(lines(over, "json")))
    jsonschema.validate(report, SCHEMA)
    assert report["profile"]["series"] == [
        {"label": "memory", "unit": "bytes", "measurements": 3, "peak": 3 * 2**20, "peak_seconds": 1.5, "last": 2**21}
    ]
    said = "memory: peak 3.000 MiB at 1.500 s, last 2.000 MiB, 3 measurements"
    assert said in "\n".join(lines(over, "markdown"))
    assert said in "\n".join(lines(over, "text"))


def test_lines_were_timed_not_calls() -> None:
    scope = Scope(load(DATA / "lprof" / "lines.lprof"))
    assert lines(scope, "text")[0] == (
        "lines.lprof: lprof, traced: each line was seen; short lines look dearer than they are"
    )


def test_imports_were_seen_not_calls() -> None:
    scope = Scope(load(DATA / "importtime" / "app_3.13.0.importtime"))
    assert lines(scope, "text")[0].startswith("app_3.13.0.importtime: importtime, traced: each import was seen")


def test_benchmarks_were_timed_not_calls() -> None:
    rounds = Scope(load(DATA / "pytest-benchmark" / "rounds.json"))
    assert lines(rounds, "text")[0] == (
        "rounds.json: pytest-benchmark, timed as a whole: what ran within each row was not seen"
    )
    assert "traced: each call was seen" in " ".join(
        lines(Scope(load(DATA / "pytest-benchmark" / "cprofile.json")), "text")
    )


def test_why_there_is_nothing_inclusive_and_no_path() -> None:
    text = lines(Scope(load(DATA / "scalene" / "keep_1.5.51.json")), "text")
    for title in ("Most inclusive cost", "Heaviest path"):
        assert text[text.index(title) + 1].strip() == "not known: what calls what is not in the profile"


def test_one_further_metric_is_one() -> None:
    text = " ".join(lines(Scope(load(DATA / "pprof" / "go_heap.pb.gz")), "text")[:4])
    assert "1 more metric, 88 functions" in text
