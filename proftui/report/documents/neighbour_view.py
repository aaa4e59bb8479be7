"""The callers or callees of functions, in a section for each."""

from __future__ import annotations

from collections.abc import Sequence

from proftui.analysis.calltree import call_tree
from proftui.report.chains import ChainRows
from proftui.report.documents.report import Section
from proftui.report.estimates import amount_cell
from proftui.report.functions import FunctionRows
from proftui.report.identity import full_name
from proftui.report.neighbours import NeighbourRows, Side
from proftui.report.rows import Rows
from proftui.report.wanted import View


def neighbourhoods(rows: FunctionRows, shown: Sequence[int], view: View) -> list[Section]:
    """For each function its callers or callees, direct or all."""
    side: Side = "callers" if view.endswith("callers") else "callees"
    table = rows.table
    scope, metric = table.scope, table.metric
    functions = [table.function(int(rows.order[row])) for row in shown]
    if view.startswith("all-"):
        tree = call_tree(scope, metric)
        sections: list[Rows] = [ChainRows(scope, tree, metric, function, side) for function in functions]
    else:
        sections = [NeighbourRows(scope, metric, function, side) for function in functions]
    return [
        Section(section, range(len(section)), _title(rows, row)) for row, section in zip(shown, sections, strict=True)
    ]


def _title(rows: FunctionRows, row: int) -> str:
    """The function's name and figures."""
    table, at = rows.table, int(rows.order[row])
    unit = table.scope.metrics[table.metric].unit
    known = {"self": table.self_figures(table.metric), "inclusive": table.inclusive_figures(table.metric)}
    drawn = {key: amount_cell(figures, at, unit, marked=True).text for key, figures in known.items()}
    figures = ", ".join(f"{key} {text}" for key, text in drawn.items() if text)
    return f"{full_name(table.scope.functions, table.function(at))}  {figures}"
