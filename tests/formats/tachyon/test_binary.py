"""Binary files of Python's sampler read as Python's own reader has them, in all encodings of stacks."""

from __future__ import annotations

import sys

import pytest

from proftui.errors import Malformed
from proftui.formats import load
from proftui.formats.tachyon import TACHYON_BINARY
from proftui.model import NO_LINE, Part, Profile
from tests.formats.tachyon.conftest import DATA, Read, binary, record, repeated

WHOLE, KEEPING, LOSING = 1, 2, 3
A, B, C, OWN, B21 = range(5)


def stacks(profile: Profile, part: Part) -> dict[str, float]:
    """The samples of each stack, as "a:10;b:20"."""
    tree = part.tree
    assert tree is not None
    found: dict[str, float] = {}
    paths: list[str] = []
    for row, parent in enumerate(tree.parent.tolist()):
        frame = tree.frame[row]
        name = f"{profile.functions.name[tree.frames.function[frame]]}:{tree.frames.line[frame]}"
        paths.append(f"{paths[parent]};{name}" if parent >= 0 else name)
        if samples := tree.self_cost[-1, row]:
            found[paths[row]] = float(samples)
    return found


SAMPLES = (
    record(WHOLE, 500, 0, 2, B, A)  # a;b at 1500
    + repeated((500, 0), (500, 32))  # a;b at 2000 and 2500
    + record(KEEPING, 1000, 0, 1, 2, C, B21)  # a;b;c at 3500
    + record(LOSING, 500, 0, 1, 0)  # a;b at 4000
    + record(LOSING, 500, 0, 1, 1, C)  # a;c at 4500
)
EXPECTED = {"a:10;b:20": 3, "a:10;b:21;c:-1": 1, "a:10;b:21": 1, "a:10;c:-1": 1}


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_encodings_of_stacks(read: Read, order: str, *, old: bool) -> None:
    samples = SAMPLES if order == "<" else SAMPLES.replace(b"\7" + bytes(11), bytes(7) + b"\7" + bytes(4))
    profile = read(binary(samples, 6, order=order, old=old))
    assert (profile.origin.format, profile.origin.kind) == ("tachyon", "sampled")
    assert profile.origin.creator == "profiling.sampling of Python 3.15.0"
    assert profile.check() == []
    part = profile.parts[0]
    assert stacks(profile, part) == EXPECTED
    assert (part.label, part.tid, part.kind) == ("main thread", 7, "thread")
    assert part.graph.calls is None


def test_compressed_samples(read: Read) -> None:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    profile = read(binary(zstd.compress(SAMPLES), 6, compression=1))
    assert stacks(profile, profile.parts[0]) == EXPECTED
    with pytest.raises(Malformed):
        read(binary(zstd.compress(SAMPLES)[:-3], 6, compression=1))
    with pytest.raises(Malformed):
        read(binary(zstd.compress(bytes(1 << 30)), 6, compression=1))


def test_time(read: Read) -> None:
    """Samples lie 600 microseconds apart on average, and are in order; 500 were asked for."""
    profile = read(binary(SAMPLES, 6))
    part = profile.parts[0]
    assert [metric.name for metric in profile.metrics] == ["time", "samples"]
    assert part.graph.totals.tolist() == [3_600_000, 6]
    assert part.tree is not None
    timeline = part.tree.timeline
    assert timeline is not None
    assert (timeline.start[0], timeline.end[0]) == (0, 3_600_000)
    assert sorted(timeline.start.tolist()) == [0, 0, 2_000_000, 2_000_000, 3_000_000]
    assert any("600.0 µs; 500.0 µs were asked for" in note for note in profile.notes)


def test_threads(read: Read) -> None:
    samples = SAMPLES + record(WHOLE, 1500, 0, 1, C, tid=8) + record(WHOLE, 1500, 0, 1, A, tid=8, interpreter=1)
    profile = read(binary(samples, 8))
    assert [part.label for part in profile.parts] == ["main thread", "thread 8", "thread of interpreter 1"]
    late = profile.parts[1].tree
    assert late is not None
    assert late.timeline is not None
    assert late.timeline.start.tolist() == [1_000_000]


def test_frames_of_the_sampler_are_hidden(read: Read) -> None:
    profile = read(binary(record(WHOLE, 1, 0, 3, B, A, OWN) + record(WHOLE, 1, 0, 1, OWN), 2))
    assert stacks(profile, profile.parts[0]) == {"a:10;b:20": 1, "(no stack):-1": 1}


def test_no_samples(read: Read) -> None:
    for samples in (b"", repeated()):
        assert [len(part.graph) for part in read(binary(samples, 0)).parts] == [0]
    assert [part.tid for part in read(binary(repeated(tid=8) + SAMPLES, 6)).parts] == [7]


def test_of_python() -> None:
    """Three threads were sampled 425 times each, as the header says; one of them only waits."""
    profile = load(DATA / "app.tachyon.bin")
    assert profile.check() == []
    assert [part.graph.totals[1] for part in profile.parts] == [425, 425, 425]
    assert {part.tid for part in profile.parts} == {2932, 2931, 2929}
    waiting = stacks(profile, profile.parts[1])
    assert waiting == {"Thread._bootstrap:1181;Thread._bootstrap_inner:1219;Thread.run:1161;waiter:9": 425}
    assert ("waiter", "/srv/webapp/app.py", NO_LINE, "") in profile.functions.identities()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (binary(SAMPLES, 7), "has 6 samples and says 7"),
        (binary(SAMPLES, 6, version=2), "replay FILE"),
        (binary(SAMPLES, 6)[:90], "ends too early"),
        (binary(SAMPLES[:-1], 6), "ends too early"),
        (binary(record(9, 1, 0, 1, A), 1), "not known"),
        (binary(record(WHOLE, 1, 0, 1, 99), 1), "not in the table"),
        (binary(record(KEEPING, 1, 0, 5, 0), 1), "so deep"),
        (binary(record(WHOLE, 1, 0, 1 << 40), 1), "so deep"),
        (binary(record(WHOLE, 1 << 60, 0, 0), 1), "too large"),
        (binary(repeated(*[(1, 0)] * 3)[:-4], 3), "ends too early"),
    ],
)
def test_what_cannot_be_is_refused(read: Read, data: bytes, what: str) -> None:
    with pytest.raises(Malformed, match=what):
        read(data)


def test_sniffing() -> None:
    assert TACHYON_BINARY.sniff(binary(b"", 0), "unknown")
    assert TACHYON_BINARY.sniff(binary(b"", 0, order=">"), "unknown")
    for head in (b"", b"HCAT", b"HCAT" + bytes(80), b"TACH" + b"\1" * 80):
        assert not TACHYON_BINARY.sniff(head, "x.tachyon.bin")
