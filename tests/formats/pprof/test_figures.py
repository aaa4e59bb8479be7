"""Every sample, and every pprof file of the corpus, shows what `go tool pprof -top` does."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.errors import ProftuiError
from proftui.formats import load
from proftui.model import Profile

DATA = Path(__file__).parents[2] / "data" / "pprof"
FIGURES = json.loads((DATA / "figures.json").read_text())["files"]

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")

NAMED_HERE = ("go_heap.debug1.txt", "go_heap_debug1.txt")
"""Go writes names in comments, which pprof does not read and so knows no function."""

Entry = dict[str, Any]
Row = tuple[float, float]


def entries(*, bad: bool) -> list[Any]:
    """The manifest's entries of pprof, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in listed
        if entry["format"] == "pprof" and entry["path"].startswith("bad/") == bad
    ]


def shown(profile: Profile, metric: int) -> dict[str, Row]:
    """Self and inclusive cost by the name that pprof shows: that of the binary for what has an address alone."""
    functions = profile.functions
    names = [
        (name if not name.startswith("0x") else f"[{Path(binary).name}]" if binary else "<unknown>", file)
        for name, file, _, binary in functions.identities()
    ]
    ids = {name: number for number, name in enumerate(dict.fromkeys(names))}
    group_of = np.array([ids[name] for name in names], np.int32)
    rows: defaultdict[str, Row] = defaultdict(lambda: (0.0, 0.0))
    for part in profile.parts:
        assert part.tree is not None
        group = group_of[part.tree.function]
        own, inclusive = part.tree.self_cost[metric], part.tree.inclusive()[metric]
        first = part.tree.outermost_of(group)
        for (name, _), number in ids.items():
            flat, cum = rows[name]
            at = group == number
            rows[name] = flat + float(own[at].sum()), cum + float(inclusive[at & first].sum())
    return rows


def cleaned(rows: list[list[Any]]) -> dict[str, Row]:
    """Those of one name together, without the remark that calls were inlined."""
    found: defaultdict[str, Row] = defaultdict(lambda: (0.0, 0.0))
    for name, flat, cum in rows:
        whole = name.removesuffix(" (inline)").removesuffix(" (partial-inline)")
        found[whole] = found[whole][0] + float(flat), found[whole][1] + float(cum)
    return found


def total(profile: Profile, metric: int) -> float:
    return sum(float(part.graph.totals[metric]) for part in profile.parts)


@pytest.mark.parametrize("name", FIGURES)
def test_samples(name: str) -> None:
    profile = load(DATA / name)
    assert profile.origin.format == "pprof"
    assert profile.check() == []
    assert sorted(metric.name for metric in profile.metrics) == sorted(FIGURES[name])
    for number, metric in enumerate(profile.metrics):
        figures = FIGURES[name][metric.name]
        assert total(profile, number) == figures["total"]
        if name not in NAMED_HERE:
            costing = {at: row for at, row in shown(profile, number).items() if any(row) and at != "(no stack)"}
            assert costing == {at: row for at, row in cleaned(figures["top"]).items() if any(row)}


def number(text: str) -> float:
    """Of the manifest's "1760000000ns"; it has "Wall" for microseconds of "Wall time", which are nanoseconds here."""
    digits = text.rstrip("nsBWal")
    return float(digits) * (1000 if text.endswith("Wall") else 1)


@pytest.mark.parametrize("entry", entries(bad=False))
def test_corpus(entry: Entry) -> None:
    profile = load(CORPUS / entry["path"])
    assert profile.origin.format == "pprof"
    assert profile.check() == []
    expected = entry["expected"]
    first = expected["default_type"] or expected["sample_types"][-1]
    assert first.rpartition("/")[0] in profile.metrics[0].name
    for kind, figures in expected["by_type"].items():
        if "total" not in figures:  # the second half of that name
            continue
        metric = next(at for at, known in enumerate(profile.metrics) if kind.partition("/")[0] in known.name)
        assert total(profile, metric) == pytest.approx(number(figures["total"]), rel=1e-3)
        if Path(entry["path"]).name in NAMED_HERE:
            continue
        rows = shown(profile, metric)
        for name, (flat, cum) in cleaned([[n, number(f), number(c)] for n, f, c in figures["top_flat"]]).items():
            assert rows[name] == (flat, cum), name


@pytest.mark.parametrize("entry", entries(bad=True))
def test_bad_files(entry: Entry) -> None:
    path = CORPUS / entry["path"]
    if entry["expect"] == "accept":
        assert total(load(path), 0) == number(next(iter(entry["reference_figures"]["by_type"].values()))["total"])
        return
    if entry["expect"] == "either" and path.name.startswith("negative"):
        assert load(path).metrics[0].signed == bool(load(path).parts[0].graph.self_cost.min() < 0)
        return
    with pytest.raises(ProftuiError) as refused:
        load(path)
    assert str(refused.value).isprintable()
