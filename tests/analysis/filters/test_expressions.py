"""Filters as text: what parses to what, what does not, and back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.analysis.filters import ONLY_MY_CODE, Filter, FilterError, named, parse
from proftui.analysis.filters.expressions import Figure, Text


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("json", Filter("focus", Text("json"))),
        ("focus:json", Filter("focus", Text("json"))),
        (" ignore: ^_ ", Filter("ignore", Text("^_"))),
        ("hide:name=^_", Filter("hide", Text("^_", "name"))),
        ("hide:name~^_", Filter("hide", Text("^_", "name"))),
        ("show:file=*/app/*.py", Filter("show", Text("*/app/*.py", "file", plain=True))),
        (r"show:file~app/.*\.py$", Filter("show", Text(r"app/.*\.py$", "file"))),
        ("hide:module=rich", Filter("hide", Text("rich", "module", plain=True))),
        ("module~^rich", Filter("focus", Text("^rich", "module"))),
        ("show-from:main", Filter("show-from", Text("main"))),
        ("show_from:main", Filter("show-from", Text("main"))),
        ("std::vector", Filter("focus", Text("std::vector"))),
        ("hide:std::vector", Filter("hide", Text("std::vector"))),
        ("self>1%", Filter("show", Figure("self", ">", 1.0, "%"))),
        ("hide:calls<=2k", Filter("hide", Figure("calls", "<=", 2.0, "k"))),
        ("show:inclusive >= 1.5 ms", Filter("show", Figure("inclusive", ">=", 1.5, "ms"))),
        ("my-code", ONLY_MY_CODE),
        ("[[a]", Filter("focus", Text("[[a]"))),
    ],
)
def test_meaning(text: str, meaning: Filter) -> None:
    assert parse(text) == meaning
    assert parse(str(meaning)) == meaning


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "a filter needs something to look for"),
        ("focus:", "focus: needs something to look for"),
        ("foo:bar", "no filter is called 'foo'"),
        ("my-code:x", "no filter is called 'my-code'"),
        ("hide:(", "is no regular expression"),
        ("hide:a{99999999999}", "is no regular expression"),
        ("hide:" + "(" * 5000, "is no regular expression"),
        ("file=", "needs something to look for"),
        ("hide:module~[", "is no regular expression"),
        ("self>1 parsec", "'1 parsec' is no amount"),
        ("self>", "'' is no amount"),
        ("calls>1%", "calls are counted"),
        ("calls>10ms", "calls are counted"),
    ],
)
def test_what_is_no_filter(text: str, sentence: str) -> None:
    with pytest.raises(FilterError, match=re.escape(sentence)) as raised:
        parse(text)
    assert "\n" not in str(raised.value)


@given(st.text())
def test_any_text_parses_to_what_it_says_or_is_refused(text: str) -> None:
    try:
        meaning = parse(text)
    except FilterError:
        return
    assert parse(str(meaning)) == meaning


def test_named_finds_that_name_alone() -> None:
    step = named("hide", "operator() [a]")
    assert parse(str(step)) == step
    assert str(step).startswith("hide:name=^")
