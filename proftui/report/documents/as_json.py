"""A report as JSON, as schema/report-1.json describes it: costs in base units, null = not measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from proftui.model import Part, Series
from proftui.report.documents.report import Report, Style
from proftui.report.identity import in_base, number
from proftui.report.plot import last, peak

SCHEMA = "proftui.report/1"


def lines(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  # every document takes a style
    """One object; each of its rows stands on a line of its own."""
    head = json.dumps(_head(report))
    if report.summary is not None:
        from proftui.report.documents import summary_view

        head = f'{head[:-1]}, "summary": {json.dumps(summary_view.record(report.summary))}}}'
    yield head[:-1] + ', "rows": ['
    records = [section.rows.record(row) for section in report.sections for row in section.shown]
    for record in records[:-1]:
        yield json.dumps(record) + ","
    for record in records[-1:]:
        yield json.dumps(record)
    yield "]}"


def _head(report: Report) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "profile": _profile(report),
        "view": report.view,
        "group": report.group,
        "metric": report.measured.name,
        "sort": report.sort,
        "truncated": {"shown": report.shown, "of": report.of},
    }


def _profile(report: Report) -> dict[str, Any]:
    scope, profile = report.scope, report.scope.profile
    return {
        "name": profile.name,
        "format": profile.origin.format,
        "kind": profile.origin.kind,
        "command": profile.origin.command or None,
        "metrics": [_metric(report, index) for index in range(len(scope.metrics))],
        "functions": len(scope.graph),
        "calls": number(report.calls),
        "primitive_calls": number(report.primitive_calls),
        "parts": [_part(part, report) for part in report.parts],
        "notes": list(profile.notes),
        "series": [_series(series) for series in profile.series],
    }


def _series(series: Series) -> dict[str, Any]:
    """How high it rose and when, in base units."""
    highest, newest = peak(series), last(series)
    return {
        "label": series.label,
        "unit": series.unit.name,
        "measurements": len(series.seconds),
        "peak": None if highest is None else in_base(highest[1], series.unit),
        "peak_seconds": None if highest is None else number(highest[0]),
        "last": None if newest is None else in_base(newest, series.unit),
    }


def _metric(report: Report, index: int) -> dict[str, Any]:
    metric, total = report.scope.metrics[index], report.total(index)
    return {
        "name": metric.name,
        "unit": metric.unit.name,
        "total": None if total is None else in_base(total, metric.unit),
    }


def _part(part: Part, report: Report) -> dict[str, Any]:
    metrics = report.scope.metrics
    totals = zip(part.metrics, part.graph.totals.tolist(), strict=True)
    measured = not report.scope.profile.only_over_time
    return {
        "label": part.label,
        "kind": part.kind,
        "pid": part.pid,
        "tid": part.tid,
        "functions": len(part.graph),
        "total": {
            metrics[index].name: in_base(total, metrics[index].unit) if measured else None for index, total in totals
        },
    }
