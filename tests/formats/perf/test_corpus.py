"""Every file of perf in the corpus shows what stackcollapse-perf.pl makes of it, and every bad one is dealt with."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.errors import ProftuiError
from proftui.formats import load
from proftui.model import Profile
from proftui.units import SAMPLES

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")

Entry = dict[str, Any]

_ADDRESS = re.compile(r"( \d+)?( \[\d+\])?\Z")
_IN = "[unknown] in "


def entries(*, bad: bool) -> list[Any]:
    """The manifest's entries of perf, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in listed
        if entry["format"] == "perf" and entry["path"].startswith("bad/") == bad
    ]


def collapsed(path: Path, into: Path) -> Path:
    """What stackcollapse-perf.pl reads of a file: it leaves out a sample at the end without a blank line behind it."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    into.write_bytes(data[: data.rindex(b"\n\n") + 2])
    return into


def leaf_name(name: str) -> str:
    """The name that stackcollapse-perf.pl writes: without arguments, and for what has none the binary."""
    if name.startswith(_IN):
        return f"[{name.removeprefix(_IN)}]"
    return name if name.startswith("[") else name.partition("(")[0]


def leaves(profile: Profile, metric: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for part in profile.parts:
        for row in np.flatnonzero(part.graph.self_cost[metric]).tolist():
            name = leaf_name(profile.functions.name[part.graph.function[row]])
            found[name] += int(part.graph.self_cost[metric, row])
    return found


def roots(profile: Profile, metric: int) -> Counter[str]:
    """What threads of each name cost."""
    found: Counter[str] = Counter()
    for part in profile.parts:
        found[_ADDRESS.sub("", part.label).replace(" ", "_")] += int(part.graph.totals[metric])
    return found


@pytest.mark.parametrize("entry", entries(bad=False))
def test_valid_files(entry: Entry, tmp_path: Path) -> None:
    assert load(CORPUS / entry["path"]).breaches() == []
    figures = entry["expected"]
    if "total" not in figures:
        return
    profile = load(collapsed(CORPUS / entry["path"], tmp_path / "unknown"))
    names = [metric.name for metric in profile.metrics]
    first = next((event for event in figures["header_lines_by_event"] if event in names), names[0])
    metric = names.index(first)
    found = leaves(profile, metric)
    assert found.total() == figures["total"]
    assert roots(profile, metric) >= Counter(dict(figures["top_root"]))
    for name, cost in figures["top_leaf"]:
        if re.fullmatch(r"[\w.@]+|\[.*\]", name):
            assert found[name] == cost, name


@pytest.mark.parametrize("entry", entries(bad=False))
def test_events_without_periods_have_a_sample_a_header(entry: Entry) -> None:
    profile = load(CORPUS / entry["path"])
    for at, metric in enumerate(profile.metrics):
        headers = entry["expected"]["header_lines_by_event"].get(metric.name)
        if headers and metric.unit is SAMPLES:
            assert sum(part.graph.totals[at] for part in profile.parts) == headers


@pytest.mark.parametrize("entry", entries(bad=True))
def test_bad_files(entry: Entry) -> None:
    if entry["expect"] == "reject":
        with pytest.raises(ProftuiError) as refused:
            load(CORPUS / entry["path"])
        assert str(refused.value).isprintable()
        return
    profile = load(CORPUS / entry["path"])
    assert profile.breaches() == []
    # the reference takes a name of 10,000 characters for a thread's, which Linux keeps to 15
    headers = sum(entry["reference_figures"]["header_lines_by_event"].values())
    assert len(profile.parts) >= headers - 1 if entry["kind"] == "hostile names" else profile.parts
