"""The files in a zip archive (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT)."""

from __future__ import annotations

import io
import stat
import struct
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from proftui.errors import Malformed
from proftui.formats.archives.member import Budget, Member
from proftui.formats.source import Source

_MOST_AT_ONCE = 1 << 23
"""Bytes of an archive's table of contents, of some 60,000 files."""

_ENCRYPTED = 1


def sniff(head: bytes, name: str) -> bool:
    """Whether the bytes begin as a file in a zip archive, or as an archive of none."""
    del name
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def members(source: Source, budget: Budget) -> Iterator[Member]:
    """The regular files in an archive. Raises Malformed."""
    with closing(source.raw()) as raw:
        if not sniff(raw.read(4), source.name):
            raise Malformed("is a zip archive that is compressed once more; decompress it first")
        try:  # zipfile raises all of these on damaged tables
            archive = ZipFile(cast(BinaryIO, _Guarded(raw)))
        except (BadZipFile, struct.error, ValueError, OverflowError, NotImplementedError, OSError, EOFError):
            raise Malformed("the archive is damaged: its table of contents cannot be read") from None
        with archive:
            files = [entry for entry in archive.infolist() if _is_regular(entry)]
            if files and all(entry.flag_bits & _ENCRYPTED for entry in files):
                raise Malformed("its files are encrypted; unpack them with their password first")
            for number, entry in enumerate(files):
                if source.progress:
                    source.progress(number / len(files))
                budget.count()
                opened = partial(_opened, archive, entry)
                yield Member(source.path, entry.filename, opened, entry.file_size, budget)


def _opened(archive: ZipFile, entry: ZipInfo) -> BinaryIO:
    if entry.flag_bits & _ENCRYPTED:
        raise BadZipFile("the file is encrypted")
    return cast(BinaryIO, archive.open(entry))


def _is_regular(entry: ZipInfo) -> bool:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    return not entry.filename.endswith("/") and kind in (0, stat.S_IFREG)


class _Guarded(io.BufferedIOBase):
    """An archive that never gives more than _MOST_AT_ONCE: the table of contents is read at once, whatever its size."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def read(self, size: int | None = -1) -> bytes:
        most = _MOST_AT_ONCE + 1 if size is None or size < 0 else size
        if most > _MOST_AT_ONCE and len(content := self._raw.read(_MOST_AT_ONCE + 1)) > _MOST_AT_ONCE:
            raise Malformed("its table of contents is too large")
        return content if most > _MOST_AT_ONCE else self._raw.read(most)
