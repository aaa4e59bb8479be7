"""The bytes of a session, taken piece by piece: no more is unpacked than is asked for."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed
from proftui.formats.source import Source

_PIECE = 1 << 20


class Stream:
    """A line, and then what the rest of the file holds packed."""

    def __init__(self, source: Source) -> None:
        self._chunks = source.chunks(_PIECE)
        self._begun = b""
        self._unpacker = zlib.decompressobj()

    def line(self, most: int) -> bytes:
        """The first line without its end, or what there is of it in so many bytes."""
        while b"\n" not in self._begun and len(self._begun) < most and (chunk := next(self._chunks, b"")):
            self._begun += chunk
        line, _, self._begun = self._begun.partition(b"\n")
        return line[:most]

    def take(self, size: int, where: str) -> bytearray:
        """The next `size` bytes that were packed; raises Malformed where there are fewer."""
        taken = bytearray()
        while len(taken) < size:
            packed = self._unpacker.unconsumed_tail or self._begun or next(self._chunks, b"")
            self._begun = b""
            before = len(taken)
            taken += self._unpacked(packed, min(size - before, _PIECE), where)
            if not packed and len(taken) == before:
                raise Malformed("the file ends too early", where)
        return taken

    def column(self, length: int, kind: str, where: str) -> npt.NDArray[Any]:
        """The next column: `length` numbers of a numpy type, stored byte by byte."""
        width = np.dtype(kind).itemsize
        planes = np.frombuffer(self.take(length * width, where), np.uint8).reshape(width, length)
        column = np.empty((length, width), np.uint8)
        column[:] = planes.T
        return column.view(kind).reshape(length).astype(np.dtype(kind).newbyteorder("="), copy=False)

    def finish(self) -> None:
        """Raise Malformed unless this is the end, and all bytes are as they were packed."""
        where = "end of the file"
        while not self._unpacker.eof:
            packed = self._unpacker.unconsumed_tail or self._begun or next(self._chunks, b"")
            self._begun = b""
            if self._unpacked(packed, 1, where):
                raise Malformed("there is more than the sizes say", where)
            if not packed and not self._unpacker.eof:
                raise Malformed("the file ends too early", where)
        if self._unpacker.unused_data or self._begun or next(self._chunks, b""):
            raise Malformed("there is more behind the end", where)

    def _unpacked(self, packed: bytes, most: int, where: str) -> bytes:
        try:
            return self._unpacker.decompress(packed, most)
        except zlib.error as error:
            raise Malformed(f"the packed data are damaged: {error}", where) from None
