"""Every file of folded stacks in the corpus shows what awk says of its lines, and every bad one is dealt with."""

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
from proftui.model import NO_LINE, Profile

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")

Entry = dict[str, Any]


def entries(*, bad: bool) -> list[Any]:
    """The manifest's entries of folded stacks, Python's own sampler's too, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in listed
        if (entry["format"] == "folded" or entry.get("kind") == "collapsed") and entry["path"].startswith("bad/") == bad
    ]


def leaves(profile: Profile) -> Counter[str]:
    """The cost of each frame as the end of a stack; threads and processes are no frames here."""
    found: Counter[str] = Counter()
    for part in profile.parts:
        assert part.tree is not None
        for row in np.flatnonzero(part.tree.self_cost[0]).tolist():
            frame = part.tree.frame[row]
            name, file, _, binary = profile.functions.identity(int(part.tree.frames.function[frame]))
            line = int(part.tree.frames.line[frame])
            where = f"{file}:{line}" if line != NO_LINE else file or binary
            shown = f"{name} ({where})" if where not in ("", "[kernel]", "[jit]") else name
            found[shown] += int(part.tree.self_cost[0, row])
    return found


def depth(profile: Profile) -> int:
    """The frames of the deepest stack."""
    deepest = 0
    for part in profile.parts:
        assert part.tree is not None
        above: list[int] = []
        for parent in part.tree.parent.tolist():
            above.append(1 if parent < 0 else above[parent] + 1)
        deepest = max(deepest, *above)
    return deepest


def assert_figures(profile: Profile, figures: Entry) -> None:
    total = sum(float(part.graph.totals[0]) for part in profile.parts)
    assert total == pytest.approx(figures["total"], rel=1e-12)
    if "deepest" not in figures:
        return
    owners = 0 if profile.parts[0].kind == "file" else 1
    assert depth(profile) == figures["deepest"] - owners
    found = leaves(profile)
    assert len(found) == figures["leaves"]
    for name, cost in figures["top_leaf"]:
        if cut := re.fullmatch(r"(x+)\.\.\. \(\+\d+ characters\)", name):
            assert any(text.startswith(cut[1]) and found[text] == cost for text in found)
        else:
            assert found["(no stack)" if name.startswith("process ") else name] == pytest.approx(cost, rel=1e-12)


@pytest.mark.parametrize("entry", entries(bad=False))
def test_figures(entry: Entry) -> None:
    profile, expected = load(CORPUS / entry["path"]), entry["expected"]
    assert profile.origin.format == "folded"
    assert profile.origin.kind == "sampled"
    assert_figures(profile, expected)
    if "threads" in expected:
        assert sorted(f"tid:{part.tid}" for part in profile.parts) == expected["threads"]
    alone = expected.get("weight_of_lines_with_no_stack")
    assert any("without a stack" in note for note in profile.notes) == bool(alone)


@pytest.mark.parametrize("entry", entries(bad=True))
def test_bad_files(entry: Entry) -> None:
    """Names with bytes that awk cannot hold, NUL and those that are no UTF-8, are left out of the comparison."""
    if entry["expect"] == "reject":
        with pytest.raises(ProftuiError) as refused:
            load(CORPUS / entry["path"])
        assert str(refused.value).isprintable()
        return
    profile, figures = load(CORPUS / entry["path"]), entry["reference_figures"]
    if entry["expect"] == "accept":
        held = not any(name == "" or "\ufffd" in name for name, _ in figures["top_leaf"])
        assert_figures(profile, figures if held else {"total": figures["total"]})


def test_nothing_else_in_the_corpus_is_taken_for_folded_stacks() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the checkout")
    taken = []
    for entry in json.loads((CORPUS / "manifest.json").read_text())["files"]:
        if entry["format"] in ("folded", "prof", "callgrind", "kgrind") or entry.get("kind") == "collapsed":
            continue
        try:
            profile = load(CORPUS / entry["path"], single=True)
        except ProftuiError:
            continue
        if profile.origin.format == "folded":
            taken.append(entry["path"])
    assert taken == []
