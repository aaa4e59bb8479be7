"""Which columns a grid shows, and where."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.report import columns as c
from proftui.report.rows import Cell, Column
from proftui.tui.widgets.layout import Needs, Slot, arrange, needs_of

FUNCTIONS = (
    c.SELF_SHARE, c.INCLUSIVE_SHARE, c.SELF, c.INCLUSIVE, c.CALLS, c.SELF_PER_CALL, c.INCLUSIVE_PER_CALL,
    c.NAME, c.LOCATION, c.MODULE,
)  # fmt: skip


def slots(width: int, names: int = 60, places: int = 70, modules: int = 30, sort: str = "") -> dict[str, Slot]:
    cells = [column.width for column in FUNCTIONS[:7]] + [names, places, modules]
    placed = arrange(FUNCTIONS, width, Needs(tuple(cells), (0,) * 10, frozenset({0, 1})), sort)
    return {slot.column.key: slot for slot in placed}


def test_80_cells_show_shares_calls_and_a_name_of_30() -> None:
    shown = slots(79)
    assert {"self_share", "inclusive_share", "calls", "name"} <= set(shown)
    assert shown["name"].width >= 30


def test_120_cells_show_where_a_function_is_defined() -> None:
    shown = slots(119)
    assert {"self", "inclusive", "location"} <= set(shown)
    assert shown["name"].width >= 30


def test_200_cells_show_everything_and_texts_share_the_rest() -> None:
    shown = slots(199)
    assert set(shown) == {column.key for column in FUNCTIONS}
    assert max(slot.end for slot in shown.values()) >= 197
    assert shown["name"].width <= 60
    assert shown["location"].width > c.LOCATION.width
    assert shown["self_share"].bar


def test_short_names_do_not_spread() -> None:
    assert slots(199, names=12, places=20, modules=10)["name"].width == c.NAME.width


def test_the_column_sorted_by_stays() -> None:
    assert "module" not in slots(79)
    assert "module" in slots(79, sort="module")


def calls_at(width: int, need: int, uncut: int) -> int:
    needs = Needs((6, 8, 9, 9, need, 9, 9, 30, 30, 20), (6, 8, 9, 9, uncut, 9, 9, 0, 0, 0), frozenset())
    return next(slot.width for slot in arrange(FUNCTIONS, width, needs) if slot.column.key == "calls")


def test_numbers_are_not_cut() -> None:
    assert calls_at(79, need=13, uncut=13) == 13


def test_primitive_calls_come_where_there_is_room() -> None:
    assert calls_at(199, need=15, uncut=9) == 15
    assert calls_at(110, need=15, uncut=9) == 9


COLUMNS = st.lists(
    st.builds(
        Column,
        key=st.text("abc", min_size=1, max_size=3),
        title=st.just("T"),
        width=st.integers(1, 40),
        align=st.sampled_from(["left", "right"]),
        priority=st.integers(0, 5),
    ),
    min_size=1,
    max_size=9,
)


@given(COLUMNS, st.integers(0, 250), st.integers(0, 120), st.data())
def test_columns_never_overlap_and_never_leave_the_width(
    columns: list[Column], width: int, need: int, data: st.DataObject
) -> None:
    flexible = data.draw(st.integers(0, len(columns) - 1))
    columns[flexible] = Column("name", "Name", 5, "left", flexible=True)
    placed = arrange(columns, width, Needs((need,) * len(columns), (need // 2,) * len(columns), frozenset({0})))
    end = 0
    for slot in placed:
        assert slot.x > end or end == 0
        end = slot.end
    assert end <= max(width, 0) or not placed
    assert [slot.index for slot in placed] == sorted(slot.index for slot in placed)


class Texts:
    columns = (Column("number", "N", 3), Column("text", "T", 3, "left", flexible=True))

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def cells(self, row: int) -> list[Cell]:
        number, text = self._rows[row]
        return [Cell(number, heat=0.5 if number else None), Cell(text)]


@pytest.mark.parametrize(("count", "expected"), [(10, 90), (1000, 4)])
def test_one_long_text_among_many_does_not_widen_a_column(count: int, expected: int) -> None:
    needs = needs_of(Texts([("123456", "x" * 90), *[("1", "name")] * (count - 1)]))
    assert needs.cells == (6, expected)
    assert needs.heated == {0}


def test_a_long_title_of_numbers_gets_room_where_there_is_some() -> None:
    class Objects(Texts):
        columns = (Column("number", "alloc_objects", 7), Column("text", "T", 3, "left", flexible=True))

    rows = Objects([("1", "name")])
    wide, narrow = (arrange(rows.columns, width, needs_of(rows)) for width in (40, 12))
    assert (wide[0].width, narrow[0].width) == (13, 7)


def test_rows_without_any_row_need_nothing() -> None:
    assert needs_of(Texts([])) == Needs((0, 0), (0, 0), frozenset())
