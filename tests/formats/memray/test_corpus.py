"""Every capture of the corpus shows what memray does, and every bad one is dealt with."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.errors import ProftuiError
from proftui.formats import load
from tests.formats.memray.conftest import loaded, needs_memray

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")

Entry = dict[str, Any]


def entries(*, bad: bool) -> list[Any]:
    """The manifest's entries of memray, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in listed
        if entry["format"] == "memray" and entry["path"].startswith("bad/") == bad
    ]


@needs_memray
@pytest.mark.parametrize("entry", entries(bad=False))
def test_figures(entry: Entry) -> None:
    if "incompatible" in entry.get("witnesses", {}).get("memray", ""):
        with pytest.raises(ProftuiError, match="is a capture of version"):
            load(CORPUS / entry["path"])
        return
    profile = loaded(CORPUS / entry["path"])
    metadata = entry["expected"]["metadata"]
    assert sum(part.graph.totals[0] for part in profile.parts) == metadata["peak_memory"]
    assert {part.pid for part in profile.parts} == {metadata["pid"]}
    assert profile.origin.command == metadata["command_line"]
    for location in entry["expected"].get("memray stats", {}).get("top_allocations_by_size", ()):
        if location["location"] == "allocate:lines.py:23":
            # all of it was kept until the peak
            assert _at(profile, "allocate", "lines.py", 23) == location["size"] == 41_943_080


def _at(profile: Any, name: str, file: str, line: int) -> float:
    """What was allocated on a line at the peak."""
    total = 0.0
    for part in profile.parts:
        tree = part.tree
        names = np.array([profile.functions.name[function] for function in tree.function.tolist()])
        files = np.array([profile.functions.file[function] for function in tree.function.tolist()])
        here = (names == name) & (files == file) & (tree.frames.line[tree.frame] == line)
        total += float(tree.self_cost[0, here].sum())
    return total


@needs_memray
@pytest.mark.parametrize("entry", entries(bad=True))
def test_bad_files(entry: Entry) -> None:
    with pytest.raises(ProftuiError) as refused:
        load(CORPUS / entry["path"])
    assert str(refused.value).isprintable()
