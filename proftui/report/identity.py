"""How a function is named in reports: in JSON, and in full for the detail line."""

from __future__ import annotations

import math
from typing import Any

from proftui.model import NO_FILE, NO_LINE, Floats, Functions, Metric
from proftui.report.text import safe
from proftui.units import Unit


def identity_record(functions: Functions, function: int) -> dict[str, Any]:
    """id, name, file, line and module as the JSON schema has them; null = there is none."""
    file, line = functions.file[function], int(functions.line[function])
    return {
        "id": function,
        "name": functions.name[function],
        "file": None if file in ("", NO_FILE) else file,
        "line": None if line == NO_LINE else line,
        "module": functions.module_at(function) or None,
    }


def full_name(functions: Functions, function: int) -> str:
    """The name and where it is defined, safe to draw."""
    place = functions.location(function) or functions.module_at(function)
    name = safe(functions.name[function])
    return f"{name}  {safe(place)}" if place else name


def number(value: float | None) -> float | int | None:
    """A count for JSON: an integer where it is whole, null where it was not measured."""
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value == int(value) else value


def in_base(value: float, unit: Unit) -> float | int | None:
    """A stored cost for JSON in base units (seconds, bytes, counts); null where it was not measured."""
    if not math.isfinite(value):
        return None
    return value / round(1 / unit.base) if unit.base < 1 else number(value)


def costs_record(metrics: tuple[Metric, ...], costs: Floats) -> dict[str, Any]:
    """{metric: cost in base units} for a column of M costs."""
    return {metric.name: in_base(float(cost), metric.unit) for metric, cost in zip(metrics, costs, strict=True)}
