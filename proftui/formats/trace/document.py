"""What is read of a file with trace events, and its events, many at a time.

The format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from proftui.errors import Malformed
from proftui.formats.encoding import utf8_chunks
from proftui.formats.json_faults import ERRORS, fault
from proftui.formats.source import CHUNK, Source
from proftui.formats.trace.brackets import array_bounds, member

PLACE = "traceEvents"

MOST_BESIDE = 1 << 25
"""Bytes of one event, and of what is before all events, and behind them."""

MOST_BYTES = 1 << 33
MOST_EVENTS = 20_000_000

_BETWEEN_EVENTS = re.compile(rb'\}\s*(,)\s*\{\s*"(?:ph|pid|tid|ts|name|cat|args|dur|id)"')
_NEAR = 1 << 16
_BLANKS = b" \t\r\n"
NO_ARGUMENTS = msgspec.Raw(b"")

Owner = int | float | str | None
"""The number of a process or thread; some tools have names there."""


class Event(msgspec.Struct, gc=False):
    """One event: `ts` and the durations are in microseconds; `frame` is what proftui's writer adds."""

    ph: str = ""
    name: str | None = None
    pid: Owner = 0
    tid: Owner = 0
    ts: float = math.nan
    dur: float = math.nan
    tdur: float = math.nan
    args: msgspec.Raw = NO_ARGUMENTS
    frame: int = -1


class Beside(msgspec.Struct):
    """What is read of the members besides the events."""

    viztracer_metadata: object = None
    proftui: msgspec.Raw = msgspec.Raw(b"")


class Batch(NamedTuple):
    """Some events, and the text that they were."""

    events: list[Event]
    text: bytes


_EVENTS = msgspec.json.Decoder(list[Event])
_BESIDE = msgspec.json.Decoder(Beside)


class Document:
    """A file, of which only a piece at a time is in memory.

    beside       known when all events were read
    unfinished   whether the file ends before it should, as those of programs that were killed
    """

    def __init__(self, source: Source) -> None:
        self._chunks = _bounded(source)
        self._seen = 0
        self.beside = Beside()
        self.unfinished = False

    def batches(self) -> Iterator[Batch]:
        """All events. Raises Malformed."""
        before, text = self._opened()
        worth_it = 0
        for chunk in itertools.chain([b""], self._chunks):
            text += chunk
            found = self._likely(text)
            if found is None and len(text) >= worth_it:
                whole, closing = array_bounds(text)
                if closing >= 0:
                    break
                worth_it = 2 * len(text)
                found = (self._batch(text[:whole]), text[whole:]) if whole else None
            if found:
                batch, text = found
                worth_it = 0
                yield batch
            if len(text) > MOST_BESIDE:
                raise Malformed(f"an event is larger than {MOST_BESIDE >> 20} MiB", PLACE)
        yield self._last(before, text)

    def _opened(self) -> tuple[bytes | None, bytes]:
        """What stands before the bracket that opens the array, None where it is the outermost; and some behind it."""
        text, worth_it = b"", 0
        for chunk in self._chunks:
            text = (text + chunk).lstrip(_BLANKS)
            if text.startswith(b"["):
                return None, text[1:]
            if text and not text.startswith(b"{"):
                raise Malformed("is not JSON", "byte 0")
            if len(text) > MOST_BESIDE:
                raise Malformed(f"{PLACE!r} is not within the first {MOST_BESIDE >> 20} MiB")
            if len(text) >= worth_it:
                worth_it = 2 * len(text)
                if (at := _array(text)) >= 0:
                    return text[:at], text[at + 1 :]
        if (at := _array(text)) < 0:
            raise Malformed(f"{PLACE!r} is missing")
        return text[:at], text[at + 1 :]

    def _likely(self, text: bytes) -> tuple[Batch, bytes] | None:
        """The events up to where one seems to end near the end of a text, and what stands behind.

        None where this is inside of another. A piece that ends there is no JSON by itself, as a bracket or a quotation
        mark is left open; and none that holds the array's end is.
        """
        cut = _BETWEEN_EVENTS.search(text, max(0, len(text) - _NEAR))
        if cut is None or len(text) < _NEAR:
            return None
        piece = text[: cut.start() + 1]
        try:
            events = _EVENTS.decode(_bracketed(piece))
        except ERRORS:
            return None
        return self._counted(events, piece), text[cut.end(1) :]

    def _batch(self, items: bytes) -> Batch:
        """The events of a text. Raises Malformed."""
        try:
            events = _EVENTS.decode(_bracketed(items))
        except ERRORS as error:
            raise fault(error, PLACE, len(items), self._seen) from None
        return self._counted(events, items)

    def _counted(self, events: list[Event], text: bytes) -> Batch:
        self._seen += len(events)
        if self._seen > MOST_EVENTS:
            raise Malformed(f"holds more than {MOST_EVENTS:,} events", PLACE)
        return Batch(events, text)

    def _last(self, before: bytes | None, text: bytes) -> Batch:
        """The events up to the end of the array, or in an array that is not closed. Raises Malformed."""
        whole, closing = array_bounds(text)
        if closing >= 0:
            batch = self._batch(text[:closing])
            self._end(before, text[closing + 1 :])
            return batch
        batch = self._batch(text[:whole])
        self.unfinished = True
        begun = b"[" + text[whole:].strip(_BLANKS + b",")
        try:
            _EVENTS.decode(begun)
        except ERRORS as error:
            if "truncated" not in str(error):
                raise fault(error, PLACE, len(begun), self._seen) from None
        return batch

    def _end(self, before: bytes | None, after: bytes) -> None:
        """Take what is behind the events. Raises Malformed."""
        for chunk in self._chunks:
            after += chunk
            if len(after) > MOST_BESIDE:
                raise Malformed(f"holds more than {MOST_BESIDE >> 20} MiB besides its events")
        if before is None:
            if after.strip(_BLANKS):
                raise Malformed("is not JSON: something follows the array of events")
            return
        content = before + b"[]" + after
        try:
            self.beside = _BESIDE.decode(content)
        except ERRORS as error:
            if "truncated" not in str(error):
                raise fault(error, "", len(content)) from None
            self.unfinished = True


def _array(text: bytes) -> int:
    """Where the array of events is opened in an object; -1 where it is not yet. Raises Malformed for what is none."""
    at = member(text, PLACE)
    if at >= 0 and text[at : at + 1] != b"[":
        raise Malformed("expected array", PLACE)
    return at


def _bounded(source: Source) -> Iterator[bytes]:
    """The file's bytes in UTF-8, without a mark. Raises Malformed for more than MOST_BYTES."""
    size = 0
    for chunk in utf8_chunks(source, CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:
            raise Malformed(f"holds more than {MOST_BYTES >> 30} GiB")
        yield chunk


def _bracketed(items: bytes) -> bytes:
    return b"".join((b"[", items.strip(_BLANKS + b","), b"]"))
