"""Every valid file is recognised by one format alone, whatever its name, and compressed too."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from proftui.errors import ProftuiError
from proftui.formats import FORMATS, Source, detect
from proftui.formats.archives import archive_of

CORPUS = Path(os.environ.get("PROFTUI_CORPUS", Path(__file__).parents[2] / "../shared/corpus"))
MISSING = pytest.mark.skip(reason="the corpus is not beside the checkout")
DATA = Path(__file__).parents[1] / "data"

NO_PROFILES = ("README.md",)

LEFT_EMPTY = ("made/callgrind/callgrind.out.threads_separate",)
"""valgrind leaves it beside the dumps of threads."""

EXPECTED: Mapping[str, frozenset[str]] = {
    "prof": frozenset(("pstats",)),
    "callgrind": frozenset(("callgrind",)),
    "kgrind": frozenset(("callgrind",)),
    "xdebug": frozenset(("callgrind",)),
    "folded": frozenset(("folded",)),
    "speedscope": frozenset(("speedscope",)),
    "trace": frozenset(("trace",)),
    "pprof": frozenset(("pprof",)),
    "pyinstrument": frozenset(("pyinstrument",)),
    "lprof": frozenset(("lprof",)),
    "memray": frozenset(("memray",)),
    "mprof": frozenset(("mprof",)),
    "tracemalloc": frozenset(("tracemalloc",)),
    "austin": frozenset(("austin",)),
    "perf": frozenset(("perf",)),
}
"""The names of our formats for those of the corpus; Tachyon writes those of others as well."""


@lru_cache(1)
def entries() -> list[dict[str, Any]]:
    if not CORPUS.is_dir():
        return []
    listed: list[dict[str, Any]] = json.loads((CORPUS / "manifest.json").read_text())["files"]
    return [entry for entry in listed if not entry["path"].startswith("bad/") and entry["path"] not in LEFT_EMPTY]


def corpus() -> list[Any]:
    if not entries():
        return [pytest.param({}, marks=MISSING, id="corpus")]
    return [pytest.param(entry, id=entry["path"]) for entry in entries()]


def samples() -> list[Any]:
    """The files that the tests of formats ship, of a folder for each format."""
    known = {known.name for known in FORMATS}
    return [
        pytest.param(path, id=f"{path.parent.name}/{path.name}")
        for path in sorted(DATA.glob("*/*"))
        if path.is_file() and path.parent.name in known and path.name not in NO_PROFILES and path.stat().st_size
    ]


def claimants(path: Path, name: str) -> list[str]:
    """The formats that recognise a file by its first bytes or, where none does, by the members of its JSON."""
    source = Source(str(path))
    sniffing = [known.name for known in FORMATS if known.sniff(source.head, name)]
    if sniffing:
        return sniffing
    try:
        members = msgspec.json.decode(source.read(), type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []
    return [known.name for known in FORMATS if known.claims is not None and known.claims(members)]


def assert_one_claims(path: Path, tmp_path: Path) -> str:
    """The name of the one format that recognises a file, under its own name, under none, and compressed."""
    content = Source(str(path)).read()
    unknown, packed = tmp_path / "unknown", tmp_path / "packed"
    unknown.write_bytes(content)
    packed.write_bytes(gzip.compress(content, 1))
    (name,) = claimants(path, path.name)
    for file in (unknown, packed):
        assert claimants(file, "unknown") == [name]
        assert detect(Source(str(file))).name == name
    return name


@pytest.mark.parametrize("entry", corpus())
def test_one_format_recognises_each_valid_file(entry: dict[str, Any], tmp_path: Path) -> None:
    name = assert_one_claims(CORPUS / entry["path"], tmp_path)
    assert name in EXPECTED.get(entry["format"], {name})


@pytest.mark.parametrize("path", samples())
def test_one_format_recognises_each_sample(path: Path, tmp_path: Path) -> None:
    try:
        assert detect(Source(str(path))).name
    except ProftuiError:
        pytest.skip("a sample of what cannot be read")
    assert_one_claims(path, tmp_path)


def test_no_profile_is_taken_for_an_archive() -> None:
    for entry in entries():
        assert archive_of(Source(str(CORPUS / entry["path"]))) is None, entry["path"]


def test_every_format_has_a_name_of_its_own() -> None:
    names = [known.name for known in FORMATS]
    assert len(set(names)) == len(names)
    assert all(known.title and all(suffix.startswith(".") for suffix in known.suffixes) for known in FORMATS)


@pytest.mark.parametrize("content", [b"", b"\n", b"\0", b"{}", b"[]", b"{", b"<svg>", b"\xff\xfe", b"\x80\x04.", b"#"])
def test_nothing_is_no_profile(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "unknown"
    path.write_bytes(content)
    with pytest.raises(ProftuiError):
        detect(Source(str(path)))
