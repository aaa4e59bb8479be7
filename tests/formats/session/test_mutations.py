"""Damaged sessions: as files, and with what is packed in them damaged, which no sum of zlib's tells."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from proftui.formats.session.table import MAGIC
from proftui.live.demo_recording import demo_recording
from tests.formats.session.conftest import packed, small, written
from tests.mutations import READ, REFUSED, mutation, outcome


def unpacked(content: bytes) -> bytes:
    return zlib.decompress(content[len(MAGIC) + 2 :])


@pytest.mark.parametrize("inside", [False, True])
def test_damaged_sessions(tmp_path: Path, inside: bool) -> None:
    files = [small(), written(demo_recording().cut((55.0, 65.0)))]
    originals = [unpacked(file) for file in files] if inside else files
    path = tmp_path / "mutated.proftui"
    seen = set()
    for number in range(300):
        damaged = mutation(originals, 0, number)
        path.write_bytes(packed(damaged) if inside else damaged)
        said = outcome(str(path))
        assert said in (READ, REFUSED), f"mutation {number}: {said}"
        seen.add(said)
    assert REFUSED in seen
    assert not inside or READ in seen
