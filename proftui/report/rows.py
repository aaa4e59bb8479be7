"""What every table and tree is to those who draw it: columns, and rows of cells."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from proftui.model import Ids
from proftui.report.text import Cut


@dataclass(frozen=True, slots=True)
class Column:
    """One column, declared once for the terminal, text, Markdown, CSV and JSON.

    width     the cells that its values usually take
    flexible  takes the cells that the others leave; `width` is then the least it can do with
    priority  when the table is too narrow, columns of the largest number go first; 0 never goes
    cut       what goes first where the text is too long
    sort      the sort key that a click on the header or `--sort` uses, or "" when it cannot be sorted by
    """

    key: str
    title: str
    width: int
    align: Literal["left", "right"] = "right"
    flexible: bool = False
    priority: int = 0
    sort: str = ""
    cut: Cut = "middle"


Tone = Literal["normal", "dim", "mark", "link", "cycle"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What is drawn at one place: safe text, a tone, and the share of the total (0 to 1) that heats it, or None."""

    text: str
    tone: Tone = "normal"
    heat: float | None = None


class Rows(Protocol):
    """A table or a tree laid out as rows. Immutable but for a tree's expansion; cheap for any number of rows.

    `key` identifies a row across sorting, filtering and views: a path of function ids, root first.
    `record` is the row in base units (seconds, bytes, counts) under the names of the JSON schema.
    """

    @property
    def columns(self) -> Sequence[Column]: ...

    def __len__(self) -> int: ...

    def cells(self, row: int) -> Sequence[Cell]: ...

    def key(self, row: int) -> Hashable: ...

    def depth(self, row: int) -> int: ...

    def function(self, row: int) -> int | None: ...

    def detail(self, row: int) -> str: ...

    def record(self, row: int) -> dict[str, Any]: ...

    def find(self, text: str) -> Ids: ...


class Haystack:
    """The searchable text of many rows: where a needle occurs in them, regardless of case.

    The rows' texts stand in one array of bytes; a needle is found by narrowing down the places of its first byte,
    so the time depends on the size of the texts, not on the number of rows that match.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        encoded = [text.casefold().encode("utf-8", "surrogatepass") for text in texts]
        self._bytes = np.frombuffer(b"\n".join(encoded), np.uint8)
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        self._starts = np.concatenate([[0], np.cumsum(lengths + 1)[:-1]]) if len(encoded) else np.zeros(0, np.int64)

    def find(self, needle: str) -> Ids:
        """The indices of the texts that contain `needle`, ascending; none for an empty needle."""
        wanted = needle.casefold().encode("utf-8", "surrogatepass")
        if not wanted or len(wanted) > len(self._bytes):
            return np.zeros(0, np.int32)
        last = len(self._bytes) - len(wanted) + 1
        places = np.flatnonzero(self._bytes[:last] == wanted[0])
        for offset, byte in enumerate(wanted[1:], 1):
            places = places[self._bytes[places + offset] == byte]
        rows = np.searchsorted(self._starts, places, side="right") - 1
        first = np.ones(len(rows), np.bool_)
        first[1:] = rows[1:] != rows[:-1]
        return rows[first].astype(np.int32)
