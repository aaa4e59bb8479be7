"""The JSON report: its figures by hand, its form by the schema."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import numpy as np
import pytest

from proftui.analysis.scope import Scope
from proftui.model import CallGraph, Functions, Metric, Origin, Part, Profile
from proftui.report.documents import DOCUMENTS, Style, report_of
from proftui.report.wanted import VIEWS, View, Wanted
from proftui.units import BYTES, TIME

SCHEMA: dict[str, Any] = json.loads(files("proftui.report").joinpath("schema/report-1.json").read_text("utf-8"))


def printed(scope: Scope, wanted: Wanted) -> dict[str, Any]:
    report: dict[str, Any] = json.loads("\n".join(DOCUMENTS["json"].lines(report_of(scope, wanted), Style())))
    jsonschema.validate(report, SCHEMA)
    return report


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_what_was_measured(scope: Scope) -> None:
    report = printed(scope, Wanted())
    assert report["schema"] == "proftui.report/1"
    assert report["profile"]["kind"] == "sampled"
    assert report["profile"]["metrics"] == [{"name": "time", "unit": "seconds", "total": 0.015}]
    assert (report["profile"]["functions"], report["profile"]["calls"]) == (5, None)
    assert (report["view"], report["metric"], report["sort"]) == ("functions", "time", "self")
    assert [part["label"] for part in report["profile"]["parts"]] == ["run"]


def test_functions_in_order_with_costs_in_seconds(scope: Scope) -> None:
    rows = printed(scope, Wanted(top=2))["rows"]
    assert [(row["name"], row["self"]["time"], row["inclusive"]["time"]) for row in rows] == [
        ("step", 0.005, 0.010),
        ("leaf", 0.004, 0.004),
    ]
    assert rows[0]["file"] == "/srv/app/step.py"
    assert (rows[0]["line"], rows[0]["module"], rows[0]["calls"]) == (13, "srv.app.step", None)


def test_truncation_is_said(scope: Scope) -> None:
    assert printed(Scope(scope.profile, cycles=False), Wanted(top=2))["truncated"] == {"shown": 2, "of": 5}


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_valid(scope: Scope, view: View) -> None:
    assert printed(scope, Wanted(view))["rows"]


def test_callers_name_both_ends(scope: Scope) -> None:
    rows = printed(scope, Wanted("callers", sort="name"))["rows"]
    arcs = {(row["caller"]["name"], row["callee"]["name"]): row["inclusive"]["time"] for row in rows}
    assert arcs == {
        ("main", "load"): 0.002,
        ("main", "walk"): 0.012,
        ("walk", "step"): 0.010,
        ("step", "walk"): 0.005,
        ("walk", "leaf"): 0.004,
    }


def test_the_tree_goes_from_the_root_down(scope: Scope) -> None:
    rows = printed(scope, Wanted("tree"))["rows"]
    assert [(row["depth"], row["name"], row["inclusive"]["time"], row["mark"]) for row in rows] == [
        (0, "main", 0.015, ""),
        (1, "walk", 0.012, ""),
        (2, "step", 0.010, ""),
        (3, "walk", 0.005, ""),
        (4, "leaf", 0.004, ""),
        (1, "load", 0.002, ""),
    ]
    assert rows[1]["caller"]["name"] == "main"
    assert rows[0]["caller"] is None


def test_what_was_not_measured_is_null() -> None:
    graph = CallGraph(
        function=np.array([0], np.int32),
        self_cost=np.array([[2e9], [np.nan]]),
        inclusive=np.array([[2e9], [np.nan]]),
        caller=np.zeros(0, np.int32),
        callee=np.zeros(0, np.int32),
        arc_cost=np.zeros((2, 0)),
        calls=np.array([np.nan]),
    )
    functions = Functions.of([("\x1b[31mf\ud800", "~", -1, "")])
    metrics = (Metric("time", TIME), Metric("heap", BYTES))
    profile = Profile("p", Origin("p", "test"), metrics, functions, (Part("p", graph, (0, 1)),))
    report = printed(Scope(profile), Wanted())
    (row,) = report["rows"]
    assert row["self"] == {"time": 2.0, "heap": None}
    assert (row["file"], row["line"], row["module"], row["calls"]) == (None, None, None, None)
    assert report["profile"]["calls"] is None
    assert [metric["total"] for metric in report["profile"]["metrics"]] == [2.0, None]
    assert "heap not measured" in next(DOCUMENTS["text"].lines(report_of(Scope(profile), Wanted(metric=1)), Style()))


def test_nothing_from_a_profile_can_steer_a_terminal(profile: Profile) -> None:
    hostile = replace(profile, name="a\x1b]0;x\x07\u202e", notes=("\x1b[2J",))
    text = "\n".join(DOCUMENTS["json"].lines(report_of(Scope(hostile), Wanted()), Style()))
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text)["profile"]["name"] == "a\x1b]0;x\x07\u202e"
