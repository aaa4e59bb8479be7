"""A short run of the campaign in tests/mutations.py, in this process."""

from __future__ import annotations

from pathlib import Path

from proftui.formats.source import Source
from tests.mutations import READ, REFUSED, mutation, outcome, samples


def test_damaged_files(tmp_path: Path) -> None:
    originals = [b"".join(Source(str(path)).chunks()) for path in samples("pprof")]  # damage is beyond gzip's sum
    assert len(originals) == 15
    path = tmp_path / "mutated"
    seen = set()
    for number in range(150):
        path.write_bytes(mutation(originals, 0, number))
        said = outcome(str(path))
        assert said in (READ, REFUSED), f"mutation {number}: {said}"
        seen.add(said)
    assert seen == {READ, REFUSED}
