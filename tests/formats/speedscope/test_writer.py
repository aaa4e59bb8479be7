"""What is written for speedscope reads back the same, and is what speedscope takes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui import __version__
from proftui.analysis.stacks import ESTIMATED_STACKS, with_stacks
from proftui.errors import Unwritable
from proftui.formats import for_path, load
from proftui.formats.base import ReadOptions
from proftui.formats.speedscope import SPEEDSCOPE
from proftui.formats.speedscope.document import SCHEMA
from proftui.formats.speedscope.reader import read as read_speedscope
from proftui.formats.speedscope.writer import ESTIMATED
from proftui.model import (
    NO_FILE,
    NO_LINE,
    WALL_TIME,
    CallTree,
    Frames,
    Functions,
    Metric,
    Origin,
    Part,
    PartKind,
    Profile,
)
from proftui.units import BYTES, SAMPLES
from tests.formats.speedscope.conftest import DATA
from tests.formats.speedscope.test_reader import Bytes
from tests.model.recordings import Sample, recording, windows

FILE_FORMAT = jsonschema.Draft7Validator(json.loads((DATA / "file-format-schema.json").read_text()))
SAMPLE_FILES = sorted(path for path in DATA.iterdir() if path.name != "file-format-schema.json")


def written(profile: Profile) -> bytes:
    assert SPEEDSCOPE.write is not None
    (content,) = SPEEDSCOPE.write(profile)
    return content


def document(profile: Profile) -> dict[str, Any]:
    """What is written, which must be as the schema says."""
    content: dict[str, Any] = json.loads(written(profile))
    FILE_FORMAT.validate(content)
    for made in content["profiles"]:
        if made["type"] == "evented":
            assert made["events"][-1]["at"] <= made["endValue"]
        else:
            assert len(made["samples"]) == len(made["weights"])
            assert sum(made["weights"]) == pytest.approx(made["endValue"])
    return content


def read_again(profile: Profile) -> Profile:
    document(profile)
    content = written(profile)
    assert SPEEDSCOPE.sniff(content[: 1 << 16], "unknown")
    return read_speedscope(Bytes(content), ReadOptions())


def contexts(profile: Profile, part: Part) -> dict[tuple[object, ...], list[float]]:
    """The calling contexts of a part, each as its frames from root to leaf, with what they cost themselves."""
    assert part.tree is not None
    paths: list[tuple[object, ...]] = []
    for frame, parent in zip(part.tree.frame.tolist(), part.tree.parent.tolist(), strict=True):
        function, line = int(part.tree.frames.function[frame]), int(part.tree.frames.line[frame])
        paths.append((*(paths[parent] if parent >= 0 else ()), (profile.functions.identity(function), line)))
    return dict(zip(paths, part.tree.self_cost.T.tolist(), strict=True))


def said(profile: Profile) -> tuple[object, ...]:
    """All that a profile says but for its name and path."""
    parts = [
        (
            part.label, part.kind, part.pid, part.tid, part.metrics,
            contexts(profile, part),
            np.sort(part.graph.inclusive, axis=1).tolist(),
        )
        for part in profile.parts
    ]  # fmt: skip
    origin = profile.origin
    return parts, profile.metrics, set(profile.functions.identities()), profile.notes, origin.kind, origin.command


def profile_of(
    identities: list[tuple[str, str, int, str]],
    parts: list[tuple[PartKind, int | None, int | None, str, tuple[int, ...], CallTree]],
    metrics: tuple[Metric, ...] = (Metric("samples", SAMPLES),),
) -> Profile:
    return Profile(
        "made", Origin("made", "folded", "sampled", "", "python app.py"), metrics, Functions.of(identities),
        tuple(
            Part(label, tree.to_graph(), measured, kind, pid, tid, tree)
            for kind, pid, tid, label, measured, tree in parts
        ),
    )  # fmt: skip


def tree_of(recorded: list[tuple[list[int], list[float]]], lines: list[int]) -> CallTree:
    return CallTree.of_stacks(recorded, Frames(np.arange(len(lines), dtype=np.int32), np.array(lines, np.int32)))


names = st.text(st.sampled_from('ab;%{}"\\ \t\n:[é\u2028\x1b\U0001f40d,'), max_size=8)
lines = st.one_of(st.just(NO_LINE), st.integers(1, 9999))
functions = st.lists(
    st.tuples(names, st.sampled_from(["", "/srv/a.py", "<string>"]), lines, st.sampled_from(["", "libc.so.6"])),
    min_size=4, max_size=4, unique=True,
)  # fmt: skip
costs = st.integers(1, 10**12).map(lambda number: number / 8)
metrics = (Metric("samples", SAMPLES), WALL_TIME, Metric("heap", BYTES), Metric("Ir", title="Instructions"))


@st.composite
def parts(draw: st.DrawFn) -> tuple[PartKind, int | None, int | None, str, tuple[int, ...], CallTree]:
    measured = tuple(draw(st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True)))
    recorded = draw(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=6), min_size=1, max_size=6))
    # time is in whole nanoseconds in every profile
    rows = [
        [float(draw(st.integers(1, 10**12))) if metric == 1 else draw(costs) for metric in measured] for _ in recorded
    ]  # fmt: skip
    tree = tree_of(list(zip(recorded, rows, strict=True)), draw(st.lists(lines, min_size=4, max_size=4)))
    number = st.one_of(st.none(), st.integers(0, 2**40))
    kind: PartKind = draw(st.sampled_from(["file", "process", "thread", "dump"]))
    return kind, draw(number), draw(number), draw(names), measured, tree


@given(functions, st.lists(parts(), min_size=1, max_size=3))
def test_what_is_written_reads_back(
    identities: list[tuple[str, str, int, str]],
    made: list[tuple[PartKind, int | None, int | None, str, tuple[int, ...], CallTree]],
) -> None:
    profile = profile_of(identities, made, metrics)
    used = sorted({int(function) for part in profile.parts for function in part.graph.function})
    again = read_again(profile)
    expected = said(profile)
    assert said(again) == (*expected[:2], {identities[function] for function in used}, *expected[3:])
    assert said(read_again(again)) == said(again)
    assert again.check() == []


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.name)
def test_files_of_others_read_back(path: Path) -> None:
    profile = load(path)
    assert said(read_again(profile)) == said(profile)


def test_one_sample_for_each_stack_in_the_order_of_the_tree() -> None:
    identities = [("main", "/a.py", 3, ""), ("len", NO_FILE, NO_LINE, ""), ("gone", "/a.py", 9, "")]
    tree = tree_of([([0, 1], [2.0]), ([0], [1.0]), ([0, 2], [0.0])], [7, NO_LINE, NO_LINE])
    profile = profile_of(identities, [("file", None, None, "x", (0,), tree)], (WALL_TIME,))
    content = document(profile)
    assert content["exporter"] == f"proftui@{__version__}"
    assert content["profiles"] == [
        {
            "type": "sampled", "name": "x", "unit": "nanoseconds", "startValue": 0, "endValue": 3,
            "samples": [[0], [0, 1], [0, 2]], "weights": [1, 2, 0],
        }
    ]  # fmt: skip
    assert content["shared"]["frames"] == [
        {"name": "main", "file": "/a.py", "line": 7}, {"name": "len"}, {"name": "gone", "file": "/a.py", "line": 9},
    ]  # fmt: skip


def test_a_profile_for_each_metric_of_a_part_and_the_heaviest_part_first() -> None:
    light, heavy = tree_of([([0], [1.0, 2.0])], [3]), tree_of([([0], [5.0])], [3])
    profile = profile_of(
        [("f", "", NO_LINE, "")],
        [("thread", 1, 2, "light", (0, 3), light), ("thread", 1, 3, "heavy", (0,), heavy)], metrics,
    )  # fmt: skip
    content = document(profile)
    assert [(made["name"], made["unit"], made["weights"]) for made in content["profiles"]] == [
        ("light -- samples", "none", [1]), ("light -- Instructions", "none", [2]), ("heavy", "none", [5]),
    ]  # fmt: skip
    assert content["activeProfileIndex"] == 2


def test_a_recording_is_written_in_the_order_of_its_windows() -> None:
    """In the first window the worker has a once and a > b twice, by the tree's order; then it goes back and forth."""
    made = recording([[(1, (0, 1), 2), (1, (0,), 1), (0, (2,), 5)], [(1, (0, 1), 3)], [], [(1, (0,), 4)]])
    profile = made.profile(name="made")
    content = document(profile)
    frames = [frame["name"] for frame in content["shared"]["frames"]]
    assert [
        (part["name"], [[frames[frame] for frame in stack] for stack in part["samples"]], part["weights"])
        for part in content["profiles"]
    ] == [
        (profile.parts[0].label, [["c"]], [5]),
        (profile.parts[1].label, [["a"], ["a", "b"], ["a"]], [1, 5, 4]),
        (profile.parts[2].label, [], []),
    ]  # fmt: skip
    assert said(read_again(profile)) == said(profile)


@given(windows)
def test_recordings_read_back(sampled: list[list[Sample]]) -> None:
    profile = recording(sampled).profile(name="made")
    again, expected = said(read_again(profile)), said(profile)
    assert again[:2] == expected[:2]
    assert again[3:] == expected[3:]


@given(windows, st.floats(0, 7))
def test_of_a_part_of_a_recording_only_that_is_written(sampled: list[list[Sample]], until: float) -> None:
    profile = recording(sampled).profile((0.0, until), name="made")
    assert said(read_again(profile))[0] == said(profile)[0]


def test_estimated_stacks_stay_marked() -> None:
    recorded = load(DATA / "mixed_units.json")
    graphs = replace(recorded, parts=tuple(replace(part, tree=None) for part in recorded.parts[:1]))
    estimated = with_stacks(graphs)
    assert ESTIMATED_STACKS.startswith(ESTIMATED)
    content = document(estimated)
    assert content["name"] == "mixed_units.json (the stacks are estimated)"
    again = read_again(estimated)
    assert ESTIMATED_STACKS in again.notes
    assert document(again)["name"].endswith("(the stacks are estimated)")
    assert "estimated" not in document(recorded)["name"]


def test_remarks_that_fit_no_longer_are_left_out() -> None:
    profile = load(DATA / "mixed_units.json")
    content = document(profile)
    del content["profiles"][0]
    again = read_speedscope(Bytes(json.dumps(content).encode()), ReadOptions())
    assert [part.label for part in again.parts] == ["heap", "counts"]
    assert [metric.name for metric in again.metrics] == ["bytes", "samples"]


def test_remarks_on_frames_that_are_not_there() -> None:
    profile = load(DATA / "mixed_units.json")
    content = document(profile)
    content["proftui"]["frames"] |= {"9" * 5_000: ["x", 1, 2], "²": ["x", 1, 2]}
    again = read_speedscope(Bytes(json.dumps(content).encode()), ReadOptions())
    assert said(again) == said(profile)


def test_names_that_json_cannot_hold() -> None:
    tree = tree_of([([0], [1.0]), ([1], [1.0])], [NO_LINE, NO_LINE])
    profile = profile_of(
        [("caf\udce9", "", NO_LINE, ""), ("x\ud800", "", NO_LINE, "")], [("file", None, None, "x", (0,), tree)]
    )  # fmt: skip
    assert [frame["name"] for frame in document(profile)["shared"]["frames"]] == ["caf\ufffd", "x?"]


def test_what_cannot_be_written_is_refused() -> None:
    profile = load(DATA / "mixed_units.json")
    part = profile.parts[0]
    assert part.tree is not None
    with pytest.raises(Unwritable, match="call trees"):
        written(replace(profile, parts=(replace(part, tree=None),)))
    below = replace(part, tree=replace(part.tree, self_cost=-part.tree.self_cost))
    with pytest.raises(Unwritable, match="below zero"):
        written(replace(profile, parts=(below,)))


def test_more_than_speedscope_reads_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = [made["samples"] for made in document(load(DATA / "mixed_units.json"))["profiles"] if "samples" in made]
    size = sum(len(json.dumps(stack, separators=(",", ":"))) + 1 for stacks in samples for stack in stacks)
    monkeypatch.setattr("proftui.formats.speedscope.stack_texts.MOST_BYTES", size)
    assert written(load(DATA / "mixed_units.json"))
    monkeypatch.setattr("proftui.formats.speedscope.stack_texts.MOST_BYTES", size - 1)
    with pytest.raises(Unwritable, match=r"mixed_units\.json: its stacks would take more than"):
        written(load(DATA / "mixed_units.json"))


def test_told_by_its_suffix() -> None:
    assert for_path("out.speedscope.json") is SPEEDSCOPE
    assert for_path("out.json") is not SPEEDSCOPE


def in_time(profile: Profile) -> list[list[tuple[str, float, float]]]:
    """Per part the names of functions that ran, and from when to when."""
    told = []
    for part in profile.parts:
        assert part.tree is not None
        made = part.tree.in_time()
        assert made is not None
        names = [profile.functions.name[part.tree.function[row]] for row in made.row.tolist()]
        told.append(list(zip(names, made.start.tolist(), made.end.tolist(), strict=True)))
    return told


def test_the_order_of_time_reads_back() -> None:
    """As a hand reads it in the file: microseconds since 1,000, kilobytes of one stack after the other, counts."""
    profile = load(DATA / "mixed_units.json")
    events, heap, counts = in_time(profile)
    first, second, third = (profile.functions.name[number] for number in range(3))
    assert events == [
        (first, 250.0, 400_000.0), (second, 250.0, 300_000.0), (first, 100_500.0, 200_750.0)
    ]  # fmt: skip
    assert heap == [
        (first, 0, 1024), (second, 0, 1024), (third, 1536, 4096), (third, 1536, 4096), (third, 1536, 4096)
    ]  # fmt: skip
    assert counts == [(second, 0, 1), (third, 1, 3), (second, 1, 3)]
    assert in_time(read_again(profile)) == [events, heap, counts]
    assert [made["type"] for made in document(profile)["profiles"]] == ["evented", "sampled", "sampled"]


@st.composite
def calls(draw: st.DrawFn, deep: int = 0) -> list[tuple[int, int, list[Any]]]:
    """Calls after each other: the time before, the function, and the calls within."""
    size = draw(st.integers(0, 3 if deep < 4 else 0))
    return [(draw(st.integers(0, 3)), draw(st.integers(0, 2)), draw(calls(deep + 1))) for _ in range(size)]


@given(calls())
def test_any_events_read_back(made: list[tuple[int, int, list[Any]]]) -> None:
    events: list[dict[str, Any]] = []
    now = 0

    def run(within: list[tuple[int, int, list[Any]]]) -> None:
        nonlocal now
        for before, frame, inner in within:
            now += before
            events.append({"type": "O", "frame": frame, "at": now})
            run(inner)
            now += before
            events.append({"type": "C", "frame": frame, "at": now})

    run(made)
    content = {
        "$schema": SCHEMA, "shared": {"frames": [{"name": name} for name in "abc"]},
        "profiles": [
            {
                "type": "evented", "name": "made", "unit": "nanoseconds", "startValue": 0, "endValue": now,
                "events": events,
            }
        ],
    }  # fmt: skip
    profile = read_speedscope(Bytes(json.dumps(content).encode()), ReadOptions())
    assert [start for _, start, _ in in_time(profile)[0]] == [event["at"] for event in events if event["type"] == "O"]
    found = document(profile)
    names = [frame["name"] for frame in found["shared"]["frames"]]
    written = found["profiles"][0].get("events", [])
    assert [(event["type"], names[event["frame"]], event["at"]) for event in written] == [
        (event["type"], "abc"[event["frame"]], event["at"]) for event in events
    ]
    assert in_time(read_again(profile)) == in_time(profile)
