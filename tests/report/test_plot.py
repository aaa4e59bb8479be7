"""A quantity over time as text: its peak is never lost, and what was not measured is blank."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.model import Series
from proftui.report.plot import caption, highest, last, lasting, peak, plot, running
from proftui.units import BYTES, COUNT


def series(*points: tuple[float, float], spans: tuple[tuple[str, float, float, float, float], ...] = ()) -> Series:
    seconds, values = (np.array(column, np.float64) for column in zip(*points, strict=True)) if points else ([], [])
    return Series("memory", COUNT, np.asarray(seconds), np.asarray(values), spans)


def test_columns_are_as_high_as_what_was_measured() -> None:
    """Ten columns of a second each: 8 from 0 s, 16 from 5 s on; two lines, of eight eighths each."""
    lines = plot(series((0, 8), (5, 16), (9.5, 4)), 14, 2, 10.0)
    assert lines == ["16 │     ████", "   │█████████▄", " 0 └── 10.00 s"]


def test_below_zero_the_floor_is_the_lowest_value() -> None:
    lines = plot(series((0, -10), (9.9, 10)), 20, 1, 10.0)
    assert lines[0].startswith(" 10 │")
    assert lines[-1].startswith("-10 └")


@pytest.mark.parametrize(("cells", "height"), [(9, 4), (30, 0), (0, 4), (-5, 4)])
def test_without_room_nothing_is_drawn(cells: int, height: int) -> None:
    assert plot(series((0, 1)), cells, height, 1.0) == []


def test_what_was_not_measured_is_not_drawn() -> None:
    assert plot(series((0, float("nan"))), 40, 4, 1.0) == []
    assert plot(series(), 40, 4, 1.0) == []
    assert plot(series((0, 0), (0.5, 0)), 40, 4, 1.0) == []
    assert caption(series((0, float("nan")))) == "memory: not measured"
    assert peak(series()) is None
    assert last(series()) is None
    assert lasting(()) == 0


points = st.lists(
    st.tuples(st.floats(0, 100), st.floats(-1e12, 1e12) | st.just(float("nan"))), min_size=1, max_size=40
).map(sorted)


@given(points, st.integers(-3, 120), st.integers(0, 9))
def test_lines_are_never_wider_than_asked_for_and_peaks_are_kept(
    measured: list[tuple[float, float]], cells: int, height: int
) -> None:
    one = series(*measured)
    lines = plot(one, cells, height, lasting((one,)))
    assert all(len(line) <= cells for line in lines)
    assert len(lines) in (0, height + 1)
    values = [value for _, value in measured if value == value]
    columns = highest(one, max(cells, 1), lasting((one,)))
    if values:
        assert np.nanmax(columns) == max(values)


def test_the_caption_tells_the_peak_and_what_ran_then() -> None:
    mebibyte = 2.0**20
    one = Series(
        "memory", BYTES, np.array([0.0, 1.5, 2.0]), np.array([1, 3, 2]) * mebibyte,
        (("outer", 0.0, 2.0, 0.0, 0.0), ("in\x1bner", 1.0, 1.6, 0.0, 0.0)),
    )  # fmt: skip
    said = caption(one)
    assert said.startswith("memory: peak 3.000 MiB at 1.500 s in in")
    assert "\x1b" not in said
    assert said.endswith(", last 2.000 MiB, 3 measurements")
    assert running(one, 1.8) == "outer"
    assert running(one, 5.0) == ""
