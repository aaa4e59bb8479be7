"""A short run of the campaign in tests/mutations.py, in this process; memray's is another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.memray.conftest import DATA, loaded, needs_memray
from tests.mutations import samples, survived


@needs_memray
@pytest.mark.timeout(120)
def test_damaged_files(tmp_path: Path) -> None:
    loaded(DATA / "allocating.bin")
    originals = [path.read_bytes() for path in samples("memray")]
    assert len(originals) == 2
    survived(originals, 40, tmp_path / "mutated")
