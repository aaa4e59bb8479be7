"""Groups of functions in place of functions."""

from __future__ import annotations

from proftui.analysis.groupkeys import grouping
from proftui.analysis.groups import group_costs
from proftui.analysis.scope import Scope
from proftui.report.documents.report import Report, Section
from proftui.report.function_table import FunctionTable
from proftui.report.functions import FunctionRows
from proftui.report.group_table import GroupTable
from proftui.report.groups import GroupRows
from proftui.report.wanted import TEXTS, Wanted


def grouped(scope: Scope, wanted: Wanted) -> Report:
    """The groups whose names or places match, in order."""
    sort = wanted.sort or "self"
    functions = FunctionTable(scope, wanted.metric)
    table = GroupTable(functions, group_costs(scope, grouping(scope.functions, wanted.group)))
    rows = GroupRows(table, FunctionRows(functions, sort, (sort not in TEXTS) != wanted.reverse))
    matching = [
        row
        for row, group in enumerate(rows.order.tolist())
        if wanted.pattern is None
        or wanted.pattern.search(table.names[group])
        or wanted.pattern.search(table.places[group])
    ]
    shown = matching[: wanted.top or None]
    section = Section(rows, shown)
    return Report(scope, "functions", wanted.metric, sort, (section,), len(shown), len(matching), group=wanted.group)
