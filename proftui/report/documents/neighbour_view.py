"""The callers or callees of functions, in a section for each."""

from __future__ import annotations

from proftui.report.documents.report import Section
from proftui.report.estimates import amount_cell
from proftui.report.functions import FunctionRows
from proftui.report.identity import full_name
from proftui.report.neighbours import NeighbourRows, Side


def neighbourhood(rows: FunctionRows, row: int, side: Side) -> Section:
    """The callers or callees of one function, under its name and figures."""
    table, at = rows.table, int(rows.order[row])
    function = table.function(at)
    neighbours = NeighbourRows(table.scope, table.metric, function, side)
    unit = table.scope.metrics[table.metric].unit
    known = {"self": table.self_figures(table.metric), "inclusive": table.inclusive_figures(table.metric)}
    drawn = {key: amount_cell(figures, at, unit, marked=table.estimated).text for key, figures in known.items()}
    figures = ", ".join(f"{key} {text}" for key, text in drawn.items() if text)
    title = f"{full_name(table.scope.functions, function)}  {figures}"
    return Section(neighbours, range(len(neighbours)), title)
