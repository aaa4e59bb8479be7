"""The files that were opened last."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from proftui.tui.recent import MOST, Opened, recent, remember


def test_the_last_comes_first_and_once(tmp_path: Path) -> None:
    record = tmp_path / "state" / "recent.json"
    for name in ("a.prof", "b.prof", "a.prof"):
        remember(record, [str(tmp_path / name)], "pstats")
    assert [Path(entry.paths[0]).name for entry in recent(record)] == ["a.prof", "b.prof"]
    assert recent(record)[0] == Opened((str(tmp_path / "a.prof"),), "pstats")


def test_the_record_is_bounded(tmp_path: Path) -> None:
    record = tmp_path / "recent.json"
    for number in range(MOST + 5):
        remember(record, [str(tmp_path / f"{number}.prof")], "pstats")
    assert len(recent(record)) == MOST
    assert recent(record)[0].paths[0].endswith(f"{MOST + 4}.prof")


def test_paths_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    remember(tmp_path / "recent.json", ["out.prof"], "pstats")
    assert recent(tmp_path / "recent.json")[0].paths == (str(tmp_path / "out.prof"),)


def test_standard_input_is_not_remembered(tmp_path: Path) -> None:
    remember(tmp_path / "recent.json", ["-"], "pstats")
    assert not (tmp_path / "recent.json").exists()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "[1]", '{"paths": 1}', '[{"paths": 3}]', "\x00", '[{"format": "x"}]']
)
def test_a_damaged_record_counts_as_none(tmp_path: Path, content: str) -> None:
    record = tmp_path / "recent.json"
    record.write_text(content)
    assert recent(record) == []
    remember(record, ["/a.prof"], "pstats")
    assert len(json.loads(record.read_text())) == 1


def test_a_place_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    remember(tmp_path / "file" / "recent.json", ["/a.prof"], "pstats")
    assert recent(tmp_path / "file" / "recent.json") == []
