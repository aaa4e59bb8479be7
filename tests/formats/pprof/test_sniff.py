"""What is pprof's is known by its content, and nothing else is."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from proftui.formats.pprof.sniff import sniff
from proftui.formats.registry import FORMATS
from proftui.formats.source import Source
from tests.formats.pprof.conftest import DATA

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[3] / "../shared/corpus"))
SAMPLES = sorted(path for path in DATA.iterdir() if path.suffix != ".json")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_one_format_claims_each_sample(path: Path, tmp_path: Path) -> None:
    packed = tmp_path / "unknown"
    packed.write_bytes(gzip.compress(b"".join(Source(str(path)).chunks())))
    for head in (Source(str(path)).head, Source(str(packed)).head):
        assert [known.name for known in FORMATS if known.sniff(head, "unknown")] == ["pprof"]


NO_PROFILES = [
    b"",
    b"\n",
    b"\n\nhello there\n",
    b"main;work 5\nmain 3\n",
    b"2 main;work 5\n",
    b"Hello World, this is text\n",
    b"pip\n",
    b"pip",
    b"hi",
    b"PK\x03\x04\x14\x00\x00\x00",
    b"\x7fELF\x02\x01\x01\x00",
    b"\x89PNG\r\n\x1a\n",
    b"SQLite format 3\x00",
    b"PERFILE2h\x00\x00\x00",
    b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00}.",
    b"MOJ\x01\x02",
    b"\x00" * 4096,
    b"\xff" * 4096,
    b"{" + b'"a": 1, ' * 50 + b"}",
    b"\x0a\x05hello\x0a\x05world",
]


@pytest.mark.parametrize("head", NO_PROFILES)
def test_what_is_no_profile(head: bytes) -> None:
    assert not sniff(head, "some.pb.gz")


def test_every_file_of_the_corpus() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the checkout")
    for entry in json.loads((CORPUS / "manifest.json").read_text())["files"]:
        if entry["path"].startswith("bad/") or not entry["bytes"]:
            continue
        claims = sniff(Source(str(CORPUS / entry["path"])).head, "unknown")
        assert claims == (entry["format"] == "pprof"), entry["path"]
