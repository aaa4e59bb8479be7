"""Whether the columns of a session hang together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed

Columns = Mapping[str, npt.NDArray[Any]]


def demand_sound(columns: Columns, sizes: Mapping[str, int]) -> None:
    """Raise Malformed for ids that are out of range, windows in disorder, and rows that make no call trees."""
    _demand_times(columns)
    for name, least, limit in (
        ("function", 0, sizes["functions"]), ("frame", 0, sizes["frames"]), ("thread", 0, sizes["threads"]),
        ("leaf", 0, sizes["rows"]), ("count", 0, 1 << 31), ("entries", 0, sizes["entries"] + 1),
        ("line", -1, 1 << 31), ("defined", -1, 1 << 31), ("above", 0, 1 << 31), ("pid", -1, 1 << 53),
        ("tid", -1, 1 << 63),
    ):  # fmt: skip
        _demand((columns[name] >= least) & (columns[name] <= limit - 1), f"column {name}", "a number is out of range")
    if int(columns["entries"].sum(dtype=np.int64)) != sizes["entries"]:
        raise Malformed("the entries of the windows are not as many as there are entries", "column entries")
    _demand_trees(columns, sizes)


def _demand_times(columns: Columns) -> None:
    for name in ("start", "seconds", "errors", "moment"):
        _demand(np.isfinite(columns[name]) & (columns[name] >= 0), f"column {name}", "a number is below 0 or none")
    for name in ("cpu", "memory", "sampler"):
        _demand(~np.isinf(columns[name]), f"column {name}", "a number is infinite")
    _demand(np.diff(columns["start"], prepend=0) >= 0, "column start", "a window begins before the one before it")


def _demand_trees(columns: Columns, sizes: Mapping[str, int]) -> None:
    above, thread = columns["above"], columns["thread"]
    rows = np.arange(len(above))
    _demand(above <= rows, "column above", "a row is called by one that does not exist")
    caller = rows - above
    _demand((above == 0) | (thread[caller] == thread), "column thread", "a row is not of its caller's thread")
    whose = np.where(above == 0, thread, caller + sizes["threads"])
    keys = np.sort(whose * max(sizes["frames"], 1) + columns["frame"])
    if (keys[1:] == keys[:-1]).any():
        raise Malformed("two rows have the same caller, thread and frame", "column frame")


def _demand(sound: npt.NDArray[np.bool_], where: str, what: str) -> None:
    if not sound.all():
        raise Malformed(what, f"{where}, number {int(np.argmin(sound)) + 1:,}")
