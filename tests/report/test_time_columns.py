"""Windows as columns: each in just one, brackets and marks where they belong, times below where they fall."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from proftui.model.recording import Moment, Windows
from proftui.report.time_columns import Cell, axis, bracketed, column_at, columns_of, failed, processor, rates
from proftui.report.timeline import span_of
from tests.report.recordings import windows_drawn, windows_of

LETTERS = {"column": "#", "mark": "x", "gap": ":", "open": "[", "close": "]"}


def drawn(cells: list[Cell]) -> str:
    return "".join(LETTERS[cell.kind] for cell in cells)


def columns(cells: list[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.kind == "column"]


def test_each_window_has_a_column_as_long_as_they_fit() -> None:
    assert columns_of(windows_of([]), 10) == []
    assert columns_of(windows_of(range(3)), 3) == [Cell("column", 0, 1), Cell("column", 1, 2), Cell("column", 2, 3)]
    assert columns_of(windows_of(range(4)), 3) == [Cell("column", 0, 2), Cell("column", 2, 4)]
    assert columns_of(windows_of(range(4)), 0) == [Cell("column", 0, 4)]


def test_a_mark_stands_between_windows_and_divides_columns() -> None:
    windows = windows_of(range(10))
    assert drawn(columns_of(windows, 20, [Moment(4.0)])) == "####x######"
    shared = columns_of(windows, 8, [Moment(5.0)])
    assert drawn(shared) == "###x###"
    assert [(cell.first, cell.last) for cell in columns(shared)] == [(0, 2), (2, 4), (4, 5), (5, 7), (7, 9), (9, 10)]
    assert drawn(columns_of(windows, 20, [Moment(0.0), Moment(10.0), Moment(10.0)])) == "x##########x"


def test_time_without_samples_shows() -> None:
    windows = windows_of([0.0, 1.04, 2.08, 30.0, 31.04])
    assert drawn(columns_of(windows, 20)) == "###:##"
    assert drawn(columns_of(windows, 20, [Moment(3.08)])) == "###x##", "a mark says more"
    assert drawn(columns_of(windows_of([0.0, 1.9, 4.0]), 20)) == "##:#", "shorter than a window is as usual"


def test_the_newest_marks_and_the_longest_gaps_are_drawn() -> None:
    windows = windows_of([0, 10, 40, 60, 62, 63])
    # room for 13 cells: (13 - 1) // 4 = 3 of each
    assert drawn(columns_of(windows, 13)) == "#:#:#:###"
    # room for 9: the two longest, after the second and the third
    assert drawn(columns_of(windows, 9)) == "##:#:###"
    assert drawn(columns_of(windows_of([0, 1, 10]), 4, [Moment(1.0)])) == "###", "columns come first"
    assert drawn(columns_of(windows_of(range(6)), 9, [Moment(at) for at in range(1, 6)])) == "####x#x#"


def test_brackets_stand_around_the_columns_of_a_range() -> None:
    windows = windows_of(range(10))
    cells = columns_of(windows, 20)
    assert drawn(bracketed(cells, windows, (3.0, 6.0))) == "###[###]####"
    assert drawn(bracketed(cells, windows, (8.0, None))) == "########[##"
    assert drawn(bracketed(cells, windows, (10.0, None))) == "##########["
    assert drawn(bracketed(cells, windows, (5.2, 5.4))) == "##########", "no window begins then"
    assert drawn(bracketed(cells, windows, None)) == "##########"
    assert drawn(bracketed(columns_of(windows, 5), windows, (3.0, 6.0))) == "#[##]##"
    marked = columns_of(windows, 20, [Moment(8.0)])
    assert drawn(bracketed(marked, windows, (8.0, None))) == "########x[##"


def test_what_stands_beside_a_column_belongs_to_it() -> None:
    windows = windows_of(range(4))
    cells = bracketed(columns_of(windows, 20, [Moment(3.0)]), windows, (1.0, 3.0))
    assert drawn(cells) == "#[##]x#"
    found = [column_at(cells, x) for x in range(-1, 8)]
    assert [None if one is None else one.first for one in found] == [None, 0, 1, 1, 2, 2, 3, 3, None]


def test_figures_of_columns() -> None:
    windows = windows_of(
        [0.0, 1.0, 2.0, 4.0], [1.0, 0.5, 1.0, 1.0], [100, 50, 0, 300],
        errors=[0, 50, 0, 100], cpu=[0.5, 0.5, math.nan, 4.0],
    )  # fmt: skip
    single, pairs = columns(columns_of(windows, 20)), [Cell("column", 0, 2), Cell("column", 2, 4)]
    assert rates(windows, single).tolist() == [100, 100, 0, 300]
    assert rates(windows, pairs).tolist() == [100, 150]
    assert np.allclose(failed(windows, single), [0, 0.5, math.nan, 0.25], equal_nan=True)
    # the third window ends at 3, the fourth at 5: four seconds of processor time in two
    assert np.allclose(processor(windows, single), [0.5, 1.0, math.nan, 2.0], equal_nan=True)
    assert np.allclose(processor(windows, pairs), [1.0 / 1.5, 2.0])
    late = windows_of([7.0], 2.0, cpu=1.0)
    assert processor(late, [Cell("column", 0, 1)]).tolist() == [0.5]


def test_times_stand_below_their_columns() -> None:
    windows = windows_of(range(40))
    assert axis(windows, columns_of(windows, 80), 80).rstrip() == "0:00      0:10      0:20      0:30"
    # two seconds a column: 15 s fall into that of 14 and 15
    assert axis(windows, columns_of(windows, 20), 20) == "0:00   0:15    0:30 "
    assert axis(windows, columns_of(windows, 20), 18) == "0:00   0:15       ", "only whole times"
    assert axis(windows, [], 3) == "   "


def test_times_keep_their_place_where_windows_are_longer() -> None:
    # 32 windows of four seconds, then 32 of one: twenty seconds are five columns, then twenty
    windows = windows_of([*range(0, 128, 4), *range(128, 160)], [4] * 32 + [1] * 32)
    text = axis(windows, columns_of(windows, 80), 80)
    assert text.split() == ["0:00", "0:40", "1:20", "2:00", "2:20"]
    assert [text.index(label) for label in text.split()] == [0, 10, 20, 30, 44]


@given(windows_drawn(), st.integers(1, 200), st.data())
def test_each_window_is_in_one_column(windows: Windows, room: int, data: st.DataObject) -> None:
    times = st.floats(0, float(windows.end[-1]))
    marks = [Moment(at) for at in data.draw(st.lists(times, max_size=30))]
    cells = columns_of(windows, room, marks)
    assert len(cells) <= room
    held = [window for cell in columns(cells) for window in range(cell.first, cell.last)]
    assert held == list(range(len(windows)))
    sizes = {cell.last - cell.first for cell in columns(cells)}
    assert sizes == {1} or len(windows) + len(cells) - len(columns(cells)) > room, "shared only where it must be"


@given(windows_drawn(), st.integers(1, 200), st.data())
def test_brackets_hold_all_of_a_range(windows: Windows, room: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(windows) - 1))
    last = data.draw(st.integers(first + 1, len(windows)))
    cells = bracketed(columns_of(windows, room), windows, span_of(windows, first, last))
    begin, end = [x for x, cell in enumerate(cells) if cell.kind in ("open", "close")]
    inside = columns(cells[begin:end])
    assert inside[0].first <= first < inside[0].last
    assert inside[-1].first < last <= inside[-1].last


@given(windows_drawn(), st.integers(1, 200))
def test_the_range_of_a_column_holds_just_its_windows(windows: Windows, room: int) -> None:
    for x, cell in enumerate(cells := columns_of(windows, room)):
        if cell.kind == "column":
            assert column_at(cells, x) == cell
            assert windows.within(span_of(windows, cell.first, cell.last)) == (cell.first, cell.last)


@given(windows_drawn(), st.integers(1, 200))
def test_each_time_of_the_axis_falls_into_its_column(windows: Windows, room: int) -> None:
    cells = columns_of(windows, room)
    text = axis(windows, cells, room)
    assert len(text) == room
    for label in text.split():
        parts = [int(part) for part in label.split(":")]
        at = sum(part * 60**power for power, part in enumerate(reversed(parts)))
        column = cells[f" {text}".index(f" {label}")]
        until = windows.start[column.last] if column.last < len(windows) else windows.end[-1]
        assert windows.start[column.first] <= at <= until
