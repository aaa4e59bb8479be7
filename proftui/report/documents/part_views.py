"""The parts of a profile, and the functions by how they spread over parts."""

from __future__ import annotations

from proftui.analysis.scope import Scope
from proftui.analysis.spread import Kind, spread
from proftui.report.documents.report import Report, Section
from proftui.report.matrix import MatrixRows
from proftui.report.part_table import PartTable
from proftui.report.parts import PartRows
from proftui.report.wanted import Wanted


def parts(scope: Scope, wanted: Wanted) -> Report:
    """The chosen parts with their figures, by their total, calls or name."""
    sort = wanted.sort if wanted.sort in ("calls", "name") else "self"
    table = PartTable(scope.profile, wanted.metric, scope.parts)
    key = "total" if sort == "self" else sort
    rows = PartRows(table, key, descending=(sort != "name") != wanted.reverse)
    chosen = set(range(len(table.parts)) if scope.parts is None else scope.parts)
    matching = [
        row
        for row in range(len(rows))
        if chosen.issuperset(rows.parts(row))
        and (wanted.pattern is None or wanted.pattern.search(table.names[rows.order[row]]))
    ]
    shown = matching[: wanted.top or None]
    return Report(scope, "parts", wanted.metric, sort, (Section(rows, shown),), len(shown), len(matching))


def matrix(scope: Scope, wanted: Wanted) -> Report:
    """Functions by how their self or (sorted by it) inclusive costs spread; what stands out most comes first."""
    kind: Kind = "inclusive" if wanted.sort == "inclusive" else "self"
    text = wanted.sort in ("name", "location")
    sort = wanted.sort if text else "excess"
    made = spread(scope, wanted.metric, kind)
    rows = MatrixRows(scope, wanted.metric, kind, made, sort, descending=text == wanted.reverse)
    functions, pattern = scope.functions, wanted.pattern
    matching = [
        row
        for row in range(len(rows))
        if pattern is None
        or pattern.search(functions.name[rows.function(row)])
        or pattern.search(functions.location(rows.function(row)))
    ]
    shown = matching[: wanted.top or None]
    by = wanted.sort if text else kind
    return Report(scope, "matrix", wanted.metric, by, (Section(rows, shown),), len(shown), len(matching))
