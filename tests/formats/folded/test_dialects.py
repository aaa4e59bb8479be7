"""The dialects of folded stacks, on files that the tools wrote or as they write them, counted by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from proftui.formats import load
from proftui.formats.folded import FOLDED
from proftui.model import NO_LINE, Part, Profile
from proftui.units import SAMPLES
from tests.formats.folded.conftest import DATA, stacks

Read = Callable[[bytes], Profile]


def only(profile: Profile) -> dict[tuple[str, ...], float]:
    """The stacks of a profile of one part."""
    (part,) = profile.parts
    return stacks(profile, part)


def owners(profile: Profile) -> list[tuple[str, str, int | None, int | None]]:
    return [(part.label, part.kind, part.pid, part.tid) for part in profile.parts]


def total(part: Part) -> float:
    return float(part.graph.totals[0])


def test_samples_are_counted(read: Read) -> None:
    profile = read(b"a;b;c 1\na;b;c 1\na;b;d 4\na;b;c 3\na;b 5\n")
    assert only(profile) == {("a", "b", "c"): 5, ("a", "b", "d"): 4, ("a", "b"): 5}
    assert profile.origin.kind == "sampled"
    assert profile.origin.format == "folded"
    assert [(metric.name, metric.unit) for metric in profile.metrics] == [("samples", SAMPLES)]
    assert owners(profile) == [("unknown", "file", None, None)]
    graph = profile.parts[0].graph
    assert dict(zip(profile.functions.name, graph.inclusive[0].tolist(), strict=True)) == {
        "a": 14,
        "b": 14,
        "c": 5,
        "d": 4,
    }
    assert graph.calls is None
    assert profile.notes == ()


def test_recursion_counts_once(read: Read) -> None:
    profile = read(b"f;f;g;f 3\nf 1\n")
    assert profile.parts[0].graph.inclusive.tolist() == [[4, 3]]
    assert profile.parts[0].graph.self_cost.tolist() == [[4, 0]]


def test_py_spy_names_files_and_current_lines() -> None:
    profile = load(DATA / "pyspy.raw.txt")
    (part,) = profile.parts
    found = stacks(profile, part)
    genexpr = "inner.<locals>.<genexpr> busy.py:13"
    assert sum(cost for stack, cost in found.items() if stack[-1] == genexpr) == 397
    assert total(part) == 561
    identity = ("inner", "busy.py", NO_LINE, "")
    assert profile.functions.identities().count(identity) == 1
    row = part.graph.row_of(profile.functions.identities().index(identity))
    assert part.graph.self_cost[0, row] == 113 + 2
    assert profile.notes == ("2 samples without a stack left out of the total",)


def test_py_spy_threads_and_native_frames() -> None:
    profile = load(DATA / "pyspy_threads_native.raw.txt")
    assert owners(profile) == [
        ("worker 1", "thread", None, 22129), ("MainThread", "thread", None, 22126), ("worker 2", "thread", None, 22130),
    ]  # fmt: skip
    main = stacks(profile, profile.parts[1])
    assert main == {
        (
            "0x7f7e4944524a [libc.so.6]", "<module> busy.py:38", "main busy.py:31", "parse_line busy.py:21",
            "parse_line.<locals>.<listcomp> busy.py:21",
        ): 1,
    }  # fmt: skip
    assert ("0x7f7e49be2b46", "", NO_LINE, "[vdso]") in profile.functions.identities()


def test_py_spy_processes() -> None:
    """Two samples are of the process alone: they belong to no function, and stay in the total."""
    profile = load(DATA / "pyspy_subprocesses.raw.txt")
    assert owners(profile) == [("python mp_jobs.py jobs 3 [22142]", "process", 22142, None)]
    assert total(profile.parts[0]) == 5
    assert stacks(profile, profile.parts[0])["(no stack)",] == 2


def test_threads_of_processes_below_others(read: Read) -> None:
    profile = read(
        b'process 1:"gunicorn";main (a.py:1) 1\n'
        b'process 1:"gunicorn";process 2:"worker";thread (0x7F): MainThread;main (a.py:1) 2\n'
        b'process 1:"gunicorn";process 2:"worker";thread (8);main (a.py:1) 4\n'
    )
    assert owners(profile) == [
        ("gunicorn [1]", "process", 1, None), ("MainThread [2]", "thread", 2, 127), ("thread 8 [2]", "thread", 2, 8),
    ]  # fmt: skip
    assert [total(part) for part in profile.parts] == [1, 2, 4]
    assert len(profile.functions) == 1


def test_names_of_threads_and_commands_may_hold_semicolons(read: Read) -> None:
    profile = read(
        b"thread (1): a;b;run (x.py:1) 2\nthread (1): a;b;run (x.py:1);work (x.py:2) 3\n"
        b'process 7:"sh -c "a;b"";main (x.py:3) 4\n'
    )
    assert owners(profile) == [("a;b", "thread", None, 1), ('sh -c "a;b" [7]', "process", 7, None)]
    assert stacks(profile, profile.parts[0]) == {("run x.py:1",): 2, ("run x.py:1", "work x.py:2"): 3}


@pytest.mark.timeout(60)
def test_names_that_go_on_without_end(read: Read) -> None:
    """Each beginning of the name, kept as one that might be whole, would be a gigabyte in all."""
    profile = read(b"thread (1): a;" + b"bcde;" * 19_000 + b"f 1\nrun (x.py:1) 1\n")
    assert sum(len(label) for label, *_ in owners(profile)) < 5000
    assert total(profile.parts[1]) == 1


def test_the_sampler_of_python_3_15() -> None:
    profile = load(DATA / "tachyon.collapsed")
    assert owners(profile) == [
        ("thread 2744", "thread", None, 2744), ("thread 2742", "thread", None, 2742),
        ("thread 2745", "thread", None, 2745),
    ]  # fmt: skip
    assert stacks(profile, profile.parts[0]) == {
        (
            "Thread._bootstrap threading.py:1181", "Thread._bootstrap_inner threading.py:1219",
            "Thread.run threading.py:1161", "waiter app.py:9",
        ): 1706,
    }  # fmt: skip
    assert ("<module>", "app.py", NO_LINE, "") in profile.functions.identities()


def test_stackcollapse_perf_marks_the_kernel_and_compiled_code() -> None:
    profile = load(DATA / "stackcollapse_perf.folded")
    assert only(profile) == {
        ("java", "start_thread", "call_stub_[j] [[jit]]", "Interpreter_[j] [[jit]]", "read_[k] [[kernel]]"): 4,
        ("java", "start_thread", "call_stub_[j] [[jit]]", "Interpreter_[j] [[jit]]"): 1,
        ("java", "[unknown]", "operator new(unsigned long)"): 2,
        ("java", "[libc.so.6]"): 3,
    }


def test_stackcollapse_perf_with_threads() -> None:
    profile = load(DATA / "stackcollapse_perf_tid.folded")
    assert owners(profile) == [("worker [71]", "thread", 71, 71), ("worker [71]", "thread", 71, 72)]
    assert [total(part) for part in profile.parts] == [2, 4]


def test_a_module_before_the_function() -> None:
    profile = load(DATA / "windows.folded")
    assert profile.functions.identities() == [
        ("RtlUserThreadStart", "", NO_LINE, "ntdll.dll"),
        ("main", "", NO_LINE, "app.exe"),
        ("draw", "", NO_LINE, "app.exe"),
    ]


def test_columns_of_javascript(read: Read) -> None:
    profile = read(b"run (/app/x.js:12:5);step (/app/x.js:3:1) 4\n")
    assert only(profile) == {("run /app/x.js:12", "step /app/x.js:3"): 4}


def test_two_counts_are_before_and_after() -> None:
    profile = load(DATA / "difffolded.folded")
    (part,) = profile.parts
    assert [metric.label for metric in profile.metrics] == ["samples after", "samples before"]
    assert stacks(profile, part, 0) == {("main", "parse", "read"): 4, ("main", "parse"): 3, ("main", "write"): 5}
    assert stacks(profile, part, 1) == {("main", "parse", "read"): 10, ("main", "write"): 5}


def test_one_line_with_one_count_makes_all_second_counts_names(read: Read) -> None:
    assert only(read(b"a;Thread 1 2\na;b 3\n")) == {("a", "Thread 1"): 2, ("a", "b"): 3}


def test_remarks_decimals_and_lines_without_a_count() -> None:
    profile = load(DATA / "odd_lines.folded")
    assert only(profile) == {("a", "b"): 1.75, ("a",): 2}
    assert profile.notes == (
        "1 line without a count left out, as other readers do; the first is line 5",
        "3 samples without a stack left out of the total",
    )


@pytest.mark.parametrize("name", ["powershell_utf16.folded"])
def test_utf16_with_windows_line_ends(name: str) -> None:
    assert only(load(DATA / name)) == {("a", "b", "c"): 1, ("a", "b", "d"): 4, ("a", "b"): 5}


def test_names_are_taken_as_they_are(read: Read) -> None:
    profile = read(b"main;  spaces  ;x\x85y;; 3\nma\xc3\xafn;na\xefve;\xe2\x80\xa8 4\r\n")
    assert only(profile) == {("main", "  spaces  ", "x\udc85y", "", ""): 3, ("maïn", "na\udcefve", "\u2028"): 4}


def test_a_remark_with_a_count_is_a_stack_and_said_to_be(read: Read) -> None:
    profile = read(b"# some metadata: 42\na;b 1\n")
    assert total(profile.parts[0]) == 43
    assert "begins with '#'" in profile.notes[0]


def test_the_format_asks_for_a_tree() -> None:
    assert FOLDED.needs == "tree"
