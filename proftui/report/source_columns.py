"""The columns beside the lines of a source file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from proftui.model import HITS, Metric
from proftui.report.rows import Column
from proftui.report.text import safe

LINE = Column("line", "Line", 5)
SELF_SHARE = Column("self_share", "Self%", 6)
SELF = Column("self", "Self", 9, priority=4)
CALLEES_SHARE = Column("callees_share", "Calls%", 8)
CALLEES = Column("callees", "In calls", 10, priority=3)
INCLUSIVE_SHARE = Column("inclusive_share", "Incl%", 6)
INCLUSIVE = Column("inclusive", "Incl", 9, priority=3)
CALLS = Column("calls", "Calls", 7, priority=1)
OF_FUNCTION = Column("of_function", "Func%", 6)
SECOND = Column("second_self", "", 9, priority=1)
PER_HIT = Column("per_hit", "Per hit", 9, priority=2)
TEXT = Column("text", "Source", 44, "left", flexible=True, cut="end")

BESIDE_FIGURES = 30
"""The least width of the text beside a second metric's figures: theirs is what is wanted."""


def columns_of(
    metrics: Sequence[Metric], second: int | None, *,
    sampled: bool, absolute: bool, alone: bool, called: bool, counted: bool,
) -> tuple[Column, ...]:  # fmt: skip
    """Self, inclusive or in calls, the second metric, calls, line, text; shares beside costs unless costs are wanted.

    sampled   inclusive costs are known, in place of those of calls
    absolute  costs are wanted, without shares
    alone     costs by line are all there is, without calls: they may hold those of callees, and what matters is their
              share of the function, as line_profiler has it
    called, counted  whether any line calls anything, and whether such calls are counted
    """
    shown = [SELF_SHARE, SELF]
    if alone:
        shown = [replace(SELF_SHARE, title="Total%", priority=3), OF_FUNCTION, replace(SELF, title="Cost", priority=0)]
    elif sampled:
        shown += [INCLUSIVE_SHARE, INCLUSIVE]
    elif called:
        shown += [CALLEES_SHARE, CALLEES]
    if absolute:
        shown = [replace(column, priority=0) for column in shown if not column.title.endswith("%")]
    text = TEXT
    if second is not None:
        shown.append(replace(SECOND, title=safe(metrics[second].name)))
        text = replace(TEXT, width=BESIDE_FIGURES)
        if metrics[second] == HITS:
            shown.append(PER_HIT)
    return (*shown, *([CALLS] if counted else []), LINE, text)
