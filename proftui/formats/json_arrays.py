"""Large JSON arrays, of which a piece at a time is decoded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from proftui.errors import Malformed
from proftui.formats.json_faults import ERRORS, fault

BETWEEN_OBJECTS = re.compile(rb"(?<=\})\s*,\s*(?=\{)")
BETWEEN_ARRAYS = re.compile(rb"(?<=\])\s*,\s*(?=\[)")
BETWEEN_NUMBERS = re.compile(rb",")

_SIZE = 1 << 21

Item = TypeVar("Item")


@dataclass(frozen=True)
class Array:
    """An array in a file, at `place`. `report` is told how many bytes more are done."""

    raw: msgspec.Raw
    place: str
    between: re.Pattern[bytes]
    report: Callable[[int], None]

    def pieces(self) -> Iterator[bytes]:
        """What stands within the brackets, cut where separators are. Raises Malformed where there are no brackets."""
        view = memoryview(self.raw)
        for start, end in self._cuts(view):
            yield bytes(view[start:end])
            self.report(end - start)

    def items(self, decoder: msgspec.json.Decoder[list[Item]]) -> Iterator[list[Item]]:
        """The items, many at a time. Raises Malformed.

        What separates items may occur inside of one as well. A piece that ends there is no JSON by itself, as a bracket
        or a quotation mark is left open. So a piece that can be decoded ends where it should.
        """
        view = memoryview(self.raw)
        seen = 0
        for start, end in self._cuts(view):
            try:
                found = decoder.decode(_bracketed(view[start:end]))
            except ERRORS:
                yield self._decoded(decoder, view[start:-1], seen)
                return
            seen += len(found)
            yield found
            self.report(end - start)

    def _decoded(self, decoder: msgspec.json.Decoder[list[Item]], rest: memoryview, seen: int) -> list[Item]:
        """All items from somewhere on."""
        try:
            return decoder.decode(_bracketed(rest))
        except ERRORS as error:
            raise fault(error, self.place, len(rest), seen) from None

    def _cuts(self, view: memoryview) -> Iterator[tuple[int, int]]:
        if view[0] != ord("["):
            raise Malformed("expected array", self.place)
        start, last = 1, len(view) - 1
        while start < last:
            cut = self.between.search(view, min(start + _SIZE, last), last)
            yield start, cut.start() if cut else last
            start = cut.end() if cut else last


def _bracketed(items: memoryview) -> bytes:
    return b"".join((b"[", items, b"]"))
