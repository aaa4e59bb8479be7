"""What is written as trace events reads back the same, and is what viewers of them take."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.errors import Unwritable
from proftui.formats import for_path, load
from proftui.formats.base import ReadOptions
from proftui.formats.trace import TRACE
from proftui.formats.trace.reader import read as read_trace
from proftui.model import (
    NO_FILE,
    NO_LINE,
    WALL_TIME,
    CallTree,
    Frames,
    Functions,
    Kind,
    Metric,
    Origin,
    Part,
    PartKind,
    Profile,
    Timeline,
)
from proftui.model.forest import rooted
from proftui.units import BYTES, SAMPLES
from tests.formats.speedscope.test_reader import Bytes
from tests.formats.trace.conftest import DATA


def written(profile: Profile) -> bytes:
    assert TRACE.write is not None
    (content,) = TRACE.write(profile)
    return content


def read_again(profile: Profile) -> Profile:
    content = written(profile)
    assert TRACE.sniff(content[: 1 << 16], "unknown")
    return read_trace(Bytes(content), ReadOptions())


def activations(profile: Profile, part: Part) -> list[tuple[object, ...]]:
    """What ran when, each with its frames from root to leaf."""
    tree = part.tree
    assert tree is not None
    if tree.timeline is None:
        return []
    timeline = tree.timeline
    paths: list[tuple[object, ...]] = []
    for frame, parent in zip(tree.frame.tolist(), tree.parent.tolist(), strict=True):
        function, line = int(tree.frames.function[frame]), int(tree.frames.line[frame])
        paths.append((*(paths[parent] if parent >= 0 else ()), (profile.functions.identity(function), line)))
    detail = [-1] * len(timeline) if timeline.detail is None else timeline.detail.tolist()
    texts = [timeline.details[number] if number >= 0 else None for number in detail]
    rows = zip(timeline.row.tolist(), timeline.start.tolist(), timeline.end.tolist(), texts, strict=True)
    return [(paths[row], start, end, text) for row, start, end, text in rows]


def said(profile: Profile) -> tuple[object, ...]:
    """All that a profile says but for its name and path."""
    parts = [
        (
            part.label, part.kind, part.pid, part.tid,
            activations(profile, part),
            sorted(part.tree.self_cost[0].tolist()) if part.tree else None,
            part.graph.calls is not None and sorted(part.graph.calls.tolist()),
            part.tree is not None and part.tree.timeline is not None and part.tree.timeline.gaps,
        )
        for part in profile.parts
    ]  # fmt: skip
    origin = profile.origin
    return parts, profile.metrics, profile.notes, origin.kind, origin.creator, origin.command


names = st.text(st.sampled_from('a(:1) ;%{}"\\\t\n[é\u2028\x1b\U0001f40d,/'), max_size=8)
lines = st.one_of(st.just(NO_LINE), st.integers(1, 9999))
functions = st.lists(
    st.tuples(names, st.sampled_from(["", NO_FILE, "/srv/a.py", "a b:3"]), lines, st.sampled_from(["", "libc.so.6"])),
    min_size=4, max_size=4, unique=True,
)  # fmt: skip
ids = st.one_of(st.none(), st.integers(0, 3))
kinds: st.SearchStrategy[PartKind] = st.sampled_from(["thread", "process", "file"])
metrics = st.sampled_from([WALL_TIME, Metric("samples", SAMPLES), Metric("heap", BYTES, "Heap")])


@st.composite
def forests(draw: st.DrawFn) -> list[tuple[int, float, float, int, int]]:
    """Calls by their start, each as frame, start, end, parent and detail."""
    found: list[tuple[int, float, float, int, int]] = []
    open_calls: list[int] = []
    now = draw(st.integers(0, 10**9))
    for _ in range(draw(st.integers(1, 12))):
        now += draw(st.integers(1, 10**6))
        while draw(st.booleans()) and open_calls:
            row = open_calls.pop()
            found[row] = (*found[row][:2], float(now), *found[row][3:])
            now += draw(st.integers(0, 10**6))
        parent = open_calls[-1] if open_calls else -1
        found.append((draw(st.integers(0, 5)), float(now), 0.0, parent, draw(st.integers(-1, 1))))
        open_calls.append(len(found) - 1)
    for row in reversed(open_calls):
        now += draw(st.integers(1, 10**6))
        found[row] = (*found[row][:2], float(now), *found[row][3:])
    return found


def part_of(
    forest: list[tuple[int, float, float, int, int]], frames: Frames, *, kind: Kind, details: tuple[str, ...]
) -> tuple[CallTree, Any]:
    columns = np.array(forest, np.float64).T
    parent, start, end = columns[3].astype(np.int32), columns[1], columns[2]
    inner = parent >= 0
    own = end - start - np.bincount(parent[inner], (end - start)[inner], len(parent))
    tree, row = rooted(frames, columns[0].astype(np.int32), parent, own[None])
    detail = columns[4].astype(np.int32)
    told = bool((detail >= 0).any())
    timeline = Timeline(
        row.astype(np.int32), start, end, details if told else (), detail if told else None, gaps=kind == "traced"
    )
    calls = np.bincount(row, minlength=len(tree)).astype(np.float64)
    return replace(tree, timeline=timeline), calls if kind == "traced" else None


@given(
    functions,
    st.lists(st.integers(1, 9999), min_size=2, max_size=2),
    st.lists(st.tuples(forests(), names, kinds, ids, ids), min_size=1, max_size=3),
    metrics,
    st.sampled_from(["traced", "sampled"]),
    names,
)
def test_round_trip(
    identities: list[tuple[str, str, int, str]],
    current: list[int],
    parts: list[tuple[Any, str, PartKind, int | None, int | None]],
    metric: Metric,
    kind: Kind,
    told: str,
) -> None:
    frames = Frames(np.array([0, 1, 2, 3, 0, 1], np.int32), np.array([NO_LINE] * 4 + current, np.int32))
    made = []
    for forest, label, part_kind, pid, tid in parts:
        tree, calls = part_of(forest, frames, kind=kind, details=(f"n={told}", "x"))
        made.append(Part(label, tree.to_graph(calls), (0,), part_kind, pid, tid, tree))
    profile = Profile(
        "made", Origin("made", "x", kind, "tool 1", "python app.py"), (metric,), Functions.of(identities),
        tuple(made), (f"a note: {told}",),
    )  # fmt: skip
    again = read_again(profile)
    assert said(again) == said(profile)
    assert again.check() == []
    assert written(again).split(b"\n")[-2:] == written(replace(profile, name="-")).split(b"\n")[-2:]


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_samples_read_back_the_same(path: Path) -> None:
    profile = load(path)
    again = read_again(profile)
    assert said(again) == said(profile)
    assert set(again.functions.identities()) == set(profile.functions.identities())
    assert written(profile) == written(profile)


def test_what_viewers_take() -> None:
    profile = load(DATA / "viztracer_arguments.json")
    content = json.loads(written(profile))
    events = content["traceEvents"]
    assert events[0] == {
        "ph": "M", "pid": 22241, "name": "process_name", "args": {"name": "viztracer_arguments.json"},
    }  # fmt: skip
    assert [event["args"]["name"] for event in events if event["name"] == "thread_name"] == [
        "MainThread [22241]", "worker [22241]",
    ]  # fmt: skip
    calls = [event for event in events if event["ph"] == "X"]
    assert len(calls) == 96
    original = json.loads((DATA / "viztracer_arguments.json").read_bytes())["traceEvents"]
    first = min(event["ts"] for event in original if event["ph"] != "M")
    assert sorted((event["name"], event["tid"], event["dur"]) for event in calls) == sorted(
        (event["name"], event["tid"], event["dur"]) for event in original if event["ph"] == "X"
    )
    starts = sorted(round(event["ts"] - first, 3) for event in original if event["ph"] == "X")
    assert sorted(event["ts"] for event in calls) == starts
    assert not [event for event in calls if "frame" in event]
    assert {"ph", "pid", "tid", "ts", "dur", "name", "args"} == set().union(*calls)


def test_parts_of_one_thread_are_kept_apart() -> None:
    profile = load(DATA / "pyspy_threads.json")
    same = tuple(replace(part, pid=None, tid=None, label=f"part {number}") for number, part in enumerate(profile.parts))
    again = read_again(replace(profile, parts=same))
    assert said(again)[0] == said(replace(profile, parts=same))[0]


def test_what_is_no_time_does_not_pass_for_it() -> None:
    """Its second part measures 3,584 bytes, its third 3 samples."""
    profile = load(DATA.parent / "speedscope" / "mixed_units.json")
    again = read_again(profile)
    assert [part.label for part in again.parts] == [part.label for part in profile.parts]
    assert sum(float(part.graph.totals[0]) for part in again.parts) == 399_750
    assert [len(part.graph) > 0 for part in again.parts] == [True, False, False]


def test_without_time_order() -> None:
    tree = CallTree.of_stacks([([0], [1.0])], Frames(np.zeros(1, np.int32), np.full(1, NO_LINE, np.int32)))
    profile = Profile(
        "made", Origin("made", "folded", "sampled"), (WALL_TIME,), Functions.of([("f", "", NO_LINE, "")]),
        (Part("all", tree.to_graph(), tree=tree),),
    )  # fmt: skip
    with pytest.raises(Unwritable, match="part 'all': trace events are written from what ran when"):
        written(profile)
    with pytest.raises(Unwritable):
        written(replace(profile, parts=(replace(profile.parts[0], tree=None),)))


def test_the_suffix_suggests_it() -> None:
    assert for_path("out.trace.json") is TRACE
    assert TRACE.needs == "time"
