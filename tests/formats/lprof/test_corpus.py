"""Every file of line_profiler in the corpus shows what line_profiler reports, and every bad one is dealt with."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.analysis.scope import Scope
from proftui.errors import ProftuiError
from proftui.formats import load
from proftui.report.source import Sources
from proftui.report.source_page import source_rows

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")

Entry = dict[str, Any]


def entries(*, bad: bool) -> list[Any]:
    """The manifest's entries of line_profiler, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in listed
        if entry["format"] == "lprof" and entry["path"].startswith("bad/") == bad
    ]


@pytest.mark.parametrize("entry", entries(bad=False))
def test_figures(entry: Entry) -> None:
    profile = load(CORPUS / entry["path"])
    lines = profile.parts[0].lines
    assert profile.origin.format == "lprof"
    assert lines is not None
    expected = entry["expected"]
    assert len(profile.functions) == len(expected["functions"])
    for function in expected["functions"]:
        row = profile.functions.identities().index((function["name"], function["file"], function["line"], ""))
        time, hits = profile.parts[0].graph.self_cost[:, row].tolist()
        assert time == pytest.approx(function["time_units"] * expected["unit"] * 1e9, abs=0.5)
        assert hits == function["hits"]
        assert np.count_nonzero(lines.function == row) == function["lines"]


def printed(report: list[str]) -> dict[int, tuple[str, str]]:
    """By line number the hits and the share of the function that line_profiler's own report prints."""
    words = [line.split() for line in report]
    return {int(word[0]): (f"{int(word[1]):,}", word[4]) for word in words if len(word) > 5 and word[1].isdigit()}


@pytest.mark.parametrize("entry", entries(bad=False))
def test_the_source_view_is_as_the_text_report(entry: Entry) -> None:
    scope = Scope(load(CORPUS / entry["path"]))
    rows = source_rows(scope, 0, 0, Sources(), second=scope.profile.beside)
    expected = printed(entry["expected"]["text_report"])
    assert len(expected) > 10
    for line, (hits, share) in expected.items():
        cells = {
            column.key: cell.text for column, cell in zip(rows.columns, rows.cells(rows.row_of_line(line)), strict=True)
        }
        assert cells["second_self"] == hits
        assert float(cells["of_function"].strip("<%")) == pytest.approx(float(share), abs=0.101), line


@pytest.mark.parametrize("entry", entries(bad=True))
def test_bad_files(entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert entry["expect"] == "reject"
    with pytest.raises(ProftuiError) as refused:
        load(CORPUS / entry["path"])
    assert str(refused.value).isprintable()
    assert list(tmp_path.iterdir()) == []
