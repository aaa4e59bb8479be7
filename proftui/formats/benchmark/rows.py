"""cProfile's rows of a benchmark, as pytest-benchmark prints them, as a graph without arcs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from proftui.errors import Malformed
from proftui.formats.benchmark.document import Number, Row
from proftui.formats.frame_ids import FrameIds
from proftui.model import NO_FILE, NO_LINE, CallGraph

LEFT_OUT = "(functions that the file leaves out)"

_PLACED = re.compile(r"(.*?):([0-9]{1,9})\((.*)\)", re.DOTALL)
_CALLS = re.compile(r"([0-9]{1,15})(?:/([0-9]{1,15}))?")

_WORTH_TELLING = 0.01
"""Share of the time from which on what is left out becomes a row: cProfile's own sums are off by less."""

_LONGEST = 2.0**53
"""Nanoseconds, some 104 days."""


def nanoseconds(seconds: Number, place: str) -> float:
    """Seconds as nanoseconds. Raises Malformed for what no clock measures."""
    time = float(seconds) * 1e9 if abs(seconds) < _LONGEST else _LONGEST
    if not 0 <= time < _LONGEST:
        raise Malformed("a time is below zero or above 104 days", place)
    return float(round(time))


def graph_of(rows: Sequence[Row], ids: FrameIds, place: str) -> CallGraph:
    """The graph of a benchmark's rows.

    pytest-benchmark keeps the foremost functions only. As one of them lasted for longer than all take themselves, what
    others took is known, and is the self cost of LEFT_OUT; its inclusive cost is not known. Raises Malformed.
    """
    functions: dict[int, list[float]] = {}
    for number, row in enumerate(rows):
        at = f"{place}.cprofile[{number}]"
        calls, primitive = _calls(row.calls, at)
        figures = (nanoseconds(row.own, at), nanoseconds(row.inclusive, at), calls, primitive)
        sums = functions.setdefault(ids.function(*_identity(row.function)), [0.0] * len(figures))
        sums[:] = [before + figure for before, figure in zip(sums, figures, strict=True)]
    missing = _missing([figures[:2] for figures in functions.values()])
    if missing:
        functions[ids.function(LEFT_OUT)] = [missing, np.nan, np.nan, np.nan]
    order = sorted(functions)
    own, inclusive, all_calls, primitive_calls = np.array([functions[function] for function in order]).T
    none = np.zeros(0, np.int32)
    return CallGraph(
        np.array(order, np.int32), own[None], inclusive[None], none, none, np.zeros((1, 0)),
        calls=all_calls, primitive_calls=primitive_calls,
    )  # fmt: skip


def _missing(times: Sequence[Sequence[float]]) -> float:
    """The nanoseconds that no function of (self, inclusive) ones took though one of them lasted so long, or 0."""
    total, longest = sum(own for own, _ in times), max(inclusive for _, inclusive in times)
    return longest - total if longest - total > _WORTH_TELLING * longest else 0.0


def _identity(text: str) -> tuple[str, str, int]:
    """(name, file, line) of "file:line(name)"."""
    match = _PLACED.fullmatch(text)
    if match is None:
        return text, "", NO_LINE
    file, line, name = match[1], int(match[2]), match[3]
    return name, file, NO_LINE if file == NO_FILE and not line else min(line, 2**31 - 1)


def _calls(text: str, place: str) -> tuple[float, float]:
    """All calls and primitive ones."""
    match = _CALLS.fullmatch(text)
    if match is None:
        raise Malformed("a number of calls is none", place)
    return float(match[1]), float(match[2] or match[1])
