"""The call graph of a part out of its pieces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from proftui.formats.callgrind.digits import Places
from proftui.formats.callgrind.events import Scaling
from proftui.formats.callgrind.header import text_of
from proftui.formats.callgrind.identify import Identity, Spelling, identify
from proftui.formats.callgrind.marks import Mark
from proftui.formats.callgrind.pieces import RawPart
from proftui.formats.callgrind.scan import Piece
from proftui.model import NO_LINE, CallGraph, Floats

_TABLE = 1 << 22
"""Up to so many keys a table of all is faster than sorting those that there are."""


class Register:
    """The functions of all parts of a file, by identity."""

    def __init__(self) -> None:
        self._ids: dict[Identity, int] = {}

    def ids(self, identities: Sequence[Identity]) -> Places:
        """The function ids of `identities`, which are new where such a function was not there before."""
        return np.array([self._ids.setdefault(identity, len(self._ids)) for identity in identities], np.int64)

    def rows(self) -> list[tuple[str, str, int, str]]:
        """(name, file, line, object) of each function, in order of id."""
        return [(text_of(name), text_of(file), NO_LINE, text_of(where)) for name, file, where in self._ids]


def spelling_of(part: RawPart) -> Spelling:
    """All marks of a part, in order."""
    mark = np.concatenate([piece.mark for piece in part.pieces])
    number = np.concatenate([piece.number for piece in part.pieces])
    text = np.full(len(mark), -1, np.int32)
    begin = 0
    for piece, numbers in zip(part.pieces, part.text, strict=True):
        text[begin + piece.text_at] = numbers
        begin += len(piece.mark)
    return Spelling(mark, number, text, list(part.texts))


class Costs:
    """What a part's lines say of M events, in the file's units and not yet added up by function.

    functions      the part's
    function, own  s: places in their identities, and M x s: self costs
    caller, callee, calls, call_cost   c, c, c and M x c: the calls, with their inclusive costs
    """

    def __init__(self, part: RawPart, spelling: Spelling) -> None:
        pieces = part.pieces
        costly = np.concatenate([piece.sums.costly for piece in pieces])
        behind = _functions_before(pieces)[costly]
        followed = np.zeros(len(spelling.places(Mark.FUNCTION)) + 1, np.bool_)
        followed[behind] = True
        self.functions = functions = identify(spelling, followed[1:])
        self.function = functions.entered[behind]
        self.own = np.concatenate([piece.sums.own for piece in pieces], axis=1)[:, costly]
        self.caller = functions.entered[_counted([piece.entered for piece in pieces], pieces, Mark.FUNCTION)]
        self.callee = functions.called[_counted([piece.named for piece in pieces], pieces, Mark.CALLED_FUNCTION)]
        self.calls = np.concatenate([piece.calls for piece in pieces])
        self.call_cost = np.concatenate([piece.sums.calls for piece in pieces], axis=1)

    def ids(self, register: Register) -> Places:
        """The function id of each of the part's identities; -1 for those that nothing is said of."""
        touched = np.zeros(len(self.functions.identities), np.bool_)
        for places in (self.function, self.caller, self.callee):
            touched[places] = True
        ids = np.full(len(touched), -1)
        ids[touched] = register.ids([self.functions.identities[place] for place in np.flatnonzero(touched).tolist()])
        return ids


def _functions_before(pieces: Sequence[Piece]) -> Places:
    """For each column of the pieces' own costs how many marks FUNCTION of the part stand before."""
    widths = [len(piece.sums.costly) for piece in pieces]
    first = np.cumsum([0, *(width - 1 for width in widths)])
    return np.concatenate([np.arange(at, at + width) for at, width in zip(first, widths, strict=False)])


def _counted(counts: Sequence[Places], pieces: Sequence[Piece], kind: Mark) -> Places:
    """How many marks of a kind stand before, in the part, out of how many there are in each piece."""
    before = np.cumsum([0, *(np.count_nonzero(piece.mark == kind) for piece in pieces)])
    return np.concatenate([count + more for count, more in zip(counts, before.tolist(), strict=False)])


def graph_of(costs: Costs, ids: Places, scaling: Scaling) -> CallGraph:
    """The graph of a part, whose identities have the function `ids`."""
    function = np.sort(ids[ids >= 0])
    size = len(function)
    row = np.searchsorted(function, ids)
    keys, arc = _distinct(row[costs.caller] * size + row[costs.callee], size * size)
    callee = keys % max(size, 1)
    arc_calls = summed(costs.calls, arc, len(keys))
    unknown = len(keys) > 0 and bool(np.isnan(arc_calls).all())
    return CallGraph.deriving_inclusive(
        function=function.astype(np.int32),
        self_cost=scaling.of(summed(costs.own, row[costs.function], size)),
        caller=(keys // max(size, 1)).astype(np.int32),
        callee=callee.astype(np.int32),
        arc_cost=scaling.of(summed(costs.call_cost, arc, len(keys))),
        calls=None if unknown else summed(arc_calls, callee, size),
        arc_calls=None if unknown else arc_calls,
    )


def _distinct(keys: Places, limit: int) -> tuple[Places, Places]:
    """The different ones of some `keys` below `limit`, ascending, and which of them each key is."""
    if limit > _TABLE:
        return np.unique(keys, return_inverse=True)
    present = np.zeros(limit, np.bool_)
    present[keys] = True
    different = np.flatnonzero(present)
    place = np.empty(limit, np.int64)
    place[different] = np.arange(len(different))
    return different, place[keys]


def summed(values: Floats, place: Places, size: int) -> Floats:
    """`values` (k, or M x k) added up by place: `size`, or M x `size`."""
    if values.ndim > 1:
        return np.stack([summed(each, place, size) for each in values])
    # of nothing numpy counts integers
    sums: Floats = np.bincount(place, values, size).astype(np.float64, copy=False)
    return sums
