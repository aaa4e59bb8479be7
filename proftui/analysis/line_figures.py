"""What the lines of one source file cost, as far as the profile tells: measured by line, sampled, or by function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from proftui.analysis.call_lines import Placement
from proftui.analysis.recursion import outermost
from proftui.analysis.scope import Scope
from proftui.model import Bools, CallTree, Floats, Ids, LineCosts, Part, Profile
from proftui.model.arrays import grouped
from proftui.model.inclusive import sums

Telling = Literal["lines", "samples", "functions"]
"""How a profile tells lines: costs by line and call sites, stacks with current lines, or functions alone."""

Place = Callable[[int, Sequence[int]], Sequence[Placement]]
"""(caller, callees) -> where in the caller's source each of them is called."""


@dataclass(frozen=True, eq=False)
class LineCall:
    """A callee on a line, or on one of several `lines`, or on no line that is known.

    caller, callee   function ids
    perhaps          further lines, which may call it under another name
    cost, calls      M: the callee's inclusive cost; how many calls, NaN where not measured
    """

    caller: int
    callee: int
    lines: tuple[int, ...]
    cost: Floats
    calls: float
    perhaps: tuple[int, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether it can only be called on one line."""
        return len(self.lines) == 1 and not self.perhaps


@dataclass(frozen=True, eq=False)
class LineFigures:
    """The lines of a file that have figures, for M metrics; what was not measured is NaN.

    line         n, ascending
    self_cost    M x n; with telling "functions" the self cost of all of a function, on the line that it begins on
    inclusive    M x n, or None where only the calls on a line are known: each sample counts once, however deep
    calls        the callees on lines; those without lines are known to be called, but not where
    extent       by function that has figures in the file, the first and the last line that it has them on
    estimated    the figures are estimates, as those of a filtered call graph are
    """

    telling: Telling
    line: Ids
    self_cost: Floats
    inclusive: Floats | None
    calls: tuple[LineCall, ...]
    extent: dict[int, tuple[int, int]]
    estimated: bool = False

    def row(self, line: int) -> int | None:
        """The column of a line, or None for one without self cost."""
        at = int(np.searchsorted(self.line, line))
        return at if at < len(self.line) and self.line[at] == line else None

    @cached_property
    def calls_on(self) -> dict[int, tuple[LineCall, ...]]:
        """The calls that are, or may be, made on each line, the costliest first."""
        return _by_line(self.calls, lambda call: call.lines)

    @cached_property
    def perhaps_on(self) -> dict[int, tuple[LineCall, ...]]:
        """What each line may call under another name, the costliest first."""
        return _by_line(self.calls, lambda call: call.perhaps)

    def unplaced(self, function: int) -> tuple[LineCall, ...]:
        """What a function calls in places that are not known."""
        return tuple(call for call in self.calls if call.caller == function and not call.lines)


def _by_line(
    calls: Iterable[LineCall], lines: Callable[[LineCall], tuple[int, ...]]
) -> dict[int, tuple[LineCall, ...]]:
    found: dict[int, list[LineCall]] = {}
    for call in sorted(calls, key=lambda call: -float(np.nan_to_num(call.cost).max(initial=0.0))):
        for line in lines(call):
            found.setdefault(line, []).append(call)
    return {line: tuple(on_line) for line, on_line in found.items()}


def telling_of(scope: Scope, metric: int) -> Telling:
    """How the chosen parts that measure a metric tell lines, the most exact way that all of them have."""
    parts = _parts(scope, metric)
    if parts and all(part.lines is not None for part in parts):
        return "lines"
    sampled = all(part.tree is not None and bool((part.tree.frames.line > 0).any()) for part in parts)
    return "samples" if parts and sampled else "functions"


def figures_of(scope: Scope, metric: int, file: str, place: Place) -> LineFigures:
    """The figures of a file's lines; `place` is asked only where the profile knows functions alone."""
    telling = telling_of(scope, metric)
    parts = _parts(scope, metric)
    if telling == "samples":
        return _of_samples(scope.profile, parts, file)
    if telling == "lines":
        return _of_lines(scope, parts, file)
    return _of_functions(scope, file, place)


def _parts(scope: Scope, metric: int) -> list[Part]:
    profile = scope.profile
    chosen = profile.parts if scope.parts is None else [profile.parts[part] for part in scope.parts]
    return [part for part in chosen if metric in part.metrics]


# ------------------------------------------------------------------ stacks with current lines


def _of_samples(profile: Profile, parts: Sequence[Part], file: str) -> LineFigures:
    width = len(profile.metrics)
    inside = np.array([name == file for name in profile.functions.file], np.bool_)
    own, every, calls = _Sums(width), _Sums(width), _Sums(width)
    extent: dict[int, tuple[int, int]] = {}
    for part in parts:
        if part.tree is None:
            continue
        tree, metrics = part.tree, list(part.metrics)
        function, line = tree.function, tree.frames.line[tree.frame]
        here = inside[function] & (line > 0)
        inclusive = tree.inclusive()
        _extend(extent, function[here], line[here])
        own.add(metrics, [line[here]], tree.self_cost[:, here])
        first = here & tree.outermost_of(np.where(here, line, -1).astype(np.int32))
        every.add(metrics, [line[first]], inclusive[:, first])
        rows = _outermost_calls(tree, here)
        above = tree.parent[rows]
        calls.add(metrics, [line[above], function[above], function[rows]], inclusive[:, rows])
    (lines,), self_cost = own.total(1)
    (all_lines,), inclusive = every.total(1)
    called, cost = calls.total(3)
    placed = tuple(
        LineCall(caller, callee, (line,), cost[:, at], float("nan"))
        for at, (line, caller, callee) in enumerate(zip(*(column.tolist() for column in called), strict=True))
    )
    wide = np.zeros((width, len(all_lines)))
    wide[:, np.searchsorted(all_lines, lines)] = self_cost
    return LineFigures("samples", all_lines, wide, inclusive, placed, extent)


def _extend(extent: dict[int, tuple[int, int]], functions: Ids, lines: Ids) -> None:
    """Let the extents of functions hold these lines too; what has no line number extends nothing."""
    pairs = np.unique(np.stack([functions[lines > 0], lines[lines > 0]]), axis=1)
    for function, line in pairs.T.tolist():
        first, last = extent.get(function, (line, line))
        extent[function] = min(first, line), max(last, line)


def _outermost_calls(tree: CallTree, here: Bools) -> Ids:
    """The rows called from a line of the file that lie in no other call of the same function from that line."""
    rows = np.flatnonzero((tree.parent >= 0) & here[tree.parent])
    group = np.full(len(tree), -1, np.int32)
    above = tree.parent[rows]
    keys = tree.frame[above].astype(np.int64) * (int(tree.function.max(initial=0)) + 1) + tree.function[rows]
    _, group_of = grouped(keys)
    group[rows] = group_of
    return rows[tree.outermost_of(group)[rows]].astype(np.int32)


class _Sums:
    """Costs added up by keys of several columns, over parts that measure some of M metrics."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._keys: list[list[Ids]] = []
        self._costs: list[Floats] = []

    def add(self, metrics: Sequence[int], keys: Sequence[Ids], costs: Floats) -> None:
        wide = np.full((self._width, costs.shape[1]), np.nan)
        wide[list(metrics)] = costs
        self._keys.append(list(keys))
        self._costs.append(wide)

    def total(self, columns: int) -> tuple[list[Ids], Floats]:
        """The distinct keys in ascending order, column by column, and their sums; NaN where none was measured."""
        if not self._keys:
            return [np.zeros(0, np.int32)] * columns, np.zeros((self._width, 0))
        keys = [np.concatenate([each[column] for each in self._keys]) for column in range(columns)]
        costs = np.concatenate(self._costs, axis=1)
        distinct, which = np.unique(np.stack(keys), axis=1, return_inverse=True)
        which = which.reshape(-1).astype(np.int32)
        count = distinct.shape[1]
        added = sums(which, np.nan_to_num(costs), count)
        measured = sums(which, (~np.isnan(costs)).astype(np.float64), count)
        return [column.astype(np.int32) for column in distinct], np.where(measured > 0, added, np.nan)


# ------------------------------------------------------------------ costs by line


def _of_lines(scope: Scope, parts: Sequence[Part], file: str) -> LineFigures:
    base = outermost(scope.functions) if scope.joined else None
    width = len(scope.metrics)
    own, sites, counts = _Sums(width), _Sums(width), _Sums(1)
    extent: dict[int, tuple[int, int]] = {}
    for part in parts:
        if (lines := part.lines) is None:
            continue
        metrics = list(part.metrics)
        inside, called = _in_file(lines, file)
        _extend(extent, lines.function[inside], lines.line[inside])
        _extend(extent, lines.site_caller[called], lines.site_line[called])
        own.add(metrics, [lines.line[inside]], lines.cost[:, inside])
        ends = [lines.site_caller[called], lines.site_callee[called]]
        keys = [lines.site_line[called], *(ends if base is None else [base[end] for end in ends])]
        sites.add(metrics, keys, lines.site_cost[:, called])
        counts.add([0], keys, lines.site_calls[None, called])
    (line,), self_cost = own.total(1)
    called_at, cost = sites.total(3)
    _, count = counts.total(3)
    calls = tuple(
        LineCall(caller, callee, (at,) if at > 0 else (), cost[:, row], float(count[0, row]))
        for row, (at, caller, callee) in enumerate(zip(*(column.tolist() for column in called_at), strict=True))
    )
    known = line > 0
    return LineFigures("lines", line[known], self_cost[:, known], None, calls, extent)


def _in_file(lines: LineCosts, file: str) -> tuple[Bools, Bools]:
    """Which lines of cost, and which call sites, lie in a file."""
    same = np.array([name == file for name in lines.files], np.bool_)
    return same[lines.file], same[lines.site_file]


def elsewhere(scope: Scope, metric: int, function: int) -> list[tuple[str, float]]:
    """(file, self cost) for the other files in which lines of a function lie, as inlined code does; costliest first."""
    costs: dict[str, float] = {}
    own = scope.functions.file[function]
    for part in _parts(scope, metric):
        if (lines := part.lines) is None:
            continue
        rows = np.flatnonzero(lines.function == function)
        values = lines.cost[part.metrics.index(metric), rows].tolist()
        for file, cost in zip(lines.file[rows].tolist(), values, strict=True):
            if lines.files[file] != own:
                costs[lines.files[file]] = costs.get(lines.files[file], 0.0) + cost
    return sorted(((file, cost) for file, cost in costs.items() if cost), key=lambda each: -each[1])


# ------------------------------------------------------------------ functions alone


def _of_functions(scope: Scope, file: str, place: Place) -> LineFigures:
    """Self costs where functions begin, and callees where the source says that they are called."""
    functions, graph = scope.functions, scope.graph
    rows = [row for row, function in enumerate(graph.function.tolist()) if functions.file[function] == file]
    ids = graph.function[rows] if rows else np.zeros(0, np.int32)
    beginning = np.array([int(functions.line[function]) for function in ids.tolist()], np.int32)
    known = beginning > 0
    line, which = np.unique(beginning[known], return_inverse=True)
    self_cost = sums(which.astype(np.int32), graph.self_cost[:, np.array(rows, np.int64)[known]], len(line))
    calls = tuple(call for row in rows for call in _calls_of(scope, row, place))
    extent = {function: (at, at) for function, at in zip(ids.tolist(), beginning.tolist(), strict=True) if at > 0}
    estimated = graph.bounds is not None
    return LineFigures("functions", line.astype(np.int32), self_cost, None, calls, extent, estimated)


def _calls_of(scope: Scope, row: int, place: Place) -> Iterable[LineCall]:
    graph = scope.graph
    arcs = graph.callees_of(row)
    if not len(arcs):
        return
    caller, callees = int(graph.function[row]), graph.function[graph.callee[arcs]].tolist()
    calls = np.full(len(arcs), np.nan) if graph.arc_calls is None else graph.arc_calls[arcs]
    placements = place(caller, callees)
    for arc, callee, count, at in zip(arcs.tolist(), callees, calls.tolist(), placements, strict=True):
        yield LineCall(caller, callee, at.lines, graph.arc_cost[:, arc], count, at.perhaps)
