"""A short run of the campaign in tests/mutations.py, in this process."""

from __future__ import annotations

from pathlib import Path

from tests.mutations import samples, survived


def test_damaged_files(tmp_path: Path) -> None:
    originals = [path.read_bytes() for path in samples("trace")]
    assert len(originals) == 4
    survived(originals, 300, tmp_path / "mutated")
