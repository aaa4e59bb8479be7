"""What perf script prints is told by its content, and nothing else is taken for it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from proftui.formats import load
from proftui.formats.perf import PERF
from proftui.formats.registry import FORMATS
from tests.formats.perf.conftest import DATA

SCRIPTS = [
    b"app 5 1.5: cycles:\n\t    100 main+0x4 (/usr/bin/app)\n",
    b"# ========\n# captured on: today\n#\napp 5/5 [000] 1.5: 10 cycles:u:\n\t   4100 main\n",
    b"java 19983 cycles:\nffffffff8103d0ca native_write_msr_safe ([kernel.kallsyms])\n",
    b"         python3 24354  2296.579424:    2000000 cpu-clock:  ffffffff81b9810d f+0x4d ([kernel.kallsyms])\n",
    b"sh 5 1.5: PERF_RECORD_COMM exec: sh:5/5\nsh 5 1.6: PERF_RECORD_EXIT(5:5):(4:4)\n",
    b"a 1 [000] 1.5: sched:sched_switch: prev_comm=a\na 1 [000] 1.6: sched:sched_switch: prev_comm=b\n",
]

OTHERS = [
    b"",
    b"PERFILE2h\0\0\0\0\0\0\0",
    b"\x7fELF",
    b"main;f 3\nmain;g 4\n",
    b"# app 5 1.5: cycles:\n",
    b"the quick brown fox\napp 5 1.5: cycles:\n\t    100 main+0x4 (/usr/bin/app)\n",
    b"2026-11-21 10:00:00 app 5 1.5: cycles:\nan error\n",
    b"events: Ir\nfn=main\n1 2\n",
    b"mprof 1 2.5\n",
    b"heap profile: 36: 708720 [19745: 60939864] @ heap/8192\n1: 66 [1: 66] @ 0x4b9cef 0x4bf319\n",
    b"a 1 cycles: x\nb 1 cycles: y\n",
]


@pytest.mark.parametrize("head", SCRIPTS)
def test_perf_script(head: bytes) -> None:
    assert [known.name for known in FORMATS if known.sniff(head, "unknown")] == ["perf"]


@pytest.mark.parametrize("head", OTHERS)
def test_others(head: bytes) -> None:
    assert not PERF.sniff(head, "out.perf")


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_compressed_files_under_another_name(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "unknown"
    copy.write_bytes(gzip.compress(path.read_bytes()))
    assert load(copy).origin.format == "perf"
