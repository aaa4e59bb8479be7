"""Sparklines: each glyph by hand, and what holds for all values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.report.sparkline import EIGHTHS, means, sparkline
from proftui.tui.glyphs import in_ascii

NAN = math.nan
VALUES = st.lists(st.one_of(st.just(NAN), st.floats(0, 1e12)), max_size=200)


@pytest.mark.parametrize(
    ("values", "width", "drawn"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7, 8], 9, "▁▂▃▄▅▆▇██"),
        ([1, 8], 5, "   ▂█"),
        ([8, NAN, 0], 3, "█ ▁"),
        ([0, 0], 2, "▁▁"),
        ([NAN, NAN], 2, "  "),
        ([], 4, "    "),
        ([1, 2], 0, ""),
        ([1, 2], -3, ""),
        ([-1, 8], 2, "▁█"),
    ],
)
def test_each_value_has_a_cell(values: list[float], width: int, drawn: str) -> None:
    assert sparkline(values, width) == drawn


def test_values_that_share_a_cell_are_averaged() -> None:
    # (8 + 8) / 2 = 8 is all; (0 + 8) / 2 = 4 is half; the one that is known of two counts alone
    assert sparkline([8, 8, 0, 8, NAN, 2, NAN, NAN], 4) == "█▅▃ "


def test_a_full_cell_may_be_given() -> None:
    assert sparkline([1, 2, 4, 9], 4, top=8) == "▂▃▅█"


def test_ascii_rises_too() -> None:
    assert in_ascii(EIGHTHS) == "__===###"


@given(VALUES, st.integers(0, 80))
def test_a_line_has_its_width_and_known_glyphs(values: list[float], width: int) -> None:
    drawn = sparkline(values, width)
    assert len(drawn) == width
    assert set(drawn) <= set(EIGHTHS + " ")


@given(VALUES, st.integers(1, 80))
def test_means_lie_among_their_values(values: list[float], most: int) -> None:
    found = means(np.array(values, np.float64), most)
    assert len(found) == min(len(values), most)
    known = [value for value in values if not math.isnan(value)]
    for mean in found[~np.isnan(found)]:
        assert min(known) * (1 - 1e-9) <= mean <= max(known) * (1 + 1e-9)
