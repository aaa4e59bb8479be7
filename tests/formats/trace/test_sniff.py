"""Traces are told by their content, and what belongs to other formats is left to them."""

from __future__ import annotations

import json

import pytest

from proftui.formats import FORMATS
from proftui.formats.source import HEAD
from proftui.formats.trace import TRACE
from tests.formats.trace.conftest import DATA, begin, call

HEADS = [
    json.dumps([call("f", 0, 1)] * 2000).encode(),
    json.dumps([begin("f", 0)], indent=2).encode(),
    b'\n [ {"args":{"name":"ph"},"name":"process_name","ph":"M","pid":1',
    b'\xef\xbb\xbf[{"cat": "x", "ph": "B"',
    json.dumps([call("f", 0, 1)]).encode("utf-16"),
    json.dumps({"traceEvents": []}).encode(),
    json.dumps({"displayTimeUnit": "ns", "otherData": {"a": [1]}, "traceEvents": [call("f", 0, 1)] * 9999}).encode(),
]

OTHERS = [
    b"", b"[", b"[]", b"{}", b"[[", b'"traceEvents"', b"[" * HEAD, b'[{"' + b"\\" * HEAD,
    json.dumps({"x": {"traceEvents": []}}).encode(),
    json.dumps({"x": '"traceEvents": ['}).encode(),
    json.dumps([{"phase": "X", "name": "ph"}]).encode(),
    json.dumps([{"args": {"ph": "X"}, "name": "f"}]).encode(),
    json.dumps([{"ph": 7.0, "acid": True}]).encode(),
    json.dumps({"ph": "X", "name": "f", "ts": 1}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("head", HEADS)
def test_trace(head: bytes) -> None:
    assert TRACE.sniff(head[:HEAD], "unknown")


@pytest.mark.parametrize("head", OTHERS)
def test_other(head: bytes) -> None:
    assert not TRACE.sniff(head[:HEAD], "x.trace.json")


def test_no_other_format_takes_the_samples() -> None:
    for path in (path for path in DATA.iterdir() if path.suffix == ".json"):
        head = path.read_bytes()[:HEAD]
        assert [known.name for known in FORMATS if known.sniff(head, "unknown")] == ["trace"]
