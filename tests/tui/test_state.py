"""The viewer's state and history as plain values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from proftui.tui.state import LONGEST_HISTORY, History, Place, Sort, ViewState

HOME, WORK, SHOP = Place("functions", 1), Place("neighbours", 2), Place("tree", 3)


def test_back_and_forward_retrace_the_way() -> None:
    history = History[Place]().left(HOME).left(WORK)
    back = history.back(SHOP)
    assert back is not None
    place, history = back
    assert place == WORK
    ahead = history.forward(place)
    assert ahead is not None
    assert ahead[0] == SHOP


def test_a_new_place_forgets_what_lay_ahead() -> None:
    step = History[Place]().left(HOME).back(WORK)
    assert step is not None
    place, history = step
    assert history.future == (WORK,)
    assert history.left(place).forward(SHOP) is None


def test_ends_of_the_history_lead_nowhere() -> None:
    assert History[Place]().back(HOME) is None
    assert History[Place]().forward(HOME) is None


def test_history_is_bounded() -> None:
    history: History[Place] = History()
    for number in range(LONGEST_HISTORY + 10):
        history = history.left(Place("functions", number))
    assert len(history.past) == LONGEST_HISTORY
    assert history.past[-1].focus == LONGEST_HISTORY + 9


@given(st.lists(st.sampled_from(["back", "forward", "visit"]), max_size=60))
def test_history_is_a_line_of_places(moves: list[str]) -> None:
    line, at = [Place("functions", 0)], 0
    history: History[Place] = History()
    for number, move in enumerate(moves, 1):
        step = getattr(history, move)(line[at]) if move != "visit" else None
        if move == "visit":
            history = history.left(line[at])
            line[at + 1 :] = [Place("functions", number)]
            at += 1
        elif step is not None:
            place, history = step
            at += 1 if move == "forward" else -1
            assert place == line[at]
        assert len(history.past) == at
        assert len(history.future) == len(line) - at - 1


def test_each_view_keeps_its_own_order() -> None:
    state = ViewState().sorted(Sort("calls"))
    assert state.sort() == Sort("calls")
    elsewhere = ViewState(place=Place("neighbours"), sorts=state.sorts)
    assert elsewhere.sort() == Sort("inclusive")
    assert ViewState(place=Place("tree")).sort() is None
