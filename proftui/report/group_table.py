"""The figures of groups of functions, by column: what sorting and searching need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from proftui.analysis.groups import GroupCosts
from proftui.analysis.scope import Figures
from proftui.model import Floats, Ids
from proftui.model.inclusive import sums
from proftui.report import columns as c
from proftui.report.function_table import FunctionTable
from proftui.report.rows import Haystack


@dataclass(frozen=True, eq=False)
class GroupTable:
    """Rows are the groups of `costs`, whose members are the functions of `functions`; cycles are in no group."""

    functions: FunctionTable
    costs: GroupCosts

    def __len__(self) -> int:
        return len(self.costs)

    @cached_property
    def names(self) -> list[str]:
        """The name of every group."""
        names = self.costs.grouping.names
        return [names[group] for group in self.costs.group.tolist()]

    @cached_property
    def places(self) -> list[str]:
        """Where every group is, where its name alone does not say."""
        places = self.costs.grouping.places
        return [places[group] for group in self.costs.group.tolist()]

    @cached_property
    def of_function(self) -> Ids:
        """The group of each row of the functions' table, -1 of a cycle."""
        table, costs = self.functions, self.costs
        place = np.full(len(costs.grouping), -1, np.int32)
        place[costs.group] = np.arange(len(costs), dtype=np.int32)
        of = np.full(table.size, -1, np.int32)
        graph = table.scope.graph
        of[: len(graph)] = place[costs.grouping.of[graph.function]]
        return of

    @cached_property
    def values(self) -> dict[str, Floats]:
        """The numeric columns by sort key; what no figure of a group can be told of is NaN."""
        table, costs = self.functions, self.costs
        unknown = np.full(len(costs), np.nan)
        own, inclusive = costs.own[table.metric].shown, costs.inclusive[table.metric].shown
        calls = unknown if costs.calls is None else costs.calls
        values = dict.fromkeys(table.values, unknown) | {"self": own, "inclusive": inclusive, "calls": calls}
        if table.second is not None:
            values["second_self"] = costs.own[table.second].shown
            values["second_inclusive"] = costs.inclusive[table.second].shown
        if table.before is not None:
            members = np.flatnonzero(self.of_function >= 0)
            changes = table.values["self_change"][members]
            values["self_change"] = sums(self.of_function[members], changes[None], len(costs))[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            values["self_per_call"] = np.where(calls > 0, own / calls, np.nan)
            values["inclusive_per_call"] = np.where(calls > 0, inclusive / calls, np.nan)
        return values

    def figures(self, key: str) -> Figures | None:
        """What is known of a column of costs of the metric, or None for other columns."""
        if key in (c.SELF.key, c.SELF_SHARE.key):
            return self.costs.own[self.functions.metric]
        if key in (c.INCLUSIVE.key, c.INCLUSIVE_SHARE.key):
            return self.costs.inclusive[self.functions.metric]
        return None

    def order(self, key: str, *, descending: bool) -> Ids:
        """All groups ordered by a sort key of the functions' table; what is not known comes last either way."""
        if key in self.values:
            values = self.values[key]
            return np.argsort(-values if descending else values, kind="stable").astype(np.int32)
        texts = self.places if key == "location" else self.names
        order = np.array(sorted(range(len(self)), key=texts.__getitem__), np.int32)
        return order[::-1] if descending else order

    @cached_property
    def haystack(self) -> Haystack:
        """Names and places, for searching."""
        return Haystack([f"{name}\t{place}" for name, place in zip(self.names, self.places, strict=True)])
