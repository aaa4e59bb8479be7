"""Text files as UTF-8, whatever their encoding."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from proftui.errors import Malformed
from proftui.formats.source import Source

_LONGEST = 1 << 26

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def utf8_chunks(source: Source, size: int) -> Iterator[bytes]:
    """The source's bytes in UTF-8 without a byte order mark, in pieces of about `size`.

    UTF-16 is told by its mark; what is neither stays as it is.
    """
    chunks = source.chunks(size)
    first = next(chunks, b"")
    if first.startswith(_UTF_16):
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
        yield decoder.decode(first).encode("utf-8", "replace")
        for chunk in chunks:
            yield decoder.decode(chunk).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")
    else:
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from chunks


def utf8_head(head: bytes) -> bytes:
    """The first bytes of a file as `utf8_chunks` gives them."""
    if head.startswith(_UTF_16):
        return head.decode("utf-16", "replace").encode("utf-8", "replace")
    return head.removeprefix(codecs.BOM_UTF8)


def utf8_text(text: str) -> str:
    """Text that UTF-8 can hold: bytes that were no UTF-8 become the sign for that."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")


def utf8_lines(source: Source, size: int = 1 << 20) -> Iterator[list[bytes]]:
    """The lines of the source in UTF-8, without what ends them, many at a time. Raises Malformed for endless ones."""
    begun: list[bytes] = []
    for chunk in utf8_chunks(source, size):
        first, newline, rest = chunk.partition(b"\n")
        begun.append(first)
        if len(begun) * size > _LONGEST:
            raise Malformed(f"a line is longer than {_LONGEST >> 20} MiB")
        if not newline:
            continue
        lines = rest.split(b"\n")
        yield [b"".join(begun), *lines[:-1]]
        begun = [lines[-1]]
    yield [b"".join(begun)]
