"""Protocol buffers' wire format, written; and gzip (RFC 1952) that is the same each time."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

_VARINT, _DELIMITED = 0, 2
_LEVEL = 6
_UNIX = b"\x1f\x8b\x08\x00" + bytes(4) + b"\x00\x03"
"""A gzip header without a name and a time."""


def varint(number: int) -> bytes:
    """A number of at most 64 bits; one below zero as its complement, in ten bytes."""
    number &= 0xFFFF_FFFF_FFFF_FFFF
    if number < 128:
        return bytes((number,))
    groups = bytearray()
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    groups.append(number)
    return bytes(groups)


def number(field: int, value: int) -> bytes:
    """A field that is a number, nothing where it is 0."""
    return varint(field << 3 | _VARINT) + varint(value) if value else b""


def message(field: int, *contents: bytes) -> bytes:
    """A field that is a text, a message or numbers packed together."""
    content = b"".join(contents)
    return b"".join((varint(field << 3 | _DELIMITED), varint(len(content)), content))


def gzipped(pieces: Iterable[bytes]) -> bytes:
    """A gzip file of all the pieces."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed, check, size = [_UNIX], 0, 0
    for piece in pieces:
        packed.append(packer.compress(piece))
        check = zlib.crc32(piece, check)
        size += len(piece)
    return b"".join((*packed, packer.flush(), struct.pack("<II", check, size & 0xFFFF_FFFF)))
