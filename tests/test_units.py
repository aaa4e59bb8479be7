"""Numbers with units, against figures worked out by hand."""

from __future__ import annotations

import math

import pytest

from proftui.units import BYTES, COUNT, TIME, change, counted, draw, percent


@pytest.mark.parametrize(
    ("nanoseconds", "drawn"),
    [
        (0, "0"),
        (1, "1.000 ns"),
        (999, "999.0 ns"),
        (1_000, "1.000 µs"),
        (999_949, "999.9 µs"),
        (999_960, "1.000 ms"),
        (12_340_000, "12.34 ms"),
        (1_234_567_890, "1.235 s"),
        (98_765_000_000_000, "98,765 s"),
        (-5_000_000, "-5.000 ms"),
    ],
)
def test_time_has_four_digits_and_the_unit_that_fits(nanoseconds: float, drawn: str) -> None:
    assert draw(nanoseconds, TIME) == drawn


@pytest.mark.parametrize(
    ("count", "drawn"),
    [
        (0, "0"),
        (1_200, "1,200"),
        (999_999_999, "999,999,999"),
        (1_234_567_890, "1.235 G"),
        (2.0**63, "9.223 E"),
        (1e60, "1.00e+60"),
    ],
)
def test_counts_stand_in_full_up_to_nine_digits(count: float, drawn: str) -> None:
    assert draw(count, COUNT) == drawn


def test_bytes_count_in_powers_of_1024() -> None:
    assert draw(1536, BYTES) == "1.500 KiB"


def test_what_was_not_measured_is_blank() -> None:
    assert draw(None, TIME) == draw(math.nan, TIME) == percent(None, 1) == percent(1, math.nan) == percent(1, 0) == ""


@pytest.mark.parametrize(
    ("part", "whole", "drawn"),
    [(1, 3, "33.3%"), (1, 1, "100.0%"), (0, 5, "0.0%"), (1, 100_000, "<0.1%"), (-1, 4, "-25.0%")],
)
def test_percent(part: float, whole: float, drawn: str) -> None:
    assert percent(part, whole) == drawn


@pytest.mark.parametrize(("number", "words"), [(0, "0 calls"), (1, "1 call"), (1.0, "1 call"), (2_000, "2,000 calls")])
def test_one_has_no_plural(number: float, words: str) -> None:
    assert counted(number, "call") == words


@pytest.mark.parametrize(
    ("value", "text"), [(1.5e6, "+1.500 ms"), (-1.5e6, "-1.500 ms"), (0.0, "0"), (float("nan"), ""), (None, "")]
)
def test_a_change_carries_its_sign(value: float | None, text: str) -> None:
    assert change(value, TIME) == text


def test_a_change_of_a_count() -> None:
    assert (change(3, COUNT), change(-3, COUNT)) == ("+3", "-3")
