"""Every file of pyinstrument's in the corpus shows what pyinstrument itself says, and every bad one is dealt with."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from proftui.errors import ProftuiError
from proftui.formats import Source, detect, load

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")

Entry = dict[str, Any]


def entries(*, bad: bool) -> list[Any]:
    """The manifest's entries of pyinstrument, each a parameter of a test."""
    if not CORPUS.is_dir():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    listed = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in listed
        if entry["format"] == "pyinstrument" and entry["path"].startswith("bad/") == bad
    ]


def assert_figures(path: Path, figures: Entry) -> None:
    profile = load(path)
    assert profile.origin.format == "pyinstrument"
    assert profile.check() == []
    total = sum(float(part.graph.totals[0]) for part in profile.parts)
    exact = "record_seconds" in figures
    assert total / 1e9 == pytest.approx(figures["root_time"], rel=1e-9 if exact else 1e-3)
    functions = {(name, file) for name, file, _, _ in profile.functions.identities()}
    for name, file, _ in figures.get("top_self", []):
        if name != "[self]" and file != "<thread>" and "..." not in name:
            assert any(at == file and called.split(".")[-1] == name.split(".")[-1] for called, at in functions), name


@pytest.mark.parametrize("entry", entries(bad=False))
def test_figures(entry: Entry) -> None:
    assert_figures(CORPUS / entry["path"], entry["expected"])


@pytest.mark.parametrize("entry", entries(bad=True))
def test_bad_files(entry: Entry) -> None:
    path = CORPUS / entry["path"]
    if entry["expect"] == "accept":
        assert_figures(path, entry["reference_figures"])
        return
    with pytest.raises(ProftuiError) as refused:
        load(path)
    assert str(refused.value).isprintable()


def test_nothing_else_in_the_corpus_is_taken_for_pyinstrument() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the checkout")
    for entry in json.loads((CORPUS / "manifest.json").read_text())["files"]:
        if entry["format"] == "pyinstrument":
            continue
        with suppress(ProftuiError):
            assert detect(Source(str(CORPUS / entry["path"]))).name != "pyinstrument", entry["path"]
