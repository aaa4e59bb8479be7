"""A part out of sums by line of code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from proftui.formats.tachyon.measures import Interval
from proftui.model import NO_LINE, CallGraph, Floats, Ids, LineCosts, Part
from proftui.model.inclusive import sums

Identity = tuple[str, str, int, str]


class Sampled(NamedTuple):
    """A place in the code: in how many samples it was what ran, and in how many it was on the stack."""

    name: str
    path: str
    line: int | None
    own: int
    cumulative: int


def part_of(places: Sequence[Sampled], interval: Interval, label: str) -> tuple[list[Identity], Part, bool]:
    """The functions, the part, and whether inclusive costs of some are not known exactly.

    A stack holds several lines of a function only where that recurs. So its inclusive cost is at most the sum of its
    lines', and all samples, and at least the largest.
    """
    ids: dict[Identity, int] = {}
    of = np.array(
        [ids.setdefault((place.name, place.path, NO_LINE, ""), len(ids)) for place in places], np.int32
    )  # fmt: skip
    own = np.array([place.own for place in places], np.float64)
    cumulative = np.array([place.cumulative for place in places], np.float64)
    self_samples = sums(of, own[None], len(ids))[0]
    least = np.zeros(len(ids))
    np.maximum.at(least, of, cumulative)
    least = np.maximum(least, self_samples)
    most = np.maximum(least, np.minimum(sums(of, cumulative[None], len(ids))[0], own.sum()))
    none = np.zeros(0, np.int32)
    spread = bool((least < most).any())
    graph = CallGraph(
        function=np.arange(len(ids), dtype=np.int32),
        self_cost=interval.costs(self_samples),
        inclusive=interval.costs(most),
        inclusive_low=interval.costs(least) if spread else None,
        caller=none,
        callee=none,
        arc_cost=np.zeros((len(interval.metrics), 0)),
    )
    measured = tuple(range(len(interval.metrics)))
    return list(ids), Part(label, graph, measured, lines=_line_costs(places, of, interval.costs(own))), spread


def _line_costs(places: Sequence[Sampled], function: Ids, cost: Floats) -> LineCosts:
    files = {path: number for number, path in enumerate(dict.fromkeys(place.path for place in places))}
    none = np.zeros(0, np.int32)
    return LineCosts(
        files=tuple(files),
        function=function,
        file=np.array([files[place.path] for place in places], np.int32),
        line=np.array([place.line or NO_LINE for place in places], np.int32),
        cost=cost,
        site_caller=none,
        site_callee=none,
        site_file=none,
        site_line=none,
        site_calls=np.zeros(0),
        site_cost=np.zeros((len(cost), 0)),
    )
