"""What people try and cannot be read is called by its name, with what makes a profile of it."""

from __future__ import annotations

import json
import pickle
import py_compile
import sqlite3
import struct
from pathlib import Path

import pytest

from proftui.errors import UnknownFormat
from proftui.formats import load
from proftui.formats.foreign import NO_KNOWN_JSON, UNKNOWN, told

PRINTED = """         27 function calls (25 primitive calls) in 0.000 seconds

   Ordered by: cumulative time

   ncalls  tottime  percall  cumtime  percall filename:lineno(function)
        1    0.000    0.000    0.000    0.000 {built-in method builtins.exec}
"""
LINES = """Total time: 0.01 s
File: a.py
Function: f at line 1

Line #      Hits         Time  Per Hit   % Time  Line Contents
"""
ELF = b"\x7fELF\x02\x01\x01" + bytes(9)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PERFILE2" + bytes(90), "'perf script -i unknown > out.perf.txt'"),
        (b"FLR\0\0\2\0\0", "'jfrconv unknown out.collapsed'"),
        (b"JAVA PROFILE 1.0.2\0\0\0", "a dump of Java's heap"),
        (b"gmon\1\0\0\0" + bytes(12), "gprof's gmon.out"),
        (b"NVR\0\x10\0\0\0", "NVIDIA Nsight Compute"),
        (b"MMPD\x09\0\0\0", "'crox unknown'"),
        (ELF + struct.pack("<H", 4), "core dump"),
        (ELF + struct.pack("<H", 3), "a program, not a profile"),
        (pickle.dumps({"a": 1}), "nothing in it was run"),
        (b"\x89PNG\r\n\x1a\n", "a picture or a document"),
        (PRINTED.encode(), "'python -m cProfile -o out.prof ...'"),
        (LINES.encode(), "'kernprof -l'"),
        (b"desc: --time-unit=ms\ncmd: ./a\ntime_unit: i\n#-----------\n", "'ms_print unknown'"),
        (b"# To display the perf.data header info, please use\n#\n# Samples: 2K\n", "'perf script > out.perf.txt'"),
        (b"<!DOCTYPE html>\n<html><title>memray - flamegraph</title>", "memray made of its capture"),
        (b"<html><head><title>speedscope</title>", "speedscope's page"),
        (b"<!doctype html><script>const pyinstrumentHTMLRenderer", "'pyinstrument -r session"),
        (b"<!-- a --><html><p>Hello", "a web page"),
        (b'<?xml version="1.0"?><!-- a --><svg><rect/></svg>', "no flame graph whose boxes have titles"),
        (b"import os\n\nprint(os.name)\n", "'proftui run unknown' profiles it"),
        (b"#!/usr/bin/env python3\nprint(1)\n", "'proftui run unknown' profiles it"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "an archive of a kind that is not read"),
        (json.dumps({"a": [1]}).encode(), NO_KNOWN_JSON),
        (b"[1, 2]", NO_KNOWN_JSON),
        (json.dumps({"nodes": [], "startTime": 1, "endTime": 2, "samples": []}).encode(), "CPU profile of V8"),
        (json.dumps({"dhatFileVersion": 2, "mode": "heap"}).encode(), "dh_view.html"),
        (json.dumps({"meta": {}, "files": {}, "totals": {}}).encode(), "coverage.py"),
        (json.dumps({"context": {}, "benchmarks": []}).encode(), "Google Benchmark"),
        (b"[build-system]\nrequires = []\n", UNKNOWN),
        (b"Dear diary, nothing ran today.\n", UNKNOWN),
        (bytes(range(255, 0, -1)), UNKNOWN),
    ],
)  # fmt: skip
def test_what_it_is(content: bytes, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("unknown").write_bytes(content)
    with pytest.raises(UnknownFormat) as refused:
        load("unknown")
    assert words in str(refused.value)
    assert str(refused.value).startswith("unknown: ")


def test_compiled_python(tmp_path: Path) -> None:
    source = tmp_path / "a.py"
    source.write_text("x = 1\n")
    compiled = tmp_path / "compiled"
    py_compile.compile(str(source), str(compiled), doraise=True)
    with pytest.raises(UnknownFormat, match="is compiled Python"):
        load(compiled)


def test_databases(tmp_path: Path) -> None:
    path = tmp_path / "unknown"
    with sqlite3.connect(path) as base:
        base.execute("create table a (b)")
    base.close()
    with pytest.raises(UnknownFormat, match="is an SQLite database"):
        load(path)
    with sqlite3.connect(path) as base:
        base.execute("create table coverage_schema (version integer)")
    base.close()
    with pytest.raises(UnknownFormat, match=r"data of coverage\.py"):
        load(path)


def test_a_name_counts_only_for_binary_files() -> None:
    assert "Nsight Systems" in told("a.nsys-rep", b"\1\0\2\0", ())
    assert "PerfView" in told("a.etl", b"\0\0\1\0", ())
    assert told("a.nsys-rep", b"What I did today\n", ()) == UNKNOWN


def test_the_command_can_be_pasted() -> None:
    assert "-i 'a b;c.data' >" in told("a b;c.data", b"PERFILE2", ())


def test_a_command_names_no_file_where_there_was_none() -> None:
    assert "'perf script -i FILE > out.perf.txt'" in told("-", b"PERFILE2" + bytes(90), ())
