"""Every callgrind file of the corpus against what callgrind_annotate and KCachegrind show of it."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.errors import Malformed
from proftui.formats import ReadOptions, Source
from proftui.formats.callgrind import CALLGRIND, siblings
from proftui.model import CallGraph, Floats, Profile, combine, merge
from proftui.model.inclusive import sums

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
FOLDERS = ("made/callgrind", "made/xdebug", "made/kgrind", "peers/callgrind")
STORED = {"Time_(10ns)": 10.0, "sysTime": 1e6}
"""Stored units (nanoseconds) in one of the file's."""

NOT_KCACHEGRINDS = {
    "callgrind.ss_subposition-compression.log": "it gives costs a sign; KCachegrind drops such costs, "
    "callgrind_annotate counts them",
}
"""Files whose totals are not those of KCachegrind's loader, with the reason."""


KNOWN: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parents[2] / "data/callgrind/kcachegrind_differs.json").read_text()
)
"""Functions whose inclusive cost is not what KCachegrind shows, by file, with the reason; members of cycles are
listed when KCachegrind's figure is outside their bounds. See `derive_inclusive` for what is shown instead."""

WITHOUT_LINES = ("callgrind.out.threads_instr_noline",)


def manifest() -> dict[str, Any]:
    path = CORPUS / "manifest.json"
    return json.loads(path.read_bytes()) if path.exists() else {"files": [], "groups": []}


def entries(*folders: str) -> list[Any]:
    found = [entry for entry in manifest()["files"] if entry["path"].startswith(folders)]
    if not found:
        return [pytest.param(None, marks=pytest.mark.skip(reason="the corpus is not beside the checkout"))]
    return [pytest.param(entry, id=entry["path"]) for entry in found]


@lru_cache(maxsize=2)
def profile_of(path: str) -> Profile:
    source = Source(str(CORPUS / path))
    assert CALLGRIND.sniff(source.head, source.name)
    return CALLGRIND.read(source, ReadOptions(lines=True))


def valid(entry: dict[str, Any]) -> Profile:
    if entry["bytes"] == 0:
        pytest.skip("empty: valgrind leaves such a file beside those of the threads")
    return profile_of(entry["path"])


def in_units_of_the_file(profile: Profile, event: str, numbers: Floats) -> Floats:
    """The row of an event; `numbers` has one for each of the profile's metrics."""
    names = [metric.name for metric in profile.metrics]
    event = {"elapsed ms) (sysTime": "sysTime"}.get(event, event)
    figures: Floats = numbers[names.index(event)] / STORED.get(event, 1.0)
    return figures


def totals_of(entry: dict[str, Any]) -> dict[str, float]:
    stated = entry.get("sum_of_the_lines") or entry["witnesses"]["kcachegrind"]["totals"]
    return dict(stated)


@pytest.mark.parametrize("entry", entries(*FOLDERS))
def test_totals_are_the_sums_of_the_lines(entry: dict[str, Any]) -> None:
    profile = valid(entry)
    if Path(entry["path"]).name in NOT_KCACHEGRINDS:
        expected = {e: figures["total"] for e, figures in entry["expected"]["callgrind_annotate"].items()}
    else:
        expected = totals_of(entry)
    totals = merge(profile).totals
    assert {event: in_units_of_the_file(profile, event, totals) for event in expected} == expected


def annotated(entry: dict[str, Any]) -> dict[str, list[tuple[str, float]]]:
    """callgrind_annotate's self costs of the top functions by event; nothing where it gave up on the file."""
    expected = entry["expected"]
    if "warnings" in expected:
        return {}
    if "top_self" in expected:
        return {expected["events"][0]: expected["top_self"]}
    figures = expected.get("callgrind_annotate", {})
    if any("warnings" in each for each in figures.values()):
        return {}
    return {event: each.get("top_self", []) for event, each in figures.items()}


def callers_of_calls_begun_before(entry: dict[str, Any]) -> set[str]:
    """Functions with a line "calls=0", the cost behind which callgrind_annotate takes for self cost."""
    names: dict[str, str] = {}
    callers = set()
    name = ""
    for line in Source(str(CORPUS / entry["path"])).read().decode("latin1").split("\n"):
        if match := re.fullmatch(r"(c?)fn=(\([0-9]+\)|) ?(.*)", line):
            called, number, spelled = match.groups()
            names[number] = spelled or names.get(number, "")
            name = name if called else names[number]
        elif line.startswith("calls=0 "):
            callers.add(name)
    return callers


@pytest.mark.parametrize("entry", entries(*FOLDERS))
def test_self_costs_by_file_and_function_are_those_of_callgrind_annotate(entry: dict[str, Any]) -> None:
    profile = valid(entry)
    lines = profile.parts[0].lines
    if lines is None:
        assert Path(entry["path"]).name in WITHOUT_LINES
        return
    resumed = callers_of_calls_begun_before(entry)
    for event, top in annotated(entry).items():
        added: dict[str, float] = defaultdict(float)
        cost = in_units_of_the_file(profile, event, lines.cost)
        for function, file, value in zip(lines.function.tolist(), lines.file.tolist(), cost.tolist(), strict=True):
            if profile.functions.name[function] not in resumed:
                added[f"{lines.files[file] or '???'}:{profile.functions.name[function]}"] += value
        for key, value in top:
            plain = key.rpartition(" [")[0] or key
            if "... (+" not in key and not plain.endswith(tuple(f":{name}" for name in resumed)):
                assert value in (added.get(key), added.get(plain)), key


def shown_by_kcachegrind(entry: dict[str, Any]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """KCachegrind's top functions by inclusive cost, "NAME (OBJECT)", by event."""
    witness = entry["witnesses"]["kcachegrind"]
    by_event = entry["witnesses"].get("kcachegrind_by_event", {})
    first = next(iter(witness["totals"]), "")
    return {first: witness["top_inclusive"], **{event: each["top_inclusive"] for event, each in by_event.items()}}


def rows_by_name(profile: Profile, graph: CallGraph) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, function in enumerate(graph.function.tolist()):
        name, _, _, where = profile.functions.identity(function)
        rows[f"{name} ({where.replace('???', '')})"].append(row)
    return rows


def differences(entry: dict[str, Any], profile: Profile) -> dict[str, str]:
    """Why a function's inclusive cost is not KCachegrind's, for those of which it is not, by event and function."""
    graph = merge(profile)
    rows = rows_by_name(profile, graph)
    cycle = np.bincount(graph.component)[graph.component] > 1
    calls = np.zeros(len(graph)) if graph.calls is None else graph.calls
    others = graph.caller != graph.callee
    callees = sums(graph.caller[others], graph.arc_cost[:, others], len(graph))
    lower = graph.inclusive if graph.inclusive_low is None else graph.inclusive_low
    found = {}
    for event, top in shown_by_kcachegrind(entry).items():
        own, high, low, outgoing = (
            in_units_of_the_file(profile, event, each) for each in (graph.self_cost, graph.inclusive, lower, callees)
        )
        for name, figures in top:
            if name.startswith(("<cycle ", " (")) or name == "()" or "... (+" in name:
                continue
            same = [row for row in rows[name] if (own[row], calls[row]) == (figures["self"], int(figures["called"]))]
            if not same:
                found[f"{event}: {name}"] = "several functions, or costs with a sign"
            elif not low[same[0]] <= figures["inclusive"] <= high[same[0]]:
                row = same[0]
                found[f"{event}: {name}"] = (
                    "KCachegrind finds no cycle" if cycle[row]
                    else "it and its callees cost more than its callers say" if high[row] == own[row] + outgoing[row]
                    else "numbers of calls are unknown"
                )  # fmt: skip
    return found


@pytest.mark.parametrize("entry", entries(*FOLDERS))
def test_inclusive_costs_are_those_of_kcachegrind(entry: dict[str, Any]) -> None:
    profile = valid(entry)
    assert differences(entry, profile) == KNOWN.get(entry["path"], {})


@pytest.mark.parametrize(
    ("name", "files"),
    [("threads_separate", 3), ("parts_ls", 11)],
)
def test_groups_of_dumps_are_shown_as_kcachegrind_shows_them_together(name: str, files: int) -> None:
    groups = [group for group in manifest()["groups"] if group["name"] == name]
    if not groups:
        pytest.skip("the corpus is not beside the checkout")
    members = [str(CORPUS / member) for member in groups[0]["members"]]
    paths = siblings(members[1])
    assert set(paths) == {member for member in members if Path(member).stat().st_size}
    assert len(paths) == files
    for member in members:
        assert siblings(member) == paths
    profile = combine([CALLGRIND.read(Source(path), ReadOptions()) for path in paths], name)
    expected = groups[0]["expected_together"]["kcachegrind"]
    graph = merge(profile)
    assert graph.totals.tolist() == [expected["totals"]["Ir"]]
    rows = rows_by_name(profile, graph)
    for shown, figures in expected["top_inclusive"]:
        found = [(graph.inclusive[0, row], graph.self_cost[0, row], graph.calls[row]) for row in rows[shown]]  # type: ignore[index]
        assert (figures["inclusive"], figures["self"], int(figures["called"])) in found, shown


def refused(entry: dict[str, Any]) -> str:
    try:
        CALLGRIND.read(Source(str(CORPUS / entry["path"])), ReadOptions(lines=True))
    except Malformed as error:
        return str(error)
    return ""


@pytest.mark.parametrize("entry", entries("bad/callgrind", "bad/xdebug"))
def test_bad_files_are_refused_or_read_as_the_manifest_says(entry: dict[str, Any]) -> None:
    expect = {"reject": True, "accept": False}.get(entry["expect"], bool(refused(entry)))
    sentence = refused(entry)
    assert bool(sentence) == expect
    assert sentence in ("", "is empty") or "(line " in sentence
