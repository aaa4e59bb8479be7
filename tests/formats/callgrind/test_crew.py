"""Calls on threads."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from proftui.formats.callgrind.crew import Crew


def test_results_come_in_the_order_in_which_they_are_asked_for() -> None:
    with Crew(3) as crew:
        calls = [crew.begin(partial(pow, number, 2)) for number in range(100)]
        assert [call.result() for call in calls] == [number**2 for number in range(100)]
        assert calls[0].result() == 0


def test_calls_are_made_on_other_threads() -> None:
    with Crew(1) as crew:
        assert crew.begin(threading.get_ident).result() != threading.get_ident()


def test_errors_are_raised_to_who_asks() -> None:
    with Crew(2) as crew:
        failing, sound = crew.begin(partial(int, "x")), crew.begin(partial(int, "1"))
        with pytest.raises(ValueError, match="invalid literal"):
            failing.result()
        assert sound.result() == 1


def test_threads_end_with_the_crew() -> None:
    before = threading.active_count()
    with Crew(4) as crew:
        crew.begin(int)
        assert threading.active_count() == before + 4
    assert threading.active_count() == before
