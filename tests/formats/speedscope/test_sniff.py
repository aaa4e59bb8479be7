"""speedscope's files are told by their content, and what belongs to other formats is left to them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from proftui.formats import load
from proftui.formats.source import HEAD
from proftui.formats.speedscope import SPEEDSCOPE
from tests.formats.speedscope.conftest import SCHEMA, document, sampled

LONG = [sampled([[0]] * HEAD, [1] * HEAD)]

SPEEDSCOPE_HEADS = [
    json.dumps({"$schema": SCHEMA}).encode(),
    b'\xef\xbb\xbf {"name": "x", "$schema" : "https://speedscope.app/file-format-schema.json"',
    json.dumps({"$schema": SCHEMA}).encode("utf-16"),
    json.dumps({"shared": {"frames": [{"name": "a"}]}, "profiles": LONG}).encode(),
    json.dumps({"shared": {"frames": [{"file": "a"}] * HEAD}}).encode(),
    json.dumps({"name": 'x "$schema"', "activeProfileIndex": None, "profiles": LONG, "$schema": SCHEMA}).encode(),
    json.dumps({"profiles": LONG, "$schema": SCHEMA}, sort_keys=False, indent=4).encode(),
    json.dumps({"profiles": [{"endValue": 3, "events": [{"at": 1}] * HEAD}]}).encode(),
]

OTHERS = [
    b"",
    b"{",
    b"{}",
    b"[" * HEAD,
    json.dumps(SCHEMA).encode(),
    json.dumps([{"$schema": SCHEMA}]).encode(),
    json.dumps({"traceEvents": [{"ph": "X", "name": "f", "ts": 1, "dur": 2}]}).encode(),
    json.dumps(
        {"file_info": {"files": {"a.py": [f'schema = {{"$schema": "{SCHEMA}"}}', 1]}}, "traceEvents": []}
    ).encode(),
    json.dumps({"nodes": [], "samples": [1, 2], "timeDeltas": [3, 4]}).encode(),
    json.dumps({"profiles": [{"name": "x", "samples": [1]}]}).encode(),
    json.dumps({"shared": {"libs": []}, "threads": []}).encode(),
    json.dumps({"meta": {"interval": 1}, "threads": [{"samples": []}]}).encode(),
    json.dumps({"x" * HEAD: 1}).encode(),
    b'{"' + b"\\" * HEAD,
]


@pytest.mark.parametrize("head", SPEEDSCOPE_HEADS)
def test_speedscope(head: bytes) -> None:
    assert SPEEDSCOPE.sniff(head[:HEAD], "unknown")


@pytest.mark.parametrize("head", OTHERS)
def test_other(head: bytes) -> None:
    assert not SPEEDSCOPE.sniff(head[:HEAD], "x.speedscope.json")


def test_compressed_with_the_schema_last(tmp_path: Path) -> None:
    content = document(*LONG)
    content["$schema"] = content.pop("$schema")
    path = tmp_path / "unknown"
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
    assert load(path).parts[0].graph.totals.tolist() == [HEAD]
