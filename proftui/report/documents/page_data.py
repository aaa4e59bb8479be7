"""What the page for a browser holds of a profile: columns of functions, arcs and boxes, bounded in number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from proftui import __version__, units
from proftui.analysis.flame import Box
from proftui.analysis.scope import MARKS, Figures, Scope
from proftui.model import Floats, Ids, Metric
from proftui.report.documents.report import Report
from proftui.report.documents.whole_flame import cut_off, whole_flame, widths_known
from proftui.report.flame import FlameText, mark_of
from proftui.report.flame_colours import DARK, LIGHT
from proftui.report.function_table import FunctionTable
from proftui.report.plot import caption
from proftui.report.text import safe

MOST_FUNCTIONS, MOST_ARCS = 50_000, 200_000
"""Those with the least cost are left out, which the page says."""

MOST_BOXES = 20_000
"""Boxes of all flame graphs together."""

THINNEST = 1 / 4000
"""The share of the width of the thinnest box, to be seen when the page is zoomed in."""


def page_data(report: Report) -> dict[str, Any]:
    """All that the page shows, in stored units; null is what was not measured."""
    scope, profile, metric = report.scope, report.scope.profile, report.measured
    graph, order = scope.graph, np.argsort(-np.nan_to_num(scope.graph.inclusive[report.metric]), kind="stable")
    rows = np.sort(order[:MOST_FUNCTIONS]).astype(np.int32)
    arcs = _arcs(scope, report.metric, rows)
    colours: dict[tuple[str, str], int] = {}
    told = [profile.origin.format, profile.origin.kind, safe(f"{metric.label} {report.amount}")]
    told += [f"{units.counted(len(report.parts), 'part')} added up"] if len(report.parts) > 1 else []
    told += [safe(profile.origin.command)] if profile.origin.command else []
    functions, places = _functions(scope, rows)
    return {
        "name": safe(profile.name),
        "origin": ", ".join(told),
        "notes": [caption(series) for series in profile.series] + [safe(note) for note in profile.notes],
        "made": f"Written by proftui {__version__}. This page holds all of its data and fetches nothing.",
        "cut": _cut(metric, (len(rows), len(graph)), (len(arcs), graph.arcs)),
        "whole": len(arcs) == graph.arcs,
        "flat": FunctionTable(scope, report.metric).flat,
        "metrics": [
            {"label": safe(measured.label), "steps": measured.unit.steps, "total": report.total(number)}
            for number, measured in enumerate(scope.metrics)
        ],
        "places": places,
        "functions": functions,
        "arcs": _arc_columns(scope, rows, arcs),
        "flames": [_flame(scope, number, rows, colours) for number in range(len(scope.metrics))],
        "themes": [
            {
                "colours": [pair[number] for pair in colours],
                "text": theme.text,
                "thin": theme.thin,
                "match": theme.match,
                "match_text": theme.match_text,
            }
            for number, theme in enumerate((LIGHT, DARK))
        ],
    }


def _cut(metric: Metric, functions: tuple[int, int], arcs: tuple[int, int]) -> str:
    """How much there is, and what was left out; of each how many are shown, and how many there are."""
    left = []
    if functions[0] < functions[1]:
        left.append(f"the {functions[0]:,} most expensive of {functions[1]:,} functions")
    if arcs[0] < arcs[1]:
        left.append(f"{arcs[0]:,} of {arcs[1]:,} pairs of caller and callee")
    if not left:
        return f"All {units.counted(functions[0], 'function')}."
    return f"Cut off by {safe(metric.label)}: only {' and '.join(left)}."


def _functions(scope: Scope, rows: Ids) -> tuple[dict[str, Any], list[str]]:
    """The columns of the functions; and the places that they name by number."""
    graph, known = scope.graph, scope.functions
    ids = graph.function[rows].tolist()
    places: dict[str, int] = {}
    own = [scope.self_figures(metric).at(rows) for metric in range(len(scope.metrics))]
    inclusive = [scope.inclusive_figures(metric).at(rows) for metric in range(len(scope.metrics))]
    columns = {
        "name": [safe(known.name[function]) for function in ids],
        "place": [
            places.setdefault(safe(known.location(function) or known.module_at(function)), len(places))
            for function in ids
        ],
        "self": [_numbers(figures.shown) for figures in own],
        "self_mark": [_marks(figures) for figures in own],
        "inclusive": [_numbers(figures.shown) for figures in inclusive],
        "low": [_numbers(figures.low) for figures in inclusive],
        "mark": [_marks(figures) for figures in inclusive],
        "calls": None if graph.calls is None else _numbers(graph.calls[rows]),
        "primitive": None if graph.primitive_calls is None else _numbers(graph.primitive_calls[rows]),
    }
    return columns, list(places)


def _arcs(scope: Scope, metric: int, rows: Ids) -> Ids:
    """The arcs between functions that are shown, the most expensive ones where there are too many."""
    graph = scope.graph
    shown = np.zeros(len(graph), np.bool_)
    shown[rows] = True
    arcs = np.flatnonzero(shown[graph.caller] & shown[graph.callee])
    order = np.argsort(-np.nan_to_num(graph.arc_cost[metric, arcs]), kind="stable")
    return np.sort(arcs[order[:MOST_ARCS]]).astype(np.int32)


def _arc_columns(scope: Scope, rows: Ids, arcs: Ids) -> dict[str, Any]:
    graph = scope.graph
    place = np.full(len(graph), -1, np.int64)
    place[rows] = np.arange(len(rows))
    figures = [scope.arc_figures(metric, arcs) for metric in range(len(scope.metrics))]
    return {
        "caller": place[graph.caller[arcs]].tolist(),
        "callee": place[graph.callee[arcs]].tolist(),
        "cost": [_numbers(known.shown) for known in figures],
        "mark": [_marks(known) for known in figures],
        "calls": None if graph.arc_calls is None else _numbers(graph.arc_calls[arcs]),
    }


def _numbers(values: Floats) -> list[float | int | None]:
    """Numbers for JSON: whole ones without a fraction, null for what was not measured."""
    return [
        None if value != value or value in (_INFINITE, -_INFINITE) else int(value) if value == int(value) else value
        for value in values.tolist()
    ]


_INFINITE = float("inf")


def _marks(figures: Figures) -> list[str]:
    return [MARKS[mark] for mark in figures.mark.tolist()]


def _flame(scope: Scope, metric: int, rows: Ids, colours: dict[tuple[str, str], int]) -> dict[str, Any]:
    """The boxes of a metric's flame graph, row by row, and what has to be known of their widths."""
    text = whole_flame(scope, metric, THINNEST, MOST_BOXES // len(scope.metrics))
    boxes = [box for row in text.flame.rows for box in row]
    return {
        "known": f"{widths_known(text)} {cut_off(text)}".rstrip(),
        **_columns(text, boxes, rows, colours),
    }


def _columns(
    text: FlameText, boxes: Sequence[Box], rows: Ids, colours: dict[tuple[str, str], int]
) -> dict[str, list[Any]]:
    number = {id(box): at for at, box in enumerate(boxes)}
    place = {function: at for at, function in enumerate(text.scope.graph.function[rows].tolist())}
    own = [place.get(box.node.function, -1) if box.node.function is not None else -1 for box in boxes]
    figures = [box.node.inclusive for box in boxes]
    return {
        "x": [round(box.x, 7) for box in boxes],
        "width": [round(box.width, 7) for box in boxes],
        "row": [box.row for box in boxes],
        "above": [-1 if box.above is None else number[id(box.above)] for box in boxes],
        "function": own,
        "name": [text.name(box) if at < 0 or box.node.recursive else None for box, at in zip(boxes, own, strict=True)],
        "mark": [mark_of(box.node) for box in boxes],
        "cost": _numbers(np.array([figure.shown for figure in figures])),
        "low": _numbers(np.array([figure.low for figure in figures])),
        "high": _numbers(np.array([figure.high for figure in figures])),
        "colour": [
            colours.setdefault((text.colour(box, LIGHT, "module"), text.colour(box, DARK, "module")), len(colours))
            for box in boxes
        ],
    }
