"""Every file of Austin's in the corpus shows what awk says of its lines, and every bad one is dealt with."""

from __future__ import annotations

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
from proftui.units import TIME

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")

Entry = dict[str, Any]

_NO_STACK = "T"
_THREAD = re.compile(r"T(?:[0-9]+:)?[0-9]+")
"""The last word of a line without frames, which names the thread."""


def entries(*, bad: bool) -> list[Any]:
    """The manifest's entries of Austin, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in listed
        if entry["format"] == "austin" and entry["path"].startswith("bad/") == bad
    ]


def leaves(profile: Profile) -> Counter[str]:
    """The first number of the samples by their last frames, in microseconds or bytes, as Austin writes frames."""
    found: Counter[str] = Counter()
    for part in profile.parts:
        assert part.tree is not None
        tree = part.tree
        cost = tree.self_cost[0] / 1000 if profile.metrics[0].unit is TIME else tree.self_cost[0]
        if profile.metrics[0].name == "allocated":
            cost = cost - tree.self_cost[1]
        for row in np.flatnonzero(cost).tolist():
            frame = tree.frame[row]
            name, file, _, _ = profile.functions.identity(int(tree.frames.function[frame]))
            text = f"{file}:{name}:{tree.frames.line[frame]}" if file else name
            found[_NO_STACK if name == "(no stack)" else text] += int(cost[row])
    return found


def mode_in(metadata: list[str]) -> str:
    return next((line.removeprefix("# mode: ") for line in metadata if line.startswith("# mode: ")), "")


def expected_leaves(listed: list[tuple[str, int]]) -> Counter[str]:
    """The same of the manifest."""
    found: Counter[str] = Counter()
    for text, cost in listed:
        found[_NO_STACK if _THREAD.fullmatch(text) else text] += cost
    return found


@pytest.mark.parametrize("entry", entries(bad=False))
def test_valid_files(entry: Entry) -> None:
    profile = load(CORPUS / entry["path"])
    assert profile.breaches() == []
    if not (figures := entry["expected"]):
        # mojo2austin fails on texts that are defined before the first process is named
        assert entry["path"] == "peers/austin/ap_austinp.mojo"
        return
    found = leaves(profile)
    if figures["reference"].startswith("mojo2austin"):
        # which writes nothing for a stack that could not be read
        found[_NO_STACK] += found.pop(":INVALID:", 0)
    assert found.total() == figures["sums"][0]["sum"]
    assert len({part.pid for part in profile.parts}) == figures["pids"]
    assert len(profile.parts) == figures["threads"]
    assert len(profile.metrics) == {"full": 4, "memory": 2}.get(mode_in(figures["metadata"]), 1)
    whole = len(figures["top_leaf_by_first_column"]) < 10
    for text, cost in expected_leaves(figures["top_leaf_by_first_column"]).items():
        if cost and (whole or text != _NO_STACK):
            assert found[text] == cost, text


@pytest.mark.parametrize("entry", entries(bad=False))
def test_all_columns_of_the_full_mode(entry: Entry) -> None:
    if (entry["expected"] or {"columns": 0})["columns"] != 3:
        return
    profile = load(CORPUS / entry["path"])
    memory = entry["expected"]["sums"][2]
    grown, shrunk = (sum(part.graph.totals[at] for part in profile.parts) for at in (2, 3))
    assert (grown, -shrunk) == (memory["of_positive"], memory["of_negative"])


@pytest.mark.parametrize("entry", entries(bad=True))
def test_bad_files(entry: Entry) -> None:
    if entry["expect"] == "reject":
        with pytest.raises(ProftuiError) as refused:
            load(CORPUS / entry["path"])
        assert str(refused.value).isprintable()
        return
    profile = load(CORPUS / entry["path"])
    assert profile.breaches() == []
    if entry["kind"] == "hostile names":
        assert leaves(profile).total() == entry["reference_figures"]["sums"][0]["sum"]
    else:
        assert profile.notes
