"""The figures of every part of a profile, by column."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from proftui.model import Floats, Part, Profile
from proftui.report.rows import Haystack

TEXTS = ("name", "kind", "largest")
"""The sort keys that order by text."""


@dataclass(frozen=True, eq=False)
class PartTable:
    """Rows are the P parts of `profile`, then its processes of several parts, whose figures are sums.

    `metric` is the index of the one that shares and the largest function are about; NaN = not measured. Shares are of
    the sum of the parts `of`, None for all.
    """

    profile: Profile
    metric: int
    of: tuple[int, ...] | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The profile's."""
        return self.profile.parts

    @cached_property
    def processes(self) -> dict[int, list[int]]:
        """The parts of each process that has several, by its id."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for at, part in enumerate(self.parts):
            if part.pid is not None:
                found[part.pid].append(at)
        return {pid: members for pid, members in found.items() if len(members) > 1}

    @cached_property
    def members(self) -> list[list[int]]:
        """The parts that each row is the sum of."""
        return [[at] for at in range(len(self.parts))] + list(self.processes.values())

    def __len__(self) -> int:
        return len(self.members)

    def is_process(self, at: int) -> bool:
        """Whether the row is a process of several parts."""
        return at >= len(self.parts)

    @cached_property
    def names(self) -> list[str]:
        """What every row is called."""
        return [part.label for part in self.parts] + [f"process {pid}" for pid in self.processes]

    @cached_property
    def pids(self) -> list[int | None]:
        """The process of every row."""
        return [part.pid for part in self.parts] + list(self.processes)

    @cached_property
    def totals(self) -> Floats:
        """M x rows: the sum of self cost."""
        totals = np.full((len(self.profile.metrics), len(self.parts)), np.nan)
        for metric, row in enumerate(totals):
            for at, part in enumerate(self.parts):
                if metric in part.metrics and not self.profile.only_over_time:
                    place = part.metrics.index(metric)
                    own = part.graph.self_cost[place]
                    row[at] = np.nan if len(own) and np.isnan(own).all() else part.graph.totals[place]
        return np.hstack([totals, self._summed(totals)])

    def _summed(self, columns: Floats) -> Floats:
        """M x processes: the sums of what was measured, NaN where nothing was."""
        sums = [
            np.where(np.isnan(part := columns[:, members]).all(axis=1), np.nan, np.nansum(part, axis=1))
            for members in self.processes.values()
        ]
        return np.stack(sums, axis=1) if sums else np.zeros((len(columns), 0))

    @cached_property
    def calls(self) -> Floats:
        """Rows: all calls."""
        calls = [np.nan if part.graph.calls is None else np.nansum(part.graph.calls) for part in self.parts]
        column = np.array(calls, np.float64)
        return np.concatenate([column, self._summed(column[None])[0]])

    @cached_property
    def functions(self) -> Floats:
        """Rows: how many functions were touched; NaN for a process, whose parts share some."""
        return np.array([len(part.graph) for part in self.parts] + [np.nan] * len(self.processes))

    @cached_property
    def largest(self) -> list[tuple[int, float] | None]:
        """The function with the most self cost of each row, and that cost; None of a process or where there is none."""
        return [self._largest(part) for part in self.parts] + [None] * len(self.processes)

    def _largest(self, part: Part) -> tuple[int, float] | None:
        if self.metric not in part.metrics or not len(part.graph):
            return None
        own = part.graph.self_cost[part.metrics.index(self.metric)]
        at = int(np.argmax(np.nan_to_num(own)))
        return (int(part.graph.function[at]), float(own[at])) if own[at] > 0 else None

    @cached_property
    def whole(self) -> float:
        """What shares refer to."""
        parts = range(len(self.parts)) if self.of is None else self.of
        return float(np.nansum(self.totals[self.metric, list(parts)]))

    def order(self, key: str, *, descending: bool) -> list[int]:
        """All rows: processes and lone parts by a sort key, below each process its parts by the same."""
        inner = {at for members in self.processes.values() for at in members}
        outer = [at for at in range(len(self)) if at not in inner]
        ordered: list[int] = []
        for at in self._sorted(outer, key, descending=descending):
            ordered.append(at)
            if self.is_process(at):
                ordered += self._sorted(self.members[at], key, descending=descending)
        return ordered

    def _sorted(self, rows: list[int], key: str, *, descending: bool) -> list[int]:
        if key in TEXTS:
            texts = self._texts(key)
            return sorted(rows, key=texts.__getitem__, reverse=descending)
        values = self._values(key)[rows]
        order = np.argsort(-values if descending else values, kind="stable")
        return [rows[at] for at in order]

    def _texts(self, key: str) -> list[str]:
        if key == "name":
            return self.names
        if key == "kind":
            return [*(part.kind for part in self.parts), *["process"] * len(self.processes)]
        names = self.profile.functions.name
        return ["" if found is None else names[found[0]] for found in self.largest]

    def _values(self, key: str) -> Floats:
        if key in ("functions", "calls"):
            return self.functions if key == "functions" else self.calls
        if key in ("pid", "tid"):
            ids = self.pids if key == "pid" else [part.tid for part in self.parts] + [None] * len(self.processes)
            return np.array([np.nan if number is None else number for number in ids], np.float64)
        metric = int(key.removeprefix("total_")) if key.startswith("total_") else self.metric
        totals: Floats = self.totals[metric]
        return totals

    @cached_property
    def haystack(self) -> Haystack:
        """Names, kinds, processes and threads, for searching."""
        texts = [f"{part.label}\t{part.kind}\t{part.pid}\t{part.tid}" for part in self.parts]
        return Haystack(texts + self.names[len(self.parts) :])
