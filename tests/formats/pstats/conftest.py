"""Dumps of pstats made on the spot."""

from __future__ import annotations

import marshal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proftui.formats import load
from proftui.model import Profile

Dump = Callable[..., Profile]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Profile]:
    """The profile in the bytes of a file called some.prof."""

    def reading(data: bytes) -> Profile:
        path = tmp_path / "some.prof"
        path.write_bytes(data)
        return load(path)

    return reading


@pytest.fixture
def dumped(read: Callable[[bytes], Profile]) -> Callable[[Any], Profile]:
    """The profile in a table as the marshal module writes it."""
    return lambda table: read(marshal.dumps(table))
