"""What a program prints, cut into lines, of which the newest are kept."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.live.printed import Output, Printed


def test_lines_come_without_their_ends() -> None:
    printed = Printed(b"one\ntwo\r\n\n10%\r20%\nlast")
    assert list(printed) == ["one", "two", "", "10%\r20%", "last"]
    assert printed[-1] == "last"
    assert printed[1:3] == ["two", ""]
    assert printed.dropped == 0
    with pytest.raises(IndexError):
        printed[5]
    assert list(Printed()) == []
    assert list(Printed(b"\n")) == [""]


def test_what_is_no_utf8_is_shown_as_such() -> None:
    assert list(Printed(b"caf\xe9 \x1b[31m")) == ["caf\N{REPLACEMENT CHARACTER} \x1b[31m"]


def test_after_what_was_dropped_comes_a_whole_line() -> None:
    printed = Printed(b"lf a line\nwhole\n", 100)
    assert list(printed) == ["whole"]
    assert (printed.dropped, printed.first) == (110, 1)
    assert list(Printed(b"no end in sight", 7)) == ["no end in sight"]


@given(st.lists(st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"])), max_size=20))
def test_lines_are_what_was_joined(lines: list[str]) -> None:
    assert list(Printed("".join(f"{line}\n" for line in lines).encode())) == lines


def filled(*chunks: bytes, most: int) -> Output:
    ours, theirs = os.pipe()
    output = Output(ours, most)
    for chunk in chunks:
        os.write(theirs, chunk)
    os.close(theirs)
    output.finish(30)
    return output


def test_the_newest_is_kept_and_the_rest_counted() -> None:
    lines = [b"%04d\n" % number for number in range(1000)]
    printed = filled(*lines, most=23).printed()
    assert list(printed) == ["0996", "0997", "0998", "0999"]
    assert (printed.dropped, printed.first) == (996 * 5, 996)


def test_as_long_as_there_is_no_more_it_is_the_same_object() -> None:
    ours, theirs = os.pipe()
    output = Output(ours)
    assert output.printed() is output.printed()
    before = output.printed()
    os.write(theirs, b"x")
    os.close(theirs)
    output.finish(30)
    assert output.printed() is not before
    assert output.printed() is output.printed()
    assert list(before) == []
