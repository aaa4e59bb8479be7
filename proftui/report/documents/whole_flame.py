"""A flame graph that is drawn once, for paper: as much of it as can be looked at, and what is to be known of it."""

from __future__ import annotations

from proftui import units
from proftui.analysis.calltree import call_tree
from proftui.analysis.exact import ExactTree
from proftui.analysis.flame import Flame
from proftui.analysis.scope import Scope
from proftui.report.flame import FlameText, known_share

DEEPEST = 400
"""Rows at most; what is left out is said."""


def whole_flame(scope: Scope, metric: int, least: float, most: int) -> FlameText:
    """The boxes down to the row in which they are `most`; the thinnest has the share `least` of the width."""
    source = call_tree(scope, metric)
    flame = Flame(source, least=least, circles=not (scope.cycles or isinstance(source, ExactTree)))
    drawn = 0
    while not flame.ended and len(flame.rows) < DEEPEST and drawn < most:
        drawn += len(flame.rows[-1])
        flame.grow(len(flame.rows) + 1)
    return FlameText(flame, scope, metric)


def widths_known(text: FlameText) -> str:
    """How far the widths of the boxes are known, in a sentence."""
    known = known_share(text.flame.rows)
    if known is None:
        return "There are no costs to draw."
    if isinstance(text.flame.source, ExactTree):
        return "Recorded: all widths are exact."
    if not text.scope.graph.arcs:
        return "Who called whom is not known: functions stand side by side."
    return f"Estimated from a call graph: {units.percent(known, 1.0)} of what is drawn is exact."


def cut_off(text: FlameText) -> str:
    """What was left out, in a sentence; "" for nothing."""
    return "" if text.flame.ended else f"Cut off after {len(text.flame.rows):,} rows of frames."
