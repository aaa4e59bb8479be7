"""A report as CSV: one header line, costs in base units with the unit in the column's name, blank = not measured."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from proftui.model import Metric
from proftui.report.documents.report import Report, Style
from proftui.report.text import safe
from proftui.report.wanted import View

_IDENTITY = ("id", "name", "file", "line", "module")

_FURTHER: dict[View, tuple[str, ...]] = {
    "summary": ("mark", "cycle"),
    "functions": ("mark", "cycle"),
    "callers": ("callee", "mark"),
    "callees": ("caller", "mark"),
    "all-callers": ("callee", "distance", "mark", "low", "high", "self_mark", "self_low", "self_high", "cycle"),
    "all-callees": ("caller", "distance", "mark", "low", "high", "self_mark", "self_low", "self_high", "cycle"),
    "tree": ("depth", "mark", "low", "high", "cycle"),
    "bottom-up": ("depth", "mark", "low", "high", "self_mark", "self_low", "self_high", "cycle"),
    "source": ("mark", "source_file", "source_line", "self_of", "text"),
    "parts": ("part", "kind", "pid", "tid", "functions", "largest", "largest_self"),
    "matrix": (
        "mark", "of", "parts", "touched", "least", "median", "most", "part", "label", "cost", "deviations",
        "stands_out",
    ),
}  # fmt: skip
"""What rows hold beside identity, calls and costs. A row of callers *is* the caller; `callee` is whom it called."""

_GROUPED = ("mark", "low", "high", "members")
"""What groups of functions hold."""

_ESTIMATED: dict[View, tuple[str, ...]] = {
    "functions": ("low", "high", "self_mark", "self_low", "self_high"),
    "callers": ("low", "high"),
    "callees": ("low", "high"),
}
"""What rows hold beside that after a filter on a profile without stacks."""

_FUNCTIONS = ("caller", "callee", "largest")
_COSTS = ("low", "high", "self_low", "self_high", "largest_self", "least", "median", "most", "cost")


def lines(report: Report, style: Style) -> Iterator[str]:
    """The header and a line for each row; names are as in the profile, but safe where the output is a terminal."""
    further = _FURTHER[report.view] if report.group == "function" else _GROUPED
    if report.scope.graph.bounds is not None and report.group == "function":
        further += _ESTIMATED.get(report.view, ())
    yield _line([_written(name, style) for name in _header(report, further)])
    for section in report.sections:
        for row in section.shown:
            values = _values(section.rows.record(row), report.scope.metrics, further)
            yield _line([_written(value, style) for value in values])


def _header(report: Report, further: tuple[str, ...]) -> list[str]:
    names = [*_IDENTITY, "calls", "primitive_calls"]
    for kind in ("self", "inclusive"):
        names += [f"{kind}_{_measure(metric)}" for metric in report.scope.metrics]
    for key in further:
        if key in _FUNCTIONS:
            names += [f"{key}_{part}" for part in _IDENTITY]
        elif key in _COSTS:
            names.append(f"{key}_{_measure(report.measured)}")
        else:
            names.append(key)
    return names


def _measure(metric: Metric) -> str:
    return metric.name if metric.unit.name == metric.name else f"{metric.name}_{metric.unit.name}"


def _values(record: dict[str, Any], metrics: tuple[Metric, ...], further: tuple[str, ...]) -> list[Any]:
    values = [record[key] for key in (*_IDENTITY, "calls", "primitive_calls")]
    for kind in ("self", "inclusive"):
        values += [record[kind].get(metric.name) for metric in metrics]
    for key in further:
        values += [(record[key] or {}).get(part) for part in _IDENTITY] if key in _FUNCTIONS else [record[key]]
    return values


def _written(value: Any, style: Style) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe(value) if style.columns and isinstance(value, str) else value


def _line(values: list[Any]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(values)
    return stream.getvalue()
