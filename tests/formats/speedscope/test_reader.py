"""What speedscope's files say, and what is refused with a sentence that tells where."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.errors import Malformed
from proftui.formats import json_arrays as arrays
from proftui.formats import load
from proftui.formats.base import ReadOptions
from proftui.formats.source import Source
from proftui.formats.speedscope.document import Evented, Sampled
from proftui.formats.speedscope.events import events_of
from proftui.formats.speedscope.measures import MEASURES
from proftui.formats.speedscope.reader import read as read_speedscope
from proftui.formats.speedscope.stacks import stacks_of
from proftui.model import CallTree, Frames
from proftui.units import BYTES, COUNT, SAMPLES, TIME
from tests.formats.speedscope.conftest import DATA, Json, Read, document, evented, sampled, stacks

UNITS = {"seconds": 1e9, "milliseconds": 1e6, "microseconds": 1e3}


class Bytes(Source):
    """Bytes that are in no file."""

    def __init__(self, data: bytes) -> None:
        super().__init__("-")
        self._stdin = data


def test_samples_are_added_up(read: Read) -> None:
    profile = read(document(sampled([[0, 1], [0], [0, 1], [2], [0, 1, 0]], [1, 2, 3, 4, 5])))
    assert stacks(profile) == {"a;b": 4, "a": 2, "c": 4, "a;b;a": 5}
    assert profile.metrics[0].unit is SAMPLES
    assert profile.origin.kind == "sampled"
    graph = profile.parts[0].graph
    names = [profile.functions.name[function] for function in graph.function]
    assert dict(zip(names, graph.inclusive[0].tolist(), strict=True)) == {"a": 11, "b": 9, "c": 4}
    assert profile.notes == ()


def test_frames_that_no_stack_has_are_no_functions(read: Read) -> None:
    assert read(document(sampled([[2]], [1]))).functions.name == ("c",)


def test_events_are_what_passes_between_them(read: Read) -> None:
    """a from 0 to 10 with b from 1 to 4, in it a again from 2 to 3, and b once more from 8 to 9."""
    profile = read(document(evented("Oa0 Ob1 Oa2 Ca3 Cb4 Ob8 Cb9 Ca10 Oc10 Cc12")))
    assert stacks(profile) == {"a": 6, "a;b": 3, "a;b;a": 1, "c": 2}
    assert profile.metrics[0].unit is COUNT
    assert profile.origin.kind == "traced"


@pytest.mark.parametrize(("unit", "scale"), UNITS.items())
def test_time_is_whole_nanoseconds(read: Read, unit: str, scale: float) -> None:
    one = read(document(sampled([[0]] * 3 + [[1]], [0.1, 0.1, 0.1, 7], unit=unit)))
    assert stacks(one) == {"a": 0.3 * scale, "b": 7 * scale}
    assert one.metrics[0].unit is TIME
    two = read(document(evented("Oa5.125 Ob5.25 Cb5.5 Ca6", unit=unit, startValue=5, endValue=7)))
    assert stacks(two) == {"a": 0.625 * scale, "a;b": 0.25 * scale}


def test_parts_of_nanoseconds_are_added_up_before_they_are_rounded(read: Read) -> None:
    profile = read(document(sampled([[0]] * 16 + [[1]], [0.125] * 16 + [0.25], unit="nanoseconds")))
    assert stacks(profile) == {"a": 2}


def test_nanoseconds_since_1970_lose_nothing(read: Read) -> None:
    start = 1_763_700_000_123_456_789
    profile = read(document(evented(f"Oa{start + 1} Ob{start + 3} Cb{start + 10} Ca{start + 11}", unit="nanoseconds",
                                    startValue=start, endValue=start + 11)))  # fmt: skip
    assert stacks(profile) == {"a": 3, "a;b": 7}
    assert profile.notes == ("'p': 1.000 ns without a stack left out of the total",)


def test_a_million_samples_of_a_hundredth_of_a_second(read: Read) -> None:
    profile = read(document(sampled([[0]] * 1_000_000, [0.01] * 1_000_000, unit="seconds")))
    assert profile.parts[0].graph.totals.tolist() == [1e13]


def test_parts_in_different_units(read: Read) -> None:
    profile = load(DATA / "mixed_units.json")
    assert [(metric.name, metric.unit) for metric in profile.metrics] == [
        ("time", TIME), ("bytes", BYTES), ("samples", SAMPLES),
    ]  # fmt: skip
    assert [part.metrics for part in profile.parts] == [(0,), (1,), (2,)]
    assert [(part.label, part.kind, part.pid, part.tid) for part in profile.parts] == [
        ("main [7]", "thread", 7, 8), ("heap", "file", None, None), ("counts", "file", None, None),
    ]  # fmt: skip
    main, work, other = "main /srv/a.py:3", '},{ work /srv/a "b".py:9', "naïve λ"
    assert stacks(profile, 0) == {main: 100000, f"{main};{work}": 199500, f"{main};{work};{main}": 100250}
    assert stacks(profile, 1) == {f"{main};{work}": 1024, f"{other};{other};{other}": 2560}
    assert stacks(profile, 2) == {work: 1, f"{other};{work}": 2}
    assert profile.notes == (
        "'worker (pid 7), main (tid 8)': 100.8 µs without a stack left out of the total",
        "'heap': 512.0 B without a stack left out of the total",
        "traced and sampled parts lie side by side and are not comparable",
    )
    assert profile.check() == []


def test_threads_of_py_spy() -> None:
    profile = load(DATA / "pyspy_threads.speedscope.json")
    assert [(part.label, part.kind, part.pid, part.tid) for part in profile.parts] == [
        ("MainThread", "thread", None, 22153), ("worker 1", "thread", None, 22156), ("worker 2", "thread", None, 22157),
    ]  # fmt: skip
    assert not any(name.startswith("thread (") for name in profile.functions.name)
    assert [float(part.graph.totals[0]) for part in profile.parts] == [60e6, 155e6, 200e6]
    assert profile.origin.creator == "py-spy@0.4.3"


def test_processes_of_py_spy() -> None:
    profile = load(DATA / "pyspy_subprocesses.speedscope.json")
    assert [(part.label, part.pid, part.tid) for part in profile.parts] == [
        ("thread 22161 [22161]", 22161, 22161), ("MainThread [22167]", 22167, 22167),
        ("MainThread [22168]", 22168, 22168),
    ]  # fmt: skip
    assert not any(name.startswith("process ") for name in profile.functions.name)
    assert stacks(profile, 0)["(no stack)"] == 10e6


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("p0 (pid 0), main (tid 7)", ("main [0]", 0, 7)), ("pid 3, tid 0x1f", ("thread 31 [3]", 3, 31)),
        ("a (pid 1), b (pid 2), c (tid 3)", ("c [2]", 2, 3)), ("x pid 3, tid 4", ("x pid 3, tid 4", None, None)),
        (" (pid 1, " * 100_000, (" (pid 1, " * 100_000, None, None)),
    ],
    ids=range(5),
)  # fmt: skip
def test_threads_of_traces(read: Read, name: str, told: tuple[str, int | None, int | None]) -> None:
    """As speedscope names what it read as trace events. The last one is for the time that it takes."""
    (part,) = read(document(sampled([[0]], [1], name=name))).parts
    assert (part.label, part.pid, part.tid) == told


def test_pyinstrument_writes_the_lines_of_definitions() -> None:
    profile = load(DATA / "pyinstrument.speedscope.json")
    assert profile.functions.identity(profile.functions.name.index("consumer")) == ("consumer", "aio_queue.py", 12, "")
    assert profile.origin.kind == "sampled"
    tree = profile.parts[0].tree
    assert tree is not None
    assert (tree.frames.line == -1).all()


@pytest.mark.parametrize("line", [0, -3, None, 1e300, 2.5, 1 << 40])
def test_what_is_no_line(read: Read, line: object) -> None:
    content = document(sampled([[0]], [1]))
    content["shared"]["frames"][0] |= {"file": "a.py", "line": line, "col": "x"}
    assert stacks(read(content)) == {"a a.py": 1}


def test_frames_that_are_the_same_are_one(read: Read) -> None:
    content = document(sampled([[0, 1], [0, 2]], [1, 2]))
    content["shared"]["frames"] = [
        {"name": "a"},
        *({"name": "b", "file": "b.py", "line": 3, "col": col} for col in (1, 2)),
    ]
    assert stacks(read(content)) == {"a;b b.py:3": 3}


def test_what_is_left_out_is_said(read: Read) -> None:
    content = evented("Oa1 Ca2", endValue=5)
    content["events"].insert(1, {"type": "X", "frame": 0, "at": 1})
    profile = read(document(sampled([[0], []], [2, 3], unit="hours"), content))
    assert [stacks(profile, number) for number in (0, 1)] == [{"a": 2}, {"a": 1}]
    assert profile.notes == (
        "'p': 3 without a stack left out of the total",
        "'p': the unit 'hours' is not known; shown as plain numbers",
        "'p': 4 without a stack left out of the total",
        "'p': 1 event of unknown types left out",
        "traced and sampled parts lie side by side and are not comparable",
    )


def test_types_of_several_letters(read: Read) -> None:
    content = evented("Oa1 Ca5")
    content["events"][1:1] = [{"type": kind, "frame": 0, "at": 2} for kind in ("", "OC")]
    profile = read(document(content))
    assert stacks(profile) == {"a": 4}
    assert "'p': 2 events of unknown types left out" in profile.notes


def test_empty_profiles(read: Read) -> None:
    profile = read(document(sampled([], []), evented(""), sampled([[], []], [0, 0]), sampled([[1]], [0])))
    assert [len(part.graph.function) for part in profile.parts] == [0, 0, 0, 1]
    assert profile.notes[:-1] == ()
    assert profile.check() == []


@pytest.mark.parametrize("missing", [("unit",), ("name",), ("startValue", "endValue"), ("unit", "name", "startValue")])
def test_what_may_be_missing(read: Read, missing: tuple[str, ...]) -> None:
    for profile in (sampled([[0]], [1]), evented("Oa3 Ca4")):
        for key in missing:
            del profile[key]
        assert stacks(read(document(profile))) == {"a": 1}


def test_the_last_of_equal_keys_counts(read: Read) -> None:
    content = json.dumps(document(sampled([[0]], [1])))
    assert stacks(read(content.replace('"weights": [1]', '"weights": [1], "weights": [2]').encode())) == {"a": 2}


REFUSED: list[tuple[Json, str]] = [
    (document(), r"holds no profiles \(profiles\)"),
    (document(sampled([[0, 4]], [1])), r"there is no frame 4; there are 4 \(profiles\[0\]\.samples\)"),
    (document(sampled([[0], [1], [0, -1]], [1, 1, 1])), r"expected int >= 0 \(profiles\[0\]\.samples\[2\]\[1\]\)"),
    (document(sampled([[0], [1 << 31]], [1, 1])), r"expected int <= 2147483647 \(profiles\[0\]\.samples\[1\]\[0\]\)"),
    (document(sampled([[0], [10**40]], [1, 1])), r"expected int .* \(profiles\[0\]\.samples\[1\]\[0\]\)"),
    (document(sampled([[0], ["0"]], [1, 1])), r"expected int, got str \(profiles\[0\]\.samples\[1\]\[0\]\)"),
    (document(sampled([[0], [[0]]], [1, 1])), r"samples\[1\]"),
    (document(sampled([0, 1], [1])), r"expected arrays \(profiles\[0\]\.samples\)"),
    (document(sampled([[0], 1, [0]], [1, 1, 1])), r"expected .* \(profiles\[0\]\.samples"),
    (document(sampled([[0], None], [1, 1])), r"expected .* \(profiles\[0\]\.samples"),
    (document(sampled([["],["]], [1])), r"\(profiles\[0\]\.samples"),
    (document(sampled([[0]], [1, 2])), r"has 1 samples and 2 weights \(profiles\[0\]\)"),
    (document(sampled([[0], [1]], [1, -0.5])), r"a weight is below zero \(profiles\[0\]\.weights\[1\]\)"),
    (document(sampled([[0], [1]], [1, "2"])), r"expected float, got str \(profiles\[0\]\.weights\[1\]\)"),
    (document(sampled([[0], [1]], [1, None])), r"expected float, got null \(profiles\[0\]\.weights\[1\]\)"),
    (document(sampled([[0]], [1e300], unit="seconds")), r"the weights are too large \(profiles\[0\]\)"),
    (document({**sampled([], []), "samples": {}}), r"expected array \(profiles\[0\]\.samples\)"),
    (document({**sampled([], []), "type": "x\x1b[31m"}), r"the type of a profile is not known \(profiles\[0\]\.type\)"),
    (document({"type": "sampled", "samples": []}), r"'weights' is missing \(profiles\[0\]\)"),
    (document({"samples": []}), r"'type' is missing \(profiles\[0\]\)"),
    (document(sampled([], []), evented("Oa1")), r"1 frame is still open at the end \(profiles\[1\]\.events\)"),
    (document(evented("Oa1 Ca2 Cb3")), r"closes a frame where none is open \(profiles\[0\]\.events\[2\]\)"),
    (document(evented("Oa0 Ob0 Oa0 Oc0 Cc0 Ca1 Ca2 Cb3")), r"closes another frame .* \(profiles\[0\]\.events\[6\]\)"),
    (document(evented("Oa1 Ob2 Cb1.5 Ca2")), r"is earlier than the event before it \(profiles\[0\]\.events\[2\]\)"),
    (document(evented("Oa1 Ca2", startValue=1.5)), r"is earlier than the start \(profiles\[0\]\.events\[0\]\)"),
    (document(evented("Oa1 Ca2"), frames=""), r"there is no frame 0 \(profiles\[0\]\.events\[0\]\)"),
    (document(evented(f"Oa1 Ca{10**400}")), r"(too large|expected).* \(profiles\[0\]\.events"),
    (document(evented("", endValue=10**400)), r"a time is too large \(profiles\[0\]\.events\)"),
    (document(evented("", startValue=10**400, endValue=1.5)), r"a time is too large \(profiles\[0\]\.events\)"),
    (document(evented("", endValue=1e300, unit="seconds")), r"a time is too large \(profiles\[0\]\.events\)"),
    (document(evented("Oa0 Ca1e300", unit="seconds")), r"a time is too large \(profiles\[0\]\.events\)"),
    ({**document(sampled([], [])), "shared": None}, r"expected object, got null \(shared\)"),
    ({**document({}), "shared": {"frames": [{"name": "a"}, {}]}}, r"'type' is missing"),
    ({**document(sampled([], [])), "shared": {"frames": [{"name": "a"}, {}]}}, r"'name' is missing \(.*frames\[1\]\)"),
    ({**document(sampled([], [])), "shared": {"frames": [{"name": 3}]}}, r"got int \(shared\.frames\[0\]\.name\)"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), REFUSED, ids=range(len(REFUSED)))
def test_refused(read: Read, content: Json, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence) as refused:
        read(content)
    assert str(refused.value).isprintable()


BROKEN = [
    (b"[NaN]", r"is not JSON \(byte \d+\)"),
    (b"[1e999]", r"a number is too large \(profiles\[0\]\.weights\[0\]\)"),
    (b"[1", r"its JSON ends too early \(byte \d+\)"),
    (b"[" * 100_000, r"its JSON is nested too deeply"),
    (b"[\xff]", r"is not JSON"),
]


@pytest.mark.parametrize(("weights", "sentence"), BROKEN, ids=range(len(BROKEN)))
def test_broken_json(read: Read, weights: bytes, sentence: str) -> None:
    content = json.dumps(document(sampled([[0]], ["here"]))).encode()
    data = content.replace(b'["here"]', weights)
    with pytest.raises(Malformed, match=sentence):
        read(data if weights.endswith(b"]") else data.partition(weights)[0] + weights)


def test_a_text_that_is_not_utf8(read: Read) -> None:
    content = json.dumps(document(sampled([[0]], [1]))).encode()
    with pytest.raises(Malformed, match=r"a text is not UTF-8 \(shared\.frames\)"):
        read(content.replace(b'"name": "b"', b'"name": "\xff"'))


def test_a_bomb_is_refused_before_it_is_all_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proftui.formats.json_bytes.MOST_BYTES", 1 << 22)
    path = tmp_path / "bomb"
    content = json.dumps(document(sampled([], []))).encode()
    path.write_bytes(gzip.compress(content.replace(b"[]", b"[" + b" " * (1 << 25) + b"]")))
    with pytest.raises(Malformed, match="holds more than 4 MiB"):
        load(path)


def test_stacks_without_end(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = 20_000
    assert read(document(sampled([[0] * deep], [1]))).parts[0].graph.totals.tolist() == [1]
    monkeypatch.setattr("proftui.formats.speedscope.stacks.MOST_DEPTH", 10)
    with pytest.raises(Malformed, match="a stack has more than 10 frames"):
        read(document(sampled([[0] * 11], [1])))


letters = st.integers(0, 3)
recorded = st.lists(st.tuples(st.lists(letters, max_size=6), st.integers(0, 1000)), max_size=30)
blanks = st.sampled_from([None, 0, 3])


@given(recorded, blanks, st.integers(1, 40))
def test_any_samples_in_any_pieces(samples: list[tuple[list[int], int]], indent: int | None, size: int) -> None:
    """Against a count by hand, however small the pieces in which the file is taken up."""
    content = document(sampled([stack for stack, _ in samples], [weight for _, weight in samples]))
    expected: dict[str, float] = {}
    for stack, weight in samples:
        if stack and weight:
            path = ";".join("abcd"[frame] for frame in stack)
            expected[path] = expected.get(path, 0) + weight
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "_SIZE", size)
        profile = read_speedscope(Bytes(json.dumps(content, indent=indent).encode()), ReadOptions())
    assert stacks(profile) == expected
    assert profile.check() == []


@given(recorded)
def test_events_of_samples_cost_what_samples_do(samples: list[tuple[list[int], int]]) -> None:
    """Frames that are opened and closed from one sample to the next, as a timeline has them."""
    events: list[dict[str, Any]] = []
    open_frames: list[int] = []
    now = 0
    for stack, weight in [*samples, ([], 0)]:
        common = 0
        while common < min(len(stack), len(open_frames)) and stack[common] == open_frames[common]:
            common += 1
        while len(open_frames) > common:
            events.append({"type": "C", "frame": open_frames.pop(), "at": now})
        for frame in stack[common:]:
            open_frames.append(frame)
            events.append({"type": "O", "frame": frame, "at": now})
        now += weight
    which = np.arange(4, dtype=np.int32)
    frames = Frames(which, np.full(4, -1, np.int32))
    columns = (events, [stack for stack, _ in samples], [weight for _, weight in samples])
    raw = [msgspec.Raw(json.dumps(column).encode()) for column in columns]
    one, idle = events_of(Evented(raw[0], start=0), "x", MEASURES["none"], which, unreported).tree(frames)
    made = stacks_of(Sampled(raw[1], raw[2]), "x", MEASURES["none"], which, unreported)
    assert paths(one) == paths(made.tree(frames))
    assert idle <= made.without_frames


def unreported(size: int) -> None:
    """Nobody is told."""


def paths(tree: CallTree) -> dict[tuple[int, ...], float]:
    found: list[tuple[int, ...]] = []
    for frame, parent in zip(tree.frame.tolist(), tree.parent.tolist(), strict=True):
        found.append((*(found[parent] if parent >= 0 else ()), frame))
    return {path: cost for path, cost in zip(found, tree.self_cost[0].tolist(), strict=True) if cost}
