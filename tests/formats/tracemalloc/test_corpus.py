"""Every snapshot of the corpus shows what tracemalloc does, and every bad one is dealt with."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from proftui.errors import ProftuiError
from proftui.formats import FORMATS, Source, load

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")

Entry = dict[str, Any]


def entries(*, bad: bool) -> list[Any]:
    """The manifest's entries of tracemalloc, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in listed
        if entry["format"] == "tracemalloc" and entry["path"].startswith("bad/") == bad
    ]


@pytest.mark.parametrize("entry", entries(bad=False))
def test_figures(entry: Entry) -> None:
    profile = load(CORPUS / entry["path"])
    expected = entry["expected"]
    (part,) = profile.parts
    assert part.tree is not None
    assert part.graph.totals.tolist() == [expected["total_size"], expected["total_count"]]
    by_line: defaultdict[tuple[str, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    by_file: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    tree = part.tree
    for frame, costs in zip(tree.frame.tolist(), tree.self_cost.T.tolist(), strict=True):
        file, line = profile.functions.file[tree.frames.function[frame]], int(tree.frames.line[frame])
        for sums in (by_line[file, line], by_file[file]):
            sums[:] = [sums[0] + costs[0], sums[1] + costs[1]]
    assert sum(count > 0 for _, count in by_line.values()) == expected["lines"]
    for file, line, size, count in expected["top_lineno"]:
        assert by_line[file, line] == [size, count]
    for file, size, count in expected["top_filename"]:
        assert by_file[file] == [size, count]
    assert any(f"limit of {expected['traceback_limit']} frames" in note for note in profile.notes)


@pytest.mark.parametrize("entry", entries(bad=True))
def test_bad_files(entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert entry["expect"] == "reject"
    with pytest.raises(ProftuiError) as refused:
        load(CORPUS / entry["path"])
    assert str(refused.value).isprintable()
    assert list(tmp_path.iterdir()) == []


def test_nothing_else_in_the_corpus_is_taken_for_a_pickle_or_a_capture() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the checkout")
    ours = {"lprof", "tracemalloc", "memray"}
    for entry in json.loads((CORPUS / "manifest.json").read_text())["files"]:
        source = Source(str(CORPUS / entry["path"]))
        try:
            head = source.head
        except ProftuiError:
            continue
        claimed = {known.name for known in FORMATS if known.name in ours and known.sniff(head, "unknown")}
        valid = not entry["path"].startswith("bad/")
        if entry["format"] in ours and valid:
            assert {known.name for known in FORMATS if known.sniff(head, "unknown")} == {entry["format"]}
        assert claimed <= {entry["format"]}, entry["path"]
