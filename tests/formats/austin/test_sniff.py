"""Austin's files are told by their content, and nothing else is taken for one."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from proftui.formats import load
from proftui.formats.austin import AUSTIN
from proftui.formats.registry import FORMATS
from proftui.formats.source import HEAD
from tests.formats.austin.conftest import DATA

AUSTINS = [
    b"# austin: 3.7.0\n# mode: wall\n",
    b"\xef\xbb\xbf# austin: 3.7.0\n",
    "# austin: 4.0.0\n# mode: cpu\n".encode("utf-16"),
    b"P1;T0:7;a.py:f:1 10\nP1;T0:7 3\r\n",
    b"P1;T7;a.py:f:1 10,0,-4\n",
    b"P1;T7;a.py:f:1 10\n" * HEAD,
    b"MOJ\x01\x01mode\0wall\0",
    b"MOJ\x04\x02",
]

OTHERS = [
    b"",
    b"MOJO is a dance\n",
    b"# mode: wall\n",
    b"main;f 3\nP1;T7;a.py:f:1 10\n",
    b"P1;T7;a.py:f:1\n",
    b"P1;main 3\n",
    b"process 1:\"x\";thread (1): x;f (a.py:1) 10\n",
    b"# comment\nmain;f 3\n",
]  # fmt: skip


@pytest.mark.parametrize("head", AUSTINS)
def test_austin(head: bytes) -> None:
    assert [known.name for known in FORMATS if known.sniff(head[:HEAD], "unknown")] == ["austin"]


@pytest.mark.parametrize("head", OTHERS)
def test_others(head: bytes) -> None:
    assert not AUSTIN.sniff(head, "busy.austin")


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_compressed_files_under_another_name(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "unknown"
    copy.write_bytes(gzip.compress(path.read_bytes()))
    assert load(copy).origin.format == "austin"
