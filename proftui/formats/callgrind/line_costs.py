"""Costs by source line out of the pieces of a part."""

from __future__ import annotations

import numpy as np

from proftui.formats.callgrind.digits import Places
from proftui.formats.callgrind.events import Scaling
from proftui.formats.callgrind.graph import Costs, summed
from proftui.formats.callgrind.header import text_of
from proftui.formats.callgrind.identify import Spelling, current_file, names_of
from proftui.formats.callgrind.marks import FILES, Mark
from proftui.formats.callgrind.pieces import RawPart
from proftui.formats.callgrind.positions import absolute
from proftui.formats.callgrind.sums import CALL, OWN
from proftui.model import NO_LINE, Ids, LineCosts


def line_costs_of(part: RawPart, spelling: Spelling, costs: Costs, ids: Places, scaling: Scaling) -> LineCosts | None:
    """The costs by line of a part whose identities have the function `ids`; None when it does not tell lines."""
    pieces = [(piece, piece.sums.runs) for piece in part.pieces]
    runs = [each for _, each in pieces if each is not None]
    if len(runs) < len(pieces):
        return None
    begins = np.cumsum([0, *(len(piece.mark) for piece, _ in pieces)])
    at = np.concatenate([run.marks_before + begin for run, begin in zip(runs, begins, strict=False)])
    role = np.concatenate([run.role for run in runs])
    position = absolute(np.concatenate([run.relative for run in runs]), np.concatenate([run.number for run in runs]))
    cost = np.concatenate([run.cost for run in runs], axis=1)
    # 0 is callgrind's word for an unknown line
    line = np.where((position > 0) & (position < 2**31), position, NO_LINE)
    names, name_of = names_of(spelling, FILES)
    file = name_of[current_file(spelling, at)] + 1
    function = ids[costs.functions.entered[_marks_until(spelling, at, Mark.FUNCTION)]]

    own, call = role == OWN, role == CALL
    called = ids[costs.functions.called[_marks_until(spelling, at[call], Mark.CALLED_FUNCTION)]]
    calls = costs.calls[_marks_until(spelling, at[call], Mark.CALLS) - 1]
    (own_function, own_file, own_line), place = _distinct(function[own], file[own], line[own])
    (caller, callee, site_file, site_line), site = _distinct(function[call], called, file[call], line[call])
    return LineCosts(
        files=("", *map(text_of, names.names)),
        function=own_function,
        file=own_file,
        line=own_line,
        cost=scaling.of(summed(cost[:, own], place, len(own_line))),
        site_caller=caller,
        site_callee=callee,
        site_file=site_file,
        site_line=site_line,
        site_calls=summed(calls, site, len(caller)),
        site_cost=scaling.of(summed(cost[:, call], site, len(caller))),
    )


def _marks_until(spelling: Spelling, at: Places, kind: Mark) -> Places:
    """How many marks of a kind stand before each place."""
    return np.searchsorted(spelling.places(kind), at)


def _distinct(*columns: Places) -> tuple[list[Ids], Places]:
    """The different rows of some columns in the order in which they first occur, and which of them each row is."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values, which = np.unique(column, return_inverse=True)
        _, key = np.unique(key * len(values) + which, return_inverse=True)
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return [column[first[order]].astype(np.int32) for column in columns], rank[which]
