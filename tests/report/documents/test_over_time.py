"""Reports of quantities over time alone: of no cost it is said that it was 0."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from proftui.analysis.scope import Scope
from proftui.model import Profile
from proftui.report.documents import DOCUMENTS, Style, report_of
from proftui.report.wanted import VIEWS, View, Wanted

SCHEMA: dict[str, Any] = json.loads(files("proftui.report").joinpath("schema/report-1.json").read_text("utf-8"))


def printed(profile: Profile, name: str, view: View = "functions") -> str:
    return "\n".join(DOCUMENTS[name].lines(report_of(Scope(profile), Wanted(view)), Style()))


@pytest.mark.parametrize("view", VIEWS)
def test_totals_in_json_are_unknown(over_time: Profile, view: View) -> None:
    report = json.loads(printed(over_time, "json", view))
    jsonschema.validate(report, SCHEMA)
    assert report["profile"]["metrics"] == [{"name": "memory", "unit": "bytes", "total": None}]
    assert report["profile"]["parts"][0]["total"] == {"memory": None}


def test_the_list_of_parts_has_no_total(over_time: Profile) -> None:
    title, row = printed(over_time, "text", "parts").splitlines()[-2:]
    assert title.split()[:3] == ["Share", "Total", "Functions"]
    assert row.split() == ["0", "m.dat", "file"], "no function, and no total beside"


@pytest.mark.parametrize("name", ["dot", "svg", "html"])
def test_pictures_say_that_nothing_was_measured(over_time: Profile, name: str) -> None:
    text = printed(over_time, name)
    assert "not measured" in text
    assert "0 in total" not in text
