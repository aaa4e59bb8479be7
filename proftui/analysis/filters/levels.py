"""A condensed graph level by level: each component below all that call it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.intp]


def level_of(count: int, tail: npt.NDArray[np.integer], head: npt.NDArray[np.integer]) -> Places:
    """The length of the longest way to each of `count` nodes of an acyclic graph, in waves."""
    order = np.argsort(tail, kind="stable")
    heads = head[order]
    starts = np.searchsorted(tail[order], np.arange(count + 1))
    waiting = np.bincount(head, minlength=count)
    level = np.zeros(count, np.intp)
    ready = np.flatnonzero(waiting == 0)
    depth = 0
    while len(ready):
        level[ready] = depth
        depth += 1
        reached = heads[spread(starts[ready], starts[ready + 1])]
        np.subtract.at(waiting, reached, 1)
        ready = np.unique(reached[waiting[reached] == 0])
    return level


def led_to(
    start: npt.NDArray[np.bool_], tail: npt.NDArray[np.integer], head: npt.NDArray[np.integer]
) -> npt.NDArray[np.bool_]:
    """The nodes that one can get to from those at the `start`, these included."""
    reached: npt.NDArray[np.bool_] = start.copy()
    arcs = np.arange(len(tail))
    while True:
        fresh = head[arcs[reached[tail[arcs]]]]
        reached[fresh] = True
        arcs = arcs[~reached[head[arcs]]]
        if not len(fresh):
            return reached


def spread(begins: Places, ends: Places) -> Places:
    """The numbers of all ranges begins[i]:ends[i], one range after the other."""
    lengths = ends - begins
    total = np.cumsum(lengths)
    if not len(total) or not total[-1]:
        return np.zeros(0, np.intp)
    ranges: Places = np.arange(total[-1]) + np.repeat(begins - total + lengths, lengths)
    return ranges


@dataclass(frozen=True, eq=False)
class Slices:
    """Items ordered by the level that each belongs to: those of level l are order[starts[l]:starts[l + 1]]."""

    order: Places
    starts: Places

    @classmethod
    def of(cls, level: Places, levels: int) -> Slices:
        """Of items with a level each."""
        order = np.argsort(level.astype(np.int32), kind="stable")
        return cls(order, np.searchsorted(level[order], np.arange(levels + 1)))

    def __getitem__(self, level: int) -> Places:
        return self.order[self.starts[level] : self.starts[level + 1]]
