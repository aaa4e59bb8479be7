"""What perf script prints, made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from proftui.formats import load
from proftui.model import Profile

DATA = Path(__file__).parents[2] / "data" / "perf"

Read = Callable[[str], Profile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The profile in the text of a file whose name says nothing."""

    def reading(text: str) -> Profile:
        path = tmp_path / "unknown"
        path.write_text(text)
        return load(path)

    return reading
