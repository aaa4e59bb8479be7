"""The stacks of a table: each row is a frame and the row of its caller."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from proftui.errors import Malformed
from proftui.formats.gecko.columns import Columns, Indices
from proftui.formats.gecko.document import Tables
from proftui.formats.gecko.functions import FrameNames
from proftui.model.forest import depths

MOST_DEPTH = 30_000
"""Frames that a stack may have."""

MOST_ROWS = 20_000_000
"""Calling contexts that threads may have that share a table."""


class StackTable:
    """What the stacks of a thread, or of a file's threads together, are. Its methods raise Malformed."""

    def __init__(self, tables: Tables, names: FrameNames, place: str) -> None:
        self.names = names
        self._place = f"{place}.stackTable"
        table = Columns(tables.stackTable or {}, self._place)
        self._used = 0
        self._frame = table.needed("frame", len(names))
        self._prefix = _prefixes(table, len(self._frame))
        if len(self._prefix) != len(self._frame) or (self._frame < 0).any():
            raise Malformed("columns are not equally long, or stacks have no frame", self._place)
        late = self._prefix >= np.arange(len(self._prefix))
        if late.any():
            raise Malformed("a stack comes before its caller", f"{self._place}.prefix[{int(np.argmax(late))}]")

    @cached_property
    def _prefixes(self) -> list[int]:
        prefixes: list[int] = self._prefix.tolist()
        return prefixes

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._frame)

    def used(self, leaf: Indices) -> tuple[Indices, Indices, Indices]:
        """Of the rows above these leaves: (the rows, their frames, their parents among these rows).

        Ascending, so that callers come first.
        """
        prefixes = self._prefixes
        found: set[int] = set()
        for row in np.unique(leaf[leaf >= 0]).tolist():
            while row >= 0 and row not in found:
                found.add(row)
                row = prefixes[row]
        self._used += len(found)
        if self._used > MOST_ROWS:
            raise Malformed(f"threads have more than {MOST_ROWS:,} different calling contexts", self._place)
        every = np.array(sorted(found), np.int64)
        prefix = self._prefix[every]
        parent = np.where(prefix < 0, -1, np.searchsorted(every, prefix))
        if len(parent) > MOST_DEPTH and depths(parent.astype(np.int32)).max() >= MOST_DEPTH:
            raise Malformed(f"a stack has more than {MOST_DEPTH:,} frames", self._place)
        return every, self._frame[every], parent


def _prefixes(table: Columns, count: int) -> Indices:
    """The row above each row, -1 for none; from version 66 on the file says how many rows it is before, 0 for none."""
    offset = table.indices("prefixOffset", count + 1)
    if offset is None:
        return table.needed("prefix", count)
    return np.where(offset > 0, np.arange(len(offset)) - offset, -1)
