"""The callers or callees of functions, in a section for each."""

from __future__ import annotations

from proftui import units
from proftui.report.documents.report import Section
from proftui.report.functions import FunctionRows
from proftui.report.identity import full_name
from proftui.report.neighbours import NeighbourRows, Side


def neighbourhood(rows: FunctionRows, row: int, side: Side) -> Section:
    """The callers or callees of one function, under its name and figures."""
    table, function = rows.table, rows.table.function(int(rows.order[row]))
    neighbours = NeighbourRows(table.scope, table.metric, function, side)
    unit = table.scope.metrics[table.metric].unit
    drawn = {key: units.draw(float(table.values[key][rows.order[row]]), unit) for key in ("self", "inclusive")}
    figures = ", ".join(f"{key} {text}" for key, text in drawn.items() if text)
    title = f"{full_name(table.scope.functions, function)}  {figures}"
    return Section(neighbours, range(len(neighbours)), title)
