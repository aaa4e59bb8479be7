"""The CSV report, read back by the csv module."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from proftui.analysis.scope import Scope
from proftui.model import Functions, Metric, Profile
from proftui.report.documents import DOCUMENTS, Style, report_of
from proftui.report.wanted import VIEWS, View, Wanted
from proftui.units import COUNT


def printed(scope: Scope, wanted: Wanted, style: Style) -> list[dict[str, str]]:
    lines = DOCUMENTS["csv"].lines(report_of(scope, wanted), style)
    return list(csv.DictReader("\n".join(lines).splitlines(keepends=True), strict=True))


def test_costs_are_in_seconds_and_the_header_says_so(scope: Scope) -> None:
    first = printed(scope, Wanted(), Style())[0]
    assert (first["name"], first["self_time_seconds"], first["inclusive_time_seconds"]) == ("step", "0.005", "0.01")
    assert (first["calls"], first["cycle"]) == ("", "false")


@pytest.mark.parametrize("view", VIEWS)
def test_every_row_has_the_columns_of_the_header(scope: Scope, view: View) -> None:
    rows = printed(scope, Wanted(view), Style())
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)


def test_callees_name_the_caller(scope: Scope) -> None:
    rows = printed(scope, Wanted("callees"), Style())
    assert ("main", "load", "0.002") in [
        (row["caller_name"], row["name"], row["inclusive_time_seconds"]) for row in rows
    ]


def test_metrics_are_unchanged_in_a_file_and_safe_on_a_terminal(profile: Profile) -> None:
    hostile = replace(profile, metrics=(Metric("\x1b[31mIr", COUNT),))
    assert "self_\x1b[31mIr_count" in printed(Scope(hostile), Wanted(), Style())[0]
    assert "self_␛[31mIr_count" in printed(Scope(hostile), Wanted(), Style(80))[0]


def test_names_are_unchanged_in_a_file_and_safe_on_a_terminal(profile: Profile) -> None:
    name = 'a,"b"\x1b[31m\nc'
    identities = profile.functions.identities()
    hostile = replace(profile, functions=Functions.of([(name, *identities[0][1:]), *identities[1:]]))
    assert name in [row["name"] for row in printed(Scope(hostile), Wanted(), Style())]
    assert 'a,"b"␛[31m␊c' in [row["name"] for row in printed(Scope(hostile), Wanted(), Style(80))]
