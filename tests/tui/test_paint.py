"""A grid's lines as text: alignment, cuts, indentation, bars and marks."""

from __future__ import annotations

import pytest
from rich.style import Style

from proftui.report.rows import Cell, Column
from proftui.report.text import safe, width
from proftui.tui.state import Sort
from proftui.tui.widgets.layout import Needs, arrange
from proftui.tui.widgets.paint import Line, Palette, header_strip, row_strip

NONE = Style()
MATCH = Style(underline=True)
CURSOR = Style(bgcolor="blue")
HEAT = tuple(Style(color=f"color({number})") for number in range(5))
PALETTE = Palette(
    NONE, {"normal": NONE, "dim": Style(dim=True), "mark": Style(italic=True), "link": NONE, "cycle": NONE},
    HEAT, NONE, NONE, MATCH, NONE, CURSOR, NONE, Style(bold=True),
)  # fmt: skip

SHARE = Column("share", "Self%", 6, sort="self")
CALLS = Column("calls", "Calls", 9, priority=2, sort="calls")
NAME = Column("name", "Function", 12, "left", flexible=True, sort="name")
PLACE = Column("place", "File:line", 8, "left", priority=1, sort="place")
COLUMNS = (SHARE, CALLS, NAME, PLACE)
NEEDS = Needs((6, 9, 20, 12), (6, 9, 0, 0), frozenset())


def row(*texts: str, heat: float | None = None, **how: object) -> Line:
    cells = [Cell(texts[0], heat=heat), *map(Cell, texts[1:])]
    return Line(cells, **how)  # type: ignore[arg-type]


def drawn(line: Line, cells: int, needs: Needs = NEEDS) -> str:
    strip = row_strip(line, arrange(COLUMNS, cells, needs), cells, PALETTE)
    assert width(strip.text) == cells
    return strip.text


LINE = row("12.5%", "1,234", "package.module.function", "/srv/app/views.py:12")


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (24, "  12.5%  packa….function"),
        (44, "  12.5%  package…ule.function  /srv…s.py:12 "),
        (60, "  12.5%     1,234  package…ule.function  /srv…s.py:12       "),
    ],
)
def test_columns_come_and_texts_are_cut_in_the_middle(cells: int, text: str) -> None:
    assert drawn(LINE, cells) == text


def test_numbers_stand_at_the_right_and_titles_above_them() -> None:
    slots = arrange(COLUMNS, 50, NEEDS)
    header = header_strip(slots, Sort("calls"), 50, PALETTE).text
    line = row_strip(LINE, slots, 50, PALETTE).text
    end = line.index("1,234") + len("1,234")
    assert header[:end].endswith("Calls▼")
    assert line.index("pack") == header.index("Function")


def test_the_arrow_shows_the_way_and_stands_once() -> None:
    columns = (SHARE, Column("cost", "Self", 9, sort="self"), NAME)
    slots = arrange(columns, 60, Needs((6, 9, 20), (6, 9, 0), frozenset()))
    up = header_strip(slots, Sort("self", descending=False), 60, PALETTE).text
    assert up.count("▲") == 1
    assert "Self%▲" in up
    assert "▼" not in header_strip(slots, None, 60, PALETTE).text


def test_a_title_gives_way_to_its_arrow() -> None:
    column = Column("long", "Inclusive", 6, sort="long")
    slots = arrange((column, NAME), 40, Needs((6, 12), (6, 0), frozenset()))
    assert "Incl…▼" in header_strip(slots, Sort("long"), 40, PALETTE).text


@pytest.mark.parametrize(
    "name", ["漢字の関数がとても長い名前です", safe("\x1b[31m\u202eevil\x00"), "e\u0301" * 20, "👩‍💻 tool", ""]
)
def test_lines_keep_their_width_whatever_the_name(name: str) -> None:
    for cells in range(10, 70, 7):
        drawn(row("1.0%", "1", safe(name), "x"), cells)


def test_calls_lose_the_primitive_ones_before_a_digit() -> None:
    calls, needs = "1,234,567/890", Needs((6, 13, 20, 12), (6, 11, 0, 0), frozenset())
    assert " 1,234,567/…  f" in drawn(row("1.0%", calls, "f", ""), 48, needs)
    assert " 1,234,567/890  f" in drawn(row("1.0%", calls, "f", ""), 60, needs)


def test_the_cursor_is_marked_without_colour() -> None:
    assert drawn(row("1.0%", "1", "f", "", cursor=True), 40)[0] == "▌"
    assert drawn(row("1.0%", "1", "f", ""), 40)[0] == " "


def styles(line: Line, text: str) -> Style | None:
    strip = row_strip(line, arrange(COLUMNS, 60, NEEDS), 60, PALETTE)
    return next(style for piece, style, _ in strip if text in piece)


@pytest.mark.parametrize(("share", "step"), [(0.0, 0), (0.009, 0), (0.02, 1), (0.1, 2), (0.3, 3), (1.0, 4)])
def test_shares_get_warmer(share: float, step: int) -> None:
    assert styles(row("12.5%", "", "f", "", heat=share), "12.5%") == HEAT[step]


def test_marked_numbers_are_not_heated() -> None:
    line = Line([Cell("~12.5%", "mark", 0.9), Cell(""), Cell("f"), Cell("")])
    assert styles(line, "~12.5%") == PALETTE.tones["mark"]


def test_the_cursor_lies_under_every_piece() -> None:
    strip = row_strip(row("1.0%", "1", "f", "", cursor=True), arrange(COLUMNS, 40, NEEDS), 40, PALETTE)
    assert all(style is not None and style.bgcolor == CURSOR.bgcolor for _, style, _ in strip)


def matched(name: str, needle: str) -> str:
    line = row("1.0%", "1", name, "", needle=needle)
    strip = row_strip(line, arrange(COLUMNS, 40, Needs((6, 9, 12, 0), (6, 9, 0, 0), frozenset())), 40, PALETTE)
    return "".join(text for text, style, _ in strip if style is not None and style.underline)


def test_matches_are_underlined_regardless_of_case() -> None:
    assert matched("ReadLine", "line") == "Line"
    assert matched("other", "line") == ""


def test_a_match_in_what_was_cut_marks_the_whole_name() -> None:
    assert matched("begin_" + "x" * 30 + "_needle_" + "y" * 30 + "_end", "needle") == "begi…yyy_end"


def tree(depth: int, marker: str, name: str = "f") -> str:
    cells = [Cell("1.0%"), Cell("1"), Cell(name), Cell("")]
    strip = row_strip(Line(cells, depth, marker), arrange(COLUMNS, 50, NEEDS), 50, PALETTE)  # type: ignore[arg-type]
    return strip.text[19:39].rstrip()


def test_trees_are_indented_by_guides_and_marked() -> None:
    assert tree(0, "closed") == "▸ f"
    assert tree(1, "open") == "│ ▾ f"
    assert tree(3, "leaf") == "│ │ │   f"


def test_deep_rows_say_how_deep_and_keep_their_name() -> None:
    line = tree(120, "closed", "function")
    assert line.startswith("120 ")
    assert line.endswith("▸ function")


def bar(share: float) -> str:
    slots = arrange((SHARE, NAME), 60, Needs((6, 12), (6, 0), frozenset({0})))
    strip = row_strip(Line([Cell("x", heat=share), Cell("f")]), slots, 60, PALETTE)
    return strip.text[slots[0].x + slots[0].width : slots[0].end]


def test_bars_are_as_long_as_the_share() -> None:
    assert bar(1.0) == " ████████"
    assert bar(0.5) == " ████    "
    assert bar(0.0) == " " * 9
    assert bar(0.52) == " ████▏   "
    assert bar(1.7) == " ████████", "never beyond the cell"
