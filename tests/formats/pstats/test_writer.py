"""What was read from a dump is written as it was, and pstats opens what is written of any profile."""

from __future__ import annotations

import io
import marshal
import math
import os
import pstats
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.errors import Unwritable
from proftui.formats import load, load_all, save
from proftui.formats.pstats.reader import profile_of, table_of
from proftui.formats.pstats.writer import write
from proftui.formats.source import Source
from proftui.model import WALL_TIME, CallGraph, Functions, Metric, Origin, Part, Profile

DATA = Path(__file__).parents[2] / "data" / "pstats"
CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
PYTHONS = sorted(Path.home().glob(".pyenv/versions/3.*/bin/python"))

Table = dict[tuple[str, int, str], tuple[Any, ...]]

F, G, H = ("a.py", 1, "f"), ("a.py", 5, "g"), ("~", 0, "<len>")


def written(profile: Profile) -> Table:
    """The table in the dump of a profile."""
    (data,) = write(profile)
    table: Table = marshal.loads(data)  # noqa: S302  # just dumped
    return table


def read(table: Table) -> Profile:
    """The profile in a table."""
    return profile_of(table_of(marshal.dumps(table)), Source("some.prof"))


def in_nanoseconds(table: Table) -> Table:
    """The table with times as a profile holds them."""

    def costs(value: Any) -> Any:
        return value if isinstance(value, int) else (*value[:2], *(round(time * 1e9) for time in value[2:4]))

    return {key: (*costs(row), {caller: costs(arc) for caller, arc in row[4].items()}) for key, row in table.items()}


names = st.sampled_from(["f", "g", "<lambda>", "é", "\ud800"])
keys = st.tuples(st.sampled_from(["~", "a.py", ""]), st.integers(0, 3), names)
counts = st.integers(0, 2**53)
times = st.floats(0, 1e6)
arcs = st.tuples(counts, counts, times, times)
tables = st.dictionaries(
    keys, st.tuples(counts, counts, times, times, st.dictionaries(keys, arcs, max_size=3)), min_size=1, max_size=5
)


@given(tables)
def test_a_dump_is_written_as_it_was(table: Table) -> None:
    assert in_nanoseconds(written(read(table))) == in_nanoseconds(table)


@pytest.mark.parametrize("path", sorted(DATA.glob("ticks_py3*.prof")), ids=lambda path: path.name)
def test_pstats_sees_the_same(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.pstats"
    assert save(load(path), copy) == [str(copy)]
    before, after = pstats.Stats(str(path)), pstats.Stats(str(copy))
    assert (after.total_calls, after.prim_calls) == (before.total_calls, before.prim_calls)  # type: ignore[attr-defined]
    assert in_nanoseconds(after.stats) == in_nanoseconds(before.stats)  # type: ignore[attr-defined]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the checkout")
def test_the_corpus_is_written_as_it_was() -> None:
    seen = 0
    for path in [*(CORPUS / "made/prof").rglob("*.p*"), *(CORPUS / "peers/prof").iterdir()]:
        if path.name in ("mutual_py27.prof", "pure_profile.prof"):
            continue  # no Python 3 dump; a code object for a name, written as text
        table: Table = marshal.loads(path.read_bytes())  # noqa: S302  # the corpus' valid files
        assert in_nanoseconds(written(load(path))) == in_nanoseconds(table), path
        seen += 1
    assert seen > 35


def test_bare_counts_of_calls_stay(dumped: Callable[[Any], Profile]) -> None:
    table = {F: (1, 1, 1.0, 2.0, {}), G: (2, 2, 1.0, 1.0, {F: 2})}
    assert written(dumped(table)) == table


def test_python_2_is_written_as_python_3() -> None:
    table = written(load(DATA / "ticks_py27.prof"))
    assert table["ticks.py", 3, "branch"][:2] == (1, 3)
    assert ("~", 0, "<len>") in table


def test_what_a_sampler_did_not_measure(dumped: Callable[[Any], Profile]) -> None:
    profile = dumped({F: (3, 5, 0.03, 0.05, {}), G: (2, 2, 0.02, 0.02, {F: 2}), ("__sampled__",): True})
    table = written(profile)
    assert table == {F: (-1, -1, 0.03, 0.05, {}), G: (-1, -1, 0.02, 0.02, {F: (-1, -1, 0.0, 0.02)})}
    assert dumped(table).origin.kind == "sampled"


def test_a_function_that_is_only_a_caller_gets_no_row(dumped: Callable[[Any], Profile]) -> None:
    table = {G: (2, 2, 0.5, 0.5, {F: (2, 2, 0.5, 0.5)})}
    assert written(dumped(table)) == table


def test_nothing_is_no_dump(dumped: Callable[[Any], Profile]) -> None:
    """pstats.Stats raises TypeError for {}."""
    with pytest.raises(Unwritable, match="nothing was measured of any function"):
        write(dumped({}))


def test_parts_are_added_up() -> None:
    twice = load_all([DATA / "ticks_py311.prof", DATA / "ticks_py313.prof"])
    assert written(twice)["ticks.py", 3, "branch"][:2] == (2, 6)
    assert written(twice)["ticks.py", 7, "main"][3] == pytest.approx(0.034)


def counted(*functions: tuple[str, str, int, str], metrics: tuple[Metric, ...] = (Metric("Ir"),)) -> Profile:
    """A callgrind-like profile: each function costs its row + 1 and calls the next, inclusive costs derived."""
    size = len(functions)
    own = np.tile(np.arange(1.0, size + 1), (len(metrics), 1))
    cost = np.cumsum(own[:, ::-1], axis=1)[:, ::-1][:, 1:]
    ids = np.arange(size, dtype=np.int32)
    graph = CallGraph.deriving_inclusive(
        ids, own, ids[:-1], ids[1:], cost, calls=np.ones(size), arc_calls=np.ones(size - 1)
    )  # fmt: skip
    part = Part("dump", graph, tuple(range(len(metrics))))
    return Profile("dump", Origin("dump", "callgrind"), metrics, Functions.of(functions), (part,))


def test_counts_are_written_as_plain_numbers() -> None:
    table = written(counted(("f", "a.c", -1, ""), ("g", "a.c", 5, "")))
    assert table == {
        ("a.c", 0, "f"): (1, 1, 1.0, 3.0, {}),
        ("a.c", 5, "g"): (1, 1, 2.0, 2.0, {("a.c", 0, "f"): (1, 1, 0.0, 2.0)}),
    }


def test_a_time_goes_before_other_metrics() -> None:
    table = written(counted(("f", "a.c", 1, ""), ("g", "a.c", 5, ""), metrics=(Metric("Ir"), WALL_TIME)))
    assert table["a.c", 1, "f"][2:4] == (1e-9, 3e-9)


def test_functions_that_differ_by_object_stay_apart() -> None:
    table = written(counted(("f", "", -1, "/bin/a"), ("f", "", -1, "/bin/b"), ("g", "", -1, "/bin/a")))
    assert set(table) == {("", 0, "f [/bin/a]"), ("", 0, "f [/bin/b]"), ("", 0, "g")}


def test_no_two_functions_become_one() -> None:
    table = written(counted(("f", "", -1, "a"), ("f", "", -1, "b"), ("f [a]", "", -1, "")))
    assert len(table) == 3
    assert math.fsum(row[2] for row in table.values()) == 6


@pytest.mark.skipif(not PYTHONS, reason="there are no other Pythons here")
@pytest.mark.parametrize("python", PYTHONS, ids=lambda python: python.parents[1].name)
def test_every_python_opens_it(python: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.prof"
    save(load_all([DATA / "ticks_py27.prof", DATA / "pure_py313.prof"]), path)
    shown = subprocess.run(
        [python, "-m", "pstats", path], input="sort calls\nstats 2\n", capture_output=True, text=True, check=True
    )
    assert "ticks.py:1(leaf)" in shown.stdout
    assert "6/2" in shown.stdout  # branch, twice


def test_callees_can_be_computed(tmp_path: Path) -> None:
    path = tmp_path / "out.prof"
    save(counted(("f", "a.c", 1, ""), ("g", "a.c", 5, "")), path)
    shown = io.StringIO()
    pstats.Stats(str(path), stream=shown).print_callees().print_callers()
    assert "a.c:5(g)" in shown.getvalue()
