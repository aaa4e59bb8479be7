"""The grid as a widget: cursor, window and mouse, over more rows than anyone would draw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from textual.app import App, ComposeResult

from proftui.model import Ids
from proftui.report.rows import Cell, Column
from proftui.tui.widgets.grid import Grid

MILLION = 1_000_000


class Numbers:
    """Row r says r; it counts how many rows are drawn."""

    columns = (Column("number", "Number", 9), Column("name", "Name", 10, "left", flexible=True))

    def __init__(self, count: int) -> None:
        self._count = count
        self.drawn = 0

    def __len__(self) -> int:
        return self._count

    def cells(self, row: int) -> Sequence[Cell]:
        self.drawn += 1
        return Cell(f"{row:,}"), Cell(f"row {row}")

    def find(self, text: str) -> Ids:
        return np.array([row for row in range(0, self._count, 250_000) if text in f"row {row}"], np.int32)


class GridApp(App[None]):
    def __init__(self, rows: Numbers) -> None:
        super().__init__()
        self.rows = rows
        self.heard: list[str] = []

    def compose(self) -> ComposeResult:
        yield Grid(self.rows, empty="nothing")

    def on_mount(self) -> None:
        self.query_one(Grid).focus()

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        self.heard.append(f"chosen {message.grid.cursor}")


def lines(app: App[None]) -> list[str]:
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


async def test_a_million_rows_cost_as_little_as_are_seen() -> None:
    app = GridApp(Numbers(MILLION))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("G")
        await pilot.pause()
        assert lines(app)[-1].split() == ["▌", "999,999", "row", "999999"]
        before = app.rows.drawn
        await pilot.press("k")
        await pilot.pause()
        assert app.rows.drawn - before <= 2, "a step of the cursor draws two rows"
        await pilot.press("pageup")
        await pilot.pause()
        assert app.rows.drawn - before <= 2 + 20


async def test_the_window_follows_the_cursor() -> None:
    app = GridApp(Numbers(100))
    async with app.run_test(size=(60, 11)) as pilot:
        grid = app.query_one(Grid)
        for keys, cursor, top in (
            (["j"] * 9, 9, 0), (["j"], 10, 1), (["k"] * 9, 1, 1), (["k"], 0, 0), (["pagedown"], 10, 10),
            (["pagedown"], 20, 20), (["end"], 99, 90), (["home"], 0, 0), (["k"], 0, 0),
        ):  # fmt: skip
            await pilot.press(*keys)
            await pilot.pause()
            assert (grid.cursor, grid.scroll_offset.y) == (cursor, top)


async def test_the_wheel_moves_the_window_and_not_the_cursor() -> None:
    from textual import events

    app = GridApp(Numbers(100))
    async with app.run_test(size=(60, 11)) as pilot:
        grid = app.query_one(Grid)
        await pilot._post_mouse_events([events.MouseScrollDown], grid, offset=(5, 5))
        await pilot.pause()
        assert grid.scroll_offset.y > 0
        assert grid.cursor == 0


async def test_the_mouse_selects_and_chooses() -> None:
    app = GridApp(Numbers(100))
    async with app.run_test(size=(60, 11)) as pilot:
        grid = app.query_one(Grid)
        await pilot.click(Grid, offset=(5, 4))
        await pilot.pause()
        assert grid.cursor == 3
        await pilot.click(Grid, offset=(5, 0))
        await pilot.pause()
        assert grid.cursor == 3, "the titles are no row"
        await pilot.click(Grid, offset=(5, 6), times=2)
        await pilot.pause()
        assert app.heard == ["chosen 5"]


async def test_enter_chooses_only_what_there_is() -> None:
    app = GridApp(Numbers(0))
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.press("enter", "j", "G", "pagedown")
        await pilot.pause()
        assert app.heard == []
        assert lines(app)[1].strip() == "nothing"


async def test_fewer_rows_pull_the_cursor_in() -> None:
    app = GridApp(Numbers(100))
    async with app.run_test(size=(60, 11)) as pilot:
        grid = app.query_one(Grid)
        grid.move_to(90)
        await pilot.pause()
        grid.show(Numbers(5), cursor=90)
        await pilot.pause()
        assert grid.cursor == 4
        assert lines(app)[5].startswith("▌")


async def test_a_resize_keeps_the_cursor_on_screen() -> None:
    app = GridApp(Numbers(100))
    async with app.run_test(size=(60, 21)) as pilot:
        grid = app.query_one(Grid)
        await pilot.press(*["j"] * 18)
        await pilot.resize_terminal(50, 8)
        for _ in range(200):
            await pilot.pause()
            if grid.size.height == 8:
                break
        assert grid.page == 7
        assert grid.scroll_offset.y <= 18 < grid.scroll_offset.y + grid.page
