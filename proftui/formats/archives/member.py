"""A file within an archive, as a source of bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import BadZipFile

from proftui.errors import Malformed
from proftui.formats.source import Source, plain_name

MOST_FILES = 100_000
MOST_BYTES = 1 << 31
"""Of all files together, unpacked: archives of a few kB can hold petabytes."""

_DAMAGED = "the archive is damaged here, or the file is encrypted"


@dataclass
class Budget:
    """What unpacking an archive may still give, in bytes and in files."""

    bytes: int = MOST_BYTES
    files: int = MOST_FILES

    def spend(self, size: int) -> None:
        """Raises Malformed where it is more than is left."""
        self.bytes -= size
        if self.bytes < 0:
            raise Malformed(f"holds more than {MOST_BYTES >> 30} GiB; unpack it, and open the folder")

    def count(self) -> None:
        """One more file. Raises Malformed where that is one too many."""
        self.files -= 1
        if self.files < 0:
            raise Malformed(f"holds more than {MOST_FILES:,} files")


class Member(Source):
    """The file called `within` of an archive at `path`; `opened` gives its `size` bytes, from their beginning.

    Its own `path` is for sentences.
    """

    def __init__(self, path: str, within: str, opened: Callable[[], BinaryIO], size: int, budget: Budget) -> None:
        super().__init__(within)
        self.name = plain_name(within)
        self.path = f"{path}/{_printable(within)}"
        self.within = within
        self._opened = opened
        self._member_size = size
        self._budget = budget

    @property
    def is_file(self) -> bool:
        """It is in one, but is none."""
        return False

    def raw(self) -> BinaryIO:
        """Its bytes as they were packed into the archive."""
        try:
            return self._opened()
        except (BadZipFile, OSError, ValueError, EOFError):
            raise Malformed(f"{self.path}: {_DAMAGED}") from None
        except NotImplementedError:  # zipfile's error for methods of compression that it does not know
            raise Malformed(f"{self.path}: is packed in a way that is not known") from None

    def _size(self, raw: BinaryIO) -> int:
        del raw
        return self._member_size

    def _read(self, stream: BinaryIO, size: int) -> bytes:
        try:
            content = super()._read(stream, size)
        except BadZipFile:
            raise Malformed(f"{self.path}: {_DAMAGED}") from None
        self._budget.spend(len(content))
        return content


def _printable(name: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)
