"""The files in a tar archive (https://www.gnu.org/software/tar/manual/html_node/Standard.html, and pax: POSIX).

Archives are read from front to back, as they may be compressed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from proftui.errors import Malformed
from proftui.formats.archives.member import Budget, Member
from proftui.formats.source import HEAD, Source

MOST_MEMBER = 1 << 29
"""Bytes of a file that is held in memory."""

_BLOCK = 512
_MOST_NAME = 1 << 20
_SIZE = 1 << 20

_OCTAL = re.compile(rb"[ \0]*([0-7]*)[ \0]*")
_RECORD = re.compile(rb"[0-9]{1,20} (path|size)=([^\n]*)\n")

_REGULAR, _LONG_NAME, _PAX, _SPARSE = b"0\x007", b"L", b"x", b"S"
_WITHOUT_CONTENT = b"123456"
"""Links, devices, folders and pipes."""


class _Header(NamedTuple):
    name: bytes
    size: int
    kind: bytes
    extended: bool


def sniff(head: bytes, name: str) -> bool:
    """Whether the bytes begin with the header of a file, whose sum is right."""
    del name
    return len(head) >= _BLOCK and head[0] != 0 and _header(head[:_BLOCK]) is not None


def members(source: Source, budget: Budget, wanted: Callable[[bytes, str], bool]) -> Iterator[Member]:
    """The regular files in an archive; only the first HEAD bytes of those that, from these, are not `wanted`.

    Raises Malformed.
    """
    stream = _Stream(source, budget)
    name, size = b"", -1
    while (header := stream.header()) is not None:
        if header.kind == _LONG_NAME:
            name = stream.small(header.size).rstrip(b"\0")
            continue
        if header.kind == _PAX:
            for key, value in _RECORD.findall(stream.small(header.size)):
                if key == b"path":
                    name = value
                elif value.isdigit() and len(value) < 16:
                    size = int(value)
            continue
        if size >= 0:
            header = header._replace(size=size)
        if header.kind in _REGULAR:
            budget.count()
            within = (name or header.name).decode("utf-8", "surrogateescape")
            yield _member(source.path, within, stream, header.size, budget, wanted)
        elif header.kind not in _WITHOUT_CONTENT:
            stream.skip(header.size, _padded(header.size))
        name, size = b"", -1


def _member(
    path: str, within: str, stream: _Stream, size: int, budget: Budget, wanted: Callable[[bytes, str], bool]
) -> Member:
    content = stream.read(min(size, HEAD))
    rest = size - len(content)
    if rest and wanted(content, within):
        if size > MOST_MEMBER:
            raise Malformed(f"a file in it has more than {MOST_MEMBER >> 20} MiB; unpack it, and open the folder")
        content += stream.read(rest)
        rest = 0
    stream.skip(rest, _padded(size) - size + rest)
    return Member(path, within, partial(io.BytesIO, content), len(content), budget)


def _padded(size: int) -> int:
    """With what fills the last block."""
    return -(-size // _BLOCK) * _BLOCK


class _Stream:
    """An archive from where it was read up to."""

    def __init__(self, source: Source, budget: Budget) -> None:
        self._chunks = source.chunks(_SIZE)
        self._budget = budget
        self._held = b""
        self._at = self._seen = 0

    def header(self) -> _Header | None:
        """The next header, None at the end. Raises Malformed."""
        where = self._seen
        block = self._take(_BLOCK)
        if not block.strip(b"\0"):
            return None
        header = _header(block) if len(block) == _BLOCK else None
        if header is None:
            raise Malformed("the archive is damaged: the header of a file is none", f"byte {where:,}")
        while header.extended:
            header = header._replace(extended=self.read(_BLOCK)[504] != 0)
        return header

    def small(self, size: int) -> bytes:
        """The content of what describes the next file. Raises Malformed."""
        if size > _MOST_NAME:
            raise Malformed("a file in it has too long a name", f"byte {self._seen:,}")
        return self.read(_padded(size))[:size]

    def read(self, size: int) -> bytes:
        """So many bytes. Raises Malformed where there are fewer."""
        content = self._take(size)
        if len(content) < size:
            raise Malformed("the archive ends too early", f"byte {self._seen:,}")
        return content

    def skip(self, content: int, size: int) -> None:
        """Pass over `size` bytes, of which so many are `content`; of the last file, what fills its block may miss."""
        while size > 0 and (piece := len(self._take(min(size, _SIZE)))):
            self._budget.spend(piece)
            size -= piece
            content -= piece
        if content > 0:
            raise Malformed("the archive ends too early", f"byte {self._seen:,}")

    def _take(self, size: int) -> bytes:
        """So many bytes, or what there is."""
        parts = []
        while size > 0:
            if self._at == len(self._held):
                self._held, self._at = next(self._chunks, b""), 0
                if not self._held:
                    break
            parts.append(self._held[self._at : self._at + size])
            self._at += len(parts[-1])
            self._seen += len(parts[-1])
            size -= len(parts[-1])
        return b"".join(parts)


def _header(block: bytes) -> _Header | None:
    """What a block says of the file behind it; None where its sum is wrong or a number is none."""
    told, size = _number(block[148:156]), _number(block[124:136])
    if told is None or size is None or told != sum(block[:148]) + 8 * ord(" ") + sum(block[156:]):
        return None
    name = block[:100].split(b"\0")[0]
    if block[257:263] == b"ustar\0" and (prefix := block[345:500].split(b"\0")[0]):
        name = prefix + b"/" + name
    kind = block[156:157]
    return _Header(name, size, kind, kind == _SPARSE and block[482] != 0)


def _number(field: bytes) -> int | None:
    """An octal number, or one in binary behind a byte of 0x80; None for neither."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    match = _OCTAL.fullmatch(field)
    return int(match[1] or b"0", 8) if match else None
