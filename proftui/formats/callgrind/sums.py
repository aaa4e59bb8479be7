"""The costs in the lines of a block, added up between the lines that give them a meaning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proftui.formats.callgrind.digits import between
from proftui.formats.callgrind.lines import Lines
from proftui.formats.callgrind.marks import Mark, Marked
from proftui.formats.callgrind.table import CostTable
from proftui.model import Bools, Floats


@dataclass(frozen=True, eq=False)
class Sums:
    """Costs of M events in lines with f marks FUNCTION and c marks CALLS.

    own         M x (f + 1): self costs up to the first FUNCTION, then behind each of them
    costly      f + 1: whether there are lines of costs at all
    calls       M x c: inclusive costs; 0 for a call without a line of costs
    negative    the events with costs below zero
    """

    own: Floats
    costly: Bools
    calls: Floats
    negative: frozenset[int]


def add_up(lines: Lines, marked: Marked, marks: slice, span: slice, table: CostTable) -> Sums:
    """The sums of the costs in the lines of `span`, which hold `marks` of `marked`, as `table` reads them."""
    mark = marked.mark[marks]
    function = np.flatnonzero(mark == Mark.FUNCTION)
    functions = marked.line[marks].take(function) - span.start
    costly = lines.costly[span].copy()
    costly[marked.jump_costs[between(marked.jump_costs, span)] - span.start] = False
    cost = marked.cost[marks][mark == Mark.CALLS] - span.start
    has_cost = (cost >= 0) & (cost < len(costly))
    cost = cost[has_cost]
    begins = np.zeros(len(costly) + 1, np.bool_)
    begins[0] = True
    begins[functions] = True
    begins[cost] = True
    begins[cost + 1] = True
    starts = np.flatnonzero(begins[:-1])
    sums = np.add.reduceat(table.read(lines, span, costly), starts, axis=1)
    call = np.searchsorted(starts, cost)
    calls = np.zeros((len(sums), len(has_cost)))
    calls[:, has_cost] = sums[:, call]
    sums[:, call] = 0
    own = np.add.reduceat(sums, np.append(0, np.searchsorted(starts, functions)), axis=1)
    costs_before = np.concatenate(
        [lines.costs_before(span.start), marked.costs_before[marks].take(function), lines.costs_before(span.stop)]
    )
    followed = np.diff(costs_before) > 0
    # what reduceat gives for an empty run of lines is not their sum
    own[:, ~followed] = 0
    return Sums(own, followed, calls, frozenset(table.negative))
