"""The strip of time: its lines at each size, the mouse, and what it draws anew."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from textual import events
from textual.app import ComposeResult

from proftui.model.recording import Moment, Span, Windows
from proftui.tui.glyphs import in_ascii
from proftui.tui.widgets.time_strip import LEFT, Drawn, TimeStrip
from tests.report.recordings import windows_of
from tests.tui.styled import Styled, until

TEN = windows_of(range(10), samples=[100, 80, 60, 40, 20, 0, 20, 40, 60, 80], cpu=[1.0, 0.5] * 5)
BARS, CPU = "█▇▅▄▂▁▂▄▅▇", "█▅█▅█▅█▅█▅"


class StripApp(Styled):
    """Draws what was chosen, as the viewer does."""

    def __init__(self, windows: Windows = TEN, span: Span | None = None, marks: tuple[Moment, ...] = ()) -> None:
        super().__init__()
        self.windows, self.span, self.marks, self.live = windows, span, marks, True
        self.chosen: list[Span | None] = []

    def compose(self) -> ComposeResult:
        yield TimeStrip()

    def on_mount(self) -> None:
        self.draw()

    def draw(self) -> None:
        self.strip.show(self.windows, self.span, self.marks, live=self.live)

    def on_time_strip_span_chosen(self, message: TimeStrip.SpanChosen) -> None:
        self.chosen.append(message.span)
        self.span = message.span
        self.draw()

    @property
    def strip(self) -> TimeStrip:
        return self.query_one(TimeStrip)


# ---------------------------------------------------------------------- lines


async def test_a_small_screen_has_one_line() -> None:
    app = StripApp(marks=(Moment(8.0),), span=(2.0, 5.0))
    async with app.run_test(size=(80, 24)):
        bars = f" samples {BARS[:2]}[{BARS[2:5]}]{BARS[5:8]}x{BARS[8:]}"
        assert app.strip.plain() == [bars.ljust(79 - len("now 0:10")) + "now 0:10"]
        assert app.lines[0] == app.strip.plain()[0]
        assert app.strip.size.height == 1
        assert in_ascii(bars) == " samples ##[==_]__=x=#"


async def test_a_tall_screen_has_processor_time_and_an_axis() -> None:
    app = StripApp(marks=(Moment(8.0),), span=(2.0, 5.0))
    async with app.run_test(size=(60, 30)):
        assert app.strip.plain() == [
            f" samples {BARS[:2]}[{BARS[2:5]}]{BARS[5:8]}x{BARS[8:]}".ljust(51) + "to 100/s",
            f" CPU     {CPU[:2]}[{CPU[2:5]}]{CPU[5:8]}x{CPU[8:]}".ljust(52) + "to 100%",
            "         0:00".ljust(51) + "now 0:10",
        ]


async def test_without_processor_time_there_is_no_line_for_it() -> None:
    app = StripApp(replace(TEN, cpu=np.full(10, math.nan)))
    async with app.run_test(size=(60, 30)) as pilot:
        assert [line.split()[0] for line in app.strip.plain()] == ["samples", "0:00"]
        app.windows = TEN
        app.draw()
        await pilot.pause()
        assert [line.split()[0] for line in app.strip.plain()] == ["samples", "CPU", "0:00"]


async def test_more_processors_than_one_have_a_larger_scale() -> None:
    app = StripApp(replace(TEN, cpu=np.array([4.0] + [1.0] * 9)))
    async with app.run_test(size=(60, 30)):
        line = app.strip.plain()[1]
        assert line.startswith(" CPU     █▃▃▃▃")
        assert line.endswith("to 400%")


async def test_windows_that_mostly_failed_have_no_bar() -> None:
    app = StripApp(replace(TEN, errors=np.array([0, 79, 61, 0, 0, 0, 0, 0, 0, 0.0])))
    async with app.run_test(size=(80, 24)):
        assert app.strip.plain()[0].startswith(f" samples {BARS[:2]}!{BARS[3:]}")


async def test_before_the_first_window_it_says_so() -> None:
    app = StripApp(windows_of([]))
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.strip.plain() == [" samples none yet"]
        await pilot.click(TimeStrip, offset=(LEFT + 2, 0))
        assert app.chosen == []


async def test_what_ended_has_no_now() -> None:
    app = StripApp()
    app.live = False
    async with app.run_test(size=(80, 24)):
        assert app.strip.plain()[0].endswith("   0:10")


async def test_a_resize_lays_columns_out_anew() -> None:
    app = StripApp(windows_of(range(100)))
    async with app.run_test(size=(150, 40)) as pilot:
        assert app.strip.plain()[0].count("█") == 100
        assert len(app.strip.plain()) == 2
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: app.strip.size.width == 80)
        # 80 - 22 - 2 cells for brackets = 56: two windows each
        assert app.strip.plain()[0].count("█") == 50
        assert len(app.strip.plain()) == 1
        assert app.lines[0] == app.strip.plain()[0]
        await pilot.resize_terminal(20, 30)
        await until(pilot, lambda: app.strip.size.width == 20)
        assert all(len(line) <= 20 for line in app.strip.plain())


# ---------------------------------------------------------------------- mouse


async def test_a_click_chooses_the_windows_of_a_column() -> None:
    app = StripApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(TimeStrip, offset=(LEFT + 3, 0))
        assert app.chosen == [(3.0, 4.0)]
        assert f"{BARS[:3]}[{BARS[3]}]{BARS[4:]}" in app.lines[0]
        # where the bracket stands, what it is beside
        await pilot.click(TimeStrip, offset=(LEFT + 3, 0))
        assert app.chosen[1:] == [(3.0, 4.0)]


async def test_a_click_beyond_the_columns_follows_again() -> None:
    app = StripApp(span=(3.0, 4.0))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(TimeStrip, offset=(78, 0))
        assert app.chosen == [None]
        assert "[" not in app.lines[0]
        await pilot.click(TimeStrip, offset=(2, 0))
        assert app.chosen == [None], "beside the columns, at what they are, there is nothing to choose"


async def test_a_double_click_follows_again() -> None:
    app = StripApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(TimeStrip, offset=(LEFT + 3, 0), times=2)
        assert app.chosen[-1] is None


async def test_a_drag_chooses_a_range() -> None:
    app = StripApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.mouse_down(TimeStrip, offset=(LEFT + 6, 0))
        # to the left, a column at a time: the opening bracket stands beside
        for x in (5, 4, 3):
            await pilot.hover(TimeStrip, offset=(LEFT + x, 0))
        assert f"{BARS[:3]}[{BARS[3:7]}]{BARS[7:]}" in app.lines[0]
        assert app.chosen == [], "as long as the button is down nothing is chosen"
        app.windows = windows_of(range(12))
        app.draw()
        assert "███[████]█████" in app.strip.plain()[0], "new windows do not end a drag"
        await pilot.mouse_up(TimeStrip, offset=(LEFT + 3, 0))
        # a terminal's driver has the click of a drag within one widget follow
        app.strip.post_message(events.Click(app.strip, LEFT + 3, 0, 0, 0, 1, False, False, False))
        await pilot.pause()
        assert app.chosen == [(3.0, 7.0)]
        await pilot.click(TimeStrip, offset=(LEFT, 0))
        assert app.chosen[1:] == [(0.0, 1.0)], "a click after a drag is a click"


@pytest.mark.parametrize(("live", "end"), [(True, None), (False, 10.0)])
async def test_a_drag_beyond_the_columns_ends_now(live: bool, end: float | None) -> None:
    app = StripApp()
    app.live = live
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.mouse_down(TimeStrip, offset=(LEFT + 6, 0))
        await pilot.hover(TimeStrip, offset=(LEFT + 30, 0))
        await pilot.mouse_up(TimeStrip, offset=(LEFT + 30, 0))
        assert app.chosen == [(6.0, end)]


async def test_a_drag_beyond_the_left_edge_begins_at_the_start() -> None:
    app = StripApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.mouse_down(TimeStrip, offset=(LEFT + 2, 0))
        await pilot.hover(TimeStrip, offset=(1, 0))
        await pilot.mouse_up(TimeStrip, offset=(1, 0))
        assert app.chosen == [(0.0, 3.0)]


async def test_a_drag_that_comes_back_chooses_where_it_began() -> None:
    app = StripApp(span=(0.0, 1.0))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.mouse_down(TimeStrip, offset=(LEFT + 6, 0))
        await pilot.hover(TimeStrip, offset=(LEFT + 9, 0))
        await pilot.hover(TimeStrip, offset=(LEFT + 5, 0))
        await pilot.mouse_up(TimeStrip, offset=(LEFT + 5, 0))
        assert app.chosen == [(4.0, 5.0)]


# ---------------------------------------------------------------------- what is drawn anew


async def test_only_lines_that_change_are_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    app = StripApp()
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        drawn: list[int] = []
        monkeypatch.setattr(TimeStrip, "refresh", lambda self, *regions, **_: drawn.extend(one.y for one in regions))
        app.draw()
        assert drawn == []
        app.windows = replace(TEN, cpu=np.full(10, 0.5))
        app.draw()
        assert drawn == [1]


def test_a_range_within_a_column_is_inside() -> None:
    drawn = Drawn.of(windows_of(range(40)), 22, (4.0, 7.0), ())
    assert [column.first for column, inside in zip(drawn.columns, drawn.inside, strict=True) if inside] == [4, 6]
