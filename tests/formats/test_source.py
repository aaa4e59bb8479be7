"""Bytes from files, compressed or not, and one sentence when they cannot be had."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from proftui.errors import Cancelled, Malformed, ProftuiError
from proftui.formats.source import HEAD, Source

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CONTENT = bytes(range(256)) * 1000


@pytest.mark.parametrize(
    ("suffix", "compress"),
    [("", bytes), (".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress), (".zst", zstd.compress)],
)
def test_compression_is_seen_by_content(tmp_path: Path, suffix: str, compress: Callable[[bytes], bytes]) -> None:
    path = tmp_path / f"out.prof{suffix}"
    path.write_bytes(compress(CONTENT))
    source = Source(str(path))
    assert source.head == CONTENT[:HEAD]
    assert source.read() == CONTENT
    assert b"".join(source.chunks(1000)) == CONTENT
    assert source.name == "out.prof"


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress, zstd.compress])
def test_a_damaged_compressed_file_is_malformed(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    packed = compress(os.urandom(20_000))
    path = tmp_path / "cut"
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(Malformed, match="compressed data"):
        Source(str(path)).read()


def test_standard_input_can_be_read_more_than_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(gzip.compress(CONTENT))

        def isatty(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", Stdin())
    source = Source("-")
    assert source.head == CONTENT[:HEAD]
    assert source.read() == CONTENT


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProftuiError, match="no such file"):
        Source(str(tmp_path / "none")).read()
    with pytest.raises(ProftuiError, match="is a directory"):
        Source(str(tmp_path)).read()
    with pytest.raises(ProftuiError, match="cannot be opened"):
        Source("a\0b").read()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a POSIX thing")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ProftuiError, match="not a regular file"):
        Source(str(tmp_path / "pipe")).read()


def test_more_than_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(64 << 20)))
    with pytest.raises(Malformed, match="more than 8 MiB"):
        Source(str(path)).read(8 << 20)


def test_progress_reaches_one_and_can_cancel(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    seen: list[float] = []
    list(Source(str(path), seen.append).chunks(10_000))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0

    def cancel(share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        Source(str(path), cancel).read()
