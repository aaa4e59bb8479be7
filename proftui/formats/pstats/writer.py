"""Writes a profile as a dump of pstats, for snakeviz, `python -m pstats` and whatever else reads one."""

from __future__ import annotations

import marshal
import math
from collections import Counter
from collections.abc import Iterable

from proftui.errors import Unwritable
from proftui.formats.pstats.losses import held
from proftui.formats.pstats.table import Key
from proftui.model import NO_LINE, CallGraph, Floats, Profile, flatten
from proftui.units import TIME

_VERSION = 4
"""Of marshal's encoding: what Python 3.4 to 3.13 write, and every Python since reads."""

_NOT_MEASURED = -1
"""pstats has no word for it; pyinstrument writes this too, and `print_stats` and snakeviz show it as it is."""


def write(profile: Profile) -> list[bytes]:
    """One dump with the sum of the profile's parts: a profile that was read from a dump is written as it was.

    pstats holds one cost: the first metric that is a time, in seconds, or else the first metric, as plain numbers.
    Calls that were not measured are -1; primitive calls that were not are all calls; the self time of an arc that
    was not is 0; an arc without a cost is a bare count of calls, as `profile` writes it. A function of which nothing
    was measured is named as a caller only. The inclusive cost of a member of a cycle is the upper bound where the
    profile knows no better. A function's object is appended to its name where file, line and name are not unique.
    Raises Unwritable where nothing was measured of any function: pstats opens no dump without one.
    The mark by which Python 3.15 tells samples from calls is not written, as every other reader fails on it.
    """
    whole = flatten(profile)
    part = whole.parts[0]
    metric = held(whole)
    scale = 1e9 if whole.metrics[metric].unit == TIME else 1.0
    row = part.metrics.index(metric)
    keys = _keys(whole, part.graph)
    callers = _callers(part.graph, row, scale, keys)
    table: dict[Key, tuple[int, int, float, float, dict[Key, object]]] = {
        key: (primitive, calls, own, inclusive, callers[function])
        for function, (key, primitive, calls, own, inclusive) in enumerate(_rows(part.graph, row, scale, keys))
        if not (math.isnan(own) and math.isnan(inclusive) and calls == _NOT_MEASURED)
    }
    if not table:
        raise Unwritable(f"{profile.name}: nothing was measured of any function, and pstats opens no dump without one")
    return [marshal.dumps(table, _VERSION)]


def _keys(profile: Profile, graph: CallGraph) -> list[Key]:
    """(file, line, name) of each row of the graph, no two equal."""
    functions = [profile.functions.identity(function) for function in graph.function.tolist()]
    times = Counter((file, line, name) for name, file, line, _ in functions)
    keys: dict[Key, None] = {}
    for name, file, line, container in functions:
        shown = f"{name} [{container}]" if container and times[file, line, name] > 1 else name
        at = 0 if line == NO_LINE else line
        while (file, at, shown) in keys:
            shown += " (again)"
        keys[file, at, shown] = None
    return list(keys)


def _rows(graph: CallGraph, row: int, scale: float, keys: list[Key]) -> Iterable[tuple[Key, int, int, float, float]]:
    """(key, primitive calls, calls, self, inclusive) of each function."""
    calls = _counts(graph.calls, len(graph))
    primitive = calls if graph.primitive_calls is None else _counts(graph.primitive_calls, len(graph))
    own, inclusive = ((costs[row] / scale).tolist() for costs in (graph.self_cost, graph.inclusive))
    return zip(keys, primitive, calls, own, inclusive, strict=True)


def _callers(graph: CallGraph, row: int, scale: float, keys: list[Key]) -> list[dict[Key, object]]:
    """For each function {caller: (calls, primitive calls, self, inclusive)}, or {caller: calls} without a cost."""
    calls = _counts(graph.arc_calls, graph.arcs)
    primitive = calls if graph.arc_primitive_calls is None else _counts(graph.arc_primitive_calls, graph.arcs)
    own = [0.0] * graph.arcs if graph.arc_self is None else (graph.arc_self[row] / scale).tolist()
    cost = (graph.arc_cost[row] / scale).tolist()
    callers: list[dict[Key, object]] = [{} for _ in keys]
    for caller, callee, *value in zip(
        graph.caller.tolist(), graph.callee.tolist(), calls, primitive, own, cost, strict=True
    ):
        callers[callee][keys[caller]] = value[0] if math.isnan(value[3]) else tuple(value)
    return callers


def _counts(values: Floats | None, size: int) -> list[int]:
    if values is None:
        return [_NOT_MEASURED] * size
    return [_NOT_MEASURED if math.isnan(value) else round(value) for value in values.tolist()]
