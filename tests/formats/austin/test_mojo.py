"""MOJO: numbers, references, and samples of each version; the figures of files are mojo2austin's and awk's."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.errors import ProftuiError
from proftui.formats import load
from proftui.formats.austin.mojo import number_of
from proftui.formats.source import CHUNK
from tests.formats.austin import conftest as mojo
from tests.formats.austin.conftest import DATA, Read
from tests.formats.folded.conftest import stacks

VERSIONS = (1, 2, 3, 4)


def definitions(version: int) -> bytes:
    return (
        mojo.new_text(20, "/srv/app.py") + mojo.new_text(30, "main") + mojo.new_text(31, "work")
        + mojo.new_frame(version, 40, 20, 30, 7) + mojo.new_frame(version, 41, 20, 31, 200)
    )  # fmt: skip


def test_the_specifications_number() -> None:
    assert number_of(b"\xc3\x02") == -131


@given(st.integers(-(2**62), 2**62))
def test_numbers(value: int) -> None:
    assert number_of(mojo.number(value)) == value


@pytest.mark.parametrize("version", VERSIONS)
def test_versions(read: Read, version: int) -> None:
    stack = mojo.stack(version, 12, "1f")
    both = mojo.frame(40) + mojo.frame(41)
    data = mojo.header(version, "wall") + stack + definitions(version) + both + mojo.time(120)
    data += stack + both + mojo.time(3) + stack + mojo.frame(40) + mojo.time(50) + stack + mojo.time(1)
    profile = read(data)
    assert [(part.label, part.pid, part.tid) for part in profile.parts] == [("thread 31 [12]", 12, 31)]
    assert stacks(profile, profile.parts[0]) == {
        ("main /srv/app.py:7", "work /srv/app.py:200"): 123_000,
        ("main /srv/app.py:7",): 50_000,
        ("(no stack)",): 1000,
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_definitions_before_the_first_stack_are_of_its_process(read: Read, version: int) -> None:
    data = mojo.header(version, "cpu") + definitions(version)
    data += mojo.stack(version, 12, "1f") + mojo.frame(41) + mojo.time(9)
    profile = read(data)
    assert stacks(profile, profile.parts[0]) == {("work /srv/app.py:200",): 9000}


def test_references_are_those_of_the_process(read: Read) -> None:
    first, second = mojo.stack(3, 1, "1"), mojo.stack(3, 2, "2", interpreter=1)
    other = mojo.new_text(20, "/srv/b.py") + mojo.new_text(30, "other") + mojo.new_frame(3, 40, 20, 30, 5)
    data = mojo.header(3, "wall") + first + definitions(3) + mojo.frame(40) + mojo.time(1)
    data += second + other + mojo.frame(40) + mojo.time(2) + first + mojo.frame(40) + mojo.time(4)
    profile = read(data)
    assert [part.label for part in profile.parts] == ["thread 1 [1]", "thread 2 (interpreter 1) [2]"]
    assert [stacks(profile, part) for part in profile.parts] == [
        {("main /srv/app.py:7",): 5000},
        {("other /srv/b.py:5",): 2000},
    ]


def test_special_frames(read: Read) -> None:
    stack = mojo.stack(3, 1, "1")
    data = mojo.header(3, "wall") + stack + definitions(3) + mojo.frame(40) + mojo.GC + mojo.time(1)
    data += stack + mojo.frame(40) + mojo.INVALID + mojo.time(2)
    data += stack + mojo.frame(40) + b"\x06" + mojo.string("do_read") + mojo.time(4)
    data += stack + mojo.new_frame(3, 42, 1, 1, 0) + mojo.frame(42) + mojo.time(8)
    profile = read(data)
    assert stacks(profile, profile.parts[0]) == {
        ("main /srv/app.py:7", ":GC:"): 1000,
        ("main /srv/app.py:7", ":INVALID:"): 2000,
        ("main /srv/app.py:7", "do_read [[kernel]]"): 4000,
        ("<unknown> <unknown>",): 8000,
    }


def test_a_stack_can_repeat_that_of_its_thread(read: Read) -> None:
    one, two = mojo.stack(4, 1, "1"), mojo.stack(4, 1, "worker")
    data = mojo.header(4, "wall") + one + definitions(4) + mojo.frame(40) + mojo.frame(41) + mojo.time(1)
    data += two + mojo.frame(40) + mojo.time(2) + one + mojo.REPEAT + mojo.time(4) + two + mojo.REPEAT + mojo.time(8)
    profile = read(data)
    assert [(part.label, part.tid) for part in profile.parts] == [("thread 1 [1]", 1), ("worker [1]", None)]
    assert [stacks(profile, part) for part in profile.parts] == [
        {("main /srv/app.py:7", "work /srv/app.py:200"): 5000},
        {("main /srv/app.py:7",): 10_000},
    ]


def test_memory_and_idle_threads(read: Read) -> None:
    stack = mojo.stack(3, 1, "1") + mojo.frame(40)
    begin = mojo.header(3, "full") + mojo.stack(3, 1, "1") + definitions(3) + mojo.frame(40)
    profile = read(begin + mojo.time(10) + mojo.memory(4096) + stack + mojo.time(5) + mojo.IDLE + mojo.memory(-70))
    assert [float(total) for total in profile.parts[0].graph.totals] == [15_000, 10_000, 4096, 70]
    begin = mojo.header(3, "memory") + mojo.stack(3, 1, "1") + definitions(3) + mojo.frame(40)
    profile = read(begin + mojo.memory(4096) + stack + mojo.memory(-70))
    assert [float(total) for total in profile.parts[0].graph.totals] == [4096, 70]


def test_files_of_austin() -> None:
    """What awk adds up over the lines that mojo2austin makes of them."""
    wall, full = load(DATA / "busy_wall.mojo"), load(DATA / "busy_full.mojo")
    assert sum(float(part.graph.totals[0]) for part in wall.parts) == 3_015_182_000
    assert sum(float(part.graph.totals[0]) for part in full.parts) == 3_016_347_000
    assert [metric.name for metric in full.metrics] == ["wall", "cpu", "allocated", "released"]
    assert [part.tid for part in wall.parts] == [22216, 22218, 22219]


@pytest.mark.parametrize(
    ("name", "total", "collecting"), [("gc_v1.mojo", 451_062, 40_418), ("gc_v2.mojo", 465_144, 50_512)]
)
def test_files_of_the_first_versions(name: str, total: int, collecting: int) -> None:
    """What awk adds up over the lines of mojo2austin, and what the file says at its end of garbage collection."""
    profile = load(DATA / name)
    assert sum(float(part.graph.totals[0]) for part in profile.parts) == 1000 * total
    found = [stacks(profile, part) for part in profile.parts]
    assert sum(cost for part in found for stack, cost in part.items() if stack[-1] == ":GC:") == 1000 * collecting


def test_what_is_whole_of_a_file_that_was_cut_off(read: Read) -> None:
    stack = mojo.stack(3, 1, "1")
    data = mojo.header(3, "wall") + stack + definitions(3) + mojo.frame(40) + mojo.time(1)
    profile = read(data + stack[:-1])
    assert stacks(profile, profile.parts[0]) == {("main /srv/app.py:7",): 1000}
    assert profile.notes == (f"breaks off at byte {len(data)}; what is whole before that is shown",)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (mojo.header(5, "wall") + mojo.stack(3, 1, "1"), r"version 5 is not known; proftui reads 1 to 4 \(byte 3\)"),
        (mojo.header(3, "wall") + b"\x0e", r"no event of MOJO begins with 0x0e \(byte 15\)"),
        (mojo.header(3, "wall") + mojo.stack(3, 1, "1") + mojo.frame(9), r"was not defined \(byte 15\)"),
        (mojo.header(3, "wall"), "holds no samples"),
    ],
)
def test_what_is_no_mojo_is_refused(read: Read, data: bytes, sentence: str) -> None:
    with pytest.raises(ProftuiError, match=sentence):
        read(data)


def test_events_across_the_pieces_in_which_a_file_is_read(read: Read) -> None:
    stack = mojo.stack(3, 1, "1") + mojo.frame(40) + 400 * mojo.frame(41) + mojo.time(70_000)
    count = CHUNK // len(stack) + 2
    profile = read(mojo.header(3, "wall") + mojo.stack(3, 1, "1") + definitions(3) + stack * count)
    assert stacks(profile, profile.parts[0]) == {
        ("main /srv/app.py:7", *400 * ("work /srv/app.py:200",)): count * 70_000_000
    }


def test_a_text_without_an_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "unknown"
    path.write_bytes(gzip.compress(mojo.header(3, "wall") + b"\x01" + b"a" * (24 << 20)))
    with pytest.raises(ProftuiError, match=r"an event is longer than 16 MiB \(byte 15\)"):
        load(path)
