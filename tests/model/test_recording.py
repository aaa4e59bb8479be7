"""Profiles of ranges of a recording's time, against counts over the stacks that were sampled in it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.model import Part, Profile, Recording, Thread, merge
from proftui.model.layout import Newest
from tests.model.recordings import FRAMES, THREADS, Sample, recording, samples, stacks_of, windows

FUNCTION = FRAMES.function.tolist()


def counted(sampled: Iterable[Sample], thread: int) -> dict[str, dict[object, int]]:
    """Self and inclusive samples of a thread's functions, and samples of its arcs: each counts a sample once."""
    own: Counter[object] = Counter()
    whole: Counter[object] = Counter()
    arcs: Counter[object] = Counter()
    arcs_own: Counter[object] = Counter()
    for owner, stack, count in sampled:
        if owner == thread:
            path = [FUNCTION[frame] for frame in stack]
            own[path[-1]] += count
            for function in set(path):
                whole[function] += count
            for arc in set(itertools.pairwise(path)):
                arcs[arc] += count
            if len(path) > 1:
                arcs_own[path[-2], path[-1]] += count
    return {
        "own": {function: own[function] for function in whole},
        "whole": dict(whole),
        "arcs": dict(arcs),
        "arcs own": {arc: arcs_own[arc] for arc in arcs},
    }


def of_graph(part: Part) -> dict[str, dict[object, int]]:
    graph = part.graph
    function = graph.function.tolist()
    arcs = [(function[a], function[b]) for a, b in zip(graph.caller.tolist(), graph.callee.tolist(), strict=True)]
    assert graph.arc_self is not None
    return {
        "own": dict(zip(function, graph.self_cost[0].tolist(), strict=True)),
        "whole": dict(zip(function, graph.inclusive[0].tolist(), strict=True)),
        "arcs": dict(zip(arcs, graph.arc_cost[0].tolist(), strict=True)),
        "arcs own": dict(zip(arcs, graph.arc_self[0].tolist(), strict=True)),
    }


def of_tree(part: Part) -> dict[tuple[int, ...], float]:
    """The samples of each stack of a part."""
    assert part.tree is not None
    paths: list[tuple[int, ...]] = []
    for frame, above in zip(part.tree.frame.tolist(), part.tree.parent.tolist(), strict=True):
        paths.append((*paths[above], frame) if above >= 0 else (frame,))
    assert len(set(paths)) == len(paths)
    return {path: cost for path, cost in zip(paths, part.tree.self_cost[0].tolist(), strict=True) if cost}


def is_sound(profile: Profile, sampled: list[Sample]) -> None:
    """Whether it has a part for each thread and all figures of it, and no row that was not sampled."""
    assert profile.check() == []
    assert [(part.kind, part.pid, part.tid) for part in profile.parts] == [
        ("thread", thread.pid, thread.tid) for thread in THREADS
    ]
    for thread, part in enumerate(profile.parts):
        assert of_graph(part) == counted(sampled, thread)
        stacks: Counter[tuple[int, ...]] = Counter()
        for owner, stack, count in sampled:
            stacks[stack] += count if owner == thread else 0
        assert of_tree(part) == {stack: count for stack, count in stacks.items() if count}
        assert part.tree is not None
        assert (part.tree.inclusive() > 0).all()
        again = part.tree.to_graph()
        assert again.function.tolist() == part.graph.function.tolist()
        assert again.inclusive.tolist() == part.graph.inclusive.tolist()


TWO: list[list[Sample]] = [
    [(0, (0, 1), 6), (0, (0, 3, 2), 2), (1, (2,), 1)],
    [(0, (0, 1, 0, 3), 4)],
    [],
    [(2, (1,), 5), (0, (0, 1), 1)],
]


def test_two_threads_by_hand() -> None:
    """In the first two windows: a 12 of 12; b 6 + 2 + 4, of which 6 + 4 itself; c 2; and a below b 4."""
    profile = recording(TWO).profile((0.0, 2.0))
    main, worker, other = profile.parts
    assert of_graph(main)["own"] == {0: 0, 1: 10, 2: 2}
    assert of_graph(main)["whole"] == {0: 12, 1: 12, 2: 2}
    assert of_graph(main)["arcs"] == {(0, 1): 12, (1, 0): 4, (1, 2): 2}
    assert of_graph(worker)["whole"] == {2: 1}
    assert len(other.graph) == 0
    assert merge(profile).totals.tolist() == [13]
    assert profile.metrics[0].label == "samples"
    assert (profile.origin.kind, profile.origin.command) == ("sampled", "python app.py")


def test_windows_begin_in_a_span() -> None:
    made = recording(TWO).windows
    assert made.samples.tolist() == [9, 4, 0, 6]
    assert made.within(None) == (0, 4)
    assert made.within((0.0, None)) == (0, 4)
    assert made.within((0.5, 3.0)) == (1, 3)
    assert made.within((1.0, 1.0)) == (1, 1)
    assert made.within((7.0, 3.0)) == (4, 4)
    assert made.end.tolist() == [0.9, 1.9, 2.9, 3.9]


def test_labels_say_the_process_where_there_are_several() -> None:
    assert [part.label for part in recording(TWO).profile().parts] == ["main [1]", "worker [1]", "main [2]"]
    assert [thread.label for thread in (Thread(1, 7, ""), Thread(1, None, ""), Thread(1, 7, "x"))] == [
        "thread 7", "thread", "x",
    ]  # fmt: skip


def test_nothing_recorded() -> None:
    profile = recording([]).profile()
    assert [len(part.graph) for part in profile.parts] == [0, 0, 0]
    assert profile.check() == []


@given(windows, st.integers(0, 7), st.integers(0, 7))
def test_the_profile_of_a_span_is_what_was_sampled_in_it(sampled: list[list[Sample]], first: int, last: int) -> None:
    made = recording(sampled)
    is_sound(made.profile(), [sample for window in sampled for sample in window])
    is_sound(made.profile((float(first), float(last))), [sample for window in sampled[first:last] for sample in window])


@given(windows, st.integers(0, 7))
def test_disjoint_spans_add_up(sampled: list[list[Sample]], cut: int) -> None:
    made = recording(sampled)
    early, late, all_ = (made.profile(span) for span in ((0.0, float(cut)), (float(cut), None), None))
    for one, other, both in zip(early.parts, late.parts, all_.parts, strict=True):
        assert Counter(of_tree(one)) + Counter(of_tree(other)) == Counter(of_tree(both))


@given(windows, st.lists(st.integers(0, 7), max_size=3).map(sorted))
def test_a_layout_that_grew_is_one_made_at_once(sampled: list[list[Sample]], stops: list[int]) -> None:
    """Each recording has the rows of the one before, and an older one is asked once more at the end."""
    newest = Newest()
    made = []
    for stop in [*stops, len(sampled)]:
        one = recording(sampled[:stop])
        made.append(Recording(one.functions, one.frames, one.threads, one.frame, one.parent, one.thread, one.windows,
                              newest=newest))  # fmt: skip
        is_sound(made[-1].profile(), [sample for window in sampled[:stop] for sample in window])
    oldest = made[0]
    del oldest.__dict__["layout"]
    is_sound(oldest.profile(), [sample for window in sampled[: stops[0] if stops else None] for sample in window])


@given(st.lists(samples, min_size=30, max_size=60), st.lists(samples, max_size=4))
def test_a_few_rows_are_put_in_between(many: list[Sample], few: list[Sample]) -> None:
    newest = Newest()
    for sampled in ([many], [many, few]):
        one = recording(sampled)
        grown = newest.layout(one.parent, one.thread, one.frames.function[one.frame])
        at_once = one.layout
        for name in ("order", "size", "node", "arc", "first", "first_arc", "nodes", "arcs"):
            assert np.array_equal(getattr(grown, name), getattr(at_once, name)), name


@given(windows, st.integers(0, 7), st.integers(0, 7))
def test_a_cut_has_the_windows_and_marks_of_the_span(sampled: list[list[Sample]], first: int, last: int) -> None:
    made = recording(sampled, marks=[0.5, 1.9, 4.0])
    cut = made.cut((float(first), float(last)))
    inside = range(len(sampled))[first:last]
    assert cut.windows.start.tolist() == list(inside)
    assert stacks_of(cut) == stacks_of(made, inside.start, inside.stop if len(inside) else inside.start)
    assert cut.functions is made.functions
    if inside:
        assert [mark.seconds for mark in cut.marks] == [
            seconds for seconds in (0.5, 1.9, 4.0) if inside.start <= seconds <= inside.stop - 1 + 0.9
        ]
    is_sound(cut.profile(), [sample for window in sampled[first:last] for sample in window])


@given(windows, st.sets(st.integers(0, 2)))
def test_a_cut_has_the_samples_of_the_threads(sampled: list[list[Sample]], threads: set[int]) -> None:
    cut = recording(sampled, marks=[0.5]).cut(None, sorted(threads))
    is_sound(cut.profile(), [sample for window in sampled for sample in window if sample[0] in threads])
    assert cut.windows.samples.tolist() == [
        sum(count for owner, _, count in window if owner in threads) for window in sampled
    ]
    assert len(cut.marks) == 1


def test_more_is_said_about_it() -> None:
    assert recording(TWO).saying(ended="exited").about == {
        "command": "python app.py", "rate": "100", "ended": "exited",
    }  # fmt: skip


def test_a_recursive_function_is_at_most_all() -> None:
    made = recording([[(0, (0, *[1, 3] * 25), 7), (0, (0,), 3)]])
    (main, *_) = made.profile().parts
    assert of_graph(main)["whole"] == {0: 10, 1: 7}


@pytest.mark.parametrize("threads", [1000])
def test_many_threads_are_one_pass(threads: int) -> None:
    """Each thread has its own two rows and so its own two functions and one arc."""
    one = recording([[(0, (0, 1), 1)]])
    rows = 2 * threads
    windows = one.windows
    made = Recording(
        one.functions, one.frames, tuple(Thread(1, tid) for tid in range(threads)),
        np.tile(np.array([0, 1], np.int32), threads),
        np.where(np.arange(rows) % 2, np.arange(rows) - 1, -1).astype(np.int32),
        np.repeat(np.arange(threads, dtype=np.int32), 2),
        type(windows)(
            np.zeros(1), np.ones(1), np.array([0, threads]), np.arange(1, rows, 2, dtype=np.int32),
            np.arange(1, threads + 1, dtype=np.int32), *[np.zeros(1)] * 4,
        ),
    )  # fmt: skip
    profile = made.profile()
    assert [float(part.graph.totals[0]) for part in profile.parts] == list(range(1, threads + 1))
    assert all(of_graph(part)["arcs"] == {(0, 1): index + 1} for index, part in enumerate(profile.parts))
    assert profile.check() == []
