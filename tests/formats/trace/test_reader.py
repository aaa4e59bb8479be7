"""What trace events become: calls, trees, parts, time lines, notes; and what is refused."""

from __future__ import annotations

import gzip
import json
import re
from contextlib import suppress

import numpy as np
import pytest

from proftui.errors import Malformed
from proftui.formats import load
from proftui.formats.trace import document as document_module
from proftui.model import NO_LINE, Profile
from tests.formats.trace.conftest import DATA, Json, Read, begin, call, calls, details, end, stacks


def only(profile: Profile) -> dict[str, tuple[float, int]]:
    assert len(profile.parts) == 1
    assert profile.check() == []
    return stacks(profile, profile.parts[0])


def test_calls_nest_by_time_in_any_order(read: Read) -> None:
    profile = read([call("c", 12, 3), call("b", 11, 5), call("a", 10, 10), call("c", 17, 1.5)])
    assert only(profile) == {"a": (3.5, 1), "a;b": (2, 1), "a;b;c": (3, 1), "a;c": (1.5, 1)}
    assert calls(profile) == {"a": 1, "b": 1, "c": 2}
    assert profile.origin.kind == "traced"
    assert profile.notes == ()


def test_a_time_line_has_every_call_since_the_first(read: Read) -> None:
    profile = read({"displayTimeUnit": "ms", "traceEvents": [call("b", 1001.25, 0.5), call("a", 1000, 2)]})
    tree = profile.parts[0].tree
    assert tree is not None
    assert tree.timeline is not None
    assert [profile.functions.name[tree.function[row]] for row in tree.timeline.row] == ["a", "b"]
    assert tree.timeline.start.tolist() == [0, 1250]
    assert tree.timeline.end.tolist() == [2000, 1750]


def test_recursion(read: Read) -> None:
    profile = read([call("f", 0, 9), call("f", 1, 6), call("f", 2, 2), call("f", 20, 1)])
    graph = profile.parts[0].graph
    assert graph.calls is not None
    assert graph.primitive_calls is not None
    assert (graph.calls.tolist(), graph.primitive_calls.tolist()) == ([4], [2])
    assert graph.inclusive.tolist() == [[10_000]]


def test_nanoseconds_are_exact_far_from_zero(read: Read) -> None:
    profile = read([call("a", 81995533209.122, 1.839), call("b", 81995533210.123, 0.838)])
    assert only(profile) == {"a": (1.001, 1), "a;b": (0.838, 1)}


def test_begins_and_ends(read: Read) -> None:
    profile = read([begin("a", 0), begin("b", 2), end("b", 5), call("x", 6, 1), end("a", 10)])
    assert only(profile) == {"a": (6, 1), "a;b": (3, 1), "a;x": (1, 1)}


def test_an_end_without_a_name_ends_what_was_begun_last(read: Read) -> None:
    unnamed = {"ph": "E", "pid": 1, "tid": 1, "ts": 5}
    profile = read([begin("a", 0), unnamed])
    assert only(profile) == {"a": (5, 1)}
    assert profile.notes == ()


def test_what_is_not_ended_goes_on_and_other_ends_are_left_out(read: Read) -> None:
    profile = read([end("z", 0), begin("a", 1), begin("b", 2), end("a", 3), call("x", 4, 3)])
    assert only(profile) == {"a": (1, 1), "a;b": (2, 1), "a;b;x": (3, 1)}
    assert profile.notes == (
        "2 end events left out: not of the call begun last",
        "2 calls without an end: taken to go on until their thread's last time",
    )


def test_calls_that_overlap_last_as_long_as_the_file_says(read: Read) -> None:
    profile = read([call("m", 0, 30), call("a", 1, 10), call("b", 6, 10), call("c", 7, 1)])
    assert only(profile) == {"m": (15, 1), "m;a": (5, 1), "m;a;b": (4, 1), "m;a;b;c": (1, 1), "m;b": (5, 1)}
    assert calls(profile) == {"m": 1, "a": 1, "b": 1, "c": 1}
    graph = profile.parts[0].graph
    inclusive = dict(zip([profile.functions.name[f] for f in graph.function], graph.inclusive[0], strict=True))
    assert inclusive == {"m": 30_000, "a": 10_000, "b": 10_000, "c": 1_000}
    assert len(profile.notes) == 1
    assert "1 call beyond the end of the call around" in profile.notes[0]


def test_a_microsecond_too_long_is_how_clocks_are_cut(read: Read) -> None:
    profile = read([call("a", 0, 10), call("b", 5, 6)])
    assert only(profile) == {"a": (5, 1), "a;b": (5, 1)}
    assert profile.notes == ()


def test_of_calls_at_the_same_time_the_first_is_outer_unless_calls_are_written_as_they_end(read: Read) -> None:
    assert "a;b" in only(read([call("a", 1, 2), call("b", 1, 2)]))
    as_they_end = [call("inner", 1, 2), call("outer", 1, 2), call("all", 0, 4)]
    assert "all;outer;inner" in only(read(as_they_end))


def test_threads_and_processes_are_parts(read: Read) -> None:
    def name(what: str, pid: int, tid: int, said: str) -> Json:
        return {"ph": "M", "pid": pid, "tid": tid, "name": what, "args": {"name": said}}

    profile = read(
        [
            call("f", 5, 1, pid=20, tid=20), call("f", 1, 1, pid=10, tid=11), call("f", 9, 2, pid=10, tid=10),
            name("process_name", 10, 10, "parent"), name("process_name", 20, 0, "child"),
            name("thread_name", 10, 10, "MainThread"), name("thread_name", 10, 11, "worker"),
            call("g", 5, 1, pid="GPU", tid="stream 7"), call("f", 2, 1, pid=10, tid=12),
        ]
    )  # fmt: skip
    assert [(part.label, part.kind, part.pid, part.tid) for part in profile.parts] == [
        ("parent MainThread [10]", "thread", 10, 10),
        ("parent worker [10]", "thread", 10, 11),
        ("parent [10]", "thread", 10, 12),
        ("child [20]", "thread", 20, 20),
        ("GPU stream 7", "thread", None, None),
    ]
    assert [float(part.graph.totals[0]) for part in profile.parts] == [2000, 1000, 1000, 1000, 1000]


def test_numbers_of_any_size_name_processes(read: Read) -> None:
    huge = 10**400
    profile = read([call("f", 0, 1, pid=huge), call("g", 0, 1, pid=2), call("h", 0, 1, pid=1.5)])
    assert [(part.label, part.pid) for part in profile.parts] == [
        ("1.5 1", None), ("thread 1 [2]", 2), (f"{huge} 1", None),
    ]  # fmt: skip


def test_a_name_may_tell_file_and_line(read: Read) -> None:
    profile = read([call("Class.f (/srv/a b.py:12)", 0, 3), call("g (x)", 1, 1), call("", 2, 1)])
    assert profile.functions.identities() == [
        ("Class.f", "/srv/a b.py", 12, ""), ("g (x)", "", NO_LINE, ""), ("(unnamed)", "", NO_LINE, ""),
    ]  # fmt: skip


def test_a_long_name_takes_time_in_proportion(read: Read) -> None:
    name = " (:" * 200_000 + ")"
    assert read([call(name, 0, 1)]).functions.name == (name,)


def test_arguments_are_details(read: Read) -> None:
    profile = read(
        [
            call("f", 0, 9, args={"func_args": {"n": "6", "m": "'x'"}, "return_value": "13"}),
            call("f", 10, 1, args={"detail": "foobar"}),
            call("f", 20, 1, args={"n": 1, "list": [1, {"a": None}]}),
            call("f", 30, 1, args={}),
            call("f", 40, 1),
            call("f", 50, 1, args={"detail": "y" * 1000}),
            call("f", 60, 1, args={"detail": "y" * 10_000}),
            call("f", 70, 1, args={"return_value": "None"}),
        ]
    )
    found = details(profile.parts[0])
    assert found[:5] == ["n=6, m='x' → 13", "foobar", 'n=1, list=[1,{"a":null}]', "", ""]
    assert found[5:] == ["y" * 299 + "…", "10,014 bytes of arguments", "→ None"]


def test_arguments_nested_as_deeply_as_python_goes(read: Read) -> None:
    """What can just be decoded may be too deep to be written as text."""
    found = set()
    for deep in range(800, 990):
        with suppress(Malformed):
            arguments = b"[" * deep + b"]" * deep
            found.update(details(read(b'[{"ph": "X", "ts": 1, "args": {"n": %b}}]' % arguments).parts[0]))
    assert found <= {"", "n=" + "[" * 297 + "…"}


def test_too_many_arguments_are_left_out(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proftui.formats.trace.arguments.MOST_BYTES", 30)
    profile = read([call("f", at, 1, args={"detail": f"argument {at}"}) for at in range(0, 50, 10)])
    assert details(profile.parts[0]) == ["argument 0", "", "", "", ""]
    assert profile.notes == ("arguments of 4 calls left out: there are too many",)


def test_counters_are_series(read: Read) -> None:
    def counter(at: float, **values: object) -> Json:
        return {"ph": "C", "pid": 1, "name": "gc", "ts": at, "args": values}

    profile = read([call("f", 100, 50), counter(1_000_100, gc=3, left="x"), counter(600_100, gc=1.5, freed=7)])
    assert [(series.label, series.seconds.tolist(), series.value.tolist()) for series in profile.series] == [
        ("gc", [0.6, 1.0], [1.5, 3.0]),
        ("gc: freed", [0.6], [7.0]),
    ]


def test_what_is_no_call_is_counted_in_a_note(read: Read) -> None:
    others = [{"ph": phase, "pid": 1, "tid": 1, "name": "x", "ts": 1} for phase in "iIbestfNDPv"]
    profile = read([call("f", 0, 1), {}, *others])
    (note,) = profile.notes
    assert note == (
        "what is no call is left out: 2 asynchronous events, 3 flow events, 2 instant events, 2 object events, "
        "1 other event, 1 sample event"
    )


def test_phases_of_several_letters_are_no_calls(read: Read) -> None:
    odd = [call("x", 1, 1) | {"ph": phase} for phase in ("XX", "", "\u0158")]
    profile = read([call("f", 0, 9), *odd])
    assert only(profile) == {"f": (9, 1)}
    assert profile.notes == ("what is no call is left out: 2 other events",)


def test_numbers_that_are_missing_or_wrong(read: Read) -> None:
    profile = read(
        [call("a", 0, -1), {"ph": "X", "name": "b", "ts": 5}, call("c", 9, 0, tdur=4), {"ph": "X", "name": "d"}]
    )
    assert calls(profile) == {"a": 1, "b": 1, "c": 1}
    assert profile.notes == (
        "1 event without a time left out",
        "2 calls without a duration, or with one below zero: taken as 0",
    )
    assert only(read([{"ph": "X", "name": "a", "ts": 1, "tdur": 4, "pid": 1, "tid": 1}])) == {"a": (4, 1)}


WHOLE = [call("a", 0, 10), call("b", 1, 2, args={"text": 'x},{"ph'}), call("b", 5, 1)]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (json.dumps(WHOLE)[:-1], 3),
        (json.dumps(WHOLE)[:-1] + ",\n", 3),
        (json.dumps(WHOLE)[:-5], 2),
        (json.dumps(WHOLE)[:-60], 2),
        (json.dumps({"traceEvents": WHOLE})[:-2], 3),
        (json.dumps({"traceEvents": WHOLE})[:-1], 3),
        (json.dumps({"traceEvents": WHOLE, "file_info": {"files": ["xyz"]}})[:-6], 3),
        (json.dumps(WHOLE)[: json.dumps(WHOLE).index("},{")], 1),
    ],
)
def test_unfinished_files(read: Read, text: str, kept: int) -> None:
    profile = read(text.encode())
    assert sum(calls(profile).values()) == kept
    assert profile.notes == ("the file ends before its events do: what came later is not there",)


def test_every_cut_of_a_file_keeps_the_events_that_are_whole(read: Read) -> None:
    document = {"viztracer_metadata": {"overflow": True}, "traceEvents": WHOLE, "x": ["\\", '"', "]}"]}
    text = json.dumps(document).encode()
    ends = [text.index(json.dumps(event).encode()) + len(json.dumps(event)) for event in WHOLE]
    for size in range(text.index(b"[{") + 1, len(text)):
        profile = read(text[:size])
        assert sum(calls(profile).values()) == sum(end <= size for end in ends)
        assert "the file ends before its events do: what came later is not there" in profile.notes


def test_files_of_other_shapes(read: Read) -> None:
    events = [call("a", 0, 10), call("b", 1, 2)]
    expected = {"a": 1, "b": 1}
    assert (
        calls(read(json.dumps({"x": {"traceEvents": [1]}, "y": '"traceEvents": [', "traceEvents": events}).encode()))
        == expected
    )
    assert calls(read(json.dumps(events, indent=3).encode())) == expected
    assert calls(read(b"\xef\xbb\xbf" + json.dumps(events).encode())) == expected
    assert calls(read(json.dumps(events).encode("utf-16"))) == expected
    assert calls(read(gzip.compress(json.dumps({"traceEvents": events}).encode()))) == expected
    late = {"padding": "x" * 100_000, "traceEvents": events}
    assert calls(read(json.dumps(late).encode())) == expected
    assert calls(read(json.dumps(events).encode().replace(b"}]", b"},]"))) == expected


def test_no_events(read: Read) -> None:
    profile = read({"traceEvents": [], "viztracer_metadata": {"version": "1.1.1", "overflow": True}})
    assert [len(part.graph.function) for part in profile.parts] == [0]
    assert profile.origin.creator == "VizTracer 1.1.1"
    assert profile.notes == ("VizTracer had no room for all calls: the oldest ones are not there",)


REFUSED = [
    (b'{"traceEvents": {"0": {}}}', "expected array (traceEvents)"),
    (b'{"traceEvents": 3}', "expected array (traceEvents)"),
    (b'[{"ph": "X", "name": "a", "ts": "10"}]', "expected float, got str (traceEvents[0].ts)"),
    (b'[{"ph": "X", "name": "a"}]', "no event has a time (traceEvents)"),
    (b'[{"ph": "X", "name": "a", "ts": 1}, 7]', "expected object, got int (traceEvents[1])"),
    (b'[{"ph": "X", "name": "a", "ts": 1} {}]', "is not JSON (traceEvents)"),
    (b'[{"ph": "X", "name": "a", "ts": 1}] {}', "is not JSON: something follows the array of events"),
    (b'[{"ph": "X", "name": "a", "ts": 1}, nonsense', "is not JSON (traceEvents)"),
    (b'{"traceEvents": [{"ph": "X", "ts": 1}], nonsense}', "is not JSON"),
    (b'[{"ph": "X", "name": "a", "ts": 1, "dur": 1e308}, {"ph": "X", "ts": 1e308}]', "a time is too large"),
    (b'[{"ph": "X", "name": "\xff", "ts": 1}]', "a text is not UTF-8 (traceEvents)"),
    (b'[{"ph": "X", "name": "a", "args": ' + b"[" * 50_000 + b"]" * 50_000 + b"}]", "its JSON is nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "sentence"), REFUSED)
def test_refused(read: Read, data: bytes, sentence: str) -> None:
    with pytest.raises(Malformed, match=re.escape(sentence)):
        read(data)


def test_too_deep(read: Read) -> None:
    with pytest.raises(Malformed, match=r"calls are more than 30,000 deep"):
        read([begin("f", at) for at in range(30_002)])


def test_pieces_of_a_large_file_end_anywhere(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    # with chunks of 1,000 bytes every event is read in another piece than the one before, and some across several
    events = [
        call(f"f{at % 7}", at * 10, 9, args={"list": [{"name": 1}, {"name": "]}, {"}], "n": "\\" * (at % 5)})
        for at in range(500)
    ]
    events.insert(250, call("long", 2505, 1, args={"detail": "z" * 5000}))
    expected = calls(read({"traceEvents": events}))
    monkeypatch.setattr(document_module, "CHUNK", 1000)
    monkeypatch.setattr(document_module, "_NEAR", 500)
    profile = read({"traceEvents": events, "after": "x" * 3000})
    assert calls(profile) == expected
    assert sum(expected.values()) == 501
    assert details(profile.parts[0])[3] == 'list=[{"name":1},{"name":"]}, {"}], n=\\\\\\'


def test_an_event_that_does_not_end(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "CHUNK", 1 << 16)
    monkeypatch.setattr(document_module, "MOST_BESIDE", 1 << 20)
    with pytest.raises(Malformed, match="an event is larger than 1 MiB"):
        read(b'[{"ph": "X", "ts": 1, "name": "' + b"x" * (1 << 22))
    with pytest.raises(Malformed, match="'traceEvents' is not within the first 1 MiB"):
        read(b'{"x": "' + b"x" * (1 << 22) + b'", "traceEvents": []}')
    with pytest.raises(Malformed, match="holds more than 1 MiB besides its events"):
        read(b'{"traceEvents": [{"ph": "X", "ts": 1}], "x": "' + b"x" * (1 << 22))


def test_too_many_events(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "MOST_EVENTS", 10)
    assert calls(read([call("f", at, 1) for at in range(0, 20, 2)])) == {"f": 10}
    with pytest.raises(Malformed, match="holds more than 10 events"):
        read([call("f", at, 1) for at in range(11)])


def test_viztracer_with_arguments() -> None:
    profile = load(DATA / "viztracer_arguments.json")
    assert [part.label for part in profile.parts] == ["MainThread [22241]", "worker [22241]"]
    assert calls(profile)["fibonacci"] == 50  # by its recurrence, 25 for each of two calls with 6
    told = details(profile.parts[1])
    assert sum(detail.startswith("number=6 → 8") for detail in told) == 1
    assert sum(detail == "number=1 → 1" for detail in told) == 8
    function = profile.functions.name.index("fibonacci")
    assert profile.functions.location(function) == "/srv/demo/traced.py:15"
    (series,) = profile.series
    assert (series.label, series.value.tolist()) == ("progress: value", [8, 8])
    assert profile.notes == ("what is no call is left out: 1 instant event",)


def test_viztracer_adds_up_as_its_events_do() -> None:
    events = json.loads((DATA / "viztracer_imports.json").read_bytes())["traceEvents"]
    profile = load(DATA / "viztracer_imports.json")
    tree = profile.parts[0].tree
    assert tree is not None
    assert tree.timeline is not None
    lasting = sum(event["dur"] for event in events if event["ph"] == "X")
    assert float((tree.timeline.end - tree.timeline.start).sum()) == pytest.approx(lasting * 1000, abs=1)
    assert len(tree.timeline) == 66
    assert profile.parts[0].graph.totals.tolist() == [105_059_119]


def hermes(phase: str, name: str, at: float, **more: object) -> Json:
    return {"ph": phase, "pid": 0, "tid": 0, "ts": at, "name": name, "args": {"allocatedCategory": "x", **more}}


def test_hermes_is_sampled(read: Read) -> None:
    """Its events are where neighbouring samples have a frame in common."""
    told = {"url": "/srv/a.js", "funcLine": "3", "line": 54}
    profile = read(
        [hermes("B", "[root]", 0), hermes("B", "f", 1, **told), hermes("E", "f", 5, **told), hermes("E", "[root]", 7)]
    )
    assert (profile.origin.kind, profile.origin.creator) == ("sampled", "Hermes")
    assert profile.functions.identities() == [("[root]", "", NO_LINE, ""), ("f", "/srv/a.js", 3, "")]
    assert profile.parts[0].graph.calls is None
    assert only(profile) == {"[root]": (3, 1), "[root];f": (4, 1)}


def test_pyspy_is_sampled() -> None:
    profile = load(DATA / "pyspy_threads.json")
    assert (profile.origin.kind, profile.origin.creator) == ("sampled", "py-spy")
    assert profile.parts[0].label == "MainThread [22174]"
    assert [part.graph.calls for part in profile.parts] == [None] * 3
    assert [part.graph.totals.tolist() for part in profile.parts] == [[902_218_000], [870_766_000], [864_703_000]]
    function = profile.functions.name.index("spin")
    lines = {
        int(line) for part in profile.parts if part.tree is not None
        for line in part.tree.frames.line[np.flatnonzero(part.tree.frames.function == function)]
    }  # fmt: skip
    assert lines == {8, 9}
    assert profile.functions.line[function] == NO_LINE
    assert not [name for name in profile.functions.name if name.startswith("thread")]
