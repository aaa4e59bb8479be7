"""The figures of every function and cycle, by column: what sorting and searching need."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from proftui.analysis.condense import Condensed
from proftui.analysis.scope import ESTIMATED, EXACT, MARKS, Figures, Mark, Scope
from proftui.model import NO_LINE, Floats, Ids
from proftui.report.changes import Before
from proftui.report.rows import Haystack

TEXTS = ("name", "location", "module")
"""The sort keys that order by text."""


@dataclass(frozen=True)
class FunctionTable:
    """Rows are the graph's functions first, then its cycles where the scope shows them as units of their own.

    `metric` and `second` are indices of metrics; columns hold stored units, NaN = not measured. Changes are those
    since `before`, where there is something to compare with.
    """

    scope: Scope
    metric: int
    second: int | None = None
    before: Before | None = None

    @cached_property
    def cycles(self) -> Condensed | None:
        """The condensed graph where cycles are shown and there are any."""
        condensed = self.scope.condensed if self.scope.cycles else None
        return condensed if condensed is not None and len(condensed.cycles) else None

    @cached_property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.scope.graph) + (len(self.cycles.cycles) if self.cycles else 0)

    @cached_property
    def self_cost(self) -> Floats:
        """M x size; NaN for a cycle, whose members' rows have it: the column adds up to the total."""
        own = self.scope.graph.self_cost
        return np.hstack([own, np.full((len(own), self.size - own.shape[1]), np.nan)])

    @cached_property
    def inclusive(self) -> Floats:
        """M x size, as shown: NaN where unknown, never above the total."""
        shown = np.stack([self.scope.inclusive(metric) for metric in range(len(self.scope.metrics))])
        if self.cycles is None:
            return shown
        totals = self.scope.graph.totals[:, None]
        return np.hstack([shown, np.minimum(self.cycles.inclusive[:, self.cycles.cycles], totals)])

    @cached_property
    def marks(self) -> npt.NDArray[np.uint8]:
        """How far each row's inclusive cost is known, as indices into MARKS."""
        return self.inclusive_figures(self.metric).mark

    @property
    def estimated(self) -> bool:
        """Whether a filter made the figures estimates."""
        return self.scope.graph.bounds is not None

    @property
    def flat(self) -> bool:
        """Whether no calls are known, and inclusive costs are self costs: then one of them is enough."""
        graph = self.scope.graph
        if not len(graph) or len(graph.callee) or self.estimated or self.before is not None:
            return False
        return np.array_equal(graph.self_cost, graph.inclusive, equal_nan=True)

    def self_figures(self, metric: int) -> Figures:
        """How far the self cost of each row is known; NaN for a cycle."""
        if metric not in self._self_figures:
            blank = np.full(self.size - len(self.scope.graph), np.nan)
            nothing = Figures(blank, blank, blank, np.zeros(len(blank), np.uint8))
            self._self_figures[metric] = self.scope.self_figures(metric).followed_by(nothing)
        return self._self_figures[metric]

    def inclusive_figures(self, metric: int) -> Figures:
        """How far the inclusive cost of each row is known; that of a cycle as a whole is, unless it is estimated."""
        if metric not in self._inclusive_figures:
            figures = self.scope.inclusive_figures(metric)
            if self.cycles is not None:
                figures = figures.followed_by(self.scope.cycle_figures(metric))
            self._inclusive_figures[metric] = figures
        return self._inclusive_figures[metric]

    @cached_property
    def _self_figures(self) -> dict[int, Figures]:
        return {}

    @cached_property
    def _inclusive_figures(self) -> dict[int, Figures]:
        return {}

    @cached_property
    def values(self) -> dict[str, Floats]:
        """The numeric columns by sort key, each of `size`."""
        graph = self.scope.graph
        own, inclusive = self.self_cost[self.metric], self.inclusive[self.metric]
        calls = self._with_cycles(graph.calls)
        primitive = calls if graph.primitive_calls is None else self._with_cycles(graph.primitive_calls)
        values = {"self": own, "inclusive": inclusive, "calls": calls, "primitive_calls": primitive}
        if self.second is not None:
            values["second_self"] = self.self_cost[self.second]
            values["second_inclusive"] = self.inclusive[self.second]
        if self.before is not None:
            # a cycle of before need not be one of now: cycles have no change
            values["self_change"] = self._with_cycles(own[: len(graph)] - self.before.self_cost)
            values["inclusive_change"] = self._with_cycles(inclusive[: len(graph)] - self.before.inclusive)
        with np.errstate(divide="ignore", invalid="ignore"):
            values["self_per_call"] = np.where(calls > 0, own / calls, np.nan)
            values["inclusive_per_call"] = np.where(primitive > 0, inclusive / primitive, np.nan)
        if self.estimated:
            own_known, known = (
                figures(self.metric).mark == EXACT for figures in (self.self_figures, self.inclusive_figures)
            )
            values["self_per_call"] = np.where(own_known, values["self_per_call"], np.nan)
            values["inclusive_per_call"] = np.where(known, values["inclusive_per_call"], np.nan)
        return values

    def change_mark(self, key: str, at: int) -> Mark:
        """How far a change is known: it is an estimate where one of the costs that it lies between is, or a bound."""
        if self.before is None or self.is_cycle(at):
            return MARKS[EXACT]
        of_self = key == "self_change"
        then = self.before.self_known if of_self else self.before.inclusive_known
        now = (self.self_figures if of_self else self.inclusive_figures)(self.metric)
        return MARKS[EXACT if then[at] and now.mark[at] == EXACT else ESTIMATED]

    def _with_cycles(self, column: Floats | None) -> Floats:
        if column is None:
            return np.full(self.size, np.nan)
        return np.concatenate([column, np.full(self.size - len(column), np.nan)])

    def is_cycle(self, at: int) -> bool:
        """Whether the row is a cycle, not a function."""
        return at >= len(self.scope.graph)

    def is_new(self, at: int) -> bool:
        """Whether the row is a function that was not there before."""
        return self.before is not None and not self.is_cycle(at) and bool(self.before.new[at])

    def members(self, at: int) -> Ids:
        """The ids of the functions in a row, heaviest first: one, or all members of a cycle."""
        graph = self.scope.graph
        if self.cycles is None or not self.is_cycle(at):
            return graph.function[at : at + 1]
        return graph.function[self.cycles.members(int(self.cycles.cycles[at - len(graph)]))]

    def function(self, at: int) -> int:
        """The id of the row's function, or of a cycle's heaviest member."""
        return int(self.members(at)[0])

    def key(self, at: int) -> Hashable:
        """The function's id; for a cycle the set of its members' ids, which stays the same while ids do."""
        return frozenset(self.members(at).tolist()) if self.is_cycle(at) else self.function(at)

    @cached_property
    def names(self) -> list[str]:
        """The name of every row."""
        functions = self.scope.functions
        names = [functions.name[function] for function in self.scope.graph.function.tolist()]
        if self.cycles is not None:
            names += [self.cycles.label(int(node), functions) for node in self.cycles.cycles]
        return names

    @cached_property
    def haystack(self) -> Haystack:
        """Names and files, for searching."""
        functions = self.scope.functions
        files = [functions.file[function] for function in self.scope.graph.function.tolist()]
        files += [""] * (self.size - len(files))
        return Haystack([f"{name}\t{file}" for name, file in zip(self.names, files, strict=True)])

    @cached_property
    def _text_orders(self) -> dict[str, Ids]:
        return {}

    def order(self, key: str, *, descending: bool) -> Ids:
        """All rows ordered by a sort key, equal ones by id; what was not measured comes last either way.

        A key of a column that is not there, or not any more, is as good as "self".
        """
        if key not in TEXTS and key not in self.values:
            key = "self"
        if key in self.values:
            values = self.values[key]
            return np.argsort(-values if descending else values, kind="stable").astype(np.int32)
        if key not in self._text_orders:
            self._text_orders[key] = self._by_text(key)
        return self._text_orders[key][::-1] if descending else self._text_orders[key]

    def _by_text(self, key: str) -> Ids:
        """All rows ordered by one of TEXTS."""
        if key == "name":
            return np.array(sorted(range(self.size), key=self.names.__getitem__), np.int32)
        functions, ids = self.scope.functions, self.scope.graph.function
        filler = self.size - len(ids)
        column = functions.module if key == "module" else functions.file
        texts = [column[function] for function in ids.tolist()] + [""] * filler
        # files and modules are few: their ranks sort in a fraction of the time that the texts would take
        ranks = {text: rank for rank, text in enumerate(sorted(set(texts)))}
        by = [np.array([ranks[text] for text in texts], np.int32)]
        if key == "location":
            by.insert(0, np.concatenate([functions.line[ids], np.full(filler, NO_LINE, np.int32)]))
        return np.lexsort(by).astype(np.int32)
