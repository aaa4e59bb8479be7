"""An array that grows at its end."""

from __future__ import annotations

from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", np.int32, np.int64, np.float64)


class Column(Generic[Number]):
    """An array that grows; what was seen of it before stays as it was, in memory of its own."""

    def __init__(self, kind: type[Number]) -> None:
        self._values: npt.NDArray[Number] = np.zeros(1024, kind)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def extend(self, values: npt.ArrayLike) -> None:
        """Add values at the end."""
        more = np.asarray(values, self._values.dtype)
        self._make_room(len(more))
        self._values[self._size : self._size + len(more)] = more
        self._size += len(more)

    def append(self, value: float) -> None:
        """Add one value."""
        self._make_room(1)
        self._values[self._size] = value
        self._size += 1

    def _make_room(self, more: int) -> None:
        size = self._size + more
        if size > len(self._values):
            grown = np.zeros(max(size, 2 * len(self._values)), self._values.dtype)
            grown[: self._size] = self._values[: self._size]
            self._values = grown

    @property
    def view(self) -> npt.NDArray[Number]:
        """The values so far."""
        return self._values[: self._size]
