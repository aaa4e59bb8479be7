"""Ways through hidden functions, from the callers that stay to the callees that stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from proftui.analysis.filters.known import Known
from proftui.analysis.filters.levels import Places
from proftui.analysis.filters.spans import Span, beside, nothing, share, summed
from proftui.analysis.scope import SLACK
from proftui.model import Bools, Floats, grouped
from proftui.model.inclusive import sums


@dataclass(frozen=True, eq=False)
class Routes:
    """Calls that go from an owner to a callee that stays through hidden functions: cost and self cost of the callee.

    Owners that are no rows of the graph are none at all, and several that are taken as one.
    """

    owner: Places
    callee: Places
    cost: Span
    own: Span | None

    def at(self, where: Places) -> Routes:
        """The routes at `where`."""
        own = None if self.own is None else self.own.at(where)
        return Routes(self.owner[where], self.callee[where], self.cost.at(where), own)


def joined(routes: Sequence[Routes], known: Known) -> Routes:
    """One route for each owner and callee, sorted; without those that cannot be."""
    metrics, owners = len(known.own.guess), len(known.graph) + 2
    if not routes:
        none = np.zeros(0, np.intp)
        return Routes(none, none, nothing(metrics, 0), None if known.arc_own is None else nothing(metrics, 0))
    owner = np.concatenate([route.owner for route in routes])
    callee = np.concatenate([route.callee for route in routes])
    first, which = grouped(owner * owners + callee)
    owns = [route.own for route in routes if route.own is not None]
    return Routes(
        owner[first], callee[first], summed(which, beside([route.cost for route in routes]), len(first)),
        summed(which, beside(owns), len(first)) if owns else None,
    )  # fmt: skip


def possible(routes: Routes, known: Known, kept: Bools, slack: Floats) -> Routes:
    """The routes without those that cannot be.

    What was called once has one caller, which pays for all of it: whoever can pay for less does not call it; and where
    one only can, he does. What never recurs does not call itself.
    """
    graph, count = known.graph, len(known.graph)
    if graph.calls is None or graph.primitive_calls is None or graph.derived:
        return routes
    once = (graph.calls == 1)[routes.callee]
    real = routes.owner < count
    caller = np.where(real, routes.owner, 0)
    most = np.minimum(routes.cost.high + slack[:, routes.owner], known.inclusive.high[:, caller])
    most = np.where(real, most, np.inf)
    whole = known.inclusive.low[:, routes.callee]
    too_little = once & (whole > most * (1 + SLACK)).any(axis=0)
    direct = np.flatnonzero(kept[graph.caller] & kept[graph.callee])
    called = np.bincount(graph.callee[direct], minlength=count) > 0
    itself = (routes.owner == routes.callee) & (graph.calls == graph.primitive_calls)[routes.callee]
    stay = np.flatnonzero(~(too_little | itself | (once & called[routes.callee])))
    return _settled(routes.at(stay), routes, known, once[stay])


def _settled(left: Routes, all_routes: Routes, known: Known, once: Bools) -> Routes:
    """The routes that are left, with the guesses of those that are not; the only one to what was called once has it
    all.
    """
    count = len(known.graph)
    guessed = sums(all_routes.callee, all_routes.cost.guess, count)
    now = sums(left.callee, left.cost.guess, count)
    weight = np.where(now[:, left.callee] > 0, left.cost.guess, left.cost.high)
    part = share(weight, sums(left.callee, weight, count)[:, left.callee])
    cost = Span(guessed[:, left.callee] * part, left.cost.low, left.cost.high)
    ways = np.bincount(left.callee, minlength=count)[left.callee]
    surely = once & (ways == 1)
    return replace(left, cost=known.inclusive.at(left.callee).where(surely, cost.settled()))
