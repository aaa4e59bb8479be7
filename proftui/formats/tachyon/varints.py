"""A cursor over bytes that hold variable-length integers."""

from __future__ import annotations

from proftui.errors import Malformed


class Cursor:
    """Reads on from a place. Its methods raise Malformed at the end; `place` says what the bytes are."""

    def __init__(self, data: bytes, at: int, place: str) -> None:
        self.data = data
        self.at = at
        self._place = place

    @property
    def more(self) -> bool:
        """Whether bytes are left."""
        return self.at < len(self.data)

    def fault(self, what: str) -> Malformed:
        """The error to raise for what is wrong here."""
        return Malformed(what, f"byte {self.at:,} of the {self._place}")

    def byte(self) -> int:
        """The next byte."""
        if self.at >= len(self.data):
            raise self.fault("ends too early")
        self.at += 1
        return self.data[self.at - 1]

    def take(self, size: int) -> bytes:
        """So many bytes."""
        taken = self.data[self.at : self.at + size]
        if len(taken) < size:
            raise self.fault("ends too early")
        self.at += size
        return taken

    def unsigned(self) -> int:
        """An integer below 2^63, seven bits a byte, the lowest first."""
        number = shift = 0
        while True:
            byte = self.byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7
            if shift > 56:
                raise self.fault("a number is too large")

    def signed(self) -> int:
        """An integer whose lowest bit says that it is below zero."""
        number = self.unsigned()
        return number >> 1 ^ -(number & 1)
