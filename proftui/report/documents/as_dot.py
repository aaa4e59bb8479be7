"""The call graph for graphviz, drawn as gprof2dot's users know it (https://graphviz.org/doc/info/lang.html).

A node has a function's name, its place, its share of the total with what it calls and, in brackets, without that, and
its calls; an edge has the share of what is called there, and the calls. The hotter, the redder.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from colorsys import hls_to_rgb

import numpy as np
import numpy.typing as npt

from proftui import units
from proftui.analysis.scope import ESTIMATED, EXACT, Figures, Scope
from proftui.model import Floats
from proftui.report.documents.report import Report, Style
from proftui.report.estimates import share_cell
from proftui.report.text import middle, safe

LEAST_NODE, LEAST_EDGE = 0.005, 0.001
"""The shares of the total from which on functions and calls are drawn, as in gprof2dot."""

LONGEST, LONGEST_TIP = 60, 1000
"""Letters of a name, and of a tooltip, at most."""

_COLD, _HOT = (2 / 3, 0.25, 0.8), (0.0, 0.5, 1.0)
"""Hue, lightness and saturation of no share and of all of it."""

_BRIGHT = 0.55

_FONT = 'fontname="Helvetica, Arial, sans-serif"'

Rows = npt.NDArray[np.intp]


def lines(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  # every document takes a style
    """The lines of the graph."""
    scope, metric = report.scope, report.metric
    total = scope.total(metric)
    nodes = _nodes(scope, metric, total)
    edges = _edges(scope, metric, total, nodes)
    yield "digraph {"
    title = _quoted(_title(report, len(nodes), len(edges)), *report.captions)
    yield f'\tgraph [{_FONT}, label={title}, labelloc="t", nodesep=0.125, ranksep=0.25];'
    yield f"\tnode [{_FONT}, shape=box, style=filled, height=0, width=0];"
    yield f"\tedge [{_FONT}];"
    inclusive, own = scope.inclusive_figures(metric), scope.self_figures(metric)
    for row in nodes.tolist():
        yield _node(scope, row, inclusive, own, total)
    costs = scope.arc_figures(metric)
    for arc in edges.tolist():
        yield _edge(scope, arc, costs, total)
    yield "}"


def _nodes(scope: Scope, metric: int, total: float) -> Rows:
    """The rows of functions that are drawn: those whose share is not known by what they cost themselves."""
    own, inclusive = scope.self_figures(metric).shown, scope.inclusive_figures(metric).shown
    return np.flatnonzero(_shares(np.where(np.isnan(inclusive), own, inclusive), total) >= LEAST_NODE)


def _edges(scope: Scope, metric: int, total: float, nodes: Rows) -> Rows:
    """The arcs between drawn functions that are drawn."""
    graph = scope.graph
    drawn = np.zeros(len(graph), np.bool_)
    drawn[nodes] = True
    wanted = drawn[graph.caller] & drawn[graph.callee] & (_shares(graph.arc_cost[metric], total) >= LEAST_EDGE)
    return np.flatnonzero(wanted)


def _shares(cost: Floats, total: float) -> Floats:
    """Of the total, by amount: differences may be below zero."""
    shares: Floats = np.abs(np.nan_to_num(cost)) / abs(total) if total and np.isfinite(total) else np.zeros(len(cost))
    return shares


def _title(report: Report, nodes: int, edges: int) -> str:
    profile = report.scope.profile
    of = f"{nodes:,} of {units.counted(len(report.scope.graph), 'function')}, {units.counted(edges, 'edge')}"
    name, label = middle(safe(profile.name), LONGEST), safe(report.measured.label)
    text = f"{name}: {label}, {report.amount} ({profile.origin.kind}); {of}"
    marked = report.scope.marks(report.metric)
    if (marked == ESTIMATED).any():
        text += "; ~ estimated"
    return text + ("; <= at most" if ((marked != EXACT) & (marked != ESTIMATED)).any() else "")


def _node(scope: Scope, row: int, inclusive: Figures, own: Figures, total: float) -> str:
    function = int(scope.graph.function[row])
    name, place = scope.functions.name[function], scope.functions.location(function)
    told = [middle(safe(name), LONGEST)]
    if place:
        told.append(middle(safe(place.replace("\\", "/").rpartition("/")[2]), LONGEST))
    told.append(share_cell(inclusive, row, total).text)
    told.append(f"({share_cell(own, row, total).text})")
    if calls := _calls(scope.graph.calls, row):
        told.append(calls)
    tip = middle(safe(f"{name} {place} {scope.functions.module_at(function)}".rstrip()), LONGEST_TIP)
    share = _known(inclusive, own, row) / total if total else 0.0
    look = f'color="{_colour(share)}", fontcolor={_letters(share)}'
    return f"\tf{function} [label={_quoted(*told)}, tooltip={_quoted(tip)}, {look}];"


def _known(inclusive: Figures, own: Figures, row: int) -> float:
    shown = float(inclusive.shown[row])
    return float(own.value[row]) if math.isnan(shown) else shown


def _edge(scope: Scope, arc: int, costs: Figures, total: float) -> str:
    graph = scope.graph
    caller, callee = (int(graph.function[rows[arc]]) for rows in (graph.caller, graph.callee))
    shown = float(costs.shown[arc])
    share = abs(shown / total) if total and not math.isnan(shown) else 0.0
    told = [share_cell(costs, arc, total).text]
    if calls := _calls(graph.arc_calls, arc):
        told.append(calls)
    colour, wide, head = _colour(share), max(4 * share, 0.5), max(math.sqrt(min(share, 1.0)), 0.35)
    look = f'color="{colour}", penwidth={wide:.2f}, arrowsize={head:.2f}'
    return f"\tf{caller} -> f{callee} [label={_quoted(*told)}, {look}];"


def _calls(calls: Floats | None, at: int) -> str:
    """How often, as gprof2dot has it; nothing where that is not known."""
    return "" if calls is None or np.isnan(calls[at]) else f"{units.draw(float(calls[at]), units.COUNT)}×"


def _colour(share: float) -> str:
    """From cold to hot."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in _rgb(share))


def _letters(share: float) -> str:
    """The colour of letters that can be read on that of a share, by its luma (ITU-R BT.601)."""
    red, green, blue = _rgb(share)
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > _BRIGHT else "white"


def _rgb(share: float) -> tuple[float, float, float]:
    """Red, green and blue, each up to 1."""
    at = min(max(abs(share), 0.0), 1.0)
    hue, lightness, saturation = (cold + (hot - cold) * at for cold, hot in zip(_COLD, _HOT, strict=True))
    return hls_to_rgb(hue, lightness, saturation)


def _quoted(*told: str) -> str:
    """Lines of text as a string: graphviz reads backslashes and the entities of HTML in it."""
    escaped = (line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') for line in told)
    return '"' + "\\n".join(escaped) + '"'
