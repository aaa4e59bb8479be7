"""Ranges of time: words by hand, and steps that stay inside what was recorded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.model.recording import Span, Windows
from proftui.report.timeline import clock, earlier, elapsed, later, narrower, span_of, wider, words
from tests.report.recordings import windows_drawn, windows_of

MINUTE = windows_of(range(60), samples=100)
NONE = windows_of([])


@pytest.mark.parametrize(
    ("seconds", "drawn"),
    [(0, "0:00"), (42.4, "0:42"), (59.6, "1:00"), (725, "12:05"), (3725, "1:02:05"), (90000, "25:00:00"), (-1, "0:00")],
)
def test_times_are_drawn_as_on_a_clock(seconds: float, drawn: str) -> None:
    assert clock(seconds) == drawn


def test_times_with_a_decimal() -> None:
    assert [clock(at, 1) for at in (0.0, 9.96, 61.25, 3599.97)] == ["0:00.0", "0:10.0", "1:01.2", "1:00:00.0"]


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (None, "since the start, 1:00"),
        ((12.0, 42.0), "0:12 to 0:42, 30 windows, 3,000 samples"),
        ((59.0, 60.0), "0:59 to 1:00, 1 window, 100 samples"),
        ((50.0, None), "since 0:50, 10 windows, 1,000 samples"),
        ((60.0, None), "since 1:00, 0 windows, 0 samples"),
    ],
)
def test_a_range_is_told_in_words(span: Span | None, said: str) -> None:
    assert words(MINUTE, span) == said


def test_short_ranges_are_told_apart() -> None:
    assert words(windows_of([0.25, 0.5], 0.25), (0.25, 0.5)) == "0:00.2 to 0:00.5, 1 window, 100 samples"


def test_without_windows_there_is_no_range() -> None:
    assert words(NONE, None) == "since the start"
    for step in (earlier, later, wider, narrower):
        assert step(NONE, None) is None


def test_a_range_goes_by_its_own_length_and_follows_again() -> None:
    span = earlier(MINUTE, None)
    assert span == (59.0, 60.0)
    assert (span := wider(MINUTE, span)) == (58.0, 60.0)
    assert (span := earlier(MINUTE, span)) == (56.0, 58.0)
    assert (span := later(MINUTE, span)) == (58.0, 60.0)
    assert later(MINUTE, span) is None
    assert earlier(MINUTE, (1.0, 11.0)) == (0.0, 10.0)
    assert later(MINUTE, (45.0, 55.0)) == (50.0, 60.0)


def test_a_range_that_ends_now_still_does_when_it_is_wider_or_narrower() -> None:
    assert wider(MINUTE, (50.0, None)) == (40.0, None)
    assert narrower(MINUTE, (50.0, None)) == (55.0, None)
    assert narrower(MINUTE, None) == (30.0, None)
    assert wider(MINUTE, (20.0, None)) is None, "twice forty seconds are more than there are"
    assert earlier(MINUTE, (50.0, None)) == (40.0, 50.0), "what was before a mark, as long as what is since"


def test_a_range_at_the_start_becomes_wider_to_the_other_side() -> None:
    assert wider(MINUTE, (0.0, 10.0)) == (0.0, 20.0)
    assert wider(MINUTE, (0.0, 40.0)) is None


def test_time_elapsed_includes_what_no_window_covers() -> None:
    windows = windows_of([0.0, 1.5, 10.0], [1.0, 1.0, 2.0])
    assert elapsed(windows, 0, 2) == 10.0
    assert elapsed(windows, 1, 3) == 10.5
    assert elapsed(windows, 1, 1) == 0.0


@st.composite
def spans(draw: st.DrawFn) -> tuple[Windows, Span | None]:
    windows = draw(windows_drawn())
    first = draw(st.integers(0, len(windows) - 1))
    last = draw(st.integers(first + 1, len(windows)))
    whole: tuple[float, float] = span_of(windows, first, last)
    return windows, draw(st.sampled_from([None, whole, (whole[0], None)]))


@given(windows_drawn(), st.data())
def test_the_range_of_windows_holds_just_these(windows: Windows, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(windows) - 1))
    last = data.draw(st.integers(first + 1, len(windows)))
    assert windows.within(span_of(windows, first, last)) == (first, last)


@given(spans())
def test_steps_stay_inside_and_hold_windows(case: tuple[Windows, Span | None]) -> None:
    windows, span = case
    for step in (earlier, later, wider, narrower):
        found = step(windows, span)
        if found is not None:
            first, last = windows.within(found)
            assert 0 <= first < last <= len(windows)
            assert found[0] == windows.start[first]
            assert found[1] is None or found[1] <= windows.end[-1]


@given(spans())
def test_steps_change_lengths_as_they_say(case: tuple[Windows, Span | None]) -> None:
    windows, span = case
    first, last = windows.within(span)
    count = last - first
    if (after := wider(windows, span)) is not None:
        begin, end = windows.within(after)
        assert end - begin == min(2 * count, len(windows))
        assert begin <= first
        assert end >= last
    begin, end = windows.within(narrower(windows, span))
    assert (end, end - begin) == (last, (count + 1) // 2)
    if span is not None and span[1] is not None:
        for moved in (earlier(windows, span), later(windows, span)):
            if moved is not None:
                assert windows.within(moved)[1] - windows.within(moved)[0] == count


@given(windows_drawn())
def test_going_on_ends_at_each_end(windows: Windows) -> None:
    span = earlier(windows, None)
    assert span is not None
    for _ in range(len(windows)):
        span = earlier(windows, span)
    assert span is not None
    assert windows.within(span) == (0, 1)
    steps = 0
    while span is not None:
        span = later(windows, span)
        steps += 1
    assert steps == len(windows)
