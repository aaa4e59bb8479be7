"""Every file of memory_profiler in the corpus shows what `mprof peak` reports, and every bad one is dealt with."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from proftui.formats import load
from tests.mutations import READ, REFUSED, outcome

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")


def entries(*, bad: bool) -> list[Any]:
    """The manifest's entries of memory_profiler, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in listed
        if entry["format"] == "mprof" and entry["path"].startswith("bad/") == bad
    ]


@pytest.mark.parametrize("entry", entries(bad=False))
def test_figures(entry: dict[str, Any]) -> None:
    profile = load(CORPUS / entry["path"])
    assert profile.origin.format == "mprof"
    peaks = [float(number) for line in entry["expected"]["peak"] for number in re.findall(r"([0-9.]+) MiB", line)]
    assert [series.value.max() / (1 << 20) for series in profile.series] == pytest.approx(peaks, abs=5.1e-4)
    lines = entry["expected"]["lines"]
    assert sum(len(series.value) for series in profile.series) == lines["MEM"] + lines["CHLD"]
    calls = profile.parts[0].graph.calls
    assert (0 if calls is None else calls.sum()) == lines["FUNC"]


@pytest.mark.parametrize("entry", entries(bad=True))
def test_bad_files(entry: dict[str, Any]) -> None:
    path = str(CORPUS / entry["path"])
    assert outcome(path) in ((REFUSED,) if entry["expect"] == "reject" else (READ, REFUSED))
