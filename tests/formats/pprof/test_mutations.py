"""A short run of the campaign in tests/mutations.py, in this process."""

from __future__ import annotations

from pathlib import Path

from proftui.formats.source import Source
from tests.mutations import samples, survived


def test_damaged_files(tmp_path: Path) -> None:
    originals = [b"".join(Source(str(path)).chunks()) for path in samples("pprof")]  # damage is beyond gzip's sum
    assert len(originals) == 15
    survived(originals, 150, tmp_path / "mutated")
