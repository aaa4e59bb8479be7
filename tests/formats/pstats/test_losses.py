"""What an export to pstats cannot say, by what the samples are known to hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from proftui.formats import load
from proftui.formats.pstats.losses import losses

DATA = Path(__file__).parents[2] / "data"

NO_CALLS = "calls were not counted: pstats has no word for it, and the file says -1"


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        ("pstats/pure_py313.prof", []),
        ("folded/windows.folded", ["pstats knows seconds alone: those in the file are samples", NO_CALLS]),
        ("scalene/keep_1.5.51.json", ["pstats holds one metric, time: 5 others left out", NO_CALLS]),
        ("tracemalloc/keeps_py313.snapshot", [
            "pstats knows seconds alone: those in the file are memory in use in bytes",
            "pstats holds one metric, memory in use: 1 other left out", NO_CALLS]),
    ],
)  # fmt: skip
def test_what_a_dump_does_not_tell(sample: str, said: list[str]) -> None:
    assert losses(load(DATA / sample)) == said
