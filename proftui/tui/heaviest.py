"""Where in a call tree a function is found: down the callers that contribute most."""

from __future__ import annotations

import numpy as np

from proftui.analysis.scope import Scope
from proftui.report.calltree import Path


def heaviest_path(scope: Scope, metric: int, function: int) -> Path:
    """The keys from a root to the function (or the cycle that holds it), going up by each one's heaviest caller.

    Empty when the function is not in the scope. Where cycles are left as they are no function is passed twice.
    """
    condensed = scope.condensed
    row = scope.graph.row_of(function)
    if row is None:
        return ()
    path = [int(condensed.node[row])]
    cost = condensed.arc_cost[metric]
    while True:
        incoming = np.flatnonzero(condensed.callee == path[-1])
        incoming = incoming[~np.isin(condensed.caller[incoming], path)]
        if not len(incoming):
            break
        heaviest = incoming[np.argmax(np.nan_to_num(cost[incoming]))]
        path.append(int(condensed.caller[heaviest]))
    return tuple(int(condensed.key[node]) for node in reversed(path))
