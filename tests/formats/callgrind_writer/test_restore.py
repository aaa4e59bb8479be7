"""What is exported and read back is what it was; what does not fit is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proftui.formats import load
from proftui.formats.callgrind.restore import EDITED, restore
from proftui.formats.callgrind.writer import write
from proftui.model import NO_LINE, WALL_TIME, CallGraph, Functions, LineCosts, Metric, Origin, Part, Profile
from proftui.units import BYTES, SAMPLES, Unit

ReadBack = Callable[[bytes], Profile]

COLUMNS = (
    "self_cost", "inclusive", "calls", "primitive_calls", "caller", "callee", "arc_cost", "arc_self", "arc_calls",
    "arc_primitive_calls",
)  # fmt: skip

texts = st.text(st.characters(codec=None), max_size=5) | st.sampled_from(["f", "<module>", "f [m:1]", "(1)", "%{A}"])
files = texts | st.sampled_from(["/srv/app/m.py", "/x/lib/python3.11/m.py", "~", "<string>"])
identities = st.tuples(texts, files, st.integers(-1, 30), st.just("") | texts)
whole = st.integers(0, 10**13).map(float)
cost = whole | st.just(np.nan)
metrics = st.sampled_from(
    [WALL_TIME, Metric("bytes", BYTES), Metric("a b", SAMPLES, "Long: name"), Metric("Time_(10ns)", WALL_TIME.unit),
     Metric("odd", Unit("parsecs", 2.0, ((1.0, "pc"),))), Metric("Ir"), Metric("ms")]
)  # fmt: skip


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """Any numbers on any graph; no profiler need have measured them."""
    rows = draw(st.lists(identities, unique=True, min_size=1, max_size=6))
    size = len(rows)
    pairs = sorted(draw(st.sets(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=10)))
    events = tuple(draw(st.lists(metrics, min_size=1, max_size=2, unique_by=lambda metric: metric.name)))

    def column(count: int, values: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=count, max_size=count)), np.float64)

    def table(count: int) -> np.ndarray:
        return np.array([column(count, cost) for _ in events]).reshape(len(events), count)

    graph = CallGraph(
        function=np.arange(size, dtype=np.int32),
        self_cost=table(size),
        inclusive=table(size),
        calls=draw(st.none() | st.just(column(size, cost))),
        primitive_calls=draw(st.none() | st.just(column(size, cost))),
        caller=np.array([caller for caller, _ in pairs], np.int32),
        callee=np.array([callee for _, callee in pairs], np.int32),
        arc_cost=table(len(pairs)),
        arc_self=draw(st.none() | st.just(table(len(pairs)))),
        arc_calls=draw(st.none() | st.just(column(len(pairs), cost))),
        arc_primitive_calls=draw(st.none() | st.just(column(len(pairs), cost))),
    )
    origin = Origin("x.prof", "pstats", draw(st.sampled_from(["traced", "sampled"])), command=draw(texts))
    part = Part("run", graph, tuple(range(len(events))))
    return Profile("x", origin, events, Functions.of(rows), (part,))


def differences(one: Profile, other: Profile) -> list[str]:
    """Names of what differs, functions held together by identity."""
    found = [name for name in ("metrics",) if getattr(one, name) != getattr(other, name)]
    for before, after in zip(one.parts, other.parts, strict=True):
        ours = {identity: at for at, identity in enumerate(_touched(one, before))}
        theirs = {identity: at for at, identity in enumerate(_touched(other, after))}
        if ours.keys() != theirs.keys():
            return [*found, f"functions {ours.keys() ^ theirs.keys()}"]
        place = np.array([theirs[identity] for identity in ours], np.int32)
        arcs = {
            pair: at
            for at, pair in enumerate(zip(after.graph.caller.tolist(), after.graph.callee.tolist(), strict=True))
        }
        pairs = zip(place[before.graph.caller].tolist(), place[before.graph.callee].tolist(), strict=True)
        arc_place = np.array([arcs[pair] for pair in pairs], np.intp)
        for column in COLUMNS:
            a, b = getattr(before.graph, column), getattr(after.graph, column)
            at = arc_place if column.startswith("arc") else place
            if column in ("caller", "callee"):
                continue
            if (a is None) != (b is None) or (a is not None and not np.array_equal(a, b[..., at], equal_nan=True)):
                found.append(column)
    return found


def _touched(profile: Profile, part: Part) -> list[tuple[str, str, int, str]]:
    return [profile.functions.identity(function) for function in part.graph.function.tolist()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(profile=profiles())
def test_anything_comes_back(profile: Profile, read_back: ReadBack) -> None:
    again = read_back(write(profile)[0])
    assert EDITED not in again.notes
    assert differences(profile, again) == []
    assert again.origin.kind == profile.origin.kind
    assert again.origin.command == profile.origin.command
    assert not again.parts[0].graph.derived


@pytest.fixture
def profile() -> Profile:
    graph = CallGraph(
        function=np.arange(3, dtype=np.int32),
        self_cost=np.array([[10.0, 20, 70]]),
        inclusive=np.array([[100.0, 91, 70]]),
        calls=np.array([1.0, 9, 3]),
        primitive_calls=np.array([1.0, 2, 3]),
        caller=np.array([0, 1, 1], np.int32),
        callee=np.array([1, 1, 2], np.int32),
        arc_cost=np.array([[90.0, 80, 70]]),
        arc_self=np.array([[3.0, 17, 70]]),
        arc_calls=np.array([2.0, 7, 3]),
        arc_primitive_calls=np.array([2.0, 1, 3]),
    )
    rows = [("<module>", "/srv/m.py", 1, ""), ("f\nx", "/srv/m.py", 3, ""), ("<built-in method len>", "~", NO_LINE, "")]
    return Profile("run", Origin("run.prof", "pstats"), (WALL_TIME,), Functions.of(rows), (Part("run", graph),))


def test_a_file_without_comments_reads_as_its_lines_say(profile: Profile, read_back: ReadBack) -> None:
    data = b"\n".join(line for line in write(profile)[0].split(b"\n") if not line.startswith(b"# proftui:"))
    again = read_back(data)
    assert again.notes == ()
    assert again.parts[0].graph.derived
    assert "f%{A}x [srv.m:3]" in again.functions.name
    assert restore(again, []) is again


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"1 10\n", b"1 11\n"),
        (b"3 0\n", b"3 80\n"),
        (b"calls=7 3", b"calls=8 3"),
        (b"cfn=(3)", b"cfn=(1)"),
        (b" len>", b" len"),
        (b'"functions": 3', b'"functions": 2'),
        (b'"event": "ns"', b'"event": "ms"'),
    ],
)
def test_comments_that_do_not_fit_are_ignored(profile: Profile, read_back: ReadBack, old: bytes, new: bytes) -> None:
    data = write(profile)[0]
    assert old in data
    again = read_back(data.replace(old, new))
    assert EDITED in again.notes
    assert again.parts[0].graph.derived


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_comments_never_raise(profile: Profile, read_back: ReadBack, data: st.DataObject) -> None:
    text = write(profile)[0]
    start = text.index(b"# proftui:")
    tail = bytearray(text[start:])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(tail) - 1))
        tail[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    read_back(text[:start] + bytes(tail))


@pytest.mark.parametrize(
    "comment",
    [b"", b"[]", b"{}", b"null", b"\xff", b"[" * 100_000, b'{"version": 2}', b'{"version": 1}', b"1e999", b'"' * 99],
)
def test_hostile_comments_are_ignored(profile: Profile, comment: bytes) -> None:
    again = restore(profile, [b"# proftui: " + comment])
    assert again == replace(profile, notes=(EDITED,)) or again.notes == (EDITED,)


def test_callgrinds_own_profiles_come_back_with_lines(
    read_back: ReadBack, kcachegrind: Callable[[bytes], object]
) -> None:
    functions = Functions.of(
        [
            ("main", "/a/m.c", NO_LINE, "/bin/x"),
            ("g", "/a/g.c", NO_LINE, "/bin/x"),
            ("idle", "/a/g.c", NO_LINE, "/y.so"),
        ]
    )

    def ids(*values: int) -> np.ndarray:
        return np.array(values, np.int32)

    graph = CallGraph.deriving_inclusive(
        ids(0, 1, 2), np.array([[6.0, 7, 0]]), ids(0), ids(1), np.array([[7.0]]),
        calls=np.array([0.0, 3, 0]), arc_calls=np.array([3.0]),
    )  # fmt: skip
    lines = LineCosts(
        ("/a/m.c", "/a/inlined.h", "/a/g.c"), ids(0, 0, 1, 0), ids(0, 1, 2, 0), ids(10, 3, 20, NO_LINE),
        np.array([[1.0, 2, 7, 3]]), ids(0, 0), ids(1, 1), ids(1, 0), ids(3, 11),
        np.array([1.0, 2]), np.array([[3.0, 4]]),
    )  # fmt: skip
    origin = Origin("callgrind.out.1", "callgrind", creator="callgrind-3.19.0", command="./x -a")
    profile = Profile("x", origin, (Metric("Ir", title="Instructions"),), functions, (Part("x", graph, lines=lines),))
    data = write(profile)[0]
    first, idle, second = data.decode().split("\n\n")[1:4]
    assert first == "ob=(1) /bin/x\nfl=(1) /a/g.c\nfn=(1) g\n20 7"
    assert idle == "ob=(2) /y.so\nfn=(2) idle\n0 0"
    assert second.split("\n") == [
        *("ob=(1)", "fl=(2) /a/m.c", "fn=(3) main", "10 1", "fi=(3) /a/inlined.h", "3 2", "fe=(2)", "0 3"),
        *("fi=(3)", "cfi=(1)", "cfn=(1)", "calls=1 0", "3 3", "fe=(2)", "cfi=(1)", "cfn=(1)", "calls=2 0", "11 4"),
    ]
    again = read_back(data)
    assert differences(profile, again) == []
    assert again.parts[0].graph.derived
    assert (again.origin.creator, again.origin.command) == ("callgrind-3.19.0", "./x -a")


def test_derived_metrics_stay_formulas(read_back: ReadBack) -> None:
    graph = CallGraph.deriving_inclusive(
        np.zeros(1, np.int32),
        np.array([[3.0], [4.0], [7.0]]),
        np.zeros(0, np.int32),
        np.zeros(0, np.int32),
        np.zeros((3, 0)),
    )
    events = (Metric("Ir"), Metric("Dr"), Metric("Both", title="Sum", formula="Ir + Dr"))
    profile = Profile(
        "x", Origin("x", "callgrind"), events, Functions.of([("f", "f.c", NO_LINE, "")]), (Part("x", graph, (0, 1, 2)),)
    )
    text = write(profile)[0].decode()
    assert "event: Both = Ir + Dr : Sum\nevents: Ir Dr\n" in text
    assert "\n0 3 4\n" in text


def test_parts_are_files(profile: Profile, read_back: ReadBack) -> None:
    one = profile.parts[0]
    parts = (
        replace(one, label="worker 1", kind="process", pid=7),
        replace(one, label="worker 2", kind="process", pid=8),
    )
    first, second = write(replace(profile, parts=parts))
    assert b"\npart: 1\n" in first
    assert b"\npart: 2\n" in second
    assert b"\npid:" not in first
    again = read_back(second).parts[0]
    assert (again.label, again.kind, again.pid) == ("worker 2", "process", 8)
    assert second == write(replace(profile, parts=parts))[1]


def test_time_is_written_in_nanoseconds_under_a_name_that_says_so(profile: Profile) -> None:
    tens = replace(profile, metrics=(Metric("Time_(10ns)", WALL_TIME.unit),))
    assert b"\nevents: Time_(ns)\n" in write(tens)[0]
    assert b"\nevents: ns\n" in write(profile)[0]


def test_lines_are_kept_beside_a_formula(tmp_path: Path) -> None:
    """Ir + 10 Bm is a metric of functions and of lines, but no number in the file."""
    given = tmp_path / "given"
    given.write_text(
        "events: Ir Bm\nevent: CEst = Ir + 10 Bm\nfl=a.c\nfn=f\n1 10 2\ncfn=g\ncalls=1 5\n2 4 1\nfn=g\n5 4 1\n"
    )
    (data,) = write(load(given, lines=True))
    assert b"\nfn=(1) f\n1 10 2\ncfn=(2) g\ncalls=1 0\n2 4 1\n" in data
