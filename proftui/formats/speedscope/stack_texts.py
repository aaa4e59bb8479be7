"""Stacks as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from proftui.errors import Unwritable
from proftui.formats.json_bytes import MOST_BYTES
from proftui.model import Floats

Sample = tuple[Sequence[int], float]
"""A stack as the numbers of its frames from root to leaf, and what it weighs."""

_ENCODER = msgspec.json.Encoder()


class StackTexts:
    """Writes the stacks of the profile `name`, as far as other tools read a file that long.

    Those of a deep tree whose every row costs something grow with the square of its depth.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._left = MOST_BYTES

    def of(self, samples: Iterable[Sample]) -> tuple[msgspec.Raw, Floats]:
        """The stacks as an array, and the weights. Raises Unwritable."""
        texts: list[bytes] = []
        weights: list[float] = []
        for stack, weight in samples:
            text = _ENCODER.encode(stack)
            self._left -= len(text) + 1
            if self._left < 0:
                raise Unwritable(
                    f"{self._name}: its stacks would take more than {MOST_BYTES >> 20} MiB, which is more than"
                    " speedscope reads; pprof and trace events take less"
                )
            texts.append(text)
            weights.append(weight)
        return msgspec.Raw(b"[%b]" % b",".join(texts)), np.array(weights, np.float64)
