"""Finding text in many rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from proftui.report.rows import Haystack

_LETTERS = st.text(st.sampled_from("abAB_é"), max_size=6)


@given(st.lists(_LETTERS, max_size=20), _LETTERS)
def test_find_gives_what_a_plain_search_gives(texts: list[str], needle: str) -> None:
    expected = [row for row, text in enumerate(texts) if needle and needle.casefold() in text.casefold()]
    assert Haystack(texts).find(needle).tolist() == expected


def test_a_needle_does_not_match_across_rows() -> None:
    assert Haystack(["ab", "cd"]).find("bc").tolist() == []
