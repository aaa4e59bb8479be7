"""Windows that are made by hand, or drawn by Hypothesis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from proftui.model.recording import Windows


def windows_of(
    starts: Sequence[float],
    seconds: Sequence[float] | float = 1.0,
    samples: Sequence[int] | int = 100,
    **more: Sequence[float] | float,
) -> Windows:
    """Each window with one stack that was sampled so often; `more` are errors, cpu, memory and sampler."""
    count = len(starts)

    def column(values: Sequence[float] | float) -> Any:
        return np.broadcast_to(np.asarray(values, np.float64), count).copy()

    return Windows(
        start=column(starts),
        seconds=column(seconds),
        entries=np.arange(count + 1, dtype=np.int64),
        leaf=np.zeros(count, np.int32),
        count=np.broadcast_to(np.asarray(samples, np.int32), count).copy(),
        errors=column(more.get("errors", 0.0)),
        cpu=column(more.get("cpu", math.nan)),
        memory=column(more.get("memory", math.nan)),
        sampler=column(more.get("sampler", math.nan)),
    )


@st.composite
def windows_drawn(draw: st.DrawFn, least: int = 1, most: int = 300) -> Windows:
    """Windows of all lengths, some after a while without any."""
    lengths = st.one_of(st.just(1.0), st.floats(0.01, 60.0))
    waits = st.one_of(st.just(0.0), st.floats(0.0, 300.0))
    steps = draw(st.lists(st.tuples(waits, lengths), min_size=least, max_size=most))
    seconds = np.array([length for _, length in steps])
    ends = np.cumsum([wait + length for wait, length in steps])
    return windows_of(list(ends - seconds), list(seconds))
