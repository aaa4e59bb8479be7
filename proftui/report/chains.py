"""All callers or all callees of one function, near and far, as rows."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from proftui import units
from proftui.analysis.chains import Chains, Side, chains_of
from proftui.analysis.estimate import EstimatedTree
from proftui.analysis.exact import ExactTree
from proftui.analysis.scope import Scope
from proftui.model import Ids
from proftui.report import columns as c
from proftui.report.estimates import amount_cell, limits_record, share_cell, told
from proftui.report.identity import full_name, identity_record, in_base
from proftui.report.neighbours import COST, OWN, SHARE, Base
from proftui.report.rows import Cell, Column, Haystack
from proftui.report.text import safe

DISTANCE = Column("distance", "Away", 5, priority=3, sort="distance")
"""The fewest calls between a function and the one in focus: 1 for a direct caller or callee."""


@dataclass(frozen=True, eq=False)
class ChainRows:
    """One row for each function, or cycle, that calls the one in focus or is called by it, directly or not.

    A caller's costs are those of the function in focus below it; a callee's are its own below the function in focus.
    `base` "parent" takes shares of the inclusive cost of the function in focus, "total" of the whole profile.
    """

    scope: Scope
    tree: ExactTree | EstimatedTree
    metric: int
    focus: int
    side: Side
    sort: str = "inclusive"
    descending: bool = True
    base: Base = "parent"

    @cached_property
    def chains(self) -> Chains:
        """The figures, in no order."""
        return chains_of(self.tree, self.focus, self.side)

    @cached_property
    def order(self) -> Ids:
        """The rows of `chains` in the order in which they are shown; of equal ones the nearest first."""
        chains = self.chains
        if self.sort in ("name", "location", "module"):
            texts = [(self._text(at), at) for at in range(len(chains))]
            order = np.array([at for _, at in sorted(texts)], np.int32)
            return order[::-1] if self.descending else order
        by_key = {"self": chains.self_cost.value, "distance": chains.distance.astype(float)}
        values = np.nan_to_num(by_key.get(self.sort, chains.inclusive.value))
        return np.lexsort((chains.distance, -values if self.descending else values)).astype(np.int32)

    def _text(self, at: int) -> tuple[str, int]:
        functions, function = self.scope.functions, int(self.chains.function[at])
        if function < 0 or self.sort == "name":
            return self._name(at), 0
        if self.sort == "module":
            return functions.module[function], 0
        return functions.file[function], int(functions.line[function])

    @cached_property
    def whole(self) -> float:
        """What shares are taken of, in stored units; NaN where it is unknown."""
        row = self.scope.graph.row_of(self.focus)
        if self.base != "parent" or row is None:
            return self.scope.total(self.metric)
        return float(self.scope.inclusive(self.metric)[row])

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Shares unless costs are wanted."""
        shown = [COST, OWN] if self.base == "absolute" else [SHARE, COST, OWN]
        name = replace(c.NAME, title=f"All {self.side}")
        return (*shown, DISTANCE, name, c.LOCATION)

    def __len__(self) -> int:
        return len(self.chains)

    def cells(self, row: int) -> list[Cell]:
        """One cell for each column."""
        return [self._cell(column.key, int(self.order[row])) for column in self.columns]

    def _cell(self, key: str, at: int) -> Cell:
        chains, unit = self.chains, self.scope.metrics[self.metric].unit
        if key == SHARE.key:
            return share_cell(chains.inclusive, at, self.whole)
        if key == COST.key:
            return amount_cell(chains.inclusive, at, unit, marked=self.base == "absolute")
        if key == OWN.key:
            return amount_cell(chains.self_cost, at, unit, marked=True)
        if key == DISTANCE.key:
            return Cell(units.draw(float(chains.distance[at]), units.COUNT), "dim")
        if key == c.NAME.key:
            return Cell(safe(self._name(at)), "cycle" if chains.function[at] < 0 else "normal")
        function = int(chains.function[at])
        return Cell("" if function < 0 else safe(self.scope.functions.location(function)), "dim")

    def _name(self, at: int) -> str:
        function, condensed = int(self.chains.function[at]), self.chains.condensed
        if function < 0 and condensed is not None:
            return condensed.label(int(self.chains.cycle[at]), self.scope.functions)
        return self.scope.functions.name[function]

    def key(self, row: int) -> Hashable:
        """The function's id; of a cycle its heaviest member's."""
        return self.function(row)

    def depth(self, row: int) -> int:
        """0: a table has no depth."""
        return 0

    def function(self, row: int) -> int:
        """The function's id; of a cycle its heaviest member's."""
        at, condensed = int(self.order[row]), self.chains.condensed
        if self.chains.function[at] < 0 and condensed is not None:
            return int(condensed.graph.function[condensed.members(int(self.chains.cycle[at]))[0]])
        return int(self.chains.function[at])

    def detail(self, row: int) -> str:
        """The function in full, and between which bounds its costs lie."""
        at, unit = int(self.order[row]), self.scope.metrics[self.metric].unit
        cycle = self.chains.function[at] < 0
        name = safe(self._name(at)) if cycle else full_name(self.scope.functions, self.function(row))
        remark = told("cost", self.chains.inclusive, at, unit)
        return f"{name}  {remark}".rstrip()

    def record(self, row: int) -> dict[str, Any]:
        """The row in base units under the names of the JSON schema, with the function in focus."""
        at, metric = int(self.order[row]), self.scope.metrics[self.metric]
        chains, functions = self.chains, self.scope.functions
        cycle = bool(chains.function[at] < 0)
        nobody = {"id": None, "name": self._name(at), "file": None, "line": None, "module": None}
        own = limits_record(chains.self_cost, at, metric.unit)
        return {
            **(nobody if cycle else identity_record(functions, int(chains.function[at]))),
            "calls": None,
            "primitive_calls": None,
            "self": {metric.name: in_base(float(chains.self_cost.shown[at]), metric.unit)},
            "inclusive": {metric.name: in_base(float(chains.inclusive.shown[at]), metric.unit)},
            "callee" if self.side == "callers" else "caller": identity_record(functions, self.focus),
            "distance": int(chains.distance[at]),
            **limits_record(chains.inclusive, at, metric.unit),
            **{f"self_{key}": value for key, value in own.items()},
            "cycle": cycle,
        }

    @cached_property
    def _haystack(self) -> Haystack:
        files = self.scope.functions.file
        return Haystack(
            [
                self._name(at)
                if self.chains.function[at] < 0
                else f"{self._name(at)}\t{files[self.chains.function[at]]}"
                for at in self.order.tolist()
            ]
        )

    def find(self, text: str) -> Ids:
        """The rows whose name or file contains `text`, from top to bottom."""
        return self._haystack.find(text) if len(self) else np.zeros(0, np.int32)
