"""The call graph of a part out of its pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from proftui.formats.callgrind.digits import Places
from proftui.formats.callgrind.header import text_of
from proftui.formats.callgrind.identify import Identity, Spelling, identify
from proftui.formats.callgrind.marks import Mark
from proftui.formats.callgrind.pieces import RawPart
from proftui.formats.callgrind.scan import Piece
from proftui.model import NO_LINE, CallGraph, Floats

_NOWHERE: Identity = (b"???", b"", b"")
"""The function of costs and calls that stand before any `fn=` or `cfn=`."""


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


@dataclass(frozen=True, eq=False)
class Costs:
    """What a part's lines say, in the file's units, not yet added up by function.

    function, own          s: a place in `identities`, and M x s: self costs
    caller, callee         c: places in `identities`
    calls, call_cost       c, and M x c: inclusive costs
    undefined              how many numbers of names are nowhere defined
    """

    identities: list[Identity]
    function: Places
    own: Floats
    caller: Places
    callee: Places
    calls: Floats
    call_cost: Floats
    undefined: int


def costs_of(part: RawPart) -> Costs:
    """The costs of a part and the functions they are of."""
    pieces = part.pieces
    mark = np.concatenate([piece.mark for piece in pieces])
    number = np.concatenate([piece.number for piece in pieces])
    text = np.full(len(mark), -1)
    begin = 0
    for piece, numbers in zip(pieces, part.text, strict=True):
        text[begin + piece.text_at] = numbers
        begin += len(piece.mark)
    costly = np.concatenate([piece.sums.costly for piece in pieces])
    own = np.concatenate([piece.sums.own for piece in pieces], axis=1)[:, costly]
    behind = _functions_before(pieces)[costly]
    entering = mark == Mark.FUNCTION
    followed = np.zeros(int(entering.sum()) + 1, np.bool_)
    followed[behind] = True
    functions = identify(Spelling(mark, number, text, list(part.texts)), followed[1:])
    nowhere = len(functions.identities)
    entered = np.append(nowhere, functions.entered)
    called = np.append(nowhere, functions.called)
    calls = np.flatnonzero(mark == Mark.CALLS)
    return Costs(
        identities=[*functions.identities, _NOWHERE],
        function=entered[behind],
        own=own,
        caller=entered[np.cumsum(entering)[calls]],
        callee=called[np.cumsum(mark == Mark.CALLED_FUNCTION)[calls]],
        calls=np.concatenate([piece.calls for piece in pieces]),
        call_cost=np.concatenate([piece.sums.calls for piece in pieces], axis=1),
        undefined=functions.undefined,
    )


def _functions_before(pieces: Sequence[Piece]) -> Places:
    """For each column of the pieces' own costs how many marks FUNCTION of the part stand before."""
    widths = [len(piece.sums.costly) for piece in pieces]
    first = np.cumsum([0, *(width - 1 for width in widths)])
    return np.concatenate([np.arange(at, at + width) for at, width in zip(first, widths, strict=False)])


def graph_of(costs: Costs, scales: Floats, weights: Floats, register: Register) -> CallGraph:
    """The graph of a part with M events: costs times `scales` (M), then d derived metrics by `weights` (d x M)."""
    touched = np.zeros(len(costs.identities), np.bool_)
    for places in (costs.function, costs.caller, costs.callee):
        touched[places] = True
    local = np.flatnonzero(touched)
    ids = register.ids([costs.identities[place] for place in local.tolist()])
    order = np.argsort(ids)
    row = np.zeros(len(touched), np.int64)
    row[local[order]] = np.arange(len(local))
    keys, arc = np.unique(row[costs.caller] * len(local) + row[costs.callee], return_inverse=True)
    callee = keys % max(len(local), 1)
    arc_calls = _summed(costs.calls, arc, len(keys))
    unknown = len(keys) > 0 and bool(np.isnan(arc_calls).all())

    def measured(values: Floats, place: Places, size: int) -> Floats:
        sums = np.stack([_summed(event, place, size) for event in values]) * scales[:, np.newaxis]
        return np.concatenate([sums, weights @ sums]) if len(weights) else sums

    return CallGraph.deriving_inclusive(
        function=ids[order].astype(np.int32),
        self_cost=measured(costs.own, row[costs.function], len(local)),
        caller=(keys // max(len(local), 1)).astype(np.int32),
        callee=callee.astype(np.int32),
        arc_cost=measured(costs.call_cost, arc, len(keys)),
        calls=None if unknown else _summed(arc_calls, callee, len(local)),
        arc_calls=None if unknown else arc_calls,
    )


def _summed(values: Floats, place: Places, size: int) -> Floats:
    """`values` added up by place; numpy gives integers when there are none."""
    sums: Floats = np.bincount(place, values, size).astype(np.float64, copy=False)
    return sums
