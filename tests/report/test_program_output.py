"""Lines that a program printed, as text that is safe to draw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.report.program_output import OutputRows, plain


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("plain", "plain"),
        ("\x1b[1;31mred\x1b[0m and \x1b[38;5;12mblue\x1b[m", "red and blue"),
        ("\x1b]0;title\x07after\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "afterlink"),
        ("\x1b]52;c;aGk=", ""),
        ("\x1b(B\x1b=\x1b7x", "x"),
        ("10%\r20%\r100%", "100%"),
        ("100%\r", "100%"),
        ("|\b/\b-\bdone", "done"),
        ("\b\bx", "x"),
        ("a\tb", "a       b"),
        ("\x1b[31mab\tc", "ab      c"),
        ("bell\x07", "bell␇"),
        ("\u202etxet", "\N{REPLACEMENT CHARACTER}txet"),
        ("漢字", "漢字"),
        ("[bold]markup[/]", "[bold]markup[/]"),
    ],
)
def test_a_line_is_what_a_terminal_would_leave(line: str, text: str) -> None:
    assert plain(line) == text


@given(st.text(max_size=60))
def test_nothing_is_left_that_steers_a_terminal(line: str) -> None:
    assert plain(line).isprintable()


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_plain_lines_stay_as_they_are(line: str) -> None:
    assert plain(line) == line


def test_rows_are_lines_from_an_offset_on() -> None:
    rows = OutputRows(["\x1b[1mfirst\x1b[0m line", "second", "", "x" * 5000], offset=6)
    assert len(rows) == 4
    assert [rows.cells(row)[0].text for row in range(3)] == ["line", "", ""]
    assert len(rows.cells(3)[0].text) == 1000
    assert rows.text(0) == "first line"
    assert rows.all()[:2] == ["first line", "second"]


def test_what_colours_divide_is_found() -> None:
    rows = OutputRows(["\x1b[1mFir\x1b[0mst", "second", "FIRST"])
    assert rows.find("first").tolist() == [0, 2]
    assert rows.find("1m").tolist() == []
    assert rows.find("").tolist() == []
