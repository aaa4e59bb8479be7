"""Lines of py-spy as stacks: whose they are, what the frames are, and whatever names may hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from proftui.live.pyspy_lines import NO_STACK, Lines, Remembered
from proftui.live.sampling import Frame
from proftui.model import NO_LINE, Thread

NAMES = (
    st.text(st.characters(codec="utf-8", exclude_characters=";\n)("), min_size=1, max_size=9)
    .map(str.strip)
    .filter(bool)
)


def only(line: str | bytes, **options: bool) -> tuple[Thread, tuple[Frame, ...], int]:
    """What is in the only line that there is."""
    data = line if isinstance(line, bytes) else line.encode("utf-8", "surrogateescape")
    ((stack, count),) = Lines(7, "python app.py", **options).stacks(data + b"\n")
    return stack.thread, stack.frames, count


def test_thread_and_frames() -> None:
    thread, frames, count = only("thread (9): MainThread;<module> (/a b/app.py:12);Shop.sell (/a b/shop.py:5) 42")
    assert thread == Thread(7, 9, "MainThread", "python app.py")
    assert frames == (Frame("<module>", "/a b/app.py", 12), Frame("Shop.sell", "/a b/shop.py", 5))
    assert count == 42


def test_thread_without_a_name_and_with_a_number_in_hexadecimal() -> None:
    thread, frames, _ = only("thread (0x7F3A);main (a.py:1) 1")
    assert thread == Thread(7, 0x7F3A, "", "python app.py")
    assert frames == (Frame("main", "a.py", 1),)


def test_innermost_process_owns_the_thread() -> None:
    line = 'process 7:"python app.py";process 8:"python app.py --worker 1";thread (8): MainThread;work (a.py:3) 2'
    assert only(line)[0] == Thread(8, 8, "MainThread", "python app.py --worker 1")


def test_command_line_may_hold_quotes_and_semicolons() -> None:
    line = 'process 8:"sh -c "cd /;python "a b";" x";thread (8): MainThread;work (a.py:3) 2'
    thread, frames, _ = only(line)
    assert thread == Thread(8, 8, "MainThread", 'sh -c "cd /;python "a b";" x')
    assert frames == (Frame("work", "a.py", 3),)


def test_name_of_a_thread_may_hold_semicolons_and_parentheses() -> None:
    thread, frames, _ = only("thread (9): pool (a;b); x;main (a.py:1);work (a.py:2) 3")
    assert thread.name == "pool (a;b); x"
    assert [frame.name for frame in frames] == ["main", "work"]


def test_file_name_may_hold_semicolons_and_blanks() -> None:
    _, frames, _ = only("thread (9): m;main (/x/a; b/c 1.py:4);work (a.py:2) 3")
    assert frames == (Frame("main", "/x/a; b/c 1.py", 4), Frame("work", "a.py", 2))


def test_line_break_in_a_name() -> None:
    data = b"thread (9): m;ma\nin (a.py:4) 3\nthread (9): m;work (a.py:2) 5\n"
    found = Lines(7).stacks(data)
    assert [(stack.frames[-1].name, count) for stack, count in found] == [("ma\nin", 3), ("work", 5)]


def test_native_frames_have_a_binary() -> None:
    line = "thread (9): m;main (a.py:4);do_thing (libthing.so.1);std::sort<int, 3> (algorithm.hpp:88);bare 3"
    _, frames, _ = only(line, native=True)
    assert frames[1] == Frame("do_thing", "", NO_LINE, "libthing.so.1")
    assert frames[2] == Frame("std::sort<int, 3>", "algorithm.hpp", 88)
    assert frames[3] == Frame("bare")


def test_bytes_that_are_no_text() -> None:
    thread, frames, _ = only(b"thread (9): caf\xe9;f\xff (a.py:1) 1")
    assert thread.name == "caf\udce9"
    assert frames[0].name == "f\udcff"


def test_count_without_a_stack() -> None:
    assert only(" 3") == (Thread(7, None, "", "python app.py"), (NO_STACK,), 3)
    assert only("thread (9): m 3") == (Thread(7, 9, "m", "python app.py"), (NO_STACK,), 3)


def test_same_line_gives_the_same_object_in_later_windows() -> None:
    lines = Lines(7)
    ((first, _),) = lines.stacks(b"thread (9): m;main (a.py:1) 3\n")
    ((second, count),) = lines.stacks(b"thread (9): m;main (a.py:1) 11\n")
    assert first is second
    assert count == 11


def test_frames_are_shared_by_stacks() -> None:
    one, other = (
        stack for stack, _ in Lines(7).stacks(b"thread (9): m;a (a.py:1) 1\nthread (9): m;a (a.py:1);b (a.py:2) 1\n")
    )
    assert one.frames[0] is other.frames[0]


def test_what_is_remembered_is_bounded_and_what_is_used_stays() -> None:
    remembered: Remembered[int] = Remembered(2_000_000)
    kept = 0
    for number in range(100_000):
        text = b"%0900d" % number
        if remembered.get(text) is None:
            remembered.put(text, number)
        kept += remembered.get(b"%0900d" % 0) is not None
    held = {*remembered._new, *remembered._old}
    assert kept == 100_000
    assert 900 <= sum(len(text) for text in held) / 1000 <= 2000


@given(st.lists(st.tuples(NAMES, st.integers(1, 99_999)), min_size=1, max_size=60), st.integers(1, 10**9))
def test_what_is_written_as_py_spy_does_is_read_back(places: list[tuple[str, int]], count: int) -> None:
    line = "thread (9): main;" + ";".join(f"{name} (/x/{line}.py:{line})" for name, line in places) + f" {count}"
    _, frames, counted = only(line)
    assert [(frame.name, frame.file, frame.line) for frame in frames] == [
        (name, f"/x/{line}.py", line) for name, line in places
    ]
    assert counted == count


@given(st.binary(max_size=300))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    for stack, count in Lines(7).stacks(data):
        assert stack.frames
        assert count >= 0
