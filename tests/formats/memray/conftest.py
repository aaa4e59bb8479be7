"""Where memray is, and what it reads."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from proftui.errors import Malformed
from proftui.formats import load
from proftui.model import Profile

DATA = Path(__file__).parents[2] / "data" / "memray"
PROGRAM = Path(__file__).parents[2] / "programs" / "allocating.py"

needs_memray = pytest.mark.skipif(
    sys.platform == "win32" or find_spec("memray") is None,
    reason='memray is not installed: pip install "proftui[memray]"',
)


def loaded(path: str | Path) -> Profile:
    """The profile in a capture made by memray 1.20, where the memray that is here reads that version of files."""
    try:
        return load(path)
    except Malformed as error:
        if "is a capture of version 13" in str(error):
            pytest.skip(str(error))
        raise
