"""What was sampled of a thread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from proftui.errors import Malformed
from proftui.formats.gecko.columns import Columns, Indices
from proftui.formats.gecko.document import Thread
from proftui.model import Floats

SAMPLES, TRACED, BYTES = "samples", "tracing-ms", "bytes"
KINDS = (SAMPLES, TRACED, BYTES)

_MOST = 2.0**53


@dataclass(frozen=True, eq=False)
class Samples:
    """N samples in order: the row of each one's stack (-1 for none), its weight, and when it was taken.

    kind   what is weighed: SAMPLES, TRACED (milliseconds) or BYTES
    time   nanoseconds, ascending; None where it is not known
    """

    kind: str
    stack: Indices
    weight: Floats
    time: Floats | None

    @property
    def missing(self) -> float:
        """The weight of samples without a stack."""
        return float(self.weight[self.stack < 0].sum())


def samples_of(thread: Thread, stacks: int, place: str) -> Samples:
    """What was sampled, of a thread with so many rows of stacks. Raises Malformed."""
    table = Columns(thread.samples, f"{place}.samples")
    stack = table.indices("stack", stacks)
    if stack is None:
        stack = np.zeros(0, np.int64)
    kind = table.text("weightType") or SAMPLES
    if kind not in KINDS:
        raise Malformed("the type of weights is not known", f"{place}.samples.weightType")
    weight = table.numbers("weight")
    weight = np.ones(len(stack)) if weight is None else np.nan_to_num(weight, nan=0.0)
    time = _times(table)
    if len(weight) != len(stack) or (time is not None and len(time) != len(stack)):
        raise Malformed("columns are not equally long", f"{place}.samples")
    if np.abs(weight).sum() > (_MOST / 1e6 if kind == TRACED else _MOST):
        raise Malformed("the weights are too large", f"{place}.samples.weight")
    if time is not None and (np.diff(time) < 0).any():
        order = np.argsort(time, kind="stable")
        stack, weight, time = stack[order], weight[order], time[order]
    return Samples(kind, stack, weight, time)


def _times(table: Columns) -> Floats | None:
    """In nanoseconds; None where a time is not known, or too large to be told from the next."""
    time = table.numbers("time")
    if time is None and (deltas := table.numbers("timeDeltas")) is not None:
        with np.errstate(over="ignore", invalid="ignore"):
            time = np.cumsum(deltas)
    if time is None or not (np.abs(time) < _MOST / 1e6).all():
        return None
    return np.rint(time * 1e6)
