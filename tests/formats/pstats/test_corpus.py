"""Every dump of pstats in the corpus shows what pstats itself says of it, and every bad one is dealt with."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.errors import ProftuiError
from proftui.formats import load
from proftui.formats.pstats import PSTATS
from proftui.model import NO_FILE, NO_LINE, Profile

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")

Entry = dict[str, Any]


def entries(*, bad: bool) -> list[Any]:
    """The manifest's entries of dumps of pstats, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in listed
        if entry["format"] == "prof" and entry["path"].startswith("bad/") == bad
    ]


class Figures:
    """A profile's rows and arcs by (file, line, name) as pstats writes it, times in seconds."""

    def __init__(self, profile: Profile) -> None:
        graph = profile.parts[0].graph
        self.keys = [
            (file, 0 if file == NO_FILE and line == NO_LINE else line, name)
            for name, file, line, _ in profile.functions.identities()
        ]
        self.graph = graph
        self.of = {key: row for row, key in enumerate(self.keys)}

    def row(self, key: tuple[str, int, str]) -> int:
        """The row of a function; the manifest drops what differs from run to run in a code object's text."""
        if key in self.of:
            return self.of[key]
        (row,) = [
            row
            for row, (file, line, name) in enumerate(self.keys)
            if (file, line) == key[:2] and name.startswith(key[2].removesuffix(">"))
        ]
        return row


def numbers(column: Any, row: int) -> float | None:
    """One number of a column that may not be there."""
    return None if column is None else float(column[row])


@pytest.mark.parametrize("entry", entries(bad=False))
def test_totals(entry: Entry) -> None:
    profile, expected = load(CORPUS / entry["path"]), entry["expected"]
    graph = profile.parts[0].graph
    assert len(graph) == expected["functions"] + expected["callers_not_in_table"]
    assert graph.arcs == expected["caller_edges"]
    assert graph.totals[0] == pytest.approx(expected["total_tt"] * 1e9, rel=1e-9, abs=len(graph))
    if expected["total_calls"] < 0:
        assert graph.calls is graph.primitive_calls is None
    else:
        assert graph.calls is not None
        assert graph.primitive_calls is not None
        assert np.nansum(graph.calls) == expected["total_calls"]
        assert np.nansum(graph.primitive_calls) == expected["prim_calls"]


@pytest.mark.parametrize("entry", entries(bad=False))
def test_first_functions(entry: Entry) -> None:
    figures, expected = Figures(load(CORPUS / entry["path"])), entry["expected"]
    graph = figures.graph
    for order in ("top_tottime", "top_cumtime", "top_calls"):
        for one in expected[order]:
            row = figures.row((one["file"], one["line"], one["function"]))
            assert graph.self_cost[0, row] == pytest.approx(one["tottime"] * 1e9, abs=1)
            assert graph.inclusive[0, row] == pytest.approx(one["cumtime"] * 1e9, abs=1)
            assert numbers(graph.calls, row) == (one["total_calls"] if one["total_calls"] >= 0 else None)
            assert numbers(graph.primitive_calls, row) == (one["prim_calls"] if one["prim_calls"] >= 0 else None)
            assert len(graph.callers_of(row)) == one["callers"]
    for column, order, field in (
        (graph.self_cost, "top_tottime", "tottime"),
        (graph.inclusive, "top_cumtime", "cumtime"),
    ):
        largest = np.sort(column[0])[::-1][: len(expected[order])]
        assert largest == pytest.approx([one[field] * 1e9 for one in expected[order]], abs=1)


@pytest.mark.parametrize("entry", entries(bad=False))
def test_neighbours_of_the_busiest_function(entry: Entry) -> None:
    figures, busiest = Figures(load(CORPUS / entry["path"])), entry["expected"]["busiest"]
    graph, row = figures.graph, figures.row(tuple(busiest["function"]))
    for way, arcs, other in (
        ("callers", graph.callers_of(row), graph.caller),
        ("callees", graph.callees_of(row), graph.callee),
    ):
        found = {int(other[arc]): arc for arc in arcs}
        for file, line, name, value in busiest[way]:
            arc = found[figures.row((file, line, name))]
            if isinstance(value, int):
                assert numbers(graph.arc_calls, arc) == value
                assert np.isnan(graph.arc_cost[0, arc])
                continue
            calls, primitive, own, cumulative = value
            assert numbers(graph.arc_calls, arc) == (calls if calls >= 0 else None)
            assert numbers(graph.arc_primitive_calls, arc) == (primitive if primitive >= 0 else None)
            assert graph.arc_self is not None
            assert graph.arc_self[0, arc] == pytest.approx(own * 1e9, abs=1)
            assert graph.arc_cost[0, arc] == pytest.approx(cumulative * 1e9, abs=1)


@pytest.mark.parametrize("entry", entries(bad=True))
def test_bad_files(entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path, refused, profile = CORPUS / entry["path"], "", None
    try:
        profile = load(path)
    except ProftuiError as error:
        refused = str(error)
    assert entry["expect"] in (("accept", "either") if profile else ("reject", "either")), refused
    if profile is None:
        assert path.name in refused
        assert refused.isprintable()
    elif entry["expect"] == "accept":
        expected = entry["reference_figures"]
        assert len(profile.functions) == expected["functions"] + expected["callers_not_in_table"]
        assert profile.parts[0].graph.totals[0] == pytest.approx(expected["total_tt"] * 1e9, rel=1e-9)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the checkout")
def test_nothing_else_is_taken_for_pstats() -> None:
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    taken = set()
    for entry in listed:
        path = CORPUS / entry["path"]
        with path.open("rb") as stream:
            if path.is_file() and PSTATS.sniff(stream.read(1 << 16), path.name):
                taken.add(entry["path"])
    of_pstats = {
        entry["path"] for entry in listed if entry["format"] == "prof" and not entry["path"].startswith("bad/")
    }
    assert of_pstats <= taken
    assert {path for path in taken - of_pstats if not path.startswith("bad/prof/")} == {"made/tachyon/app.prof"}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the checkout")
def test_tachyon() -> None:
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    (expected,) = [entry["expected"] for entry in listed if entry["path"] == "made/tachyon/app.prof"]
    profile = load(CORPUS / "made/tachyon/app.prof")
    figures = Figures(profile)
    assert profile.origin.kind == "sampled"
    assert len(profile.functions) == expected["functions"]
    time, samples = figures.graph.totals
    assert time == pytest.approx(expected["sum_of_self_seconds"] * 1e9, rel=1e-9)
    assert samples == expected["sum_of_first_counts"]
    for key, samples, on_stack, own, cumulative in expected["top_self"]:
        row = figures.row(tuple(key))
        assert figures.graph.self_cost[:, row].tolist() == [pytest.approx(own * 1e9, abs=1), samples]
        assert figures.graph.inclusive[:, row].tolist() == [pytest.approx(cumulative * 1e9, abs=1), on_stack]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the checkout")
@pytest.mark.parametrize("group", ["jobs", "werkzeug", "pytest_profiling"])
def test_groups(group: str) -> None:
    from proftui.formats import load_all
    from proftui.model import merge

    listed = json.loads((CORPUS / "manifest.json").read_text())["groups"]
    (one,) = [entry for entry in listed if entry["name"] == group]
    whole = load_all([CORPUS / member for member in one["members"]])
    graph, expected = merge(whole), one["expected_sum"]
    assert [part.label for part in whole.parts] == [Path(member).name for member in one["members"]]
    assert (len(graph), graph.arcs) == (expected["functions"], expected["caller_edges"])
    assert graph.calls is not None
    assert graph.calls.sum() == expected["total_calls"]
    assert graph.totals[0] == pytest.approx(expected["total_tt"] * 1e9, rel=1e-9, abs=len(graph) * len(whole.parts))
