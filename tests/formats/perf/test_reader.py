"""perf script: events, threads, frames, and what is not a sample. Figures of files are awk's over their headers."""

from __future__ import annotations

import pytest

from proftui.errors import Malformed, ProftuiError
from proftui.formats import load
from proftui.formats.perf import reader, script
from proftui.model import Profile
from proftui.units import COUNT, SAMPLES, TIME
from tests.formats.folded.conftest import stacks
from tests.formats.perf.conftest import DATA, Read

MAIN = "\t    100 main+0x4 (/usr/bin/app)\n"


def totals(profile: Profile) -> dict[str, float]:
    return {
        metric.name: sum(float(part.graph.totals[at]) for part in profile.parts)
        for at, metric in enumerate(profile.metrics)
    }


def only(profile: Profile) -> dict[tuple[str, ...], float]:
    """The stacks of the only thread."""
    (part,) = profile.parts
    return stacks(profile, part)


def test_events_are_apart() -> None:
    profile = load(DATA / "two_events.perf.txt")
    assert totals(profile) == {"cpu-clock": 116_666_655, "page-faults": 277}
    assert [metric.unit for metric in profile.metrics] == [TIME, COUNT]


def test_events_without_periods_count_samples(read: Read) -> None:
    profile = read(f"app 5 1.5: cycles:\n{MAIN}\napp 5 1.6: cycles:\n{MAIN}\napp 5 1.7: 30 faults:\n{MAIN}\n")
    assert totals(profile) == {"cycles": 2, "faults": 30}
    assert [metric.unit for metric in profile.metrics] == [SAMPLES, COUNT]
    assert [metric.label for metric in profile.metrics] == ["cycles samples", "faults"]


@pytest.mark.parametrize(("limit", "what"), [("MOST_MEASURED", "threads"), ("MOST_FIGURES", "contexts")])
def test_a_figure_for_each_event_may_be_too_much(
    read: Read, monkeypatch: pytest.MonkeyPatch, limit: str, what: str
) -> None:
    text = f"a 5 1.5: 1 cycles:\n{MAIN}\nb 6 1.6: 1 faults:\n{MAIN}\n"
    monkeypatch.setattr(reader, limit, 4)
    assert len(read(text).parts) == 2
    monkeypatch.setattr(reader, limit, 3)
    with pytest.raises(Malformed, match=f"has 2 events in 2 {what}"):
        read(text)


def test_stacks_begin_with_the_outermost_frame(read: Read) -> None:
    profile = read(
        "app 5/6 1.5: 10 cycles:u:\n\t    7f1 operator new(unsigned long)+0x1f (/usr/lib/libstdc++.so.6 (deleted))\n"
        f"{MAIN}\n"
    )
    assert only(profile) == {("main [/usr/bin/app]", "operator new(unsigned long) [/usr/lib/libstdc++.so.6]"): 10}
    assert [(part.label, part.kind, part.pid, part.tid) for part in profile.parts] == [("app 6 [5]", "thread", 5, 6)]


def test_a_thread_by_another_name_is_another_part(read: Read) -> None:
    profile = read(f"sh 5 1.5: cycles:\n{MAIN}\nseq 5 1.6: cycles:\n{MAIN}\nseq 6/6 1.7: cycles:\n{MAIN}\n")
    assert [(part.label, part.pid, part.tid) for part in profile.parts] == [
        ("sh 5", None, 5), ("seq 5", None, 5), ("seq [6]", 6, 6),
    ]  # fmt: skip


def test_python_functions(read: Read) -> None:
    profile = read(
        "python 5 1.5: 10 cpu-clock:\n"
        "\t7f10 PyNumber_Add+0x4 (/usr/lib/libpython3.13.so.1.0)\n"
        "\t7f20 py::A.inner.<locals>.<genexpr>:/srv/busy.py+0x4 (/tmp/perf-24360.map)\n"
    )
    assert only(profile) == {
        ("A.inner.<locals>.<genexpr> /srv/busy.py", "PyNumber_Add [/usr/lib/libpython3.13.so.1.0]"): 10
    }


def test_a_run_of_unknown_frames_is_one(read: Read) -> None:
    run = "\t    246 [unknown] ([unknown])\n" * 100
    named = "\t   31ef [unknown] (/bin/dd)\n\t   31ff [unknown] (/bin/dd)\n\t   3200  ()\n"
    profile = read(f"dd 5 1.5: 10 cycles:\n{named}{run}{MAIN}{run}\n")
    assert only(profile) == {
        ("[unknown]", "main [/usr/bin/app]", "[unknown]", "[unknown] in dd [/bin/dd]"): 10,
    }
    assert profile.notes == ("[unknown] is what perf has no names for; a run of such frames is shown as one",)


def test_what_is_inlined_lies_in_the_binary_around_it(read: Read) -> None:
    inlined = "\t    200 malloc+0x4 (inlined)\n\t    200 helper+0x4 (inlined)\n"
    profile = read(f"app 5 1.5: 10 cycles:\n{inlined}{MAIN}\napp 5 1.6: 3 cycles:\n{inlined}\n")
    assert only(profile) == {
        ("main [/usr/bin/app]", "helper [/usr/bin/app]", "malloc [/usr/bin/app]"): 10,
        ("helper", "malloc"): 3,
    }


def test_recursion_through_inlined_frames_stays(read: Read) -> None:
    profile = load(DATA / "inlined.perf.txt")
    assert totals(profile) == {"cpu-clock": 2_000_496}
    assert ("[/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2]",) not in only_first(profile)
    deepest = max(only_first(profile), key=len)
    assert [frame.split(" ")[0] for frame in deepest[:6]] == [
        "_start", "_dl_start", "_dl_start_final", "_dl_sysdep_start", "dl_main", "call_init_paths",
    ]  # fmt: skip


def only_first(profile: Profile) -> dict[tuple[str, ...], float]:
    return stacks(profile, profile.parts[0])


def test_source_lines(read: Read) -> None:
    """As -F +srcline prints them; a line of a header that was inlined is not one of the function's file."""
    frames = (
        "\t    200 work+0x4 (inlined)\n  app.c:30\n\t    100 main+0x4 (/usr/bin/app)\n  app.c:12 (discriminator 2)\n"
        "\t     90 _start+0x1 (/usr/bin/app)\n  app[4e90]\n"
    )
    other = "\t    104 main+0x8 (/usr/bin/app)\n  vector.h:900\n\t     90 _start+0x1 (/usr/bin/app)\n  ??:0\n"
    profile = read(f"app 5 1.5: 10 cycles:\n{frames}\napp 5 1.6: 3 cycles:\n{other}\n")
    assert only(profile) == {
        ("_start [/usr/bin/app]", "main app.c:12[/usr/bin/app]", "work app.c:30[/usr/bin/app]"): 10,
        ("_start [/usr/bin/app]", "main app.c[/usr/bin/app]"): 3,
    }


def test_a_file_with_source_lines() -> None:
    """Samples are counted by grep: 21 of cpu-clock, each with a line of work(), of which is told spin.c:2."""
    profile = load(DATA / "srcline.perf.txt")
    assert totals(profile) == {"cpu-clock": 21, "page-faults": 5}
    assert profile.origin.creator == "perf 6.1.187"
    assert only(profile) == {
        (
            "__libc_start_call_main libc-start.c:74[/usr/lib/x86_64-linux-gnu/libc.so.6]",
            "main spin.c:4[/tmp/demo/spinc]",
            "work spin.c:2[/tmp/demo/spinc]",
        ): 21
    }
    assert not any("left out" in note for note in profile.notes)
    assert set(profile.parts[0].graph.function.tolist()) == set(range(len(profile.functions)))


def test_samples_without_a_stack(read: Read) -> None:
    profile = read(f"app 5 1.5: 10 cycles: \n\napp 5 1.6: 3 cycles:\n{MAIN}")
    assert only(profile) == {("(no stack)",): 10, ("main [/usr/bin/app]",): 3}
    assert profile.notes == ("1 of 2 samples without a stack",)


def test_samples_without_call_chains() -> None:
    profile = load(DATA / "no_callgraph.perf.txt")
    assert totals(profile) == {"cpu-clock": 80_000_000}
    assert {len(stack) for part in profile.parts for stack in stacks(profile, part)} == {1}
    assert profile.notes == (
        "recorded without callers, which `perf record -g` keeps: their inclusive cost is self cost",
    )


def test_what_a_tracepoint_tells_is_no_frame(read: Read) -> None:
    profile = read(
        f"a 1 [000] 1.5: sched:sched_switch: prev_comm=a prev_pid=1\n{MAIN}\n"
        f"a 1 [000] 1.6: sched:sched_switch: prev_comm=a prev_pid=1\n{MAIN}\n"
    )
    assert only(profile) == {("main [/usr/bin/app]",): 2}


def test_other_records_are_no_samples() -> None:
    profile = load(DATA / "other_records.perf.txt")
    assert totals(profile) == {"cpu-clock": 2_001_000}
    assert not any("left out" in note for note in profile.notes)


def test_processes_with_their_threads() -> None:
    profile = load(DATA / "pid_tid.perf.txt")
    assert totals(profile) == {"cpu-clock": 3_501_750}
    assert profile.parts[0].label == "sh [24123]"
    kernel = [name for name, binary in zip(profile.functions.name, profile.functions.object, strict=True)
              if binary == "[kernel.kallsyms]"]  # fmt: skip
    assert "do_syscall_64" in kernel


def test_remarks_before_the_samples(read: Read) -> None:
    remarks = "# ========\n# perf version : 6.1.0\n# cmdline : /usr/bin/perf record -g ./app \n# ========\n#\n"
    profile = read(f"{remarks}app 5 1.5: 10 cycles:\n{MAIN}\n")
    assert (profile.origin.creator, profile.origin.command) == ("perf 6.1.0", "/usr/bin/perf record -g ./app")
    assert profile.origin.kind == "sampled"


def test_lines_that_are_nothing_are_told(read: Read) -> None:
    profile = read(f"app 5 1.5: 10 cycles:\n{MAIN}\nsomething else\n\napp 5 1.6: 10 cycles:\n{MAIN}")
    assert totals(profile) == {"cycles": 20}
    assert profile.notes == ("1 line left out that perf script does not write; the first is line 4",)


def test_samples_keep_their_order_in_time(read: Read) -> None:
    inner = "\t    200 work+0x4 (/usr/bin/app)\n"
    profile = read(
        f"app 5 1.5: 10 cycles:\n{inner}{MAIN}\napp 5 1.6: 7 cycles:\n{MAIN}\napp 5 1.7: 99 faults:\n{inner}{MAIN}\n"
    )
    tree = profile.parts[0].tree
    assert tree is not None
    assert tree.timeline is not None
    names = [profile.functions.name[function] for function in tree.function[tree.timeline.row].tolist()]
    assert list(zip(names, tree.timeline.start.tolist(), tree.timeline.end.tolist(), strict=True)) == [
        ("main", 0, 17), ("work", 0, 10),
    ]  # fmt: skip


@pytest.mark.parametrize("times", [("", ""), ("2.0: ", "1.0: ")])
def test_without_an_order_there_is_no_timeline(read: Read, times: tuple[str, str]) -> None:
    profile = read("".join(f"app 5 {time}10 cycles:\n{MAIN}\n" for time in times))
    tree = profile.parts[0].tree
    assert tree is not None
    assert tree.timeline is None
    assert totals(profile) == {"cycles": 20}


def test_a_file_of_other_records_alone_is_refused(read: Read) -> None:
    with pytest.raises(ProftuiError, match="holds no samples"):
        read("sh 5 1.5: PERF_RECORD_COMM exec: sh:5/5\nsh 5 1.6: PERF_RECORD_COMM exec: sh:5/5\n")


def test_long_frames_are_read_quickly(read: Read) -> None:
    """A minute's work if every run of blanks were tried from each of its blanks."""
    blanks = " " * 300_000
    profile = read(f"app 5 1.5: 10 cycles:\n{MAIN}\t   4100 a{blanks}b ({blanks}\n\t   4200 {blanks}\n{MAIN}")
    (stack,) = only(profile)
    assert stack[:2] == ("main [/usr/bin/app]", "[unknown]")
    assert len(stack) == 4


def test_a_crowd_of_threads_is_told_by_names_alone(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "MOST_PARTS", 2)
    profile = read("".join(f"app 5/{tid} 1.{tid}: 10 cycles:\n{MAIN}\n" for tid in range(1, 6)))
    assert [(part.label, part.tid, float(part.graph.totals[0])) for part in profile.parts] == [
        ("app 1 [5]", 1, 10), ("app 2 [5]", 2, 10), ("app", None, 30),
    ]  # fmt: skip
    assert profile.notes == ("more than 20,000 threads; further ones are shown by their names alone",)
    with pytest.raises(ProftuiError, match="names more than 4 threads"):
        read("".join(f"app{tid} 5 1.{tid}: 10 cycles:\n{MAIN}\n" for tid in range(1, 9)))
