"""memray's captures show what memray does; what happens to its reader happens to no one else."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from proftui.errors import Cancelled, Malformed, ProftuiError
from proftui.formats import FORMATS, load
from proftui.formats.memray import MEMRAY, process, reader
from proftui.formats.memray.capture import capture_of
from proftui.model import Part, Profile
from tests.formats.memray.conftest import DATA, PROGRAM, loaded, needs_memray

KIB = 1024

TOTALS = {
    "peak": 2909267, "peak allocations": 50, "leaked": 860952, "leaked allocations": 48,
    "temporary": 3455116, "temporary allocations": 58,
}  # fmt: skip
"""The sums over the records that memray.FileReader of memray 1.20 has of tests/data/memray/allocating.bin."""


def cost_of(profile: Profile, part: Part, name: str, file: str = "allocating.py") -> dict[str, float]:
    """The self costs of a function in a part, by metric."""
    function = profile.functions.identities().index((name, file, -1, ""))
    row = part.graph.row_of(function)
    assert row is not None
    return {profile.metrics[metric].name: float(part.graph.self_cost[metric, row]) for metric in part.metrics}


def totals(profile: Profile) -> dict[str, float]:
    """The totals of all parts, by metric."""
    sums = np.sum([part.graph.totals for part in profile.parts], axis=0)
    return {metric.name: float(total) for metric, total in zip(profile.metrics, sums, strict=True)}


@needs_memray
def test_figures_known_by_hand() -> None:
    profile = loaded(DATA / "allocating.bin")
    main, *workers = profile.parts
    assert [part.label for part in profile.parts] == ["main thread", "worker 300", "worker 500"]
    assert [part.tid for part in profile.parts] == [1, 2, 3]
    assert len({part.pid for part in profile.parts}) == 1
    # a bytearray of n takes n + 1; the ten of 64 KiB were freed at once, and so was the last one
    assert cost_of(profile, main, "leaf") == {
        "peak": 2000 * KIB + 1, "peak allocations": 1, "leaked": 0, "leaked allocations": 0,
        "temporary": 2000 * KIB + 1, "temporary allocations": 1,
    }  # fmt: skip
    for worker, kept in zip(workers, (300 * KIB + 1, 500 * KIB + 1), strict=True):
        assert cost_of(profile, worker, "leaf") == {
            "peak": kept, "peak allocations": 1, "leaked": kept, "leaked allocations": 1,
            "temporary": 10 * (64 * KIB + 1), "temporary allocations": 10,
        }  # fmt: skip
    assert profile.check() == []


@needs_memray
def test_totals_are_those_of_memray() -> None:
    profile = loaded(DATA / "allocating.bin")
    assert profile.origin.kind == "traced"
    assert profile.origin.command.endswith("-o allocating.bin allocating.py")
    assert totals(profile) == TOTALS


@needs_memray
def test_stacks_are_whole() -> None:
    profile = loaded(DATA / "allocating.bin")
    tree = profile.parts[1].tree
    assert tree is not None
    row = int(tree.self_cost[0].argmax())
    path = []
    while row >= 0:
        path.append((profile.functions.name[tree.function[row]], int(tree.frames.line[tree.frame[row]])))
        row = int(tree.parent[row])
    assert path[:3] == [("leaf", 14), ("keep", 18), ("work", 24)]
    assert [name for name, _ in path[3:]] == ["run", "_bootstrap_inner", "_bootstrap"]


def test_memory_over_time(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshots = [1_700_000_000_000, 5000, 100, 1_700_000_000_250, 6000, 300]
    monkeypatch.setattr(reader, "answer_of", lambda source: answer(snapshots=snapshots))
    resident, heap = load(DATA / "allocating.bin").series
    assert (resident.label, heap.label) == ("resident memory", "memory on the heap")
    assert resident.seconds.tolist() == heap.seconds.tolist() == [0, 0.25]
    assert resident.value.tolist() == [5000, 6000]
    assert heap.value.tolist() == [100, 300]


@needs_memray
def test_aggregated_captures_tell_nothing_of_temporary_allocations() -> None:
    profile = loaded(DATA / "aggregated.bin")
    assert [metric.name for metric in profile.metrics] == ["peak", "peak allocations", "leaked", "leaked allocations"]
    assert "an aggregated capture does not tell which allocations were temporary" in profile.notes
    kept = {part.label: cost_of(profile, part, "leaf")["leaked"] for part in profile.parts[1:]}
    assert kept == {"worker 300": 300 * KIB + 1, "worker 500": 500 * KIB + 1}
    assert totals(profile)["peak"] == TOTALS["peak"]


@needs_memray
@pytest.mark.timeout(60)
def test_native_frames_and_memrays_own_report(tmp_path: Path) -> None:
    capture = tmp_path / "unknown"
    run = [sys.executable, "-m", "memray"]
    subprocess.run([*run, "run", "--native", "-q", "-o", str(capture), str(PROGRAM)], check=True)
    subprocess.run([*run, "stats", "--json", "-o", str(tmp_path / "stats.json"), str(capture)], check=True)
    profile = load(capture)
    peak = json.loads((tmp_path / "stats.json").read_text())["metadata"]["peak_memory"]
    assert totals(profile)["peak"] == peak
    assert any("native" in note for note in profile.notes)
    assert [part.label for part in profile.parts[1:]] == ["worker 300", "worker 500"]
    keep = profile.parts[1].graph.row_of(profile.functions.name.index("keep"))
    assert keep is not None
    assert profile.parts[1].graph.inclusive[0, keep] == 300 * KIB + 1
    tree = profile.parts[1].tree
    assert tree is not None
    row = int(tree.self_cost[0].argmax())
    names = []
    while row >= 0:
        names.append(profile.functions.name[tree.function[row]])
        row = int(tree.parent[row])
    # what allocates is the interpreter itself, below the Python function
    assert names.index("leaf") > 0
    assert names.index("leaf") < names.index("keep") < names.index("work")


@needs_memray
def test_compressed_and_piped_captures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "unknown"
    packed.write_bytes(gzip.compress((DATA / "allocating.bin").read_bytes()))
    assert totals(loaded(packed))["peak"] == TOTALS["peak"]
    piped = SimpleNamespace(buffer=io.BytesIO((DATA / "allocating.bin").read_bytes()), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", piped)
    assert totals(loaded("-"))["peak"] == TOTALS["peak"]


@needs_memray
def test_captures_of_forks_are_counted(tmp_path: Path) -> None:
    data = (DATA / "allocating.bin").read_bytes()
    for name in ("a.bin", "a.bin.12", "a.bin.345", "a.bin.txt", "ab.bin.6"):
        (tmp_path / name).write_bytes(data)
    assert any(note.startswith("2 captures of forked processes") for note in loaded(tmp_path / "a.bin").notes)
    assert not any("forked" in note for note in loaded(tmp_path / "a.bin.12").notes)


@needs_memray
def test_older_versions_are_refused_by_number() -> None:
    with pytest.raises(
        Malformed, match=r"version10.bin: is a capture of version 10, which memray 1\.[0-9.]+, installed"
    ):
        load(DATA / "version10.bin")


@needs_memray
def test_damage(tmp_path: Path) -> None:
    path = tmp_path / "unknown"
    path.write_bytes((DATA / "allocating.bin").read_bytes()[:300])
    with pytest.raises(Malformed, match=r"memray 1\.[0-9.]+ cannot read it"):
        loaded(path)


def test_without_memray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "find_spec", lambda name: None)
    with pytest.raises(ProftuiError) as refused:
        load(DATA / "allocating.bin")
    assert str(refused.value).endswith(
        'is a capture of memray, which is needed to read it: pip install "proftui[memray]"'
    )


@pytest.mark.skipif(sys.platform == "win32", reason="memray is not there on Windows")
def test_a_child_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "find_spec", lambda name: name)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(ProftuiError, match=r"allocating.bin: cannot be handed to memray: no such file or directory"):
        load(DATA / "allocating.bin")


@needs_memray
def test_the_child_leaves_the_network_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "child.py"
    child.write_text('import os; print(\'{"error": "version", "memray": "%s"}\' % os.environ.get(\'DEBUGINFOD_URLS\'))')
    monkeypatch.setattr(process, "_CHILD", child)
    monkeypatch.setenv("DEBUGINFOD_URLS", "https://example.org")
    with pytest.raises(Malformed, match="memray None"):
        load(DATA / "allocating.bin")


CHILDREN = {
    "that crashes": ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed on it"),
    "that has no more time": ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "took too long"),
    "that says nothing": ("", "broke off"),
    "that says half a line": ("print('{', end='')", "broke off"),
    "that says no JSON": ("print('{')", "broke off"),
    "that says less than it tells": ('print(\'{"error": "memory"}\')', "more memory"),
    "that never ends": ("import time; time.sleep(60)", "took too long"),
    "that works without end": ("while True: pass", "took too long"),
    "that never stops talking": ("while True: print('x' * 1000, end='')", "more than"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="memray is not there on Windows")
@pytest.mark.timeout(30)
@pytest.mark.parametrize(("code", "said"), CHILDREN.values(), ids=CHILDREN.keys())
def test_a_child(code: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "child.py"
    child.write_text(code)
    monkeypatch.setattr(process, "_CHILD", child)
    monkeypatch.setattr(process, "find_spec", lambda name: name)
    monkeypatch.setattr(process, "SECONDS", 0.05)
    monkeypatch.setattr(process, "MOST_BYTES", 100_000)
    with pytest.raises(Malformed, match=said):
        load(DATA / "allocating.bin")


@pytest.mark.skipif(sys.platform == "win32", reason="memray is not there on Windows")
@pytest.mark.timeout(30)
def test_reading_can_be_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child, pid = tmp_path / "child.py", tmp_path / "pid"
    child.write_text(f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    monkeypatch.setattr(process, "_CHILD", child)
    monkeypatch.setattr(process, "find_spec", lambda name: name)

    def progress(share: float) -> None:
        if pid.exists() and pid.read_text():
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        load(DATA / "allocating.bin", progress=progress)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def answer(**changes: object) -> bytes:
    """What the child says of one thread that allocated once, in one function."""
    columns: dict[str, Any] = {"frames": [0, 1, 7], "rows": [0, -1, 0], "records": [0, 0, 64, 2], "snapshots": []}
    header: dict[str, Any] = {
        "memray": "1", "pid": 1, "main_thread": 1, "command": "", "allocator": "malloc", "native": False,
        "traces_allocators": False, "peak": 64, "kinds": ["high_watermark"], "threads": [[1, ""]],
        "texts": ["f", "a.py"],
    }  # fmt: skip
    columns.update({key: value for key, value in changes.items() if key in columns})
    header.update({key: value for key, value in changes.items() if key in header})
    header["columns"] = {name: len(column) for name, column in columns.items()}
    sizes = {"frames": np.int32, "rows": np.int32, "records": np.int64, "snapshots": np.int64}
    content = b"".join(np.array(column, sizes[name]).tobytes() for name, column in columns.items())
    return json.dumps(header).encode() + b"\n" + content


def test_a_sound_answer() -> None:
    assert capture_of(answer()).records.tolist() == [[0], [0], [64], [2]]


UNSOUND = {
    "a text that is not there": {"frames": [0, 2, 7]},
    "a line below zero": {"frames": [0, 1, -1]},
    "a thread that is not there": {"rows": [1, -1, 0]},
    "a frame that is not there": {"rows": [0, -1, 1]},
    "a caller that is itself": {"rows": [0, 0, 0]},
    "a caller below -1": {"rows": [0, -2, 0]},
    "a caller in another thread": {"rows": [0, -1, 0, 1, 0, 0], "threads": [[1, ""], [2, ""]]},
    "a kind that is not there": {"records": [1, 0, 64, 2]},
    "a row that is not there": {"records": [0, 1, 64, 2]},
    "bytes below zero": {"records": [0, 0, -64, 2]},
    "more allocations than can be": {"records": [0, 0, 64, 2**60]},
    "kinds in another order": {"kinds": ["leaked"]},
    "half a row": {"rows": [0, -1]},
}


@pytest.mark.parametrize("changes", UNSOUND.values(), ids=UNSOUND.keys())
def test_unsound_answers(changes: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        capture_of(answer(**changes))


def test_only_one_format_claims_a_sample() -> None:
    for path in DATA.glob("*.bin"):
        assert [known for known in FORMATS if known.sniff(path.read_bytes(), "unknown")] == [MEMRAY]


def test_nothing_of_memray_comes_into_this_process() -> None:
    code = "import sys; from proftui.formats import load; load(sys.argv[1]); print('memray' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code, str(DATA / "allocating.bin")], capture_output=True, text=True)
    assert ran.stdout.strip() == "False" or "is a capture of" in ran.stderr
