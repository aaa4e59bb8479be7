"""The members of an object that the beginning of a file shows."""

from __future__ import annotations

import pytest

from proftui.formats.json_head import member_names


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (b'{"a": 1, "b": [{"no": 1}, "no"], "c": {"no": 2}, "d', ("a", "b", "c")),
        (b'{"a\\"}": "x: \\"", "b": "\\\\"}', ('a\\"}', "b")),
        (b'\xef\xbb\xbf {"a":1}{"no":2}', ("a",)),
        ('{"ä": 1}'.encode("utf-16"), ("ä",)),
        (b'[{"no": 1}]', ()),
        (b"", ()),
        (b"{" * 60_000, ()),
        (b'{"' + b"\\" * 60_000, ()),
    ],
)
def test_the_members_are_named(head: bytes, names: tuple[str, ...]) -> None:
    assert member_names(head) == names


def test_a_text_that_is_cut_off_is_looked_through_once() -> None:
    # it took half a minute to start again from each of the quotation marks in it
    assert member_names(b'{"a": 1, "b": "' + b'\\"x\\": [' * 7000) == ("a", "b")
