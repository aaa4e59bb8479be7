"""Every file of Python's sampler in the corpus is read by the one reader that it is for, and shows samples."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from proftui.formats import load

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")

READERS = {
    "prof": "pstats", "collapsed": "folded", "gecko.json": "gecko", "jsonl": "tachyon-jsonl", "tachyon.bin": "tachyon",
}  # fmt: skip


def entries() -> list[Any]:
    """The manifest's entries of the sampler, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [pytest.param(entry, id=entry["path"]) for entry in listed if entry["format"] == "tachyon"]


@pytest.mark.parametrize("entry", entries())
def test_figures(entry: dict[str, Any]) -> None:
    profile = load(CORPUS / entry["path"])
    assert profile.origin.format == READERS[entry["kind"]]
    assert profile.origin.kind == "sampled"
    assert profile.check() == []
    assert all(part.graph.calls is None for part in profile.parts)
    samples = profile.metric("samples")
    assert samples is not None
    totals = [float(part.graph.totals[part.metrics.index(samples)]) for part in profile.parts]
    expected = entry["expected"]
    if entry["kind"] == "prof":
        assert totals == [expected["sum_of_first_counts"]]
    if entry["kind"] == "collapsed":
        assert sum(totals) == expected["total"]
        assert {f"tid:{part.tid}" for part in profile.parts} == set(expected["threads"])
    if entry["kind"] == "gecko.json":
        threads = [(thread["name"], thread["tid"], thread["samples"]) for thread in expected["threads"]]
        assert [(part.label, part.tid, total) for part, total in zip(profile.parts, totals, strict=True)] == threads
