"""Austin's text: what the modes measure, whose samples they are, and what is no sample."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from proftui.errors import ProftuiError
from proftui.formats import load
from proftui.model import Profile
from proftui.units import BYTES, COUNT, TIME
from tests.formats.austin.conftest import DATA, Read
from tests.formats.folded.conftest import stacks

WALL = b"# austin: 3.7.0\n# mode: wall\n\n"


def totals(profile: Profile) -> dict[str, float]:
    return {
        metric.name: sum(float(part.graph.totals[at]) for part in profile.parts)
        for at, metric in enumerate(profile.metrics)
    }


def test_wall_mode_measures_microseconds(read: Read) -> None:
    profile = read(WALL + b"P1;T0:7;/a.py:main:3;/a.py:f:9 120\nP1;T0:7;/a.py:main:3 30\n\n# duration: 150\n")
    assert [(metric.name, metric.unit) for metric in profile.metrics] == [("wall", TIME)]
    assert stacks(profile, profile.parts[0]) == {("main /a.py:3", "f /a.py:9"): 120_000, ("main /a.py:3",): 30_000}
    assert (profile.origin.format, profile.origin.kind, profile.origin.creator) == ("austin", "sampled", "Austin 3.7.0")


def test_the_full_mode_tells_all_four() -> None:
    """The figures are awk's over the lines: the sums of the columns, and of the first where the second is 0."""
    profile = load(DATA / "busy_full_gc.austin")
    assert totals(profile) == {"wall": 251_839_000, "cpu": 149_704_000, "allocated": 4_919_296, "released": 0}
    assert [metric.unit for metric in profile.metrics] == [TIME, TIME, BYTES, BYTES]


def test_memory_that_grows_and_shrinks() -> None:
    profile = load(DATA / "lines_memory.austin")
    assert totals(profile) == {"allocated": 42_749_952, "released": 39_444_480}
    assert profile.breaches() == []
    assert stacks(profile, profile.parts[0], 1) == {("(no stack)",): 39_444_480}


def test_processes_are_apart() -> None:
    profile = load(DATA / "mp_children.austin")
    assert [(part.label, part.kind, part.pid, part.tid) for part in profile.parts] == [
        ("thread 22208 [22208]", "thread", 22208, 22208),
        ("thread 22212 [22212]", "thread", 22212, 22212),
    ]
    assert totals(profile) == {"wall": 214_567_000}


def test_interpreters_and_named_threads(read: Read) -> None:
    profile = read(WALL + b"P1;T7;a.py:f:1 1\nP1;T0:7;a.py:f:1 1\nP1;T2:7;a.py:f:1 1\nP1;T0:worker one;a.py:f:1 1\n")
    assert [(part.label, part.tid, float(part.graph.totals[0])) for part in profile.parts] == [
        ("thread 7 [1]", 7, 2000),
        ("thread 7 (interpreter 2) [1]", 7, 1000),
        ("worker one [1]", None, 1000),
    ]


def test_garbage_collection_and_what_could_not_be_read(read: Read) -> None:
    profile = read(WALL + b"P1;T7;a.py:f:1;:GC: 5\nP1;T7;a.py:f:1;:INVALID: 2\nP1;T7 3\n")
    assert stacks(profile, profile.parts[0]) == {
        ("f a.py:1", ":GC:"): 5000,
        ("f a.py:1", ":INVALID:"): 2000,
        ("(no stack)",): 3000,
    }
    assert profile.notes == (
        ":GC: is where the garbage collector ran: 5.000 µs",
        ":INVALID: is where Austin could not read the whole stack: 2.000 µs",
    )


def test_native_and_kernel_frames(read: Read) -> None:
    lines = b"# map: 400000-500000 /usr/bin/python3\nP1;T7;native@4f28b6:_Py_HashBytes:80;kernel:do_read:0 4\n"
    profile = read(WALL + lines)
    assert profile.functions.identities() == [
        ("_Py_HashBytes", "", -1, "/usr/bin/python3"),
        ("do_read", "", -1, "[kernel]"),
    ]


def test_lines_that_are_no_samples_are_told(read: Read) -> None:
    profile = read(WALL + b"P1;T1;a.py:f:3 100\nP1;T1\nno stack 7\nP1;T1;a.py:f:4 -5\nP1;T1;a.py:f:4 1,0,2\n")
    assert totals(profile) == {"wall": 100_000}
    assert profile.notes == ("4 lines left out that Austin does not write; the first is line 5",)


def test_numbers_without_a_mode_have_no_unit(read: Read) -> None:
    profile = read(b"P403;T0:87;/srv/a.py:main:2;C:\\b.py:f:4 12\nP403;T1:88;/srv/a.py:main:3 -1\n")
    assert [(metric.name, metric.unit, metric.signed) for metric in profile.metrics] == [("cost", COUNT, True)]
    assert stacks(profile, profile.parts[0]) == {("main /srv/a.py:2", "f C:\\b.py:4"): 12}
    assert profile.notes == ("no line '# mode: ...' tells what the numbers are",)


def test_three_numbers_are_of_the_full_mode_whatever_is_said(read: Read) -> None:
    assert totals(read(b"P1;T0:2;a.py:f:1 10,1,-4096\n")) == {
        "wall": 10_000,
        "cpu": 0,
        "allocated": 0,
        "released": 4096,
    }


def test_what_austin_says_of_its_own_work(read: Read) -> None:
    said = b"# saturation: 3/891\n# errors: 0/1708\n"
    assert read(WALL + b"P1;T1;a.py:f:3 1\n" + said).notes == (
        "3 of 891 samples took longer than the interval, says Austin",
    )


def test_windows_line_ends_and_utf_16(read: Read) -> None:
    text = "# austin: 4.0.0\r\n# mode: cpu\r\nP1;T0:7;/a.py:größe:3 120\r\n"
    for encoding in ("utf-8", "utf-16"):
        profile = read(text.encode(encoding))
        assert totals(profile) == {"cpu": 120_000}
        assert profile.functions.name == ("größe",)


def test_samples_keep_their_order_in_time(read: Read) -> None:
    profile = read(WALL + b"P1;T7;a.py:f:1;a.py:g:2 5\nP1;T7;a.py:f:1;a.py:g:2 2\nP1;T7;a.py:f:1 4\n")
    tree = profile.parts[0].tree
    assert tree is not None
    assert tree.timeline is not None
    names = [profile.functions.name[function] for function in tree.function[tree.timeline.row].tolist()]
    spans = np.stack([tree.timeline.start, tree.timeline.end]).T.tolist()
    assert list(zip(names, spans, strict=True)) == [("f", [0, 11_000]), ("g", [0, 7_000])]


@pytest.mark.parametrize("data", [WALL, WALL + b"P1;T1\n", b"# austin:"])
def test_files_without_samples_are_refused(read: Read, data: bytes) -> None:
    with pytest.raises(ProftuiError, match="holds no samples"):
        read(data)


def test_a_line_without_an_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "unknown"
    path.write_bytes(gzip.compress(WALL + b"P1;T1;" + b"a" * (80 << 20)))
    with pytest.raises(ProftuiError, match="a line is longer than 64 MiB"):
        load(path)
