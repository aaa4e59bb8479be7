"""Files made with the protobuf library, and what is shown of them, counted by hand."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from proftui.errors import Malformed
from proftui.formats.pprof import wire
from proftui.model import Profile

Read = Callable[..., Profile]


class Builder:
    """A message with functions a, b, c, ... and one location for each, of the same number."""

    def __init__(self, message_class: Any, types: Sequence[tuple[str, str]] = (("cpu", "nanoseconds"),)) -> None:
        self.message = message_class()
        self.texts = {"": 0}
        for kind, unit in types:
            self.message.sample_type.add(type=self.text(kind), unit=self.text(unit))
        for at, name in enumerate("abcdefgh", 1):
            self.message.function.add(id=at, name=self.text(name), filename=self.text("code.py"), start_line=10 * at)
            self.message.location.add(id=at).line.add(function_id=at, line=10 * at + 1)

    def text(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))

    def sample(self, stack: str, *values: int, **labels: str | int) -> Any:
        """A sample whose stack is written from root to leaf."""
        sample = self.message.sample.add(location_id=["abcdefgh".index(name) + 1 for name in reversed(stack)])
        sample.value.extend(values)
        for key, value in labels.items():
            label = sample.label.add(key=self.text(key.replace("_", " ")))
            if isinstance(value, str):
                label.str = self.text(value)
            else:
                label.num = value
        return sample

    def done(self) -> bytes:
        del self.message.string_table[:]
        self.message.string_table.extend(self.texts)
        return bytes(self.message.SerializeToString())


@pytest.fixture
def builder(message_class: Any) -> Builder:
    return Builder(message_class)


def costs(profile: Profile, part: int = 0, metric: int = 0) -> dict[str, tuple[float, float]]:
    """Self and inclusive cost by name."""
    graph = profile.parts[part].graph
    names = [profile.functions.name[function] for function in graph.function.tolist()]
    return dict(
        zip(names, zip(graph.self_cost[metric].tolist(), graph.inclusive[metric].tolist(), strict=True), strict=True)
    )


def test_recursion_counts_once(builder: Builder, read: Read) -> None:
    builder.sample("aba", 5)
    builder.sample("abab", 7)
    builder.sample("a", 1)
    assert costs(read(builder.done())) == {"a": (6, 13), "b": (7, 12)}


def test_lines_are_current_ones(builder: Builder, read: Read) -> None:
    builder.sample("ab", 5)
    profile = read(builder.done())
    tree = profile.parts[0].tree
    assert tree is not None
    assert profile.functions.identities()[:2] == [("a", "code.py", 10, ""), ("b", "code.py", 20, "")]
    assert tree.frames.line[tree.frame].tolist() == [11, 21]


def test_inlined_functions_are_called_by_the_outer_one(builder: Builder, read: Read) -> None:
    """Of a location's lines the last one is the function in which the others are inlined."""
    location = builder.message.location.add(id=77)
    for function in (3, 2):
        location.line.add(function_id=function, line=1)
    sample = builder.sample("a", 4)
    sample.location_id.insert(0, 77)
    builder.sample("ab", 1)
    profile = read(builder.done())
    assert costs(profile) == {"a": (0, 5), "b": (1, 5), "c": (4, 4)}


def test_numbers_that_are_not_packed(builder: Builder, read: Read) -> None:
    """Older libraries write a field for each number."""
    packed = builder.done()
    loose = bytes([0x12, 10, 0x08, 2, 0x08, 1, 0x10, 9, 0x0A, 0, 0x12, 0])
    assert costs(read(packed + loose)) == {"a": (0, 9), "b": (9, 9)}


def test_the_metric_that_comes_first(message_class: Any, read: Read) -> None:
    kinds = [("samples", "count"), ("cpu", "milliseconds"), ("heap", "kilobytes")]
    builder = Builder(message_class, kinds)
    builder.sample("a", 1, 2, 3)
    last = read(builder.done())
    assert [metric.name for metric in last.metrics] == ["heap", "samples", "cpu"]
    assert [metric.unit.name for metric in last.metrics] == ["bytes", "samples", "seconds"]
    assert last.parts[0].graph.self_cost[:, 0].tolist() == [3 * 1024, 1, 2e6]
    builder.message.default_sample_type = builder.text("cpu")
    assert [metric.name for metric in read(builder.done()).metrics] == ["cpu", "samples", "heap"]


def test_metrics_of_one_name_stay_apart(message_class: Any, read: Read) -> None:
    builder = Builder(message_class, [("a (x) 4", "y"), ("a", "x"), ("a", "x"), ("a", "x")])
    builder.sample("a", 1, 2, 3, 4)
    profile = read(builder.done())
    assert [metric.name for metric in profile.metrics] == ["a", "a (x) 4", "a (x)", "a (x) 5"]
    assert profile.parts[0].graph.totals.tolist() == [4, 1, 2, 3]


def test_differences_may_be_below_zero(builder: Builder, read: Read) -> None:
    builder.sample("ab", -5)
    builder.sample("a", 3)
    profile = read(builder.done())
    assert profile.metrics[0].signed
    assert costs(profile) == {"a": (3, -2), "b": (-5, -5)}


LABELS = [
    ({"pid": 7, "thread_id": 9, "thread_name": "worker"}, ("worker [7]", "thread", 7, 9)),
    ({"Process_ID": 7, "Thread_ID": 9}, ("thread 9 [7]", "thread", 7, 9)),
    ({"thread_id": 140_000, "thread_native_id": 9, "thread_name": "MainThread"}, ("MainThread", "thread", None, 9)),
    ({"thread": "main"}, ("main", "thread", None, None)),
    ({"pid": "0x10"}, ("process [16]", "process", 16, None)),
    ({"pid": 7, "comm": "python"}, ("python [7]", "process", 7, None)),
    ({"span": "x", "endpoint": "y"}, ("some.pb", "file", None, None)),
]


@pytest.mark.parametrize(("labels", "part"), LABELS)
def test_labels_that_name_threads_are_parts(
    builder: Builder, read: Read, labels: dict[str, str | int], part: tuple[str, str, int | None, int | None]
) -> None:
    builder.sample("a", 1, **labels)
    found = read(builder.done()).parts
    assert [(known.label, known.kind, known.pid, known.tid) for known in found] == [part]


def test_threads_apart_and_other_labels_together(builder: Builder, read: Read) -> None:
    for request in range(100):
        builder.sample("ab", 1, thread_id=request % 2, request=request)
    profile = read(builder.done())
    assert [part.label for part in profile.parts] == ["thread 0", "thread 1"]
    assert costs(profile, 1) == {"a": (0, 50), "b": (50, 50)}
    assert "labels that name no thread or process are not told apart: 'request'" in profile.notes


def test_too_many_threads_are_one_part(builder: Builder, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proftui.formats.pprof.owners.MOST_PARTS", 3)
    for thread in range(9):
        builder.sample("ab", 1, thread_id=thread)
    profile = read(builder.done())
    assert [part.label for part in profile.parts] == ["some.pb"]
    assert costs(profile) == {"a": (0, 9), "b": (9, 9)}


def test_samples_without_a_stack_count(builder: Builder, read: Read) -> None:
    builder.sample("", 5)
    builder.sample("a", 2)
    profile = read(builder.done())
    assert costs(profile) == {"a": (2, 2), "(no stack)": (5, 5)}


def test_addresses_without_names(builder: Builder, read: Read) -> None:
    builder.message.mapping.add(id=1, filename=builder.text("/usr/bin/server"))
    builder.message.location.add(id=50, mapping_id=1, address=0xBCCC96)
    builder.message.location.add(id=51, mapping_id=1)
    builder.message.location.add(id=52)
    for location in (50, 51, 52):
        builder.sample("", 1).location_id.append(location)
    profile = read(builder.done())
    names = [(name, binary) for name, _, _, binary in profile.functions.identities() if not name.isalpha()]
    assert sorted(names) == [("0xbccc96", "/usr/bin/server"), ("<unknown>", ""), ("[server]", "/usr/bin/server")]
    assert "1 function without a name shown by address" in profile.notes


def test_when_and_how_it_was_measured(builder: Builder, read: Read) -> None:
    message = builder.message
    message.time_nanos, message.duration_nanos, message.period = 1_600_000_000_500_000_000, 2_000_000_000, 10_000_000
    message.period_type.type, message.period_type.unit = builder.text("cpu"), builder.text("nanoseconds")
    message.comment.append(builder.text("a remark"))
    builder.sample("a", 1)
    assert read(builder.done()).notes == (
        "a remark",
        "taken at 2020-09-13 12:26:40 UTC",
        "measured for 2.000 s",
        "one sample for every 10.00 ms of cpu",
    )


def test_a_file_without_samples(builder: Builder, read: Read) -> None:
    profile = read(builder.done())
    assert profile.notes == ("holds no samples",)
    assert profile.check() == []


def test_frames_to_drop(builder: Builder, read: Read) -> None:
    """As pprof has it: c and what it calls are gone, but not at the root; of inlined d its caller stays."""
    builder.message.drop_frames, builder.message.keep_frames = builder.text("[cd].*|x"), builder.text("keep")
    builder.message.location.add(id=70)
    for function in (4, 2):
        builder.message.location[-1].line.add(function_id=function, line=1)
    builder.sample("abce", 1)
    builder.sample("cab", 2)
    sample = builder.sample("a", 4)
    sample.location_id[:] = [5, 70, 1]
    profile = read(builder.done())
    assert costs(profile) == {"a": (0, 7), "b": (7, 7), "c": (0, 2)}
    assert profile.notes == ("left out below the program's functions, as the file asks: c, d",)


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "a.*b.*", "[z-a]", "[a--b]", "(", "x{5}", "(a|aa)" * 40, "a?" * 40, "a(b|c|d)" * 20]
)
def test_frames_to_drop_by_a_pattern_that_could_take_for_ever(builder: Builder, read: Read, pattern: str) -> None:
    builder.message.drop_frames = builder.text(pattern)
    builder.sample("ab", 1)
    profile = read(builder.done())
    assert costs(profile) == {"a": (0, 1), "b": (1, 1)}
    assert any("not simple enough" in note for note in profile.notes)


def field(number: int, content: bytes) -> bytes:
    size, length = len(content), b""
    while size > 127:
        length, size = length + bytes([size & 127 | 128]), size >> 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + content


TYPES = field(1, b"\x08\x01\x10\x01") + field(6, b"") + field(6, b"cpu")
"""A sample type, and the texts."""

BROKEN = {
    "no texts": field(1, b"\x08\x01") * 2,
    "a text that is not there": field(1, b"\x08\x09") + field(6, b"") + field(6, b"cpu"),
    "no location": TYPES + field(2, b"\x0a\x01\x07\x12\x01\x05"),
    "two values": TYPES + field(2, b"\x12\x02\x05\x05"),
    "a length beyond the end": TYPES + b"\x12\xff\xff\xff\xff\x7f",
    "a length of 2^63": TYPES + b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
    "a number of eleven bytes": TYPES + b"\x48" + b"\xff" * 11,
    "a group": TYPES + b"\x13\x14",
    "field 0": TYPES + b"\x02\x00",
    "an inner length beyond its message": TYPES + field(2, b"\x0a\x09\x01"),
    "a packed number that does not end": TYPES + field(2, b"\x12\x01\xff"),
    "locations of one id": TYPES + field(4, b"\x08\x01") * 2,
    "a location without an id": TYPES + field(4, b"\x18\x01"),
    "no types": field(6, b"") + field(6, b"cpu"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_gives_one_sentence(read_as_pprof: Read, name: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_as_pprof(BROKEN[name])
    assert str(refused.value).isprintable()
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("few", [0, 1 << 20])
@pytest.mark.parametrize("name", BROKEN)
def test_both_ways_to_read_messages_refuse_the_same(
    read_as_pprof: Read, name: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "_FEW", few)
    with pytest.raises(Malformed):
        read_as_pprof(BROKEN[name])


@pytest.mark.parametrize("few", [0, 1 << 20])
def test_both_ways_to_read_messages_read_the_same(
    builder: Builder, read: Read, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        builder.sample("abcdefgh"[: number % 9], number << number % 50, thread_id=number % 3, request=number)
    as_it_is = read(builder.done())
    monkeypatch.setattr(wire, "_FEW", few)
    other = read(builder.done())
    assert [part.label for part in other.parts] == [part.label for part in as_it_is.parts]
    for part in range(3):
        assert costs(other, part) == costs(as_it_is, part)


def test_stacks_that_are_too_deep(builder: Builder, read: Read) -> None:
    sample = builder.sample("a", 1)
    sample.location_id.extend([1] * 40_000)
    with pytest.raises(Malformed, match="more than 30,000 frames"):
        read(builder.done())


def test_inlined_functions_that_are_too_many(builder: Builder, read: Read) -> None:
    for _ in range(20_000):
        builder.message.location[0].line.add(function_id=1)
    builder.sample("aaa", 1)
    with pytest.raises(Malformed, match="inlined"):
        read(builder.done())


def test_too_many_entries(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_FIELDS", 1000)
    with pytest.raises(Malformed, match="more than 1,000 entries"):
        read(TYPES + field(6, b"") * 2000)


def test_what_unpacks_to_too_much(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of 5 kB may hold a MiB here, which is 200 times its size."""
    monkeypatch.setattr("proftui.formats.pprof.reader._ALWAYS", 1 << 20)
    with pytest.raises(Malformed, match="1 MiB when unpacked"):
        read(gzip.compress(TYPES + field(6, b"x" * (5 << 20))))
