"""A recorder against a count over the windows that were given to it."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.live.recorder import MEMORY_LIMIT, MOST_ROWS, NOT_KEPT, OTHERS, Recorder
from proftui.live.sampling import Frame, Sampled, Stack
from proftui.model import Recording, Thread
from tests.model.recordings import stacks_of

MAIN, WORKER = Thread(1, 10, "main"), Thread(1, 11, "worker")

FRAMES = [Frame("a", "a.py", 3), Frame("b", "b.py", 5), Frame("b", "b.py", 6), Frame("c", object="libc")]

stacks = st.builds(
    Stack, st.sampled_from([MAIN, WORKER]), st.lists(st.sampled_from(FRAMES), min_size=1, max_size=6).map(tuple)
)
windows = st.lists(st.lists(st.tuples(stacks, st.integers(1, 9)), max_size=8), max_size=12)

Counted = Sequence[tuple[Stack, int]]


def window(at: int, counted: Counted) -> Sampled:
    return Sampled(float(at), 0.75, counted, errors=at, sampler=0.25)


def recorder(sampled: Iterable[Counted], limit: int = MEMORY_LIMIT, most_rows: int = MOST_ROWS) -> Recorder:
    made = Recorder({"command": "app"}, limit=limit, most_rows=most_rows)
    for at, counted in enumerate(sampled):
        made.add(window(at, counted), cpu=0.5, memory=1000.0 + at)
    return made


def expected(sampled: Iterable[Counted]) -> Counter[tuple[object, ...]]:
    """What `stacks_of` says of a recording of it."""
    counts: Counter[tuple[object, ...]] = Counter()
    for counted in sampled:
        for stack, count in counted:
            key = (stack.thread, *((frame.name, frame.file, frame.object, frame.line) for frame in stack.frames))
            counts[key] += count
    return counts


def is_sound(recording: Recording) -> None:
    """Rows once each and behind their parents, windows in order."""
    rows = list(zip(recording.frame.tolist(), recording.parent.tolist(), recording.thread.tolist(), strict=True))
    assert len(set(rows)) == len(rows)
    assert (recording.parent < np.arange(len(rows))).all()
    assert recording.windows.entries[0] == 0
    assert recording.windows.entries[-1] == len(recording.windows.leaf) == len(recording.windows.count)
    assert (np.diff(recording.windows.start) > 0).all()
    assert recording.profile().check() == []


def test_a_window_by_hand() -> None:
    made = recorder([[(Stack(MAIN, (FRAMES[0], FRAMES[1])), 2), (Stack(WORKER, (FRAMES[0],)), 3)]]).recording()
    assert made.functions.identities() == [("a", "a.py", -1, ""), ("b", "b.py", -1, "")]
    assert made.frames.line.tolist() == [3, 5]
    assert made.threads == (MAIN, WORKER)
    assert made.parent.tolist() == [-1, 0, -1]
    assert (made.windows.leaf.tolist(), made.windows.count.tolist()) == ([1, 2], [2, 3])
    assert (made.windows.cpu.tolist(), made.windows.memory.tolist()) == ([0.5], [1000])
    assert (made.windows.sampler.tolist(), made.windows.errors.tolist()) == ([0.25], [0])


def test_lines_are_frames_of_one_function() -> None:
    made = recorder([[(Stack(MAIN, (FRAMES[0], FRAMES[1])), 2), (Stack(MAIN, (FRAMES[0], FRAMES[2])), 3)]]).recording()
    assert len(made.functions) == 2
    assert made.frames.line.tolist() == [3, 5, 6]
    assert made.profile().parts[0].graph.self_cost.tolist() == [[0, 5]]


def test_equal_stacks_of_one_window_are_one_entry() -> None:
    made = recorder([[(Stack(MAIN, (FRAMES[0],)), 2), (Stack(MAIN, (FRAMES[0],)), 3)]]).recording()
    assert (made.windows.leaf.tolist(), made.windows.count.tolist()) == ([0], [5])


@given(windows)
def test_all_that_was_sampled_is_there(sampled: list[Counted]) -> None:
    made = recorder(sampled).recording()
    is_sound(made)
    assert stacks_of(made) == expected(sampled)
    for at, counted in enumerate(sampled):
        assert stacks_of(made, at, at + 1) == expected([counted])


@given(windows, st.integers(0, 12))
def test_what_was_asked_for_stays_as_it_was(sampled: list[Counted], cut: int) -> None:
    made = recorder(sampled[:cut])
    made.mark()
    before = made.recording()
    figures = [part.graph.inclusive.tolist() for part in before.profile().parts]
    for at, counted in enumerate(sampled[cut:], cut):
        made.add(window(at, counted))
        made.recording().profile()
    made.mark()
    made.reset()
    assert stacks_of(before) == expected(sampled[:cut])
    assert len(before.windows) == len(sampled[:cut])
    assert len(before.marks) == 1
    assert [part.graph.inclusive.tolist() for part in before.profile().parts] == figures


@given(windows, st.sets(st.integers(0, 11)), st.integers(100, 2000))
def test_old_windows_merge_and_marks_stay_between_windows(sampled: list[Counted], marked: set[int], limit: int) -> None:
    made = Recorder({}, limit=limit)
    marks = []
    for at, counted in enumerate(sampled):
        made.add(window(at, counted), cpu=0.5, memory=float(at))
        if at in marked:
            marks.append(made.mark().seconds)
    recording = made.recording()
    is_sound(recording)
    assert stacks_of(recording) == expected(sampled)
    assert recording.windows.seconds.sum() == 0.75 * len(sampled)
    assert recording.windows.cpu.sum() == 0.5 * len(sampled)
    assert recording.windows.errors.sum() == sum(range(len(sampled)))
    assert [moment.seconds for moment in recording.marks] == marks
    starts = recording.windows.start.astype(int).tolist()
    for first, last in pairwise([*starts, len(sampled)]):
        assert stacks_of(recording, starts.index(first), starts.index(first) + 1) == expected(sampled[first:last])
        assert not any(first <= at < last - 1 for at in marked)
        assert recording.windows.memory[starts.index(first)] == last - 1


def test_merging_keeps_to_the_limit_and_spares_what_is_new() -> None:
    """Two stacks in each window: what they take is all that merging can save."""
    both = [(Stack(MAIN, (FRAMES[0],)), 1), (Stack(MAIN, (FRAMES[1],)), 2)]
    made = recorder([both] * 2000, limit=20_000)
    recording = made.recording()
    assert made.memory <= 20_000
    assert 100 < len(recording.windows) < 250
    assert recording.windows.start[-1] == 1999
    assert np.diff(recording.windows.start)[-50:].tolist() == [1] * 50
    assert recording.windows.samples.sum() == 6000


@given(windows, st.integers(1, 12))
def test_further_contexts_are_counted_below_what_is_known_of_them(sampled: list[Counted], most: int) -> None:
    made = recorder(sampled, most_rows=most).recording()
    is_sound(made)
    last = (NOT_KEPT.name, "", "", -1)
    seen = stacks_of(made)
    assert sum(seen.values()) == sum(expected(sampled).values())
    for stack, count in expected(sampled).items():
        if stack not in seen:
            kept = [other for other in seen if other[-1] == last and other[:-1] == stack[: len(other) - 1]]
            assert max(seen[other] for other in kept) >= count
    assert sum(last[0] != made.functions.name[made.frames.function[frame]] for frame in made.frame) <= most


def test_a_program_that_makes_code_without_end_takes_no_more_names() -> None:
    made = recorder([[(Stack(MAIN, (Frame(f"f{at}"),)), 1)] for at in range(50)], most_rows=10).recording()
    assert len(made.functions) == 11
    assert len(made) == 11
    assert made.windows.samples.sum() == 50


def test_threads_without_end_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proftui.live.recorder.MOST_THREADS", 3)
    made = recorder([[(Stack(Thread(1, tid), (FRAMES[0],)), 1 + tid)] for tid in [*range(9), 1]]).recording()
    assert made.threads == (Thread(1, 0), Thread(1, 1), Thread(1, 2), OTHERS)
    assert [part.graph.totals.tolist() for part in made.profile().parts] == [[1], [4], [3], [39]]


def test_reset_forgets_windows_and_keeps_ids() -> None:
    made = recorder([[(Stack(MAIN, (FRAMES[0], FRAMES[1])), 2)]])
    made.mark()
    made.reset()
    empty = made.recording()
    assert (len(empty.windows), empty.marks, len(empty.functions)) == (0, (), 2)
    assert empty.profile().parts[0].graph.totals.tolist() == [0]
    made.add(window(7, [(Stack(MAIN, (FRAMES[3], FRAMES[1])), 4)]))
    again = made.recording()
    assert again.functions.name == ("a", "b", "c")
    assert stacks_of(again) == expected([[(Stack(MAIN, (FRAMES[3], FRAMES[1])), 4)]])
    assert made.mark().seconds == 7.75


def test_a_mark_is_at_the_end_of_the_newest_window() -> None:
    made = Recorder({})
    assert made.mark("none yet").seconds == 0
    made.add(window(3, []))
    assert (made.mark("then").seconds, made.recording().marks[-1].label) == (3.75, "then")


def test_what_is_not_known_is_nan() -> None:
    made = Recorder({})
    made.add(Sampled(0.0, 1.0, []))
    windows = made.recording().windows
    assert all(math.isnan(column[0]) for column in (windows.cpu, windows.memory, windows.sampler))


@pytest.mark.parametrize("limit", [1 << 30, 30_000])
def test_one_thread_adds_while_others_ask(limit: int) -> None:
    """Whenever they ask, a recording holds all of each window or none of it."""
    sampled = [[(Stack(MAIN, (FRAMES[at % 4], Frame(f"f{at % 97}", "", at))), 2), (Stack(WORKER, (FRAMES[0],)), 1)]
               for at in range(600)]  # fmt: skip
    made = Recorder({}, limit=limit)
    done = threading.Event()
    wrong: list[str] = []

    def ask() -> None:
        while not done.is_set():
            recording = made.recording()
            profile = recording.profile()
            total = sum(float(part.graph.totals[0]) for part in profile.parts)
            seen = float(recording.windows.seconds.sum()) / 0.75
            if total != 3 * seen or profile.check():
                wrong.append(f"{total} samples in {seen} windows")

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for at, counted in enumerate(sampled):
        made.add(window(at, counted))
        if at % 100 == 0:
            made.mark()
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert stacks_of(made.recording()) == expected(sampled)


def test_a_thread_that_gets_its_name_later_is_the_same() -> None:
    recorder = Recorder({})
    frames = (Frame("main", "a.py", 1),)
    for start, name in enumerate(("", "MainThread", "", "MainThread")):
        recorder.add(Sampled(start, 1.0, [(Stack(Thread(7, 70, name), frames), 2)]))
    recorder.add(Sampled(4.0, 1.0, [(Stack(Thread(7, 70, "other"), frames), 1)]))
    parts = recorder.recording().profile().parts
    assert [(part.label.split()[0], float(part.graph.totals[0])) for part in parts] == [("MainThread", 8), ("other", 1)]


def test_threads_that_are_not_told_apart_are_one_for_each_process() -> None:
    recorder = Recorder({}, threads=False)
    frames = (Frame("main", "a.py", 1),)
    stacks = [(Stack(Thread(pid, tid, "T"), frames), 2) for pid, tid in ((7, 70), (7, 71), (8, 80))]
    recorder.add(Sampled(0.0, 1.0, stacks))
    parts = recorder.recording().profile().parts
    assert [part.label for part in parts] == ["all threads [7]", "all threads [8]"]
    assert [float(part.graph.totals[0]) for part in parts] == [4, 2]
