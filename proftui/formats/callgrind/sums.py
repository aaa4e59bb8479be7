"""The costs in the lines of a block, added up between the lines that give them a meaning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from proftui.formats.callgrind.digits import Places, between
from proftui.formats.callgrind.lines import Lines
from proftui.formats.callgrind.marks import Mark, Marked
from proftui.formats.callgrind.positions import Positions
from proftui.formats.callgrind.table import CostTable
from proftui.model import Bools, Floats

OWN, CALL, JUMP = range(3)
Roles = npt.NDArray[np.uint8]
"""Whose costs are: a function's own, a call's (they follow `calls=`) or a jump's, which has none."""


@dataclass(frozen=True, eq=False)
class Runs:
    """Lines of costs in succession that have the same position and owner.

    marks_before      r: how many marks of the piece stand before
    role              r: OWN, CALL or JUMP
    relative, number  r: the position of the first, as in `Positions`
    cost              M x r
    """

    marks_before: Places
    role: Roles
    relative: Bools
    number: Places
    cost: Floats


@dataclass(frozen=True, eq=False)
class Sums:
    """Costs of M events in lines with f marks FUNCTION and c marks CALLS.

    own         M x (f + 1): self costs up to the first FUNCTION, then behind each of them
    costly      f + 1: whether there are lines of costs at all
    calls       M x c: inclusive costs; 0 for a call without a line of costs
    negative    the events with costs below zero
    runs        the same costs by position, where that is asked for
    """

    own: Floats
    costly: Bools
    calls: Floats
    negative: frozenset[int]
    runs: Runs | None


@dataclass(frozen=True, eq=False)
class _Body:
    """The lines of a piece by their place in it: all of costs (n), those of calls and jumps; and of marks."""

    costly: Bools
    calls: Places
    jumps: Places
    functions: Places
    marks: Places


def add_up(
    lines: Lines, marked: Marked, marks: slice, span: slice, table: CostTable, positions: Positions | None
) -> Sums:
    """The sums of the costs in the lines of `span`, which hold `marks` of `marked`, as `table` reads them.

    With `positions` also the sums of each run of lines.
    """
    mark = marked.mark[marks]
    functions = np.flatnonzero(mark == Mark.FUNCTION)
    cost = marked.call_costs[between(marked.calls_at, marks)] - span.start
    has_cost = (cost >= 0) & (cost < span.stop - span.start)
    own_lines = marked.line[marks] - span.start
    body = _Body(
        costly=lines.costly[span],
        calls=cost[has_cost],
        jumps=marked.jump_costs[between(marked.jump_costs, span)] - span.start,
        functions=own_lines.take(functions),
        marks=own_lines,
    )
    valued = body.costly.copy()
    valued[body.jumps] = False
    starts = _starts(body, positions)
    sums = np.add.reduceat(table.read(lines, span, valued), starts, axis=1)
    call = np.searchsorted(starts, body.calls)
    calls = np.zeros((len(sums), len(has_cost)))
    calls[:, has_cost] = sums[:, call]
    runs = _runs(body, starts, sums, positions) if positions else None
    sums[:, call] = 0
    own = np.add.reduceat(sums, np.append(0, np.searchsorted(starts, body.functions)), axis=1)
    edges = np.concatenate([[0], body.functions, [len(body.costly)]]) + span.start
    followed = np.diff(lines.costs_before(edges)) > 0
    # what reduceat gives for an empty run of lines is not their sum
    own[:, ~followed] = 0
    return Sums(own, followed, calls, frozenset(table.negative), runs)


def _starts(body: _Body, positions: Positions | None) -> Places:
    """The lines, from the first, at which the meaning of costs changes."""
    begins = np.zeros(len(body.costly) + 1, np.bool_)
    begins[0] = True
    begins[body.functions] = True
    begins[body.calls] = True
    begins[body.calls + 1] = True
    if positions:
        begins[:-1] |= positions.changing()
        begins[1:-1] |= body.costly[1:] > body.costly[:-1]
        begins[body.jumps] = True
        begins[body.jumps + 1] = True
    return np.flatnonzero(begins[:-1])


def _runs(body: _Body, starts: Places, sums: Floats, positions: Positions) -> Runs:
    """The runs that begin at those `starts` that are lines of costs."""
    kept = np.flatnonzero(body.costly[starts])
    starts = starts[kept]
    role = np.full(len(body.costly), OWN, np.uint8)
    role[body.calls] = CALL
    role[body.jumps] = JUMP
    return Runs(
        marks_before=np.searchsorted(body.marks, starts),
        role=role[starts],
        relative=positions.relative[starts],
        number=positions.number[starts],
        cost=sums[:, kept],
    )
