"""Where brackets of JSON open and close, told from its bytes alone."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_QUOTE, _BACKSLASH, _OPENS, _CLOSES = 34, 92, 123, 125
_LOWER = 32
"""Makes of square brackets curly ones."""


class Bounds(NamedTuple):
    """Of the items of an array whose opening bracket is cut off.

    whole    one past the last item that is whole, 0 for none; items are objects or arrays
    closing  where the bracket is that closes the array, -1 for nowhere
    """

    whole: int
    closing: int


def array_bounds(text: bytes) -> Bounds:
    """The bounds in the beginning of an array, or in all of it and what stands behind."""
    step = _steps(np.frombuffer(text, np.uint8))
    depth = np.cumsum(step, dtype=np.int32)
    closed = depth < 0
    closing = int(np.argmax(closed)) if closed.any() else -1
    items = np.flatnonzero((step[:closing] if closing >= 0 else step) == -1)
    ends = items[depth[items] == 0]
    return Bounds(int(ends[-1]) + 1 if len(ends) else 0, closing)


def member(text: bytes, name: str) -> int:
    """Where the value of an outermost object's member begins, in the object or the beginning of it; or -1."""
    found = list(re.finditer(rb'"%b"\s*:\s*(?=\S)' % name.encode(), text))
    if not found:
        return -1
    before = np.frombuffer(text[: found[-1].start()], np.uint8)
    depth, outside = np.cumsum(_steps(before), dtype=np.int32), _outside(before)
    for match in found:
        if (at := match.start()) and depth[at - 1] == 1 and outside[at - 1]:
            return match.end()
    return -1


def _steps(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.int8]:
    """For each byte 1 where it opens a bracket, -1 where it closes one, and otherwise 0."""
    kind = codes | _LOWER
    steps: npt.NDArray[np.int8] = (kind == _OPENS).astype(np.int8)
    steps -= kind == _CLOSES
    steps *= _outside(codes)
    return steps


def _outside(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """For each byte whether it is outside of texts, to which the quotation mark that opens one belongs."""
    quotes = codes == _QUOTE
    slashes = np.flatnonzero(codes == _BACKSLASH)
    if len(slashes):
        quotes[_escaped(slashes, len(codes))] = False
    outside: npt.NDArray[np.bool_] = np.cumsum(quotes, dtype=np.uint8) & 1 == 0
    return outside


def _escaped(slashes: npt.NDArray[np.intp], size: int) -> npt.NDArray[np.intp]:
    """Where a byte stands behind an odd number of backslashes."""
    number = np.arange(len(slashes))
    first = np.maximum.accumulate(np.where(np.diff(slashes, prepend=-2) == 1, 0, number))
    behind: npt.NDArray[np.intp] = slashes[(number - first) % 2 == 0] + 1
    return behind[behind < size]
