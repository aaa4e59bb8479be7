"""JSON lines of Python's sampler: sums by line of code, of which those of functions follow as far as they do."""

from __future__ import annotations

import json

import pytest

from proftui.errors import Malformed
from proftui.formats import load
from proftui.formats.tachyon import TACHYON_LINES
from proftui.model import Profile
from tests.formats.tachyon.conftest import DATA, Read


def lines(*entries: tuple[int, int, int], end: bool = True) -> bytes:
    """A file of version 1 with the frames a at 1 and 2, b at 5, and c; entries are (frame, self, cumulative)."""
    places = [(1, 1), (1, 2), (2, 5), (3, None)]
    records = [
        {"type": "meta", "v": 1, "run_id": "x", "sample_interval_usec": 1000, "mode": "wall"},
        {"type": "str_def", "defs": [{"str_id": n, "value": text} for n, text in enumerate(["f.py", "a", "b", "c"])]},
        {"type": "frame_def", "defs": [
            {"frame_id": n, "path_str_id": 0, "func_str_id": name, "line": line}
            for n, (name, line) in enumerate(places)
        ]},
        {"type": "agg", "kind": "frame", "scope": "final", "samples_total": 10, "entries": [
            {"frame_id": frame, "self": own, "cumulative": cumulative} for frame, own, cumulative in entries
        ]},
    ]  # fmt: skip
    records += [{"type": "end", "samples_total": 10}] * end
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def figures(profile: Profile) -> dict[str, tuple[float, float, float]]:
    """Self, least and most inclusive samples by the name of the function."""
    graph = profile.parts[0].graph
    rows = zip(graph.self_cost[1], graph.inclusive_least[1], graph.inclusive[1], strict=True)
    return dict(zip(profile.functions.name, ((float(a), float(b), float(c)) for a, b, c in rows), strict=True))


def test_sums_of_functions(read: Read) -> None:
    """With several lines the inclusive cost is between the largest and the sum, and never above all samples."""
    profile = read(lines((0, 2, 6), (1, 0, 7), (2, 5, 5), (3, 3, 3)))
    assert (profile.origin.format, profile.origin.kind) == ("tachyon-jsonl", "sampled")
    assert profile.check() == []
    assert figures(profile) == {"a": (2, 7, 10), "b": (5, 5, 5), "c": (3, 3, 3)}
    graph = profile.parts[0].graph
    assert graph.self_cost[0].tolist() == [2e6, 5e6, 3e6]
    assert (graph.calls, graph.arcs, profile.parts[0].tree) == (None, 0, None)


def test_when_threads_were_sampled(read: Read) -> None:
    told = "threads were sampled only while they ran on a processor"
    data = lines((0, 2, 6))
    assert told not in read(data).notes
    assert told in read(data.replace(b'"wall"', b'"cpu"')).notes


def test_costs_by_line(read: Read) -> None:
    costs = read(lines((0, 2, 6), (1, 0, 7), (2, 5, 5), (3, 3, 3))).parts[0].lines
    assert costs is not None
    assert (costs.line.tolist(), costs.cost[1].tolist()) == ([1, 2, 5, -1], [2, 0, 5, 3])


def test_of_python() -> None:
    """Version 0: the sums of the file's own entries, by function."""
    records = {record["type"]: record for record in map(json.loads, (DATA / "app.jsonl").read_text().splitlines())}
    texts = {each["str_id"]: each["value"] for each in records["string_table"]["strings"]}
    places = {each["frame_id"]: texts[each["func_str_id"]] for each in records["frame_table"]["frames"]}
    profile = load(DATA / "app.jsonl")
    assert profile.check() == []
    assert profile.parts[0].graph.totals[1] == records["end"]["samples_total"] == 5004
    found = figures(profile)
    for name, (own, least, most) in found.items():
        entries = [each for each in records["agg"]["entries"] if places[each["frame_id"]] == name]
        assert own == sum(each["self"] for each in entries)
        assert least >= max(each["cumulative"] for each in entries)
        assert most <= sum(each["cumulative"] for each in entries)
    assert found["waiter"] == (1668, 1668, 1668)


@pytest.mark.parametrize(
    "data",
    [
        lines((0, 1, 1), end=False),
        lines((9, 1, 1)),
        lines((0, 2, 1)),
        lines((0, -1, 1)),
        lines((0, 1, 1 << 60)),
        lines((0, 1, 1)).replace(b'"frame_id"', b'"frame"'),
        lines((0, 1, 1))[:-20],
        lines((0, 1, 1)) + b"[" * 100_000,
    ],
)
def test_what_cannot_be_is_refused(read: Read, data: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        read(data)
    assert str(refused.value).isprintable()


def test_sniffing() -> None:
    assert TACHYON_LINES.sniff(lines(), "unknown")
    for head in (b"", b"{}", b'{"type":"meta"}', b'{"type":"agg","run_id":"x","sample_interval_usec":1}'):
        assert not TACHYON_LINES.sniff(head, "x.jsonl")
