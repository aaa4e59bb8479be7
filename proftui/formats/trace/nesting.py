"""Which call is in which, of one thread, told by when they start and end."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np

from proftui.errors import Malformed
from proftui.formats.trace.document import PLACE
from proftui.model import Bools, Floats, Ids
from proftui.model.forest import depths

MOST_DEPTH = 30_000

MOST_PIECES = 4
"""For each call, on average, in a thread whose calls overlap."""


@dataclass(frozen=True, eq=False)
class Nest:
    """N pieces of calls by their start, the outer one first: `call` has which call each is of.

    A piece is a whole call, but where calls overlap. `parent` is the piece around, or -1; `first`: no piece of the
    same call is before it. `overlaps` has how many calls are in pieces, and `lost` what of calls is in no piece.
    """

    call: Ids
    start: Floats
    end: Floats
    parent: Ids
    first: Bools
    overlaps: int = 0
    lost: float = 0.0

    @property
    def own(self) -> Floats:
        """What each piece lasts, without the pieces in it."""
        lasts = self.end - self.start
        inner = self.parent >= 0
        own: Floats = lasts - np.bincount(self.parent[inner], lasts[inner], len(lasts))
        return own


def nested(start: Floats, end: Floats, slack: float) -> Nest:
    """The nest of N calls. Of those that start and end at once the first is the outer one.

    A call that ends later than the one around it, by no more than `slack`, ends with it: clocks are not exact. One that
    goes on longer goes on beside it, as a further piece, so that every call lasts as long as the file says.
    Raises Malformed for calls that are too deep.
    """
    order = np.lexsort((-end, start)).astype(np.int32)
    start, end = start[order], end[order]
    found = _within(start, end, slack)
    if found is None:
        nest = _in_pieces(order, start, end, slack)
    else:
        parent, ends = found
        nest = Nest(order, start, ends, parent, np.ones(len(order), np.bool_))
    if len(order) and int(depths(nest.parent).max()) >= MOST_DEPTH:
        raise Malformed(f"calls are more than {MOST_DEPTH:,} deep", PLACE)
    return nest


def _within(start: Floats, end: Floats, slack: float) -> tuple[Ids, Floats] | None:
    """For each call the one around it, and its end; None where calls overlap."""
    ends: list[float] = end.tolist()
    parents: list[int] = []
    open_calls, open_ends = [-1], [math.inf]
    for row, (begin, stop) in enumerate(zip(start.tolist(), ends, strict=True)):
        while open_ends[-1] <= begin:
            open_ends.pop()
            open_calls.pop()
        if stop > open_ends[-1]:
            if stop > open_ends[-1] + slack:
                return None
            ends[row] = stop = open_ends[-1]
        parents.append(open_calls[-1])
        open_calls.append(row)
        open_ends.append(stop)
    return np.array(parents, np.int32), np.array(ends, np.float64)


def _in_pieces(order: Ids, start: Floats, end: Floats, slack: float) -> Nest:
    """The nest of calls that overlap; what is beyond MOST_PIECES is lost."""
    pieces: list[tuple[int, float, float, int, bool]] = []
    rest = [(begin, -stop, row) for row, (begin, stop) in enumerate(zip(start.tolist(), end.tolist(), strict=True))]
    size, overlaps, lost = len(rest), set(), 0.0
    open_pieces, open_ends = [-1], [math.inf]
    seen: set[int] = set()
    while rest:
        begin, stop, row = heapq.heappop(rest)
        stop = -stop
        while open_ends[-1] <= begin:
            open_ends.pop()
            open_pieces.pop()
        if (beyond := stop - open_ends[-1]) > slack:
            if len(pieces) + len(rest) + 2 <= MOST_PIECES * size:
                heapq.heappush(rest, (open_ends[-1], -stop, row))
                overlaps.add(row)
            else:
                lost += beyond
        stop = min(stop, open_ends[-1])
        pieces.append((row, begin, stop, open_pieces[-1], row not in seen))
        seen.add(row)
        open_pieces.append(len(pieces) - 1)
        open_ends.append(stop)
    rows, begins, stops, parents, firsts = zip(*pieces, strict=True)
    return Nest(
        order[np.array(rows, np.intp)], np.array(begins), np.array(stops), np.array(parents, np.int32),
        np.array(firsts), len(overlaps), lost,
    )  # fmt: skip
