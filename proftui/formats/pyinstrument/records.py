"""The records of a session, one for each sample."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from proftui.errors import Malformed
from proftui.formats.folded.owners import NOBODY
from proftui.formats.json_arrays import BETWEEN_ARRAYS, Array
from proftui.formats.pyinstrument.document import Record
from proftui.formats.pyinstrument.frames import FrameTable, owner_of
from proftui.formats.pyinstrument.stacks import Stacks

MOST_DEPTH = 30_000
"""Frames that a stack may have."""

_RECORDS = msgspec.json.Decoder(list[Record])


def stacks_of_records(raw: msgspec.Raw, report: Callable[[int], None]) -> Stacks:
    """The stacks of a session's records. Raises Malformed."""
    table = FrameTable()
    stacks = Stacks(table)
    starts: dict[str, tuple[int, int]] = {}  # by the outermost frame: the row, and how many frames lead there
    for records in Array(raw, "frame_records", BETWEEN_ARRAYS, report).items(_RECORDS):
        for texts, seconds in records:
            if len(texts) > MOST_DEPTH:
                raise Malformed(f"a stack has more than {MOST_DEPTH:,} frames", "frame_records")
            first = texts[0] if texts else ""
            start = starts.get(first)
            if start is None:
                owner = owner_of(first)
                start = starts[first] = stacks.of(owner), int(owner is not NOBODY)
            row, passed = start
            for text in texts[passed:]:
                row = stacks.row(row, table.of_text(text))
            stacks.spend(row, seconds)
    return stacks
