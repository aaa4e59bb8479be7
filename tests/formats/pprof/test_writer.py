"""What is written as pprof is what the protobuf library reads, and reads back the same."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proftui import __version__
from proftui.analysis.stacks import ESTIMATED_STACKS, with_stacks
from proftui.errors import Unwritable
from proftui.formats import for_path, load
from proftui.formats.base import ReadOptions
from proftui.formats.pprof import PPROF
from proftui.formats.source import Source
from proftui.model import (
    NO_FILE,
    NO_LINE,
    WALL_TIME,
    CallTree,
    Frames,
    Functions,
    Metric,
    Origin,
    Part,
    PartKind,
    Profile,
)
from proftui.units import BYTES, SAMPLES
from tests.formats.pprof.conftest import DATA

Stacks = Sequence[tuple[Sequence[int], Sequence[float]]]

IDENTITIES = [
    ("main", "/srv/app.py", 3, ""),
    ("work", "/srv/app.py", 10, ""),
    ("len", "", NO_LINE, ""),
    ("memcpy", "", NO_LINE, "/lib/libc.so.6"),
    ("memcpy", "", NO_LINE, "/lib/other.so"),
    ("naïve 漢字;\n\x1b", "C:\\a b.py", 7, ""),
]
FRAMES = Frames(np.array([0, 0, 1, 2, 3, 4, 5], np.int32), np.array([4, 5, 12, NO_LINE, NO_LINE, 9, 8], np.int32))


def written(profile: Profile) -> bytes:
    assert PPROF.write is not None
    (content,) = PPROF.write(profile)
    return content


def profile_of(*trees: Stacks, metrics: Sequence[Metric] = (WALL_TIME,), **known: Any) -> Profile:
    parts = []
    for number, stacks in enumerate(trees):
        tree = CallTree.of_stacks(stacks, FRAMES)
        if not len(tree):
            tree = replace(tree, self_cost=np.zeros((len(metrics), 0)))
        own = {key: values[number] for key, values in known.items()}
        parts.append(Part(own.pop("label", "some.pb"), tree.to_graph(), tuple(range(len(metrics))), tree=tree, **own))
    return Profile("some.pb", Origin("", "test", "sampled"), tuple(metrics), Functions.of(IDENTITIES), tuple(parts))


def contexts(profile: Profile) -> list[tuple[Any, ...]]:
    """Each part as who it is, and the costs by stack of those contexts that cost something or call nothing."""
    found = []
    for part in profile.parts:
        tree = part.tree
        assert tree is not None
        paths: list[tuple[Any, ...]] = []
        costs: defaultdict[tuple[Any, ...], list[float]] = defaultdict(list)
        for row in range(len(tree)):
            frame, above = int(tree.frame[row]), int(tree.parent[row])
            name = (*profile.functions.identity(int(tree.frames.function[frame])), int(tree.frames.line[frame]))
            paths.append((*(paths[above] if above >= 0 else ()), name))
            if tree.self_cost[:, row].any() or tree.end[row] == row + 1:
                costs[paths[row]] = tree.self_cost[:, row].tolist()
        found.append((part.label, part.kind, part.pid, part.tid, dict(costs)))
    return found


@pytest.fixture
def again(tmp_path: Path) -> Callable[[Profile], Profile]:
    def reading(profile: Profile) -> Profile:
        path = tmp_path / "some.pb.gz"
        path.write_bytes(written(profile))
        return load(path)

    return reading


def message_of(message_class: Any, profile: Profile) -> Any:
    message = message_class()
    message.ParseFromString(gzip.decompress(written(profile)))
    return message


def test_the_protobuf_library_reads_it(message_class: Any) -> None:
    stacks = [((0,), (1, 100)), ((0, 2), (2, 200)), ((0, 2, 4), (3, 300)), ((1, 2, 3), (4, 400))]
    metrics = (Metric("samples", SAMPLES), Metric("alloc", BYTES))
    profile = profile_of(stacks, metrics=metrics, label=["worker [7]"], kind=["thread"], pid=[7], tid=[9])
    message = message_of(message_class, profile)
    text = message.string_table
    assert text[0] == ""
    assert [(text[kind.type], text[kind.unit]) for kind in message.sample_type] == [
        ("samples", "count"),
        ("alloc", "bytes"),
    ]
    assert text[message.default_sample_type] == "samples"
    assert [text[comment] for comment in message.comment] == [f"proftui {__version__}: sampled"]
    functions = {function.id: function for function in message.function}
    locations = {location.id: location for location in message.location}
    binaries = {mapping.id: text[mapping.filename] for mapping in message.mapping}
    said = []
    for sample in message.sample:
        stack = []
        for identity in reversed(sample.location_id):
            (line,) = locations[identity].line
            function = functions[line.function_id]
            binary = binaries.get(locations[identity].mapping_id, "")
            stack.append((text[function.name], text[function.filename], function.start_line, line.line, binary))
        said.append((stack, list(sample.value)))
        labels = {text[label.key]: text[label.str] or label.num for label in sample.label}
        assert labels == {"thread": "worker", "pid": 7, "tid": 9}
    main4, main5 = ("main", "/srv/app.py", 3, 4, ""), ("main", "/srv/app.py", 3, 5, "")
    work = ("work", "/srv/app.py", 10, 12, "")
    assert said == [
        ([main4], [1, 100]),
        ([main4, work], [2, 200]),
        ([main4, work, ("memcpy", "", 0, 0, "/lib/libc.so.6")], [3, 300]),
        ([main5, work, ("len", "", 0, 0, "")], [4, 400]),
    ]
    assert all(mapping.has_functions and mapping.has_line_numbers for mapping in message.mapping)


def test_the_same_each_time() -> None:
    profile = load(DATA / "go_cpu.pb.gz")
    content = written(profile)
    assert content == written(profile)
    assert content[4:8] == bytes(4)  # gzip's time


@pytest.mark.parametrize(
    "path", sorted(path for path in DATA.iterdir() if path.suffix != ".json"), ids=lambda path: path.name
)
def test_samples_read_back_the_same(path: Path, again: Callable[[Profile], Profile]) -> None:
    profile = load(path)
    if len(profile.parts) == 1:
        profile = replace(profile, parts=(replace(profile.parts[0], label="some.pb"),))
    back = again(profile)
    assert contexts(back) == contexts(profile)
    assert back.metrics == profile.metrics
    assert back.origin.kind == profile.origin.kind
    assert set(profile.notes) <= set(back.notes)


OWNERS = st.sampled_from(
    [
        ("main", "thread", None, None),
        ("main [4]", "thread", 4, 5),
        ("thread 6 [4]", "thread", 4, 6),
        ("thread 6", "thread", None, 6),
        ("process [9]", "process", 9, None),
        ("python [9]", "process", 9, None),
        ("part of all", "file", None, None),
    ]
)
COSTS = st.tuples(st.integers(0, 2**50), st.integers(-(2**40), 2**40))
STACKS = st.lists(st.tuples(st.lists(st.integers(0, 6), min_size=1, max_size=6), COSTS), min_size=1, max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(OWNERS, STACKS), min_size=1, max_size=4, unique_by=lambda part: part[0]))
def test_what_is_written_reads_back(tmp_path: Path, parts: list[tuple[tuple[str, PartKind, Any, Any], Stacks]]) -> None:
    signed = any(cost[1] < 0 for _, stacks in parts for _, cost in stacks)
    label, kind, pid, tid = zip(*(owner for owner, _ in parts), strict=True)
    if len(parts) == 1 and kind == ("file",):
        label = ("some.pb",)
    metrics = (Metric("samples", SAMPLES), Metric("change", BYTES, signed=signed))
    profile = profile_of(*(stacks for _, stacks in parts), metrics=metrics, label=label, kind=kind, pid=pid, tid=tid)
    if not any((part.tree.self_cost[1] < 0).any() for part in profile.parts if part.tree):
        profile = replace(profile, metrics=(metrics[0], replace(metrics[1], signed=False)))
    path = tmp_path / "some.pb.gz"
    path.write_bytes(written(profile))
    back = load(path)
    assert contexts(back) == contexts(profile)
    assert back.metrics == profile.metrics
    assert back.breaches() == []


def test_fractions_keep_their_sum(message_class: Any) -> None:
    profile = profile_of([((0,), (0.4,)), ((1,), (0.4,)), ((2,), (0.4,)), ((3,), (0.8,))], metrics=[Metric("weight")])
    values = [sample.value[0] for sample in message_of(message_class, profile).sample]
    assert sum(values) == 2


def test_where_it_came_from(again: Callable[[Profile], Profile]) -> None:
    origin = Origin("x.prof", "pstats", "traced", "cProfile", "python x.py")
    back = again(replace(profile_of([((0,), (1,))]), origin=origin, notes=("one", "two")))
    assert (back.origin.kind, back.origin.creator, back.origin.command) == ("traced", "cProfile", "python x.py")
    assert back.notes == ("one", "two")


def test_estimated_stacks_say_so(again: Callable[[Profile], Profile]) -> None:
    profile = profile_of([((0, 2, 4), (5,)), ((1, 2), (3,))])
    graph = replace(profile, parts=tuple(replace(part, tree=None) for part in profile.parts))
    with pytest.raises(Unwritable, match="call trees"):
        written(graph)
    back = again(with_stacks(graph))
    assert ESTIMATED_STACKS in back.notes
    assert back.parts[0].graph.totals.tolist() == [8]


def test_built_in_functions_have_no_file(message_class: Any) -> None:
    profile = profile_of([((3,), (5,))])
    functions = Functions.of([(name, file or NO_FILE, line, binary) for name, file, line, binary in IDENTITIES])
    message = message_of(message_class, replace(profile, functions=functions))
    assert NO_FILE not in message.string_table


def test_numbers_beyond_64_bits_are_refused() -> None:
    with pytest.raises(Unwritable, match="64 bits"):
        written(profile_of([((0,), (1e19,))]))


def test_names_that_are_no_utf_8(message_class: Any) -> None:
    profile = profile_of([((0,), (1,))])
    functions = Functions.of([("bad \udcff \ud800", *IDENTITIES[0][1:]), *IDENTITIES[1:]])
    assert any(
        text.startswith("bad ")
        for text in message_of(message_class, replace(profile, functions=functions)).string_table
    )


def test_suffixes() -> None:
    assert for_path("out.pb.gz") is for_path("out.pprof") is for_path("OUT.PB") is PPROF


def test_what_is_written_is_recognised_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "unknown"
    path.write_bytes(written(profile_of([((0,), (1,))])))
    assert PPROF.sniff(Source(str(path)).head, "unknown")
    assert PPROF.read(Source(str(path)), ReadOptions()).parts[0].label == "unknown"
