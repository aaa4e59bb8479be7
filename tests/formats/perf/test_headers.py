"""The line that begins a sample, in the fields that `perf script -F` can be asked for."""

from __future__ import annotations

import pytest

from proftui.formats.perf.headers import Header, header_of

HEADERS = [
    (b"sh 24123  2291.279534:     500250 cpu-clock: ", (b"sh", None, b"24123"), 2291.279534, 500250.0, b"cpu-clock"),
    (b"java   339/363   [002] 7628264.674812: cycles: ", (b"java", b"339", b"363"), 7628264.674812, None, b"cycles"),
    (b"swapper     0 [003] 203265.377022:    1001001 cpu-clock:uH:", (b"swapper", None, b"0"), 203265.377022,
     1001001.0, b"cpu-clock:uH"),
    (b"java 19983 cycles:", (b"java", None, b"19983"), None, None, b"cycles"),
    (b"java 19983     12 cycles:", (b"java", None, b"19983"), None, 12.0, b"cycles"),
    (b"Web Content 12 34/35 [000]  1.5: 7 page-faults:", (b"Web Content 12", b"34", b"35"), 1.5, 7.0, b"page-faults"),
    (b"kworker/u8:3-ev   7 [001] 12.000001: sched:sched_switch:", (b"kworker/u8:3-ev", None, b"7"), 12.000001, None,
     b"sched:sched_switch"),
    (b" 4242  1.000000000: 10 cpu_core/cycles/P:", (b"", None, b"4242"), 1.0, 10.0, b"cpu_core/cycles/P"),
    (b"perf    -1/-1  1.5: dummy:HG:", (b"perf", b"-1", b"-1"), 1.5, None, b"dummy:HG"),
    (b"spinc 39682.510926:  cpu-clock:", (b"spinc", None, None), 39682.510926, None, b"cpu-clock"),
    (b"25226    2000000  cpu-clock:", (b"", None, b"25226"), None, 2000000.0, b"cpu-clock"),
    (b"app 5/5 10.25:", (b"app", b"5", b"5"), 10.25, None, b""),
    (b"app 5/5 10.25:   99", (b"app", b"5", b"5"), 10.25, 99.0, b""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "owner", "time", "period", "event"), HEADERS, ids=lambda value: str(value)[:30])
def test_headers(
    line: bytes, owner: tuple[bytes, bytes | None, bytes | None], time: float | None, period: float | None, event: bytes
) -> None:
    assert header_of(line) == Header(owner, time, period, event, b"")


def test_what_stands_behind_the_event() -> None:
    header = header_of(b"         python3 24354  2296.5:    2000000 cpu-clock:  ffffffff81b9810d f+0x4d ([kernel])")
    assert header is not None
    assert header.rest == b"ffffffff81b9810d f+0x4d ([kernel])"
    header = header_of(b"a 1 [000] 1.5: sched:sched_switch: prev_comm=a prev_pid=1 ==> next_comm=b")
    assert header is not None
    assert (header.event, header.rest) == (b"sched:sched_switch", b"prev_comm=a prev_pid=1 ==> next_comm=b")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"main",
        b"a;b;c 12",
        b"\tffffffff816cf7fa path_lookupat+0x9a ([kernel.kallsyms])",
        b"import time: self [us] | cumulative | imported package",
        b"heap profile: 1: 2 [ 3: 4] @ heapprofile",
        b"FUNC f 0.1 1.5 0.3 1.6",
        b"MEM 10.5 1700000000.1",
    ],
)
def test_other_lines(line: bytes) -> None:
    assert header_of(line) is None


def test_long_lines_are_told_quickly() -> None:
    """A minute's work if every length of a name were tried with every length of what follows."""
    for line in (b" " * 200_000, b"a " * 100_000, b"1 " * 100_000 + b"x", b"a 1 " + b":" * 200_000):
        header_of(line)
