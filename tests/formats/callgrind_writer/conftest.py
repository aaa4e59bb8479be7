"""Readers of callgrind files beside proftui: KCachegrind's rules by hand, its cgview, callgrind_annotate."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from proftui.formats import ReadOptions, Source
from proftui.formats.callgrind import CALLGRIND
from proftui.model import Profile

Key = tuple[str, str, str]


@dataclass
class KCachegrind:
    """What libcore's loader and its TracePartFunction::update make of a file, cycle detection off.

    A key is (name, base name of the file, base name of the object). Costs are of the first event.
    """

    self_cost: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    arcs: dict[tuple[Key, Key], list[int]] = field(default_factory=dict)
    functions: set[Key] = field(default_factory=set)
    totals: list[int] = field(default_factory=list)
    header: list[str] = field(default_factory=list)

    def called(self, key: Key) -> int:
        return sum(calls for (_, callee), (calls, _) in self.arcs.items() if callee == key)

    def inclusive(self) -> dict[Key, int]:
        called: dict[Key, int] = defaultdict(int)
        incoming: dict[Key, int] = defaultdict(int)
        outgoing: dict[Key, int] = defaultdict(int)
        for (caller, callee), (calls, cost) in self.arcs.items():
            called[callee] += calls
            if caller != callee:
                incoming[callee] += cost
                outgoing[caller] += cost
        return {
            key: incoming[key] if called[key] else self.self_cost[key] + outgoing[key]
            for key in self.functions
        }  # fmt: skip


def kcachegrind(data: bytes) -> KCachegrind:
    """Reads `data`; an assertion fails on any line that KCachegrind would complain about."""
    seen = KCachegrind()
    names: dict[tuple[str, str], str] = {}
    at = dict.fromkeys(("ob", "fl", "own fl", "cob", "cfl", "fn", "cfn"), "")
    key: Key | None = None
    calls: int | None = None
    mapping = False
    assert b"\0" not in data  # KCachegrind's line reader never gets past one
    for raw in data.split(b"\n"):
        line = raw.decode("utf-8", "surrogateescape")
        if not line or line.startswith("#"):
            continue
        if spec := re.match(r"(c?ob|c?fl|c?fi|fe|c?fn)=(.*)", line, re.DOTALL):
            kind, text = spec.groups()
            space = {"b": "ob", "n": "fn"}.get(kind[-1], "fl") if kind != "fe" else "fl"
            compressed = re.match(r"\((\d+)\)\s*(.*)", text, re.DOTALL)
            assert compressed, line
            if compressed[2]:
                assert names.setdefault((space, compressed[1]), compressed[2]) == compressed[2], "redefined"
            name = names[space, compressed[1]]
            if kind.startswith("c"):
                at[f"c{space}"] = name
            else:
                at[space] = name
            if kind == "fl":
                at["own fl"] = name
            if kind == "fn":
                at["fl"] = at["own fl"]
                key = _key(name, at["fl"], at["ob"])
                seen.functions.add(key)
            continue
        if line.startswith("calls="):
            calls = int(line[6:].split()[0])
            continue
        if re.match(r"\d", line):
            assert mapping
            assert key
            cost = int(line.split()[1])
            if calls is None:
                seen.self_cost[key] += cost
            else:
                callee = _key(at["cfn"], at["cfl"] or at["fl"], at["cob"] or at["ob"])
                seen.functions.add(callee)
                arc = seen.arcs.setdefault((key, callee), [0, 0])
                arc[0] += calls
                arc[1] += cost
                calls, at["cfl"], at["cob"] = None, "", ""
            continue
        word, colon, value = line.partition(":")
        assert colon, line
        assert word in {
            "version", "creator", "pid", "cmd", "part", "thread", "desc", "positions", "event", "events", "summary",
            "totals",
        }, line  # fmt: skip
        seen.header.append(line)
        mapping = mapping or word == "events"
        if word in ("summary", "totals"):
            assert mapping
            seen.totals.append(int(value.split()[0]))
    return seen


def _key(name: str, file: str, named: str) -> Key:
    blank = {"???": ""}
    return (
        blank.get(name, name),
        blank.get(file, file).rpartition("/")[2],
        blank.get(named, named).rpartition("/")[2],
    )


def annotate(path: Path, *, inclusive: bool = False, event: str = "") -> tuple[int, dict[str, int]]:
    """(total, cost by "file:function [object]") as callgrind_annotate gives them, of the first or the named event.

    It must not complain. It runs in another directory, as it cuts the current one off file names.
    """
    command = ["callgrind_annotate", "--threshold=100", "--show-percs=no", "--auto=no"]
    command += [f"--inclusive={'yes' if inclusive else 'no'}"]
    command += [f"--sort={event}", f"--show={event}"] if event else []
    done = subprocess.run([*command, str(path)], capture_output=True, cwd="/", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    text = done.stdout.decode("utf-8", "surrogateescape")
    total = re.search(r"^ *([0-9,]+|\.) .*PROGRAM TOTALS", text, re.MULTILINE)
    assert total
    table = text.partition("file:function\n")[2].partition("\n")[2]
    rows = [re.match(r" *([0-9,]+|\.) (?: *(?:[0-9,]+|\.) )* (.*)", row) for row in table.split("\n") if row]
    return _number(total[1]), {row[2]: _number(row[1]) for row in rows if row}


def _number(text: str) -> int:
    return 0 if text == "." else int(text.replace(",", ""))


def cgview(path: Path) -> dict[str, tuple[int, int, int]]:
    """(inclusive, self, calls) by "name (object)" of the 50 largest, as KCachegrind gives them without cycles."""
    done = subprocess.run(["cgview", "-n", str(path)], capture_output=True, check=True)
    complaints = [
        line
        for line in done.stderr.split(b"\n")
        if line and not line.startswith(b"Loading") and b" loaded." not in line
    ]
    assert complaints == []
    text = done.stdout.decode("utf-8", "surrogateescape").partition("====\n")[2]
    rows: dict[str, tuple[int, int, int]] = {}
    for line in text.split("\n"):
        if line:
            inclusive, own, calls = (int(line[at:end].replace(" ", "")) for at, end in ((0, 14), (14, 28), (28, 41)))
            rows[line[43:]] = (inclusive, own, calls)
    return rows


@pytest.fixture(name="kcachegrind")
def kcachegrind_fixture() -> Callable[[bytes], KCachegrind]:
    return kcachegrind


@pytest.fixture(name="annotate")
def annotate_fixture() -> Callable[..., tuple[int, dict[str, int]]]:
    if not shutil.which("callgrind_annotate"):
        pytest.skip("callgrind_annotate (of valgrind) is not installed")
    return annotate


@pytest.fixture(name="cgview")
def cgview_fixture() -> Callable[[Path], dict[str, tuple[int, int, int]]]:
    if not shutil.which("cgview"):
        pytest.skip("cgview (KCachegrind's console program) is not installed")
    return cgview


@pytest.fixture
def read_back(tmp_path: Path) -> Callable[[bytes], Profile]:
    """Reads a file of these bytes, comments and all."""

    def read(data: bytes) -> Profile:
        path = tmp_path / "read_back.kgrind"
        path.write_bytes(data)
        return CALLGRIND.read(Source(str(path)), ReadOptions())

    return read
