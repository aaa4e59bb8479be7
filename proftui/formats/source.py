"""Where bytes come from: a file or standard input, decompressed on the way."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast
from zlib import error as ZlibError  # noqa: N812  # zlib's own name is lower-case

from proftui.errors import Malformed, ProftuiError, SourceLost

HEAD = 1 << 16
"""How many bytes a sniffer sees."""

CHUNK = 1 << 22

Progress = Callable[[float], None]
"""Called with the share read so far, 0 to 1; it may raise Cancelled, which ends the read."""

_SUFFIXES = (".gz", ".bz2", ".xz", ".lzma", ".zst")


class Source:
    """One input: `path` as given ("-" is standard input), `name` its base name without a compression suffix.

    `share` is what reading the bytes is of the whole work: a reader that reports the rest to `progress` lowers it.
    `text` of nothing is decoded here: readers work on bytes.
    """

    def __init__(self, path: str, progress: Progress | None = None) -> None:
        self.path = path
        base = Path(path).name if path != "-" else "stdin"
        self.name = plain_name(base)
        self.progress = progress
        self.share = 1.0
        self._stdin: bytes | None = None

    @cached_property
    def head(self) -> bytes:
        """The first HEAD decompressed bytes, or fewer; raises ProftuiError when the file cannot be read."""
        with closing(self.raw()) as raw, closing(self._decompressed(raw)) as stream:
            return self._read(stream, HEAD)

    def read(self, most: int = 1 << 32) -> bytes:
        """All decompressed bytes; a file that holds more than `most` is refused."""
        return b"".join(self._chunks(CHUNK, most))

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """The decompressed bytes in pieces of `size` (the last is shorter), reporting progress between them."""
        yield from self._chunks(size, 1 << 62)

    def _chunks(self, size: int, most: int) -> Iterator[bytes]:
        seen = 0
        with closing(self.raw()) as raw, closing(self._decompressed(raw)) as stream:
            total = self._size(raw)
            while chunk := self._read(stream, size):
                seen += len(chunk)
                if seen > most:
                    raise Malformed(f"{self.path}: holds more than {most >> 20} MiB, too much for its format")
                if self.progress and total:
                    self.progress(self.share * min(1.0, raw.tell() / total))
                yield chunk

    @property
    def is_file(self) -> bool:
        """Whether the bytes, compressed or not, are a file at `path`."""
        return self.path != "-"

    def raw(self) -> BinaryIO:
        """The bytes as they lie there, from their beginning, compressed or not. Raises ProftuiError."""
        if self.path == "-":
            if self._stdin is None:
                if sys.stdin is None or sys.stdin.isatty():
                    raise ProftuiError("-: standard input is a terminal, not a file; pipe a profile into it")
                self._stdin = sys.stdin.buffer.read()
            return io.BytesIO(self._stdin)
        path = Path(self.path)
        try:
            if path.is_dir():
                raise ProftuiError(f"{self.path}: is a directory, not a profile")
            if path.exists() and not path.is_file():
                raise ProftuiError(f"{self.path}: is not a regular file; pipe it in with '-' if it is a stream")
            return path.open("rb")
        except FileNotFoundError:
            raise ProftuiError(f"{self.path}: no such file") from None
        except PermissionError:
            raise ProftuiError(f"{self.path}: permission denied") from None
        except (OSError, ValueError) as error:
            raise ProftuiError(f"{self.path}: cannot be opened: {_reason(error)}") from None

    def _decompressed(self, raw: BinaryIO) -> BinaryIO:
        """`raw` itself, or a stream that undoes the compression that its first bytes show."""
        magic = self._read(raw, 6)
        raw.seek(0)
        opened = next((opened for start, opened in _COMPRESSIONS if magic.startswith(start)), None)
        return raw if opened is None else cast(BinaryIO, opened(raw))

    def _size(self, raw: BinaryIO) -> int:
        position = raw.tell()
        size = raw.seek(0, io.SEEK_END)
        raw.seek(position)
        return size

    def _read(self, stream: BinaryIO, size: int) -> bytes:
        """Up to `size` bytes, fewer only at the end."""
        try:
            parts: list[bytes] = []
            while size > 0 and (part := stream.read(size)):
                parts.append(part)
                size -= len(part)
            return b"".join(parts)
        except EOFError:
            raise Malformed(f"{self.path}: the compressed data end too early") from None
        except (gzip.BadGzipFile, lzma.LZMAError, ZlibError) as error:
            raise Malformed(f"{self.path}: the compressed data are damaged: {_reason(error)}") from None
        except OSError as error:
            kind = SourceLost if error.errno is not None else Malformed
            raise kind(f"{self.path}: cannot be read: {_reason(error)}") from None
        except Exception as error:
            # zstd's error class differs between the standard library and its backport
            if type(error).__name__ != "ZstdError":
                raise
            raise Malformed(f"{self.path}: the compressed data are damaged: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)


def plain_name(name: str) -> str:
    """A file's name without a compression suffix."""
    return next((name.removesuffix(s) for s in _SUFFIXES if name.endswith(s) and name != s), name)


def is_compressed(head: bytes) -> bool:
    """Whether the first bytes of a file show a compression that is undone."""
    return any(head.startswith(magic) for magic, _ in _COMPRESSIONS)


def _zstd(raw: BinaryIO) -> BinaryIO:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return cast(BinaryIO, zstd.open(raw))


_COMPRESSIONS: tuple[tuple[bytes, Callable[[BinaryIO], object]], ...] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\0", lzma.open),
    (b"\x5d\x00\x00", lzma.open),
    (b"\x28\xb5\x2f\xfd", _zstd),
)
"""How compressed files begin, and what undoes it."""
