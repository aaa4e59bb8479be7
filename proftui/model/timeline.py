"""What ran when, for formats that keep the order of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proftui.model.arrays import Floats, Ids


@dataclass(frozen=True, eq=False)
class Timeline:
    """A activations of a tree's rows: calls that were traced, or what consecutive samples have in common.

    row           A: the row of the tree; an activation lies within one of that row's parent
    start, end    A: in stored units of the tree's first metric, since the earliest start of the profile.
                  Starts ascend; of equal starts the outer one comes first
    details       what else is known of single activations, such as the arguments of a call
    detail        A: index into `details`, -1 for none
    gaps          whether time passes in which nothing ran; else starts are sums of what was sampled before
    """

    row: Ids
    start: Floats
    end: Floats
    details: tuple[str, ...] = ()
    detail: Ids | None = None
    gaps: bool = True

    def __len__(self) -> int:
        return len(self.row)

    @classmethod
    def of_samples(cls, leaf: Ids, weight: Floats, parent: Ids) -> Timeline:
        """From the leaves (-1 for no stack) and weights of N samples in order, one after the other.

        `parent` is that of the tree's rows. Neighbouring samples are in one activation of each row that both are in.
        """
        at = np.concatenate([[0.0], np.cumsum(weight)])
        begun: dict[int, float] = {}
        path: list[int] = []
        found: list[tuple[float, int, int, float]] = []

        def close(depth: int, now: float) -> None:
            while len(path) > depth:
                row = path.pop()
                found.append((begun.pop(row), len(path), row, now))

        for row, now in zip(leaf.tolist(), at.tolist(), strict=False):
            stack: list[int] = []
            while row >= 0 and row not in begun:
                stack.append(row)
                row = int(parent[row])
            close(path.index(row) + 1 if row >= 0 else 0, now)
            for opened in reversed(stack):
                begun[opened] = now
                path.append(opened)
        close(0, float(at[-1]))
        found.sort()
        starts, _, rows, ends = zip(*found, strict=True) if found else ((), (), (), ())
        return cls(np.array(rows, np.int32), np.array(starts, np.float64), np.array(ends, np.float64), gaps=False)
