"""Functions of a program that was run again are found again."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from proftui.model import Functions
from proftui.model.translate import translate

Rows = list[tuple[str, str, int, str]]


def found(old: Rows, new: Rows) -> list[int]:
    translation = translate(Functions.of(old), Functions.of(new))
    assert translation.count == len(new)
    for now, before in enumerate(translation.old_of.tolist()):
        assert before == -1 or translation.new_of[before] == now
    return [int(now) for now in translation.new_of]


def test_the_same_functions_in_another_order() -> None:
    rows = [("f", "a.py", 1, ""), ("f", "b.py", 1, ""), ("g", "a.py", 9, ""), ("len", "~", 0, "")]
    assert found(rows, rows[::-1]) == [3, 2, 1, 0]


def test_gone_and_new() -> None:
    assert found([("f", "a.py", 1, ""), ("g", "a.py", 5, "")], [("h", "a.py", 5, ""), ("f", "a.py", 1, "")]) == [1, -1]


def test_an_edit_moves_the_functions_below_it() -> None:
    old = [("f", "a.py", 1, ""), ("g", "a.py", 10, ""), ("h", "a.py", 20, "")]
    assert found(old, [("f", "a.py", 1, ""), ("g", "a.py", 13, ""), ("h", "a.py", 23, "")]) == [0, 1, 2]


def test_names_that_occur_twice_move_with_their_surroundings() -> None:
    """Two classes with an __init__ and something beside it; three lines were put in before the second."""
    old = [("__init__", "a.py", 2, ""), ("run", "a.py", 5, ""), ("__init__", "a.py", 12, ""), ("stop", "a.py", 15, "")]
    new = [("stop", "a.py", 18, ""), ("__init__", "a.py", 15, ""), ("__init__", "a.py", 2, ""), ("run", "a.py", 5, "")]
    assert found(old, new) == [2, 3, 1, 0]


def test_what_cannot_be_told_apart_is_not_guessed() -> None:
    """Both __init__ have moved, and nothing tells which is which."""
    old = [("__init__", "a.py", 2, ""), ("__init__", "a.py", 12, "")]
    assert found(old, [("__init__", "a.py", 5, ""), ("__init__", "a.py", 9, "")]) == [-1, -1]


def test_one_of_two_left_could_be_either() -> None:
    old = [("__init__", "a.py", 2, ""), ("__init__", "a.py", 12, "")]
    assert found(old, [("__init__", "a.py", 7, "")]) == [-1, -1]


def test_places_are_not_mixed_up_between_files() -> None:
    old = [("f", "a.py", 1, ""), ("f", "b.py", 2, "")]
    assert found(old, [("f", "b.py", 3, ""), ("f", "c.py", 1, "")]) == [-1, 0]


def test_addresses_in_names_are_others_in_each_run() -> None:
    name = "<built-in method __new__ of type object at 0x{}>"
    assert found([(name.format("7fa76cc5ea00"), "~", 0, "")], [(name.format("10C4E8D60"), "~", 0, "")]) == [0]


names = st.tuples(st.sampled_from("fgh"), st.sampled_from(["a.py", "b.py"]), st.integers(1, 9), st.just(""))


@given(st.lists(names), st.lists(names))
def test_no_function_is_found_twice(old: Rows, new: Rows) -> None:
    now = [function for function in found(old, new) if function >= 0]
    assert len(now) == len(set(now))


@given(st.lists(names, unique=True), st.randoms())
def test_the_same_functions_are_all_found(rows: Rows, random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert [shuffled[now] for now in found(rows, shuffled)] == rows


@given(st.lists(names, unique=True), st.integers(1, 50))
def test_lines_that_all_move_lose_no_name_that_is_alone(rows: Rows, by: int) -> None:
    moved = [(name, file, line + by, of) for name, file, line, of in rows]
    alone = [at for at, row in enumerate(rows) if sum(other[:2] == row[:2] for other in rows) == 1]
    now = found(rows, moved)
    assert all(now[at] == at for at in alone)
