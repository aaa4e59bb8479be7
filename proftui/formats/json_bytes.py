"""A whole JSON file as bytes, and as what a decoder makes of it."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from proftui.errors import Malformed
from proftui.formats.encoding import utf8_chunks
from proftui.formats.json_faults import ERRORS, fault
from proftui.formats.source import CHUNK, Source

MOST_BYTES = 1 << 29
"""Of a file: what JavaScript engines take for one text, so that other tools themselves read hardly more."""

Document = TypeVar("Document")


def json_bytes(source: Source) -> bytearray:
    """The bytes of a file in UTF-8. Raises Malformed for more than MOST_BYTES."""
    content = bytearray()
    for chunk in utf8_chunks(source, CHUNK):
        content += chunk
        if len(content) > MOST_BYTES:
            raise Malformed(f"holds more than {MOST_BYTES >> 20} MiB, too much for its format")
    return content


def decoded(source: Source, decoder: msgspec.json.Decoder[Document]) -> Document:
    """What a decoder makes of a file. Raises Malformed."""
    content = json_bytes(source)
    try:
        return decoder.decode(content)
    except ERRORS as error:
        raise fault(error, "", len(content)) from None
