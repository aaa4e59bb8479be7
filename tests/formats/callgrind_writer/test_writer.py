"""Exports as KCachegrind and callgrind_annotate read them."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proftui.formats import ReadOptions, Source
from proftui.formats.callgrind.writer import write
from proftui.formats.pstats import PSTATS
from proftui.model import NO_LINE, WALL_TIME, CallGraph, Functions, Metric, Origin, Part, Profile

Stats = dict[tuple[str, int, str], tuple[int, int, float, float, dict[Any, Any]]]


def even(n: int) -> bool:
    return n == 0 or odd(n - 1)


def odd(n: int) -> bool:
    return n != 0 and even(n - 1)


def fibonacci(n: int) -> int:
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


class First:
    def get(self) -> int:
        return len(sorted(range(100), key=lambda n: -n))


class Second:
    def get(self) -> int:
        return First().get() + fibonacci(8)


def work() -> None:
    """Recursion of both kinds, two functions of one name in one file, built-in functions."""
    for _ in range(5):
        even(40)
        odd(17)
    Second().get()
    First().get()


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    profiler = cProfile.Profile()
    profiler.runcall(work)
    path = tmp_path_factory.mktemp("measured") / "work.prof"
    profiler.dump_stats(path)
    return path


@pytest.fixture
def stats(measured: Path) -> Stats:
    table: Stats = pstats.Stats(str(measured)).stats  # type: ignore[attr-defined]  # typeshed leaves it out
    return table


@pytest.fixture
def exported(measured: Path, tmp_path: Path) -> Path:
    (data,) = write(PSTATS.read(Source(str(measured)), ReadOptions()))
    path = tmp_path / "work.kgrind"
    path.write_bytes(data)
    return path


def is_named(key: tuple[str, str, str], file: str, line: int, name: str) -> bool:
    """Whether KCachegrind's key is that of a function of pstats."""
    shown, base, module = key
    named = name if file == "~" else f"{name} [{module}:{line}]"
    return base == Path(file).name and shown == named


def nanoseconds(seconds: float) -> int:
    return round(seconds * 1e9)


def test_kcachegrind_shows_what_pstats_measured(
    exported: Path, stats: Stats, kcachegrind: Callable[[bytes], Any]
) -> None:
    seen = kcachegrind(exported.read_bytes())
    assert len(seen.functions) == len(stats)
    total = sum(nanoseconds(row[2]) for row in stats.values())
    assert seen.totals == [total, total]
    inclusive = seen.inclusive()
    assert max(inclusive.values()) <= total
    for (file, line, name), (_, calls, own, cumulative, callers) in stats.items():
        (key,) = [key for key in seen.functions if is_named(key, file, line, name)]
        assert seen.self_cost[key] == nanoseconds(own)
        assert inclusive[key] == pytest.approx(nanoseconds(cumulative), abs=len(callers) + len(stats))
        if callers:
            assert seen.called(key) == calls


def test_callgrind_annotate_agrees(
    exported: Path, kcachegrind: Callable[[bytes], Any], annotate: Callable[..., tuple[int, dict[str, int]]]
) -> None:
    seen = kcachegrind(exported.read_bytes())
    total, own = annotate(exported)
    assert total == seen.totals[0]
    assert sorted(own.values()) == sorted(seen.self_cost.values())
    assert sorted(annotate(exported, inclusive=True)[1].values()) == sorted(seen.inclusive().values())


def test_cgview_agrees(
    exported: Path, kcachegrind: Callable[[bytes], Any], cgview: Callable[[Path], dict[str, tuple[int, int, int]]]
) -> None:
    seen = kcachegrind(exported.read_bytes())
    inclusive = seen.inclusive()
    expected = {
        f"{name} ({named})": (inclusive[key], seen.self_cost[key], seen.called(key))
        for key in seen.functions
        for name, _, named in [key]
    }
    assert cgview(exported) == expected


def small(**columns: Any) -> Profile:
    graph = CallGraph(
        function=np.arange(2, dtype=np.int32),
        caller=np.array([0], np.int32),
        callee=np.array([1], np.int32),
        **{"self_cost": np.array([[1.0, 2]]), "inclusive": np.array([[3.0, 2]]), "arc_cost": np.array([[2.0]])}
        | columns,
    )
    rows = [("f", "/srv/app/m.py", 3, ""), ("<built-in method len>", "~", NO_LINE, "")]
    return Profile(
        "run.prof", Origin("run.prof", "pstats"), (WALL_TIME,), Functions.of(rows), (Part("run.prof", graph),)
    )


def test_the_whole_of_a_small_file() -> None:
    from proftui import __version__

    lines = write(small(arc_calls=np.array([4.0])))[0].decode().split("\n")
    assert [line for line in lines if not line.startswith("# proftui:")] == [
        "# callgrind format",
        "version: 1",
        f"creator: proftui {__version__}",
        "desc: Profile: run.prof (traced)",
        "positions: line",
        "event: ns : time in nanoseconds",
        "events: ns",
        "summary: 3",
        "",
        "ob=(1) srv.app.m",
        "fl=(1) /srv/app/m.py",
        "fn=(1) f [srv.app.m:3]",
        "3 1",
        "cob=(2) ???",
        "cfi=(2) ~",
        "cfn=(2) <built-in method len>",
        "calls=4 0",
        "3 2",
        "",
        "ob=(2)",
        "fl=(2)",
        "fn=(2)",
        "0 2",
        "",
        "totals: 3",
        "",
    ]


def test_says_where_numbers_are_not_measured(
    annotate: Callable[..., tuple[int, dict[str, int]]], tmp_path: Path
) -> None:
    path = tmp_path / "odd.kgrind"
    (data,) = write(small(self_cost=np.array([[np.nan, -2.0]]), arc_cost=np.array([[np.nan]])))
    path.write_bytes(data)
    assert [line for line in data.decode().split("\n") if line.startswith("desc: Note")] == [
        "desc: Note: self costs of 0 may not have been measured",
        "desc: Note: costs below zero are written as 0",
        "desc: Note: costs of calls are in part estimates from the numbers of calls",
        "desc: Note: calls were not counted: each count of 1 is at least 1",
    ]
    annotate(path)


def test_an_empty_profile_is_a_file(tmp_path: Path, annotate: Callable[..., tuple[int, dict[str, int]]]) -> None:
    nothing = np.zeros((1, 0))
    graph = CallGraph(np.zeros(0, np.int32), nothing, nothing, np.zeros(0, np.int32), np.zeros(0, np.int32), nothing)
    profile = Profile("x", Origin("x", "pstats"), (WALL_TIME,), Functions.of([]), (Part("x", graph),))
    path = tmp_path / "empty.kgrind"
    path.write_bytes(write(profile)[0])
    assert annotate(path) == (0, {})


def test_several_events_have_a_column_each(tmp_path: Path, annotate: Callable[..., tuple[int, dict[str, int]]]) -> None:
    graph = CallGraph.deriving_inclusive(
        np.arange(2, dtype=np.int32), np.array([[1.0, 2], [30, 40]]), np.array([0], np.int32), np.array([1], np.int32),
        np.array([[2.0], [40]]), arc_calls=np.array([5.0]),
    )  # fmt: skip
    functions = Functions.of([("f", "/a/f.c", NO_LINE, "/bin/x"), ("g", "/a/f.c", NO_LINE, "/bin/x")])
    origin = Origin("x", "callgrind", command="./x\n--all")
    metrics = (Metric("Ir", title="Instructions"), Metric("Dr miss"))
    profile = Profile("x", origin, metrics, functions, (Part("x", graph, (0, 1)),))
    path = tmp_path / "two.kgrind"
    path.write_bytes(write(profile)[0])
    assert b"\ncmd: ./x --all\n" in path.read_bytes()
    assert annotate(path, event="Ir") == (3, {"/a/f.c:f [/bin/x]": 1, "/a/f.c:g [/bin/x]": 2})
    assert annotate(path, event="Dr_miss") == (70, {"/a/f.c:f [/bin/x]": 30, "/a/f.c:g [/bin/x]": 40})
    assert annotate(path, event="Dr_miss", inclusive=True) == (70, {"/a/f.c:f [/bin/x]": 70, "/a/f.c:g [/bin/x]": 40})


def test_hostile_names_break_nothing(tmp_path: Path, kcachegrind: Callable[[bytes], Any]) -> None:
    names = [
        "a\nfn=(1) b",
        "events: x",
        "(3)",
        "(3) x",
        " ",
        "",
        "\0",
        "\r",
        "\udce9",
        "\ud800",
        "calls=1 1",
        "#",
        "x\u2028y",
        "%{A}",
    ]
    rows = [(name, name, 1, "") for name in names]
    size = len(rows)
    nothing = np.zeros(0, np.int32)
    graph = CallGraph(
        np.arange(size, dtype=np.int32), np.ones((1, size)), np.ones((1, size)), nothing, nothing, np.zeros((1, 0))
    )
    profile = Profile("x", Origin("x", "pstats"), (WALL_TIME,), Functions.of(rows), (Part("x", graph),))
    seen = kcachegrind(write(profile)[0])
    assert len(seen.functions) == size
    assert set(seen.self_cost.values()) == {1}


def test_the_same_profile_gives_the_same_bytes(measured: Path) -> None:
    profile = PSTATS.read(Source(str(measured)), ReadOptions())
    assert write(profile) == write(profile)
