"""Names from files: safe to draw, and cut to cells."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.report.text import ending, fit, middle, safe, width


@pytest.mark.parametrize(
    ("hostile", "drawn"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\nb\tc", "a␊b␉c"),
        ("del\x7f", "del␡"),
        ("\x9b2J", "\ufffd2J"),
        ("abc\u202edef", "abc\ufffddef"),
        ("zero\u200bwidth\ufeff", "zero\ufffdwidth\ufffd"),
        ("line\u2028break", "line\ufffdbreak"),
        ("lone\udc80", "lone\ufffd"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
        ("naïve.日本語", "naïve.日本語"),
    ],
)
def test_what_could_steer_a_terminal_is_replaced(hostile: str, drawn: str) -> None:
    assert safe(hostile) == drawn


@given(st.text(st.characters()))
def test_safe_text_holds_no_control_character(text: str) -> None:
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in safe(text))


@given(st.text(st.characters(codec="utf-8")), st.integers(0, 40), st.booleans())
def test_fit_takes_exactly_the_cells(text: str, cells: int, right: bool) -> None:
    assert width(fit(safe(text), cells, right=right)) == cells


@given(st.text(st.characters(codec="utf-8")), st.integers(0, 40))
def test_middle_takes_at_most_the_cells(text: str, cells: int) -> None:
    assert width(middle(safe(text), cells)) <= cells


def test_of_a_path_the_start_is_cut() -> None:
    assert ending("/usr/lib/python3.11/email/feedparser.py:77", 20) == "…il/feedparser.py:77"
    assert ending("short.py:1", 20) == "short.py:1"
    assert ending("日本語", 4) == "…語"


def test_the_end_of_a_name_is_cut_last() -> None:
    assert middle("package.module.Class.method", 14) == "packa…s.method"


def test_wide_characters_take_two_cells() -> None:
    assert fit("日本語", 5) == "日本…"
    assert fit("日本語", 8, right=True) == "  日本語"
