"""Every speedscope file of the corpus shows what speedscope's own importer does, and every bad one is dealt with."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from proftui.errors import ProftuiError
from proftui.formats import Source, detect, load
from proftui.formats.speedscope.measures import MEASURES
from proftui.model import Part, Profile

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")

VALID_AFTER_ALL = "bad/speedscope/truncated_minus1.speedscope.json"
"""Only the line break behind the JSON was cut off."""

Entry = dict[str, Any]
Where = tuple[str, "str | None"]


class Frame(NamedTuple):
    """A name with its file, and what it costs itself and in all."""

    where: Where
    own: float
    total: float


def entries(*, bad: bool) -> list[Any]:
    """The manifest's entries of speedscope, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in listed
        if entry["format"] == "speedscope" and entry["path"].startswith("bad/") == bad
    ]


def frames(part: Part, profile: Profile) -> Iterator[Frame]:
    """Each frame of a part, as speedscope tells them apart: by the line too."""
    assert part.tree is not None
    tree = part.tree
    kinds = list(zip(tree.function.tolist(), tree.frames.line[tree.frame].tolist(), strict=True))
    groups = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
    group = np.array([groups[kind] for kind in kinds], np.int32)
    first, inclusive = tree.outermost_of(group), tree.inclusive()[0]
    for (function, _), number in groups.items():
        name, file, _, _ = profile.functions.identity(function)
        rows = group == number
        own, total = tree.self_cost[0, rows].sum(), inclusive[rows & first].sum()
        yield Frame((name, file or None), float(own), float(total))


def assert_listed(rows: list[tuple[str, str | None, float]], costs: list[tuple[Where, float]], scale: float) -> None:
    """The manifest's list, by name and file, without what names threads and processes; 20 rows may be cut off there.

    py-spy writes a frame several times over, which is one here.
    """
    listed: defaultdict[Where, float] = defaultdict(float)
    shown: defaultdict[Where, float] = defaultdict(float)
    for name, file, cost in rows:
        if not name.startswith(("thread (", "process ")):
            listed[name, file] += cost * scale
    for where, cost in costs:
        shown[where] += cost
    for where, cost in listed.items():
        assert shown[where] == pytest.approx(cost, rel=1e-9, abs=5) or (len(rows) == 20 and shown[where] > cost), where


def assert_figures(profile: Profile, expected: list[Entry]) -> None:
    assert len(profile.parts) == len(expected)
    for part, figures in zip(profile.parts, expected, strict=True):
        scale = MEASURES[figures["unit"]].scale
        assert float(part.graph.totals[0]) == pytest.approx(figures["non_idle"] * scale, rel=1e-12, abs=1)
        found = list(frames(part, profile))
        assert_listed(figures["top_self"], [(frame.where, frame.own) for frame in found], scale)
        assert_listed(figures["top_total"], [(frame.where, frame.total) for frame in found], scale)


@pytest.mark.parametrize("entry", entries(bad=False))
def test_figures(entry: Entry) -> None:
    profile = load(CORPUS / entry["path"])
    assert profile.origin.format == "speedscope"
    assert profile.check() == []
    assert_figures(profile, entry["expected"]["profiles"])


@pytest.mark.parametrize("entry", entries(bad=True))
def test_bad_files(entry: Entry) -> None:
    path = CORPUS / entry["path"]
    if entry["expect"] == "accept" or entry["path"] == VALID_AFTER_ALL:
        assert_figures(load(path), entry["reference_figures"]["profiles"])
        return
    with pytest.raises(ProftuiError) as refused:
        load(path)
    assert str(refused.value).isprintable()


def test_nothing_else_in_the_corpus_is_taken_for_speedscope() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the checkout")
    for entry in json.loads((CORPUS / "manifest.json").read_text())["files"]:
        if entry["format"] == "speedscope":
            continue
        with suppress(ProftuiError):
            assert detect(Source(str(CORPUS / entry["path"]))).name != "speedscope", entry["path"]
