"""Every trace of the corpus shows what is counted in it and what speedscope's importer makes of it."""

from __future__ import annotations

import json
import os
import re
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.errors import ProftuiError
from proftui.formats import FORMATS, Source, load
from proftui.model import Profile

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")

REFUSED = {"huge_ts.json", "no_ts.json", "text_numbers.json"}
"""Of the files that may be refused or read: those without a time that can be added up."""

SAMPLED = re.compile("pyspy_busy|hermes")
MICROSECOND = 1e3
ARGUMENTS = re.compile(r" \{.*", re.DOTALL)
OWNER = re.compile(r"(?:.* \()?pid (\d+)\)?, (?:.* \()?tid (\d+)\)?", re.DOTALL)

Entry = dict[str, Any]


def entries(*, bad: bool) -> list[Any]:
    """The manifest's entries of traces, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in listed
        if entry["format"] == "trace" and entry["path"].startswith("bad/") == bad
    ]


def named(profile: Profile, function: int) -> str:
    """A function as VizTracer names it."""
    name, file, line, _ = profile.functions.identity(function)
    return f"{name} ({file}:{line})" if line >= 0 else name


def lasting(profile: Profile) -> tuple[Counter[str], defaultdict[str, float]]:
    """How often functions were called, and the sum of what their calls last, in microseconds."""
    calls: Counter[str] = Counter()
    summed: defaultdict[str, float] = defaultdict(float)
    for part in profile.parts:
        assert part.tree is not None
        timeline = part.tree.timeline
        if timeline is None:
            continue
        for row, start, end in zip(timeline.row.tolist(), timeline.start.tolist(), timeline.end.tolist(), strict=True):
            summed[named(profile, int(part.tree.function[row]))] += (end - start) / MICROSECOND
        assert part.graph.calls is not None
        for function, times in zip(part.graph.function.tolist(), part.graph.calls.tolist(), strict=True):
            calls[named(profile, function)] += int(times)
    return calls, summed


def assert_counted(profile: Profile, expected: Entry) -> None:
    """The manifest's plain counts over the events that are one call each."""
    phases = expected["events_by_phase"]
    timed = sum(phases.get(phase, 0) for phase in "XB")
    called = sum(int(np.nan_to_num(part.graph.calls).sum()) for part in profile.parts if part.graph.calls is not None)
    assert called in (timed, 0)
    if "B" in phases:
        return
    calls, summed = lasting(profile)
    assert len(calls) == expected["X_names"]
    for name, times, microseconds in expected["X_top_by_summed_dur"]:
        assert calls[name or "(unnamed)"] == times
        # each of a call's ends is rounded to a nanosecond, or a microsecond where the file's times are whole ones
        slack = times * (1.0 if microseconds == int(microseconds) else 0.001)
        assert summed[name or "(unnamed)"] == pytest.approx(microseconds, abs=slack)


def assert_as_speedscope(profile: Profile, seen: list[Entry]) -> None:
    """speedscope's totals and its self times by name; it tells calls apart by arguments, and its list may be cut."""
    parts = {(part.pid, part.tid): part for part in profile.parts}
    assert len(parts) == len(seen)
    for figures in seen:
        match = OWNER.fullmatch(figures["name"])
        assert match
        part = parts[int(match[1]), int(match[2])]
        assert part.graph.calls is None or part.graph.calls.all()
        assert float(part.graph.totals[0]) / MICROSECOND == pytest.approx(figures["non_idle"], rel=1e-9, abs=0.01)
        listed: defaultdict[str, float] = defaultdict(float)
        for name, _, microseconds in figures["top_self"]:
            listed[ARGUMENTS.sub("", name)] += microseconds
        shown: defaultdict[str, float] = defaultdict(float)
        for function, cost in zip(part.graph.function.tolist(), part.graph.self_cost[0].tolist(), strict=True):
            for name in {profile.functions.name[function], named(profile, function)}:
                shown[name] += cost / MICROSECOND
        complete = len(figures["top_self"]) == figures["frames"]
        for name, microseconds in listed.items():
            if not name.startswith("thread ("):
                close = pytest.approx(microseconds, rel=1e-6, abs=0.01)
                assert shown[name] == close or (not complete and shown[name] > microseconds), name


@pytest.mark.parametrize("entry", entries(bad=False))
def test_figures(entry: Entry) -> None:
    profile = load(CORPUS / entry["path"])
    assert profile.origin.format == "trace"
    assert profile.check() == []
    assert profile.origin.kind == ("sampled" if SAMPLED.search(entry["path"]) else "traced")
    expected = entry["expected"]
    if "profiles" in expected:
        assert_as_speedscope(profile, expected["profiles"])
        return
    assert_counted(profile, expected)
    seen = entry.get("witnesses", {}).get("speedscope")
    if isinstance(seen, list) and seen and OWNER.fullmatch(seen[0]["name"]):
        assert_as_speedscope(profile, seen)


@pytest.mark.parametrize("entry", entries(bad=True))
def test_bad_files(entry: Entry) -> None:
    path = CORPUS / entry["path"]
    if entry["expect"] == "reject" or path.name in REFUSED:
        with pytest.raises(ProftuiError) as refused:
            load(path)
        assert str(refused.value).isprintable()
        return
    profile = load(path)
    assert profile.check() == []
    if "reference_figures" in entry and path.name != "negative_dur.json":
        assert_counted(profile, entry["reference_figures"])


def test_every_file_is_told_by_its_content_alone() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the checkout")
    for entry in json.loads((CORPUS / "manifest.json").read_text())["files"]:
        if entry["path"].startswith("bad/"):
            continue
        with suppress(ProftuiError):
            head = Source(str(CORPUS / entry["path"])).head
            claimed = [known.name for known in FORMATS if known.sniff(head, "unknown")]
            assert ("trace" in claimed) == (entry["format"] == "trace"), entry["path"]
            assert entry["format"] != "trace" or claimed == ["trace"]
