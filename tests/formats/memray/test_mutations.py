"""A short run of the campaign in tests/mutations.py, in this process; memray's is another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.memray.conftest import DATA, loaded, needs_memray
from tests.mutations import READ, REFUSED, mutation, outcome, samples


@needs_memray
@pytest.mark.timeout(120)
def test_damaged_files(tmp_path: Path) -> None:
    loaded(DATA / "allocating.bin")
    originals = [path.read_bytes() for path in samples("memray")]
    assert len(originals) == 2
    path = tmp_path / "mutated"
    seen = set()
    for number in range(40):
        path.write_bytes(mutation(originals, 0, number))
        said = outcome(str(path))
        assert said in (READ, REFUSED), f"mutation {number}: {said}"
        seen.add(said)
    assert seen == {READ, REFUSED}
