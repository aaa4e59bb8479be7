"""Sessions come back as they were; what is wrong with one is told in a sentence."""

from __future__ import annotations

import gzip
import math
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.errors import Malformed, Unwritable
from proftui.formats import detect, load, save
from proftui.formats.base import ReadOptions
from proftui.formats.session import SESSION
from proftui.formats.session.table import MAGIC, SIZES
from proftui.formats.session.writer import planes
from proftui.live.demo_recording import demo_recording
from proftui.model import Functions, Moment, Recording, Thread, combine
from tests.formats.session.conftest import (
    SIZES_OF_SMALL,
    SMALL,
    TEXTS_OF_SMALL,
    Bytes,
    made_of,
    packed,
    read,
    small,
    written,
)  # fmt: skip
from tests.model.recordings import Sample, recording, stacks_of, windows

texts = st.text(st.characters(exclude_categories=[]), max_size=8)
"""Lone surrogates too: a command line need not be in UTF-8."""


def are_equal(one: Recording, other: Recording) -> bool:
    """Whether all of both is the same, ids included."""
    for name in ("start", "seconds", "entries", "leaf", "count", "errors", "cpu", "memory", "sampler"):
        left, right = getattr(one.windows, name), getattr(other.windows, name)
        assert left.dtype == right.dtype, name
        assert np.array_equal(left, right, equal_nan=left.dtype.kind == "f"), name
    for name in ("frame", "parent", "thread"):
        assert getattr(one, name).dtype == getattr(other, name).dtype == np.int32
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
    assert one.frames.function.tolist() == other.frames.function.tolist()
    assert one.frames.line.tolist() == other.frames.line.tolist()
    assert one.functions.identities() == other.functions.identities()
    assert (one.threads, one.marks, dict(one.about)) == (other.threads, other.marks, dict(other.about))
    return True


def again(made: Recording) -> Recording:
    found = read(written(made)).recording
    assert found is not None
    return found


@given(windows, st.lists(st.tuples(st.floats(0, 1e9), texts), max_size=3), st.dictionaries(texts, texts, max_size=3))
def test_all_comes_back(sampled: list[list[Sample]], marks: list[tuple[float, str]], about: dict[str, str]) -> None:
    made = replace(recording(sampled), marks=tuple(Moment(*mark) for mark in marks), about=about)
    assert are_equal(made, again(made))


numbers = st.none() | st.integers(0, 2**40)


@given(
    st.lists(st.tuples(texts, texts, st.integers(-1, 2**31 - 1), texts), min_size=3, max_size=3),
    st.lists(st.tuples(numbers, numbers, texts, texts), min_size=3, max_size=3),
)
def test_names_come_back(functions: list[Any], threads: list[Any]) -> None:
    made = recording([[(0, (0, 1, 2, 3), 2), (2, (1,), 1)]])
    made = replace(made, functions=Functions.of(functions), threads=tuple(Thread(*thread) for thread in threads))
    assert are_equal(made, again(made))


def test_the_format_is_as_documented() -> None:
    """A file made by hand: main 5 + 7 of work in thread 9, and 6 in one without a number."""
    profile = read(small())
    made = profile.recording
    assert made is not None
    assert made.functions.identities() == [("main", "a.py", -1, ""), ("work", "", -1, "libc")]
    assert made.threads == (Thread(9, 9, "main", "python a.py"), Thread(9, None, "", "python a.py"))
    assert made.parent.tolist() == [-1, 0, -1]
    assert made.windows.samples.tolist() == [11, 7]
    assert made.windows.memory.tolist() == [8, 9]
    assert math.isnan(made.windows.cpu[1])
    assert made.marks == (Moment(0.5, "now"),)
    assert made.about == {"rate": "100"}
    assert [part.graph.totals.tolist() for part in profile.parts] == [[12], [6]]
    assert profile.origin.kind == "sampled"


def test_a_file_of_it(tmp_path: Path) -> None:
    made = demo_recording()
    path = tmp_path / "shop.proftui"
    assert save(made.profile(), path) == [str(path)]
    path.with_suffix(".gz").write_bytes(gzip.compress(path.read_bytes()))
    for name in (path, path.with_suffix(".gz")):
        profile = load(name)
        assert profile.recording is not None
        assert are_equal(made, profile.recording)
        assert (profile.origin.format, profile.origin.command) == ("session", made.about["command"])
        assert sum(part.graph.totals[0] for part in profile.parts) == made.windows.samples.sum()
        assert profile.notes == ()
    again = tmp_path / "again.proftui"
    save(load(path), again)
    assert again.read_bytes() == path.read_bytes()


def test_a_part_of_the_time_is_a_session_too() -> None:
    made = demo_recording()
    cut = again(made.cut((10.0, 70.0)))
    assert cut.windows.start.tolist() == list(range(10, 70))
    assert len(cut.marks) == 1
    assert stacks_of(cut) == stacks_of(made, 10, 70)


def test_a_profile_without_a_recording_cannot_be_one() -> None:
    profile = demo_recording().profile()
    assert SESSION.write is not None
    for sum_alone in (replace(profile, recording=None), combine([profile, profile], "two")):
        with pytest.raises(Unwritable, match="only the sum, as behind filters; write folded"):
            SESSION.write(sum_alone)


def test_it_is_told_by_its_first_bytes() -> None:
    content = written(demo_recording())
    assert detect(Bytes(content)) is SESSION
    assert SESSION.sniff(content[:20], "x.prof")
    assert not SESSION.sniff(b"PK\x03\x04proftui session 1\n", "x.proftui")
    assert not SESSION.sniff(b"", "x.proftui")


# ---------------------------------------------------------------------- what is wrong


def refused(content: bytes) -> str:
    with pytest.raises(Malformed) as told:
        SESSION.read(Bytes(content), ReadOptions())
    assert str(told.value).isprintable()
    return str(told.value)


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        (b"2", "is a session of version 2, and this proftui reads 1; update proftui"),
        (b"0", "the line that tells the session's version is damaged (line 1)"),
        (b"", "the line that tells the session's version is damaged (line 1)"),
        (b"1" * 100, "the line that tells the session's version is damaged (line 1)"),
        (b"one", "the line that tells the session's version is damaged (line 1)"),
    ],
)
def test_versions(version: bytes, sentence: str) -> None:
    assert refused(packed(b"", version)) == sentence


@pytest.mark.parametrize(
    ("column", "values", "sentence"),
    [
        ("leaf", [1, 3, 1], "a number is out of range (column leaf, number 2)"),
        ("leaf", [-1, 2, 1], "a number is out of range (column leaf, number 1)"),
        ("frame", [0, 1, 2], "a number is out of range (column frame, number 3)"),
        ("function", [0, 2], "a number is out of range (column function, number 2)"),
        ("thread", [0, 0, 2], "a number is out of range (column thread, number 3)"),
        ("thread", [0, 1, 1], "a row is not of its caller's thread (column thread, number 2)"),
        ("above", [1, 1, 0], "a row is called by one that does not exist (column above, number 1)"),
        ("above", [0, -1, 0], "a number is out of range (column above, number 2)"),
        ("count", [5, -6, 7], "a number is out of range (column count, number 2)"),
        ("line", [-2, 0], "a number is out of range (column line, number 1)"),
        ("defined", [-2, 0], "a number is out of range (column defined, number 1)"),
        ("pid", [-2, 0], "a number is out of range (column pid, number 1)"),
        ("entries", [2, 2], "the entries of the windows are not as many as there are entries (column entries)"),
        ("entries", [4, -1], "a number is out of range (column entries, number 1)"),
        ("start", [1, 0], "a window begins before the one before it (column start, number 2)"),
        ("start", [0, float("nan")], "a number is below 0 or none (column start, number 2)"),
        ("seconds", [float("inf"), 1], "a number is below 0 or none (column seconds, number 1)"),
        ("errors", [-1, 1], "a number is below 0 or none (column errors, number 1)"),
        ("moment", [-1], "a number is below 0 or none (column moment, number 1)"),
        ("cpu", [float("inf"), 1], "a number is infinite (column cpu, number 1)"),
    ],
)
def test_what_does_not_hang_together(column: str, values: list[Any], sentence: str) -> None:
    assert refused(small(**{column: values})) == sentence


def test_equal_rows() -> None:
    assert refused(small(thread=[0, 0, 0])) == "two rows have the same caller, thread and frame (column frame)"
    twice = small(frame=[0, 1, 1], above=[0, 1, 2], thread=[0, 0, 0])
    assert refused(twice) == "two rows have the same caller, thread and frame (column frame)"


def test_texts() -> None:
    wrong = {**TEXTS_OF_SMALL, "name": [b"main", b"\xff"]}
    assert refused(made_of(SIZES_OF_SMALL, SMALL, wrong)) == "a text is not in UTF-8 (texts)"


def test_more_than_there_should_be() -> None:
    assert refused(made_of(SIZES_OF_SMALL, SMALL, TEXTS_OF_SMALL, b"x")) == (
        "there is more than the sizes say (end of the file)"
    )
    assert refused(small() + b"x") == "there is more behind the end (end of the file)"


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.999])
def test_cut_off(share: float) -> None:
    content = written(demo_recording())
    assert refused(content[: int(len(content) * share)]).startswith("the file ends too early (")


def test_damaged_in_the_end_only() -> None:
    """All columns can be read, and zlib's sum of them tells that something is wrong."""
    content = bytearray(written(demo_recording()))
    content[-1] ^= 1
    assert refused(bytes(content)).startswith("the packed data are damaged: ")


@pytest.mark.parametrize("size", [size.name for size in SIZES])
def test_sizes_have_bounds(size: str) -> None:
    counts = np.array([2**63 if known.name == size else 0 for known in SIZES], "<u8")
    assert refused(packed(planes(counts))).startswith(f"claims to have 9,223,372,036,854,775,808 {size}; at most ")


def test_no_more_is_unpacked_than_the_sizes_say() -> None:
    """A gigabyte of zeros in a megabyte: nothing in it is asked for."""
    packer = zlib.compressobj(9)
    bomb = packer.compress(planes(np.array([size.name == "threads" for size in SIZES], "<u8")))
    bomb += b"".join(packer.compress(bytes(1 << 20)) for _ in range(1 << 10)) + packer.flush()
    assert refused(MAGIC + b"1\n" + bomb) == "there is more than the sizes say (end of the file)"


def test_a_claim_takes_no_memory() -> None:
    """Twenty million entries that are not there."""
    counts = np.array([{"entries": 20_000_000, "threads": 1}.get(size.name, 0) for size in SIZES], "<u8")
    assert refused(packed(planes(counts))) == "the file ends too early (column leaf)"


def test_lengths_of_texts_have_bounds() -> None:
    counts = np.array([{"sayings": 1, "threads": 1}.get(size.name, 0) for size in SIZES], "<u8")
    for lengths in ([2**30, 2**30, 2**30, 2**30], [-1, 1, 0, 0]):
        blocks = planes(counts) + bytes(16) + planes(np.array(lengths, "<i4"))  # pid and tid before
        assert refused(packed(blocks)) == "the lengths of texts are impossible (lengths of texts)"


def test_where_nothing_was_sampled_there_is_no_profile() -> None:
    assert refused(packed(bytes(8 * len(SIZES)))) == "nothing was sampled in it (sizes)"
    assert SESSION.write is not None
    with pytest.raises(Unwritable, match="nothing was sampled, so that there is nothing to keep"):
        SESSION.write(replace(recording([]), threads=()).profile())
