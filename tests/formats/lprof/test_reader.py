"""line_profiler's files show what its own text report does; what they do not hold is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from proftui.cli.group import proftui as command
from proftui.errors import Malformed
from proftui.formats import load
from proftui.formats.lprof.timings import timings_of
from proftui.model import Profile
from tests.formats.lprof.conftest import Timings, dumped

DATA = Path(__file__).parents[2] / "data" / "lprof"

PRIMES = [(12, 1, 71), (13, 141, 30), (14, 140, 30), (15, 35519, 7725), (16, 35485, 8242), (17, 20002, 4403)]
ALLOCATE = [(22, 1, 0), (23, 41, 27), (24, 40, 18990), (25, 1, 2), (26, 1, 9), (27, 1, 3)]
AREA = [(33, 20, 3), (34, 20, 5)]
REPORTED = {"primes": (10, PRIMES), "allocate": (20, ALLOCATE), "area": (31, AREA), "never_called": (37, [])}
"""What `python -m line_profiler lines_py27.lprof` of line_profiler 2.1.2 prints: of each function the line on which it
begins, and of its lines number, hits and time in microseconds.
"""


def lines_of(profile: Profile, name: str) -> list[tuple[int, int, int]]:
    """(line, hits, nanoseconds) of a function's lines."""
    lines = profile.parts[0].lines
    assert lines is not None
    rows = np.flatnonzero(lines.function == profile.functions.name.index(name))
    assert {lines.files[file] for file in lines.file[rows].tolist()} <= {"lines.py"}
    return list(zip(lines.line[rows].tolist(), lines.cost[1, rows].tolist(), lines.cost[0, rows].tolist(), strict=True))


def test_figures_are_those_of_line_profiler() -> None:
    profile = load(DATA / "lines_py27.lprof")
    assert profile.functions.identities() == [
        (name, "lines.py", REPORTED[name][0], "") for name in profile.functions.name
    ]
    assert set(profile.functions.name) == set(REPORTED)
    for name, (_, lines) in REPORTED.items():
        assert lines_of(profile, name) == [(line, hits, 1000 * time) for line, hits, time in lines]
        row = profile.functions.name.index(name)
        total = [1000 * sum(time for _, _, time in lines), sum(hits for _, hits, _ in lines)]
        assert profile.parts[0].graph.self_cost[:, row].tolist() == total
        assert profile.parts[0].graph.inclusive[:, row].tolist() == total
    assert profile.check() == []


def test_notes_tell_what_time_holds_and_what_never_ran() -> None:
    notes = load(DATA / "lines_py27.lprof").notes
    assert "includes what it calls" in notes[0]
    assert notes[1:] == ("1 function watched that never ran",)
    assert len(load(DATA / "mutual.lprof").notes) == 1


def test_recursion_counts_in_each_function() -> None:
    profile = load(DATA / "mutual.lprof")
    own = dict(zip(profile.functions.name, profile.parts[0].graph.self_cost[0].tolist(), strict=True))
    # "Total time" in line_profiler's report of the same file, of a run of some 0.17 s
    assert own["is_even"] == 10_092_709_433
    assert own["is_odd"] == 10_096_373_271


def test_lines_stand_beside_their_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    body = [f"    n = {number}" for number in range(12, 18)]
    (tmp_path / "lines.py").write_text("\n".join([*["#"] * 9, "def primes(n):", "    n = 11", *body]) + "\n")
    said = CliRunner().invoke(
        command, ["report", str(DATA / "lines_py27.lprof"), "--view", "source", "--function", "primes"]
    )
    assert said.exit_code == 0, said.output
    row = next(line for line in said.output.splitlines() if "n = 16" in line)
    assert "8.242 ms" in row


LINES = st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**9), st.integers(0, 10**15)))
KEYS = st.tuples(st.text(), st.integers(0, 10**6), st.text())


@given(st.dictionaries(KEYS, LINES), st.sampled_from([1e-9, 1e-6, 1e-7]), st.integers(2, 5))
def test_all_rows_come_through(timings: Timings, unit: float, protocol: int) -> None:
    found = timings_of(dumped(timings, unit, protocol=protocol))
    assert list(found.functions) == list(timings)
    rows = [(number, *row) for number, lines in enumerate(timings.values()) for row in lines]
    columns = (found.function, found.line, found.hits, found.time)
    assert [column.tolist() for column in columns[:3]] == [[row[at] for row in rows] for at in range(3)]
    assert found.time == pytest.approx([round(row[3] * unit * 1e9) for row in rows], rel=1e-15, abs=1)


SOUND: Timings = {("a.py", 1, "f"): [(2, 3, 4)]}
SHARED = [(line, 1, 1) for line in range(3000)]

REFUSED = {
    "no timings": ([], 1e-9, "no timings"),
    "no unit": (SOUND, None, "unit of time"),
    "a unit that is no number": (SOUND, float("nan"), "unit of time"),
    "a unit of 0": (SOUND, 0, "unit of time"),
    "a function that is a text": ({"f": []}, 1e-9, "a function is not told"),
    "a function whose line is none": ({("a.py", -1, "f"): []}, 1e-9, "a function is not told"),
    "lines that are no list": ({("a.py", 1, "f"): ()}, 1e-9, "no list"),
    "a line of two numbers": ({("a.py", 1, "f"): [(1, 2)]}, 1e-9, "a line is not told"),
    "a time that is no number": ({("a.py", 1, "f"): [(1, 2, None)]}, 1e-9, "a line is not told"),
    "hits below zero": ({("a.py", 1, "f"): [(1, -2, 3)]}, 1e-9, "cannot be"),
    "a line beyond 2^31": ({("a.py", 1, "f"): [(2**31, 2, 3)]}, 1e-9, "cannot be"),
    "one list a thousand times": ({("a.py", at, "f"): SHARED for at in range(1000)}, 1e-9, "several functions"),
}


@pytest.mark.parametrize(("timings", "unit", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_is_refused(timings: object, unit: object, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        timings_of(dumped(timings, unit))


def test_nothing_watched_is_a_profile_without_functions() -> None:
    assert timings_of(dumped({})).functions == ()
