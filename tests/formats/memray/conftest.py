"""Where memray is, and where it is not."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data" / "memray"
PROGRAM = Path(__file__).parents[2] / "programs" / "allocating.py"

needs_memray = pytest.mark.skipif(
    sys.platform == "win32" or find_spec("memray") is None,
    reason='memray is not installed: pip install "proftui[memray]"',
)
