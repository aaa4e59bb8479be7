"""Google's older forms: what pprof itself does not show of them, and what is broken."""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

import pytest

from proftui.errors import Malformed
from proftui.formats import load
from proftui.formats.pprof import legacy_text, memory_map
from proftui.formats.pprof.memory_map import MemoryMap
from proftui.model import Profile
from tests.formats.pprof.conftest import DATA

Read = Callable[[bytes], Profile]

HEAP = b"heap profile: 1: 40960 [1: 40960] @ heap/8192\n"
SAMPLE = b"""1: 40960 [1: 40960] @ 0x4cede7 0x4cf94d
#\t0x4cede6\tmain.inner+0x186\t\t/src/a b.go:76
#\t0x4cede6\tmain.work+0x186\t\t/src/a b.go:12
#\t0x4cf94c\tmain.main.func1+0x2c\t/src/c.go:98
"""


def test_names_that_go_writes_in_comments(read: Read) -> None:
    """A sample stands for 1 / (1 - exp(-40960 / 4096)) = 1.0000454 of its size; what is inlined shares an address."""
    profile = read(HEAP + SAMPLE)
    graph = profile.parts[0].graph
    assert profile.functions.identities() == [
        ("main.inner", "/src/a b.go", -1, ""),
        ("main.work", "/src/a b.go", -1, ""),
        ("main.main.func1", "/src/c.go", -1, ""),
    ]
    assert [metric.name for metric in profile.metrics] == ["space", "objects"]
    assert graph.self_cost[0].tolist() == [40961, 0, 0]
    assert graph.inclusive[0].tolist() == [40961, 40961, 40961]
    tree = profile.parts[0].tree
    assert tree is not None
    assert tree.frames.line[tree.frame].tolist() == [98, 12, 76]


def test_threads_are_parts() -> None:
    """The last one has the stack of the one before."""
    profile = load(DATA / "cppbench.thread.all")
    parts = [(part.label, part.kind, part.tid) for part in profile.parts]
    assert parts == [
        (name, "thread", tid)
        for name, tid in zip(("main", "thread1", "thread2", "thread3"), (25376, 25379, 25382, 25383), strict=True)
    ]
    last, before = profile.parts[3].tree, profile.parts[2].tree
    assert last is not None
    assert before is not None
    assert last.function.tolist() == before.function.tolist()


def test_threads_of_too_many_frames(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = b"--- threadz 1 ---\n" + b"--- Thread 1 (name: a/1) stack: ---\n 0x10 0x20 0x30\n"
    threads += b"--- Thread 2 (name: a/2) stack: ---\n"
    monkeypatch.setattr(legacy_text, "MOST_FRAMES", 6)
    assert len(read(threads).parts) == 2
    monkeypatch.setattr(legacy_text, "MOST_FRAMES", 5)
    with pytest.raises(Malformed, match="threads have more than 5 frames"):
        read(threads)


def test_no_threads(read: Read) -> None:
    profile = read(b"--- threadz 1 ---\n\n---- no stack trace for any thread\n")
    assert profile.notes == ("holds no samples",)


def test_go_counts(read: Read) -> None:
    profile = read(b"goroutine profile: total 5\n3 @ 0x10 0x20\n#\t0xf\tmain.a+0x1\t/a.go:4\n\n2 @ 0x20\n")
    assert dict(zip(profile.functions.name, profile.parts[0].graph.self_cost[0].tolist(), strict=True)) == {
        "main.a": 3,
        "0x1f": 2,
    }


def cpu(word: str, *words: int) -> bytes:
    return struct.pack(f"{word[0]}{len(words)}{word[1]}", *words)


@pytest.mark.parametrize("word", ["<I", ">I", "<Q", ">Q"])
def test_words_of_each_kind(read: Read, word: str) -> None:
    words = (0, 3, 0, 10_000, 0, 4, 2, 0x500, 0x900, 1, 1, 0x700, 0, 1, 0)
    profile = read(cpu(word, *words) + b"00000000-00001000: /bin/some\n")
    graph = profile.parts[0].graph
    names = [profile.functions.name[at] for at in graph.function.tolist()]
    costs = dict(zip(names, graph.self_cost[0].tolist(), strict=True))
    assert costs == {"0x500": 4e7, "0x8ff": 0, "0x700": 1e7}
    assert graph.totals.tolist() == [5e7, 5]
    assert set(profile.functions.object) == {"/bin/some"}


BROKEN = {
    "bytes of no objects": HEAP + b"0: 7 [0: 0] @ 0x1\n",
    "no sample": HEAP + b"what is this\n",
    "an address of more than 64 bits": HEAP + b"1: 7 [1: 7] @ 0x11111111111111111\n",
    "an unknown kind of heap": b"heap profile: 1: 2 [1: 2] @ other/1\n",
    "no attribute": b"--- contentionz 1 ---\nformat = java\n",
    "no thread": b"--- threadz 1 ---\n--- what ---\n",
    "no count": b"goroutine profile: total 5\nx @ 0x1\n",
    "a stack that is cut off": cpu("<I", 0, 3, 0, 10_000, 0, 4, 2_000_000_000, 1, 2, 3, 4),
    "no end": cpu("<I", 0, 3, 0, 10_000, 0, 4, 1, 0x500, 1, 1, 0x500),
    "a count of more than 64 bits": cpu("<Q", 0, 3, 0, 10_000, 0, 2**63, 1, 0x500, 0, 1, 0),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_gives_one_sentence(read: Read, name: str) -> None:
    with pytest.raises(Malformed) as refused:
        read(BROKEN[name])
    assert str(refused.value).isprintable()


def test_what_is_mapped_where() -> None:
    mapped = MemoryMap(
        [
            "00400000-00fcb000: /home/server",
            "build=/srv/out",
            "7f0000000000-7f0000001000 r-xp 00000000 08:01 1234   $build/libc.so",
            "7f0000002000-7f0000003000 rw-p 00000000 08:01 1234   /not/executable.so",
            "7f0000010000-7f0000011000 r-xp 00004000 08:01 99 /lib/late.so",
            "nonsense",
        ]
    )
    assert mapped.at(0x400000) == mapped.at(0xFCAFFF) == "/home/server"
    assert mapped.at(0xFCB000) == ""
    assert mapped.at(0x7F0000000010) == "/srv/out/libc.so"
    assert mapped.at(0x7F0000002010) == ""
    assert mapped.at(0x7F000000C000) == "/lib/late.so"
    assert mapped.at(0x7F000000BFFF) == ""


def test_mappings_are_no_longer_than_their_lines_may_be() -> None:
    mapped = MemoryMap([f"a={'x' * 4000}", "0-1: /bin/$a", "1-2: /bin/$a$a"])
    assert len(mapped.at(0)) == 4005
    assert mapped.at(1) == ""


def test_too_many_mappings(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["0-1: /a", "nonsense", "1-2: /b"]
    monkeypatch.setattr(memory_map, "MOST_MAPPINGS", 2)
    assert MemoryMap(lines).at(1) == "/b"
    monkeypatch.setattr(memory_map, "MOST_MAPPINGS", 1)
    with pytest.raises(Malformed, match="more than 1 mappings"):
        MemoryMap(lines)


def test_a_count_and_a_size_of_different_signs_are_nothing(read: Read) -> None:
    profile = read(b"heap profile: 1: 2 [1: 2] @ heap_v2/2\n-1: 100000000000000000 [1: 1] @ 0x1\n")
    assert profile.parts[0].graph.totals.tolist() == [0, 0]


BLANKS = b" " * 300_000
JAVA = cpu("<Q", 0, 3, 1, 100, 0, 1, 1, 5, 0, 1, 0)
SLOW = {
    "comments": (b"goroutine profile: total 1\n1 @ 0x1\n" + (b"# 0x1 " + b"a " * 2000 + b"\n") * 500),
    "a definition": b"goroutine profile: total 1\n1 @ 0x1\n--- Memory map: ---\na=" + BLANKS + b"$\n",
    "an attribute": b"--- contention:\na" + BLANKS + b"b\n",
    "names of Java": JAVA + (b"0x5 " + b" (" * 2000 + b"\n") * 1000,
    "names of Java in brackets": JAVA + (b"0x5 " + b" (" * 2000 + b")\n") * 1000,
}


@pytest.mark.timeout(5)
@pytest.mark.parametrize("data", SLOW.values(), ids=SLOW.keys())
def test_lines_that_say_nothing_take_no_time(read: Read, data: bytes) -> None:
    """Each would take more than twice as long, and some hours, if a pattern were tried at each blank in vain."""
    with suppress(Malformed):
        read(data)


def test_definitions_do_not_grow() -> None:
    """Each of the twenty would be twice as long as the one before."""
    names = "abcdefghijklmnopqrstu"
    doubled = [f"{name}=${before}${before}" for before, name in pairwise(names)]
    assert len(MemoryMap(["a=xxxxxxxx", *doubled, "0-1: $u"]).at(0)) < 100
