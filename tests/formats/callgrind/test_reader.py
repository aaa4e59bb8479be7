"""Odd and broken lines: what is made of them, and what is said about it."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from proftui.errors import Cancelled, Malformed
from proftui.formats import ReadOptions, Source
from proftui.formats.callgrind import CALLGRIND, blocks
from proftui.model import Profile
from proftui.units import BYTES, COUNT, SAMPLES, TIME, Unit

Parse = Callable[..., Profile]

HEAD = "# callgrind format\nevents: Ir\n"


def own(profile: Profile) -> dict[str, float]:
    """Self cost of the first metric by name."""
    graph = profile.parts[0].graph
    names = [profile.functions.name[function] for function in graph.function.tolist()]
    return dict(zip(names, graph.self_cost[0].tolist(), strict=True))


def arcs(profile: Profile) -> dict[tuple[str, str], tuple[float, float]]:
    """(calls, inclusive cost) by caller and callee."""
    graph = profile.parts[0].graph
    assert graph.arc_calls is not None
    names = [profile.functions.name[function] for function in graph.function.tolist()]
    rows = zip(
        graph.caller.tolist(), graph.callee.tolist(), graph.arc_calls.tolist(), graph.arc_cost[0].tolist(), strict=True
    )
    return {(names[caller], names[callee]): (calls, cost) for caller, callee, calls, cost in rows}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("fn=f\n1 2", {"f": 2}),
        ("fn=f\n1\n2 3", {"f": 3}),
        ("fn=f\n  1   2  \n\t3\t4\t\n", {"f": 6}),
        ("fn= (1)  f\n1 2\nfn=(1)\n1 3\n", {"f": 5}),
        ("fn=(1) f\n1 2\nfn=(1) g\n1 3\nfn=(1)\n1 4\n", {"f": 2, "g": 7}),
        ("fn=(9)\n1 2\n", {"(9)": 2}),
        ("fn=(9)\n1 2\nfn=(9) late\n1 3\n", {"late": 5}),
        ("fn=(123456789012345678) f\n1 2\nfn=(123456789012345678)\n1 3\nfn=(4) g\n1 1\n", {"f": 5, "g": 1}),
        ("fn=(12) f(int) const\n1 2\n", {"f(int) const": 2}),
        ("fn=(below main)\n1 2\n", {"(below main)": 2}),
        ("fn=a\x0bb\x85c\u2028d\x0ce\n1 2\n", {"a\x0bb\x85c\u2028d\x0ce": 2}),
        ("1 2\n", {"???": 2}),
        ("fn=f\n1 0x10\n2 0XfF\n", {"f": 271}),
        ("fn=f\n1 99999999\n2 100000000\n3 1234567890123456\n", {"f": 1234568090123455}),
        ("fn=f\n1 12345678901234567\n", {"f": float(12345678901234567)}),
        ("fn=f\n1 10\n# comment\n\n+1 5\n", {"f": 15}),
    ],
)
def test_costs(body: str, expected: dict[str, float], parse: Parse) -> None:
    assert own(parse(HEAD + body)) == expected


@pytest.mark.parametrize("character", ["\x00", "\r", "\x1b"])
def test_control_characters_between_numbers(character: str, parse: Parse) -> None:
    assert own(parse(f"{HEAD}fn=f\n1 2{character}\n2{character}3\n")) == {"f": 5}


def test_bytes_that_are_not_utf_8_can_be_written_back(parse: Parse) -> None:
    name = parse(HEAD.encode() + b"fn=caf\xe9\n1 5\n").functions.name[0]
    assert name.encode("utf-8", "surrogateescape") == b"caf\xe9"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("fn=f\ncfn=g\ncalls=2 5\n1 20\n", {("f", "g"): (2, 20)}),
        ("fn=f\ncfn=g\ncalls= 2  5\n1 20\n", {("f", "g"): (2, 20)}),
        ("fn=f\ncfn=g\ncalls=1234567890 5\n1 20\n", {("f", "g"): (1234567890, 20)}),
        ("fn=f\ncfn=g\ncalls=12345678 5\n1 20\n", {("f", "g"): (12345678, 20)}),
        ("fn=f\ncfn=g\ncalls=0x10 5\n1 20\n", {("f", "g"): (16, 20)}),
        ("fn=f\ncfn=g\nrcalls=2 5\n1 20\n", {("f", "g"): (2, 20)}),
        ("fn=f\ncfn=g\ncalls=1 0 0\n1 20\ncalls=1 0 0\n1 3\n", {("f", "g"): (2, 23)}),
        ("fn=f\ncfn=g\ncalls=2 5\n# between\n\n1 20\n", {("f", "g"): (2, 20)}),
        ("fn=f\ncfn=g\ncalls=2 5\njump=1 3\n1\n2 7\n", {("f", "g"): (2, 0)}),
        ("fn=f\ncfn=g\ncalls=2 5\n\nfn=g\n5 7\n", {("f", "g"): (2, 0)}),
        ("fn=f\n1 10\ncfn=g\ncalls=3 5", {("f", "g"): (3, 0)}),
        ("fn=f\ncalls=3 5\n1 2", {("f", "???"): (3, 2)}),
        ("fn=f\ncfn=f\ncalls=3 5\n1 2", {("f", "f"): (3, 2)}),
    ],
)
def test_calls(body: str, expected: dict[tuple[str, str], tuple[float, float]], parse: Parse) -> None:
    assert arcs(parse(HEAD + body)) == expected


def test_numbers_of_calls_may_be_unknown(parse: Parse) -> None:
    profile = parse(HEAD + "fn=f\n1 99\ncfn=g\ncalls=-1 5\n1 20\ncfn=h\ncalls=2 5\n1 3\nfn=g\n1 23\n")
    assert math.isnan(arcs(profile)["f", "g"][0])
    assert arcs(profile)["f", "h"] == (2, 3)
    assert profile.notes == ("numbers of calls below zero, taken as unknown: 1 (the first in line 6)",)
    assert parse(HEAD + "fn=f\ncfn=g\ncalls=-1 5\n1 20\n").parts[0].graph.calls is None


@pytest.mark.parametrize(
    ("body", "note"),
    [
        (
            "fn=f\n1 2 3 4\n2 5 6\n",
            "lines with more costs than there are events, which were skipped: 2 (the first in line 4)",
        ),
        ("fn=f\n1 x\n1 nan\n1 1_0\n", "costs and counts that are no numbers, taken as 0: 3 (the first in line 4)"),
        ("fn=f\n1 10.5\n2 1e3\n", "costs with a decimal fraction: 1 (the first in line 4)"),
        ("fn=f\n1 -10\n2 30\n", "costs below zero: 1 (the first in line 4)"),
        ("weird=1\nfn=f\n1 2\n@@@\n", "skipped lines of an unknown kind: 2 (the first in line 3)"),
        ("fn=f\ncfn=g\ncalls=3 5\nfn=h\n1 2\n", "calls without a line of costs, taken as 0: 1 (the first in line 5)"),
        ("fn=f\njump=2 +3\n* \n1 2\n", "skipped jumps: 1 (the first in line 4)"),
        ("fn=(7)\n1 2\nfn=(7)\n1 2\nfl=(3)\n", "numbers of names that are nowhere defined, shown as numbers: 2"),
        ("totals: 9\nfn=f\n1 2\n", "the 'totals:' line says 9 Ir, the lines sum to 2, which counts"),
        ("fn=f\n1 2", "the last line, 4, has no line end; the file may be cut off there"),
        (
            "creator: callgrind-3.19\nfn=f\n1 2\n",
            "the file may be cut off at its last line, 5: its 'totals:' line is missing",
        ),
        ("", "the file holds no costs"),
        ("fn=f\n1 99999999999999999999\n", "part 'dump': Instruction Fetch: numbers above 2^53 are rounded"),
    ],
)  # fmt: skip
def test_notes(body: str, note: str, parse: Parse) -> None:
    assert parse(HEAD + body).notes == (note,)


def test_a_sound_dump_has_no_notes(parse: Parse) -> None:
    body = "creator: callgrind-3.19\nsummary: 5\n\nfn=f\n1 2\ncfn=g\ncalls=1 2\n1 3\n\nfn=g\n2 3\n\ntotals: 5\n"
    assert parse(HEAD + body).notes == ()


def test_costs_below_zero_make_a_metric_signed(parse: Parse) -> None:
    (metric,) = parse(HEAD + "fn=f\n1 -10\n2 30\n").metrics
    assert metric.signed
    assert own(parse(HEAD + "fn=f\n1 -10\n2 30\n")) == {"f": 20}


@pytest.mark.parametrize(
    ("text", "recognised", "sentence"),
    [
        ("", False, "is empty"),
        ("version: 1\ncreator: x\n\nfn=f\n1 10\n", True, "costs stand before any 'events:' line (line 5)"),
        ("creator: x\nevents:\nfn=f\n1 10\n", True, "costs stand before any 'events:' line (line 4)"),
        ("# callgrind format\nfn=f\n", True, "there is no 'events:' line that says what the costs are (line 2)"),
        ("\x00\x01", False, "there is no 'events:' line that says what the costs are (line 1)"),
    ],
)
def test_refused(text: str, recognised: bool, sentence: str, parse: Parse) -> None:
    with pytest.raises(Malformed) as refused:
        parse(text, recognised=recognised)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("text", "recognised"),
    [
        ("events: Ir\nfn=f\n", True),
        ("events: Ir\nsummary: 1\n", True),
        ("events: Ir\n", False),
        ("on:\n  events: push\n", False),
        ("\n==== NEW PROFILING FILE ====\nversion: 1\ncreator: xdebug 3.2.0\n\nfl=a\n", True),
        ("", False),
        ("creator: someone\n", False),
    ],
)
def test_recognised_by_content(text: str, recognised: bool) -> None:
    assert CALLGRIND.sniff(text.encode(), "callgrind.out.1") == recognised


def test_header_in_the_middle_begins_a_part(parse: Parse) -> None:
    profile = parse(
        "events: Ir\nfn=(1) f\n1 2\ntotals: 2\n\npart: 2\nthread: 3\npositions: instr line\nevents: Dr Ir\n"
        "fn=(1) g\n0x1 1 5 7\ntotals: 5 7\n"
    )
    assert [(part.label, part.kind, part.tid) for part in profile.parts] == [
        ("part 1", "file", None), ("part 2 thread 3", "thread", 3),
    ]  # fmt: skip
    assert [metric.name for metric in profile.metrics] == ["Ir", "Dr"]
    assert [part.metrics for part in profile.parts] == [(0,), (1, 0)]
    assert [part.graph.totals.tolist() for part in profile.parts] == [[2], [5, 7]]
    assert profile.functions.name == ("f", "g")
    assert profile.notes == ()


@pytest.mark.parametrize(
    ("lines", "unit", "label", "stored"),
    [
        ("events: Ir", COUNT, "Instruction Fetch", 7),
        ("event: ns : Nanoseconds\nevents: ns", TIME, "Nanoseconds", 7),
        ("events: Time_(10ns)", TIME, "Time", 70),
        ("events: Memory_(bytes)", BYTES, "Memory", 7),
        ("creator: xdebug 2.9.8 (PHP 7.4)\nevents: Time", TIME, "Time", 7000),
        ("creator: xdebug 2.9.8 (PHP 7.4)\nevents: Memory", BYTES, "Memory", 7),
        ("events: Time", COUNT, "Time", 7),
        ("events: cpu(ms)", TIME, "cpu", 7e6),
        ("events: alloc_space(kB)", BYTES, "alloc_space", 7168),
        ("events: samples(count)", COUNT, "samples(count)", 7),
        ("events: samples", SAMPLES, "samples", 7),
        ("event: sysTime : sysTime (elapsed ms)\nevents: sysTime", TIME, "sysTime (elapsed ms)", 7e6),
        ("event: t : CPU time in nanoseconds\nevents: t", TIME, "CPU time in nanoseconds", 7),
        ("events: process_time", COUNT, "process_time", 7),
        ("events: s", COUNT, "s", 7),
    ],
)
def test_units_are_believed_where_the_file_says_so(
    lines: str, unit: Unit, label: str, stored: float, parse: Parse
) -> None:
    profile = parse(f"{lines}\nfn=f\n1 7\n")
    assert [(metric.unit, metric.label) for metric in profile.metrics] == [(unit, label)]
    assert own(profile) == {"f": stored}
    assert profile.origin.kind == ("sampled" if unit is SAMPLES else "traced")


def test_events_with_a_formula_are_metrics(parse: Parse) -> None:
    profile = parse(
        "events: Ir Bm L1m\n"
        "event: CEst = Ir + 10 Bm + 10*L1m : Cycle Estimation\n"
        "event: More = CEst - 2 Ir\n"
        "event: Bad = Ir / 2 : Half\nevent: Unknown = Ir + Zz\n"
        "fn=f\n1 10 2 3\ncfn=g\ncalls=1 1\n1 5 1\nfn=g\n1 5 1\n"
    )
    graph = profile.parts[0].graph
    assert [(m.name, m.label, m.formula, m.signed) for m in profile.metrics[3:]] == [
        ("CEst", "Cycle Estimation", "Ir + 10 Bm + 10*L1m", False), ("More", "More", "CEst - 2 Ir", True),
    ]  # fmt: skip
    assert graph.self_cost[:, 0].tolist() == [10, 2, 3, 60, 40]
    assert graph.inclusive[:, 0].tolist() == [15, 3, 3, 75, 45]
    assert graph.arc_cost[:, 0].tolist() == [5, 1, 0, 15, 5]
    assert profile.notes == (
        "the event Bad is left out: its formula is not understood: Ir / 2",
        "the event Unknown is left out: its formula is not understood: Ir + Zz",
    )


def test_two_events_of_one_name_stay_apart(parse: Parse) -> None:
    profile = parse("events: Ir Ir\nfn=f\n1 2 3\n")
    assert [metric.name for metric in profile.metrics] == ["Ir", "Ir (1)"]
    assert profile.parts[0].graph.totals.tolist() == [2, 3]


def test_many_parts_take_no_longer_than_their_lines(parse: Parse) -> None:
    runs = 2000
    profile = parse("".join(f"version: 1\npart: 1\nevents: Ir\nfn=(1) f{run}\n1 {run}\n\n" for run in range(runs)))
    assert len(profile.parts) == runs
    assert [part.graph.totals[0] for part in profile.parts] == list(range(runs))
    assert profile.parts[-1].label == f"part {runs}"


def test_a_long_chain_and_a_long_name(parse: Parse) -> None:
    depth = 20_000
    chain = "".join(f"fn=(1{n}) f{n}\n1 1\ncfn=(1{n + 1}) f{n + 1}\ncalls=1 1\n1 {depth - n}\n" for n in range(depth))
    profile = parse(HEAD + chain + f"fn={'x' * 500_000}\n1 1\n")
    assert max(profile.parts[0].graph.inclusive[0]) == depth + 1
    assert len(profile.functions.name[-1]) == 500_000


def test_reading_can_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 1000)
    (tmp_path / "dump").write_text(HEAD + "fn=f\n1 2\n" * 10_000)
    before = threading.active_count()

    def progress(share: float) -> None:
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        CALLGRIND.read(Source(str(tmp_path / "dump"), progress), ReadOptions())
    assert threading.active_count() == before
